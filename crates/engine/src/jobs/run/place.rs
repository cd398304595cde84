//! On which engine a run is, and on which it is to be.

use actiscope_core::activation::Function;
use actiscope_core::protocol::{EngineInfo, EngineKind, Rates, Why};

use super::course::Run;
use crate::backend::Failure;
use crate::choice::{Measured, decide};
use crate::gpu::{GpuDevice, GpuError};
use crate::jobs::Placing;

/// Shapes of lanes of which is kept how fast they are.
const MAX_KNOWN: usize = 16;

/// Where the runs of a job are to be trained.
#[derive(Clone, Debug, Default)]
pub struct Place {
    placing: Placing,
    /// Why the GPU cannot train the present run, if it cannot.
    refusal: Option<String>,
    /// How fast both engines are; the one measured last at the end.
    known: Vec<(LaneShape, Measured)>,
    why: Why,
    rates: Rates,
}

/// What the time of a step depends on.
#[derive(Clone, Debug, PartialEq)]
struct LaneShape {
    widths: Vec<usize>,
    batch_size: usize,
    batch_norm: bool,
    functions: Vec<Function>,
}

impl LaneShape {
    fn of(run: &Run) -> Self {
        let (network, training) = (&run.scenario.network, &run.scenario.training);
        let activations = network.activations().into_iter();
        let ends = ([network.n_inputs], [network.n_outputs]);
        Self {
            widths: [&ends.0[..], &network.hidden, &ends.1].concat(),
            batch_size: training.batch_size,
            batch_norm: network.batch_norm,
            functions: activations.map(|spec| spec.function.clone()).collect(),
        }
    }
}

impl Place {
    pub fn choose(&mut self, placing: Placing) {
        self.placing = placing;
        self.refusal = None;
    }

    /// Another run begins: it may fit.
    pub fn forget_refusal(&mut self) {
        self.refusal = None;
    }

    /// What trains the run.
    pub fn describe(&self, run: &Run) -> EngineInfo {
        EngineInfo {
            why: self.why.clone(),
            rates: self.rates,
            ..run.backend.engine()
        }
    }

    /// Moves the run to where it is to be. Returns what the user should know of it.
    pub async fn settle(
        &mut self,
        run: &mut Run,
        now_ms: &mut dyn FnMut() -> f64,
    ) -> Option<String> {
        let (device, why) = match self.wanted(run, now_ms).await {
            Ok(wanted) => wanted,
            Err(error) => return Some(self.refuse_at(run, &error).await),
        };
        self.why = why;
        match device {
            Some(device) if !run.backend.is_on_gpu() => {
                if let Err(error) = run.move_to_gpu(&device).await {
                    return Some(self.refuse_at(run, &error).await);
                }
            }
            None if run.backend.is_on_gpu() => run.move_to_cpu().await,
            _ => {}
        }
        None
    }

    /// The GPU that is to train the run, or none, and why. Measures both engines first where that decides.
    async fn wanted(
        &mut self,
        run: &Run,
        now_ms: &mut dyn FnMut() -> f64,
    ) -> Result<(Option<GpuDevice>, Why), GpuError> {
        self.rates = Rates::default();
        if let Some(refusal) = &self.refusal {
            return Ok((None, Why::Refused(refusal.clone())));
        }
        let device = match &self.placing {
            Placing::Cpu(why) => return Ok((None, why.clone())),
            Placing::Gpu(device) => return Ok((Some(device.clone()), Why::Chosen)),
            Placing::Free(device) => device.clone(),
        };
        let trains = match run.backend.is_on_gpu() {
            true => EngineKind::Gpu,
            false => EngineKind::Cpu,
        };
        if run.has_diverged() {
            // Nothing can be tried before something is changed.
            let is_on_gpu = trains == EngineKind::Gpu;
            return Ok((is_on_gpu.then_some(device), self.why.clone()));
        }
        let measured = self.measured(run, &device, now_ms).await?;
        self.rates = measured.rates(run.schedule.interval(run.step()));
        let asked = run.scenario.view.steps_per_second;
        let (kind, why) = decide(asked, self.rates, trains);
        Ok(((kind == EngineKind::Gpu).then_some(device), why))
    }

    async fn measured(
        &mut self,
        run: &Run,
        device: &GpuDevice,
        now_ms: &mut dyn FnMut() -> f64,
    ) -> Result<Measured, GpuError> {
        let shape = LaneShape::of(run);
        let known = self.known.iter().find(|(other, _)| *other == shape);
        if let Some(&(_, measured)) = known {
            return Ok(measured);
        }
        let measured = run.backend.measure(device, now_ms).await?;
        if self.known.len() == MAX_KNOWN {
            self.known.remove(0);
        }
        self.known.push((shape, measured));
        Ok(measured)
    }

    /// The CPU has taken over. Returns what the user should know of it.
    pub fn lose(&mut self, failure: &Failure) -> String {
        let Failure { step, error } = failure;
        self.refuse(error);
        format!("At step {step}, {error}. Training goes on on the CPU from there; nothing is lost.")
    }

    /// The GPU does not get the run. Returns what the user should know of it.
    async fn refuse_at(&mut self, run: &mut Run, error: &GpuError) -> String {
        if run.backend.is_on_gpu() {
            run.move_to_cpu().await;
        }
        self.refuse(error);
        format!("The CPU goes on with this run: {error}.")
    }

    fn refuse(&mut self, error: &GpuError) {
        let why = error.to_string();
        self.why = Why::Refused(why.clone());
        self.rates = Rates::default();
        if matches!(error, GpuError::Lost(_)) {
            // Nor do those that follow.
            self.placing = Placing::Cpu(self.why.clone());
        }
        self.refusal = Some(why);
    }
}
