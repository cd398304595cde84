//! A user's own points: drawn, added and removed by hand.
//!
//! Numbers are thousandths, whole: a point is exactly what a link says of it.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::table::Table;
use super::{DataError, DataSource, DataSpec, Dataset, TargetKind};
use crate::nn::spec::limits;

/// Thousandths in one unit.
const UNIT: f64 = 1_000.0;
/// The largest number of a point, in thousandths.
const MAX: i32 = 1_000_000_000;

/// A user's own points over one or two inputs. Clones share them until one is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointSet {
    kind: PointKind,
    /// `[n, row]`, thousandths: the inputs and then the target.
    #[serde(serialize_with = "write_rows", deserialize_with = "read_rows")]
    rows: Arc<Vec<i32>>,
}

fn write_rows<S: Serializer>(rows: &Arc<Vec<i32>>, serializer: S) -> Result<S::Ok, S::Error> {
    (**rows).serialize(serializer)
}

fn read_rows<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Vec<i32>>, D::Error> {
    Vec::deserialize(deserializer).map(Arc::new)
}

/// What points are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PointKind {
    /// Over two inputs, in classes 0..n_classes.
    Classes { n_classes: u8 },
    /// Over two inputs, each with a number.
    Numbers,
    /// Over one input, with a number: (x, y) of a curve.
    Curve,
}

impl PointKind {
    /// Of these data; `None` where points cannot be drawn on a plane.
    pub fn of(n_inputs: usize, target: TargetKind) -> Option<Self> {
        match (n_inputs, target) {
            (2, TargetKind::Class { n_classes }) => Some(Self::Classes {
                n_classes: n_classes.clamp(2, limits::OUTPUTS) as u8,
            }),
            (2, TargetKind::Number) => Some(Self::Numbers),
            (1, TargetKind::Number) => Some(Self::Curve),
            _ => None,
        }
    }

    pub fn n_inputs(self) -> usize {
        match self {
            Self::Curve => 1,
            Self::Classes { .. } | Self::Numbers => 2,
        }
    }

    pub fn target(self) -> TargetKind {
        match self {
            Self::Classes { n_classes } => TargetKind::Class {
                n_classes: usize::from(n_classes),
            },
            Self::Numbers | Self::Curve => TargetKind::Number,
        }
    }

    /// Numbers that one point takes.
    fn row(self) -> usize {
        self.n_inputs() + 1
    }

    /// `c3`, `n` or `y`, at the head of [`PointSet::to_text`].
    fn id(self) -> String {
        match self {
            Self::Classes { n_classes } => format!("c{n_classes}"),
            Self::Numbers => "n".into(),
            Self::Curve => "y".into(),
        }
    }

    fn from_id(id: &str) -> Option<Self> {
        match id {
            "n" => Some(Self::Numbers),
            "y" => Some(Self::Curve),
            _ => {
                let n_classes: u8 = id.strip_prefix('c')?.parse().ok()?;
                let is_possible = (2..=limits::OUTPUTS).contains(&usize::from(n_classes));
                is_possible.then_some(Self::Classes { n_classes })
            }
        }
    }
}

impl PointSet {
    pub fn new(kind: PointKind) -> Self {
        Self {
            kind,
            rows: Arc::default(),
        }
    }

    /// The samples of a data set, to the nearest thousandth. `None` where these are no points on a plane.
    pub fn of(data: &Dataset) -> Option<Self> {
        let mut points = Self::new(PointKind::of(data.n_inputs, data.target)?);
        let x = [&data.x_train, &data.x_validation, &data.x_test];
        let mut x = x.into_iter().flatten().copied().map(f64::from);
        for &y in [&data.y_train, &data.y_validation, &data.y_test]
            .into_iter()
            .flatten()
        {
            let inputs: Vec<f64> = x.by_ref().take(data.n_inputs).collect();
            points.push(&inputs, f64::from(y));
        }
        Some(points)
    }

    pub fn kind(&self) -> PointKind {
        self.kind
    }

    pub fn len(&self) -> usize {
        self.rows.len() / self.kind.row()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Classes that have points. 0 for numbers.
    pub fn n_classes_present(&self) -> usize {
        let PointKind::Classes { n_classes } = self.kind else {
            return 0;
        };
        let has = |class: &i32| {
            self.rows
                .chunks_exact(self.kind.row())
                .any(|r| r[2] == *class)
        };
        (0..i32::from(n_classes)).filter(has).count()
    }

    /// Adds a point at `x` (as many numbers as there are inputs) with its target: a class, or a number.
    ///
    /// # Errors
    /// If there are [`limits::SAMPLES`] of them.
    pub fn add(&mut self, x: &[f64], y: f64) -> Result<(), DataError> {
        if self.len() >= limits::SAMPLES {
            return Err(DataError::TooManyPoints);
        }
        self.push(x, y);
        Ok(())
    }

    fn push(&mut self, x: &[f64], y: f64) {
        let inputs =
            (0..self.kind.n_inputs()).map(|i| thousandths(x.get(i).copied().unwrap_or(0.0)));
        let rows = Arc::make_mut(&mut self.rows);
        rows.extend(inputs);
        rows.push(match self.kind {
            // `as` makes 0 of what is no class.
            PointKind::Classes { n_classes } => (y as i32).clamp(0, i32::from(n_classes) - 1),
            PointKind::Numbers | PointKind::Curve => thousandths(y),
        });
    }

    /// Where the `i`-th point is drawn: its two inputs, or input and target.
    pub fn place(&self, i: usize) -> Option<[f64; 2]> {
        let row = self.rows.chunks_exact(self.kind.row()).nth(i)?;
        Some([f64::from(row[0]) / UNIT, f64::from(row[1]) / UNIT])
    }

    /// The point drawn nearest to a place, and how far away it is.
    pub fn nearest(&self, to: [f64; 2]) -> Option<(usize, f64)> {
        let distance = |i: usize| {
            let [x, y] = self.place(i).unwrap_or_default();
            libm::hypot(x - to[0], y - to[1])
        };
        let all = (0..self.len()).map(|i| (i, distance(i)));
        all.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Takes the `i`-th point away, if there is one.
    pub fn remove(&mut self, i: usize) {
        let row = self.kind.row();
        if i < self.len() {
            Arc::make_mut(&mut self.rows).drain(i * row..(i + 1) * row);
        }
    }

    pub(super) fn table(&self) -> Result<Table, DataError> {
        if self.is_empty() {
            return Err(DataError::NoPoints);
        }
        let row = self.kind.row();
        let mut x = Vec::with_capacity(self.rows.len());
        let mut y = Vec::with_capacity(self.len());
        for row in self.rows.chunks_exact(row) {
            let (target, inputs) = row.split_last().unwrap_or((&0, &[]));
            x.extend(inputs.iter().map(|&v| f64::from(v) / UNIT));
            y.push(match self.kind {
                PointKind::Classes { .. } => f64::from(*target),
                PointKind::Numbers | PointKind::Curve => f64::from(*target) / UNIT,
            });
        }
        let class_names = match self.kind {
            PointKind::Classes { n_classes } => (0..n_classes).map(|c| c.to_string()).collect(),
            PointKind::Numbers | PointKind::Curve => Vec::new(),
        };
        let names = match self.kind {
            PointKind::Curve => &["x"][..],
            PointKind::Classes { .. } | PointKind::Numbers => &["x1", "x2"],
        };
        Ok(Table {
            input_names: names.iter().map(|&name| name.to_owned()).collect(),
            class_names,
            target: self.kind.target(),
            x,
            y,
        })
    }

    /// `c2:-310,72,0,455,-20,1`: what it is of, then the numbers of each point in thousandths, a class as it is.
    pub fn to_text(&self) -> String {
        let mut text = self.kind.id();
        for (i, number) in self.rows.iter().enumerate() {
            text.push(if i == 0 { ':' } else { ',' });
            text.push_str(&number.to_string());
        }
        text
    }

    /// The points of [`PointSet::to_text`].
    ///
    /// # Errors
    /// What is wrong with which point, and what would be right.
    pub fn from_text(text: &str) -> Result<Self, String> {
        let (id, numbers) = text.split_once(':').unwrap_or((text, ""));
        let kind = PointKind::from_id(id).ok_or_else(|| {
            format!("begin with c2: to c{}: for classes, n: for numbers over a plane or y: for numbers over one input", limits::OUTPUTS)
        })?;
        let n_in_row = kind.row();
        let mut rows = Vec::new();
        for (i, number) in numbers.split(',').filter(|n| !n.is_empty()).enumerate() {
            let highest = match kind {
                PointKind::Classes { n_classes } if i % n_in_row == 2 => i32::from(n_classes) - 1,
                _ => MAX,
            };
            let lowest = if highest == MAX { -MAX } else { 0 };
            let value = number
                .parse()
                .ok()
                .filter(|v| (lowest..=highest).contains(v));
            let point = i / n_in_row + 1;
            rows.push(value.ok_or_else(|| {
                format!("point {point}: write a whole number from {lowest} to {highest}")
            })?);
            if point > limits::SAMPLES {
                return Err(DataError::TooManyPoints.to_string());
            }
        }
        if rows.is_empty() {
            return Err(DataError::NoPoints.to_string());
        }
        if !rows.len().is_multiple_of(n_in_row) {
            return Err(format!("give {n_in_row} numbers a point"));
        }
        Ok(Self {
            kind,
            rows: Arc::new(rows),
        })
    }
}

fn thousandths(value: f64) -> i32 {
    let most = f64::from(MAX);
    // `as` makes 0 of NaN.
    libm::round(value * UNIT).clamp(-most, most) as i32
}

impl DataSpec {
    /// The same samples as points of one's own, as they are shown: inputs that are standardised stay as that
    /// made them. `None` where they cannot be drawn on a plane or cannot be had.
    pub fn as_points(&self, seed: u32) -> Option<Self> {
        let all = Self {
            test_share: 0.0,
            ..self.clone()
        };
        let points = match &self.source {
            DataSource::Points(points) if !self.standardize => points.clone(),
            _ => PointSet::of(&all.generate(seed).ok()?)?,
        };
        Some(Self {
            source: DataSource::Points(points),
            reading: super::Reading::default(),
            standardize: false,
            ..self.clone()
        })
    }
}
