//! `lesson`: a lesson's file read, and all that it claims measured.

use std::time::Instant;

use actiscope_core::lessons::{Claim, Condition, Measured, read_lesson};
use actiscope_engine::lessons::{Tried, try_condition};
use serde_json::{Value, json};

use crate::args::Lesson;
use crate::failure::Failure;
use crate::input::read_text;

pub fn run(args: &Lesson) -> Result<Value, Failure> {
    let text = read_text(&args.file)?;
    let lesson = read_lesson(&text).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::new(lines.join("; ")).at(args.file.display())
    })?;
    let began = Instant::now();
    let mut now_ms = || began.elapsed().as_secs_f64() * 1000.0;
    let mut steps = Vec::new();
    let mut false_ones = Vec::new();
    for step in &lesson.steps {
        let mut claims = Vec::new();
        for claim in &step.claims {
            let (told, holds) = tried(claim, &mut now_ms)?;
            claims.push(told);
            if !holds {
                false_ones.push(claim.says.clone());
            }
        }
        steps.push(json!({ "title": step.title, "words": step.n_words(), "claims": claims }));
    }
    if args.check && !false_ones.is_empty() {
        let n = false_ones.len();
        let problem = format!("{n} claims do not hold: {}", false_ones.join(" / "));
        return Err(Failure::new(problem).at(args.file.display()));
    }
    Ok(json!({
        "title": lesson.title,
        "minutes": lesson.minutes,
        "words": lesson.n_words(),
        "claims": lesson.n_claims(),
        "held": false_ones.is_empty(),
        "steps": steps,
    }))
}

fn tried(claim: &Claim, now_ms: &mut dyn FnMut() -> f64) -> Result<(Value, bool), Failure> {
    let mut holds = true;
    let mut conditions = Vec::new();
    for condition in &claim.conditions {
        let tried = try_condition(condition, now_ms);
        let tried = tried.map_err(|error| Failure::new(error.to_string()).at(&condition.text))?;
        holds &= tried.holds;
        conditions.push(of_condition(condition, &tried));
    }
    let told = json!({ "says": claim.says, "holds": holds, "conditions": conditions });
    Ok((told, holds))
}

fn of_condition(condition: &Condition, tried: &Tried) -> Value {
    let value = |of: Option<Measured>| of.map(|of| of.value);
    let seeds: Vec<Value> = tried
        .seeds
        .iter()
        .map(|on| {
            let mut told = json!({ "seed": on.seed, "measured": value(on.held.measured), "holds": on.held.holds });
            if condition.against.is_some() {
                told["against"] = json!(value(on.held.other));
            }
            told
        })
        .collect();
    json!({ "condition": condition.text, "holds": tried.holds, "seeds": seeds })
}
