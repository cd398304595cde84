//! One number by which all logits are divided, so that probabilities mean what they say (Guo et al. 2017, arXiv 1706.04599).

use super::outputs::{Outputs, Squash};
use crate::metrics::{Multiclass, Temperature};

/// What the slider offers.
pub const T_RANGE: [f64; 2] = [0.25, 4.0];

/// A temperature as the validation set asks for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitted {
    pub temperature: f64,
    /// The set asks for one beyond [`T_RANGE`]; this is its end.
    pub is_at_bound: bool,
    /// Log loss of the validation set at temperature 1, and at this one: never more.
    pub log_loss: [f64; 2],
}

/// The temperature of least log loss on a validation set. `None` where there is none, or where there are no logits.
pub fn fit_temperature(validation: &Outputs) -> Option<Fitted> {
    let judged = match validation.squash {
        Squash::Softmax => Multiclass::new(validation.n_outputs, &validation.values, &validation.y),
        // One logit is two, the first of them 0.
        Squash::Sigmoid => {
            let pairs: Vec<f64> = validation.values.iter().flat_map(|&x| [0.0, x]).collect();
            Multiclass::new(2, &pairs, &validation.y)
        }
        Squash::Sigmoids | Squash::Plain | Squash::Positive => return None,
    };
    let judged = judged.ok()?;
    let Temperature { value, is_at_bound } = judged.best_temperature();
    let temperature = value.clamp(T_RANGE[0], T_RANGE[1]);
    let log_loss = [judged.nll(1.0), judged.nll(temperature)];
    // The log loss has one minimum in 1 / T: what lies between it and 1 is no worse than 1.
    Some(Fitted {
        temperature,
        is_at_bound: is_at_bound || temperature != value,
        log_loss,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::spec::Loss;
    use crate::random::{Random, Stream};

    /// Logits that are `sharpness` times what the classes were drawn by.
    fn outputs(sharpness: f64, n: usize) -> Outputs {
        let draws = Random::new(3, Stream::Data, 0);
        let mut values = Vec::new();
        let mut y = Vec::new();
        for i in 0..n as u64 {
            let logit = draws.uniform_in(2 * i, -3.0, 3.0);
            let p = super::super::outputs::sigmoid(logit);
            y.push(f32::from(u8::from(
                draws.uniform_in(2 * i + 1, 0.0, 1.0) < p,
            )));
            values.push((sharpness * logit) as f32);
        }
        Outputs::new(Loss::BceLogits, 1, &values, &y).expect("outputs")
    }

    #[test]
    fn what_is_too_sure_is_softened_and_never_made_worse() {
        for sharpness in [0.1, 0.5, 1.0, 2.0, 3.0, 30.0] {
            let fitted = fit_temperature(&outputs(sharpness, 4_000)).expect("logits");
            let [before, after] = fitted.log_loss;
            assert!(after <= before, "{sharpness}: {fitted:?}");
            let expected = sharpness.clamp(T_RANGE[0], T_RANGE[1]);
            assert!(
                (fitted.temperature / expected - 1.0).abs() < 0.1,
                "{sharpness}: {fitted:?}"
            );
            let is_beyond = sharpness != expected;
            assert_eq!(fitted.is_at_bound, is_beyond, "{sharpness}: {fitted:?}");
        }
    }

    #[test]
    fn without_logits_there_is_nothing_to_divide() {
        let linear = Outputs::new(Loss::Mse, 1, &[0.2, 0.9], &[0.0, 1.0]).expect("outputs");
        assert_eq!(fit_temperature(&linear), None);
    }
}
