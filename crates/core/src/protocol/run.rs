//! What passes between the page and one run: commands to it, and what it tells.

use serde::{Deserialize, Serialize};

use crate::data::{Dataset, Plane};
use crate::health::HealthEvent;
use crate::health::diagnosis::Deed;
use crate::health::story::{StoryRequest, UnitStory};
use crate::scenario::{Edit, Scenario};

/// What is set by hand.
pub use crate::nn::param::{ParamAt, ParamValue, UnitParam, describe_params};

/// What a run tells is made of what is measured of it.
pub use crate::observe::{
    Answers, Histogram, HistoryPoint, LayerSnapshot, Snapshot, UnitSnapshot, UnitWeights,
};

/// What a run is asked to do. Commands are taken in their order; one that needs the run to stand somewhere
/// has a seek under way arrive first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunCommand {
    /// Begin a new run of this scenario, paused at step 0.
    Load(Box<Scenario>),
    /// Change the scenario. One that is refused is answered by a `Problem` and by `RunEvent::Scenario`.
    Edit(Edit),
    Train,
    Pause,
    /// Pause and take this many steps, after those that are under way.
    Step(u32),
    /// Back to step 0 with the same initial weights.
    Reset,
    /// Pause and go to the state after this many updates, exactly. No snapshot is made on the way, so that the
    /// first one told with this number heard, or a later one, answers it.
    Seek(u64),
    /// New incoming weights for every dead unit; the others are left alone.
    ReviveDead,
    /// Sets parameters to these values, of which the optimizer then remembers nothing; the others are left alone. One that
    /// the network does not have is answered by a `Problem`, and none is set.
    SetParams(Vec<ParamValue>),
    /// Take the last `ReviveDead` back: the run is where it was before it, exactly, and what came after is
    /// undone. Training goes on from there. Nothing where no dead unit was revived.
    TakeBackRevival,
    /// Tell what happened to a unit at a step. The run goes on meanwhile, untouched.
    Explain(StoryRequest),
    /// What snapshots are to hold from now on.
    Look(Look),
    /// The inputs of one more sample that is asked about from now on, `[n_inputs]`; none where they are empty. It is told
    /// with the other answers, where these are looked at.
    Ask(Vec<f32>),
    /// Tell all that can leave the page, as [`RunEvent::HandedOver`]. The run goes on meanwhile, untouched.
    HandOver,
    /// Go on, paused, from exactly where the run stood that was handed over as these bytes. A `RunEvent::Scenario` tells of
    /// which scenario it is; bytes that cannot be read are answered by a `Problem`, and all is as it was.
    Resume(Vec<u8>),
    /// The page has shown a snapshot and can take the next.
    Shown,
}

impl From<Deed> for RunCommand {
    fn from(deed: Deed) -> Self {
        match deed {
            Deed::Edit(edit) => Self::Edit(edit),
            Deed::ReviveDead => Self::ReviveDead,
            Deed::Seek(step) => Self::Seek(step),
            Deed::Train => Self::Train,
        }
    }
}

/// What a run tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunEvent {
    /// A run begins (or begins anew): its samples, for drawing.
    Loaded(Box<Loaded>),
    /// The scenario that the engine holds after the last message heard, where the page cannot know it: a seek
    /// has led to another one, a revival was taken back, or an edit was refused. The page takes it over, and
    /// applies again what it has sent since.
    Scenario(Box<Scenario>),
    Snapshot(Box<Snapshot>),
    /// In the order in which it happened. While training, a change is told at the next probe of
    /// health: of a later step by 1 at first, by 1,000 at most in long runs. A live edit is told as soon as it is
    /// made, apart from what later messages do: it was the last message heard.
    Happened(Vec<HealthEvent>),
    /// A run that went back was changed or trained on: what was told to have happened after this step
    /// is undone. It may be a little before the present step; what happened in between is told again.
    Forked {
        step: u64,
    },
    /// Enough to go on from this step in a new engine.
    Checkpoint {
        step: u64,
        bytes: Vec<u8>,
    },
    /// What `HandOver` asked for.
    HandedOver(Box<HandedOver>),
    /// What `Explain` asked for, or why it cannot be told.
    Story {
        request: StoryRequest,
        story: Result<Box<UnitStory>, String>,
    },
}

/// What is on screen. What nobody looks at is not computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Response maps of units, this many cells a side; 0 for none.
    pub unit_map_cells: usize,
    /// Decision field, this many cells a side; 0 for none.
    pub field_cells: usize,
    /// Weights of every layer, for the edges of the drawing.
    pub weights: bool,
    /// Incoming weights of this unit alone: layer and unit.
    pub weights_of: Option<(usize, usize)>,
    /// What the outputs say of the samples that judge the network, and of the validation set.
    pub answers: bool,
    /// Half the side of the square of input space that maps and field cover.
    pub extent: f32,
}

impl Look {
    /// No pictures, no weights, no answers; pictures would reach as far as generated data do.
    pub const NOTHING: Self = Self {
        unit_map_cells: 0,
        field_cells: 0,
        weights: false,
        weights_of: None,
        answers: false,
        extent: 1.2,
    };
}

/// Of the bytes of a run: those of another version cannot be gone on with. To be raised whenever what is in them changes, a
/// scenario's fields among it.
pub const RUN_VERSION: u32 = 2;

/// A run at a step, with all that is needed to go on from it elsewhere: in this project, or in others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandedOver {
    pub step: u64,
    /// With the edits made so far.
    pub scenario: Scenario,
    /// What `RunCommand::Resume` takes.
    pub run: Vec<u8>,
    /// `[n_params]`, in the order of the network's layout.
    pub params: Vec<f32>,
    /// `[n_running]`: running statistics of batch normalisation.
    pub running: Vec<f32>,
    pub data: Dataset,
}

/// The samples by which a classifier is judged: the test set or, where there is none, the training set. All of them, and
/// none where there are no classes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Judges {
    pub are_of_test: bool,
    /// `[n, n_inputs]`.
    pub x: Vec<f32>,
    /// `[n]`.
    pub y: Vec<f32>,
}

/// The training data and shape of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loaded {
    /// Counts the runs of this engine; snapshots carry it.
    pub run: u32,
    pub n_inputs: usize,
    /// `[n, n_inputs]`, at most 2,000 samples.
    pub x: Vec<f32>,
    pub y: Vec<f32>,
    pub n_train: usize,
    /// 0 for regression.
    pub n_classes: usize,
    /// `[n_inputs]`; `x1`, `x2` where the data name none.
    pub input_names: Vec<String>,
    /// `[n_inputs]`: about what each is shown.
    pub centers: Vec<f32>,
    /// The plane of the first two principal components, where there are more than two inputs.
    pub principal: Option<Plane>,
    pub judges: Judges,
    /// By what inputs were moved and divided, mean and deviation of each; empty where they are as they were given.
    pub input_scale: Vec<[f32; 2]>,
    /// The class of each validation sample.
    pub y_validation: Vec<f32>,
    /// Training samples of each class, as training sees them. Empty for regression.
    pub class_sizes: Vec<u32>,
    /// Names of the classes where the data name them.
    pub class_names: Vec<String>,
    /// max |f'| of the function of each hidden layer, the scale of saturation.
    pub max_abs_slopes: Vec<f32>,
}

impl Loaded {
    /// Inputs of one sample as they were given, before they were standardised.
    pub fn pixels(&self, x: &[f32]) -> Vec<f32> {
        match self.input_scale[..] {
            [] => x.to_vec(),
            ref scale => x
                .iter()
                .zip(scale)
                .map(|(x, [mean, std])| x * std + mean)
                .collect(),
        }
    }

    /// Inputs as they are given, standardised as the run's are.
    pub fn scaled(&self, x: &[f32]) -> Vec<f32> {
        match self.input_scale[..] {
            [] => x.to_vec(),
            ref scale => x
                .iter()
                .zip(scale)
                .map(|(x, [mean, std])| (x - mean) / std)
                .collect(),
        }
    }
}
