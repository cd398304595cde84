//! How parameters begin: a pure function of (specification, seed), the same bits on every machine.
//!
//! Each weight is a counter-based random number of its own (see [`crate::random`]): stream
//! `Init`, sub-stream the layer, index `unit * n_in + input`. Biases begin at 0, batch
//! normalisation at scale 1 and shift 0, PReLU's alpha at the activation's first parameter.

use super::layout::ParamLayout;
use super::spec::{Initializer, NetworkSpec};
use crate::random::{Random, Stream};

impl Initializer {
    /// Variance of one weight at gain 1. `n_in` and `n_out` are the layer's fan-in and fan-out.
    pub fn variance(self, n_in: usize, n_out: usize) -> f64 {
        let (n_in, n_out) = (n_in as f64, n_out as f64);
        match self {
            Self::HeNormal | Self::HeUniform => 2.0 / n_in,
            Self::GlorotNormal | Self::GlorotUniform => 2.0 / (n_in + n_out),
            Self::LecunNormal | Self::LecunUniform => 1.0 / n_in,
            Self::Uniform { a } => a * a / 3.0,
            Self::Zeros => 0.0,
            Self::Orthogonal => 1.0 / n_in.max(n_out),
        }
    }
}

/// All parameters of a new network, in the order of `layout`: those that are given with it, else drawn ones. Engines round
/// them to f32.
///
/// `layout` must be that of `spec`.
pub fn initial_params(spec: &NetworkSpec, layout: &ParamLayout, seed: u64) -> Vec<f64> {
    let mut params = vec![0.0; layout.n_params];
    for (l, layer) in layout.layers.iter().enumerate() {
        let random = Random::new(seed, Stream::Init, l as u32);
        let weights = layer_weights(
            spec.initializer,
            spec.gain,
            layer.n_in,
            layer.n_out,
            &random,
        );
        params[layer.weights.clone()].copy_from_slice(&weights);
        params[layer.gamma.clone()].fill(1.0);
        let first_alpha = spec.activation_of(l).params.first().copied();
        // PyTorch's default alpha is 0.25.
        params[layer.alpha.clone()].fill(first_alpha.unwrap_or(0.25));
    }
    if let Some(given) = spec.given_weights() {
        given.put(layout, &mut params);
    }
    params
}

/// Running statistics of a new network, in the order of `layout`: those that are given with it, else means 0, variances 1.
pub fn initial_running(spec: &NetworkSpec, layout: &ParamLayout) -> Vec<f64> {
    if let Some(given) = spec.given_weights() {
        return given.running().collect();
    }
    let mut running = vec![0.0; layout.n_running];
    for layer in &layout.layers {
        let variances = layer.running.clone().skip(layer.running.len() / 2);
        variances.for_each(|i| running[i] = 1.0);
    }
    running
}

/// `[n_out, n_in]` weights of one layer, row-major, times `gain`. Weight `i` depends on `random`
/// and `i` only, but for `Orthogonal`, where rows and columns depend on each other.
pub fn layer_weights(
    initializer: Initializer,
    gain: f64,
    n_in: usize,
    n_out: usize,
    random: &Random,
) -> Vec<f64> {
    let n = (n_in * n_out) as u64;
    let std = libm::sqrt(initializer.variance(n_in, n_out));
    match initializer {
        Initializer::HeNormal | Initializer::GlorotNormal | Initializer::LecunNormal => {
            (0..n).map(|i| gain * std * random.normal(i)).collect()
        }
        // U(-b, b) has the variance b^2 / 3.
        Initializer::HeUniform
        | Initializer::GlorotUniform
        | Initializer::LecunUniform
        | Initializer::Uniform { .. } => {
            let bound = gain * std * libm::sqrt(3.0);
            (0..n)
                .map(|i| random.uniform_in(i, -bound, bound))
                .collect()
        }
        Initializer::Zeros => vec![0.0; n_in * n_out],
        Initializer::Orthogonal => orthogonal(n_in, n_out, random)
            .into_iter()
            .map(|w| gain * w)
            .collect(),
    }
}

/// `[n_out, n_in]` with orthonormal rows (`n_out <= n_in`) or columns, uniformly distributed over
/// all such matrices.
///
/// The Q of a QR decomposition of a matrix of standard normal numbers, signs chosen so that R has a
/// positive diagonal; Gram-Schmidt gives just that Q (Saxe et al. 2014, arXiv 1312.6120; PyTorch's
/// `orthogonal_`).
fn orthogonal(n_in: usize, n_out: usize, random: &Random) -> Vec<f64> {
    let (n_vectors, n_dims) = (n_in.min(n_out), n_in.max(n_out));
    // As in PyTorch, the vectors to be made orthonormal are the short side of one [n_out, n_in] draw.
    let index = |vector: usize, dim: usize| match n_out <= n_in {
        true => vector * n_in + dim,
        false => dim * n_in + vector,
    };
    let mut q: Vec<Vec<f64>> = Vec::with_capacity(n_vectors);
    for vector in 0..n_vectors {
        let mut v: Vec<f64> = (0..n_dims)
            .map(|dim| random.normal(index(vector, dim) as u64))
            .collect();
        // Twice is enough: one pass leaves a rounding error of the size of the largest component removed.
        for _ in 0..2 {
            for earlier in &q {
                let along = dot(earlier, &v);
                v.iter_mut().zip(earlier).for_each(|(v, e)| *v -= along * e);
            }
        }
        let norm = libm::sqrt(dot(&v, &v));
        v.iter_mut().for_each(|v| *v /= norm);
        q.push(v);
    }
    let mut weights = vec![0.0; n_in * n_out];
    for (vector, v) in q.iter().enumerate() {
        for (dim, &v) in v.iter().enumerate() {
            weights[index(vector, dim)] = v;
        }
    }
    weights
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const ALL: [Initializer; 9] = [
        Initializer::HeNormal,
        Initializer::HeUniform,
        Initializer::GlorotNormal,
        Initializer::GlorotUniform,
        Initializer::LecunNormal,
        Initializer::LecunUniform,
        Initializer::Uniform { a: 0.5 },
        Initializer::Zeros,
        Initializer::Orthogonal,
    ];

    fn weights(initializer: Initializer, gain: f64, n_in: usize, n_out: usize) -> Vec<f64> {
        layer_weights(
            initializer,
            gain,
            n_in,
            n_out,
            &Random::new(11, Stream::Init, 2),
        )
    }

    /// Mean 0 and the stated variance times gain^2, within four standard errors.
    #[test]
    fn weights_have_the_stated_variance() {
        let (n_in, n_out, gain) = (300, 200, 1.5);
        for initializer in ALL {
            let w = weights(initializer, gain, n_in, n_out);
            let n = w.len() as f64;
            let expected = gain * gain * initializer.variance(n_in, n_out);
            let mean = w.iter().sum::<f64>() / n;
            let variance = w.iter().map(|w| w * w).sum::<f64>() / n;
            assert!(
                mean.abs() <= 4.0 * libm::sqrt(expected / n),
                "{initializer:?}: mean {mean}"
            );
            // The variance of a square is 2 var^2 for normal numbers and less for uniform ones.
            assert!(
                (variance - expected).abs() <= 4.0 * expected * libm::sqrt(2.0 / n),
                "{initializer:?}: variance {variance}, expected {expected}"
            );
        }
    }

    #[test]
    fn uniform_weights_stay_within_the_bound_and_reach_it() {
        let largest = |w: Vec<f64>| w.into_iter().fold(0.0, |a: f64, w| a.max(w.abs()));
        let check = |initializer, bound: f64| {
            let largest = largest(weights(initializer, 2.0, 100, 50));
            assert!(largest <= 2.0 * bound, "{initializer:?} {largest}");
            assert!(largest > 1.99 * bound, "{initializer:?} {largest}");
        };
        check(Initializer::HeUniform, libm::sqrt(6.0 / 100.0));
        check(Initializer::GlorotUniform, libm::sqrt(6.0 / 150.0));
        check(Initializer::LecunUniform, libm::sqrt(3.0 / 100.0));
        check(Initializer::Uniform { a: 0.3 }, 0.3);
    }

    /// W W^T = gain^2 I for a wide matrix, W^T W for a tall one, to rounding.
    #[test]
    fn orthogonal_weights_are_orthonormal() {
        for (n_in, n_out) in [(1, 1), (7, 3), (3, 7), (128, 128)] {
            let w = weights(Initializer::Orthogonal, 2.0, n_in, n_out);
            let vector = |k: usize| -> Vec<f64> {
                match n_out <= n_in {
                    true => w[k * n_in..(k + 1) * n_in].to_vec(),
                    false => w.iter().skip(k).step_by(n_in).copied().collect(),
                }
            };
            for a in 0..n_in.min(n_out) {
                for b in 0..=a {
                    let expected = if a == b { 4.0 } else { 0.0 };
                    let product = dot(&vector(a), &vector(b));
                    assert!(
                        (product - expected).abs() < 1e-13,
                        "{n_in} x {n_out}: <{a}, {b}> = {product}"
                    );
                }
            }
        }
    }

    /// R = Q^T A has a positive diagonal: the sign convention of PyTorch.
    #[test]
    fn orthogonal_keeps_the_side_of_the_normal_matrix() {
        let random = Random::new(11, Stream::Init, 2);
        let w = weights(Initializer::Orthogonal, 1.0, 6, 4);
        for row in 0..4 {
            let along: f64 = (0..6)
                .map(|i| w[row * 6 + i] * random.normal((row * 6 + i) as u64))
                .sum();
            assert!(along > 0.0, "row {row}: {along}");
        }
    }

    /// The same bits on every machine: a change here is another run for every link that there is.
    #[test]
    fn weights_of_a_seed_never_change() {
        let bits = |initializer| -> String {
            let w = weights(initializer, 1.0, 3, 2);
            let bits: Vec<String> = w.iter().map(|w| format!("{:016x}", w.to_bits())).collect();
            bits.join(" ")
        };
        expect!["bfe915275a8d8724 bfe56ca14c91eceb 3fd35b1b2db50e90 bfc8f525cf1f56fc bff115de7adb6316 bfe5c6ee7dbfbf9d"].assert_eq(&bits(Initializer::HeNormal));
        expect!["3fc22fd8e3a1d440 bfd053081f0d9ed4 bfbaf81c8f7ae490 3fd034afc0f5ce70 bfec0a3a47acc6d2 3febffe1a58a71f4"].assert_eq(&bits(Initializer::GlorotUniform));
        expect!["bfe759196dbb1dc1 bfe3f157454d3d4b 3fd2046fa95f7d5e 3fcd02d7faae2193 bfe37b2a81cc2d19 bfe85422840d4f30"].assert_eq(&bits(Initializer::Orthogonal));
    }
}
