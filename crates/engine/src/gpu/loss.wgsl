// Loss of a batch of n samples and its gradient, as in cpu/loss.rs. Outputs are in `z`; dL/d(outputs)
// goes to the output layer's rows of `slope`. A thread handles whole samples.

const MSE = 0u;
const BCE_LOGITS = 1u;
const SOFTMAX_CROSS_ENTROPY = 2u;
const FOCAL = 3u;
const HUBER = 4u;
const SIGMOID_MSE = 5u;
const RELU_MSE = 6u;

/// Returns the loss to thread 0; the other threads get what they need not look at.
fn loss_and_gradient(lane: u32, me: u32, n: u32) -> f32 {
    let layer = layers[N_LAYERS - 1u];
    if rules[lane].loss == SOFTMAX_CROSS_ENTROPY {
        return softmax_cross_entropy(lane, me, n, layer);
    }
    if rules[lane].loss == FOCAL && layer.n_out > 1u {
        return softmax_focal(lane, me, n, layer);
    }
    let scale = 1.0f / f32(n * layer.n_out);
    var total = 0.0f;
    for (var c = me; c < n; c += WORKGROUP) {
        let y = get_y(c);
        let weight = weight_of(lane, select(0u, 1u, y > 0.5f));
        for (var k = 0u; k < layer.n_out; k++) {
            let wanted = select(one_hot(y, k), y, layer.n_out == 1u);
            let judged = loss_of_output(lane, get_z((layer.z_row + k) * ROW + c), wanted);
            total += weight * judged.x;
            set_slope((layer.unit_row + k) * ROW + c, weight * judged.y * scale);
        }
    }
    partials[me] = total;
    memory_barrier();
    return scale * sum_of_partials();
}

fn weight_of(lane: u32, class_index: u32) -> f32 {
    if rules[lane].has_class_weights == 0u {
        return 1.0f;
    }
    return rules[lane].class_weights[class_index];
}

fn one_hot(y: f32, k: u32) -> f32 {
    return select(0.0f, 1.0f, y == f32(k));
}

/// Loss of one output, and its slope.
fn loss_of_output(lane: u32, x: f32, y: f32) -> vec2<f32> {
    let params = rules[lane].loss_params;
    switch rules[lane].loss {
        case BCE_LOGITS: {
            return vec2<f32>(softplus(x) - x * y, sigmoid(x) - y);
        }
        case FOCAL: {
            return focal(x, y, params[0], params[1]);
        }
        case HUBER: {
            let error = x - y;
            let delta = params[0];
            let is_small = abs(error) <= delta;
            let loss = select(delta * (abs(error) - delta * 0.5f), error * error * 0.5f, is_small);
            return vec2<f32>(loss, select(delta * sign(error), error, is_small));
        }
        case SIGMOID_MSE: {
            let p = sigmoid(x);
            let error = p - y;
            return vec2<f32>(error * error, 2.0f * error * p * sigmoid(-x));
        }
        case RELU_MSE: {
            let error = max(x, 0.0f) - y;
            return vec2<f32>(error * error, select(0.0f, 2.0f * error, x > 0.0f));
        }
        default: {
            let error = x - y;
            return vec2<f32>(error * error, 2.0f * error);
        }
    }
}

/// -alpha_t (1 - p_t)^gamma log p_t, u being the logit of the true class.
fn focal(x: f32, y: f32, gamma: f32, alpha: f32) -> vec2<f32> {
    let is_positive = y > 0.5f;
    let sign_of_class = select(-1.0f, 1.0f, is_positive);
    let alpha_t = select(1.0f - alpha, alpha, is_positive);
    let u = sign_of_class * x;
    let p = sigmoid(u);
    let q = sigmoid(-u);
    let log_p = -softplus(-u);
    // log q is finite, so that q^0 is 1 even where q is 0.
    let log_q = -softplus(u);
    let focus = alpha_t * exp(log_q * gamma);
    return vec2<f32>(-(focus * log_p), sign_of_class * focus * (p * log_p * gamma - q));
}

/// sum_s w_s (log sum_k exp x_ks - x_(class s)s) / sum_s w_s; 0 for a batch whose weights are all 0.
fn softmax_cross_entropy(lane: u32, me: u32, n: u32, layer: Layer) -> f32 {
    let scale = scale_of_weights(lane, me, n);
    var total = 0.0f;
    for (var c = me; c < n; c += WORKGROUP) {
        let y = get_y(c);
        // Shifted by the largest logit, so that exp cannot overflow.
        var largest = get_z(layer.z_row * ROW + c);
        for (var k = 1u; k < layer.n_out; k++) {
            let x = get_z((layer.z_row + k) * ROW + c);
            largest = select(largest, x, x > largest);
        }
        var sum_of_exp = 0.0f;
        var of_class = 0.0f;
        for (var k = 0u; k < layer.n_out; k++) {
            let x = get_z((layer.z_row + k) * ROW + c);
            sum_of_exp += exp(x - largest);
            of_class = select(of_class, x, y == f32(k));
        }
        let weight = weight_of(lane, u32(y)) * scale;
        total += weight * (largest + log(sum_of_exp) - of_class);
        for (var k = 0u; k < layer.n_out; k++) {
            let p = exp(get_z((layer.z_row + k) * ROW + c) - largest) / sum_of_exp;
            set_slope((layer.unit_row + k) * ROW + c, weight * (p - one_hot(y, k)));
        }
    }
    partials[me] = total;
    memory_barrier();
    return sum_of_partials();
}

/// sum_s w_s focal(u_s) / sum_s w_s, u the logit of sample s's class against all others together; 0 for a batch whose weights
/// are all 0.
fn softmax_focal(lane: u32, me: u32, n: u32, layer: Layer) -> f32 {
    let params = rules[lane].loss_params;
    let scale = scale_of_weights(lane, me, n);
    var total = 0.0f;
    for (var c = me; c < n; c += WORKGROUP) {
        let y = get_y(c);
        // Shifted by the largest logit of the others, so that exp cannot overflow.
        var largest = get_z((layer.z_row + select(0u, 1u, y == 0.0f)) * ROW + c);
        for (var k = 0u; k < layer.n_out; k++) {
            let x = get_z((layer.z_row + k) * ROW + c);
            largest = select(largest, x, y != f32(k) && x > largest);
        }
        var sum_of_exp = 0.0f;
        var of_class = 0.0f;
        for (var k = 0u; k < layer.n_out; k++) {
            let x = get_z((layer.z_row + k) * ROW + c);
            sum_of_exp += select(exp(x - largest), 0.0f, y == f32(k));
            of_class = select(of_class, x, y == f32(k));
        }
        let u = of_class - largest - log(sum_of_exp);
        let judged = focal(u, 1.0f, params[0], params[1]);
        let weight = weight_of(lane, u32(y)) * scale;
        total += weight * judged.x;
        for (var k = 0u; k < layer.n_out; k++) {
            let d_u = -(exp(get_z((layer.z_row + k) * ROW + c) - largest) / sum_of_exp);
            set_slope((layer.unit_row + k) * ROW + c, weight * judged.y * select(d_u, 1.0f, y == f32(k)));
        }
    }
    partials[me] = total;
    memory_barrier();
    return sum_of_partials();
}

/// 1 / sum_s w_s; 0 where all weights are.
fn scale_of_weights(lane: u32, me: u32, n: u32) -> f32 {
    var weights = 0.0f;
    for (var c = me; c < n; c += WORKGROUP) {
        weights += weight_of(lane, u32(get_y(c)));
    }
    partials[me] = weights;
    memory_barrier();
    let sum_of_weights = sum_of_partials();
    memory_barrier();
    if sum_of_weights > 0.0f {
        return 1.0f / sum_of_weights;
    }
    return 0.0f;
}
