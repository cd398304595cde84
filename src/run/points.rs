//! Points of one's own: what a click on the picture does.

use actiscope_core::data::{DataError, DataSource, DataSpec, PointKind, PointSet};
use actiscope_core::scenario::Edit;
use leptos::prelude::*;

use crate::run::Run;

/// What a press on the picture does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tool {
    /// Of a class; of numbers there is one kind only.
    Add {
        class: usize,
    },
    Remove,
}

/// The editor of points. Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Points {
    pub is_editing: RwSignal<bool>,
    pub tool: RwSignal<Tool>,
    /// The number of the points that are added over a plane.
    pub value: RwSignal<f64>,
    /// The next point is the first: those on show are left behind with it.
    pub is_blank: RwSignal<bool>,
    /// Where the keyboard's cursor is: (x1, x2), or (x, y) of a curve.
    pub cursor: RwSignal<[f64; 2]>,
}

impl Points {
    pub fn new() -> Self {
        Self {
            is_editing: RwSignal::new(false),
            tool: RwSignal::new(Tool::Add { class: 0 }),
            value: RwSignal::new(1.0),
            is_blank: RwSignal::new(false),
            cursor: RwSignal::new([0.0, 0.0]),
        }
    }

    pub fn begin(self) {
        self.is_blank.set(false);
        self.is_editing.set(true);
    }

    pub fn end(self) {
        self.is_blank.set(false);
        self.is_editing.set(false);
    }

    /// Does what the tool does, at a place.
    pub fn use_tool(self, run: Run, at: [f64; 2], reach: f64) {
        match self.tool.get_untracked() {
            Tool::Add { class } => self.add(run, at, class),
            Tool::Remove => self.remove(run, at, reach),
        }
    }

    pub fn add(self, run: Run, at: [f64; 2], class: usize) {
        let value = self.value.get_untracked();
        let is_blank = self.is_blank.get_untracked();
        change(run, |points| {
            if is_blank {
                *points = PointSet::new(points.kind());
            }
            match points.kind() {
                PointKind::Classes { .. } => points.add(&at, class as f64),
                PointKind::Numbers => points.add(&at, value),
                PointKind::Curve => points.add(&at[..1], at[1]),
            }
        });
        self.is_blank.set(false);
    }

    /// Takes the nearest point away, if one is within `reach`.
    pub fn remove(self, run: Run, at: [f64; 2], reach: f64) {
        change(run, |points| {
            match points.nearest(at) {
                Some((nearest, distance)) if distance <= reach => {
                    if points.len() == 1 {
                        return Err(DataError::NoPoints);
                    }
                    points.remove(nearest);
                }
                _ => {}
            }
            Ok(())
        });
    }
}

/// What the samples on show are as points; `None` where they lie on no plane.
pub fn kind(run: Run) -> Option<PointKind> {
    let shape = run.scenario.with(|scenario| scenario.data.shape());
    PointKind::of(shape.n_inputs, shape.target)
}

/// Has the samples on show be points of one's own. False where these lie on no plane.
pub fn make_own(run: Run) -> bool {
    change(run, |_| Ok(()))
}

fn change(run: Run, change: impl FnOnce(&mut PointSet) -> Result<(), DataError>) -> bool {
    let own = run
        .scenario
        .with_untracked(|scenario| scenario.data.as_points(scenario.seed));
    let Some(spec) = own else {
        let text = "Points can be drawn where there are one or two inputs.";
        run.notices.problem("points", text);
        return false;
    };
    let DataSource::Points(mut points) = spec.source else {
        return false;
    };
    match change(&mut points) {
        Ok(()) => {
            run.notices.clear("points");
            let source = DataSource::Points(points);
            let spec = DataSpec { source, ..spec };
            if run.scenario.with_untracked(|now| now.data != spec) {
                run.edit(Edit::Data(spec));
            }
        }
        Err(DataError::NoPoints) => run.notices.problem(
            "points",
            "This is the last point, and a network needs one to learn from: add another first.",
        ),
        Err(error) => run.notices.problem("points", format!("{error}.")),
    }
    true
}

/// What is wrong with points that can be trained on all the same.
pub fn complaint(source: &DataSource) -> Option<&'static str> {
    match source {
        DataSource::Points(points) if points.n_classes_present() == 1 => {
            Some("All points are of one class: add some of another, so that there is a boundary.")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_class_is_complained_about() {
        let mut points = PointSet::new(PointKind::Classes { n_classes: 2 });
        let complains =
            |points: &PointSet| complaint(&DataSource::Points(points.clone())).is_some();
        points.add(&[0.0, 0.0], 1.0).expect("there is room");
        assert!(complains(&points));
        points.add(&[0.5, 0.0], 0.0).expect("there is room");
        assert!(!complains(&points));
        assert_eq!(complaint(&DataSource::Moons), None);
    }
}
