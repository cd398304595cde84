//! What is said of a cause and of trials in one line: the caption's sentence, the Doctor's headline, the reason in a row.

use super::words::short;
use super::{Cause, Finding, Remedy, Trial, Verdict};
use crate::text::count;

/// A sentence in three parts, of which the middle one matters most.
pub type Parts = [String; 3];

impl Finding {
    /// The cause in one line, and what is not to blame, because it usually is.
    pub fn headline(&self) -> String {
        let head = self.head();
        match self.cause {
            Cause::InputsOffset | Cause::InputsScale | Cause::TargetsScale => {
                format!("{head}; the learning rate is not to blame.")
            }
            _ => format!("{head}."),
        }
    }

    /// "The inputs are off centre".
    fn head(&self) -> String {
        let head = [&*self.before, &*self.emphasis].concat();
        head.trim_end_matches([' ', ':', '.']).to_owned()
    }

    /// Cause and symptom, in this order. A symptom that names the cause itself says both.
    pub fn caption(&self, symptom: Option<&Self>, n_dead: usize, n_units: usize) -> Parts {
        let of =
            |finding: &Self| [&finding.before, &finding.emphasis, &finding.after].map(Clone::clone);
        let says_both = matches!(
            self.cause,
            Cause::LearningRateHigh | Cause::DeadUnits | Cause::SaturatedUnits | Cause::Unexplained
        );
        let is_it = |symptom: &Self| {
            (says_both && symptom.cause == self.cause) || symptom.sentence() == self.sentence()
        };
        match symptom {
            Some(symptom) if is_it(symptom) => of(symptom),
            _ if says_both || self.cause == Cause::Healthy => of(self),
            Some(symptom) if symptom.verdict == Verdict::Diverged => [
                format!("{}: training ", self.head()),
                symptom.emphasis.clone(),
                ".".into(),
            ],
            Some(_) if n_dead > 0 => [
                format!("{}: ", self.head()),
                format!("{n_dead} of {n_units}"),
                " units are dead.".into(),
            ],
            _ => of(self),
        }
    }
}

/// Where none of the changes that were tried cures.
pub fn none_helps(n_tried: usize, loss: f64) -> Parts {
    [
        format!("Of {} remedies ", count(n_tried as u64)),
        "none helps".into(),
        format!(": the loss stays at {}.", short(loss)),
    ]
}

impl Trial {
    /// All of its networks are as good as the best of what was tried.
    pub fn cures(&self) -> bool {
        self.cured == self.seeds
    }

    /// "3 of 3 learn".
    pub fn tally(&self) -> String {
        format!("{} of {} learn", self.cured, self.seeds)
    }

    /// What stands in its way, in a word: divergence, dead units, or else its loss.
    pub fn reason(&self) -> String {
        if 2 * self.diverged > self.seeds {
            "diverge".into()
        } else if self.n_dead > 0 {
            format!("{} dead", self.n_dead)
        } else {
            format!("loss {}", short(self.loss))
        }
    }

    /// The same in a sentence.
    pub fn says(&self, is_first: bool) -> String {
        let steps = count(self.steps);
        if self.cures() {
            let first = match is_first {
                true => "The smallest change that cures. ",
                false => "It cures, too. ",
            };
            return format!("{first}A press applies it and starts again; undo takes it back.");
        }
        let (diverged, seeds) = (self.diverged, self.seeds);
        let why = if diverged > 0 {
            format!("{diverged} of {seeds} networks diverge within {steps} steps.")
        } else if self.n_dead > 0 {
            format!(
                "After {steps} steps {} units are dead, and the loss is {}.",
                self.n_dead,
                short(self.loss)
            )
        } else {
            format!(
                "After {steps} steps the loss is {}, {} % of what one answer to everything costs.",
                short(self.loss),
                short(100.0 * self.relative_loss)
            )
        };
        format!("{why} A press tries it anyway.")
    }
}

impl Remedy {
    /// What its button says: with what came of it, where it was tried.
    pub fn offer(&self) -> String {
        match &self.trial {
            Some(trial) => format!("{}: {}", self.label, trial.tally()),
            None => format!("{}: not tried yet", self.label),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(cause: Cause, verdict: Verdict, parts: [&str; 3]) -> Finding {
        let [before, emphasis, after] = parts;
        Finding {
            cause,
            ..Finding::new(verdict, before, emphasis, after)
        }
    }

    #[test]
    fn the_caption_says_cause_and_symptom() {
        let off = finding(
            Cause::InputsOffset,
            Verdict::LayerDead,
            ["", "The inputs are off centre", ": x1 lies far from 0."],
        );
        let dead = finding(
            Cause::DeadUnits,
            Verdict::Dying,
            ["", "8 of 16", " units are dead."],
        );
        let said = |cause: &Finding, n_dead| cause.caption(Some(&dead), n_dead, 16).concat();
        assert_eq!(
            said(&off, 8),
            "The inputs are off centre: 8 of 16 units are dead."
        );
        assert_eq!(
            said(&off, 0),
            "The inputs are off centre: x1 lies far from 0."
        );
        assert_eq!(said(&dead, 8), "8 of 16 units are dead.");
        let emphasis = "diverged at step 7";
        let gone = finding(
            Cause::LearningRateHigh,
            Verdict::Diverged,
            ["Training ", emphasis, "."],
        );
        assert_eq!(
            off.caption(Some(&gone), 3, 16).concat(),
            "The inputs are off centre: training diverged at step 7."
        );
        assert_eq!(
            off.headline(),
            "The inputs are off centre; the learning rate is not to blame."
        );
    }

    #[test]
    fn a_trial_says_what_came_of_it() {
        let trial = Trial {
            seeds: 3,
            steps: 500,
            cured: 0,
            n_dead: 25,
            learnt: 0,
            diverged: 0,
            loss: 0.65,
            accuracy: Some(0.5),
            relative_loss: 0.94,
        };
        assert_eq!(trial.reason(), "25 dead");
        let diverging = Trial {
            diverged: 2,
            ..trial
        };
        assert_eq!(diverging.reason(), "diverge");
        let alive = Trial { n_dead: 0, ..trial };
        assert_eq!(alive.reason(), "loss 0.65");
        assert!(alive.says(false).contains("94 %"), "{}", alive.says(false));
        let cured = Trial { cured: 3, ..trial };
        let mut remedy = Remedy::new("Standardize the inputs", Vec::new());
        assert_eq!(remedy.offer(), "Standardize the inputs: not tried yet");
        remedy.trial = Some(cured);
        assert_eq!(remedy.offer(), "Standardize the inputs: 3 of 3 learn");
        assert!(cured.says(true).starts_with("The smallest change"));
    }
}
