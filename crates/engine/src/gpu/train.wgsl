// Many steps of one lane by one workgroup, as in cpu/lane.rs: from where the lane stands to the end of the batches, or to
// the next step after which it is looked at.

/// Of this dispatch.
var<workgroup> first_step: u32;

@compute @workgroup_size(WORKGROUP)
fn train(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) me: u32) {
    let lane = dispatch.first_lane + group.x;
    state_base = lane * STATE_SIZE;
    scratch_base = group.x * SCRATCH_SIZE;
    var status = statuses[lane];
    load_params(me);
    if me == 0u {
        divergence = status.divergence;
        first_step = status.n_done - dispatch.first_done;
        atomicStore(&has_bad_param, 0u);
    }
    for (var step = workgroupUniformLoad(&first_step); step < dispatch.n_steps; step++) {
        if workgroupUniformLoad(&divergence) != 0u {
            break;
        }
        let first = step * (BATCH_SIZE + 2u);
        let n = batches[first];
        gather(me, first + 2u, n);
        memory_barrier();
        mask_step = status.n_done;
        forward(lane, me, n);
        let loss = loss_and_gradient(lane, me, n);
        if me == 0u {
            status.batch_loss = loss;
            if status.has_first_loss == 0u {
                status.first_loss = loss;
            }
            let limit = DIVERGED_LOSS_RATIO * max(status.first_loss, LEAST_FIRST_LOSS);
            if is_finite(loss) && loss <= limit {
                status.has_first_loss = 1u;
            } else {
                divergence = 1u;
            }
        }
        if workgroupUniformLoad(&divergence) != 0u {
            break;
        }
        backward(lane, me, n);
        if HAS_NORM {
            update_running(me, n);
        }
        memory_barrier();
        status.n_updates++;
        update(lane, me, status.n_done, status.n_updates);
        memory_barrier();
        status.n_done++;
        if me == 0u && atomicLoad(&has_bad_param) != 0u {
            divergence = 2u;
        }
        if batches[first + 1u] != 0u {
            break;
        }
    }
    memory_barrier();
    store_params(me);
    if me == 0u {
        status.divergence = divergence;
        statuses[lane] = status;
    }
}

/// The samples of a step into the first rows of `a`; their targets into `y`.
fn gather(me: u32, first: u32, n: u32) {
    for (var c = me; c < n; c += WORKGROUP) {
        let sample = batches[first + c];
        for (var i = 0u; i < N_INPUTS; i++) {
            set_a(i * ROW + c, samples[sample * N_INPUTS + i]);
        }
        set_y(c, targets[sample]);
    }
}

/// Only probes look at it.
fn see_d_z(me: u32, l: u32, layer: Layer, n: u32) {}
