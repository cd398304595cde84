//! Several classes, of which the likeliest is said.

use super::outputs::{Outputs, Squash};
use super::two::Scores;
use crate::metrics::{ConfusionMatrix, ReliabilityBin, expected_calibration_error, reliability};

/// Bins of how sure the network is of what it says (Guo et al. 2017 take 15).
pub const N_BINS: usize = 15;

/// Outputs of several classes.
#[derive(Clone, Debug, PartialEq)]
pub struct ManyClasses {
    outputs: Outputs,
}

/// One sample and what is said of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Its place among those that judge.
    pub index: usize,
    pub truth: usize,
    pub said: usize,
    /// The probability of what is said.
    pub confidence: f64,
}

impl ManyClasses {
    pub fn new(outputs: Outputs) -> Self {
        Self { outputs }
    }

    pub fn n(&self) -> usize {
        self.outputs.n()
    }

    pub fn n_classes(&self) -> usize {
        self.outputs.n_outputs
    }

    pub fn squash(&self) -> Squash {
        self.outputs.squash
    }

    /// The outputs of one sample; empty where there is no such sample.
    pub fn row(&self, index: usize) -> &[f64] {
        let k = self.outputs.n_outputs;
        self.outputs
            .values
            .get(index * k..(index + 1) * k)
            .unwrap_or_default()
    }

    /// Shares of the classes for one sample.
    pub fn shares(&self, index: usize, temperature: f64) -> Vec<f64> {
        self.outputs.squash.shares(self.row(index), temperature)
    }

    pub fn truth(&self, index: usize) -> Option<usize> {
        self.outputs.y.get(index).copied()
    }

    pub fn samples(&self, temperature: f64) -> Vec<Sample> {
        let of = |(index, (row, &truth)): (usize, (&[f64], &usize))| {
            let said = largest(row);
            let confidence = self.outputs.squash.shares(row, temperature)[said];
            Sample {
                index,
                truth,
                said,
                confidence,
            }
        };
        self.outputs
            .rows()
            .zip(&self.outputs.y)
            .enumerate()
            .map(of)
            .collect()
    }

    /// Samples that are said to be what they are not, the surest first.
    pub fn misread(&self, temperature: f64) -> Vec<Sample> {
        let mut misread = self.samples(temperature);
        misread.retain(|sample| sample.said != sample.truth);
        misread.sort_by(|a, b| {
            b.confidence
                .total_cmp(&a.confidence)
                .then(a.index.cmp(&b.index))
        });
        misread
    }

    pub fn confusion(&self) -> ConfusionMatrix {
        let pairs = self.outputs.rows().zip(&self.outputs.y);
        ConfusionMatrix::of(self.n_classes(), pairs.map(|(row, &y)| (y, largest(row))))
    }

    /// Share of the largest class: what a constant answer gets right.
    pub fn majority_share(&self) -> f64 {
        let mut sizes = vec![0_u32; self.n_classes()];
        for &y in &self.outputs.y {
            sizes[y] += 1;
        }
        f64::from(sizes.into_iter().max().unwrap_or(0)) / self.n().max(1) as f64
    }

    /// Bins of the confidence in what is said, and how often that is right.
    pub fn reliability(&self, temperature: f64) -> Vec<ReliabilityBin> {
        let samples = self.samples(temperature).into_iter();
        reliability(samples.map(|s| (s.confidence, s.said == s.truth)), N_BINS)
    }

    pub fn scores(&self, temperature: f64) -> Scores {
        let n = self.n().max(1) as f64;
        let (mut brier, mut log_loss) = (0.0, 0.0);
        for (row, &y) in self.outputs.rows().zip(&self.outputs.y) {
            let shares = self.outputs.squash.shares(row, temperature);
            for (k, p) in shares.iter().enumerate() {
                let target = f64::from(u8::from(k == y));
                brier += (p - target) * (p - target);
            }
            log_loss -= libm::log(shares[y].max(f64::MIN_POSITIVE));
        }
        Scores {
            ece: expected_calibration_error(&self.reliability(temperature)),
            brier: brier / n,
            log_loss: log_loss / n,
        }
    }

    /// Misread samples of which the network is surer than this.
    pub fn n_sure_and_wrong(&self, temperature: f64, confidence: f64) -> usize {
        let misread = self.misread(temperature);
        misread
            .iter()
            .filter(|sample| sample.confidence > confidence)
            .count()
    }
}

/// The first of the largest.
fn largest(row: &[f64]) -> usize {
    let mut best = 0;
    for (class, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = class;
        }
    }
    best
}
