// Batch normalisation, as in cpu/norm.rs: u_hat = (u - mean) / sqrt(variance + eps), z = gamma u_hat + beta.

/// Means and variances of a layer's rows of `u_hat`, which hold u, or those gathered while training. One
/// thread a unit.
fn norm_statistics(me: u32, layer: Layer, n: u32) {
    let per_sample = 1.0f / f32(n);
    for (var j = me; j < layer.n_out; j += WORKGROUP) {
        if USES_RUNNING {
            let at = state_base + RUNNING + layer.running + j;
            set_statistics(layer.running + j, state[at]);
            set_inv_std(layer.unit_row + j, 1.0f / sqrt(state[at + layer.n_out] + NORM_EPS));
            continue;
        }
        let row = (layer.unit_row + j) * ROW;
        var total = 0.0f;
        for (var c = 0u; c < n; c++) {
            total += get_u_hat(row + c);
        }
        let mean = per_sample * total;
        var squares = 0.0f;
        for (var c = 0u; c < n; c++) {
            let d = get_u_hat(row + c) - mean;
            squares += d * d;
        }
        let variance = per_sample * squares;
        set_statistics(layer.running + j, mean);
        set_statistics(layer.running + layer.n_out + j, variance);
        set_inv_std(layer.unit_row + j, 1.0f / sqrt(variance + NORM_EPS));
    }
}

/// u to u_hat, and z, of one value.
fn normalize(layer: Layer, j: u32, c: u32) -> f32 {
    let at = (layer.unit_row + j) * ROW + c;
    let u_hat = (get_u_hat(at) - get_statistics(layer.running + j)) * get_inv_std(layer.unit_row + j);
    set_u_hat(at, u_hat);
    return get_p(layer.gamma + j) * u_hat + get_p(layer.beta + j);
}

/// Moves running statistics towards those of a batch of n samples; the running variance is unbiased.
fn update_running(me: u32, n: u32) {
    let unbiased = f32(n) / f32(max(n, 2u) - 1u);
    for (var l = 0u; l + 1u < N_LAYERS; l++) {
        let layer = layers[l];
        for (var i = me; i < 2u * layer.n_out; i += WORKGROUP) {
            let of_batch = get_statistics(layer.running + i) * select(1.0f, unbiased, i >= layer.n_out);
            let at = state_base + RUNNING + layer.running + i;
            state[at] += NORM_MOMENTUM * (of_batch - state[at]);
        }
    }
}

/// d_gamma = sum dz u_hat and d_beta = sum dz, `slope` holding dL/dz. One thread a unit.
fn norm_gradients(me: u32, layer: Layer, n: u32) {
    for (var j = me; j < layer.n_out; j += WORKGROUP) {
        let row = (layer.unit_row + j) * ROW;
        var sum_d_z = 0.0f;
        var sum_product = 0.0f;
        for (var c = 0u; c < n; c++) {
            let d_z = get_slope(row + c);
            sum_d_z += d_z;
            sum_product += d_z * get_u_hat(row + c);
        }
        set_g(layer.gamma + j, sum_product);
        set_g(layer.beta + j, sum_d_z);
    }
}

/// Turns `slope` from dL/dz into dL/du = gamma inv_std (dz - mean(dz) - u_hat mean(dz u_hat)).
fn norm_backward(me: u32, layer: Layer, n: u32) {
    let per_sample = 1.0f / f32(n);
    for (var i = me; i < layer.n_out * BATCH_SIZE; i += WORKGROUP) {
        let j = i / BATCH_SIZE;
        let c = i % BATCH_SIZE;
        if c < n {
            let at = (layer.unit_row + j) * ROW + c;
            let mean_d_z = per_sample * get_g(layer.beta + j);
            let mean_product = per_sample * get_g(layer.gamma + j);
            let scale = get_p(layer.gamma + j) * get_inv_std(layer.unit_row + j);
            set_slope(at, scale * (get_slope(at) - mean_d_z - get_u_hat(at) * mean_product));
        }
    }
}
