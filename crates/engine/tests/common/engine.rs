//! The trainers behind one face, and the comparison of what they make with the f64 oracle.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use actiscope_core::health::Health;
use actiscope_core::nn::batches::{EpochOrder, rows};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::oracle::Oracle;
use actiscope_core::nn::spec::Loss;
use actiscope_core::scenario::View;
use actiscope_engine::cpu::predict::{Answer, Predictor, Question, Samples};
use actiscope_engine::cpu::probe::{Inspection, Judgement, Prober};
use actiscope_engine::cpu::{CpuTrainer, Divergence, LaneState};
use actiscope_engine::gpu::{GpuDevice, GpuTrainer, LaneHealth};
use fearless_simd::Level;

use super::cases::Case;
use super::{assert_close, to_f64};

/// What trains.
#[derive(Clone)]
pub enum Kind {
    Cpu(Level),
    Gpu(GpuDevice),
}

pub enum Engine {
    Cpu(CpuTrainer),
    Gpu(Box<GpuTrainer>),
}

/// What a step made of a lane.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    pub batch_loss: f32,
    pub divergence: Option<Divergence>,
}

impl Engine {
    pub async fn new(kind: &Kind, case: &Case) -> Self {
        let (data, lanes) = (Arc::clone(&case.data), case.lanes.clone());
        match kind {
            Kind::Cpu(level) => Self::Cpu(
                CpuTrainer::new(*level, data, case.order_seed, lanes).expect("a good population"),
            ),
            Kind::Gpu(gpu) => {
                let trainer = GpuTrainer::new(gpu, data, case.order_seed, lanes).await;
                Self::Gpu(Box::new(
                    trainer.unwrap_or_else(|error| panic!("{}: {error}", case.name)),
                ))
            }
        }
    }

    pub async fn train(&mut self, n_steps: u64) -> Vec<Outcome> {
        match self {
            Self::Cpu(trainer) => {
                trainer.train(n_steps);
                let outcome = |lane: &actiscope_engine::cpu::Lane| Outcome {
                    batch_loss: lane.batch_loss,
                    divergence: lane.divergence,
                };
                trainer.lanes().iter().map(outcome).collect()
            }
            Self::Gpu(trainer) => {
                let statuses = trainer.train(n_steps).await.expect("the GPU trains");
                let outcome = |status: actiscope_engine::gpu::LaneStatus| Outcome {
                    batch_loss: status.batch_loss,
                    divergence: status.divergence,
                };
                statuses.into_iter().map(outcome).collect()
            }
        }
    }

    pub fn write(&mut self, step: u64, state: &LaneState) {
        match self {
            Self::Cpu(trainer) => trainer.restore(step, state),
            Self::Gpu(trainer) => trainer.write_lane(0, step, state),
        }
    }

    pub async fn state(&mut self, lane: usize) -> LaneState {
        match self {
            Self::Cpu(trainer) => trainer.lanes()[lane].state.clone(),
            Self::Gpu(trainer) => trainer.read_lane(lane).await.expect("a reading").state,
        }
    }

    /// Gradient of the last update of a population of one lane.
    pub async fn gradient(&mut self) -> Vec<f32> {
        match self {
            Self::Cpu(trainer) => trainer.gradient().to_vec(),
            Self::Gpu(trainer) => trainer.read_lane(0).await.expect("a reading").gradient,
        }
    }
}

/// What a trainer tells of its lanes.
impl Engine {
    pub async fn judge(&mut self) -> Vec<LaneHealth> {
        match self {
            Self::Cpu(trainer) => {
                let lane = &trainer.lanes()[0];
                let network = &lane.spec.network;
                let mut prober = Prober::new(trainer.level(), trainer.data(), network);
                let mut judgement = Judgement::default();
                prober.judge(lane, &mut judgement);
                let n_outputs = network.n_outputs;
                let inspection = prober.inspect(lane, &View::default());
                let is_right = |i: usize| {
                    let outputs = inspection.outputs.iter().map(|row| row[i]);
                    let threshold = match lane.spec.training.loss {
                        Loss::Mse | Loss::Huber { .. } => 0.5,
                        _ => 0.0,
                    };
                    let class = match n_outputs {
                        1 => usize::from(inspection.outputs[0][i] > threshold),
                        _ => {
                            (outputs.enumerate())
                                .fold((0, f32::NEG_INFINITY), |best, (k, x)| {
                                    if x > best.1 { (k, x) } else { best }
                                })
                                .0
                        }
                    };
                    class as f32 == inspection.targets[i]
                };
                vec![LaneHealth {
                    loss: judgement.loss,
                    n_dead: judgement.count(Health::Dead) as u32,
                    n_saturated: judgement.count(Health::Saturated) as u32,
                    n_right: (0..inspection.targets.len())
                        .filter(|&i| is_right(i))
                        .count() as u32,
                }]
            }
            Self::Gpu(trainer) => trainer.judge().await.expect("health"),
        }
    }

    pub async fn inspect(&mut self, view: &View) -> Inspection {
        match self {
            Self::Cpu(trainer) => {
                let lane = &trainer.lanes()[0];
                let network = &lane.spec.network;
                Prober::new(trainer.level(), trainer.data(), network).inspect(lane, view)
            }
            Self::Gpu(trainer) => trainer.look(0, view, &[]).await.expect("an inspection").0,
        }
    }

    /// Outputs, then activations of the hidden units, sample by sample.
    pub async fn predict(&mut self, samples: &Samples) -> Vec<f32> {
        let question = Question {
            samples,
            with_activations: true,
        };
        let answer = match self {
            Self::Cpu(trainer) => {
                let lane = &trainer.lanes()[0];
                Predictor::new(trainer.level(), &lane.spec.network).answer(lane, &question)
            }
            Self::Gpu(trainer) => {
                // Asked twice in one readback: the answers do not touch each other.
                let seen = trainer
                    .look(0, &View::default(), &[question, question])
                    .await;
                let [answer, again]: [Answer; 2] = seen
                    .expect("a prediction")
                    .1
                    .try_into()
                    .expect("an answer to each question");
                assert_eq!(answer.outputs, again.outputs);
                assert_eq!(answer.activations, again.activations);
                answer
            }
        };
        let all = [answer.outputs, answer.activations.concat()].concat();
        let rows = all.chunks_exact(samples.n_cols());
        rows.flat_map(|row| row[..samples.n].to_vec()).collect()
    }
}

/// The population and one oracle for each of its looked-at lanes, step by step: losses, and at the end
/// parameters and running statistics, agree to the case's tolerance, relative to 1 and more.
pub async fn check_against_oracle(kind: &Kind, case: &Case) {
    let mut engine = Engine::new(kind, case).await;
    let n_inputs = case.data.n_inputs;
    let (x, y) = (to_f64(&case.data.x_train), to_f64(&case.data.y_train));
    let training = &case.lanes[0].training;
    let mut order = EpochOrder::new(case.data.n_train(), training.order, case.order_seed);
    let mut oracles = Vec::new();
    for &lane in &case.looked_at {
        let spec = &case.lanes[lane];
        let n_params = ParamLayout::new(&spec.network).n_params;
        let params = to_f64(&engine.state(lane).await.params[..n_params]);
        let oracle = Oracle::new(spec.network.clone(), spec.training.clone(), params);
        let mut oracle = oracle.expect("the lane could resolve it");
        oracle.seed = spec.seed;
        oracles.push((lane, oracle));
    }
    for step in 0..case.n_steps {
        let batch = order.batch(step, training.batch_size);
        let (x, y) = (rows(&x, n_inputs, batch), rows(&y, 1, batch));
        let outcomes = engine.train(1).await;
        for (lane, oracle) in &mut oracles {
            let name = format!("{}, lane {lane}", case.name_of(*lane));
            let report = oracle.step(&x, &y);
            assert_eq!(outcomes[*lane].divergence, None, "{name}");
            let name = format!("{name}: loss before step {step}");
            let loss = f64::from(outcomes[*lane].batch_loss);
            assert_close(&name, loss, report.loss, case.tolerance, 1.0);
        }
    }
    for (lane, oracle) in &oracles {
        let state = engine.state(*lane).await;
        let name = format!("{}, lane {lane}", case.name_of(*lane));
        for (what, values, expected) in [
            ("parameter", &state.params, &oracle.params),
            ("running statistic", &state.running, &oracle.running),
        ] {
            for (i, (&value, &expected)) in values.iter().zip(expected).enumerate() {
                let name = format!("{name}: {what} {i}");
                assert_close(&name, f64::from(value), expected, case.tolerance, 1.0);
            }
        }
    }
}

/// The value of a future that is ready, as those of the engine are natively.
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("not ready at the first poll"),
    }
}
