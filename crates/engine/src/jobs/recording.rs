//! A run recorded for TensorBoard: replayed from its beginning, and measured at steps that lie ever farther apart.

use actiscope_core::interop::tensorboard::{Events, HistogramAt};
use actiscope_core::nn::oracle::{Oracle, Statistics, activate};
use actiscope_core::nn::spec::limits;
use actiscope_core::protocol::{Event, JobId, Look, Recorded};
use std::pin::Pin;

use super::Progress;
use super::run::{Circumstances, Course, RunError, Seek, Viewer};

/// Most steps at which everything is measured; the curves have their own.
const MAX_RECORDS: usize = 100;
/// Steps of a replay between two looks at the clock.
const STRETCH: u64 = 50;

/// The run of a file, on its way from its first step to its last.
#[derive(Debug)]
pub struct RecordingJob {
    id: JobId,
    wall_time_s: f64,
    stage: Stage,
    /// Not yet told.
    events: Vec<Event>,
}

#[derive(Debug)]
enum Stage {
    /// The bytes of a run, not yet read.
    Bytes(Vec<u8>),
    Replay(Box<Replay>),
    Done,
}

#[derive(Debug)]
struct Replay {
    run: Course,
    viewer: Viewer,
    /// What is still to be measured, the next step last.
    steps: Vec<u64>,
    n_steps: usize,
    seek: Option<Seek>,
    events: Events,
}

impl RecordingJob {
    /// `run`: what [`HandedOver::run`](actiscope_core::protocol::HandedOver) holds. `wall_time_s`: seconds since 1970, which
    /// every event bears.
    pub fn new(id: JobId, run: Vec<u8>, wall_time_s: f64) -> Self {
        Self {
            id,
            wall_time_s,
            stage: Stage::Bytes(run),
            events: Vec::new(),
        }
    }

    /// Goes on for about `budget_ms`.
    pub async fn advance(&mut self, budget_ms: f64, now_ms: &mut dyn FnMut() -> f64) -> Progress {
        let deadline_ms = now_ms() + budget_ms;
        if let Err(error) = work(self, deadline_ms, now_ms).await {
            self.stage = Stage::Done;
            self.events.push(Event::Problem {
                job: Some(self.id),
                message: error.to_string(),
            });
        }
        match self.stage {
            Stage::Done => Progress::Idle,
            _ => Progress::Busy,
        }
    }

    async fn work(
        &mut self,
        deadline_ms: f64,
        now_ms: &mut dyn FnMut() -> f64,
    ) -> Result<(), RunError> {
        if let Stage::Bytes(bytes) = &self.stage {
            let run = Course::from_bytes(bytes).await?;
            self.stage = Stage::Replay(Box::new(Replay::new(run, self.wall_time_s)));
        }
        let Stage::Replay(replay) = &mut self.stage else {
            return Ok(());
        };
        while now_ms() < deadline_ms {
            if !replay.go_on().await? {
                let (bytes, n_left_out) = replay.finish();
                self.stage = Stage::Done;
                self.tell(Recorded::Done { bytes, n_left_out });
                return Ok(());
            }
        }
        let share = replay.share();
        self.tell(Recorded::Progress { share });
        Ok(())
    }

    fn tell(&mut self, recorded: Recorded) {
        self.events.push(Event::Recorded(self.id, recorded));
    }

    pub fn is_at_rest(&self) -> bool {
        matches!(self.stage, Stage::Done) && self.events.is_empty()
    }

    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }
}

type Worked<'a> = Pin<Box<dyn Future<Output = Result<(), RunError>> + 'a>>;

/// The way into the chunk `recording`: what writes event files, and the text-book's pass, are not what a worker starts with.
#[cfg_attr(split, wasm_split_helpers::wasm_split(
    recording,
    fallible,
    return_wrapper(let done = _; { done.await } -> Result<(), RunError>)
))]
fn work<'a>(
    job: &'a mut RecordingJob,
    deadline_ms: f64,
    now_ms: &'a mut dyn FnMut() -> f64,
) -> Worked<'a> {
    Box::pin(job.work(deadline_ms, now_ms))
}

#[cfg(split)]
impl From<wasm_split_helpers::SplitLoaderError> for RunError {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self::NotLoaded(super::NotLoaded)
    }
}

impl Replay {
    fn new(run: Course, wall_time_s: f64) -> Self {
        let mut events = Events::new(wall_time_s);
        run.history
            .points()
            .iter()
            .for_each(|point| events.point(point));
        let look = Look {
            weights: true,
            ..Look::NOTHING
        };
        let mut steps = record_steps(run.step());
        steps.reverse();
        Self {
            viewer: Viewer::new(&run.data, look),
            n_steps: steps.len(),
            steps,
            seek: None,
            events,
            run,
        }
    }

    /// A stretch of the way, or a measurement. False where all is done.
    async fn go_on(&mut self) -> Result<bool, RunError> {
        let Some(&step) = self.steps.last() else {
            return Ok(false);
        };
        let mut seek = match self.seek.take() {
            Some(seek) => seek,
            // From the beginning once, and onward from there.
            None if self.steps.len() == self.n_steps => self.run.begin_seek(step)?,
            None => Seek::onward(step),
        };
        if !self.run.continue_seek(&mut seek, STRETCH).await? {
            self.seek = Some(seek);
            return Ok(true);
        }
        self.measure(step).await;
        self.steps.pop();
        Ok(true)
    }

    async fn measure(&mut self, step: u64) {
        self.run.judge();
        let circumstances = Circumstances {
            run: 1,
            is_training: false,
            steps_per_second: 0.0,
        };
        let snapshot = self.viewer.snapshot(&mut self.run, &circumstances).await;
        self.events.snapshot(&snapshot);
        for (tag, values) in distributions(&self.run) {
            self.events.values(HistogramAt {
                step,
                tag: &tag,
                values: &values,
            });
        }
    }

    fn share(&self) -> f32 {
        1.0 - self.steps.len() as f32 / self.n_steps.max(1) as f32
    }

    fn finish(&mut self) -> (Vec<u8>, usize) {
        let events = std::mem::replace(&mut self.events, Events::new(0.0));
        let n_left_out = events.n_left_out();
        (events.into_bytes(), n_left_out)
    }
}

/// What a snapshot has not: activations and weight gradients over the probe set, by the text-book.
fn distributions(run: &Course) -> Vec<(String, Vec<f32>)> {
    let (data, scenario) = (&*run.data, &run.scenario);
    let n = data.n_train().min(limits::PROBE_SAMPLES);
    let wide = |values: &[f32]| values.iter().map(|&value| f64::from(value)).collect();
    let x: Vec<f64> = wide(&data.x_train[..n * data.n_inputs]);
    let y: Vec<f64> = wide(&data.y_train[..n]);
    let state = run.backend.state();
    let network = scenario.network.clone();
    let layout = actiscope_core::nn::layout::ParamLayout::new(&network);
    let params = wide(&state.params[..layout.n_params]);
    let Ok(oracle) = Oracle::new(network, scenario.training.clone(), params) else {
        return Vec::new();
    };
    let gradient = oracle.backward(oracle.forward(&x, Statistics::Batch), &y);
    let narrow = |values: &[f64]| values.iter().map(|&value| value as f32).collect();
    let mut all = Vec::new();
    for (l, (layer, pass)) in layout.layers.iter().zip(&gradient.passes).enumerate() {
        let is_hidden = l + 1 < layout.layers.len();
        let name = match is_hidden {
            true => format!("hidden_{}", l + 1),
            false => "output".to_owned(),
        };
        if is_hidden {
            let alphas = &oracle.params[layer.alpha.clone()];
            let a = activate::forward(&oracle.activations[l], alphas, layer.n_out, &pass.z);
            all.push((format!("a/{name}"), narrow(&a)));
        }
        let d_weights = &gradient.params[layer.weights.clone()];
        all.push((format!("gradient/{name}"), narrow(d_weights)));
    }
    all
}

/// Steps from 0 to the last, each later than the one before by at least 1 and by a share of itself that gives no more than
/// so many.
fn record_steps(last: u64) -> Vec<u64> {
    let mut share = 50;
    loop {
        let mut steps = vec![0];
        let mut step: u64 = 0;
        while step < last {
            step = last.min(step + (step / share).max(1));
            steps.push(step);
        }
        if steps.len() <= MAX_RECORDS || share == 1 {
            return steps;
        }
        share -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_dense_at_first_and_never_too_many() {
        for last in [0, 1, 60, 1_000, 1_000_000] {
            let steps = record_steps(last);
            assert!(steps.len() <= MAX_RECORDS, "{last}: {}", steps.len());
            assert!(steps.is_sorted_by(|a, b| a < b));
            assert_eq!((steps[0], steps[steps.len() - 1]), (0, last));
        }
        assert_eq!(record_steps(60), (0..=60).collect::<Vec<_>>());
    }
}
