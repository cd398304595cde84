//! What could be tried: single changes, each with the causes that it would mend. A change that cures does not name the
//! cause (batch normalization hides most of them): it confirms one that was measured.

use super::pair::paired_initializer;
use super::remedies::{is_leaky, reinitialize};
use super::signs::Suspicion;
use super::words::short;
use super::{Cause, Deed, Remedy};
use crate::activation::{ActivationSpec, Function};
use crate::data::TargetKind;
use crate::nn::spec::{Optimizer, limits};
use crate::number::parse_f64;
use crate::scenario::{Chosen, Edit, Scenario, Setting, function_label};

/// Between the seed of a run and the first of its trials, so that a lucky draw is not called a cure.
pub const SEEDS_APART: u32 = 10;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What it would mend, the likeliest first.
    pub causes: Vec<Cause>,
    pub remedy: Remedy,
    /// Several changes at once, for several suspicions. That it cures says nothing of any one of them.
    pub is_joint: bool,
}

impl Candidate {
    fn new(causes: &[Cause], label: impl Into<String>, edits: Vec<Edit>) -> Self {
        let deeds = edits.into_iter().map(Deed::Edit).collect();
        Self {
            causes: causes.to_vec(),
            remedy: Remedy::new(label, deeds),
            is_joint: false,
        }
    }

    fn set(causes: &[Cause], label: impl Into<String>, setting: Setting, value: f64) -> Self {
        Self::new(causes, label, vec![Edit::Set(setting, value)])
    }

    pub fn mends(&self, cause: Cause) -> bool {
        self.causes.contains(&cause)
    }

    /// It cures much, whatever the cause: another draw, and batch normalization.
    pub fn helps_widely(&self) -> bool {
        let is_wide =
            |edit: &Edit| matches!(edit, Edit::Set(Setting::Seed | Setting::BatchNorm, _));
        self.remedy.edits().all(is_wide)
    }
}

/// All single changes that apply to a scenario, and the strong suspicions' first ones together, if there are several.
pub(super) fn candidates(scenario: &Scenario, suspicions: &[Suspicion]) -> Vec<Candidate> {
    let mut all = vec![another_draw(scenario)];
    all.extend(data(scenario));
    all.extend(weights(scenario));
    all.extend(penalties(scenario));
    all.extend(rates(scenario));
    all.extend(shape(scenario));
    let together = together(suspicions, &all);
    all.extend(together);
    all.retain(|candidate| is_possible(scenario, &candidate.remedy));
    all
}

fn another_draw(scenario: &Scenario) -> Candidate {
    let seed = scenario.seed.wrapping_add(SEEDS_APART);
    let label = format!("Draw other first weights (seed {seed})");
    Candidate::set(&[Cause::UnluckyDraw], label, Setting::Seed, f64::from(seed))
}

fn data(scenario: &Scenario) -> Vec<Candidate> {
    let data = &scenario.data;
    let inputs = (!data.standardize).then(|| {
        let causes = [Cause::InputsScale, Cause::InputsOffset];
        Candidate::set(&causes, "Standardize the inputs", Setting::Standardize, 1.0)
    });
    let are_numbers = data.shape().target == TargetKind::Number;
    let targets = (are_numbers && !data.standardize_targets).then(|| {
        let setting = Setting::StandardizeTargets;
        Candidate::set(
            &[Cause::TargetsScale],
            "Standardize the targets",
            setting,
            1.0,
        )
    });
    inputs.into_iter().chain(targets).collect()
}

fn weights(scenario: &Scenario) -> Option<Candidate> {
    let causes = [
        Cause::WeightsEqual,
        Cause::WeightsSmall,
        Cause::WeightsLarge,
        Cause::SaturatedUnits,
        Cause::DepthExploding,
        Cause::DepthVanishing,
    ];
    Some(Candidate {
        causes: causes.to_vec(),
        remedy: reinitialize(scenario)?,
        is_joint: false,
    })
}

/// Less decay, and a looser clip.
fn penalties(scenario: &Scenario) -> Vec<Candidate> {
    let settings = [Setting::L1, Setting::L2, Setting::WeightDecay];
    let set = settings.map(|setting| (setting, setting.get(scenario).unwrap_or(0.0)));
    let set = set.into_iter().filter(|(_, value)| *value > 0.0);
    let set: Vec<(Setting, f64)> = set.collect();
    let times = |factor: f64| {
        let edits = set
            .iter()
            .map(|&(s, value)| Edit::Set(s, rounded(factor * value)));
        edits.collect::<Vec<Edit>>()
    };
    let mut all = Vec::new();
    if !set.is_empty() {
        let causes = [Cause::WeightDecay];
        all.push(Candidate::new(
            &causes,
            "Lower the decay to a hundredth",
            times(0.01),
        ));
        all.push(Candidate::new(&causes, "Train without decay", times(0.0)));
    }
    if let Some(limit) = scenario.training.clip_norm {
        let causes = [Cause::ClipTight];
        if limit < 1.0 {
            let label = "Loosen the gradient's norm limit to 1";
            all.push(Candidate::set(&causes, label, Setting::ClipNorm, 1.0));
        }
        let label = "Train without a limit of the gradient's norm";
        all.push(Candidate::set(
            &causes,
            label,
            Setting::ClipNorm,
            f64::INFINITY,
        ));
    }
    all
}

fn rates(scenario: &Scenario) -> Vec<Candidate> {
    let rate = scenario.training.learning_rate;
    let range = Setting::LearningRate.range();
    let mut all = Vec::new();
    let mut known = vec![rate];
    let factors = [
        (0.1, true),
        (0.02, true),
        (10.0, false),
        (100.0, false),
        (1000.0, false),
    ];
    for (factor, is_lower) in factors {
        let value = rounded(rate * factor).clamp(range.low, range.high);
        // Beyond 1 nothing small learns any more.
        if known.contains(&value) || (!is_lower && value > 1.0) {
            continue;
        }
        known.push(value);
        let (cause, verb) = match is_lower {
            true => (Cause::LearningRateHigh, "Lower"),
            false => (Cause::LearningRateLow, "Raise"),
        };
        let label = format!("{verb} the learning rate to {}", short(value));
        all.push(Candidate::set(
            &[cause],
            label,
            Setting::LearningRate,
            value,
        ));
    }
    if !super::signs::updates::adapts(&scenario.training) {
        let causes = [Cause::LearningRateLow, Cause::LearningRateHigh];
        let edits = vec![
            Edit::Optimizer(Optimizer::ADAM),
            Edit::Set(Setting::LearningRate, 0.01),
        ];
        all.push(Candidate::new(
            &causes,
            "Train with Adam at learning rate 0.01",
            edits,
        ));
    }
    all
}

/// Batch normalization, another function, more units, fewer layers.
fn shape(scenario: &Scenario) -> Vec<Candidate> {
    let network = &scenario.network;
    let mut all = Vec::new();
    if !network.batch_norm {
        let causes = [
            Cause::DepthVanishing,
            Cause::DepthExploding,
            Cause::SaturatedUnits,
            Cause::DeadUnits,
        ];
        let label = "Add batch normalization";
        all.push(Candidate::set(&causes, label, Setting::BatchNorm, 1.0));
    }
    let function = match &network.activation.function {
        Function::Catalogue(id) if &**id == "relu" => Some("leaky_relu"),
        _ if is_leaky(&network.activation) => None,
        _ => Some("relu"),
    };
    if let Some(id) = function {
        let activation = ActivationSpec::new(id);
        let pair = paired_initializer(&activation);
        let label = format!(
            "Use {} with {}",
            function_label(&activation.function),
            pair.label()
        );
        let causes = match id {
            "leaky_relu" => [Cause::DeadUnits].to_vec(),
            _ => [Cause::DepthVanishing, Cause::SaturatedUnits].to_vec(),
        };
        let mut edits = Edit::one_activation(scenario, activation);
        if network.initializer != pair {
            edits.push(Edit::Initializer(pair));
        }
        if network.gain != 1.0 {
            edits.push(Edit::Set(Setting::Gain, 1.0));
        }
        all.push(Candidate::new(&causes, label, edits));
    }
    for (factor, least) in [(2, 8), (4, 16)] {
        let wider = |&n: &usize| (factor * n).max(least).min(limits::UNITS_PER_LAYER);
        let hidden: Vec<usize> = network.hidden.iter().map(wider).collect();
        if hidden != network.hidden {
            let units: Vec<String> = hidden.iter().map(usize::to_string).collect();
            let label = format!("Use more units: {}", units.join("-"));
            let edits = vec![Edit::Hidden(hidden)];
            all.push(Candidate::new(&[Cause::TooFewUnits], label, edits));
        }
    }
    if network.hidden.len() > 2 {
        let hidden = network.hidden[..2].to_vec();
        let causes = [Cause::DepthVanishing, Cause::DepthExploding];
        let label = "Use two hidden layers";
        all.push(Candidate::new(&causes, label, vec![Edit::Hidden(hidden)]));
    }
    all
}

/// What is suspected may be true of several things at once.
fn together(suspicions: &[Suspicion], all: &[Candidate]) -> Vec<Candidate> {
    let strong = suspicions.iter().filter(|suspicion| suspicion.is_strong);
    let mut causes = Vec::new();
    let mut remedies: Vec<&Remedy> = Vec::new();
    for cause in strong.map(Suspicion::cause) {
        let first = all.iter().find(|candidate| candidate.mends(cause));
        if let Some(first) = first {
            causes.push(cause);
            if !remedies.contains(&&first.remedy) {
                remedies.push(&first.remedy);
            }
        }
    }
    let mut all = Vec::new();
    for n in 2..=remedies.len().min(3) {
        let some = &remedies[..n];
        let labels = some.iter().enumerate().map(|(i, remedy)| match i {
            0 => remedy.label.clone(),
            _ => lower_first(&remedy.label),
        });
        let label = labels.collect::<Vec<String>>().join(", ");
        let deeds = some.iter().flat_map(|remedy| remedy.deeds.clone());
        all.push(Candidate {
            causes: causes.clone(),
            remedy: Remedy::new(label, deeds.collect()),
            is_joint: true,
        });
    }
    all
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

fn is_possible(scenario: &Scenario, remedy: &Remedy) -> bool {
    let mut after = scenario.clone();
    remedy.edits().for_each(|edit| {
        edit.apply(&mut after);
    });
    !after.is_same_run(scenario) && after.check().is_ok()
}

/// In two digits.
fn rounded(value: f64) -> f64 {
    parse_f64(&format!("{value:.1e}")).unwrap_or(value)
}
