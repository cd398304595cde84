use actiscope_core::protocol::{EngineChoice, EngineInfo, EngineKind, Snapshot, Why};
use leptos::prelude::*;

use crate::app::App;
use crate::doctor::Doctor;
use crate::engine::{Engine, EngineState, choice};
use crate::memo::Memo;
use crate::run::Run;
use crate::text;
use crate::trace::Traces;
use crate::ui::kit::throttle::throttled;
use crate::views::View;

/// What trains, how fast, and why it and not the other. A press has the other train.
#[component]
pub fn EngineChip() -> impl IntoView {
    let engine = expect_context::<Engine>();
    let run = expect_context::<Run>();
    let doctor = expect_context::<Doctor>();
    let app = expect_context::<App>();
    let traces = expect_context::<Traces>();
    let words = throttled(400, move || {
        let info = match engine.state.get() {
            EngineState::Starting => return ("engine".to_owned(), "starting".to_owned()),
            EngineState::Restarting => return ("engine".to_owned(), "restarting".to_owned()),
            EngineState::Stopped => return ("engine".to_owned(), "stopped".to_owned()),
            EngineState::Ready(info) => info,
        };
        let of_run = || {
            run.snapshot.with(|snapshot| match snapshot {
                Some(snapshot) if snapshot.is_training => pace(&info, snapshot),
                _ if doctor.is_trying() => "trying remedies".into(),
                _ => "paused".into(),
            })
        };
        let of_fleet = engine.lane_steps_per_second();
        let of_fleet =
            of_fleet.map(|rate| format!("{} lane-steps/s", text::count(rate.round() as u64)));
        let pace = of_fleet.unwrap_or_else(of_run);
        (info.name, pace)
    });
    // A trace was trained elsewhere.
    let of_trace = Memo::new(move |_| traces.chip().filter(|_| app.room() == View::first()));
    let is_trace = move || of_trace.with(Option::is_some);
    let words = move || match of_trace.get() {
        Some(steps) => ("Trace".to_owned(), steps),
        None => words.get(),
    };
    let whose = move || {
        let of_your_model = || view! { <span class="whose">" of your model"</span> };
        is_trace().then(of_your_model)
    };
    let class = move || match engine.state.get() {
        _ if is_trace() => "dot ready",
        EngineState::Ready(_) => "dot ready",
        EngineState::Starting | EngineState::Restarting => "dot waiting",
        EngineState::Stopped => "dot stopped",
    };
    let reason = Memo::new(move |_| {
        engine.state.with(|state| match state {
            EngineState::Ready(info) => reason(info),
            _ => String::new(),
        })
    });
    let other = Memo::new(move |_| {
        engine.state.with(|state| match state {
            EngineState::Ready(info) => other_than(info),
            _ => None,
        })
    });
    let change = move |_| {
        if let Some(other) = other.get_untracked() {
            choice::keep(other);
            engine.choose(other);
        }
    };
    view! {
        <div class="engine" role="group" aria-label="Engine">
            <button
                type="button"
                class="chip"
                title=move || match is_trace() {
                    true => String::new(),
                    false => reason.get(),
                }
                disabled=move || other.get().is_none() || is_trace()
                on:click=change
            >
                <i class=class aria-hidden="true"></i>
                <span class="backend">
                    {move || words().0}
                    {whose}
                </span>
                <span class="divider">" · "</span>
                <span class="pace">{move || words().1}</span>
            </button>
        </div>
    }
}

/// Steps a second, and for a GPU, which trains many networks at a time, those of all of them. None are measured at first.
fn pace(info: &EngineInfo, snapshot: &Snapshot) -> String {
    if snapshot.steps_per_second == 0.0 {
        return "training".to_owned();
    }
    let steps = f64::from(snapshot.steps_per_second).round() as u64;
    let of_steps = format!("{} steps/s", text::count(steps));
    match info.kind {
        EngineKind::Cpu => of_steps,
        EngineKind::Gpu => {
            let lane_steps = text::count(steps * u64::from(info.n_lanes));
            format!("{of_steps}, {lane_steps} lane-steps/s")
        }
    }
}

/// The engine that could train instead, if there is one.
fn other_than(info: &EngineInfo) -> Option<EngineChoice> {
    match info.kind {
        EngineKind::Gpu => Some(EngineChoice::Cpu),
        EngineKind::Cpu => (info.why != Why::NoGpu).then_some(EngineChoice::Gpu),
    }
}

/// Why this one trains, what each does as far as it was measured, and what a press does.
fn reason(info: &EngineInfo) -> String {
    let mut words = info.why.to_string();
    let rates = [("CPU", info.rates.cpu), ("GPU", info.rates.gpu)];
    let rate = |(name, rate): (&str, Option<f64>)| {
        rate.map(|rate| format!("{name} {} steps/s", text::count(rate.round() as u64)))
    };
    let rates: Vec<String> = rates.into_iter().filter_map(rate).collect();
    if !rates.is_empty() {
        words += &format!(" At full speed: {}.", rates.join(", "));
    }
    if let Some(other) = other_than(info) {
        words += &format!(" Press to train on the {}.", choice::label(other));
    }
    words
}

#[cfg(test)]
mod tests {
    use actiscope_core::protocol::Rates;

    use super::*;

    fn check(kind: EngineKind, why: Why, rates: (Option<f64>, Option<f64>), expect: &str) {
        let (cpu, gpu) = rates;
        let info = EngineInfo {
            kind,
            name: String::new(),
            adapter: None,
            is_software: false,
            n_lanes: 1,
            why,
            rates: Rates { cpu, gpu },
        };
        assert_eq!(reason(&info), expect);
    }

    #[test]
    fn the_chip_says_why_and_both_rates() {
        check(
            EngineKind::Cpu,
            Why::Faster,
            (Some(41_200.4), Some(3_000.0)),
            "It is the faster one for this job on this device. At full speed: CPU 41,200 steps/s, GPU 3,000 steps/s. Press to train on the GPU.",
        );
        check(
            EngineKind::Gpu,
            Why::Chosen,
            (None, Some(3_000.0)),
            "It was chosen. At full speed: GPU 3,000 steps/s. Press to train on the CPU.",
        );
        check(
            EngineKind::Cpu,
            Why::NoGpu,
            (None, None),
            "There is no GPU that can be used here.",
        );
    }
}
