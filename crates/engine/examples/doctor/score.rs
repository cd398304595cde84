//! What the Doctor says of a case, and whether it is right.

use std::fmt::Write;

use actiscope_core::scenario::Scenario;
use actiscope_engine::doctor::consult;
use serde_json::{Value, json};

use crate::case::{Case, trained};

/// The first of three seeds with which the first remedy is judged.
const FIRST_SEED: u32 = 21;

pub struct Score {
    pub said: String,
    pub sentence: String,
    pub remedy: Option<String>,
    pub is_named: bool,
    pub is_cured: bool,
    pub without_trials: String,
    tried: Vec<String>,
}

pub fn score(case: &Case) -> Score {
    let Case {
        scenario, n_steps, ..
    } = case;
    let mut clock = || 0.0;
    let consult = |trials, clock: &mut dyn FnMut() -> f64| {
        consult(scenario, *n_steps as u32, trials, clock)
    };
    let untried = consult(None, &mut clock).unwrap_or_default();
    let findings = consult(Some((*n_steps).clamp(300, 2_000)), &mut clock).unwrap_or_default();
    let Some(first) = findings.first() else {
        return Score {
            said: "nothing".into(),
            sentence: String::new(),
            remedy: None,
            is_named: false,
            is_cured: false,
            without_trials: String::new(),
            tried: Vec::new(),
        };
    };
    let remedy = first.remedies.first();
    let is_cured = remedy.is_some_and(|remedy| {
        let mut after: Scenario = scenario.clone();
        remedy.edits().for_each(|edit| {
            edit.apply(&mut after);
        });
        let measures = trained(&after, FIRST_SEED, *n_steps);
        measures.len() == 3 && measures.iter().all(|m| case.standard.is_met_by(m))
    });
    let tried = first.remedies.iter().filter_map(|remedy| {
        let trial = remedy.trial?;
        let accuracy = trial.accuracy.unwrap_or(f64::NAN);
        Some(format!(
            "{} of {}, loss {:.4}, accuracy {accuracy:.3}: {}",
            trial.cured, trial.seeds, trial.loss, remedy.label
        ))
    });
    let said = first.cause.id().to_owned();
    Score {
        is_named: case.accept.contains(&said),
        said,
        sentence: first.sentence(),
        tried: tried.collect(),
        remedy: remedy.map(|remedy| remedy.label.clone()),
        is_cured,
        without_trials: untried.first().map_or("nothing", |f| f.cause.id()).to_owned(),
    }
}

impl Score {
    pub fn json(&self, case: &Case) -> Value {
        json!({
            "cause": case.cause,
            "said": self.said,
            "without_trials": self.without_trials,
            "named": self.is_named,
            "cured": self.is_cured,
            "sentence": self.sentence,
            "remedy": self.remedy,
            "tried": self.tried,
        })
    }
}

/// Of each cause: cases, named, named without trials, cured; of the healthy those with a remedy.
pub fn summary(cases: &[Case], scores: &[Score]) -> Value {
    let mut causes: Vec<&str> = cases.iter().map(|case| &*case.cause).collect();
    causes.sort_unstable();
    causes.dedup();
    let of = |is_mine: &dyn Fn(&Case) -> bool| {
        let mine = || cases.iter().zip(scores).filter(|(case, _)| is_mine(case));
        let count = |is: &dyn Fn(&Case, &Score) -> bool| mine().filter(|(c, s)| is(c, s)).count();
        json!({
            "cases": count(&|_, _| true),
            "named": count(&|_, score| score.is_named),
            "named_without_trials": count(&|case, score| case.accept.contains(&score.without_trials)),
            "cured": count(&|_, score| score.is_cured),
            "with_remedy": count(&|_, score| score.remedy.is_some()),
        })
    };
    let mut rows: Vec<Value> = Vec::new();
    for cause in causes {
        let mut row = of(&|case| case.cause == cause);
        row["cause"] = json!(cause);
        rows.push(row);
    }
    let mut all = of(&|case| case.cause != "healthy");
    all["cause"] = json!("all sick");
    rows.push(all);
    Value::Array(rows)
}

pub fn table(cases: &[Case], scores: &[Score]) -> String {
    let mut text = String::from(
        "cause                 cases  named  without trials  cured  with a remedy\n",
    );
    for row in summary(cases, scores).as_array().into_iter().flatten() {
        let n = |key: &str| row[key].as_u64().unwrap_or(0);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:<20}  {:>5}  {:>5}  {:>14}  {:>5}  {:>13}",
            row["cause"].as_str().unwrap_or(""),
            n("cases"),
            n("named"),
            n("named_without_trials"),
            n("cured"),
            n("with_remedy"),
        );
    }
    for (case, score) in cases.iter().zip(scores) {
        let is_right = match &*case.cause {
            "healthy" => score.remedy.is_none(),
            _ => score.is_named && score.is_cured,
        };
        if !is_right {
            let remedy = score.remedy.as_deref().unwrap_or("no remedy");
            let _ = writeln!(
                text,
                "  {} was called {}{}: {remedy}",
                case.cause,
                score.said,
                if score.is_cured { "" } else { ", not cured" },
            );
        }
    }
    text
}
