// One parameter update, as in cpu/update.rs: regularisation, clipping, optimizer, in this order. A thread
// handles every WORKGROUP-th parameter.

const SGD = 0u;
const MOMENTUM = 1u;
const NESTEROV = 2u;
const RMS_PROP = 3u;
const ADAM = 4u;
const ADAM_W = 5u;

/// step: updates of the run before this one; n_updates: updates since the optimizer's state began, this one counted.
fn update(lane: u32, me: u32, step: u32, n_updates: u32) {
    if rules[lane].l1 != 0.0f || rules[lane].l2 != 0.0f {
        add_regularization(lane, me);
        memory_barrier();
    }
    if rules[lane].clip_norm >= 0.0f {
        clip_by_norm(lane, me);
        memory_barrier();
    }
    let factor = rate_factor(lane, step);
    let lr = factor * rules[lane].learning_rate;
    let o = rules[lane].optimizer_params;
    switch rules[lane].optimizer {
        case MOMENTUM: {
            for (var i = me; i < N_PARAMS; i += WORKGROUP) {
                let v = o[0] * state[state_base + FIRST + i] + get_g(i);
                state[state_base + FIRST + i] = v;
                move_param(i, get_p(i) - lr * v);
            }
        }
        case NESTEROV: {
            for (var i = me; i < N_PARAMS; i += WORKGROUP) {
                let g = get_g(i);
                let v = o[0] * state[state_base + FIRST + i] + g;
                state[state_base + FIRST + i] = v;
                move_param(i, get_p(i) - lr * (g + o[0] * v));
            }
        }
        case RMS_PROP: {
            for (var i = me; i < N_PARAMS; i += WORKGROUP) {
                let g = get_g(i);
                let v = o[0] * state[state_base + SECOND + i] + o[1] * g * g;
                state[state_base + SECOND + i] = v;
                move_param(i, get_p(i) - lr * g / (sqrt(v) + o[2]));
            }
        }
        case ADAM, ADAM_W: {
            // 1 - beta^t, which loses most of its digits if it is computed as written.
            let correction1 = -expm1(f32(n_updates) * o[6]);
            let correction2 = -expm1(f32(n_updates) * o[7]);
            let step_size = lr / correction1;
            let root = sqrt(correction2);
            for (var i = me; i < N_PARAMS; i += WORKGROUP) {
                let g = get_g(i);
                let m = o[0] * state[state_base + FIRST + i] + o[1] * g;
                let v = o[2] * state[state_base + SECOND + i] + o[3] * g * g;
                state[state_base + FIRST + i] = m;
                state[state_base + SECOND + i] = v;
                // o[5] is 0 but for AdamW.
                move_param(i, (1.0f - factor * o[5]) * get_p(i) - step_size * m / (sqrt(v) / root + o[4]));
            }
        }
        default: {
            for (var i = me; i < N_PARAMS; i += WORKGROUP) {
                move_param(i, get_p(i) - lr * get_g(i));
            }
        }
    }
}

fn move_param(i: u32, to: f32) {
    if dispatch.keeps_previous != 0u {
        state[state_base + PREVIOUS + i] = get_p(i);
    }
    set_p(i, to);
    if !is_finite(to) {
        atomicStore(&has_bad_param, 1u);
    }
}

/// Adds l1 sign(w) + l2 w to the gradient of every weight, sign(0) = 0.
fn add_regularization(lane: u32, me: u32) {
    let l1 = rules[lane].l1;
    let l2 = rules[lane].l2;
    for (var l = 0u; l < N_LAYERS; l++) {
        let first = layers[l].weights;
        for (var i = first + me; i < first + layers[l].n_in * layers[l].n_out; i += WORKGROUP) {
            let w = get_p(i);
            set_g(i, get_g(i) + l1 * sign(w) + l2 * w);
        }
    }
}

/// Multiplies the gradient by min(1, max_norm / (norm + 1e-6)), as PyTorch's clip_grad_norm_.
fn clip_by_norm(lane: u32, me: u32) {
    var squares = 0.0f;
    for (var i = me; i < N_PARAMS; i += WORKGROUP) {
        squares += get_g(i) * get_g(i);
    }
    partials[me] = squares;
    memory_barrier();
    let scale = rules[lane].clip_norm / (sqrt(sum_of_partials()) + 1e-6f);
    if scale < 1.0f {
        for (var i = me; i < N_PARAMS; i += WORKGROUP) {
            set_g(i, get_g(i) * scale);
        }
    }
}
