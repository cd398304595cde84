// Predictions of lanes for samples that they do not learn from, with the statistics gathered while
// training, as in cpu/predict.rs: a workgroup takes BATCH_SIZE samples of one lane.

/// Of each lane that is asked outputs [n_outputs, n_samples], then activations of the hidden units,
/// [n_hidden_units, n_samples], if they are asked for.
@group(0) @binding(9) var<storage, read_write> results: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn predict(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) n_groups: vec3<u32>,
    @builtin(local_invocation_index) me: u32,
) {
    let lane = dispatch.first_lane + group.y;
    let first = (dispatch.first_group + group.x) * BATCH_SIZE;
    let n_samples = dispatch.n_samples;
    let n = min(BATCH_SIZE, n_samples - first);
    state_base = lane * STATE_SIZE;
    scratch_base = (group.y * n_groups.x + group.x) * SCRATCH_SIZE;
    load_params(me);
    for (var c = me; c < n; c += WORKGROUP) {
        for (var i = 0u; i < N_INPUTS; i++) {
            set_a(i * ROW + c, samples[(first + c) * N_INPUTS + i]);
        }
    }
    memory_barrier();
    forward(lane, me, n);
    let last = layers[N_LAYERS - 1u];
    let n_rows = last.n_out + select(N_HIDDEN_UNITS, 0u, dispatch.is_whole == 0u);
    let base = group.y * n_rows * n_samples;
    for (var i = me; i < last.n_out * n; i += WORKGROUP) {
        results[base + (i / n) * n_samples + first + i % n] = get_z((last.z_row + i / n) * ROW + i % n);
    }
    if dispatch.is_whole == 0u {
        return;
    }
    for (var i = me; i < N_HIDDEN_UNITS * n; i += WORKGROUP) {
        let at = base + (last.n_out + i / n) * n_samples + first + i % n;
        results[at] = get_a((N_INPUTS + i / n) * ROW + i % n);
    }
}
