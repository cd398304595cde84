//! Two classes, judged by the probability of the positive one.

use super::{ConfusionMatrix, MetricsError, PrPoint, Ranked, RocPoint};

/// Targets and probabilities that are known to be sound.
#[derive(Clone, Debug)]
pub struct Binary {
    /// By the probability of the positive class, which is the rare one here.
    ranked: Ranked,
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
        let pairs = p.iter().copied().zip(y.iter().copied());
        let ranked = Ranked::of_finite(pairs.collect());
        Ok(Self { ranked })
    }

    /// Counts at a threshold, `[[tn, fp], [fn, tp]]`.
    pub fn at(&self, threshold: f64) -> ConfusionMatrix {
        let counts = self.ranked.at(threshold);
        ConfusionMatrix::of_counts([
            [counts.rejections, counts.false_alarms],
            [counts.misses, counts.hits],
        ])
    }

    /// [`Ranked::roc`] over probabilities.
    pub fn roc(&self) -> Option<Vec<RocPoint>> {
        self.ranked.roc()
    }

    /// [`Ranked::roc_auc`].
    pub fn roc_auc(&self) -> Option<f64> {
        self.ranked.roc_auc()
    }

    /// [`Ranked::pr`] over probabilities.
    pub fn pr(&self) -> Option<Vec<PrPoint>> {
        self.ranked.pr()
    }

    /// [`Ranked::average_precision`].
    pub fn average_precision(&self) -> Option<f64> {
        self.ranked.average_precision()
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
        self.ranked.samples().iter().map(term).sum::<f64>() / self.ranked.n() as f64
    }
}
