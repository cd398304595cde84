//! `doctor`: why a scenario's run does not learn, and what came of each remedy.

use std::time::Instant;

use actiscope_core::health::diagnosis::{Finding, Remedy, Row, Trial, Verdict};
use actiscope_core::scenario::{Scenario, link};
use actiscope_engine::doctor::{self, Care};
use serde_json::{Value, json};

use crate::args::Doctor;
use crate::failure::Failure;
use crate::scenario;

/// Updates of each trial: as many as the run made, within these bounds.
const TRIAL_STEPS: (u32, u32) = (300, 2_000);

pub fn run(args: &Doctor) -> Result<Value, Failure> {
    let scenario = scenario::read(&args.scenario)?;
    let n_trial_steps = args.steps.clamp(TRIAL_STEPS.0, TRIAL_STEPS.1);
    let care = match (args.symptoms, args.no_trials) {
        (true, _) => Care::Symptoms,
        (false, true) => Care::Causes,
        (false, false) => Care::Trials {
            n_steps: n_trial_steps.into(),
        },
    };
    let began = Instant::now();
    let mut now_ms = || began.elapsed().as_secs_f64() * 1000.0;
    let findings = doctor::consult(&scenario, args.steps, care, &mut now_ms);
    let findings = findings.map_err(|error| Failure::new(error.to_string()))?;
    let findings: Vec<Value> = findings.iter().map(|f| finding(f, &scenario)).collect();
    Ok(json!({ "findings": findings }))
}

fn finding(finding: &Finding, scenario: &Scenario) -> Value {
    let remedies = finding.remedies.iter().filter_map(|r| remedy(r, scenario));
    json!({
        "cause": finding.cause.id(),
        "verdict": verdict(finding.verdict),
        "sentence": finding.sentence(),
        "evidence": finding.evidence.iter().map(row).collect::<Vec<_>>(),
        "remedies": remedies.collect::<Vec<_>>(),
    })
}

fn row(row: &Row) -> Value {
    json!({ "what": row.what, "value": row.value, "place": row.place })
}

/// One that changes the scenario; what is done to the weights of a run has no link.
fn remedy(remedy: &Remedy, scenario: &Scenario) -> Option<Value> {
    let mut after = scenario.clone();
    remedy.edits().for_each(|edit| {
        edit.apply(&mut after);
    });
    let changes = !after.is_same_run(scenario);
    changes.then(|| {
        json!({
            "label": remedy.label,
            "scenario": link::to_whole_link(&after),
            "trial": remedy.trial.as_ref().map(trial),
        })
    })
}

fn trial(trial: &Trial) -> Value {
    json!({
        "seeds": trial.seeds,
        "steps": trial.steps,
        "cured": trial.cured,
        "loss": trial.loss,
        "accuracy": trial.accuracy,
    })
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "ready",
        Verdict::Learning => "learning",
        Verdict::Solved => "solved",
        Verdict::Rescued => "rescued",
        Verdict::Dying => "dying",
        Verdict::LayerDead => "layer_dead",
        Verdict::BornDead => "born_dead",
        Verdict::Saturated => "saturated",
        Verdict::Vanishing => "vanishing",
        Verdict::Exploding => "exploding",
        Verdict::NotLearning => "not_learning",
        Verdict::Overconfident => "overconfident",
        Verdict::Diverged => "diverged",
    }
}
