use actiscope_core::data::DataSource;
use actiscope_core::protocol::Snapshot;
use leptos::prelude::*;

use crate::app::App;
use crate::app::theme::Colours;
use crate::memo::Memo;
use crate::plot::charts::field::{
    FieldData, FieldGeometry, describe_field, field_ground_scene, field_scene,
};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::run::Run;
use crate::run::points::{self, Points};
use crate::run::samples::Samples;
use crate::text;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::Show;
use crate::ui::kit::facts::fact;
use crate::ui::kit::lazy::lazy;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::save::save_samples;
use crate::ui::kit::throttle::throttled;
use crate::views::scope::axes_choice::AxesChoice;
use crate::views::scope::class_key::ClassKey;
use crate::views::scope::point_plane::point_plane;
use crate::views::scope::point_tools::point_tools;

/// What the network answers over a plane of its inputs, and the samples.
#[component]
pub fn BoundaryPanel() -> impl IntoView {
    let run = expect_context::<Run>();
    let points = expect_context::<Points>();
    let app = expect_context::<App>();
    let colours = expect_context::<Colours>();
    let axes = Memo::new(move |_| run.scenario.with(|scenario| scenario.view.axes));
    let samples = Memo::new(move |_| {
        let axes = axes.get();
        run.loaded
            .with(|loaded| loaded.as_ref().map(|loaded| Samples::new(loaded, axes)))
    });
    let is_blank = points.is_blank;
    let threshold = Memo::new(move |_| run.scenario.with(|scenario| scenario.view.threshold));
    let draw = move |size: Size, theme: &Theme| {
        let scene = with_field(run, samples, |data| {
            if is_blank.get_untracked() {
                field_ground_scene(size, theme, data)
            } else {
                field_scene(size, theme, data)
            }
        });
        scene.unwrap_or_else(|| Scene::new(size))
    };
    let depends = move || {
        run.snapshot.track();
        samples.track();
        run.look.track();
        is_blank.track();
        threshold.track();
    };
    let label = throttled(2_000, move || {
        depends();
        with_field(run, samples, describe_field).unwrap_or_else(|| "No answers yet.".into())
    });
    let size = RwSignal::new(Size::default());
    let geometry = Signal::derive(move || {
        run.look.track();
        samples.track();
        let size = size.get();
        with_field(run, samples, |data| {
            FieldGeometry::new(size, &colours.drawn(), data)
        })
    });
    let can_edit = Memo::new(move |_| points::kind(run).is_some());
    let can_save = Memo::new(move |_| {
        run.scenario.with(|scenario| {
            let source = &scenario.data.source;
            source.is_generated() || matches!(source, DataSource::Points(_))
        })
    });
    let is_editing = move || points.is_editing.get() && can_edit.get();
    let title = Signal::derive(move || {
        let is_regression = run
            .loaded
            .with(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.n_classes == 0));
        if is_regression {
            "Answer"
        } else {
            "Decision boundary"
        }
        .to_owned()
    });
    let stats = throttled(150, move || {
        run.snapshot
            .with(|snapshot| snapshot.as_ref().map_or_else(Vec::new, |s| stats_of(s)))
    });
    let aside = throttled(150, move || {
        run.snapshot.with(|snapshot| {
            snapshot.as_ref().map_or_else(String::new, |snapshot| {
                format!("epoch {}", text::decimals(snapshot.epoch, 1))
            })
        })
    });
    let item = |(name, value): (&str, String)| fact(name.to_owned(), value);
    view! {
        <Panel name="boundary" title=title aside=aside>
            <div class="picture">
                <Canvas label=label depends=depends draw=draw size=size />
                <Show when=is_editing>
                    {lazy(move || point_plane(geometry))}
                </Show>
            </div>
            <ClassKey />
            <AxesChoice />
            <div class="below">
                <dl class="stats">{move || stats.get().into_iter().map(item).collect_view()}</dl>
                <Show when=move || can_save.get() && !points.is_editing.get()>
                    <button
                        type="button"
                        class="quiet"
                        title="Save all samples as a CSV table"
                        on:click=move |_| save_samples(app, run)
                    >
                        "Save samples"
                    </button>
                </Show>
                <Show when=move || can_edit.get() && !points.is_editing.get()>
                    <button
                        type="button"
                        class="quiet"
                        title="Add and remove samples by hand"
                        on:click=move |_| points.begin()
                    >
                        "Edit points"
                    </button>
                </Show>
            </div>
            <Show when=is_editing>
                {lazy(point_tools)}
            </Show>
        </Panel>
    }
}

fn with_field<T>(
    run: Run,
    samples: Memo<Option<Samples>>,
    then: impl FnOnce(&FieldData) -> T,
) -> Option<T> {
    let (snapshot, loaded) = (run.snapshot.get_untracked()?, run.loaded.get_untracked()?);
    let extent = run.look.with_untracked(|look| look.extent);
    let threshold = run
        .scenario
        .with_untracked(|scenario| scenario.view.threshold);
    samples.with_untracked(|samples| {
        let samples = samples.as_ref()?;
        Some(then(&samples.field(&loaded, &snapshot, extent, threshold)))
    })
}

fn stats_of(snapshot: &Snapshot) -> Vec<(&'static str, String)> {
    let percent = |share: f32| format!("{} %", text::decimals(100.0 * f64::from(share), 1));
    let loss = |loss: f32| text::fixed(f64::from(loss), 3);
    let mut stats = Vec::new();
    if let Some(accuracy) = snapshot.accuracy {
        stats.push(("accuracy", percent(accuracy)));
    }
    stats.push(("loss", loss(snapshot.loss)));
    if let Some(accuracy) = snapshot.test_accuracy {
        stats.push(("test accuracy", percent(accuracy)));
    }
    if let Some(test_loss) = snapshot.test_loss {
        stats.push(("test loss", loss(test_loss)));
    }
    stats
}
