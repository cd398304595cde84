//! What a training step of a network takes, reckoned and not measured: lanes of a fleet are trained together, and no
//! clock tells them apart.

use crate::scenario::Scenario;

/// Multiply-adds of one update: each weight is used once for each sample of the batch on the way forward, once for its
/// own gradient, and once for that of the layer below, which the first layer has none of. Functions, norms and the
/// optimizer are not counted.
pub fn multiply_adds(scenario: &Scenario) -> u64 {
    let network = &scenario.network;
    let ends = network.hidden.iter().chain([&network.n_outputs]);
    let mut n_in = network.n_inputs as u64;
    let (mut n_weights, mut n_first) = (0, None);
    for &n_out in ends {
        let n = n_in * n_out as u64;
        n_first.get_or_insert(n);
        n_weights += n;
        n_in = n_out as u64;
    }
    let of_a_sample = 3 * n_weights - n_first.unwrap_or(0);
    of_a_sample * scenario.training.batch_size as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Edit, Setting};

    #[test]
    fn each_weight_counts_thrice_but_for_the_first_layer() {
        let mut scenario = Scenario::default();
        scenario.network.hidden = vec![8, 4];
        let ends = (scenario.network.n_inputs, scenario.network.n_outputs);
        assert_eq!(ends, (2, 1));
        scenario.training.batch_size = 10;
        assert_eq!(multiply_adds(&scenario), 10 * (2 * 16 + 3 * (32 + 4)));
        Edit::Set(Setting::BatchSize, 1.0).apply(&mut scenario);
        assert_eq!(multiply_adds(&scenario), 140);
    }
}
