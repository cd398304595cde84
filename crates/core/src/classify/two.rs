//! Two classes, judged by one number a sample. Class 1 is the one that is asked for: the rare one, where data are made
//! imbalanced.

use super::outputs::{Outputs, Squash, sigmoid, softplus};
use crate::metrics::{
    Counts, MetricsError, Ranked, ReliabilityBin, expected_calibration_error, reliability,
};

/// Bins of the probability of class 1.
pub const N_BINS: usize = 10;

/// What two classes are judged by: how sure the network is of class 1.
#[derive(Clone, Debug)]
pub struct TwoClasses {
    pub ranked: Ranked,
    squash: Squash,
    /// Of class 1 against class 0, in the order of the samples.
    pub logits: Vec<f64>,
    pub is_rare: Vec<bool>,
}

/// How good probabilities are, at one temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Expected calibration error (Guo et al. 2017, eq. 3).
    pub ece: f64,
    /// Mean squared error of the probabilities (Brier 1950), over the classes where there are many.
    pub brier: f64,
    /// Mean of -ln p of the true class.
    pub log_loss: f64,
}

impl TwoClasses {
    /// # Errors
    /// What [`Ranked::new`] refuses.
    pub fn new(outputs: &Outputs) -> Result<Self, MetricsError> {
        let logits = outputs.logits_of_one();
        let is_rare: Vec<bool> = outputs.y.iter().map(|&class| class == 1).collect();
        Ok(Self {
            ranked: Ranked::new(&logits, &is_rare)?,
            squash: outputs.squash,
            logits,
            is_rare,
        })
    }

    pub fn n(&self) -> usize {
        self.logits.len()
    }

    pub fn n_rare(&self) -> usize {
        self.is_rare.iter().filter(|&&is_rare| is_rare).count()
    }

    /// What is said at a threshold. A sample that lies on it is not said to be of class 1, as everywhere on the page: it is
    /// what a network says that answers 0 to everything.
    pub fn at(&self, threshold_logit: f64) -> Counts {
        self.ranked.at(threshold_logit.next_up())
    }

    /// Share of the larger class: what a constant answer gets right.
    pub fn majority_share(&self) -> f64 {
        let rare = self.n_rare() as f64 / self.n() as f64;
        rare.max(1.0 - rare)
    }

    /// Bins of the probability of class 1, and how often it is right in each.
    pub fn reliability(&self, temperature: f64) -> Vec<ReliabilityBin> {
        let p = self.probabilities(temperature);
        reliability(p.zip(self.is_rare.iter().copied()), N_BINS)
    }

    pub fn scores(&self, temperature: f64) -> Scores {
        let n = self.n() as f64;
        let y = || {
            self.is_rare
                .iter()
                .map(|&is_rare| f64::from(u8::from(is_rare)))
        };
        let pairs = self.probabilities(temperature).zip(y());
        let scale = self.scale(temperature);
        let loss = |(z, y): (&f64, f64)| softplus(z * scale) - z * scale * y;
        Scores {
            ece: expected_calibration_error(&self.reliability(temperature)),
            brier: pairs.map(|(p, y)| (p - y) * (p - y)).sum::<f64>() / n,
            log_loss: self.logits.iter().zip(y()).map(loss).sum::<f64>() / n,
        }
    }

    fn probabilities(&self, temperature: f64) -> impl Iterator<Item = f64> {
        let scale = self.scale(temperature);
        self.logits.iter().map(move |z| sigmoid(z * scale))
    }

    fn scale(&self, temperature: f64) -> f64 {
        if self.squash.has_logits() {
            1.0 / temperature
        } else {
            1.0
        }
    }
}
