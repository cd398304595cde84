//! Data sets: which one ([`DataSpec`]) and the samples themselves ([`Dataset`]).
//!
//! [`catalogue()`] lists those that the page brings along with what each teaches: generated ones, and [`Collected`] ones. A
//! user's own table comes as CSV text ([`DataSource::Csv`]), points drawn by hand as a [`PointSet`].

use serde::{Deserialize, Serialize};

use crate::nn::spec::{Loss, limits};

mod catalogue;
mod collected;
mod csv;
mod generators;
mod plane;
mod points;
mod sampling;
mod save;
mod table;

use table::Table;

pub use catalogue::{DataInfo, catalogue};
pub use collected::{Collected, CollectedSet};
pub use csv::{
    ColumnKind, ColumnPreview, ColumnUse, CsvError, CsvTable, Decimal, Dialect, Encoding, FirstGap,
    Gaps, Mend, Outcome, Preview, Reading, ReadingProblem, Separator, decode, install_reader,
};
pub use plane::{Axes, Plane, centers};
pub use points::{PointKind, PointSet};
pub use sampling::Resampling;

/// Which data. With the scenario's seed it defines every sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataSpec {
    pub source: DataSource,
    /// How a table is read. The usual one beside any other source.
    pub reading: Reading,
    /// Samples to generate, those held out for testing included. Of no effect on other data, which are used whole.
    pub n_samples: usize,
    /// 0..1: standard deviation of the noise, in the units of the generator (see [`catalogue()`]). Of
    /// no effect on other data.
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
    /// Iris or Digits.
    Collected(Collected),
    /// A user's own table: CSV text, read as [`DataSpec::reading`] says.
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Mean and standard deviation of the targets, where they are standardised.
    pub target_scale: Option<[f32; 2]>,
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
    #[error("the samples of {label} are not here: is there a connection? Choose it again")]
    NotHere { label: &'static str },
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
            reading: Reading::default(),
        }
    }

    /// The samples of this data set under a scenario's `seed`: the same bits on every machine.
    ///
    /// Generated classes alternate, so that any prefix is balanced, and sample `i` is the same
    /// whatever `n_samples` is. The rows of a table, and of a collected set, are put into a random order, since
    /// they are often sorted by class.
    ///
    /// # Errors
    /// A table that cannot be read, or a number out of its range.
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
        let may_be_sorted = matches!(self.source, DataSource::Csv(_) | DataSource::Collected(_));
        let table = match self.table(seed)? {
            table if may_be_sorted => table.shuffled(seed).thinned(self.imbalance),
            // Of generated samples as many are made as are asked for.
            table if self.source.is_generated() => table,
            table => table.thinned(self.imbalance),
        };
        Ok(table.into_dataset(self, seed))
    }

    /// Every sample, in its own order.
    fn table(&self, seed: u32) -> Result<Table, DataError> {
        Ok(match &self.source {
            DataSource::Csv(table) => table.samples(&self.reading)?.table.clone(),
            DataSource::Collected(collected) => collected.table()?.clone(),
            DataSource::Points(points) => points.table()?,
            _ => {
                if !(2..=limits::SAMPLES).contains(&self.n_samples) {
                    return Err(DataError::SampleCount { n: self.n_samples });
                }
                if !(0.0..=1.0).contains(&self.noise) {
                    return Err(DataError::Noise { noise: self.noise });
                }
                self.generated(seed)
            }
        })
    }

    /// Samples to train on. 1 where the data cannot be had.
    pub fn n_train(&self, seed: u32) -> usize {
        let n_samples = match &self.source {
            DataSource::Collected(collected) => collected.set().n_samples(),
            source if source.is_generated() => self.n_samples,
            _ => return self.generate(seed).map_or(1, |data| data.n_train()),
        };
        // How often training sees them is known only with their classes.
        let is_thinned = self.imbalance > 1.0 && !self.source.is_generated();
        if self.resampling != Resampling::None || is_thinned {
            return self.generate(seed).map_or(1, |data| data.n_train());
        }
        let shares = [self.test_share, self.validation_share];
        n_samples - table::n_held_out(n_samples, shares).iter().sum::<usize>()
    }

    /// The targets to train on. Of a collected set that is not here its classes, equally often, as its samples have them but
    /// for a few.
    ///
    /// # Errors
    /// As [`DataSpec::generate`].
    pub fn train_targets(&self, seed: u32) -> Result<Vec<f32>, DataError> {
        match &self.source {
            DataSource::Collected(collected) if !collected.is_here() => {
                let n_classes = collected.set().class_names().len();
                let samples = 0..self.n_train(seed);
                Ok(samples.map(|i| (i % n_classes) as f32).collect())
            }
            _ => Ok(self.generate(seed)?.y_train),
        }
    }

    /// A reading is of a table: another source has none.
    pub(crate) fn forget_reading(&mut self) {
        if !matches!(self.source, DataSource::Csv(_)) {
            self.reading = Reading::default();
        }
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
                let samples = table.samples(&self.reading)?;
                (samples.table.n_inputs(), samples.table.target)
            }
            DataSource::Collected(collected) => {
                (collected.set().n_inputs(), collected.set().target())
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
        let is_more = match (&*self, known) {
            (Self::Collected(own), Self::Collected(known)) => known.is_here() || !own.is_here(),
            _ => true,
        };
        if self == known && is_more {
            self.clone_from(known);
        }
    }

    /// Its samples are drawn, as many and with as much noise as one likes.
    pub fn is_generated(&self) -> bool {
        !matches!(self, Self::Collected(_) | Self::Csv(_) | Self::Points(_))
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
    /// The loss to begin with on such data by one who has had this one: a binary cross-entropy, which several outputs can
    /// have too, is meant for two classes.
    pub fn usual_for(self, shape: DataShape) -> Self {
        match (shape.target, self) {
            (TargetKind::Class { n_classes }, Self::BceLogits) if n_classes > 2 => {
                Self::SoftmaxCrossEntropy
            }
            _ => self.fit_to(shape),
        }
    }

    /// This loss, or the usual one for targets that it cannot judge.
    pub fn fit_to(self, shape: DataShape) -> Self {
        match (shape.target, self) {
            (TargetKind::Number, Self::Mse | Self::Huber { .. }) => self,
            (TargetKind::Number, _) => Self::Mse,
            // One number cannot be near to many classes at once, and none of them is an outlier.
            (TargetKind::Class { n_classes }, Self::Huber { .. } | Self::ReluMse)
                if n_classes > 2 =>
            {
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
