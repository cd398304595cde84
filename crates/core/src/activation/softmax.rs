//! Softmax: a map from logits to probabilities. It has no curve, for every output depends on every
//! input.

/// p_i = exp(x_i / T) / sum_j exp(x_j / T), shape `[n]` to `[n]`.
///
/// The largest logit is taken off first, so that no exponential overflows: (1000, 999, -1000) is fine.
/// At temperature 0 (and below) it is the limit: equal shares for the largest logits, 0 for the others.
pub fn softmax(logits: &[f64], temperature: f64) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = (logits.iter())
        .map(|&x| {
            // The largest stands for itself, infinite or not.
            if x == largest {
                1.0
            } else if temperature > 0.0 {
                libm::exp((x - largest) / temperature)
            } else {
                0.0
            }
        })
        .collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

/// dp_i / dx_j = p_i ([i = j] - p_j) / T, shape `[n, n]`, row i for p_i.
pub fn softmax_jacobian(logits: &[f64], temperature: f64) -> Vec<Vec<f64>> {
    let p = softmax(logits, temperature);
    (0..p.len())
        .map(|i| {
            (0..p.len())
                .map(|j| p[i] * (f64::from(u8::from(i == j)) - p[j]) / temperature)
                .collect()
        })
        .collect()
}
