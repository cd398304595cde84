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

/// Softmax as its definition is written, in f32: exp(x_i / T) over their sum. It shows what [`softmax()`]
/// avoids: from x / T = 89 on an exponential overflows, and infinity by infinity is no number.
pub fn softmax_naive_f32(logits: &[f64], temperature: f64) -> Vec<f32> {
    let weights: Vec<f32> = (logits.iter())
        .map(|&x| libm::expf(x as f32 / temperature as f32))
        .collect();
    let total: f32 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

/// -sum p_i log2 p_i: how undecided the probabilities are, 0 to log2 n bits.
pub fn entropy_bits(p: &[f64]) -> f64 {
    let terms = p.iter().filter(|p| **p > 0.0).map(|p| p * libm::log2(*p));
    // Adding 0 turns -0 into 0.
    0.0 - terms.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_naive_form_overflows_where_the_stable_one_does_not() {
        let logits = [89.0, 88.0, 0.0];
        assert!(softmax_naive_f32(&logits, 1.0)[0].is_nan());
        let stable = softmax(&logits, 1.0);
        assert!((stable[0] - 0.731_058_578_630_004_9).abs() < 1e-15);
        for (naive, stable) in softmax_naive_f32(&logits, 2.0)
            .iter()
            .zip(softmax(&logits, 2.0))
        {
            assert!((f64::from(*naive) - stable).abs() < 1e-6);
        }
        // All of it underflows, and nothing is left to divide by.
        assert!(softmax_naive_f32(&[-200.0, -201.0], 1.0)[0].is_nan());
    }

    #[test]
    fn entropy_is_none_for_the_certain_and_most_for_the_even() {
        assert_eq!(entropy_bits(&[1.0, 0.0]), 0.0);
        assert!((entropy_bits(&[0.25; 4]) - 2.0).abs() < 1e-15);
    }
}
