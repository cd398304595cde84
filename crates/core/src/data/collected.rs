//! Data sets that others collected: Iris and Digits. What they are is known here; their samples are not, for a page
//! that shows none of them is not to download them. Whoever trains brings them ([`Collected::take`]).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::table::Table;
use super::{DataError, TargetKind};

/// One of the sets, with its samples if somebody brought them. It travels, and is equal to another, as its name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "CollectedSet", into = "CollectedSet")]
pub struct Collected {
    set: CollectedSet,
    table: Option<Arc<Table>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CollectedSet {
    /// Iris (R. A. Fisher, 1936): 150 flowers of three species, four lengths in cm.
    Iris,
    /// Optical Recognition of Handwritten Digits, test part (E. Alpaydin, C. Kaynak, 1998): 1,797 pictures of 8 x 8 pixels.
    Digits,
}

impl Collected {
    pub const IRIS: Self = Self::new(CollectedSet::Iris);
    pub const DIGITS: Self = Self::new(CollectedSet::Digits);

    const fn new(set: CollectedSet) -> Self {
        Self { set, table: None }
    }

    pub fn set(&self) -> CollectedSet {
        self.set
    }

    pub fn is_here(&self) -> bool {
        self.table.is_some()
    }

    /// Takes the samples: for each input the values of all samples in the set's unit, and then their classes, a byte each.
    ///
    /// # Errors
    /// If these are not the samples of this set.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), DataError> {
        let (n, n_inputs) = (self.set.n_samples(), self.set.n_inputs());
        let n_classes = self.set.class_names().len();
        let not_here = || DataError::NotHere {
            label: self.set.label(),
        };
        if bytes.len() != n * (n_inputs + 1) {
            return Err(not_here());
        }
        let (columns, classes) = bytes.split_at(n * n_inputs);
        if classes.iter().any(|&class| usize::from(class) >= n_classes) {
            return Err(not_here());
        }
        let units = self.set.units_in_one();
        let row = |i: usize| columns[i..].iter().step_by(n);
        let x = (0..n).flat_map(row).map(|&value| f64::from(value) / units);
        self.table = Some(Arc::new(Table {
            input_names: self.set.input_names(),
            class_names: self.set.class_names(),
            target: TargetKind::Class { n_classes },
            x: x.collect(),
            y: classes.iter().map(|&class| f64::from(class)).collect(),
        }));
        Ok(())
    }

    /// The samples, in the set's order, which is by class or by writer.
    pub(super) fn table(&self) -> Result<&Table, DataError> {
        let table = self.table.as_deref();
        table.ok_or(DataError::NotHere {
            label: self.set.label(),
        })
    }
}

impl CollectedSet {
    pub const ALL: [Self; 2] = [Self::Iris, Self::Digits];

    pub fn label(self) -> &'static str {
        match self {
            Self::Iris => "Iris",
            Self::Digits => "Digits",
        }
    }

    pub fn n_samples(self) -> usize {
        match self {
            Self::Iris => 150,
            Self::Digits => 1_797,
        }
    }

    pub fn n_inputs(self) -> usize {
        match self {
            Self::Iris => 4,
            Self::Digits => 64,
        }
    }

    /// What an input's byte counts in: tenths of a centimetre; the ink of a pixel.
    fn units_in_one(self) -> f64 {
        match self {
            Self::Iris => 10.0,
            Self::Digits => 1.0,
        }
    }

    pub fn class_names(self) -> Vec<String> {
        match self {
            Self::Iris => ["setosa", "versicolor", "virginica"]
                .map(String::from)
                .to_vec(),
            Self::Digits => (0..10).map(|digit| digit.to_string()).collect(),
        }
    }

    fn input_names(self) -> Vec<String> {
        match self {
            Self::Iris => {
                let names = ["sepal length", "sepal width", "petal length", "petal width"];
                names.map(|name| format!("{name} (cm)")).to_vec()
            }
            // Row and column of the pixel, from 0, as scikit-learn has them.
            Self::Digits => (0..64).map(|i| format!("p{}{}", i / 8, i % 8)).collect(),
        }
    }

    pub(super) fn target(self) -> TargetKind {
        let n_classes = match self {
            Self::Iris => 3,
            Self::Digits => 10,
        };
        TargetKind::Class { n_classes }
    }
}

impl PartialEq for Collected {
    fn eq(&self, other: &Self) -> bool {
        self.set == other.set
    }
}

impl From<CollectedSet> for Collected {
    fn from(set: CollectedSet) -> Self {
        Self::new(set)
    }
}

impl From<Collected> for CollectedSet {
    fn from(collected: Collected) -> Self {
        collected.set
    }
}
