//! A small network trained here and now, so that the pictures show what really happens.

use actiscope_core::data::{DataSource, DataSpec, TargetKind};
use actiscope_core::health::{Health, HealthEvent, HealthTracker, LayerStats};
use actiscope_core::protocol::{
    Histogram, HistoryPoint, LayerSnapshot, Loaded, Snapshot, UnitSnapshot,
};
use actiscope_core::random::{Random, Stream};

/// z to (f, f').
pub type Function = fn(f64) -> (f64, f64);

pub struct Plan<'a> {
    pub source: DataSource,
    pub hidden: &'a [usize],
    pub function: Function,
    pub max_abs_slope: f64,
    pub learning_rate: f64,
    pub n_steps: u64,
    pub seed: u32,
    pub map_cells: usize,
}

pub struct Run {
    pub loaded: Loaded,
    pub snapshot: Snapshot,
    pub events: Vec<HealthEvent>,
}

const BATCH: usize = 16;
const FIELD_CELLS: usize = 72;
pub const EXTENT: f32 = 1.2;

struct Layer {
    n_in: usize,
    n_out: usize,
    weights: Vec<f64>,
    biases: Vec<f64>,
}

/// Pre-activations and activations of every layer for one sample.
type Pass = (Vec<Vec<f64>>, Vec<Vec<f64>>);

struct Net {
    layers: Vec<Layer>,
    function: Function,
}

impl Net {
    fn new(sizes: &[usize], function: Function, seed: u32) -> Self {
        let layers = sizes
            .windows(2)
            .enumerate()
            .map(|(l, pair)| {
                let [n_in, n_out] = [pair[0], pair[1]];
                let random = Random::new(u64::from(seed), Stream::Init, l as u32);
                let spread = (2.0 / n_in as f64).sqrt();
                Layer {
                    n_in,
                    n_out,
                    weights: (0..n_in * n_out)
                        .map(|i| spread * random.normal(i as u64))
                        .collect(),
                    biases: vec![0.0; n_out],
                }
            })
            .collect();
        Self { layers, function }
    }

    fn forward(&self, x: &[f64]) -> Pass {
        let (mut z, mut a) = (Vec::new(), vec![x.to_vec()]);
        for (l, layer) in self.layers.iter().enumerate() {
            let sums: Vec<f64> = (0..layer.n_out)
                .map(|j| {
                    let row = &layer.weights[j * layer.n_in..(j + 1) * layer.n_in];
                    layer.biases[j] + row.iter().zip(&a[l]).map(|(w, v)| w * v).sum::<f64>()
                })
                .collect();
            let is_output = l + 1 == self.layers.len();
            a.push(if is_output {
                sums.clone()
            } else {
                sums.iter().map(|&v| (self.function)(v).0).collect()
            });
            z.push(sums);
        }
        (z, a)
    }

    /// dL/dz of every layer for one sample of binary cross-entropy.
    fn backward(&self, (z, _): &Pass, target: f64) -> Vec<Vec<f64>> {
        let last = self.layers.len() - 1;
        let mut d = vec![Vec::new(); self.layers.len()];
        d[last] = vec![sigmoid(z[last][0]) - target];
        for l in (0..last).rev() {
            let above = &self.layers[l + 1];
            d[l] = (0..self.layers[l].n_out)
                .map(|m| {
                    let sum: f64 = (0..above.n_out)
                        .map(|j| d[l + 1][j] * above.weights[j * above.n_in + m])
                        .sum();
                    sum * (self.function)(z[l][m]).1
                })
                .collect();
        }
        d
    }
}

fn sigmoid(v: f64) -> f64 {
    1.0 / (1.0 + (-v).exp())
}

fn loss_of(logit: f64, target: f64) -> f64 {
    let v = if target > 0.5 { -logit } else { logit };
    v.max(0.0) + (-v.abs()).exp().ln_1p()
}

pub fn train(plan: &Plan) -> Run {
    let data = DataSpec {
        source: plan.source.clone(),
        n_samples: 256,
        noise: 0.1,
        test_share: 0.0,
        standardize: false,
    }
    .generate(plan.seed)
    .expect("the gallery's data sets are valid");
    let n = data.n_train();
    let samples: Vec<([f64; 2], f64)> = (0..n)
        .map(|i| {
            let x = [0, 1].map(|k| f64::from(data.x_train[2 * i + k]));
            (x, f64::from(data.y_train[i]))
        })
        .collect();
    let sizes: Vec<usize> = [2].iter().chain(plan.hidden).chain(&[1]).copied().collect();
    let mut net = Net::new(&sizes, plan.function, plan.seed);

    let mut history = Vec::new();
    let mut events = Vec::new();
    let mut tracker: Option<HealthTracker> = None;
    for step in 0..=plan.n_steps {
        let batch_loss = if step == 0 {
            f64::NAN
        } else {
            take_step(&mut net, &samples, step, plan.learning_rate)
        };
        let stats = judge(&net, &samples, plan.max_abs_slope);
        let now: Vec<Vec<Health>> = stats.iter().map(LayerStats::verdicts).collect();
        match &mut tracker {
            None => {
                let (begun, born) = HealthTracker::begin(now.clone());
                events = born;
                tracker = Some(begun);
            }
            Some(tracker) => events.extend(tracker.judge_units(step, &now, |_, _| None)),
        }
        let count = |health| now.iter().flatten().filter(|&&h| h == health).count() as u16;
        history.push(HistoryPoint {
            step,
            batch_loss: batch_loss as f32,
            loss: mean_loss(&net, &samples) as f32,
            dead: count(Health::Dead),
            saturated: count(Health::Saturated),
        });
    }
    let n_right = samples
        .iter()
        .filter(|(x, y)| (net.forward(x).0[net.layers.len() - 1][0] > 0.0) == (*y > 0.5))
        .count();
    Run {
        loaded: Loaded {
            run: 1,
            n_inputs: 2,
            x: data.x_train.clone(),
            y: data.y_train.clone(),
            n_train: n,
            n_classes: match data.target {
                TargetKind::Class { n_classes } => n_classes,
                TargetKind::Number => 0,
            },
            input_names: data.input_names.clone(),
            centers: vec![0.0; 2],
            principal: None,
            max_abs_slope: plan.max_abs_slope as f32,
        },
        snapshot: Snapshot {
            run: 1,
            step: plan.n_steps,
            epoch: plan.n_steps as f64 * BATCH as f64 / n as f64,
            is_training: true,
            has_diverged: false,
            loss: history.last().map_or(0.0, |p| p.loss),
            accuracy: Some(n_right as f32 / n as f32),
            test_loss: None,
            test_accuracy: None,
            layers: layer_snapshots(&net, &samples, plan),
            unit_weights: None,
            history,
            history_is_whole: true,
            field: grid(FIELD_CELLS)
                .map(|x| sigmoid(net.forward(&x).0[net.layers.len() - 1][0]) as f32)
                .collect(),
            steps_per_second: 41_200.0,
            last_step: plan.n_steps,
        },
        events,
    }
}

fn take_step(net: &mut Net, samples: &[([f64; 2], f64)], step: u64, learning_rate: f64) -> f64 {
    let batch: Vec<_> = (0..BATCH)
        .map(|k| &samples[(step as usize * BATCH + k) % samples.len()])
        .collect();
    let passes: Vec<_> = batch
        .iter()
        .map(|(x, y)| {
            let pass = net.forward(x);
            let d = net.backward(&pass, *y);
            (pass, d)
        })
        .collect();
    let last = net.layers.len() - 1;
    let loss = batch
        .iter()
        .zip(&passes)
        .map(|((_, y), ((z, _), _))| loss_of(z[last][0], *y))
        .sum::<f64>()
        / BATCH as f64;
    let rate = learning_rate / BATCH as f64;
    for ((_, a), d) in &passes {
        for ((layer, input), slope) in net.layers.iter_mut().zip(a).zip(d) {
            let rows = layer.weights.chunks_exact_mut(layer.n_in);
            for ((row, bias), d) in rows.zip(&mut layer.biases).zip(slope) {
                *bias -= rate * d;
                for (w, v) in row.iter_mut().zip(input) {
                    *w -= rate * d * v;
                }
            }
        }
    }
    loss
}

fn mean_loss(net: &Net, samples: &[([f64; 2], f64)]) -> f64 {
    let last = net.layers.len() - 1;
    let sum: f64 = samples
        .iter()
        .map(|(x, y)| loss_of(net.forward(x).0[last][0], *y))
        .sum();
    sum / samples.len() as f64
}

/// Statistics of the hidden layers and, last, of the output layer.
fn all_stats(net: &Net, samples: &[([f64; 2], f64)], max_abs_slope: f64) -> Vec<LayerStats> {
    let passes: Vec<_> = samples
        .iter()
        .map(|(x, y)| {
            let pass = net.forward(x);
            let d = net.backward(&pass, *y);
            (pass, d)
        })
        .collect();
    net.layers
        .iter()
        .enumerate()
        .map(|(l, layer)| {
            let z: Vec<f64> = passes.iter().flat_map(|p| p.0.0[l].clone()).collect();
            let slopes: Vec<f64> = z.iter().map(|&v| (net.function)(v).1).collect();
            let d_z: Vec<f64> = passes.iter().flat_map(|p| p.1[l].clone()).collect();
            LayerStats::new(
                layer.n_out,
                &z,
                &slopes,
                &d_z,
                &layer.weights,
                max_abs_slope,
            )
        })
        .collect()
}

fn judge(net: &Net, samples: &[([f64; 2], f64)], max_abs_slope: f64) -> Vec<LayerStats> {
    let mut stats = all_stats(net, samples, max_abs_slope);
    stats.pop();
    stats
}

fn layer_snapshots(net: &Net, samples: &[([f64; 2], f64)], plan: &Plan) -> Vec<LayerSnapshot> {
    let stats = all_stats(net, samples, plan.max_abs_slope);
    let z_of = |l: usize| -> Vec<f64> {
        samples
            .iter()
            .flat_map(|(x, _)| net.forward(x).0[l].clone())
            .collect()
    };
    net.layers
        .iter()
        .enumerate()
        .map(|(l, layer)| {
            let is_hidden = l + 1 < net.layers.len();
            let z = z_of(l);
            let unit_z: Vec<f64> = z.iter().step_by(layer.n_out).copied().collect();
            LayerSnapshot {
                units: if is_hidden {
                    stats[l].units.iter().map(unit_snapshot).collect()
                } else {
                    Vec::new()
                },
                z: histogram(&z),
                z_of_unit: Some(histogram(&unit_z)),
                z_mean: stats[l].z_mean as f32,
                z_std: stats[l].z_std as f32,
                zero_slope_share: stats[l].zero_slope_share as f32,
                z_gradient_rms: stats[l].z_gradient_rms as f32,
                weight_gradient_rms: stats[l].weight_gradient_rms as f32,
                update_ratio: 1e-3,
                weights: layer.weights.iter().map(|&w| w as f32).collect(),
                biases: layer.biases.iter().map(|&b| b as f32).collect(),
                alphas: Vec::new(),
                unit_maps: if is_hidden {
                    unit_maps(net, l, plan.map_cells)
                } else {
                    Vec::new()
                },
            }
        })
        .collect()
}

fn unit_snapshot(unit: &actiscope_core::health::UnitStats) -> UnitSnapshot {
    UnitSnapshot {
        health: unit.health,
        z_mean: unit.z_mean as f32,
        z_std: unit.z_std as f32,
        z_min: unit.z_min as f32,
        z_max: unit.z_max as f32,
        negative_fraction: unit.negative_fraction as f32,
        mean_abs_slope: unit.mean_abs_slope as f32,
    }
}

fn histogram(z: &[f64]) -> Histogram {
    const BINS: usize = 64;
    let (low, high) = (-8.0, 8.0);
    let mut counts = vec![0; BINS];
    for v in z {
        let at = (v - low) / (high - low) * BINS as f64;
        counts[(at.max(0.0) as usize).min(BINS - 1)] += 1;
    }
    Histogram {
        low: low as f32,
        high: high as f32,
        counts,
    }
}

/// Points of the square, top row first.
fn grid(cells: usize) -> impl Iterator<Item = [f64; 2]> {
    let at = move |i: usize| f64::from(EXTENT) * (2.0 * (i as f64 + 0.5) / cells as f64 - 1.0);
    (0..cells * cells).map(move |i| [at(i % cells), -at(i / cells)])
}

fn unit_maps(net: &Net, l: usize, cells: usize) -> Vec<i8> {
    let n_units = net.layers[l].n_out;
    let responses: Vec<Vec<f64>> = grid(cells)
        .map(|x| net.forward(&x).1[l + 1].clone())
        .collect();
    let max = responses
        .iter()
        .flatten()
        .fold(1e-12_f64, |max, a| max.max(a.abs()));
    (0..n_units)
        .flat_map(|unit| {
            responses
                .iter()
                .map(move |a| (a[unit] / max * 127.0).round() as i8)
        })
        .collect()
}
