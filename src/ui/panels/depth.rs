use actiscope_core::activation::Activation;
use actiscope_core::health::mean_field::{LayerSignal, signal};
use actiscope_core::nn::spec::limits::PROBE_SAMPLES;
use actiscope_core::protocol::{LayerSnapshot, Loaded, Snapshot};
use leptos::prelude::*;

use super::chart::ChartPanel;
use super::prefs::ChartPrefs;
use crate::plot::depth::dots::{self, Dots, DotsGeometry, dots_csv, dots_scene};
use crate::plot::depth::signal::{describe_signal, signal_dots};
use crate::plot::depth::strips::{
    Strips, StripsGeometry, describe_strips, strips_csv, strips_scene,
};
use crate::plot::depth::update::{describe_update, update_dots};
use crate::plot::geometry::{Size, point};
use crate::plot::layers::{LayersData, LayersGeometry, describe_layers, layers_scene};
use crate::plot::scene::Scene;
use crate::plot::theme::Theme;
use crate::plot::ticks::short;
use crate::state::Store;
use crate::ui::throttle::throttled;

/// What is shown of the layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DepthView {
    #[default]
    Gradient,
    Z,
    A,
    Update,
    Signal,
}

impl DepthView {
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
        let found = Self::ALL.into_iter().find(|view| view.id() == id);
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
    let Source { store, prefs, .. } = source;
    let view = prefs.depth;
    let draw = move |size: Size, theme: &Theme, pointer: Option<(f64, f64)>| {
        source.draw(view.get_untracked(), size, theme, pointer)
    };
    let read = move |size: Size, theme: &Theme, at: (f64, f64)| {
        source.read(view.get_untracked(), size, theme, at)
    };
    let depends = move || {
        store.snapshot.track();
        store.scenario.track();
        store.log.track();
        prefs.is_log_steps.track();
        view.track();
    };
    // Words are made as often as they are told, not for each snapshot.
    let news = move |every_ms| {
        let shown = Signal::derive(move || {
            let shown = |s: &std::sync::Arc<Snapshot>| (s.run, s.step, s.last_step);
            store.snapshot.with(|snapshot| snapshot.as_ref().map(shown))
        });
        throttled(shown, every_ms)
    };
    let (often, seldom) = (news(400), news(1_000));
    let label = Memo::new(move |_| {
        seldom.track();
        let view = view.get();
        if view == DepthView::Signal {
            source.theory.track();
        }
        untrack(|| source.describe(view))
    });
    let aside = Memo::new(move |_| {
        often.track();
        let view = view.get();
        untrack(|| source.unit(view))
    });
    let title = Signal::derive(move || view.get().title().to_owned());
    view! {
        <ChartPanel
            name="gradient"
            title=title
            aside=aside
            above=view! { <Tabs view=view /> }.into_any()
            label=label
            depends=depends
            draw=draw
            read=read
            csv=move || source.csv(view.get_untracked())
        />
    }
}

#[component]
fn Tabs(view: RwSignal<DepthView>) -> impl IntoView {
    let tab = move |of: DepthView| {
        view! {
            <label>
                <input
                    type="radio"
                    name="depth"
                    value=of.id()
                    prop:checked=move || view.get() == of
                    on:change=move |_| view.set(of)
                />
                <span>{of.label()}</span>
            </label>
        }
    };
    view! {
        <div class="tabs" role="radiogroup" aria-label="What is shown of the layers">
            {DepthView::ALL.map(tab).collect_view()}
        </div>
    }
}

/// What the views are made from.
#[derive(Clone, Copy)]
struct Source {
    store: Store,
    prefs: ChartPrefs,
    /// What theory says of the network as it begins.
    theory: Memo<Vec<LayerSignal>>,
}

impl Source {
    fn new() -> Self {
        let store = expect_context::<Store>();
        let network = Memo::new(move |_| store.scenario.with(|scenario| scenario.network.clone()));
        let x_mean_square = Memo::new(move |_| {
            store
                .loaded
                .with(|loaded| loaded.as_deref().map_or(0.0, mean_square))
        });
        Self {
            store,
            prefs: expect_context::<ChartPrefs>(),
            theory: Memo::new(move |_| {
                network.with(|network| match Activation::resolve(&network.activation) {
                    Ok(f) => signal(network, |z| f.f(z), |z| f.slope(z), x_mean_square.get()),
                    // The scenario was checked: every function in it resolves.
                    Err(_) => Vec::new(),
                })
            }),
        }
    }

    fn draw(
        self,
        view: DepthView,
        size: Size,
        theme: &Theme,
        pointer: Option<(f64, f64)>,
    ) -> Scene {
        let at = pointer.map(|(x, y)| point(x, y));
        match view {
            DepthView::Gradient => {
                let mut data = self.layers();
                data.pointed = at.and_then(|at| LayersGeometry::new(size, theme, &data).row_at(at));
                layers_scene(size, theme, &data)
            }
            DepthView::Z | DepthView::A => self.with_strips(view, |data| {
                let crosshair = at.and_then(|at| StripsGeometry::new(size, theme, data).at(at));
                strips_scene(size, theme, &Strips { crosshair, ..*data })
            }),
            DepthView::Update | DepthView::Signal => {
                let mut data = self.dots(view);
                data.pointed = at.and_then(|at| DotsGeometry::new(size, theme, &data).row_at(at));
                dots_scene(size, theme, &data)
            }
        }
    }

    fn read(
        self,
        view: DepthView,
        size: Size,
        theme: &Theme,
        (x, y): (f64, f64),
    ) -> Option<String> {
        let at = point(x, y);
        match view {
            DepthView::Gradient => {
                let data = self.layers();
                data.read_out(LayersGeometry::new(size, theme, &data).row_at(at)?)
            }
            DepthView::Z | DepthView::A => self.with_strips(view, |data| {
                let (step, layer) = StripsGeometry::new(size, theme, data).at(at)?;
                data.read_out(step, layer)
            }),
            DepthView::Update | DepthView::Signal => {
                let data = self.dots(view);
                dots::read_out(&data, DotsGeometry::new(size, theme, &data).row_at(at)?)
            }
        }
    }

    fn describe(self, view: DepthView) -> String {
        match view {
            DepthView::Gradient => describe_layers(&self.layers()),
            DepthView::Z | DepthView::A => self.with_strips(view, describe_strips),
            DepthView::Update => describe_update(&self.dots(view)),
            DepthView::Signal => self
                .with_layers(|layers| self.theory.with(|theory| describe_signal(layers, theory))),
        }
    }

    fn csv(self, view: DepthView) -> String {
        match view {
            DepthView::Gradient => self.layers().csv(),
            DepthView::Z | DepthView::A => self.with_strips(view, strips_csv),
            DepthView::Update => dots_csv(&self.dots(view), &["update_rms_per_weight_rms"]),
            DepthView::Signal => dots_csv(&self.dots(view), &["z_rms", "chi"]),
        }
    }

    /// What is drawn, in which unit.
    fn unit(self, view: DepthView) -> String {
        match view {
            DepthView::Gradient => "RMS of ∂L/∂z, log".into(),
            DepthView::Z | DepthView::A => self.with_strips(view, |data| {
                let size = Size {
                    width: 400.0,
                    height: 300.0,
                };
                let (low, high) = StripsGeometry::new(size, &Theme::LIGHT, data).range;
                format!("each strip {} to {}", short(low), short(high))
            }),
            DepthView::Update => "RMS of update / RMS of weights, log".into(),
            DepthView::Signal => "● measured ○ theory at step 0, log".into(),
        }
    }

    fn with_layers<T>(self, then: impl FnOnce(&[LayerSnapshot]) -> T) -> T {
        self.store.snapshot.with_untracked(|snapshot| {
            then(snapshot.as_ref().map_or(&[], |snapshot| &snapshot.layers))
        })
    }

    fn selected(self) -> Option<usize> {
        Some(
            self.store
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

    fn dots(self, view: DepthView) -> Dots {
        let dots = self.with_layers(|layers| match view {
            DepthView::Update => {
                let ratios: Vec<f32> = layers.iter().map(|layer| layer.update_ratio).collect();
                let (step, _) = self.steps();
                let columns =
                    |log: &crate::state::RunLog| update_dots(&ratios, log.depth.columns(), step);
                self.store.log.with_untracked(columns)
            }
            _ => self
                .theory
                .with_untracked(|theory| signal_dots(layers, theory)),
        });
        Dots {
            selected: self.selected(),
            ..dots
        }
    }

    /// The step on show and the last one.
    fn steps(self) -> (u64, u64) {
        self.store.snapshot.with_untracked(|snapshot| {
            snapshot.as_ref().map_or((0, 0), |snapshot| {
                (snapshot.step, snapshot.last_step.max(snapshot.step))
            })
        })
    }

    fn with_strips<T>(self, view: DepthView, then: impl FnOnce(&Strips) -> T) -> T {
        let (step, last_step) = self.steps();
        self.store.log.with_untracked(|log| {
            then(&Strips {
                columns: log.depth.columns(),
                functions: (view == DepthView::A).then(|| log.depth.functions()),
                domain_end: log.domain_end(last_step),
                is_log_x: self.prefs.is_log_steps.get_untracked(),
                cursor: (step < last_step).then_some(step),
                selected: self.selected(),
                crosshair: None,
            })
        })
    }
}

/// Mean square of the inputs of the probe set, as far as the page has it.
fn mean_square(loaded: &Loaded) -> f64 {
    let n = loaded.n_train.min(PROBE_SAMPLES) * loaded.n_inputs;
    let x = &loaded.x[..n.min(loaded.x.len())];
    let sum: f64 = x.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
    sum / x.len().max(1) as f64
}
