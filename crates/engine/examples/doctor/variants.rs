//! Cases of other kinds than those of a file: other data, functions, shapes, optimizers and seeds, drawn at random.
//! Only healthy networks that learn with three seeds are taken, and only faults that fail with all three.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::data::DataSource;
use actiscope_core::nn::spec::{Initializer, Loss, Optimizer};
use actiscope_core::protocol::Measure;
use actiscope_core::random::{Random, Stream};
use actiscope_core::scenario::{Scenario, Setting};

use crate::case::{Case, Standard, trained};
use crate::in_threads;

/// Updates of each network.
const N_STEPS: u64 = 1_000;

/// Draws from short lists, one after the other.
struct Draw {
    random: Random,
    n: u64,
}

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.n += 1;
        let u = self.random.uniform(self.n, 0.0, 1.0);
        ((u * n as f64) as usize).min(n - 1)
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }
}

/// Up to `n` cases, about a ninth of them healthy.
pub fn make(n: usize, seed: u64) -> Vec<Case> {
    let mut draw = Draw {
        random: Random::new(seed, Stream::Data, 77),
        n: 0,
    };
    let mut drawn: Vec<Case> = Vec::new();
    let mut n_tried = 0;
    while drawn.len() < n && n_tried < 3 * n {
        n_tried += 1;
        let healthy = healthy(&mut draw);
        let (cause, accept, scenario) = planted(&mut draw, &healthy);
        let kept = case_of(&healthy, cause, accept, scenario);
        drawn.extend(kept);
    }
    let _ = in_threads::<()>;
    drawn
}

fn healthy(draw: &mut Draw) -> Scenario {
    let mut scenario = Scenario::default();
    let csv = own_table(draw);
    let sources = [
        DataSource::Circle,
        DataSource::Moons,
        DataSource::TwoGaussians,
        DataSource::Xor,
        DataSource::Sine,
        DataSource::Plane,
        csv.clone(),
        csv,
    ];
    scenario.seed = 11;
    scenario.data.source = draw.of(&sources);
    scenario.data.noise = 0.05;
    scenario.data.n_samples = draw.of(&[160, 256, 400]);
    scenario.training.l1 = 0.0;
    scenario.fit_to_data();
    if scenario.training.loss == Loss::BceLogits && draw.below(5) == 0 {
        scenario.training.loss = draw.of(&[Loss::SoftmaxCrossEntropy, Loss::Mse]);
        scenario.fit_to_data();
    }
    let (function, pair) = draw.of(&[
        ("relu", Initializer::HeNormal),
        ("leaky_relu", Initializer::HeUniform),
        ("tanh", Initializer::GlorotUniform),
        ("elu", Initializer::HeNormal),
        ("silu", Initializer::HeNormal),
        ("gelu", Initializer::HeUniform),
        ("selu", Initializer::LecunNormal),
        ("softsign", Initializer::GlorotNormal),
        ("mish", Initializer::HeNormal),
    ]);
    scenario.network.activation = ActivationSpec::new(function);
    scenario.network.initializer = pair;
    scenario.network.gain = 1.0;
    scenario.network.hidden = draw.of(&[
        vec![8, 8],
        vec![12, 12],
        vec![16],
        vec![16, 16],
        vec![10, 10, 10],
        vec![24, 12],
    ]);
    let (optimizer, rate) = draw.of(&[
        (Optimizer::Sgd, 0.1),
        (Optimizer::Sgd, 0.2),
        (Optimizer::MOMENTUM, 0.02),
        (Optimizer::NESTEROV, 0.02),
        (Optimizer::ADAM, 0.01),
        (Optimizer::ADAM, 0.003),
        (Optimizer::ADAMW, 0.01),
        (Optimizer::RMSPROP, 0.003),
    ]);
    scenario.training.optimizer = optimizer;
    scenario.training.learning_rate = rate;
    scenario.training.batch_size = draw.of(&[16, 32, 64]);
    scenario
}

/// Three inputs, a class by a bent border or a number.
fn own_table(draw: &mut Draw) -> DataSource {
    table(&samples(draw), [0.0; 3], [1.0; 3], 0.0, 1.0)
}

/// `[x1, x2, x3, target]` of each sample; the target's kind is drawn.
fn samples(draw: &mut Draw) -> Vec<[f64; 4]> {
    let is_number = draw.below(2) == 0;
    let mut sample = || {
        draw.n += 1;
        let n = draw.n;
        let x: [f64; 3] = std::array::from_fn(|k| draw.random.normal(10_000 + 3 * n + k as u64));
        let bent = x[0] * x[0] + 0.5 * x[1] - x[2];
        let y = match is_number {
            true => (1.5 * x[0]).sin() + 0.5 * x[1] * x[2] + 0.003,
            false => f64::from(u8::from(bent > 0.5)),
        };
        [x[0], x[1], x[2], y]
    };
    (0..200).map(|_| sample()).collect()
}

fn table(rows: &[[f64; 4]], mean: [f64; 3], scale: [f64; 3], offset: f64, factor: f64) -> DataSource {
    let mut text = String::from("a,b,c,y\n");
    for row in rows {
        let x = |k: usize| mean[k] + scale[k] * row[k];
        let y = offset + factor * row[3];
        text.push_str(&format!("{:.5e},{:.5e},{:.5e},{:.6}\n", x(0), x(1), x(2), y));
    }
    DataSource::Csv(text.as_str().into())
}

/// A fault in a healthy network, what it is called and what else it may be called.
fn planted(draw: &mut Draw, healthy: &Scenario) -> (&'static str, Vec<&'static str>, Scenario) {
    let mut sick = healthy.clone();
    let training = &mut sick.training;
    let is_number = healthy.data.shape().target == actiscope_core::data::TargetKind::Number;
    let adapts = training.optimizer.n_slots() == 2
        || matches!(training.optimizer, Optimizer::RmsProp { .. });
    let kind = draw.below(13);
    let (cause, accept): (&str, Vec<&str>) = match kind {
        0 => ("healthy", vec![]),
        1 => {
            training.learning_rate *= draw.of(&[20.0, 60.0, 150.0]);
            training.learning_rate = training.learning_rate.min(10.0);
            ("learning_rate_high", vec![])
        }
        2 => {
            training.optimizer = draw.of(&[Optimizer::Sgd, Optimizer::MOMENTUM]);
            training.learning_rate = draw.of(&[1e-4, 2e-4, 4e-4]);
            ("learning_rate_low", vec![])
        }
        3 => {
            if draw.below(2) == 0 {
                sick.network.gain = draw.of(&[0.02, 0.05]);
            } else {
                sick.network.initializer = Initializer::Uniform { a: draw.of(&[0.001, 0.005]) };
            }
            ("weights_small", vec!["weights_equal"])
        }
        4 => {
            sick.network.gain = draw.of(&[5.0, 7.0, 10.0]);
            ("weights_large", vec!["depth_exploding"])
        }
        5 => {
            sick.network.initializer = Initializer::Zeros;
            ("weights_equal", vec!["weights_small"])
        }
        6 | 7 => {
            let rows = samples(draw);
            let healthy_table = table(&rows, [0.0; 3], [1.0; 3], 0.0, 1.0);
            let (mean, scale, cause) = match draw.below(5) {
                0 => ([20.0; 3], [1.0; 3], "inputs_offset"),
                1 => ([-60.0, 40.0, 80.0], [1.0; 3], "inputs_offset"),
                2 => ([0.0; 3], [500.0; 3], "inputs_scale"),
                3 => ([0.0; 3], [0.002; 3], "inputs_scale"),
                _ => ([0.0; 3], [1000.0, 1.0, 0.01], "inputs_scale"),
            };
            let mut healthy = healthy.clone();
            healthy.data.source = healthy_table;
            healthy.fit_to_data();
            sick = healthy;
            sick.data.source = table(&rows, mean, scale, 0.0, 1.0);
            let accept = match cause {
                "inputs_offset" => vec!["inputs_scale"],
                _ => vec![],
            };
            (cause, accept)
        }
        8 if is_number => {
            let rows = samples(draw);
            let (offset, factor) = draw.of(&[(0.0, 200.0), (300.0, 1.0), (-1000.0, 50.0)]);
            sick.data.source = table(&rows, [0.0; 3], [1.0; 3], offset, factor);
            sick.fit_to_data();
            match sick.data.shape().target {
                actiscope_core::data::TargetKind::Number => ("targets_scale", vec![]),
                _ => ("healthy", vec![]),
            }
        }
        8 | 9 => {
            match draw.below(3) {
                0 => training.l1 = draw.of(&[0.03, 0.1]),
                1 if !adapts => {
                    // The decay itself overshoots.
                    training.l2 = 1.0;
                    training.learning_rate = 4.5;
                }
                _ => training.l2 = draw.of(&[0.2, 0.5]),
            }
            ("weight_decay", vec![])
        }
        10 => {
            if adapts {
                training.optimizer = Optimizer::Sgd;
                training.learning_rate = 0.1;
            }
            training.clip_norm = Some(draw.of(&[0.001, 0.002]));
            ("clip_tight", vec![])
        }
        11 => {
            sick.network.activation = ActivationSpec::new("sigmoid");
            sick.network.initializer = Initializer::GlorotNormal;
            sick.network.hidden = vec![draw.of(&[8, 12]); draw.of(&[6, 8, 12])];
            ("depth_vanishing", vec![])
        }
        _ => {
            sick.network.hidden = draw.of(&[vec![1], vec![2, 1], vec![1, 4], vec![2]]);
            ("too_few_units", vec!["unlucky_draw"])
        }
    };
    let _ = Setting::L1;
    let accept = [&[cause][..], &accept].concat();
    (cause, accept, sick)
}

fn case_of(
    healthy: &Scenario,
    cause: &str,
    accept: Vec<&str>,
    scenario: Scenario,
) -> Option<Case> {
    let mut healthy = healthy.clone();
    if cause.starts_with("inputs") || cause.starts_with("targets") {
        // The same table as it should be.
        healthy = scenario.clone();
        healthy.data.standardize = true;
        healthy.data.standardize_targets = true;
    }
    if healthy.check().is_err() || scenario.check().is_err() {
        return None;
    }
    let well = trained(&healthy, 11, N_STEPS);
    let accuracies = well.iter().filter_map(|m| m.accuracy).map(f64::from);
    let standard = Standard {
        accuracy: well[..].first()?.accuracy.map(|_| accuracies.fold(1.0, f64::min)),
        loss: well.iter().map(|m| f64::from(m.loss)).fold(0.0, f64::max),
    };
    let is_well = |m: &Measure| {
        m.diverged_at.is_none() && m.accuracy.map_or(m.loss < 0.05, |accuracy| accuracy >= 0.95)
    };
    if well.len() < 3 || !well.iter().all(is_well) {
        return None;
    }
    if cause != "healthy" {
        let ill = trained(&scenario, 11, N_STEPS);
        if ill.iter().any(|measure| standard.is_met_by(measure)) {
            return None;
        }
    }
    Some(Case {
        cause: cause.to_owned(),
        accept: accept.into_iter().map(str::to_owned).collect(),
        scenario,
        n_steps: N_STEPS,
        standard,
    })
}
