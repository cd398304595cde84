//! What depth does to a gradient: many layers of one function with random weights, walked through a layer at a
//! time, so that whoever asks can stop in between.

use super::Activation;
use crate::health::mean_field::signal;
use crate::nn::init::layer_weights;
use crate::nn::spec::{Initializer, NetworkSpec, PreluSharing};
use crate::random::{Random, Stream};

/// Layers, units of each, and samples that are sent through.
pub const N_LAYERS: usize = 32;
pub const N_UNITS: usize = 96;
const N_SAMPLES: usize = 32;
const SEED: u64 = 7;
/// A signal whose RMS has come down to this is dead for f32.
const LEAST_SIGNAL: f64 = 1e-9;

/// A walk through [`N_LAYERS`] layers forward and the same way back. Biases are 0; inputs and the gradient at the
/// end are standard normal.
#[derive(Clone, Debug)]
pub struct DepthWalk {
    activation: Activation,
    initializer: Initializer,
    gain: f64,
    /// Activations of the last layer that was reached, then gradients, `[N_SAMPLES, N_UNITS]`.
    signal: Vec<f64>,
    /// Pre-activations by layer.
    z: Vec<Vec<f64>>,
    /// Gradient RMS after 1, 2, ... layers on the way back, over the RMS at the end.
    pub rms: Vec<f64>,
    /// The signal came down to nothing on the way forward; the way back is not walked.
    pub dies_forward: bool,
}

impl DepthWalk {
    pub fn new(activation: Activation, initializer: Initializer, gain: f64) -> Self {
        Self {
            activation,
            initializer,
            gain,
            signal: draws(0),
            z: Vec::with_capacity(N_LAYERS),
            rms: Vec::new(),
            dies_forward: false,
        }
    }

    /// True when there is nothing left to walk.
    pub fn is_done(&self) -> bool {
        self.dies_forward || self.rms.len() == N_LAYERS
    }

    /// Walks through one more layer, forward until the end and then back.
    pub fn step(&mut self) {
        if self.is_done() {
            return;
        }
        if self.z.len() < N_LAYERS {
            self.forward();
        } else {
            self.backward();
        }
    }

    fn weights(&self, layer: usize) -> Vec<f64> {
        let random = Random::new(SEED, Stream::Init, layer as u32);
        layer_weights(self.initializer, self.gain, N_UNITS, N_UNITS, &random)
    }

    /// z = W a, a = f(z).
    fn forward(&mut self) {
        let weights = self.weights(self.z.len());
        let mut z = vec![0.0; N_SAMPLES * N_UNITS];
        for (row, a) in z.chunks_mut(N_UNITS).zip(self.signal.chunks(N_UNITS)) {
            for (z, weights) in row.iter_mut().zip(weights.chunks(N_UNITS)) {
                *z = weights.iter().zip(a).map(|(w, a)| w * a).sum();
            }
        }
        for (a, z) in self.signal.iter_mut().zip(&z) {
            *a = self.activation.f(*z);
        }
        // A z that is the same for all samples carries no signal either, but its gradient still tells.
        let signal = rms(&z);
        self.dies_forward = signal.is_nan() || signal <= LEAST_SIGNAL;
        self.z.push(z);
        if self.z.len() == N_LAYERS {
            self.signal = draws(1);
        }
    }

    /// dL/da of the layer before = W^T (f'(z) dL/da).
    fn backward(&mut self) {
        let layer = N_LAYERS - 1 - self.rms.len();
        let weights = self.weights(layer);
        let z = &self.z[layer];
        let mut before = vec![0.0; N_SAMPLES * N_UNITS];
        let rows = self.signal.chunks(N_UNITS).zip(z.chunks(N_UNITS));
        for (before, (gradient, z)) in before.chunks_mut(N_UNITS).zip(rows) {
            for ((g, z), weights) in gradient.iter().zip(z).zip(weights.chunks(N_UNITS)) {
                let through = g * self.activation.slope(*z);
                for (before, w) in before.iter_mut().zip(weights) {
                    *before += w * through;
                }
            }
        }
        self.signal = before;
        self.rms.push(rms(&self.signal));
    }
}

/// Standard normal numbers, of another stream than weights are.
fn draws(which: u32) -> Vec<f64> {
    let random = Random::new(SEED, Stream::Data, which);
    let n = (N_SAMPLES * N_UNITS) as u64;
    let draws: Vec<f64> = (0..n).map(|i| random.normal(i)).collect();
    // Exactly RMS 1, so that what is left of it is a share.
    let scale = 1.0 / rms(&draws);
    draws.into_iter().map(|v| v * scale).collect()
}

fn rms(values: &[f64]) -> f64 {
    let sum: f64 = values.iter().map(|v| v * v).sum();
    libm::sqrt(sum / values.len() as f64)
}

/// What mean-field theory says of the same walk: gradient RMS after 1, 2, ... layers.
pub fn depth_theory(activation: &Activation, initializer: Initializer, gain: f64) -> Vec<f64> {
    let spec = NetworkSpec {
        n_inputs: N_UNITS,
        hidden: vec![N_UNITS; N_LAYERS],
        // The last chi is that of a layer as wide as the others.
        n_outputs: N_UNITS,
        activation: super::ActivationSpec::new("identity"),
        layer_activations: Vec::new(),
        prelu_sharing: PreluSharing::Layer,
        batch_norm: false,
        initializer,
        gain,
        given: None,
    };
    let layers = signal(&spec, |z| activation.f(z), |z| activation.slope(z), 1.0);
    let mut product = 1.0;
    let chis = layers[..N_LAYERS]
        .iter()
        .rev()
        .filter_map(|layer| layer.chi);
    chis.map(|chi| {
        product *= chi;
        libm::sqrt(product)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{ActivationSpec, entry};
    use super::*;

    fn walked(id: &str) -> (DepthWalk, Vec<f64>) {
        let activation = Activation::resolve(&ActivationSpec::new(id)).expect("resolves");
        let initializer = entry(id).expect("there is").initializer;
        let theory = depth_theory(&activation, initializer, 1.0);
        let mut walk = DepthWalk::new(activation, initializer, 1.0);
        while !walk.is_done() {
            walk.step();
        }
        (walk, theory)
    }

    #[test]
    fn the_walk_is_what_theory_says_within_the_spread_of_one_draw() {
        for id in ["relu", "tanh", "sigmoid", "elu", "identity"] {
            let (walk, theory) = walked(id);
            assert_eq!((walk.rms.len(), theory.len()), (N_LAYERS, N_LAYERS), "{id}");
            for (n, (rms, theory)) in walk.rms.iter().zip(&theory).enumerate() {
                // Widths are finite, and what a layer is off by adds up.
                let off = libm::log(rms / theory).abs();
                assert!(
                    off < 0.15 + 0.05 * n as f64,
                    "{id} after {}: {rms}, not {theory}",
                    n + 1
                );
            }
        }
    }

    #[test]
    fn sigmoid_lets_gradients_vanish_and_tanh_shrink_the_signal_itself() {
        let (sigmoid, _) = walked("sigmoid");
        assert!(sigmoid.rms[N_LAYERS - 1] < 1e-15);
        let (shrink, _) = walked("tanh_shrink");
        assert!(shrink.dies_forward && shrink.rms.is_empty());
    }
}
