//! How a signal travels through a wide network with random weights, from theory: whether it dies out
//! or grows with depth, and where between the two a function is best begun.
//!
//! Weights N(0, sw2 / n_in), biases N(0, sb2) (Poole et al. 2016, arXiv 1606.05340; Schoenholz et al. 2017,
//! arXiv 1611.01232). Integrals over x ~ N(0, 1) are midpoint sums.
//!
//! [`signal`] follows a network as it is: its widths, initializer and gain, and the size of its data.
//! [`mean_field`] is the limit of endless depth.

use core::f64::consts::TAU;

use crate::nn::spec::NetworkSpec;

/// What theory says of one layer at step 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerSignal {
    /// E[z^2] over weights and samples. With batch normalisation 1, but for the output layer.
    pub z_mean_square: f64,
    /// E[(dL/dz)^2] of this layer over that of the layer after it; `None` for the output layer. Under 1
    /// gradients vanish towards the input, over 1 they explode.
    pub chi: Option<f64>,
}

/// Hidden layers, then the output layer, of a network with new weights and biases 0, for samples whose
/// inputs have the mean square `x_mean_square`.
///
/// With n the units of layer l, n' those of the layer after it, v the variance of a weight between them,
/// and x ~ N(0, 1): q' = n v E[f(sqrt(q) x)^2] and chi = n' v E[f'(sqrt(q) x)^2]; wide layers come near to
/// it. Where both layers are normalised, q is 1 and what the normalisation divides by cancels n v:
/// chi = n' / n E[f'(x)^2] / Var f(x), for equal widths never under 1 (Yang et al. 2019, arXiv 1902.08129).
pub fn signal(
    spec: &NetworkSpec,
    f: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
    x_mean_square: f64,
) -> Vec<LayerSignal> {
    let n_hidden = spec.hidden.len();
    let n_out = |l: usize| spec.hidden.get(l).copied().unwrap_or(spec.n_outputs);
    let weight_variance = |l: usize| {
        let n_in = if l == 0 { spec.n_inputs } else { n_out(l - 1) };
        spec.gain * spec.gain * spec.initializer.variance(n_in, n_out(l))
    };
    let mut layers = Vec::with_capacity(n_hidden + 1);
    let mut known: Option<(f64, Moments)> = None;
    let mut q = spec.n_inputs as f64 * weight_variance(0) * x_mean_square;
    for l in 0..n_hidden {
        if spec.batch_norm {
            q = 1.0;
        }
        // Where q has settled its integrals have, too.
        let moments = match known {
            Some((at, moments)) if (at - q).abs() <= 1e-12 * q => moments,
            _ => Moments::new(&f, &slope, q),
        };
        known = Some((q, moments));
        let v = weight_variance(l + 1);
        let is_next_normalized = spec.batch_norm && l + 1 < n_hidden;
        layers.push(LayerSignal {
            z_mean_square: q,
            chi: Some(if is_next_normalized {
                let widening = n_out(l + 1) as f64 / n_out(l) as f64;
                widening * moments.slope_square / moments.f_variance
            } else {
                n_out(l + 1) as f64 * v * moments.slope_square
            }),
        });
        q = n_out(l) as f64 * v * moments.f_square;
    }
    layers.push(LayerSignal {
        z_mean_square: q,
        chi: None,
    });
    layers
}

/// What becomes of a gradient on its way through the hidden layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Less than a tenth of it arrives at the first layer.
    Vanishes,
    /// It keeps its size, within a factor of ten.
    Kept,
    /// More than ten times as much arrives at the first layer.
    Explodes,
}

impl Fate {
    /// `ratio`: RMS of dL/dz in the first hidden layer over that in the last.
    pub fn of(ratio: f64) -> Self {
        match ratio {
            ratio if ratio < 0.1 => Self::Vanishes,
            ratio if ratio <= 10.0 => Self::Kept,
            // What is not a number has left every range.
            _ => Self::Explodes,
        }
    }
}

/// RMS of dL/dz in the first hidden layer over that in the last, from theory: the root of the product
/// of chi over the hidden layers but the last. 1 where there are fewer than two.
pub fn gradient_ratio(layers: &[LayerSignal]) -> f64 {
    let n_factors = layers.len().saturating_sub(2);
    let product: f64 = layers[..n_factors]
        .iter()
        .filter_map(|layer| layer.chi)
        .product();
    libm::sqrt(product)
}

/// Integrals of a function over z ~ N(0, q).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moments {
    f_square: f64,
    f_variance: f64,
    slope_square: f64,
}

impl Moments {
    /// A coarser sum than [`gaussian_mean`]'s, for this is done while a slider moves: exact to 1e-9 for
    /// smooth functions, to 2e-4 at a kink.
    fn new(f: impl Fn(f64) -> f64, slope: impl Fn(f64) -> f64, q: f64) -> Self {
        const STEPS_PER_UNIT: i32 = 16;
        const REACH: i32 = 9;
        let h = 1.0 / f64::from(STEPS_PER_UNIT);
        let n = REACH * STEPS_PER_UNIT;
        let std = libm::sqrt(q);
        let [mut sum_f, mut sum_f_square, mut sum_slope_square] = [0.0; 3];
        for i in -n..n {
            let x = (f64::from(i) + 0.5) * h;
            let weight = libm::exp(-0.5 * x * x);
            let (f, slope) = (f(std * x), slope(std * x));
            sum_f += weight * f;
            sum_f_square += weight * f * f;
            sum_slope_square += weight * slope * slope;
        }
        let norm = h / libm::sqrt(TAU);
        let (f_mean, f_square) = (norm * sum_f, norm * sum_f_square);
        Self {
            f_square,
            f_variance: f_square - f_mean * f_mean,
            slope_square: norm * sum_slope_square,
        }
    }
}

/// The variance of pre-activations that depth leads to, and what becomes of small differences there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanField {
    /// q*: the fixed point of q = sw2 E[f(sqrt(q) x)^2] + sb2.
    pub q: f64,
    /// sw2 E[f'(sqrt(q*) x)^2]: factor by which a layer changes the squared length of a gradient, and of
    /// the difference of two near inputs. Under 1 they vanish with depth, over 1 they explode.
    pub chi1: f64,
}

/// Follows the variance from 1 through layer after layer. `None` if it does not settle: it grows
/// without bound, or takes more than 100,000 layers.
pub fn mean_field(
    f: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
    sw2: f64,
    sb2: f64,
) -> Option<MeanField> {
    let mut q = 1.0;
    for _ in 0..100_000 {
        let next = next_variance(&f, sw2, sb2, q);
        if !next.is_finite() {
            return None;
        }
        let has_settled = (next - q).abs() <= 1e-13 * next.max(1e-300);
        q = next;
        if has_settled {
            let chi1 = sw2 * gaussian_mean(|x| square(slope(libm::sqrt(q) * x)));
            return Some(MeanField { q, chi1 });
        }
    }
    None
}

/// Variance of the pre-activations of the layer after one with variance `q`.
pub fn next_variance(f: impl Fn(f64) -> f64, sw2: f64, sb2: f64, q: f64) -> f64 {
    sw2 * gaussian_mean(|x| square(f(libm::sqrt(q) * x))) + sb2
}

/// The edge of chaos: the sw2 in `low..high` at which chi1 = 1, to 1e-9. `None` if chi1 is not below 1
/// at `low` and above 1 at `high`.
pub fn critical_weight_variance(
    f: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
    sb2: f64,
    low: f64,
    high: f64,
) -> Option<f64> {
    let chi1 = |sw2| mean_field(&f, &slope, sw2, sb2).map(|at| at.chi1);
    if chi1(low)? > 1.0 || chi1(high)? < 1.0 {
        return None;
    }
    let (mut low, mut high) = (low, high);
    while high - low > 1e-9 {
        let middle = 0.5 * (low + high);
        match chi1(middle)? < 1.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    Some(0.5 * (low + high))
}

/// E[g(x)], x ~ N(0, 1).
///
/// Midpoint rule on [-12, 12] with step 1/100: exact to rounding for smooth g, and no node lies on 0, where
/// most kinks are.
pub fn gaussian_mean(g: impl Fn(f64) -> f64) -> f64 {
    const STEPS_PER_UNIT: i32 = 100;
    let h = 1.0 / f64::from(STEPS_PER_UNIT);
    let n = 12 * STEPS_PER_UNIT;
    let sum: f64 = (-n..n)
        .map(|i| (f64::from(i) + 0.5) * h)
        .map(|x| libm::exp(-0.5 * x * x) * g(x))
        .sum();
    h / libm::sqrt(TAU) * sum
}

fn square(x: f64) -> f64 {
    x * x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::ActivationSpec;
    use crate::nn::spec::{Initializer, PreluSharing};

    fn check(value: f64, expected: f64, tolerance: f64) {
        assert!(
            (value - expected).abs() <= tolerance,
            "{value}, not {expected}"
        );
    }

    #[test]
    fn gaussian_moments() {
        check(gaussian_mean(|_| 1.0), 1.0, 1e-14);
        check(gaussian_mean(|x| x), 0.0, 1e-14);
        check(gaussian_mean(|x| x.powi(4)), 3.0, 1e-13);
        check(
            gaussian_mean(|x| if x > 0.0 { 1.0 } else { 0.0 }),
            0.5,
            1e-14,
        );
        // E|x| = sqrt(2 / pi); the kink costs h^2 / 24 times its jump.
        check(
            gaussian_mean(f64::abs),
            libm::sqrt(2.0 / core::f64::consts::PI),
            1e-5,
        );
        check(gaussian_mean(libm::cos), libm::exp(-0.5), 1e-14);
    }

    fn spec(hidden: &[usize], initializer: Initializer, batch_norm: bool) -> NetworkSpec {
        NetworkSpec {
            n_inputs: 2,
            hidden: hidden.to_vec(),
            n_outputs: 1,
            activation: ActivationSpec::new("relu"),
            layer_activations: Vec::new(),
            prelu_sharing: PreluSharing::Layer,
            batch_norm,
            initializer,
            gain: 1.0,
            given: None,
        }
    }

    fn relu_signal(spec: &NetworkSpec) -> Vec<LayerSignal> {
        let slope = |z: f64| if z > 0.0 { 1.0 } else { 0.0 };
        signal(spec, |z| z.max(0.0), slope, 0.5)
    }

    /// He: v = 2 / n_in, and half of z^2 passes a ReLU.
    #[test]
    fn he_keeps_a_relu_network_critical() {
        let layers = relu_signal(&spec(&[8, 8, 8], Initializer::HeNormal, false));
        for layer in &layers {
            check(layer.z_mean_square, 1.0, 1e-3);
        }
        let chis: Vec<Option<f64>> = layers.iter().map(|layer| layer.chi).collect();
        check(chis[0].unwrap_or(f64::NAN), 1.0, 1e-9);
        // One output takes 1/8 of what eight units take.
        check(chis[2].unwrap_or(f64::NAN), 1.0 / 8.0, 1e-9);
        assert_eq!(chis[3], None);
        check(gradient_ratio(&layers), 1.0, 1e-9);
        assert_eq!(Fate::of(gradient_ratio(&layers)), Fate::Kept);
    }

    #[test]
    fn gain_decides_between_vanishing_and_exploding() {
        let of_gain = |gain| {
            let spec = NetworkSpec {
                gain,
                ..spec(&[8; 10], Initializer::HeNormal, false)
            };
            Fate::of(gradient_ratio(&relu_signal(&spec)))
        };
        assert_eq!(of_gain(0.5), Fate::Vanishes);
        assert_eq!(of_gain(1.0), Fate::Kept);
        assert_eq!(of_gain(2.0), Fate::Explodes);
        assert_eq!(Fate::of(f64::NAN), Fate::Explodes);
    }

    /// pi / (pi - 1) for ReLU (Yang et al. 2019).
    #[test]
    fn normalised_relu_layers_explode_slowly_whatever_the_gain() {
        let spec = NetworkSpec {
            gain: 0.1,
            ..spec(&[8, 8, 8], Initializer::GlorotNormal, true)
        };
        let layers = relu_signal(&spec);
        assert_eq!(layers[1].z_mean_square, 1.0);
        let pi = core::f64::consts::PI;
        check(layers[0].chi.unwrap_or(f64::NAN), pi / (pi - 1.0), 2e-3);
    }

    #[test]
    fn weights_of_zero_pass_nothing() {
        let layers = relu_signal(&spec(&[8, 8], Initializer::Zeros, false));
        assert_eq!(layers[0].z_mean_square, 0.0);
        assert_eq!(gradient_ratio(&layers), 0.0);
        assert_eq!(gradient_ratio(&layers[2..]), 1.0);
    }

    /// f(z) = z: q* = sb2 / (1 - sw2) and chi1 = sw2.
    #[test]
    fn the_identity_settles_below_weight_variance_1() {
        let at = mean_field(|z| z, |_| 1.0, 0.5, 0.3).expect("settles");
        check(at.q, 0.6, 1e-11);
        check(at.chi1, 0.5, 1e-11);
        assert_eq!(mean_field(|z| z, |_| 1.0, 1.5, 0.3), None);
    }
}
