// What the host and the kernels share; layout.rs has the same structures, and a test compares the two.

/// One layer: where its parameters lie in a lane's array, and its rows in the arrays of activations.
struct Layer {
    n_in: u32,
    n_out: u32,
    weights: u32,
    biases: u32,
    gamma: u32,
    beta: u32,
    alpha: u32,
    n_alpha: u32,
    running: u32,
    /// Row of its first input in `a`.
    in_row: u32,
    /// Row of its first unit in `slope`, `u_hat`, `inv_std`; in `a` it is N_INPUTS further.
    unit_row: u32,
    /// Row of its first unit in `z`.
    z_row: u32,
}

/// How one lane is trained, and with which function.
struct Rule {
    learning_rate: f32,
    l1: f32,
    l2: f32,
    /// Below 0: the gradient is not clipped.
    clip_norm: f32,
    optimizer: u32,
    loss: u32,
    function: u32,
    has_class_weights: u32,
    /// A slope of less than this is small; known when the lane is probed.
    small_slope: f32,
    /// Of dropout: a unit is taken out where its random word is below the threshold; 0 without dropout.
    mask_threshold: u32,
    mask_scale: f32,
    mask_seed: u32,
    /// Of the learning rate: updates of warm-up, then how it falls, over so many updates, and log of the factor of a step or
    /// floor of a cosine.
    warm_up: u32,
    annealing: u32,
    annealing_length: u32,
    annealing_param: f32,
    optimizer_params: array<f32, 8>,
    loss_params: array<f32, 2>,
    function_params: array<f32, 8>,
    class_weights: array<f32, 16>,
}

/// How far one lane has come.
struct Status {
    /// Updates made, beginning again at 2^32.
    n_done: u32,
    /// Updates since the optimizer's state began.
    n_updates: u32,
    /// Of the batch of the last update, before it.
    batch_loss: f32,
    first_loss: f32,
    has_first_loss: u32,
    /// 0: none; 1: of the loss; 2: of a parameter.
    divergence: u32,
    /// Looks whose results went to the ring, beginning again at 2^32; the same for all lanes.
    n_looks: u32,
}

/// What one dispatch is to do.
struct Dispatch {
    n_steps: u32,
    /// Whether the parameters before each update are kept.
    keeps_previous: u32,
    first_lane: u32,
    /// Whether a probe measures more than loss and health (2: gradients alone; 3: health into a ring), or a prediction tells activations.
    is_whole: u32,
    /// Whose pre-activations get a histogram of their own; beyond the last for none.
    view_layer: u32,
    view_unit: u32,
    /// Samples of a prediction.
    n_samples: u32,
    /// Of a prediction that takes several dispatches.
    first_group: u32,
    /// `n_done` and `n_looks` where the batches, and the ring, begin.
    first_done: u32,
    first_look: u32,
    /// Whether the ring keeps the verdicts on the units and the state of the lane, too.
    keeps_lane: u32,
}

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<uniform> layers: array<Layer, N_LAYERS>;
/// [n_samples, n_inputs], row-major.
@group(0) @binding(2) var<storage, read> samples: array<f32>;
/// [n_samples]: the number, or the class.
@group(0) @binding(3) var<storage, read> targets: array<f32>;
/// For each step the number of its samples, whether lanes are looked at after it, then the indices of its samples,
/// BATCH_SIZE of them.
@group(0) @binding(4) var<storage, read> batches: array<u32>;
/// Of each lane, and where layers differ in function of each hidden layer of each lane.
@group(0) @binding(5) var<storage, read> rules: array<Rule>;
/// For each lane params, first, second, previous, gradient (N_PADDED each), running.
@group(0) @binding(6) var<storage, read_write> state: array<f32>;
@group(0) @binding(7) var<storage, read_write> statuses: array<Status>;
/// What of the arrays of activations does not fit workgroup memory.
@group(0) @binding(8) var<storage, read_write> scratch: array<f32>;

/// First value of this lane in `state` and in `scratch`.
var<private> state_base: u32;
var<private> scratch_base: u32;

var<workgroup> partials: array<f32, WORKGROUP>;
var<workgroup> step_loss: f32;
var<workgroup> divergence: u32;
var<workgroup> has_bad_param: atomic<u32>;

/// Sum of what each thread has put into `partials`, in their order.
fn sum_of_partials() -> f32 {
    var total = 0.0f;
    for (var i = 0u; i < WORKGROUP; i++) {
        total += partials[i];
    }
    return total;
}

/// By the bits, because shaders may assume that there are no such numbers.
fn is_finite(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}
