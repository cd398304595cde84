//! A table of samples in f64, and what is done to it on its way to a [`Dataset`]: order, split,
//! standardisation, rounding to f32.

use super::sampling::{self, resampled};
use super::{DataSpec, Dataset, TargetKind};
use crate::random::{Random, Stream};

/// Every sample of a data set, before the split.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    pub input_names: Vec<String>,
    pub class_names: Vec<String>,
    pub target: TargetKind,
    /// `[n_samples, n_inputs]`, row-major. NaN where there is none: [`Table::into_dataset`] fills it.
    pub x: Vec<f64>,
    /// `[n_samples]`: the number, or the class index.
    pub y: Vec<f64>,
}

impl Table {
    pub fn n_inputs(&self) -> usize {
        self.input_names.len()
    }

    /// The same samples in a random order of [`Stream::Data`].
    pub fn shuffled(&self, seed: u32) -> Self {
        let order = Random::new(u64::from(seed), Stream::Data, 0).permutation(self.y.len());
        let order: Vec<usize> = order.into_iter().map(|i| i as usize).collect();
        let (x, y) = self.pick(&order);
        Self {
            input_names: self.input_names.clone(),
            class_names: self.class_names.clone(),
            target: self.target,
            x,
            y,
        }
    }

    /// Holds out the test and the validation share of the samples (a random choice of [`Stream::Split`]; each part keeps
    /// its order, and one sample at least is for training), fills gaps with the mean of the training part, standardises what
    /// is to be with the mean and standard deviation of that part, resamples it, and rounds to f32.
    pub fn into_dataset(self, spec: &DataSpec, seed: u32) -> Dataset {
        let parts = split(self.y.len(), [spec.test_share, spec.validation_share], seed);
        // What is learnt of the training part is of its samples as they are, each of them once.
        let (mut x_fit, y_fit) = self.pick(&parts.train);
        let train = match self.target {
            TargetKind::Class { n_classes } => {
                resampled(parts.train, &self.y, n_classes, spec.resampling)
            }
            TargetKind::Number => parts.train,
        };
        let [mut train, mut test, mut validation] =
            [train, parts.test, parts.validation].map(|samples| self.pick(&samples));
        if self.x.iter().any(|value| value.is_nan()) {
            let means = means(&x_fit, self.n_inputs());
            fill(&means, &mut x_fit);
            for (x, _) in [&mut train, &mut test, &mut validation] {
                fill(&means, x);
            }
        }
        let mut target_scale = None;
        if spec.standardize_targets && self.target == TargetKind::Number {
            let column = fit_columns(&y_fit, 1);
            target_scale = column.first().map(|&(mean, std)| [mean as f32, std as f32]);
            for (_, y) in [&mut train, &mut test, &mut validation] {
                standardize_with(&column, y);
            }
        }
        let mut input_scale = Vec::new();
        if spec.standardize {
            let columns = fit_columns(&x_fit, self.n_inputs());
            input_scale = columns
                .iter()
                .map(|&(mean, std)| [mean as f32, std as f32])
                .collect();
            for (x, _) in [&mut train, &mut test, &mut validation] {
                standardize_with(&columns, x);
            }
        }
        let [
            (x_train, y_train),
            (x_test, y_test),
            (x_validation, y_validation),
        ] = [train, test, validation];
        Dataset {
            n_inputs: self.n_inputs(),
            target: self.target,
            x_train: rounded(&x_train),
            y_train: rounded(&y_train),
            x_test: rounded(&x_test),
            y_test: rounded(&y_test),
            x_validation: rounded(&x_validation),
            y_validation: rounded(&y_validation),
            input_scale,
            target_scale,
            input_names: self.input_names,
            class_names: self.class_names,
        }
    }

    /// With one of the last class for each `ratio` of the others, as far as there are more: the first of them.
    pub fn thinned(self, ratio: f64) -> Self {
        let TargetKind::Class { n_classes } = self.target else {
            return self;
        };
        if ratio <= 1.0 || n_classes < 2 {
            return self;
        }
        let sizes = sampling::sizes(&self.y, n_classes);
        let kept = sampling::thinned_sizes(sizes, ratio);
        self.picked(&kept)
    }

    /// The first so many samples of each class, spread evenly over each other.
    pub fn picked(self, sizes: &[usize]) -> Self {
        let samples = sampling::spread(&self.y, sizes);
        let (x, y) = self.pick(&samples);
        Self { x, y, ..self }
    }

    /// Inputs and targets of the samples with these indices.
    fn pick(&self, samples: &[usize]) -> (Vec<f64>, Vec<f64>) {
        let n_inputs = self.n_inputs();
        let row = |&i: &usize| self.x[i * n_inputs..(i + 1) * n_inputs].iter().copied();
        let x = samples.iter().flat_map(row).collect();
        let y = samples.iter().map(|&i| self.y[i]).collect();
        (x, y)
    }
}

/// Indices of samples, each part in rising order.
struct Parts {
    train: Vec<usize>,
    test: Vec<usize>,
    validation: Vec<usize>,
}

/// Samples that are held out for testing and for validation: one at least is for training.
pub(super) fn n_held_out(n_samples: usize, [test, validation]: [f64; 2]) -> [usize; 2] {
    let most = n_samples.saturating_sub(1);
    let n_of = |share: f64| libm::round(share * n_samples as f64) as usize;
    let n_test = n_of(test).min(most);
    [n_test, n_of(validation).min(most - n_test)]
}

/// The test samples are the same whatever is kept for validation.
fn split(n_samples: usize, shares: [f64; 2], seed: u32) -> Parts {
    let [n_test, n_validation] = n_held_out(n_samples, shares);
    let order = Random::new(u64::from(seed), Stream::Split, 0).permutation(n_samples);
    let (of_test, others) = order.split_at(n_test);
    let (of_validation, of_training) = others.split_at(n_validation);
    let sorted = |samples: &[u32]| {
        let mut samples: Vec<usize> = samples.iter().map(|&i| i as usize).collect();
        samples.sort_unstable();
        samples
    };
    Parts {
        train: sorted(of_training),
        test: sorted(of_test),
        validation: sorted(of_validation),
    }
}

/// The mean of what there is in each column; 0 where there is nothing.
fn means(x: &[f64], n_inputs: usize) -> Vec<f64> {
    let mean = |k: usize| {
        let there = x.iter().skip(k).step_by(n_inputs).filter(|v| !v.is_nan());
        let (sum, n) = there.fold((0.0, 0.0), |(sum, n), v| (sum + v, n + 1.0));
        if n == 0.0 { 0.0 } else { sum / n }
    };
    (0..n_inputs).map(mean).collect()
}

fn fill(means: &[f64], x: &mut [f64]) {
    for row in x.chunks_exact_mut(means.len()) {
        for (value, mean) in row.iter_mut().zip(means) {
            if value.is_nan() {
                *value = *mean;
            }
        }
    }
}

/// Mean and standard deviation (of the population, as scikit-learn's `StandardScaler`) of each
/// column. A constant column gets 1, so that it becomes 0.
fn fit_columns(x: &[f64], n_inputs: usize) -> Vec<(f64, f64)> {
    let n = (x.len() / n_inputs) as f64;
    let column = |k: usize| x.iter().skip(k).step_by(n_inputs);
    (0..n_inputs)
        .map(|k| {
            let mean = column(k).sum::<f64>() / n;
            let variance = column(k).map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
            let std = libm::sqrt(variance);
            // A constant column may leave a rounding error instead of 0.
            let is_constant = std <= 1e-12 * libm::fabs(mean);
            (mean, if is_constant { 1.0 } else { std })
        })
        .collect()
}

fn standardize_with(columns: &[(f64, f64)], x: &mut [f64]) {
    for row in x.chunks_exact_mut(columns.len()) {
        for (value, (mean, std)) in row.iter_mut().zip(columns) {
            *value = (*value - mean) / std;
        }
    }
}

fn rounded(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&v| v as f32).collect()
}
