// Forward pass of one lane over one batch of n samples, as in cpu/forward.rs: layer by layer linear,
// normalisation, activation. Leaves a and f'(z) of every hidden layer, and the outputs in `z`.
fn forward(lane: u32, me: u32, n: u32) {
    for (var l = 0u; l < N_LAYERS; l++) {
        let layer = layers[l];
        let is_hidden = l + 1u < N_LAYERS;
        let n_tiles = (layer.n_out + 3u) / 4u;
        for (var tile = me; tile < n_tiles * BATCH_SIZE; tile += WORKGROUP) {
            let j = 4u * (tile / BATCH_SIZE);
            let c = tile % BATCH_SIZE;
            if c < n {
                let u = affine_tile(layer, j, c);
                keep(lane, l, layer, j, c, u.x);
                keep(lane, l, layer, j + 1u, c, u.y);
                keep(lane, l, layer, j + 2u, c, u.z);
                keep(lane, l, layer, j + 3u, c, u.w);
            }
        }
        memory_barrier();
        if HAS_NORM && is_hidden {
            norm_statistics(me, layer, n);
            memory_barrier();
            for (var i = me; i < layer.n_out * BATCH_SIZE; i += WORKGROUP) {
                let j = i / BATCH_SIZE;
                let c = i % BATCH_SIZE;
                if c < n {
                    activate(lane, l, layer, j, c, normalize(layer, j, c));
                }
            }
            memory_barrier();
        }
    }
}

/// What becomes of the linear value of unit j of layer l, if there is such a unit.
fn keep(lane: u32, l: u32, layer: Layer, j: u32, c: u32, u: f32) {
    if j >= layer.n_out {
        return;
    }
    if l + 1u == N_LAYERS {
        set_z((layer.z_row + j) * ROW + c, u);
    } else if HAS_NORM {
        set_u_hat((layer.unit_row + j) * ROW + c, u);
    } else {
        activate(lane, l, layer, j, c, u);
    }
}
