//! A table of samples in f64, and what is done to it on its way to a [`Dataset`]: order, split,
//! standardisation, rounding to f32.

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

    /// Holds out the test share of the samples (a random choice of [`Stream::Split`]; both parts keep
    /// their order, and one sample at least is for training), fills gaps with the mean of the training part, standardises what is to be with the mean and
    /// standard deviation of the training part, and rounds to f32.
    pub fn into_dataset(self, spec: &DataSpec, seed: u32) -> Dataset {
        let (train, test) = split(self.y.len(), spec.test_share, seed);
        let (mut x_train, mut y_train) = self.pick(&train);
        let (mut x_test, mut y_test) = self.pick(&test);
        if self.x.iter().any(|value| value.is_nan()) {
            let means = means(&x_train, self.n_inputs());
            fill(&means, &mut x_train);
            fill(&means, &mut x_test);
        }
        if spec.standardize_targets && self.target == TargetKind::Number {
            let column = fit_columns(&y_train, 1);
            standardize_with(&column, &mut y_train);
            standardize_with(&column, &mut y_test);
        }
        if spec.standardize {
            let columns = fit_columns(&x_train, self.n_inputs());
            standardize_with(&columns, &mut x_train);
            standardize_with(&columns, &mut x_test);
        }
        Dataset {
            n_inputs: self.n_inputs(),
            target: self.target,
            x_train: rounded(&x_train),
            y_train: rounded(&y_train),
            x_test: rounded(&x_test),
            y_test: rounded(&y_test),
            input_names: self.input_names,
            class_names: self.class_names,
        }
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

/// Samples that are held out: one at least is for training.
pub(super) fn n_test(n_samples: usize, test_share: f64) -> usize {
    let wanted = libm::round(test_share * n_samples as f64) as usize;
    wanted.min(n_samples.saturating_sub(1))
}

/// Indices of the training and the test samples, each in rising order.
fn split(n_samples: usize, test_share: f64, seed: u32) -> (Vec<usize>, Vec<usize>) {
    let n_test = n_test(n_samples, test_share);
    let order = Random::new(u64::from(seed), Stream::Split, 0).permutation(n_samples);
    let mut is_test = vec![false; n_samples];
    for &i in &order[..n_test] {
        is_test[i as usize] = true;
    }
    (0..n_samples).partition(|&i| !is_test[i])
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
