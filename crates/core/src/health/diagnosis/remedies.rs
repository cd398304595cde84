//! What one button can do about a run.

use super::pair::paired_initializer;
use super::words::short;
use super::{Deed, Remedy};
use crate::activation::{ActivationSpec, Function};
use crate::health::Health;
use crate::number::parse_f64;
use crate::scenario::{Chosen, Edit, Scenario, Setting, function_label};

/// Slope of the negative side that is no longer saturated (5 % of the positive side's).
const OPEN_ALPHA: f64 = 0.1;

/// Leaky ReLU with its usual alpha, weights kept; none where the function leaks as much already.
/// A wider leak brings units back faster, but at the learning rate that killed them it diverges.
pub(super) fn leaky(scenario: &Scenario) -> Option<Remedy> {
    let leaky = ActivationSpec::new("leaky_relu");
    let usual_alpha = leaky.params[0];
    if let [activation] = scenario.network.activations()[..]
        && is_leaky(activation)
    {
        return (activation.params.first() < Some(&usual_alpha)).then(|| set_alpha(usual_alpha));
    }
    Some(Remedy {
        label: format!("Rescue with {}", function_label(&leaky.function)),
        deeds: Edit::one_activation(scenario, leaky)
            .into_iter()
            .map(Deed::Edit)
            .collect(),
        trial: None,
    })
}

/// For a leak so small that its units count as saturated.
pub(super) fn raise_alpha(scenario: &Scenario) -> Option<Remedy> {
    let [activation] = scenario.network.activations()[..] else {
        return None;
    };
    let alpha = *activation.params.first()?;
    (is_leaky(activation) && alpha < OPEN_ALPHA / 2.0).then(|| set_alpha(OPEN_ALPHA))
}

fn set_alpha(value: f64) -> Remedy {
    Remedy {
        label: format!("Raise alpha to {value}"),
        deeds: vec![Deed::Edit(Edit::Set(Setting::Param(0), value))],
        trial: None,
    }
}

pub(super) fn is_leaky(activation: &ActivationSpec) -> bool {
    matches!(&activation.function, Function::Catalogue(id) if id == "leaky_relu")
}

/// The initializer that the function is paired with, at gain 1; none where that is what it has.
pub(super) fn reinitialize(scenario: &Scenario) -> Option<Remedy> {
    let network = &scenario.network;
    let paired = paired_initializer(&network.activation);
    let mut deeds = Vec::new();
    if network.initializer != paired {
        deeds.push(Deed::Edit(Edit::Initializer(paired)));
    }
    if network.gain != 1.0 {
        deeds.push(Deed::Edit(Edit::Set(Setting::Gain, 1.0)));
    }
    let label = match &deeds[..] {
        [] => return None,
        [Deed::Edit(Edit::Set(Setting::Gain, _))] => "Set the gain to 1".into(),
        _ => format!("Initialize with {}", paired.label()),
    };
    Some(Remedy::new(label, deeds))
}

pub(super) fn normalize(scenario: &Scenario) -> Option<Remedy> {
    (!scenario.network.batch_norm).then(|| Remedy {
        label: "Add batch normalization".into(),
        deeds: vec![Deed::Edit(Edit::Set(Setting::BatchNorm, 1.0))],
        trial: None,
    })
}

pub(super) fn set_learning_rate(value: f64) -> Remedy {
    Remedy {
        label: format!("Set the learning rate to {}", short(value)),
        deeds: vec![Deed::Edit(Edit::Set(Setting::LearningRate, value))],
        trial: None,
    }
}

/// A tenth, in two digits, but no less than a slider has.
pub(super) fn lower_learning_rate(learning_rate: f64) -> f64 {
    parse_f64(&short(learning_rate / 10.0))
        .unwrap_or(learning_rate)
        .max(1e-4)
}

/// High enough to move a unit far in one update.
pub(super) fn is_high(learning_rate: f64) -> bool {
    learning_rate > 1e-3
}

/// The rate that a remedy of dying or saturating units sets: one that is high for its optimizer.
pub(super) fn lower_if_high(scenario: &Scenario) -> Option<Remedy> {
    let learning_rate = scenario.training.learning_rate;
    is_high(learning_rate).then(|| set_learning_rate(lower_learning_rate(learning_rate)))
}

pub(super) fn revive_dead() -> Remedy {
    Remedy {
        label: "Re-initialize the dead units only".into(),
        deeds: vec![Deed::ReviveDead],
        trial: None,
    }
}

/// Gradients cut to length 1; none where they are cut already.
pub(super) fn clip(scenario: &Scenario) -> Option<Remedy> {
    let is_clipped = scenario.training.clip_norm.is_some();
    (!is_clipped).then(|| Remedy {
        label: "Clip the gradient at norm 1".into(),
        deeds: vec![Deed::Edit(Edit::Set(Setting::ClipNorm, 1.0))],
        trial: None,
    })
}

/// L2 of a thousandth, which keeps logits small; none where there is one.
pub(super) fn decay(scenario: &Scenario) -> Option<Remedy> {
    (scenario.training.l2 == 0.0).then(|| Remedy {
        label: "Set L2 to 0.001".into(),
        deeds: vec![Deed::Edit(Edit::Set(Setting::L2, 1e-3))],
        trial: None,
    })
}

/// What can be done for a unit in this health, the best first.
pub fn unit_remedies(scenario: &Scenario, health: Health) -> Vec<Remedy> {
    let remedies = match health {
        Health::Alive => [None, None, None, None],
        Health::Dead => [
            leaky(scenario),
            Some(revive_dead()),
            lower_if_high(scenario),
            None,
        ],
        Health::Saturated => [
            raise_alpha(scenario),
            lower_if_high(scenario),
            reinitialize(scenario),
            normalize(scenario),
        ],
    };
    remedies.into_iter().flatten().collect()
}
