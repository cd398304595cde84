use actiscope_core::health::mean_field::LayerSignal;
use actiscope_core::nn::spec::limits::PROBE_SAMPLES;
use actiscope_core::protocol::{LayerSnapshot, Loaded, Snapshot};
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use crate::app::idle;
use crate::memo::Memo;
use crate::plot::charts::layers::{LayersData, LayersGeometry, describe_layers, layers_scene};
use crate::plot::kit::geometry::{Size, point};
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::run::Run;
use crate::ui::kit::chart::ChartPanel;
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::throttle::throttled;
use crate::views::scope::depth_others::{self, Others, other_charts};
use crate::views::scope::prefs::ChartPrefs;

/// What is shown of the layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DepthChart {
    #[default]
    Gradient,
    Z,
    A,
    Update,
    Signal,
}

impl DepthChart {
    const ALL: [Self; 5] = [Self::Gradient, Self::Z, Self::A, Self::Update, Self::Signal];

    pub fn id(self) -> &'static str {
        match self {
            Self::Gradient => "gradient",
            Self::Z => "z",
            Self::A => "a",
            Self::Update => "update",
            Self::Signal => "signal",
        }
    }

    /// What is no id is the first.
    pub fn of_id(id: &str) -> Self {
        let found = Self::ALL.into_iter().find(|chart| chart.id() == id);
        found.unwrap_or_default()
    }

    fn label(self) -> &'static str {
        match self {
            Self::Gradient => "Gradient",
            Self::Z => "z over time",
            Self::A => "a over time",
            Self::Update => "Update ratio",
            Self::Signal => "Signal",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Gradient => "Gradient by layer",
            Self::Z => "z by layer over steps",
            Self::A => "a = f(z) by layer over steps",
            Self::Update => "Update ratio by layer",
            Self::Signal => "Signal by layer",
        }
    }
}

/// What depth does to signal and gradient, layer by layer.
#[component]
pub fn DepthPanel() -> impl IntoView {
    let source = Source::new();
    let Source { run, prefs, .. } = source;
    let chart = prefs.depth;
    // The other charts are fetched when one of them is chosen.
    Effect::new(move |_| {
        if chart.get() != DepthChart::Gradient && source.others.get_untracked().is_none() {
            let loading = idle::hold(idle::Source::Lazy);
            spawn_local_scoped_with_cancellation(async move {
                let others = other_charts().await;
                drop(loading);
                match others {
                    Ok(others) => source.others.set(Some(others)),
                    Err(error) => {
                        run.notices.problem("depth", error.to_string());
                        chart.set(DepthChart::Gradient);
                    }
                }
            });
        }
    });
    let draw = move |size: Size, theme: &Theme, pointer: Option<(f64, f64)>| {
        let at = pointer.map(|(x, y)| point(x, y));
        match chart.get_untracked() {
            DepthChart::Gradient => {
                let mut data = source.layers();
                data.pointed = at.and_then(|at| LayersGeometry::new(size, theme, &data).row_at(at));
                layers_scene(size, theme, &data)
            }
            chart => source.others.get_untracked().map_or_else(
                || Scene::new(size),
                |others| (others.draw)(source, chart, size, theme, at),
            ),
        }
    };
    let read = move |size: Size, theme: &Theme, (x, y): (f64, f64)| {
        let at = point(x, y);
        match chart.get_untracked() {
            DepthChart::Gradient => {
                let data = source.layers();
                data.read_out(LayersGeometry::new(size, theme, &data).row_at(at)?)
            }
            chart => (source.others.get_untracked()?.read)(source, chart, size, theme, at),
        }
    };
    let depends = move || {
        run.snapshot.track();
        run.scenario.track();
        run.log.track();
        prefs.is_log_steps.track();
        source.others.track();
        chart.track();
    };
    // Words are made as often as they are told, not for each snapshot.
    let news = move |every_ms| {
        throttled(every_ms, move || {
            let shown = |s: &std::sync::Arc<Snapshot>| (s.run, s.step, s.last_step);
            run.snapshot.with(|snapshot| snapshot.as_ref().map(shown))
        })
    };
    let (often, seldom) = (news(400), news(1_000));
    let label = Memo::new(move |_| {
        seldom.track();
        let chart = chart.get();
        if chart == DepthChart::Gradient {
            return untrack(|| describe_layers(&source.layers()));
        }
        if chart == DepthChart::Signal {
            source.theory.track();
        }
        let others = source.others.get();
        others.map_or_else(String::new, |others| {
            untrack(|| (others.describe)(source, chart))
        })
    });
    let aside = Memo::new(move |_| {
        often.track();
        let chart = chart.get();
        if chart == DepthChart::Gradient {
            return "RMS of ∂L/∂z, log".to_owned();
        }
        let others = source.others.get();
        others.map_or_else(String::new, |others| {
            untrack(|| (others.unit)(source, chart))
        })
    });
    let title = Signal::derive(move || chart.get().title().to_owned());
    view! {
        <ChartPanel
            name="gradient"
            title=title
            aside=aside
            above=view! { <Tabs chart=chart /> }.into_any()
            label=label
            depends=depends
            draw=draw
            read=read
            table=move || table(source, chart.get_untracked())
        />
    }
}

#[component]
fn Tabs(chart: RwSignal<DepthChart>) -> impl IntoView {
    let tab = move |of: DepthChart| {
        view! {
            <label>
                <input
                    type="radio"
                    name="depth"
                    value=of.id()
                    prop:checked=move || chart.get() == of
                    on:change=move |_| chart.set(of)
                />
                <span>{of.label()}</span>
            </label>
        }
    };
    view! {
        <div class="tabs" role="radiogroup" aria-label="What is shown of the layers">
            {DepthChart::ALL.map(tab).collect_view()}
        </div>
    }
}

chunk! {
    saving,
    fn table(source: Source, chart: DepthChart) -> String {
        match chart {
            DepthChart::Gradient => source.layers().csv(),
            chart => depth_others::csv(source, chart),
        }
    }
}

/// What the charts are made from.
#[derive(Clone, Copy)]
pub struct Source {
    pub run: Run,
    pub prefs: ChartPrefs,
    /// What theory says of the network as it begins.
    pub theory: Memo<Vec<LayerSignal>>,
    others: RwSignal<Option<Others>>,
}

impl Source {
    fn new() -> Self {
        let run = expect_context::<Run>();
        let others = RwSignal::new(None::<Others>);
        let network = Memo::new(move |_| run.scenario.with(|scenario| scenario.network.clone()));
        let x_mean_square = Memo::new(move |_| {
            run.loaded
                .with(|loaded| loaded.as_deref().map_or(0.0, mean_square))
        });
        Self {
            run,
            prefs: expect_context::<ChartPrefs>(),
            theory: Memo::new(move |_| {
                others.get().map_or_else(Vec::new, |others| {
                    network.with(|network| (others.theory)(network, x_mean_square.get()))
                })
            }),
            others,
        }
    }

    pub fn with_layers<T>(self, then: impl FnOnce(&[LayerSnapshot]) -> T) -> T {
        self.run.snapshot.with_untracked(|snapshot| {
            then(snapshot.as_ref().map_or(&[], |snapshot| &snapshot.layers))
        })
    }

    pub fn selected(self) -> Option<usize> {
        Some(
            self.run
                .scenario
                .with_untracked(|scenario| scenario.view.layer),
        )
    }

    fn layers(self) -> LayersData {
        LayersData {
            selected: self.selected(),
            ..self.with_layers(LayersData::new)
        }
    }

    /// The step on show and the last one.
    pub fn steps(self) -> (u64, u64) {
        untrack(|| self.run.steps())
    }
}

/// Mean square of the inputs of the probe set, as far as the page has it.
fn mean_square(loaded: &Loaded) -> f64 {
    let n = loaded.n_train.min(PROBE_SAMPLES) * loaded.n_inputs;
    let x = &loaded.x[..n.min(loaded.x.len())];
    let sum: f64 = x.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
    sum / x.len().max(1) as f64
}
