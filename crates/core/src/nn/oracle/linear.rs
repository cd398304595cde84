//! Linear layer: u = W a + b.
//!
//! Shapes: a `[n, n_in]`, W `[n_out, n_in]`, b `[n_out]`, u `[n, n_out]`; n samples, row-major.

/// u_sj = sum_i W_ji a_si + b_j.
pub fn forward(weights: &[f64], biases: &[f64], a: &[f64]) -> Vec<f64> {
    let n_in = weights.len() / biases.len();
    let mut u = Vec::with_capacity(a.len() / n_in * biases.len());
    for sample in a.chunks_exact(n_in) {
        for (row, bias) in weights.chunks_exact(n_in).zip(biases) {
            let sum: f64 = row.iter().zip(sample).map(|(w, a)| w * a).sum();
            u.push(sum + bias);
        }
    }
    u
}

pub struct Gradient {
    /// `[n_out, n_in]`: dL/dW_ji = sum_s d_u_sj a_si.
    pub weights: Vec<f64>,
    /// `[n_out]`: dL/db_j = sum_s d_u_sj.
    pub biases: Vec<f64>,
    /// `[n, n_in]`: dL/da_si = sum_j d_u_sj W_ji.
    pub a: Vec<f64>,
}

/// `d_u`: dL/du, `[n, n_out]`.
pub fn backward(weights: &[f64], n_out: usize, a: &[f64], d_u: &[f64]) -> Gradient {
    let n_in = weights.len() / n_out;
    let mut gradient = Gradient {
        weights: vec![0.0; weights.len()],
        biases: vec![0.0; n_out],
        a: vec![0.0; a.len()],
    };
    let samples = a.chunks_exact(n_in).zip(d_u.chunks_exact(n_out));
    for ((a, d_u), d_a) in samples.zip(gradient.a.chunks_exact_mut(n_in)) {
        for (j, &d_u) in d_u.iter().enumerate() {
            gradient.biases[j] += d_u;
            for i in 0..n_in {
                gradient.weights[j * n_in + i] += d_u * a[i];
                d_a[i] += d_u * weights[j * n_in + i];
            }
        }
    }
    gradient
}
