//! What is measured of a scenario before and while it makes its first updates: its data, its first weights, what
//! signal and gradient they carry, and what the first updates do. A function of the scenario alone, computed with the
//! text-book's arithmetic, so that whoever holds a scenario can look at how its run began.

use super::base::base_loss;
use super::neighbours::Neighbours;
use super::pair::paired_initializer;
use crate::data::{DataError, Dataset, TargetKind};
use crate::nn::batches::{batch_of_step, rows};
use crate::nn::init::initial_params;
use crate::nn::layout::{LayerLayout, ParamLayout};
use crate::nn::optimizer::norm;
use crate::nn::oracle::{Oracle, StepReport};
use crate::nn::spec::{Initializer, TrainingSpec, limits};
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};

/// Multiply-adds that may be spent on looking at the first weights, and on the first updates.
const WORK: usize = 3_000_000;
/// First updates that are looked at, where the work allows.
const N_UPDATES: usize = 24;
/// Samples that are looked at, at least.
const MIN_SAMPLES: usize = 16;

/// How a run begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    pub inputs: Vec<Column>,
    /// Where they are numbers.
    pub targets: Option<Column>,
    /// Whether the inputs tell the targets at all; `None` of a handful of samples.
    pub neighbours: Option<Neighbours>,
    /// Loss of the best answer that is the same for every sample: the base rate's, or the mean's of numbers.
    pub base_loss: f64,
    /// With the first weights.
    pub loss: f64,
    /// Hidden layers, then the output layer.
    pub layers: Vec<LayerStart>,
    pub n_params: usize,
    /// Of all weights, biases left out.
    pub weight_norm: f64,
    /// What that would be of weights that the function's own initializer draws.
    pub paired_norm: f64,
    /// Of the gradient of the data's loss with respect to all parameters.
    pub gradient_norm: f64,
    /// Of what L1 and L2 add to it.
    pub decay_norm: f64,
    pub updates: Vec<FirstUpdate>,
}

/// One input, or the target, over the training set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    pub mean: f64,
    /// Population standard deviation.
    pub std: f64,
}

/// A layer with its first weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerStart {
    pub n_units: usize,
    pub weight_rms: f64,
    /// RMS of weights that its function's own initializer would draw, at gain 1.
    pub paired_rms: f64,
    /// Two units or more, and all have the same weights.
    pub is_alike: bool,
    /// RMS over units and samples of dL/dz.
    pub z_gradient_rms: f64,
    /// RMS over units and samples of z.
    pub z_rms: f64,
    /// Hidden units by health; 0 for the output layer.
    pub n_dead: usize,
    pub n_saturated: usize,
}

/// What one of the first updates did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstUpdate {
    /// Of the batch, before it.
    pub loss: f64,
    /// Of the regularised gradient before clipping.
    pub gradient_norm: f64,
    pub is_clipped: bool,
    /// Norm of the change of all parameters over their norm before, or over that of paired weights if that is larger.
    pub change: f64,
}

impl Column {
    pub(super) fn new(name: String, values: impl Iterator<Item = f64> + Clone) -> Self {
        let n = values.clone().count().max(1) as f64;
        let mean = values.clone().sum::<f64>() / n;
        let variance = values.map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
        Self {
            name,
            mean,
            std: libm::sqrt(variance),
        }
    }

    /// How many of its own standard deviations its mean is from 0.
    pub fn offset(&self) -> f64 {
        match self.std > 0.0 {
            true => libm::fabs(self.mean) / self.std,
            false => 0.0,
        }
    }

    /// Root mean square: how large its values are.
    pub fn rms(&self) -> f64 {
        libm::sqrt(self.mean * self.mean + self.std * self.std)
    }
}

impl Start {
    /// Looks at the start of a scenario.
    ///
    /// # Errors
    /// If there are no samples.
    pub fn of(scenario: &Scenario) -> Result<Self, DataError> {
        let data = scenario.data.generate(scenario.seed)?;
        Ok(Self::with_data(scenario, &data))
    }

    /// [`Start::of`] with samples that are at hand.
    pub fn with_data(scenario: &Scenario, data: &Dataset) -> Self {
        let Scenario {
            network, training, ..
        } = scenario;
        let layout = ParamLayout::new(network);
        let n_inputs = data.n_inputs;
        let inputs = data.input_names.iter().enumerate().map(|(k, name)| {
            let column = data.x_train.iter().skip(k).step_by(n_inputs.max(1));
            Column::new(name.clone(), column.map(|&x| f64::from(x)))
        });
        let targets = (data.target == TargetKind::Number).then(|| {
            let column = data.y_train.iter().map(|&y| f64::from(y));
            Column::new("targets".into(), column)
        });
        let inputs: Vec<Column> = inputs.collect();
        let mut start = Self {
            neighbours: Neighbours::of(data, &inputs),
            inputs,
            targets,
            base_loss: base_loss(training, network.n_outputs, &data.y_train),
            loss: f64::NAN,
            layers: Vec::new(),
            n_params: layout.n_params,
            weight_norm: 0.0,
            paired_norm: 0.0,
            gradient_norm: 0.0,
            decay_norm: 0.0,
            updates: Vec::new(),
        };
        let params = initial_params(network, &layout, u64::from(scenario.seed));
        let fits = network.n_inputs == n_inputs && data.n_train() > 0;
        // A function that cannot be resolved cannot be run either: `Scenario::check` says so.
        if let (true, Ok(mut oracle)) =
            (fits, Oracle::new(network.clone(), training.clone(), params))
        {
            oracle.seed = u64::from(scenario.seed);
            start.look(scenario, data, &oracle);
            start.update(scenario, data, &mut oracle);
        }
        start
    }

    /// First weights, and what they carry up and down.
    fn look(&mut self, scenario: &Scenario, data: &Dataset, oracle: &Oracle) {
        let per_sample = 4 * oracle.layout.n_params.max(1);
        let n = (WORK / per_sample).max(MIN_SAMPLES);
        let n = n.min(limits::PROBE_SAMPLES).min(data.n_train());
        let x = wide(&data.x_train[..n * data.n_inputs]);
        let y = wide(&data.y_train[..n]);
        let gradient = oracle.gradient(&x, &y);
        let probe = oracle.probe(&x, &y);
        let layers = oracle.layout.layers.iter().enumerate();
        self.layers = layers
            .map(|(l, layer)| {
                let weights = &oracle.params[layer.weights.clone()];
                let of = |health| {
                    let units = probe.layers.get(l).map_or(&[][..], |stats| &stats.units);
                    units.iter().filter(|unit| unit.health == health).count()
                };
                LayerStart {
                    n_units: layer.n_out,
                    weight_rms: rms(weights),
                    paired_rms: paired_rms(
                        paired_initializer(scenario.network.activation_of(l)),
                        layer,
                    ),
                    is_alike: is_alike(weights, layer),
                    z_gradient_rms: rms(&gradient.z[l]),
                    z_rms: rms(&gradient.passes[l].z),
                    n_dead: of(crate::health::Health::Dead),
                    n_saturated: of(crate::health::Health::Saturated),
                }
            })
            .collect();
        self.loss = gradient.loss;
        self.gradient_norm = norm(&gradient.params);
        let weights = oracle.layout.layers.iter().flat_map(|l| l.weights.clone());
        let weights: Vec<f64> = weights.map(|i| oracle.params[i]).collect();
        self.weight_norm = norm(&weights);
        let layers = oracle.layout.layers.iter().zip(&self.layers);
        let paired = layers.map(|(layout, layer)| {
            layout.weights.len() as f64 * layer.paired_rms * layer.paired_rms
        });
        self.paired_norm = libm::sqrt(paired.sum());
        let TrainingSpec { l1, l2, .. } = scenario.training;
        let pull = weights.iter().map(|&w| l2 * w + l1 * sign(w));
        self.decay_norm = norm(&pull.collect::<Vec<f64>>());
    }

    /// The first updates, on the batches of the run itself.
    fn update(&mut self, scenario: &Scenario, data: &Dataset, oracle: &mut Oracle) {
        let TrainingSpec {
            batch_size,
            order,
            clip_norm,
            ..
        } = scenario.training;
        let n_train = data.n_train();
        let per_update = 6 * oracle.layout.n_params.max(1) * batch_size.clamp(1, n_train);
        let n = (WORK / per_update).clamp(1, N_UPDATES);
        let seed = u64::from(scenario.seed);
        for step in 0..n as u64 {
            let batch = batch_of_step(step, n_train, batch_size, order, seed);
            let x = wide(&rows(&data.x_train, data.n_inputs, &batch));
            let y = wide(&rows(&data.y_train, 1, &batch));
            let before = oracle.params.clone();
            let StepReport {
                loss,
                gradient_norm,
                ..
            } = oracle.step(&x, &y);
            let moved = oracle.params.iter().zip(&before).map(|(a, b)| a - b);
            let moved = norm(&moved.collect::<Vec<f64>>());
            self.updates.push(FirstUpdate {
                loss,
                gradient_norm,
                is_clipped: clip_norm.is_some_and(|most| gradient_norm > most),
                change: moved / norm(&before).max(self.paired_norm),
            });
            if !loss.is_finite() || !moved.is_finite() {
                break;
            }
        }
    }

    /// Hidden layers.
    pub fn hidden(&self) -> &[LayerStart] {
        &self.layers[..self.layers.len().saturating_sub(1)]
    }

    /// Share of the first updates that the limit of the gradient's norm cut.
    pub fn clipped_share(&self) -> f64 {
        let n_clipped = self.updates.iter().filter(|update| update.is_clipped);
        n_clipped.count() as f64 / self.updates.len().max(1) as f64
    }

    /// The middle one of the gradient's norms in the first updates; of the first weights where there were none.
    pub fn usual_gradient_norm(&self) -> f64 {
        let norms = self.updates.iter().map(|update| update.gradient_norm);
        let mut norms: Vec<f64> = norms.filter(|norm| norm.is_finite()).collect();
        norms.sort_by(f64::total_cmp);
        let middle = norms.get(norms.len() / 2);
        middle.copied().unwrap_or(self.gradient_norm)
    }

    /// The largest relative change that one of the first updates made.
    pub fn largest_change(&self) -> f64 {
        let changes = self.updates.iter().map(|update| update.change);
        changes.fold(0.0, |most, change| match change.is_nan() {
            true => f64::INFINITY,
            false => f64::max(most, change),
        })
    }
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&v| f64::from(v)).collect()
}

fn rms(values: &[f64]) -> f64 {
    norm(values) / libm::sqrt(values.len().max(1) as f64)
}

fn paired_rms(pair: Initializer, layer: &LayerLayout) -> f64 {
    libm::sqrt(pair.variance(layer.n_in, layer.n_out))
}

fn is_alike(weights: &[f64], layer: &LayerLayout) -> bool {
    let first = &weights[..layer.n_in.min(weights.len())];
    layer.n_out > 1 && weights.chunks(layer.n_in.max(1)).all(|unit| unit == first)
}

fn sign(w: f64) -> f64 {
    match w {
        w if w > 0.0 => 1.0,
        w if w < 0.0 => -1.0,
        _ => 0.0,
    }
}
