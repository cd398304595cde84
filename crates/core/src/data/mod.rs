//! Data sets: which one ([`DataSpec`]) and the samples themselves ([`Dataset`]).
//!
//! [`catalogue()`] lists the generated ones with what each teaches. A user's own table comes as CSV
//! text ([`DataSource::Csv`]), points drawn by hand as a [`PointSet`].

use serde::{Deserialize, Serialize};

use crate::nn::spec::{Loss, limits};

mod catalogue;
mod csv;
mod csv_table;
mod generators;
mod good_rows;
mod plane;
mod points;
mod sampling;
mod table;

pub use catalogue::{DataInfo, catalogue};
pub use csv::{CsvError, CsvProblem};
pub use csv_table::CsvTable;
pub use good_rows::{GoodRows, good_rows};
pub use plane::{Axes, Plane, centers};
pub use points::{PointKind, PointSet};
pub use sampling::Resampling;
use table::Table;

/// Which data. With the scenario's seed it defines every sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataSpec {
    pub source: DataSource,
    /// Samples to generate, those held out for testing included. Of no effect on a CSV text or
    /// points of one's own, which are used whole.
    pub n_samples: usize,
    /// 0..1: standard deviation of the noise, in the units of the generator (see [`catalogue()`]). Of
    /// no effect on a CSV text or points of one's own.
    pub noise: f64,
    /// Share of the samples held out for testing, 0..0.9.
    pub test_share: f64,
    /// Share of the samples kept out of training and of testing, 0..0.5: what is fitted after training, a temperature,
    /// is fitted on them.
    pub validation_share: f64,
    /// 1..99: so many samples of the others for one of the last class. 1 leaves the data as they are. Of no effect on
    /// numbers.
    pub imbalance: f64,
    /// Of the training set, and of no effect on numbers.
    pub resampling: Resampling,
    /// Inputs to mean 0 and standard deviation 1 (of the training set).
    pub standardize: bool,
    /// Targets that are numbers to mean 0 and standard deviation 1 (of the training set). A squared loss is then the
    /// share of their variance that is left unexplained, whatever unit they had. Of no effect on classes.
    pub standardize_targets: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum DataSource {
    /// Two classes in 2-D.
    Circle,
    Xor,
    TwoGaussians,
    Spiral,
    Moons,
    Rings,
    Checkerboard,
    /// Regression in 2-D.
    Plane,
    GaussianBumps,
    /// Regression in 1-D.
    Sine,
    /// A user's own table: CSV text, last column (or `label` / `target` / `class` / `y`) is the target.
    Csv(CsvTable),
    /// Points drawn by hand.
    Points(PointSet),
}

/// What a network and a loss must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataShape {
    pub n_inputs: usize,
    pub target: TargetKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetKind {
    /// One number a sample.
    Number,
    /// A class 0..n_classes.
    Class { n_classes: usize },
}

/// Samples, in the order of the scenario. Numbers are f32, as the engines see them.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    pub n_inputs: usize,
    pub target: TargetKind,
    /// `[n_train, n_inputs]`, row-major.
    pub x_train: Vec<f32>,
    /// `[n_train]`: the number, or the class index as a number.
    pub y_train: Vec<f32>,
    /// `[n_test, n_inputs]`, row-major.
    pub x_test: Vec<f32>,
    /// `[n_test]`.
    pub y_test: Vec<f32>,
    /// `[n_validation, n_inputs]`, row-major.
    pub x_validation: Vec<f32>,
    /// `[n_validation]`.
    pub y_validation: Vec<f32>,
    /// Mean and standard deviation of each input, where inputs are standardised; else empty.
    pub input_scale: Vec<[f32; 2]>,
    /// Names of the inputs, `x1`, `x2` for generated data.
    pub input_names: Vec<String>,
    /// Names of the classes; empty for numbers.
    pub class_names: Vec<String>,
}

/// Why there are no samples, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DataError {
    #[error("{0}")]
    Csv(#[from] CsvError),
    #[error("{n} samples: choose 2 to {max}", max = limits::SAMPLES)]
    SampleCount { n: usize },
    #[error("there are no points: add one")]
    NoPoints,
    #[error("there are {max} points, and no more can be had", max = limits::SAMPLES)]
    TooManyPoints,
    #[error("noise {noise}: choose a number from 0 to 1")]
    Noise { noise: f64 },
    #[error("test share {share}: choose a number from 0 to 0.9")]
    TestShare { share: f64 },
    #[error("validation share {share}: choose a number from 0 to 0.5")]
    ValidationShare { share: f64 },
    #[error("imbalance {ratio}: choose a number from 1 to 99")]
    Imbalance { ratio: f64 },
}

impl DataSpec {
    /// All samples for training, as they are.
    pub fn plain(source: DataSource, n_samples: usize, noise: f64) -> Self {
        Self {
            source,
            n_samples,
            noise,
            test_share: 0.0,
            validation_share: 0.0,
            imbalance: 1.0,
            resampling: Resampling::None,
            standardize: false,
            standardize_targets: false,
        }
    }

    /// The samples of this data set under a scenario's `seed`: the same bits on every machine.
    ///
    /// Generated classes alternate, so that any prefix is balanced, and sample `i` is the same
    /// whatever `n_samples` is. The rows of a CSV text are put into a random order, since tables
    /// are often sorted by class.
    ///
    /// # Errors
    /// A CSV text that cannot be read (with line and column), or a number out of its range.
    pub fn generate(&self, seed: u32) -> Result<Dataset, DataError> {
        if !(0.0..=0.9).contains(&self.test_share) {
            let share = self.test_share;
            return Err(DataError::TestShare { share });
        }
        if !(0.0..=0.5).contains(&self.validation_share) {
            let share = self.validation_share;
            return Err(DataError::ValidationShare { share });
        }
        if !(1.0..=99.0).contains(&self.imbalance) {
            let ratio = self.imbalance;
            return Err(DataError::Imbalance { ratio });
        }
        let table = match &self.source {
            DataSource::Csv(table) => table.samples()?.shuffled(seed).thinned(self.imbalance),
            DataSource::Points(points) => points.table()?.thinned(self.imbalance),
            _ => {
                if !(2..=limits::SAMPLES).contains(&self.n_samples) {
                    return Err(DataError::SampleCount { n: self.n_samples });
                }
                if !(0.0..=1.0).contains(&self.noise) {
                    return Err(DataError::Noise { noise: self.noise });
                }
                self.generated(seed)
            }
        };
        Ok(table.into_dataset(self, seed))
    }

    /// A generated data set, with as many samples as are asked for whatever its imbalance.
    fn generated(&self, seed: u32) -> Table {
        let generate = |n| generators::generate(&self.source, n, self.noise, seed);
        match self.try_shape().map(|shape| shape.target) {
            Ok(TargetKind::Class { .. }) if self.imbalance > 1.0 => {
                let [n_common, n_rare] = sampling::class_sizes(self.n_samples, self.imbalance);
                // Classes alternate, so that twice as many hold as many of one class.
                generate(2 * n_common).picked(&[n_common, n_rare])
            }
            _ => generate(self.n_samples),
        }
    }

    /// What the data asks of a network. A CSV text that cannot be read counts as 2-D with two classes:
    /// `Scenario::check` reports it.
    pub fn shape(&self) -> DataShape {
        self.try_shape().unwrap_or(DataShape::UNREADABLE)
    }

    /// What the data asks of a network.
    ///
    /// # Errors
    /// A CSV text that cannot be read.
    pub fn try_shape(&self) -> Result<DataShape, DataError> {
        let (n_inputs, target) = match &self.source {
            DataSource::Plane | DataSource::GaussianBumps => (2, TargetKind::Number),
            DataSource::Sine => (1, TargetKind::Number),
            DataSource::Csv(table) => {
                let samples = table.samples()?;
                (samples.n_inputs(), samples.target)
            }
            DataSource::Points(points) if points.is_empty() => return Err(DataError::NoPoints),
            DataSource::Points(points) => (points.kind().n_inputs(), points.kind().target()),
            _ => (2, TargetKind::Class { n_classes: 2 }),
        };
        Ok(DataShape { n_inputs, target })
    }
}

impl DataSource {
    /// Takes a table (or points) equal to `known` to be that one, so that it is not read again, and cloned and
    /// compared at no cost.
    pub fn share(&mut self, known: &Self) {
        if self == known {
            self.clone_from(known);
        }
    }
}

impl DataShape {
    /// What stands for a CSV text that cannot be read, until another takes its place.
    pub(crate) const UNREADABLE: Self = Self {
        n_inputs: 2,
        target: TargetKind::Class { n_classes: 2 },
    };

    /// One output for numbers and for two classes under any loss but softmax; else one a class.
    pub fn n_outputs(&self, loss: Loss) -> usize {
        match (self.target, loss) {
            (TargetKind::Class { n_classes }, Loss::SoftmaxCrossEntropy) => n_classes.max(2),
            (TargetKind::Class { n_classes }, _) if n_classes > 2 => n_classes,
            _ => 1,
        }
    }
}

impl Loss {
    /// This loss, or the usual one for targets that it cannot judge.
    pub fn fit_to(self, shape: DataShape) -> Self {
        match (shape.target, self) {
            (TargetKind::Number, Self::Mse | Self::Huber { .. }) => self,
            (TargetKind::Number, _) => Self::Mse,
            // One number cannot be near to many classes at once, and none of them is an outlier.
            (TargetKind::Class { n_classes }, Self::Huber { .. } | Self::ReluMse) if n_classes > 2 => {
                Self::SoftmaxCrossEntropy
            }
            (TargetKind::Class { .. }, _) => self,
        }
    }
}

impl Dataset {
    pub fn n_train(&self) -> usize {
        self.y_train.len()
    }

    pub fn n_test(&self) -> usize {
        self.y_test.len()
    }

    pub fn n_validation(&self) -> usize {
        self.y_validation.len()
    }
}
