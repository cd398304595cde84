//! Batch normalisation between a linear layer and its activation (Ioffe and Szegedy 2015,
//! arXiv 1502.03167): each unit to mean 0 and variance 1 over the batch, then a learned scale and shift.
//!
//! u_hat = (u - mean) / sqrt(variance + eps), z = gamma u_hat + beta.
//!
//! Shapes: u, u_hat, z `[n, n_units]`, row-major; everything else `[n_units]`.

/// PyTorch's default.
pub const EPS: f64 = 1e-5;
/// Weight of a new batch in the running statistics: PyTorch's default.
pub const MOMENTUM: f64 = 0.1;

/// What the backward pass and the running statistics need of a forward pass.
#[derive(Clone, Debug)]
pub struct Normalized {
    pub mean: Vec<f64>,
    /// Population variance (divided by n).
    pub variance: Vec<f64>,
    pub u_hat: Vec<f64>,
    pub z: Vec<f64>,
}

/// With the statistics of the batch itself, as in training.
pub fn forward_batch(gamma: &[f64], beta: &[f64], u: &[f64]) -> Normalized {
    let n_units = gamma.len();
    let mean = mean_over_batch(n_units, u.iter().copied());
    let squares = u
        .chunks_exact(n_units)
        .flat_map(|u| u.iter().zip(&mean).map(|(u, mean)| (u - mean) * (u - mean)));
    let variance = mean_over_batch(n_units, squares);
    normalize(gamma, beta, u, mean, variance)
}

/// With the running statistics (means, then variances), as in use after training.
pub fn forward_running(gamma: &[f64], beta: &[f64], running: &[f64], u: &[f64]) -> Normalized {
    let (mean, variance) = running.split_at(gamma.len());
    normalize(gamma, beta, u, mean.to_vec(), variance.to_vec())
}

fn normalize(
    gamma: &[f64],
    beta: &[f64],
    u: &[f64],
    mean: Vec<f64>,
    variance: Vec<f64>,
) -> Normalized {
    let (mut u_hat, mut z) = (u.to_vec(), u.to_vec());
    let n_units = gamma.len();
    for (u_hat, z) in u_hat
        .chunks_exact_mut(n_units)
        .zip(z.chunks_exact_mut(n_units))
    {
        for j in 0..n_units {
            u_hat[j] = (u_hat[j] - mean[j]) / libm::sqrt(variance[j] + EPS);
            z[j] = gamma[j] * u_hat[j] + beta[j];
        }
    }
    Normalized {
        mean,
        variance,
        u_hat,
        z,
    }
}

pub struct Gradient {
    /// dL/dgamma_j = sum_s d_z_sj u_hat_sj.
    pub gamma: Vec<f64>,
    /// dL/dbeta_j = sum_s d_z_sj.
    pub beta: Vec<f64>,
    /// dL/du, `[n, n_units]`.
    pub u: Vec<f64>,
}

/// Through [`forward_batch`], where mean and variance depend on u too:
/// dL/du = gamma / sqrt(variance + eps) (d_z - mean(d_z) - u_hat mean(d_z u_hat)), means over the batch.
pub fn backward(gamma: &[f64], normalized: &Normalized, d_z: &[f64]) -> Gradient {
    let n_units = gamma.len();
    let n = (d_z.len() / n_units) as f64;
    let products = d_z
        .iter()
        .zip(&normalized.u_hat)
        .map(|(d_z, u_hat)| d_z * u_hat);
    let mean_d_z = mean_over_batch(n_units, d_z.iter().copied());
    let mean_product = mean_over_batch(n_units, products);
    let mut d_u = d_z.to_vec();
    let samples = d_u.chunks_exact_mut(n_units);
    for (d_u, u_hat) in samples.zip(normalized.u_hat.chunks_exact(n_units)) {
        for j in 0..n_units {
            let slope = gamma[j] / libm::sqrt(normalized.variance[j] + EPS);
            d_u[j] = slope * (d_u[j] - mean_d_z[j] - u_hat[j] * mean_product[j]);
        }
    }
    Gradient {
        gamma: mean_product.iter().map(|m| n * m).collect(),
        beta: mean_d_z.iter().map(|m| n * m).collect(),
        u: d_u,
    }
}

/// Moves the running means and variances towards those of a batch of `n` samples.
///
/// The variance is the unbiased one (divided by n - 1), as in PyTorch. A batch of one sample, which PyTorch
/// refuses, has the variance 0.
pub fn update_running(running: &mut [f64], normalized: &Normalized, n: usize) {
    let (means, variances) = running.split_at_mut(normalized.mean.len());
    let unbiased = n as f64 / n.saturating_sub(1).max(1) as f64;
    for (running, mean) in means.iter_mut().zip(&normalized.mean) {
        *running += MOMENTUM * (mean - *running);
    }
    for (running, variance) in variances.iter_mut().zip(&normalized.variance) {
        *running += MOMENTUM * (unbiased * variance - *running);
    }
}

/// Means over samples of `[n, n_units]` values.
fn mean_over_batch(n_units: usize, values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut mean = vec![0.0; n_units];
    let mut n_values = 0;
    for (i, value) in values.enumerate() {
        mean[i % n_units] += value;
        n_values = i + 1;
    }
    let n = (n_values / n_units) as f64;
    mean.iter_mut().for_each(|m| *m /= n);
    mean
}
