//! Data sets: which one ([`DataSpec`]) and the samples themselves ([`Dataset`]).

use serde::{Deserialize, Serialize};

use crate::nn::spec::Loss;

/// Which data. With the scenario's seed it defines every sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataSpec {
    pub source: DataSource,
    pub n_samples: usize,
    /// 0..1: strength of the noise, in the units of the generator.
    pub noise: f64,
    /// Share of the samples held out for testing, 0..0.9.
    pub test_share: f64,
    /// Inputs to mean 0 and standard deviation 1 (of the training set).
    pub standardize: bool,
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
    /// A user's own table: CSV text, last column (or `label` / `target` / `y`) is the target.
    Csv(String),
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

impl DataShape {
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
            (TargetKind::Class { n_classes }, _) if n_classes > 2 => Self::SoftmaxCrossEntropy,
            (TargetKind::Class { .. }, _) => self,
        }
    }
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
    /// Names of the inputs, `x1`, `x2` for generated data.
    pub input_names: Vec<String>,
    /// Names of the classes; empty for numbers.
    pub class_names: Vec<String>,
}

impl Dataset {
    pub fn n_train(&self) -> usize {
        self.y_train.len()
    }
}

impl DataSpec {
    /// What the data asks of a network. A CSV text that cannot be read counts as 2-D with two classes:
    /// `Scenario::check` reports it.
    pub fn shape(&self) -> DataShape {
        let (n_inputs, target) = match &self.source {
            DataSource::Plane | DataSource::GaussianBumps => (2, TargetKind::Number),
            DataSource::Sine => (1, TargetKind::Number),
            _ => (2, TargetKind::Class { n_classes: 2 }),
        };
        DataShape { n_inputs, target }
    }
}
