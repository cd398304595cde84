//! Two classes, judged by the probability of the positive one.

use serde::Serialize;

use super::{ConfusionMatrix, MetricsError};

/// Targets and probabilities that are known to be sound.
#[derive(Clone, Debug)]
pub struct Binary {
    /// (probability of the positive class, is positive), most probable first.
    ranked: Vec<(f64, bool)>,
    n_positive: usize,
}

/// A sample counts as positive if its probability is at least `threshold`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RocPoint {
    pub threshold: f64,
    /// Share of the negative samples that count as positive.
    pub false_positive_rate: f64,
    /// Share of the positive samples that count as positive.
    pub true_positive_rate: f64,
}

/// A sample counts as positive if its probability is at least `threshold`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PrPoint {
    pub threshold: f64,
    pub precision: f64,
    pub recall: f64,
}

/// Samples that count as positive at a threshold.
struct Above {
    threshold: f64,
    true_positives: usize,
    false_positives: usize,
}

impl Binary {
    /// `y[i]`: sample `i` is positive; `p[i]`: its probability of being so.
    ///
    /// # Errors
    /// No samples, unequal lengths, or a probability outside 0..=1.
    pub fn new(y: &[bool], p: &[f64]) -> Result<Self, MetricsError> {
        if y.len() != p.len() {
            let (n_y, n_predictions) = (y.len(), p.len());
            return Err(MetricsError::Lengths { n_y, n_predictions });
        }
        if y.is_empty() {
            return Err(MetricsError::Empty);
        }
        if let Some(sample) = p.iter().position(|p| !(0.0..=1.0).contains(p)) {
            let p = p[sample];
            return Err(MetricsError::Probability { sample, p });
        }
        let mut ranked: Vec<_> = p.iter().copied().zip(y.iter().copied()).collect();
        // -0 and 0 are one threshold: adding 0 makes both 0.
        ranked.iter_mut().for_each(|(p, _)| *p += 0.0);
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let n_positive = y.iter().filter(|&&is_positive| is_positive).count();
        Ok(Self { ranked, n_positive })
    }

    /// Counts at a threshold, `[[tn, fp], [fn, tp]]`.
    pub fn at(&self, threshold: f64) -> ConfusionMatrix {
        let pair = |&(p, is_positive)| (usize::from(is_positive), usize::from(p >= threshold));
        ConfusionMatrix::of(2, self.ranked.iter().map(pair))
    }

    /// From (0, 0), where no sample counts as positive (threshold infinity), to (1, 1), one point a
    /// distinct probability. `None` where one of the classes does not occur.
    pub fn roc(&self) -> Option<Vec<RocPoint>> {
        let n_negative = self.ranked.len() - self.n_positive;
        if self.n_positive == 0 || n_negative == 0 {
            return None;
        }
        let start = Above {
            threshold: f64::INFINITY,
            true_positives: 0,
            false_positives: 0,
        };
        let point = |above: Above| RocPoint {
            threshold: above.threshold,
            false_positive_rate: above.false_positives as f64 / n_negative as f64,
            true_positive_rate: above.true_positives as f64 / self.n_positive as f64,
        };
        Some([start].into_iter().chain(self.steps()).map(point).collect())
    }

    /// Area under the ROC curve by the trapezoidal rule: the probability that a positive sample
    /// ranks above a negative one, ties counting half. `None` where one of the classes does not occur.
    pub fn roc_auc(&self) -> Option<f64> {
        let area = |pair: &[RocPoint]| {
            let width = pair[1].false_positive_rate - pair[0].false_positive_rate;
            width * (pair[0].true_positive_rate + pair[1].true_positive_rate) / 2.0
        };
        Some(self.roc()?.windows(2).map(area).sum())
    }

    /// One point a distinct probability, highest threshold first. `None` where no sample is positive.
    pub fn pr(&self) -> Option<Vec<PrPoint>> {
        let point = |above: Above| PrPoint {
            threshold: above.threshold,
            precision: above.true_positives as f64
                / (above.true_positives + above.false_positives) as f64,
            recall: above.true_positives as f64 / self.n_positive as f64,
        };
        (self.n_positive > 0).then(|| self.steps().into_iter().map(point).collect())
    }

    /// Sum over thresholds of (rise in recall) * precision, without interpolation. `None` where no
    /// sample is positive.
    pub fn average_precision(&self) -> Option<f64> {
        let mut recall_before = 0.0;
        let mut area = 0.0;
        for point in self.pr()? {
            area += (point.recall - recall_before) * point.precision;
            recall_before = point.recall;
        }
        Some(area)
    }

    /// Mean of (p - y)^2 (Brier 1950).
    pub fn brier(&self) -> f64 {
        self.mean(|p, y| (p - y) * (p - y))
    }

    /// Mean of -ln p of the true class; p is kept one f64 epsilon away from 0 and 1.
    pub fn log_loss(&self) -> f64 {
        self.mean(|p, y| {
            let p = p.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
            if y == 1.0 {
                -libm::log(p)
            } else {
                -libm::log1p(-p)
            }
        })
    }

    fn mean(&self, f: impl Fn(f64, f64) -> f64) -> f64 {
        let term = |&(p, is_positive)| f(p, f64::from(u8::from(is_positive)));
        self.ranked.iter().map(term).sum::<f64>() / self.ranked.len() as f64
    }

    /// What counts as positive at each distinct probability.
    fn steps(&self) -> Vec<Above> {
        let mut steps: Vec<Above> = Vec::new();
        let (mut true_positives, mut false_positives) = (0, 0);
        for &(threshold, is_positive) in &self.ranked {
            true_positives += usize::from(is_positive);
            false_positives += usize::from(!is_positive);
            let above = Above {
                threshold,
                true_positives,
                false_positives,
            };
            match steps.last_mut() {
                Some(last) if last.threshold == threshold => *last = above,
                _ => steps.push(above),
            }
        }
        steps
    }
}
