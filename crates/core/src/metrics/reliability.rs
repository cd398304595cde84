//! Is a confidence of 0.8 right in 80 of 100 cases? (Guo et al. 2017, arXiv 1706.04599.)

use serde::Serialize;

use super::wilson;

/// Samples whose confidence lies in (low, high]; the first bin holds 0, too.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ReliabilityBin {
    pub low: f64,
    pub high: f64,
    pub n: usize,
    /// Mean confidence; 0 in an empty bin.
    pub confidence: f64,
    /// Share predicted rightly; 0 in an empty bin.
    pub accuracy: f64,
}

impl ReliabilityBin {
    /// The 95 % interval of the accuracy ([`wilson`]).
    pub fn interval(&self) -> (f64, f64) {
        let n_right = libm::round(self.accuracy * self.n as f64) as usize;
        wilson(n_right, self.n)
    }
}

/// `n_bins` equal bins over (confidence of the predicted class, is it right). Of two classes also over (probability of
/// class 1, is it class 1): then `accuracy` is the share that is class 1.
pub fn reliability(
    predictions: impl IntoIterator<Item = (f64, bool)>,
    n_bins: usize,
) -> Vec<ReliabilityBin> {
    let edge = |i: usize| i as f64 / n_bins as f64;
    let mut bins: Vec<_> = (0..n_bins)
        .map(|i| ReliabilityBin {
            low: edge(i),
            high: edge(i + 1),
            n: 0,
            confidence: 0.0,
            accuracy: 0.0,
        })
        .collect();
    for (confidence, is_right) in predictions {
        let holds = |bin: &&mut ReliabilityBin| {
            // A probability that is too small for floating point is 0.
            let is_over = bin.low < confidence || (bin.low == 0.0 && confidence == 0.0);
            is_over && confidence <= bin.high
        };
        if let Some(bin) = bins.iter_mut().find(holds) {
            bin.n += 1;
            bin.confidence += confidence;
            bin.accuracy += f64::from(u8::from(is_right));
        }
    }
    for bin in bins.iter_mut().filter(|bin| bin.n > 0) {
        bin.confidence /= bin.n as f64;
        bin.accuracy /= bin.n as f64;
    }
    bins
}

/// Mean over samples of |accuracy - confidence| of their bin (Guo et al. 2017, eq. 3).
pub fn expected_calibration_error(bins: &[ReliabilityBin]) -> f64 {
    let n: usize = bins.iter().map(|bin| bin.n).sum();
    let gap = |bin: &ReliabilityBin| bin.n as f64 * (bin.accuracy - bin.confidence).abs();
    match n {
        0 => 0.0,
        n => bins.iter().map(gap).sum::<f64>() / n as f64,
    }
}
