//! A remedy in few words, for a row of a table: what it is called there, and what it changes by how much.

use super::words::short;
use super::{N_SEEDS, Remedy, SEEDS_APART};
use crate::scenario::{Chosen, Edit, Scenario, Setting, function_label, functions_label};

/// What a row says of a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// "Standardize inputs".
    pub name: String,
    /// "(x − mean) / SD".
    pub change: String,
}

impl Brief {
    /// Of a remedy of the run of `scenario`.
    pub fn new(remedy: &Remedy, scenario: &Scenario) -> Self {
        let edits: Vec<&Edit> = remedy.edits().collect();
        let (name, change) = of(&edits, scenario).unwrap_or_else(|| {
            let change = match edits.len() {
                0 => "to the run as it stands".to_owned(),
                n => format!("{n} changes"),
            };
            (remedy.label.clone(), change)
        });
        Self { name, change }
    }
}

fn of(edits: &[&Edit], scenario: &Scenario) -> Option<(String, String)> {
    let network = &scenario.network;
    let was = |setting: Setting| setting.get(scenario).map_or_else(String::new, short);
    Some(match *edits {
        [Edit::Set(Setting::Seed, _)] => {
            let first = scenario.seed.wrapping_add(SEEDS_APART);
            let seeds = (0..N_SEEDS).map(|k| first.wrapping_add(k).to_string());
            let seeds: Vec<String> = seeds.collect();
            (
                "Other first draw".into(),
                format!("seeds {}", seeds.join(", ")),
            )
        }
        [Edit::Set(Setting::Standardize, _)] => {
            ("Standardize inputs".into(), "(x − mean) / SD".into())
        }
        [Edit::Set(Setting::StandardizeTargets, _)] => {
            ("Standardize targets".into(), "(y − mean) / SD".into())
        }
        [Edit::Set(Setting::BatchNorm, _)] => {
            let n_more: usize = network.hidden.iter().map(|n| 2 * n).sum();
            (
                "Batch normalization".into(),
                format!("{n_more} parameters more"),
            )
        }
        [Edit::Set(Setting::LearningRate, value)] => {
            let ratio = value / scenario.training.learning_rate;
            let change = match ratio < 1.0 {
                true => format!("÷ {}", short(1.0 / ratio)),
                false => format!("× {}", short(ratio)),
            };
            (format!("Learning rate {}", short(*value)), change)
        }
        [
            Edit::Optimizer(optimizer),
            Edit::Set(Setting::LearningRate, value),
        ] => (
            format!("{}, {}", optimizer.label(), short(*value)),
            format!(
                "was {}, {}",
                scenario.training.optimizer.label(),
                short(scenario.training.learning_rate)
            ),
        ),
        [Edit::Set(Setting::ClipNorm, value)] => {
            let name = match value.is_finite() {
                true => format!("Gradient limit {}", short(*value)),
                false => "No gradient limit".into(),
            };
            (name, format!("was {}", was(Setting::ClipNorm)))
        }
        [Edit::Set(Setting::Gain, value)] => (
            format!("Gain {}", short(*value)),
            format!("was {}", short(network.gain)),
        ),
        [Edit::Initializer(initializer), ..] => (
            initializer.label().to_string(),
            format!(
                "was {}, gain {}",
                network.initializer.label(),
                short(network.gain)
            ),
        ),
        [Edit::Activation(activation), ..] => (
            function_label(&activation.function).to_owned(),
            format!("was {}", functions_label(network)),
        ),
        [Edit::Hidden(hidden)] => (
            format!("{} units", joined(hidden)),
            format!("was {}", joined(&network.hidden)),
        ),
        [
            Edit::Set(setting @ (Setting::L1 | Setting::L2 | Setting::WeightDecay), value),
            ..,
        ] if edits.iter().all(|edit| is_decay(edit)) => {
            let name = match *value == 0.0 {
                true => "No decay".to_owned(),
                false => format!("Decay {}", short(*value)),
            };
            (name, format!("was {}", was(*setting)))
        }
        _ => return None,
    })
}

fn is_decay(edit: &Edit) -> bool {
    matches!(
        edit,
        Edit::Set(Setting::L1 | Setting::L2 | Setting::WeightDecay, _)
    )
}

/// "16-16".
fn joined(hidden: &[usize]) -> String {
    let units: Vec<String> = hidden.iter().map(usize::to_string).collect();
    units.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::diagnosis::Deed;

    fn check(edits: Vec<Edit>, name: &str, change: &str) {
        let remedy = Remedy::new("a label", edits.into_iter().map(Deed::Edit).collect());
        let brief = Brief::new(&remedy, &Scenario::default());
        assert_eq!((&*brief.name, &*brief.change), (name, change));
    }

    #[test]
    fn each_says_what_it_changes_and_by_how_much() {
        let set = |setting, value| vec![Edit::Set(setting, value)];
        check(
            set(Setting::Standardize, 1.0),
            "Standardize inputs",
            "(x − mean) / SD",
        );
        let rate = Scenario::default().training.learning_rate;
        check(
            set(Setting::LearningRate, rate / 10.0),
            &format!("Learning rate {}", short(rate / 10.0)),
            "÷ 10",
        );
        check(vec![Edit::Hidden(vec![32, 32])], "32-32 units", "was 8-8-8");
        check(
            set(Setting::ClipNorm, 1.0),
            "Gradient limit 1",
            "was not finite",
        );
        check(Vec::new(), "a label", "to the run as it stands");
    }
}
