//! How many samples a network classifies rightly.

use actiscope_core::data::TargetKind;
use actiscope_core::nn::spec::Loss;

/// Of some samples, those that are classified rightly; of two classes, also what is told of class 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub n: usize,
    pub n_right: usize,
    /// Samples of class 1.
    pub n_rare: usize,
    /// Samples that are said to be of class 1.
    pub n_said: usize,
    /// Samples of class 1 that are said to be.
    pub n_hits: usize,
}

impl Tally {
    /// What outputs tell of `targets`; nothing but their number where these are no classes. `outputs`: `[n_outputs]` rows of
    /// samples; `threshold`: from more than this probability on a sample of two classes counts as class 1.
    pub fn new(
        loss: Loss,
        threshold: f64,
        target: TargetKind,
        outputs: &[impl AsRef<[f32]>],
        targets: &[f32],
    ) -> Self {
        let n = targets.len();
        let TargetKind::Class { .. } = target else {
            return Self {
                n,
                ..Self::default()
            };
        };
        // As a logit, which is 0 at even odds, where outputs are logits.
        let threshold = match loss {
            Loss::Mse | Loss::Huber { .. } | Loss::ReluMse => threshold as f32,
            _ => (libm::log(threshold) - libm::log1p(-threshold)) as f32,
        };
        let rows: Vec<&[f32]> = outputs.iter().map(AsRef::as_ref).collect();
        let class_of = |i: usize| match rows[..] {
            [row] => usize::from(row[i] > threshold),
            [zero, one] => usize::from(one[i] - zero[i] > threshold),
            _ => largest_row(&rows, i),
        };
        let mut tally = Self {
            n,
            ..Self::default()
        };
        for (i, &y) in targets.iter().enumerate() {
            let (truth, said) = (y as usize, class_of(i));
            tally.n_right += usize::from(truth == said);
            tally.n_rare += usize::from(truth == 1);
            tally.n_said += usize::from(said == 1);
            tally.n_hits += usize::from(truth == 1 && said == 1);
        }
        tally
    }

    pub fn accuracy(&self) -> f32 {
        self.n_right as f32 / self.n as f32
    }

    /// Of class 1, the share said to be; `None` where there is none.
    pub fn recall(&self) -> Option<f32> {
        (self.n_rare > 0).then(|| self.n_hits as f32 / self.n_rare as f32)
    }

    /// Of those said to be of class 1, the share that are; `None` where none is.
    pub fn precision(&self) -> Option<f32> {
        (self.n_said > 0).then(|| self.n_hits as f32 / self.n_said as f32)
    }
}

/// The row with the largest value in column `i`.
pub fn largest_row(rows: &[&[f32]], i: usize) -> usize {
    let best = |best: usize, row: usize| {
        if rows[row][i] > rows[best][i] {
            row
        } else {
            best
        }
    };
    (1..rows.len()).fold(0, best)
}
