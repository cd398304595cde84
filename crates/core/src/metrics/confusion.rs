//! Counts of (true class, predicted class), and what follows from them.

use serde::Serialize;

/// `counts[true_class][predicted_class]`, as scikit-learn's `confusion_matrix`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ConfusionMatrix {
    pub counts: Vec<Vec<u64>>,
}

impl ConfusionMatrix {
    /// Counts pairs (true class, predicted class), both below `n_classes`.
    pub(crate) fn of(n_classes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut counts = vec![vec![0; n_classes]; n_classes];
        for (truth, predicted) in pairs {
            counts[truth][predicted] += 1;
        }
        Self { counts }
    }

    /// Of two classes, `[true_class][predicted_class]`.
    pub(super) fn of_counts(counts: [[usize; 2]; 2]) -> Self {
        let row = |row: [usize; 2]| row.map(|n| n as u64).to_vec();
        Self {
            counts: counts.map(row).to_vec(),
        }
    }

    pub fn n_classes(&self) -> usize {
        self.counts.len()
    }

    /// Share of all samples whose class is predicted.
    pub fn accuracy(&self) -> f64 {
        let right: u64 = (0..self.n_classes()).map(|c| self.counts[c][c]).sum();
        let all: u64 = self.counts.iter().flatten().sum();
        share(right, all)
    }

    /// Of the samples predicted as `class`, the share that are; 0 where none is predicted.
    pub fn precision(&self, class: usize) -> f64 {
        let predicted = self.counts.iter().map(|row| row[class]).sum();
        share(self.counts[class][class], predicted)
    }

    /// Of the samples of `class`, the share predicted as such; 0 where there is none.
    pub fn recall(&self, class: usize) -> f64 {
        share(self.counts[class][class], self.counts[class].iter().sum())
    }

    /// Harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn); 0 where all three are 0.
    pub fn f1(&self, class: usize) -> f64 {
        let both = 2 * self.counts[class][class];
        let actual: u64 = self.counts[class].iter().sum();
        let predicted: u64 = self.counts.iter().map(|row| row[class]).sum();
        share(both, actual + predicted)
    }

    /// Mean recall over the classes that occur.
    pub fn balanced_accuracy(&self) -> f64 {
        let occurs = |&class: &usize| self.counts[class].iter().sum::<u64>() > 0;
        let classes: Vec<usize> = (0..self.n_classes()).filter(occurs).collect();
        let sum: f64 = classes.iter().map(|&class| self.recall(class)).sum();
        sum / classes.len() as f64
    }
}

fn share(part: u64, of: u64) -> f64 {
    if of == 0 {
        0.0
    } else {
        part as f64 / of as f64
    }
}
