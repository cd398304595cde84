use actiscope_core::data::DataSource;
use actiscope_core::protocol::Snapshot;
use leptos::html;
use leptos::prelude::*;

use crate::app::App;
use crate::app::theme::Colours;
use crate::memo::Memo;
use crate::plot::charts::field::{
    FieldData, FieldGeometry, describe_field, field_ground_scene, field_scene,
};
use crate::plot::kit::geometry::{Size, point};
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::run::points::{self, Points};
use crate::run::samples::Samples;
use crate::run::{Followed, Run};
use crate::text;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::Show;
use crate::ui::kit::facts::fact;
use crate::ui::kit::lazy::{lazy, lazy_view};
use crate::ui::kit::panel::Panel;
use crate::ui::kit::save::save_samples;
use crate::ui::kit::throttle::throttled;
use crate::views::scope::axes_choice::AxesChoice;
use crate::views::scope::class_key::ClassKey;
use crate::views::scope::point_plane::point_plane;
use crate::views::scope::point_tools::point_tools;
use crate::views::scope::terms::{Offered, offer, ring};

/// How far from a sample a press still means it, in CSS pixels.
const REACH_PX: f64 = 24.0;

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
    let picture = NodeRef::<html::Div>::new();
    let near = move |event: &leptos::ev::MouseEvent| {
        let (g, node) = (geometry.get_untracked()?, picture.get_untracked()?);
        // Measured against what is seen, which a zoom enlarges.
        let rect = node.get_bounding_client_rect();
        let scale = f64::from(node.client_width()) / rect.width().max(1.0);
        let px = point(
            (f64::from(event.client_x()) - rect.x()) * scale,
            (f64::from(event.client_y()) - rect.y()) * scale,
        );
        let sample = with_field(run, samples, |data| g.sample_at(data, px, REACH_PX));
        sample.flatten().map(|sample| Offered { sample, px })
    };
    let offered = RwSignal::new(None::<Offered>);
    let ringed = Signal::derive(move || {
        let Followed::Sample(sample) = run.followed.get() else {
            return None;
        };
        let g = geometry.get()?;
        with_field(run, samples, |data| g.px_of_sample(data, sample)).flatten()
    });
    let can_edit = Memo::new(move |_| points::kind(run).is_some());
    let can_save = Memo::new(move |_| {
        run.scenario.with(|scenario| {
            let source = &scenario.data.source;
            source.is_generated() || matches!(source, DataSource::Points(_))
        })
    });
    let is_editing = move || points.is_editing.get() && can_edit.get();
    let follow = move |event: leptos::ev::MouseEvent| {
        let is_meant = event.alt_key() && !app.is_embedded()
            || run.followed.get_untracked() != Followed::Nothing;
        if is_meant
            && !points.is_editing.get_untracked()
            && let Some(Offered { sample, .. }) = near(&event)
        {
            run.follow(Followed::Sample(sample));
        }
    };
    // A long press, or the right button.
    let offer_near = move |event: leptos::ev::MouseEvent| {
        if !points.is_editing.get_untracked()
            && !app.is_embedded()
            && let Some(near) = near(&event)
        {
            event.prevent_default();
            offered.set(Some(near));
        }
    };
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
        if run.is_following() {
            return "ring: this sample".to_owned();
        }
        run.snapshot.with(|snapshot| {
            snapshot.as_ref().map_or_else(String::new, |snapshot| {
                format!("epoch {}", text::decimals(snapshot.epoch, 1))
            })
        })
    });
    let item = |(name, value): (&str, String)| fact(name.to_owned(), value);
    view! {
        <Panel name="boundary" title=title aside=aside>
            <div class="picture" node_ref=picture on:click=follow on:contextmenu=offer_near>
                <Canvas label=label depends=depends draw=draw size=size />
                <Show when=is_editing>
                    {lazy(move || point_plane(geometry))}
                </Show>
                <Show when=move || run.is_following()>{lazy(move || ring(ringed))}</Show>
                <Show when=move || offered.with(Option::is_some)>
                    {lazy_view("terms", move || offer(offered))}
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
