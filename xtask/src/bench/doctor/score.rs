//! What the Doctor says of a case, and whether it is right.

use super::case::Case;
use super::shell::Shell;
use anyhow::Result;
use serde_json::{Value, json};
use std::fmt::Write;

/// The first of three seeds with which the first remedy is judged.
const FIRST_SEED: u32 = 21;
const HEALTHY: &str = "healthy";

/// One case.
pub struct Score {
    cause: String,
    said: String,
    sentence: String,
    remedy: Option<String>,
    is_named: bool,
    /// Named rightly with nothing tried.
    is_named_untried: bool,
    is_cured: bool,
    /// The same of who names symptoms alone.
    of_symptoms: Old,
}

/// What naming symptoms alone comes to.
struct Old {
    is_named: bool,
    is_cured: bool,
    has_remedy: bool,
}

impl Score {
    pub fn of(shell: &Shell, case: &Case) -> Result<Self> {
        let is_accepted = |finding: Option<&Value>| {
            let cause = finding.and_then(|finding| finding["cause"].as_str());
            cause.is_some_and(|cause| case.accept.iter().any(|accepted| accepted == cause))
        };
        let cures = |finding: &Value| match finding["remedies"][0]["scenario"].as_str() {
            None => Ok(false),
            Some(link) => {
                let reached = shell.train(link, FIRST_SEED, case.n_steps)?;
                anyhow::Ok(
                    reached
                        .iter()
                        .all(|reached| case.standard.is_met_by(reached)),
                )
            }
        };
        let symptoms = shell.doctor(&case.link, case.n_steps, Some("--symptoms"))?;
        let symptom = symptoms.first().cloned().unwrap_or_default();
        let untried = shell.doctor(&case.link, case.n_steps, Some("--no-trials"))?;
        let findings = shell.doctor(&case.link, case.n_steps, None)?;
        let first = findings.first().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let remedy = &first["remedies"][0];
        Ok(Self {
            cause: case.cause.clone(),
            said: text(&first["cause"]),
            sentence: text(&first["sentence"]),
            remedy: remedy["label"].as_str().map(str::to_owned),
            is_named: is_accepted(findings.first()),
            is_named_untried: is_accepted(untried.first()),
            is_cured: cures(&first)?,
            of_symptoms: Old {
                is_named: is_accepted(symptoms.first()),
                is_cured: cures(&symptom)?,
                has_remedy: symptom["remedies"][0].is_object(),
            },
        })
    }

    pub fn json(&self) -> Value {
        json!({
            "cause": self.cause,
            "said": self.said,
            "sentence": self.sentence,
            "remedy": self.remedy,
            "named": self.is_named,
            "named_untried": self.is_named_untried,
            "cured": self.is_cured,
            "symptoms": {
                "named": self.of_symptoms.is_named,
                "cured": self.of_symptoms.is_cured,
                "has_remedy": self.of_symptoms.has_remedy,
            },
        })
    }

    fn is_right(&self) -> bool {
        match &*self.cause {
            HEALTHY => self.remedy.is_none(),
            _ => self.is_named && self.is_cured,
        }
    }
}

/// Of each cause, and of all sick ones.
pub fn summary(scores: &[Score]) -> Value {
    let mut causes: Vec<&str> = scores.iter().map(|score| &*score.cause).collect();
    causes.sort_unstable();
    causes.dedup();
    let row = |name: &str, is_mine: &dyn Fn(&Score) -> bool| {
        let count = |is: &dyn Fn(&Score) -> bool| {
            scores
                .iter()
                .filter(|score| is_mine(score) && is(score))
                .count()
        };
        json!({
            "cause": name,
            "cases": count(&|_| true),
            "named": count(&|score| score.is_named),
            "named_untried": count(&|score| score.is_named_untried),
            "cured": count(&|score| score.is_cured),
            "with_remedy": count(&|score| score.remedy.is_some()),
            "symptoms_named": count(&|score| score.of_symptoms.is_named),
            "symptoms_cured": count(&|score| score.of_symptoms.is_cured),
            "symptoms_with_remedy": count(&|score| score.of_symptoms.has_remedy),
        })
    };
    let mut rows: Vec<Value> = Vec::new();
    for cause in causes {
        rows.push(row(cause, &|score| score.cause == cause));
    }
    rows.push(row("all sick", &|score| score.cause != HEALTHY));
    Value::Array(rows)
}

pub fn table(scores: &[Score]) -> String {
    let mut text = String::from(
        "                             causes, tried                  symptoms alone\n\
         cause                 cases  named  untried  cured  remedy  named  cured  remedy\n",
    );
    for row in summary(scores).as_array().into_iter().flatten() {
        let n = |key: &str| row[key].as_u64().unwrap_or(0);
        let cause = row["cause"].as_str().unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{cause:<20}  {:>5}  {:>5}  {:>7}  {:>5}  {:>6}  {:>5}  {:>5}  {:>6}",
            n("cases"),
            n("named"),
            n("named_untried"),
            n("cured"),
            n("with_remedy"),
            n("symptoms_named"),
            n("symptoms_cured"),
            n("symptoms_with_remedy"),
        );
    }
    for score in scores.iter().filter(|score| !score.is_right()) {
        let remedy = score.remedy.as_deref().unwrap_or("no remedy");
        let cured = if score.is_cured { "cured" } else { "not cured" };
        let _ = writeln!(
            text,
            "  {}: said {}; {remedy}; {cured}",
            score.cause, score.said
        );
    }
    text
}
