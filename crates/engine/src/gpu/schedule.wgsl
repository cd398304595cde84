// By what an update multiplies the learning rate, as in core/nn/schedule.rs.

const STEP = 1u;
const COSINE = 2u;

/// step: updates made before this one.
fn rate_factor(lane: u32, step: u32) -> f32 {
    let warm_up = rules[lane].warm_up;
    if step < warm_up {
        return f32(step + 1u) / f32(warm_up);
    }
    let t = step - warm_up;
    let length = rules[lane].annealing_length;
    let param = rules[lane].annealing_param;
    switch rules[lane].annealing {
        case STEP: {
            return exp(f32(t / length) * param);
        }
        case COSINE: {
            return param + (1.0f - param) * half_cosine(min(f32(t) / f32(length), 1.0f));
        }
        default: {
            return 1.0f;
        }
    }
}

/// (1 + cos(pi x)) / 2 for x of 0..1: a device's own cosine may be wrong by 2^-11.
fn half_cosine(x: f32) -> f32 {
    let s = 3.1415927f * (x - 0.5f);
    let u = s * s;
    let sine = s * (1.0f - u / 6.0f * (1.0f - u / 20.0f * (1.0f - u / 42.0f
        * (1.0f - u / 72.0f * (1.0f - u / 110.0f)))));
    return 0.5f - 0.5f * sine;
}
