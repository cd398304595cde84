//! A network that came from elsewhere as a scenario: its layers, its functions, its weights to begin with, and data that
//! it can be shown.

use thiserror::Error;

use super::incoming::Incoming;
use crate::classify::Squash;
use crate::data::{Collected, DataSource, DataSpec, TargetKind};
use crate::nn::given::Given;
use crate::nn::layout::ParamLayout;
use crate::nn::spec::Loss;
use crate::random::{Random, Stream};
use crate::scenario::{Scenario, ScenarioError};
use crate::text::count;

/// Samples that are made up where none are at hand.
const N_MADE_UP: usize = 256;

/// What a network became.
#[derive(Clone, Debug, PartialEq)]
pub struct Adopted {
    pub scenario: Scenario,
    /// What was folded, assumed or chosen for it, a sentence each.
    pub notes: Vec<String>,
}

/// Why a network cannot be trained here, and what to do.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum AdoptError {
    #[error(
        "its {0} outputs are numbers, and a network here tells one number, or classes: leave one output"
    )]
    Numbers(usize),
    #[error("{0}")]
    Scenario(String),
}

/// A run of the network, which begins with its weights. `name` is the file's; `present` says how it is trained, and on which
/// data, where these are of its shape. Else a set that is brought along, or samples that are made up and answered by the
/// network itself.
///
/// # Errors
/// If it cannot be trained here.
pub fn adopt(
    mut incoming: Incoming,
    name: &str,
    present: &Scenario,
) -> Result<Adopted, AdoptError> {
    let n_outputs = incoming.network.n_outputs;
    if incoming.squash.is_none() && n_outputs > 1 {
        // Nothing but classes has several outputs here.
        let told = format!(
            "The file does not say what its {n_outputs} outputs are: they are taken for the logits of as many classes."
        );
        match incoming.class_names.is_empty() && incoming.target_scale.is_none() {
            true => incoming.notes.push(told),
            false => return Err(AdoptError::Numbers(n_outputs)),
        }
        incoming.squash = Some(Squash::Softmax);
    }
    let loss = loss_of(&incoming, present.training.loss);
    let mut scenario = present.clone();
    scenario.training.loss = loss;
    scenario.training.class_weights.clear();
    scenario.network = incoming.network.clone();

    let found = choose_data(&incoming, present, loss);
    scenario.data = match found {
        Found::Present => present.data.clone(),
        Found::Brought(source) => {
            let label = source.label();
            incoming.notes.push(format!(
                "It is shown {label}, which has its shape: choose other data, or open a table of your own."
            ));
            DataSpec {
                source,
                ..Scenario::default().data
            }
        }
        Found::None => {
            incoming.notes.push(format!(
                "No data came with it: {} samples were made up, standard normal, with its own answers. Open a table of your own for real ones.",
                count(N_MADE_UP as u64)
            ));
            DataSpec {
                source: DataSource::Csv(made_up(&incoming).into()),
                ..Scenario::default().data
            }
        }
    };
    settle_inputs(&mut incoming, &mut scenario);
    fold_targets(&mut incoming);
    let Incoming {
        params,
        running,
        notes,
        ..
    } = incoming;
    scenario.network.given = Given::new(name, &scenario.network, params, running);
    // A loss that fits the data may ask for another number of outputs.
    scenario.view = Default::default();
    match scenario.check() {
        Ok(()) => Ok(Adopted { scenario, notes }),
        Err(errors) => {
            let texts: Vec<String> = errors.iter().map(ScenarioError::to_string).collect();
            Err(AdoptError::Scenario(texts.join("; ")))
        }
    }
}

/// Data of the network's shape.
enum Found {
    Present,
    Brought(DataSource),
    None,
}

fn choose_data(incoming: &Incoming, present: &Scenario, loss: Loss) -> Found {
    let fits = |data: &DataSpec| {
        let shape = data.shape();
        let has_classes = matches!(shape.target, TargetKind::Class { .. });
        let network = &incoming.network;
        shape.n_inputs == network.n_inputs
            && shape.n_outputs(loss) == network.n_outputs
            && loss.fit_to(shape) == loss
            && has_classes == incoming.squash.is_some()
    };
    if fits(&present.data) {
        return Found::Present;
    }
    let brought = [
        DataSource::Circle,
        DataSource::Plane,
        DataSource::Sine,
        DataSource::Collected(Collected::IRIS),
        DataSource::Collected(Collected::DIGITS),
    ];
    let mut fitting = brought.into_iter().filter(|source| {
        fits(&DataSpec {
            source: source.clone(),
            ..Scenario::default().data
        })
    });
    fitting.next().map_or(Found::None, Found::Brought)
}

/// What judges its outputs: the present loss, where it makes of them what the file says.
fn loss_of(incoming: &Incoming, present: Loss) -> Loss {
    let n_outputs = incoming.network.n_outputs;
    let is_of_numbers = matches!(present, Loss::Mse | Loss::Huber { .. });
    match incoming.squash {
        None if is_of_numbers => present,
        None => Loss::Mse,
        Some(squash) if Squash::of(present, n_outputs) == squash => present,
        Some(Squash::Softmax) => Loss::SoftmaxCrossEntropy,
        Some(Squash::Sigmoid | Squash::Sigmoids) => Loss::BceLogits,
        Some(Squash::Plain) => Loss::Mse,
        Some(Squash::Positive) => Loss::ReluMse,
    }
}

/// Inputs are standardised as the network expects them, where its data are by the same numbers; else its first layer does it.
fn settle_inputs(incoming: &mut Incoming, scenario: &mut Scenario) {
    scenario.data.standardize = false;
    let scale = std::mem::take(&mut incoming.input_scale);
    if scale.is_empty() {
        return;
    }
    scenario.data.standardize = true;
    let is_near = |a: f32, b: f32| (a - b).abs() <= 1e-5 * (1.0 + b.abs());
    let generated = scenario.data.generate(scenario.seed);
    let is_same = generated.is_ok_and(|data| {
        let pairs = data.input_scale.iter().zip(&scale);
        data.input_scale.len() == scale.len()
            && pairs
                .into_iter()
                .all(|(a, b)| is_near(a[0], b[0]) && is_near(a[1], b[1]))
    });
    if is_same {
        return;
    }
    scenario.data.standardize = false;
    let layout = ParamLayout::new(&incoming.network);
    let first = &layout.layers[0];
    for unit in 0..first.n_out {
        let row = first.weights.start + unit * first.n_in;
        let mut bias = f64::from(incoming.params[first.biases.start + unit]);
        for (input, &[mean, std]) in scale.iter().enumerate() {
            let weight = &mut incoming.params[row + input];
            let scaled = f64::from(*weight) / f64::from(std);
            bias -= scaled * f64::from(mean);
            *weight = scaled as f32;
        }
        incoming.params[first.biases.start + unit] = bias as f32;
    }
    incoming.notes.push(
        "The standardization of its inputs is folded into its first layer: it takes inputs as they were given.".into(),
    );
}

/// Numbers in their own units, which the output layer gives them.
fn fold_targets(incoming: &mut Incoming) {
    let Some([mean, std]) = incoming
        .target_scale
        .take()
        .map(|scale| scale.map(f64::from))
    else {
        return;
    };
    let layout = ParamLayout::new(&incoming.network);
    let Some(output) = layout.layers.last() else {
        return;
    };
    for weight in &mut incoming.params[output.weights.clone()] {
        *weight = (f64::from(*weight) * std) as f32;
    }
    for bias in &mut incoming.params[output.biases.clone()] {
        *bias = (f64::from(*bias) * std + mean) as f32;
    }
    incoming
        .notes
        .push("Its output layer gives numbers in their own units.".into());
}

/// A table of standard normal inputs (in units of the network's own scale), answered by the network. Each class is there:
/// the sample that comes nearest to it stands first, in the order of classes.
fn made_up(incoming: &Incoming) -> String {
    let n_inputs = incoming.network.n_inputs;
    let random = Random::new(1, Stream::Test, 0);
    let mut x: Vec<f64> = (0..(N_MADE_UP * n_inputs) as u64)
        .map(|index| random.normal(index))
        .collect();
    if !incoming.input_scale.is_empty() {
        let scales = incoming.input_scale.iter().cycle();
        for (x, &[mean, std]) in x.iter_mut().zip(scales) {
            *x = *x * f64::from(std) + f64::from(mean);
        }
    }
    let outputs = outputs_of(incoming, &x);
    let n_outputs = incoming.network.n_outputs;
    let logit = |row: &[f64], class: usize| match (row, class) {
        ([one], 0) => -one,
        ([one], _) => *one,
        (row, class) => row[class],
    };
    let rows: Vec<&[f64]> = outputs.chunks_exact(n_outputs).collect();
    let n_classes = n_outputs.max(2);
    let mut text: Vec<String> = (1..=n_inputs).map(|input| format!("x{input}")).collect();
    text.push("target".into());
    let mut lines = vec![text.join(",")];
    let mut add = |sample: usize, target: String| {
        let inputs = x[sample * n_inputs..][..n_inputs].iter();
        let cells = inputs.map(|&x| (x as f32).to_string()).chain([target]);
        lines.push(cells.collect::<Vec<String>>().join(","));
    };
    let name = |class: usize| format!("class {class:02}");
    if incoming.squash.is_some() {
        for class in 0..n_classes {
            let nearest = (0..rows.len())
                .max_by(|&a, &b| logit(rows[a], class).total_cmp(&logit(rows[b], class)));
            add(nearest.unwrap_or(0), name(class));
        }
    }
    for (sample, row) in rows.iter().enumerate() {
        let target = match incoming.squash {
            None => (row[0] as f32).to_string(),
            Some(_) => {
                let best = (0..n_classes).max_by(|&a, &b| logit(row, a).total_cmp(&logit(row, b)));
                name(best.unwrap_or(0))
            }
        };
        add(sample, target);
    }
    lines.join("\n")
}

/// Outputs for samples as they are given, `[n, n_outputs]`.
fn outputs_of(incoming: &Incoming, x: &[f64]) -> Vec<f64> {
    match incoming.clone().into_model() {
        Ok(model) => model.outputs(x),
        Err(_) => vec![0.0; x.len() / incoming.network.n_inputs * incoming.network.n_outputs],
    }
}
