//! Many classes, judged by their logits.

use serde::Serialize;

use super::{
    ConfusionMatrix, MetricsError, ReliabilityBin, expected_calibration_error, reliability,
};

/// Targets and logits that are known to be sound.
#[derive(Clone, Debug)]
pub struct Multiclass {
    n_classes: usize,
    /// `[n_samples, n_classes]`, row-major.
    logits: Vec<f64>,
    y: Vec<usize>,
}

/// Where the negative log-likelihood of softmax(logits / T) is least.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Temperature {
    pub value: f64,
    /// There is no minimum inside [`Temperature::RANGE`] (every sample is predicted rightly, or the
    /// logits know nothing of the classes): the value is its end.
    pub is_at_bound: bool,
}

impl Temperature {
    pub const RANGE: [f64; 2] = [1e-3, 1e3];
}

impl Multiclass {
    /// `logits`: `[y.len(), n_classes]`, row-major.
    ///
    /// # Errors
    /// No samples, fewer than two classes, unequal lengths, a logit that is not finite, a class out
    /// of range.
    pub fn new(n_classes: usize, logits: &[f64], y: &[usize]) -> Result<Self, MetricsError> {
        if n_classes < 2 {
            return Err(MetricsError::TooFewClasses { n_classes });
        }
        if logits.len() != n_classes * y.len() {
            let (n_y, n_predictions) = (y.len(), logits.len() / n_classes);
            return Err(MetricsError::Lengths { n_y, n_predictions });
        }
        if y.is_empty() {
            return Err(MetricsError::Empty);
        }
        if let Some(at) = logits.iter().position(|v| !v.is_finite()) {
            return Err(MetricsError::Logit {
                sample: at / n_classes,
                class: at % n_classes,
                value: logits[at],
            });
        }
        if let Some(sample) = y.iter().position(|&class| class >= n_classes) {
            return Err(MetricsError::Class {
                sample,
                class: y[sample],
                n_classes,
            });
        }
        Ok(Self {
            n_classes,
            logits: logits.to_vec(),
            y: y.to_vec(),
        })
    }

    /// The predicted class is the first of the largest logits.
    pub fn confusion(&self) -> ConfusionMatrix {
        let pair = |(row, &y): (&[f64], &usize)| (y, argmax(row));
        ConfusionMatrix::of(self.n_classes, self.samples().map(pair))
    }

    /// Mean of -ln softmax(logits / temperature)\[y\]: PyTorch's `cross_entropy`.
    pub fn nll(&self, temperature: f64) -> f64 {
        let term =
            |(row, &y): (&[f64], &usize)| log_sum_exp(row, temperature) - row[y] / temperature;
        self.samples().map(term).sum::<f64>() / self.y.len() as f64
    }

    /// Bins of the confidence of the predicted class under softmax(logits / temperature).
    pub fn reliability(&self, temperature: f64, n_bins: usize) -> Vec<ReliabilityBin> {
        let prediction = |(row, &y): (&[f64], &usize)| {
            let class = argmax(row);
            let log_p = row[class] / temperature - log_sum_exp(row, temperature);
            (libm::exp(log_p).min(1.0), class == y)
        };
        reliability(self.samples().map(prediction), n_bins)
    }

    /// Expected calibration error over `n_bins` equal bins (Guo et al. 2017 take 15).
    pub fn ece(&self, temperature: f64, n_bins: usize) -> f64 {
        expected_calibration_error(&self.reliability(temperature, n_bins))
    }

    /// The temperature of least negative log-likelihood (Guo et al. 2017, section 4.2).
    ///
    /// The likelihood is convex in 1 / T, so the sign of its slope brackets the one minimum;
    /// bisection on ln T runs until the bracket cannot be halved in f64.
    pub fn best_temperature(&self) -> Temperature {
        let [mut low, mut high] = Temperature::RANGE.map(libm::log);
        let at_bound = |log_t| Temperature {
            value: libm::exp(log_t),
            is_at_bound: true,
        };
        if self.nll_slope(low) >= 0.0 {
            return at_bound(low);
        }
        if self.nll_slope(high) <= 0.0 {
            return at_bound(high);
        }
        loop {
            let middle = f64::midpoint(low, high);
            if middle <= low || middle >= high {
                break;
            }
            if self.nll_slope(middle) < 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        Temperature {
            value: libm::exp(low),
            is_at_bound: false,
        }
    }

    /// d nll / d ln T = mean of (z_y - E_p\[z\]) / T.
    fn nll_slope(&self, log_temperature: f64) -> f64 {
        let temperature = libm::exp(log_temperature);
        let term = |(row, &y): (&[f64], &usize)| {
            let log_sum = log_sum_exp(row, temperature);
            // Differences to z_y, so that a common offset of the logits cancels exactly.
            let weighted = |&z: &f64| libm::exp(z / temperature - log_sum) * (row[y] - z);
            row.iter().map(weighted).sum::<f64>() / temperature
        };
        self.samples().map(term).sum::<f64>() / self.y.len() as f64
    }

    fn samples(&self) -> impl Iterator<Item = (&[f64], &usize)> {
        self.logits.chunks_exact(self.n_classes).zip(&self.y)
    }
}

fn argmax(row: &[f64]) -> usize {
    let mut best = 0;
    for (class, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = class;
        }
    }
    best
}

/// ln sum exp(row / temperature), shifted by the maximum so that it cannot overflow.
fn log_sum_exp(row: &[f64], temperature: f64) -> f64 {
    let max = row[argmax(row)];
    let sum: f64 = row.iter().map(|z| libm::exp((z - max) / temperature)).sum();
    max / temperature + libm::log(sum)
}
