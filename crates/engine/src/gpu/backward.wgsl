// Backward pass of one lane over one batch of n samples, as in cpu/backward.rs: from dL/d(outputs), in
// the output layer's rows of `slope`, to the gradient. `slope` of a hidden layer becomes dL/dz, with
// normalisation dL/du; `see_d_z` is shown dL/dz of each layer.
fn backward(lane: u32, me: u32, n: u32) {
    see_d_z(me, N_LAYERS - 1u, layers[N_LAYERS - 1u], n);
    for (var above = N_LAYERS; above > 0u; above--) {
        let layer = layers[above - 1u];
        weight_gradients(me, layer, n);
        if above > 1u {
            let below = layers[above - 2u];
            for (var tile = me; tile < ((layer.n_in + 3u) / 4u) * BATCH_SIZE; tile += WORKGROUP) {
                let i = 4u * (tile / BATCH_SIZE);
                let c = tile % BATCH_SIZE;
                if c < n {
                    let d_a = pull_back_tile(layer, i, c);
                    take_d_a(lane, above - 2u, below, i, c, d_a.x);
                    take_d_a(lane, above - 2u, below, i + 1u, c, d_a.y);
                    take_d_a(lane, above - 2u, below, i + 2u, c, d_a.z);
                    take_d_a(lane, above - 2u, below, i + 3u, c, d_a.w);
                }
            }
            memory_barrier();
            see_d_z(me, above - 2u, below, n);
            if LEARNS_ALPHA && below.n_alpha > 0u {
                alpha_gradients(rule_of(lane, above - 2u), me, below, n);
                memory_barrier();
            }
            if HAS_NORM {
                norm_gradients(me, below, n);
                memory_barrier();
                norm_backward(me, below, n);
                memory_barrier();
            }
        }
    }
}

/// Through the activation of unit i of layer l, if there is such a unit. With dropout slopes have been multiplied by the
/// masks, dL/da has not.
fn take_d_a(lane: u32, l: u32, layer: Layer, i: u32, c: u32, d_a: f32) {
    if i >= layer.n_out {
        return;
    }
    let at = (layer.unit_row + i) * ROW + c;
    set_slope(at, get_slope(at) * d_a);
    if LEARNS_ALPHA && HAS_DROPOUT {
        set_d_a(i * ROW + c, d_a * mask(lane, l, i, c));
    } else if LEARNS_ALPHA {
        set_d_a(i * ROW + c, d_a);
    }
}
