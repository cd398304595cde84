//! A run's samples as they are drawn on the plane of the inputs that is looked at.

use actiscope_core::data::Axes;
use actiscope_core::protocol::{Loaded, Snapshot};

use super::axes::{center, names, places};
use crate::plot::charts::field::FieldData;

/// Where the samples lie, and what lies along the axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    x: Vec<f32>,
    names: Option<[String; 2]>,
    center: [f32; 2],
}

impl Samples {
    pub fn new(loaded: &Loaded, axes: Axes) -> Self {
        Self {
            x: places(loaded, axes),
            names: names(loaded, axes),
            center: center(loaded, axes),
        }
    }

    /// What the network answers over the plane, with the samples on it. `extent` is that of the snapshot's field,
    /// `threshold` the run's.
    pub fn field<'a>(
        &'a self,
        loaded: &'a Loaded,
        snapshot: &'a Snapshot,
        extent: f32,
        threshold: f64,
    ) -> FieldData<'a> {
        FieldData {
            field: &snapshot.field,
            extent: f64::from(extent),
            center: self.center.map(f64::from),
            x: &self.x,
            y: &loaded.y,
            n_inputs: loaded.n_inputs.min(2),
            n_train: loaded.n_train,
            n_classes: loaded.n_classes,
            accuracy: snapshot.accuracy.map(f64::from),
            threshold,
            axes: self.names.as_ref().map(|[x1, x2]| [&**x1, &**x2]),
        }
    }
}
