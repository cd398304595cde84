//! Sentences on classifiers.

use super::outputs::sigmoid;
use super::verdict::{Remedy, Verdict};
use crate::text::{count, decimals, number};

/// Before, what is emphasised, and after it. `names`: of the classes.
pub fn caption(verdict: &Verdict, names: &[String]) -> [String; 3] {
    let name = |class: usize| names.get(class).map_or("?", String::as_str);
    let parts =
        |before: &str, emphasis: String, after: String| [before.to_owned(), emphasis, after];
    match verdict {
        Verdict::Untrained => parts(
            "Not trained yet: these are the answers of the first weights.",
            String::new(),
            String::new(),
        ),
        Verdict::Diverged { step } => parts(
            "",
            "Diverged".into(),
            format!(
                " by step {}: what is shown is of the last finite answers.",
                count(*step)
            ),
        ),
        Verdict::LayerDead { layer } => parts(
            "",
            format!("Layer {} is dead", layer + 1),
            ": the answer is one constant, and no threshold mends that.".into(),
        ),
        Verdict::OneClass { class } => parts(
            "Only ",
            name(*class).into(),
            " occurs among these samples: nothing can be told apart.".into(),
        ),
        Verdict::AlwaysOne {
            class,
            accuracy,
            n_missed,
        } => parts(
            "",
            format!("Always {}", name(*class)),
            format!(
                ": that alone is {} accuracy, and all {} others are missed.",
                percent(*accuracy),
                whole(*n_missed)
            ),
        ),
        Verdict::Cheaper {
            now,
            then,
            threshold_logit,
        } => {
            let p = probability(*threshold_logit);
            let n_rare = now.hits + now.misses;
            let more_alarms = then.false_alarms as i64 - now.false_alarms as i64;
            let for_it = match more_alarms {
                1.. => format!(", for {} more false alarms", count(more_alarms as u64)),
                0 => String::new(),
                _ => format!(" and spares {} false alarms", count(-more_alarms as u64)),
            };
            parts(
                "",
                format!("{} of {} {}", whole(now.misses), whole(n_rare), name(1)),
                format!(
                    " missed at {} accuracy. Threshold {p} misses {}{for_it}.",
                    percent(now.accuracy()),
                    whole(then.misses)
                ),
            )
        }
        Verdict::TooSure { ece, temperature } => parts(
            "Probabilities are off by ",
            percent(ece[0]),
            format!(
                " on average. Temperature {} leaves {}.",
                decimals(*temperature, 2),
                percent(ece[1])
            ),
        ),
        Verdict::SureAndWrong {
            n_misread,
            n_sure,
            temperature,
        } => parts(
            &format!(
                "Of {} misread the network is over 90 % sure of ",
                whole(*n_misread)
            ),
            whole(n_sure[0]),
            format!(
                ". Temperature {} leaves {}.",
                decimals(*temperature, 2),
                whole(n_sure[1])
            ),
        ),
        Verdict::Fine {
            accuracy,
            majority_share,
        } => parts(
            "",
            format!("{} right", percent(*accuracy)),
            format!(
                ", where always saying one class is {}.",
                percent(*majority_share)
            ),
        ),
    }
}

impl Remedy {
    /// What the button says.
    pub fn label(self) -> String {
        match self {
            Self::Train => "Train".into(),
            Self::SeeScope => "See why in the Scope".into(),
            Self::MoveThreshold { logit } => {
                format!("Move the threshold to {}", probability(logit))
            }
            Self::SetTemperature { value } => {
                format!("Set the temperature to {}", decimals(value, 2))
            }
            Self::Balance => "Balance the class weights".into(),
        }
    }
}

/// "0.020": a threshold as the probability that it is.
pub fn probability(logit: f64) -> String {
    let p = sigmoid(logit);
    if (0.01..=0.99).contains(&p) {
        decimals(p, 3)
    } else if p < 0.5 {
        number(p, 2)
    } else {
        format!("1 − {}", number(sigmoid(-logit), 2))
    }
}

fn whole(n: usize) -> String {
    count(n as u64)
}

fn percent(share: f64) -> String {
    format!("{} %", decimals(100.0 * share, 1))
}
