// Activation of single values, as in cpu/activate.rs; `activation` is printed from the expression.

/// The rule that says the function of layer l.
fn rule_of(lane: u32, l: u32) -> u32 {
    if !HAS_LAYER_RULES {
        return lane;
    }
    return arrayLength(&statuses) + lane * (N_LAYERS - 1u) + l;
}

/// The learned alpha of a unit, or 0 where its function learns none.
fn alpha_of(layer: Layer, j: u32) -> f32 {
    if !LEARNS_ALPHA || layer.n_alpha == 0u {
        return 0.0f;
    }
    return get_p(layer.alpha + select(0u, j, layer.n_alpha > 1u));
}

/// Keeps a = f(z) and f'(z) of unit j of layer l, if there is such a unit.
fn activate(lane: u32, l: u32, layer: Layer, j: u32, c: u32, z: f32) {
    if j >= layer.n_out {
        return;
    }
    var value = activation(rule_of(lane, l), alpha_of(layer, j), z);
    if HAS_DROPOUT {
        value *= mask(lane, l, j, c);
    }
    let at = (layer.unit_row + j) * ROW + c;
    set_a(at + N_INPUTS * ROW, value.x);
    set_slope(at, value.y);
    if KEEPS_Z {
        set_z((layer.z_row + j) * ROW + c, z);
    }
}

/// dL/dalpha = sum of dL/da df/dalpha(z) over the samples and units that share the alpha.
fn alpha_gradients(rule: u32, me: u32, layer: Layer, n: u32) {
    if layer.n_alpha > 1u {
        for (var j = me; j < layer.n_out; j += WORKGROUP) {
            var total = 0.0f;
            for (var c = 0u; c < n; c++) {
                let z = get_z((layer.z_row + j) * ROW + c);
                total += get_d_a(j * ROW + c) * slope_of_alpha(rule, alpha_of(layer, j), z);
            }
            set_g(layer.alpha + j, total);
        }
        return;
    }
    var total = 0.0f;
    for (var i = me; i < layer.n_out * BATCH_SIZE; i += WORKGROUP) {
        let j = i / BATCH_SIZE;
        let c = i % BATCH_SIZE;
        if c < n {
            let z = get_z((layer.z_row + j) * ROW + c);
            total += get_d_a(j * ROW + c) * slope_of_alpha(rule, alpha_of(layer, j), z);
        }
    }
    partials[me] = total;
    memory_barrier();
    if me == 0u {
        set_g(layer.alpha, sum_of_partials());
    }
}
