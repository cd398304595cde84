use std::sync::Arc;

use actiscope_core::health::diagnosis::unit_remedies;
use actiscope_core::health::story::{StoryRequest, UnitStory};
use actiscope_core::health::words::{self, unit_name};
use actiscope_core::health::{Health, HealthEvent};
use actiscope_core::protocol::RunCommand;
use leptos::prelude::*;

use crate::app::App;
use crate::memo::Memo;
use crate::plot::charts::curve::Zone;
use crate::plot::charts::story::{DriftData, describe_drift, drift_scene, z_range};
use crate::plot::charts::unit::{UnitData, unit_scene};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::theme::Theme;
use crate::run::{Answer, Followed, Run};
use crate::text::{count, number};
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::Show;
use crate::ui::kit::facts::fact;
use crate::ui::kit::lazy::{chunk, lazy};
use crate::ui::kit::throttle::throttled;
use crate::views::scope::curve::samples_of;
use crate::views::scope::divergence::DivergenceStory;
use crate::views::scope::doctor::Remedies;
use crate::views::scope::telling::{Telling, selected_unit};
use crate::views::scope::unit_weights::unit_weights;

/// What happened to the selected unit, and what would bring it back.
#[component]
pub fn Story() -> impl IntoView {
    let run = expect_context::<Run>();
    let telling = expect_context::<Telling>();
    let selected = Memo::new(move |_| selected_unit(run));
    let answer = Memo::new(move |_| {
        let request = telling.request.get()?;
        let answer = run.story.get()?;
        (answer.request == request).then_some(answer)
    });
    let body = move || match (selected.get(), telling.request.get()) {
        (None, _) if telling.divergence.with(Option::is_some) => telling
            .divergence
            .get()
            .map(|event| lazy(move || divergence(event.clone())))
            .into_any(),
        (None, _) => view! {
            <p class="empty">
                "No unit is selected. Choose a tile of the network, or a line under Events."
            </p>
        }
        .into_any(),
        (Some((layer, unit)), None) => lazy(move || quiet(layer, unit)),
        (Some((layer, unit)), Some(request)) => match answer.get().as_deref() {
            None => view! {
                <p class="headline">
                    <b>{unit_name(layer, unit)}</b>
                    {format!(": replaying the steps up to {}.", count(request.step))}
                </p>
            }
            .into_any(),
            Some(Answer {
                story: Err(why), ..
            }) => view! {
                <p class="headline">
                    <b>{unit_name(layer, unit)}</b>
                    {format!(". {why}")}
                </p>
            }
            .into_any(),
            Some(Answer {
                story: Ok(story), ..
            }) => {
                let story = Arc::new((**story).clone());
                lazy(move || told(story.clone(), request))
            }
        },
    };
    let weights = move || {
        let (layer, unit) = selected.get()?;
        Some(lazy(move || unit_weights(layer, unit)))
    };
    let app = expect_context::<App>();
    view! {
        <Show when=move || !app.is_embedded()>
            <button
                type="button"
                class="quiet tiny term-by-term"
                aria-keyshortcuts="T"
                title="One sample on its way through the network and back, number by number (T)"
                on:click=move |_| run.follow(Followed::Worst)
            >
                "Term by term"
            </button>
        </Show>
        <div class="unit-story" role="region" aria-label="Story of the unit" tabindex="0">
            {body}
            {weights}
        </div>
    }
}

chunk! {
    story,
    fn quiet(layer: usize, unit: usize) -> AnyView {
        view! { <Quiet layer unit /> }.into_any()
    }
}

chunk! {
    story,
    fn told(story: Arc<UnitStory>, request: StoryRequest) -> AnyView {
        view! { <Told story request /> }.into_any()
    }
}

chunk! {
    story,
    fn divergence(event: HealthEvent) -> AnyView {
        view! { <DivergenceStory event /> }.into_any()
    }
}

/// A unit that nothing has happened to.
#[component]
fn Quiet(layer: usize, unit: usize) -> impl IntoView {
    let run = expect_context::<Run>();
    let facts = throttled(500, move || {
        run.snapshot.with(|snapshot| {
            let unit = snapshot.as_ref()?.layers.get(layer)?.units.get(unit)?;
            let short = |value: f32| number(f64::from(value), 2);
            Some([
                (
                    "z",
                    format!("{} … {}", short(unit.z_min), short(unit.z_max)),
                ),
                ("mean z", short(unit.z_mean)),
                ("mean |f′|", short(unit.mean_abs_slope)),
                ("z ≤ 0", format!("{:.0} %", 100.0 * unit.negative_fraction)),
            ])
        })
    });
    let rows = move || facts.get().map(|facts| rows(facts.to_vec()));
    view! {
        <p class="headline">
            <b>{unit_name(layer, unit)}</b>
            " is alive and has always been: nothing to tell so far."
        </p>
        <dl class="evidence">{rows}</dl>
    }
}

fn rows(rows: Vec<(&'static str, String)>) -> impl IntoView {
    let rows = rows.into_iter();
    rows.map(|(name, value)| fact(name.to_owned(), value))
        .collect_view()
}

#[component]
fn Told(story: Arc<UnitStory>, request: StoryRequest) -> impl IntoView {
    let run = expect_context::<Run>();
    let telling = expect_context::<Telling>();
    let now = Memo::new(move |_| {
        run.snapshot.with(|snapshot| {
            let layer = snapshot.as_ref()?.layers.get(request.layer)?;
            Some(layer.units.get(request.unit)?.health)
        })
    });
    let to = story.to;
    let is_still_so = Memo::new(move |_| now.get() == Some(to));
    let headline = words::headline(&story);
    // Subject and reason apart: the first is what one looks for.
    let (subject, why) = headline.split_once(": ").unwrap_or((&headline, ""));
    let (subject, why) = (subject.to_owned(), format!(": {why}"));
    let recovery = story.recovery.map(|recovery| {
        let text = recovery.sentences(to).join(" ");
        view! { <p class="way-back">{text}</p> }
    });
    let now_words = move || {
        let now = now.get().filter(|_| !is_still_so.get())?;
        Some(format!(
            "At the step on show it is {}.",
            words::health_name(now)
        ))
    };
    let remedies = Signal::derive(move || {
        let health = if is_still_so.get() { to } else { Health::Alive };
        run.scenario
            .with(|scenario| unit_remedies(scenario, health))
    });
    let step_before = request.step.checked_sub(1);
    let back = step_before.map(|step| {
        let go = move |_| {
            telling.keep(request);
            run.dispatch(RunCommand::Seek(step));
        };
        view! {
            <button type="button" class="quiet" on:click=go>
                {format!("Go to the step before ({})", count(step))}
            </button>
        }
    });
    let update = rows(words::update_rows(&story));
    view! {
        <p class="headline">
            <b>{subject}</b>
            {why}
        </p>
        <Charts story=story.clone() />
        <dl class="evidence">{update}</dl>
        {recovery}
        <p class="way-back">{now_words}</p>
        <div class="remedies">{back}</div>
        <Remedies remedies />
    }
}

/// z before and after, and how it came there.
#[component]
fn Charts(story: Arc<UnitStory>) -> impl IntoView {
    let zones = zones_of(&story);
    let z_label = words::describe_z(&story);
    let drift_label = describe_drift(&DriftData {
        points: &story.drift,
        zones: &zones,
    });
    let n_steps = story.drift.len().saturating_sub(1);
    let caption = if story.before.is_some() {
        "z, before dashed"
    } else {
        "z at the start"
    };
    let (of_z, of_drift) = (story.clone(), story);
    let (z_zones, drift_zones) = (zones.clone(), zones);
    let draw_z = move |size: Size, theme: &Theme| {
        let after = &of_z.after;
        let data = UnitData {
            name: "",
            health: of_z.to,
            z: &after.z,
            before: of_z.before.as_ref().map(|before| &before.z),
            // No spread is drawn: the drift beside it has the quartiles.
            z_mean: f64::NAN,
            z_std: f64::NAN,
            zones: &z_zones,
            z_range: (f64::from(after.z.low), f64::from(after.z.high)),
        };
        unit_scene(size, theme, &data)
    };
    let draw_drift = move |size: Size, theme: &Theme| {
        let data = DriftData {
            points: &of_drift.drift,
            zones: &drift_zones,
        };
        drift_scene(size, theme, &data)
    };
    view! {
        <div class="story-charts">
            <figure>
                <figcaption>{caption}</figcaption>
                <div class="picture">
                    <Canvas label=z_label depends=|| {} draw=draw_z />
                </div>
            </figure>
            <figure>
                <figcaption>
                    {match n_steps {
                        0 => "z at step 0".to_owned(),
                        1 => "drift of z, 1 step".to_owned(),
                        n => format!("drift of z, {n} steps"),
                    }}
                </figcaption>
                <div class="picture">
                    <Canvas label=drift_label depends=|| {} draw=draw_drift />
                </div>
            </figure>
        </div>
    }
}

/// Of the story's function, over all that its charts show.
fn zones_of(story: &UnitStory) -> Vec<Zone> {
    let (low, high) = z_range(&story.drift);
    let bins = &story.after.z;
    let range = (low.min(f64::from(bins.low)), high.max(f64::from(bins.high)));
    samples_of(&story.activation, range).zones
}
