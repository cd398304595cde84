//! What one button can do about a run.

use super::Remedy;
use super::words::short;
use crate::activation::{ActivationSpec, Function};
use crate::health::Health;
use crate::nn::spec::Initializer;
use crate::number::parse_f64;
use crate::protocol::RunCommand;
use crate::scenario::{Chosen, Edit, Scenario, function_label};

/// Slope of the negative side that is no longer saturated (5 % of the positive side's).
const OPEN_ALPHA: f64 = 0.1;

/// Leaky ReLU with its usual alpha, weights kept; none where the function leaks as much already.
/// A wider leak brings units back faster, but at the learning rate that killed them it diverges.
pub(super) fn leaky(scenario: &Scenario) -> Option<Remedy> {
    let leaky = ActivationSpec::new("leaky_relu");
    let usual_alpha = leaky.params[0];
    let activation = &scenario.network.activation;
    if is_leaky(activation) {
        return (activation.params.first() < Some(&usual_alpha)).then(|| set_alpha(usual_alpha));
    }
    Some(Remedy {
        label: format!("Rescue with {}", function_label(&leaky.function)),
        commands: vec![RunCommand::Edit(Edit::Activation(leaky))],
    })
}

/// For a leak so small that its units count as saturated.
pub(super) fn raise_alpha(scenario: &Scenario) -> Option<Remedy> {
    let activation = &scenario.network.activation;
    let alpha = *activation.params.first()?;
    (is_leaky(activation) && alpha < OPEN_ALPHA / 2.0).then(|| set_alpha(OPEN_ALPHA))
}

fn set_alpha(value: f64) -> Remedy {
    Remedy {
        label: format!("Raise alpha to {value}"),
        commands: vec![RunCommand::Edit(Edit::ActivationParam { index: 0, value })],
    }
}

fn is_leaky(activation: &ActivationSpec) -> bool {
    matches!(&activation.function, Function::Catalogue(id) if id == "leaky_relu")
}

/// The initializer that the function is paired with, at gain 1; none where that is what it has.
pub(super) fn reinitialize(scenario: &Scenario) -> Option<Remedy> {
    let network = &scenario.network;
    let paired = paired_initializer(&network.activation);
    let mut commands = Vec::new();
    if network.initializer != paired {
        commands.push(RunCommand::Edit(Edit::Initializer(paired)));
    }
    if network.gain != 1.0 {
        commands.push(RunCommand::Edit(Edit::Gain(1.0)));
    }
    let label = match &commands[..] {
        [] => return None,
        [RunCommand::Edit(Edit::Gain(_))] => "Set the gain to 1".into(),
        _ => format!("Initialize with {}", paired.label()),
    };
    Some(Remedy { label, commands })
}

pub(super) fn normalize(scenario: &Scenario) -> Option<Remedy> {
    (!scenario.network.batch_norm).then(|| Remedy {
        label: "Add batch normalization".into(),
        commands: vec![RunCommand::Edit(Edit::BatchNorm(true))],
    })
}

pub(super) fn set_learning_rate(value: f64) -> Remedy {
    Remedy {
        label: format!("Set the learning rate to {}", short(value)),
        commands: vec![RunCommand::Edit(Edit::LearningRate(value))],
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
        commands: vec![RunCommand::ReviveDead],
    }
}

/// Gradients cut to length 1; none where they are cut already.
pub(super) fn clip(scenario: &Scenario) -> Option<Remedy> {
    let is_clipped = scenario.training.clip_norm.is_some();
    (!is_clipped).then(|| Remedy {
        label: "Clip the gradient at norm 1".into(),
        commands: vec![RunCommand::Edit(Edit::ClipNorm(Some(1.0)))],
    })
}

/// L2 of a thousandth, which keeps logits small; none where there is one.
pub(super) fn decay(scenario: &Scenario) -> Option<Remedy> {
    (scenario.training.l2 == 0.0).then(|| Remedy {
        label: "Set L2 to 0.001".into(),
        commands: vec![RunCommand::Edit(Edit::L2(1e-3))],
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

/// The initializer that keeps the signal's scale through a function: He's for ReLU and its kin,
/// LeCun's for SELU, Glorot's for the rest.
fn paired_initializer(activation: &ActivationSpec) -> Initializer {
    let Function::Catalogue(id) = &activation.function else {
        return Initializer::GlorotNormal;
    };
    match &**id {
        "relu" | "leaky_relu" | "prelu" | "relu6" | "elu" | "celu" | "gelu" | "gelu_tanh"
        | "silu" | "swish" | "mish" | "softplus" | "hard_swish" => Initializer::HeNormal,
        "selu" => Initializer::LecunNormal,
        _ => Initializer::GlorotNormal,
    }
}
