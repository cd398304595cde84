// What a lane's units do on the probe set, as in cpu/probe.rs: one workgroup a lane, the probe set as one
// batch. The gradient is scratch: that of the last update stays in `state`.

/// For each lane loss, dead units, saturated units, samples classified rightly. Then, where gradients are asked
/// for, two values for each layer of each lane; where all is, for each workgroup of the dispatch, UNIT_VALUES for
/// each unit, two values for each layer, N_BINS + 1 for each histogram, and the outputs, [n_outputs, n_samples].
/// Or, for each look of a ring and each lane, RING_VALUES and, where lanes are kept, verdicts of the hidden units, state.
@group(0) @binding(9) var<storage, read_write> results: array<f32>;

const HEADER = 4u;
const UNIT_VALUES = 8u;
const N_BINS = 48u;
const HALF_RANGE = 4.0f;
/// What `dispatch.is_whole` asks for.
const HEALTH = 0u;
const GRADIENT = 2u;
const RING = 3u;
/// Loss, dead units, saturated units, samples classified rightly; the lane's status, whole numbers in two halves.
const RING_VALUES = 12u;
/// Verdicts.
const ALIVE = 0.0f;
const SATURATED = 1.0f;
const DEAD = 2.0f;
const MAX_HISTOGRAM_VALUES = 32768u;
const LAYER_RESULTS = N_UNITS * UNIT_VALUES;
const HISTOGRAMS = LAYER_RESULTS + 2u * N_LAYERS;
const OUTPUTS = HISTOGRAMS + (N_LAYERS + 1u) * (N_BINS + 1u);

/// First value of this workgroup in `results`.
var<private> result_base: u32;
/// First of the two values of each layer.
var<private> layer_base: u32;
var<workgroup> counts: array<atomic<u32>, N_BINS>;
var<workgroup> half_range: f32;
var<workgroup> n_dead: atomic<u32>;
var<workgroup> n_saturated: atomic<u32>;
var<workgroup> n_right: atomic<u32>;

@compute @workgroup_size(WORKGROUP)
fn probe(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) me: u32) {
    let lane = dispatch.first_lane + group.x;
    let n = BATCH_SIZE;
    let last = layers[N_LAYERS - 1u];
    state_base = lane * STATE_SIZE;
    scratch_base = group.x * SCRATCH_SIZE;
    let details = arrayLength(&statuses) * HEADER;
    result_base = details + group.x * (OUTPUTS + last.n_out * n);
    if dispatch.is_whole == RING {
        let look = statuses[lane].n_looks - dispatch.first_look;
        let n_kept = select(0u, N_HIDDEN_UNITS + STATE_SIZE, dispatch.keeps_lane != 0u);
        result_base = (look * arrayLength(&statuses) + lane) * (RING_VALUES + n_kept);
    }
    layer_base = select(
        result_base + LAYER_RESULTS,
        details + lane * 2u * N_LAYERS,
        dispatch.is_whole == GRADIENT,
    );
    load_params(me);
    if me == 0u {
        atomicStore(&n_dead, 0u);
        atomicStore(&n_saturated, 0u);
        atomicStore(&n_right, 0u);
    }
    for (var c = me; c < n; c += WORKGROUP) {
        for (var i = 0u; i < N_INPUTS; i++) {
            set_a(i * ROW + c, samples[c * N_INPUTS + i]);
        }
        set_y(c, targets[c]);
    }
    memory_barrier();
    forward(lane, me, n);
    let sees_all = dispatch.is_whole != HEALTH && dispatch.is_whole != GRADIENT && dispatch.is_whole != RING;
    for (var unit = me; unit < N_UNITS; unit += WORKGROUP) {
        var n_slopes = vec2<u32>(0u);
        if unit < N_HIDDEN_UNITS {
            n_slopes = judge_unit(lane, unit, n);
        }
        if sees_all {
            see_unit(unit, n_slopes, n);
        }
    }
    count_right(lane, me, last, n);
    let loss = loss_and_gradient(lane, me, n);
    if me == 0u {
        let at = select(lane * HEADER, result_base, dispatch.is_whole == RING);
        results[at] = loss;
        results[at + 1u] = f32(atomicLoad(&n_dead));
        results[at + 2u] = f32(atomicLoad(&n_saturated));
        results[at + 3u] = f32(atomicLoad(&n_right));
        if dispatch.is_whole == RING {
            keep_status(lane, at + HEADER);
        }
    }
    if dispatch.is_whole == RING && dispatch.keeps_lane != 0u {
        keep_state(me);
    }
    if dispatch.is_whole == HEALTH || dispatch.is_whole == RING {
        return;
    }
    if sees_all {
        see_all(me, last, n);
    }
    backward(lane, me, n);
    memory_barrier();
    for (var l = 0u; l < N_LAYERS; l++) {
        see_weight_gradient(me, l, layers[l]);
    }
}

/// How far a lane has come, beside its health, and that it was looked at.
fn keep_status(lane: u32, at: u32) {
    results[at] = f32(statuses[lane].n_done >> 16u);
    results[at + 1u] = f32(statuses[lane].n_done & 0xffffu);
    results[at + 2u] = f32(statuses[lane].n_updates >> 16u);
    results[at + 3u] = f32(statuses[lane].n_updates & 0xffffu);
    results[at + 4u] = statuses[lane].batch_loss;
    results[at + 5u] = statuses[lane].first_loss;
    results[at + 6u] = f32(statuses[lane].has_first_loss);
    results[at + 7u] = f32(statuses[lane].divergence);
    statuses[lane].n_looks++;
}

/// The lane as its last update left it.
fn keep_state(me: u32) {
    for (var i = me; i < STATE_SIZE; i += WORKGROUP) {
        results[result_base + RING_VALUES + N_HIDDEN_UNITS + i] = state[state_base + i];
    }
}

/// Outputs and histograms.
fn see_all(me: u32, last: Layer, n: u32) {
    for (var i = me; i < last.n_out * n; i += WORKGROUP) {
        results[result_base + OUTPUTS + i] = get_z((last.z_row + i / n) * ROW + i % n);
    }
    storageBarrier();
    workgroupBarrier();
    for (var l = 0u; l < N_LAYERS; l++) {
        histogram(me, l, layers[l].unit_row, layers[l].n_out, n);
    }
    if dispatch.view_layer < N_LAYERS {
        histogram(me, N_LAYERS, layers[dispatch.view_layer].unit_row + dispatch.view_unit, 1u, n);
    }
}

/// Slopes of exactly 0 and small slopes of one hidden unit over n samples, and what they say of it. Other loads than
/// these would cost more than all else of a look that asks for health alone.
fn judge_unit(lane: u32, unit: u32, n: u32) -> vec2<u32> {
    let row = unit * ROW;
    var l = 0u;
    if HAS_LAYER_RULES {
        while l + 2u < N_LAYERS && unit >= layers[l + 1u].unit_row {
            l++;
        }
    }
    let small = rules[rule_of(lane, l)].small_slope;
    var n_zero = 0u;
    var n_small = 0u;
    for (var c = 0u; c < n; c++) {
        let slope = abs(get_slope(row + c));
        n_zero += select(0u, 1u, slope == 0.0f);
        n_small += select(0u, 1u, slope < small);
    }
    var verdict = ALIVE;
    // 95 % of the samples, in whole numbers.
    if n_zero == n {
        verdict = DEAD;
        atomicAdd(&n_dead, 1u);
    } else if 100u * n_small >= 95u * n {
        verdict = SATURATED;
        atomicAdd(&n_saturated, 1u);
    }
    if dispatch.is_whole == RING && dispatch.keeps_lane != 0u {
        results[result_base + RING_VALUES + unit] = verdict;
    }
    return vec2<u32>(n_zero, n_small);
}

/// Mean and variance of z, least and largest z, z of at most 0, sum of |f'(z)|, of one unit over n samples. Of output
/// units only what concerns z.
fn see_unit(unit: u32, n_slopes: vec2<u32>, n: u32) {
    let row = unit * ROW;
    var n_negative = 0u;
    var sum_of_slopes = 0.0f;
    var sum_of_z = 0.0f;
    var least = get_z(row);
    var largest = least;
    for (var c = 0u; c < n; c++) {
        let z = get_z(row + c);
        sum_of_z += z;
        least = min(least, z);
        largest = max(largest, z);
        n_negative += select(0u, 1u, z <= 0.0f);
        if unit < N_HIDDEN_UNITS {
            sum_of_slopes += abs(get_slope(row + c));
        }
    }
    let per_sample = 1.0f / f32(n);
    let mean = per_sample * sum_of_z;
    var squares = 0.0f;
    for (var c = 0u; c < n; c++) {
        let d = get_z(row + c) - mean;
        squares += d * d;
    }
    let at = result_base + unit * UNIT_VALUES;
    results[at] = f32(n_slopes.x);
    results[at + 1u] = f32(n_slopes.y);
    results[at + 2u] = mean;
    results[at + 3u] = per_sample * squares;
    results[at + 4u] = least;
    results[at + 5u] = largest;
    results[at + 6u] = f32(n_negative);
    results[at + 7u] = sum_of_slopes;
}

/// Counts the samples whose class the outputs tell rightly. Of no meaning where targets are numbers.
fn count_right(lane: u32, me: u32, layer: Layer, n: u32) {
    let is_squared = rules[lane].loss == MSE || rules[lane].loss == HUBER;
    let threshold = select(0.0f, 0.5f, is_squared);
    for (var c = me; c < n; c += WORKGROUP) {
        var best = 0u;
        var best_z = get_z(layer.z_row * ROW + c);
        if layer.n_out == 1u {
            best = select(0u, 1u, best_z > threshold);
        }
        for (var k = 1u; k < layer.n_out; k++) {
            let z = get_z((layer.z_row + k) * ROW + c);
            if z > best_z {
                best = k;
                best_z = z;
            }
        }
        if f32(best) == get_y(c) {
            atomicAdd(&n_right, 1u);
        }
    }
}

/// Equal bins around 0 of z of some units. The range doubles until three standard deviations around the mean
/// lie within; what lies beyond goes to the outer bins.
fn histogram(me: u32, slot: u32, unit_row: u32, n_units: u32, n: u32) {
    if me == 0u {
        var mean = 0.0f;
        for (var j = 0u; j < n_units; j++) {
            mean += results[result_base + (unit_row + j) * UNIT_VALUES + 2u];
        }
        mean = mean / f32(n_units);
        var variance = 0.0f;
        for (var j = 0u; j < n_units; j++) {
            let at = result_base + (unit_row + j) * UNIT_VALUES;
            let d = results[at + 2u] - mean;
            variance += results[at + 3u] + d * d;
        }
        let reach = abs(mean) + 3.0f * sqrt(variance / f32(n_units));
        var half = HALF_RANGE;
        for (var i = 0u; i < 28u && half < reach; i++) {
            half = 2.0f * half;
        }
        half_range = half;
    }
    for (var bin = me; bin < N_BINS; bin += WORKGROUP) {
        atomicStore(&counts[bin], 0u);
    }
    let half = workgroupUniformLoad(&half_range);
    let bins_per_z = f32(N_BINS) / (2.0f * half);
    let every = (n_units * n + MAX_HISTOGRAM_VALUES - 1u) / MAX_HISTOGRAM_VALUES;
    for (var i = me; i < n_units * n; i += WORKGROUP) {
        let z = get_z((unit_row + i / n) * ROW + i % n);
        if (i % n) % every == 0u && (is_finite(z) || abs(z) > HALF_RANGE) {
            let place = clamp((z + half) * bins_per_z, 0.0f, f32(N_BINS) - 1.0f);
            atomicAdd(&counts[u32(place)], 1u);
        }
    }
    workgroupBarrier();
    let at = result_base + HISTOGRAMS + slot * (N_BINS + 1u);
    for (var bin = me; bin < N_BINS; bin += WORKGROUP) {
        results[at + 1u + bin] = f32(atomicLoad(&counts[bin]));
    }
    if me == 0u {
        results[at] = half;
    }
    workgroupBarrier();
}

/// Sum of squares of dL/dz of a layer.
fn see_d_z(me: u32, l: u32, layer: Layer, n: u32) {
    var squares = 0.0f;
    for (var i = me; i < layer.n_out * n; i += WORKGROUP) {
        let d_z = get_slope((layer.unit_row + i / n) * ROW + i % n);
        squares += d_z * d_z;
    }
    keep_sum(me, squares, 2u * l);
}

/// Sum of squares of dL/dW of a layer.
fn see_weight_gradient(me: u32, l: u32, layer: Layer) {
    var squares = 0.0f;
    for (var i = me; i < layer.n_in * layer.n_out; i += WORKGROUP) {
        let g = get_g(layer.weights + i);
        squares += g * g;
    }
    keep_sum(me, squares, 2u * l + 1u);
}

/// The sum over all threads, into a value of a layer.
fn keep_sum(me: u32, value: f32, at: u32) {
    workgroupBarrier();
    partials[me] = value;
    workgroupBarrier();
    if me == 0u {
        results[layer_base + at] = sum_of_partials();
    }
    workgroupBarrier();
}
