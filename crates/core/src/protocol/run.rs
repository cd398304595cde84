//! What passes between the page and one run: commands to it, and what it tells.

use serde::{Deserialize, Serialize};

use crate::data::Plane;
use crate::health::story::{StoryRequest, UnitStory};
use crate::health::{Health, HealthEvent};
use crate::scenario::{Edit, Scenario};

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
    /// Take the last `ReviveDead` back: the run is where it was before it, exactly, and what came after is
    /// undone. Training goes on from there. Nothing where no dead unit was revived.
    TakeBackRevival,
    /// Tell what happened to a unit at a step. The run goes on meanwhile, untouched.
    Explain(StoryRequest),
    /// What snapshots are to hold from now on.
    Look(Look),
    /// The page has shown a snapshot and can take the next.
    Shown,
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
    /// Half the side of the square of input space that maps and field cover.
    pub extent: f32,
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
    /// max |f'| of the network's function, the scale of saturation.
    pub max_abs_slope: f32,
}

/// What the engine tells about one step of lane 0. Immutable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub run: u32,
    pub step: u64,
    pub epoch: f64,
    pub is_training: bool,
    pub has_diverged: bool,
    /// Loss over the probe set (at most 512 training samples).
    pub loss: f32,
    /// Share of probe samples classified rightly; `None` for regression.
    pub accuracy: Option<f32>,
    pub test_loss: Option<f32>,
    pub test_accuracy: Option<f32>,
    /// Hidden layers, then the output layer (which has no units' health).
    pub layers: Vec<LayerSnapshot>,
    /// Of the unit that `Look::weights_of` named.
    pub unit_weights: Option<UnitWeights>,
    /// What was recorded since the last snapshot (all of it after `Loaded` and `Seek`).
    pub history: Vec<HistoryPoint>,
    /// The history above replaces what the page has.
    pub history_is_whole: bool,
    /// `[cells, cells]` outputs (top row first: x2 = +extent), squashed as the loss squashes them:
    /// probability of class 1, argmax class, or the number itself. `cells` is `field_cells` or, for a
    /// large network, less. Over the plane of the view's axes; with one input rows are equal.
    pub field: Vec<f32>,
    /// Measured, while training.
    pub steps_per_second: f32,
    /// Steps that `Seek` can go to: 0..=this.
    pub last_step: u64,
}

/// Incoming weights of one hidden unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitWeights {
    pub layer: usize,
    pub unit: usize,
    /// `[n_in]`.
    pub weights: Vec<f32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LayerSnapshot {
    /// Empty for the output layer.
    pub units: Vec<UnitSnapshot>,
    /// Pre-activations of all units over the probe set.
    pub z: Histogram,
    /// Of the selected unit, where the view names one of this layer.
    pub z_of_unit: Option<Histogram>,
    pub z_mean: f32,
    pub z_std: f32,
    /// Share of (unit, sample) pairs with f'(z) exactly 0.
    pub zero_slope_share: f32,
    /// RMS, over probe samples and units, of dL/dz, L the mean loss over the probe set.
    pub z_gradient_rms: f32,
    /// RMS, over the layer's weights, of dL/dW of the same loss.
    pub weight_gradient_rms: f32,
    /// RMS of the last update of the weights over RMS of the weights; 0 before the first.
    pub update_ratio: f32,
    /// `[n_out, n_in]`, row-major; empty unless looked at.
    pub weights: Vec<f32>,
    pub biases: Vec<f32>,
    /// PReLU's learned alphas.
    pub alphas: Vec<f32>,
    /// `[n_units, cells, cells]`, as the field: activations, -127..127 for -max..max of the layer;
    /// empty unless looked at.
    pub unit_maps: Vec<i8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UnitSnapshot {
    pub health: Health,
    pub z_mean: f32,
    pub z_std: f32,
    pub z_min: f32,
    pub z_max: f32,
    /// Share of probe samples with z <= 0.
    pub negative_fraction: f32,
    /// Mean |f'(z)|.
    pub mean_abs_slope: f32,
}

/// Equal bins over [low, high]; the first and last also hold what lies beyond.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    pub low: f32,
    pub high: f32,
    pub counts: Vec<u32>,
}

/// One point of the curves over time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryPoint {
    pub step: u64,
    /// Of the batch before this step's update (NaN at a point without an update).
    pub batch_loss: f32,
    /// Over the probe set.
    pub loss: f32,
    pub dead: u16,
    pub saturated: u16,
}
