//! Tells the story of a unit: replays the steps that led to it, on a CPU lane of its own, so that the run
//! that trains is not touched.

use actiscope_core::activation::{Activation, ActivationSpec};
use actiscope_core::health::Health;
use actiscope_core::health::recovery::{Drive, Inputs, Lever, Recovery, Situation};
use actiscope_core::health::story::{
    By, DriftPoint, MAX_DRIFT_STEPS, Moment, Parts, StoryRequest, UnitStory, common_bins,
    count_into,
};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::spec::{Optimizer, limits};
use actiscope_core::scenario::Scenario;

use super::course::Run;
use super::log::Entry;
use crate::backend::{Backend, Part};
use crate::cpu::probe::Judgement;

/// Multiply-adds that the looks of one story may cost: it covers fewer steps of a large network.
const MAX_LOOK_WORK: usize = 60_000_000;
/// Multiply-adds between two looks at the clock.
const MAX_STRETCH_WORK: usize = 4_000_000;

/// A story in the making.
#[derive(Debug)]
pub struct Teller {
    request: StoryRequest,
    scenario: Scenario,
    backend: Backend,
    /// What was done to the run up to the step asked for, and how much of it is done again.
    log: Vec<Entry>,
    n_applied: usize,
    judgement: Judgement,
    /// The first step of the drift.
    first: u64,
    drift: Vec<DriftPoint>,
    /// The state of the step before, then one after the update and one after each edit of the step.
    states: Vec<State>,
    /// Of the step's update.
    parts: Option<Parts>,
    is_of_gpu: bool,
}

/// The unit as it was at one time.
#[derive(Clone, Debug)]
struct State {
    by: By,
    health: Health,
    z: Vec<f32>,
    point: DriftPoint,
    weights: Vec<f32>,
    bias: f32,
    norm_shift: Option<f32>,
    activation: ActivationSpec,
    situation: Situation,
}

/// What becomes of a story.
pub type Told = Result<Box<UnitStory>, String>;

impl Teller {
    /// Sets out for a story of `run`, as it is known now.
    ///
    /// # Errors
    /// If there is no such unit or step; the text says so to the user.
    pub fn new(run: &Run, request: StoryRequest) -> Result<Self, String> {
        let StoryRequest {
            layer, unit, step, ..
        } = request;
        let network = &run.origin.network;
        if network.hidden.get(layer).is_none_or(|&n| unit >= n) {
            return Err("This unit is not part of the network any more.".into());
        }
        if step > run.last_step {
            return Err(format!(
                "Step {step} is undone: the run has taken another course and has not come there again."
            ));
        }
        let n_params = ParamLayout::new(network).n_params;
        let n_probe = run.data.n_train().min(limits::PROBE_SAMPLES);
        let affordable = MAX_LOOK_WORK / (n_params * n_probe).max(1);
        let n_drift = (affordable as u64).clamp(2, MAX_DRIFT_STEPS);
        let first = step.saturating_sub(n_drift - 1);
        let from = run.checkpoints.before(first);
        let n_known = run.log.partition_point(|entry| entry.step <= step);
        let log = run.log[..n_known].to_vec();
        let mut scenario = run.origin.clone();
        for entry in &log[..from.n_applied.min(log.len())] {
            entry.change.apply_to(&mut scenario);
        }
        let mut backend =
            Backend::new(&scenario, &run.data).map_err(|error| format!("{error}."))?;
        backend.restore(from.step, &from.state);
        Ok(Self {
            request,
            scenario,
            backend,
            n_applied: from.n_applied,
            log,
            judgement: Judgement::default(),
            first,
            drift: Vec::new(),
            states: Vec::new(),
            parts: None,
            is_of_gpu: run.backend.is_on_gpu(),
        })
    }

    pub fn request(&self) -> StoryRequest {
        self.request
    }

    /// Goes a part of the way, well under a millisecond's work for a small network. Returns the story
    /// at its end.
    pub async fn go_on(&mut self) -> Option<Told> {
        let now = self.backend.step();
        let end = self.request.step;
        if now < end {
            if let Err(error) = self.apply_edits(now) {
                return Some(Err(error));
            }
            if now >= self.first {
                let state = self.look(By::Nothing(None));
                self.drift.push(state.point);
                if now + 1 == end {
                    self.states.push(state);
                }
            }
            let n_steps = self.stretch(now);
            self.backend.train(n_steps).await;
            let is_stuck = self.backend.step() == now;
            return is_stuck.then(|| Err(format!("Training diverged before step {end}.")));
        }
        if let Err(error) = self.look_at_the_step(end) {
            return Some(Err(error));
        }
        Some(self.tell())
    }

    /// Steps that can be made at once: up to the drift many, then one.
    fn stretch(&self, now: u64) -> u64 {
        if now >= self.first {
            return 1;
        }
        let n_params = ParamLayout::new(&self.scenario.network).n_params;
        let work_per_step = 3 * n_params * self.scenario.training.batch_size;
        let affordable = (MAX_STRETCH_WORK / work_per_step.max(1)).max(1) as u64;
        let next_edit = self.log.get(self.n_applied);
        let to_edit = next_edit.map_or(u64::MAX, |entry| entry.step - now);
        affordable.min(self.first - now).min(to_edit)
    }

    fn apply_edits(&mut self, step: u64) -> Result<(), String> {
        while self.apply_next_edit(step)?.is_some() {}
        Ok(())
    }

    /// Does again what was done next at this step, and returns it in words.
    fn apply_next_edit(&mut self, step: u64) -> Result<Option<String>, String> {
        let next = self.log.get(self.n_applied);
        let Some(entry) = next.filter(|entry| entry.step == step) else {
            return Ok(None);
        };
        let change = entry.change.clone();
        let text = change.describe_in(&self.scenario);
        self.n_applied += 1;
        change
            .make(&mut self.backend, &mut self.scenario, &mut self.judgement)
            .map_err(|error| format!("{error}."))?;
        Ok(Some(text))
    }

    /// The states of the step itself: by its update (or as begun), then by each of its edits.
    fn look_at_the_step(&mut self, step: u64) -> Result<(), String> {
        let StoryRequest { layer, unit, .. } = self.request;
        let by = match step {
            0 => By::Start,
            _ => By::Update(self.backend.last_update().cause(layer, unit)),
        };
        if layer > 0 && step > 0 {
            let mut health_by = |part| {
                let judgement = &mut self.judgement;
                self.backend.judge_part(part, layer, unit, judgement);
                judgement.verdicts[layer][unit]
            };
            self.parts = Some(Parts {
                own: health_by(Part::Own),
                below: health_by(Part::Others),
            });
        }
        let state = self.look(by);
        self.states.push(state);
        while let Some(text) = self.apply_next_edit(step)? {
            let state = self.look(By::Edit { text });
            self.states.push(state);
        }
        Ok(())
    }

    fn look(&mut self, by: By) -> State {
        let StoryRequest { layer, unit, .. } = self.request;
        let step = self.backend.step();
        self.backend.judge(&mut self.judgement);
        let (z, slopes) = self.backend.judged_unit(layer, unit);
        let layout = ParamLayout::new(&self.scenario.network);
        let at = &layout.layers[layer];
        let params = &self.backend.state().params;
        let first = at.weights.start + unit * at.n_in;
        let mut activation = self.scenario.network.activation_of(layer).clone();
        let alphas = &params[at.alpha.clone()];
        let learned = alphas.get(unit).or(alphas.first());
        if let (Some(alpha), Some(learned)) = (activation.params.first_mut(), learned) {
            *alpha = f64::from(*learned);
        }
        State {
            by,
            health: self.judgement.verdicts[layer][unit],
            point: DriftPoint::new(step, z, slopes),
            z: z.to_vec(),
            weights: params[first..first + at.n_in].to_vec(),
            bias: params[at.biases.start + unit],
            norm_shift: params[at.beta.clone()].get(unit).copied(),
            activation,
            situation: situation(&self.scenario, &self.judgement.verdicts, layer),
        }
    }

    /// The change that was asked for, among the states.
    fn tell(&mut self) -> Told {
        let StoryRequest {
            layer,
            unit,
            step,
            to,
        } = self.request;
        let health_before = |i: usize| {
            i.checked_sub(1)
                .map_or(Health::Alive, |b| self.states[b].health)
        };
        let is_change = |&i: &usize| {
            let health = self.states[i].health;
            health != health_before(i) && to.is_none_or(|to| to == health)
        };
        // The first state is that of the step before, but for a story of step 0.
        let own = usize::from(step > 0)..self.states.len();
        let changed = own.clone().rev().find(is_change);
        if let (None, Some(to)) = (changed, to) {
            return Err(self.no_such_change(to));
        }
        let at = changed.unwrap_or(own.end - 1);
        let after = self.states[at].clone();
        let before = at.checked_sub(1).map(|before| self.states[before].clone());
        let by = match (changed, after.by.clone()) {
            (Some(_), by) => by,
            (None, By::Update(cause)) => By::Nothing(Some(cause)),
            (None, _) => By::Nothing(None),
        };
        let mut samples = vec![&after.z[..]];
        samples.extend(before.as_ref().map(|before| &before.z[..]));
        let bins = common_bins(&samples);
        let moment = |state: &State| Moment {
            z: count_into(&bins, &state.z),
            point: state.point,
            weights: state.weights.clone(),
            bias: state.bias,
            norm_shift: state.norm_shift,
        };
        let function = Activation::resolve(&after.activation).map_err(|e| format!("{e}."))?;
        let mut drift = std::mem::take(&mut self.drift);
        drift.push(after.point);
        Ok(Box::new(UnitStory {
            layer,
            unit,
            step,
            from: health_before(at),
            to: after.health,
            parts: self.parts.filter(|_| matches!(by, By::Update(_))),
            by,
            before: before.as_ref().map(moment),
            after: moment(&after),
            drift,
            recovery: Recovery::new(after.health, &function, &after.z, after.situation),
            activation: after.activation,
        }))
    }

    fn no_such_change(&self, to: Health) -> String {
        let became = match to {
            Health::Alive => "come alive",
            Health::Saturated => "become saturated",
            Health::Dead => "die",
        };
        let why = if self.is_of_gpu {
            "the CPU, which replays it for you, rounds a little differently from the GPU"
        } else {
            "the run has taken another course since"
        };
        let step = self.request.step;
        format!("At step {step} the unit does not {became} any more: {why}.")
    }
}

/// What feeds the units of a layer, and what moves them where they get no gradient.
fn situation(scenario: &Scenario, verdicts: &[Vec<Health>], layer: usize) -> Situation {
    let is_dead =
        |units: &Vec<Health>| !units.is_empty() && units.iter().all(|&h| h == Health::Dead);
    let cut = (layer..verdicts.len()).find(|&l| is_dead(&verdicts[l]));
    let training = &scenario.training;
    Situation {
        lever: match scenario.network.batch_norm {
            true => Lever::NormShift,
            false => Lever::Bias,
        },
        inputs: match (layer, cut) {
            (0, _) => Inputs::Data,
            (_, Some(layer)) => Inputs::Cut { layer },
            (_, None) => Inputs::LayersBelow,
        },
        drive: match training.optimizer {
            _ if training.l1 > 0.0 || training.l2 > 0.0 => Drive::Decay,
            Optimizer::AdamW { weight_decay, .. } if weight_decay > 0.0 => Drive::Decay,
            Optimizer::Sgd | Optimizer::RmsProp { .. } => Drive::Nothing,
            Optimizer::Momentum { .. }
            | Optimizer::Nesterov { .. }
            | Optimizer::Adam { .. }
            | Optimizer::AdamW { .. } => Drive::Momentum,
        },
    }
}
