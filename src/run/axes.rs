//! Where samples lie on the plane of the inputs that is looked at.

use std::borrow::Cow;

use actiscope_core::data::{Axes, Plane};
use actiscope_core::protocol::Loaded;

/// Half the side of the square that generated data, in about [-1, 1]^2, are shown in.
pub const DEFAULT_EXTENT: f32 = 1.2;

/// The middle of the picture.
pub fn center(loaded: &Loaded, axes: Axes) -> [f32; 2] {
    let center = |i: usize| loaded.centers.get(i).copied().unwrap_or(0.0);
    match axes {
        Axes::Inputs(i, j) => [center(i), center(j)],
        Axes::Principal => [0.0, 0.0],
    }
}

/// The run's samples as they are drawn: `[n, n_inputs]` for up to two inputs, else `[n, 2]` on the plane of the axes.
pub fn places(loaded: &Loaded, axes: Axes) -> Vec<f32> {
    places_of(&loaded.x, loaded, axes)
}

/// Any samples, `[n, n_inputs]`, as they are drawn among the run's.
pub fn places_of(x: &[f32], loaded: &Loaded, axes: Axes) -> Vec<f32> {
    let n_inputs = loaded.n_inputs;
    if n_inputs <= 2 {
        return x.to_vec();
    }
    let plane = match (axes, &loaded.principal) {
        (Axes::Principal, Some(principal)) => Cow::Borrowed(principal),
        _ => Cow::Owned(Plane::new(axes, &loaded.x, n_inputs, &loaded.centers)),
    };
    let [x_center, y_center] = center(loaded, axes);
    let samples = x.chunks_exact(n_inputs);
    let place = |x| {
        let [s, t] = plane.place(x);
        [x_center + s, y_center + t]
    };
    samples.flat_map(place).collect()
}

/// What lies to the right and upwards, where that is more than x1 and x2.
pub fn names(loaded: &Loaded, axes: Axes) -> Option<[String; 2]> {
    if loaded.n_inputs <= 2 {
        return None;
    }
    let name = |i: usize| loaded.input_names.get(i).cloned().unwrap_or_default();
    Some(match axes {
        Axes::Inputs(i, j) => [name(i), name(j)],
        Axes::Principal => ["component 1".into(), "component 2".into()],
    })
}

/// Half the side of the square that shows (nearly) all samples of a run.
pub fn extent_of(loaded: &Loaded, axes: Axes) -> f32 {
    let n_shown = loaded.n_inputs.clamp(1, 2);
    let places = places(loaded, axes);
    let center = center(loaded, axes);
    let mut reach: Vec<f32> = places
        .chunks_exact(n_shown)
        .map(|place| {
            let distances = place
                .iter()
                .zip(center)
                .map(|(x, center)| (x - center).abs());
            distances.fold(0.0, f32::max)
        })
        .collect();
    reach.sort_by(f32::total_cmp);
    // An outlier in a hundred may lie outside.
    let reach = reach.get(reach.len() * 99 / 100).copied().unwrap_or(0.0);
    if reach <= DEFAULT_EXTENT {
        DEFAULT_EXTENT
    } else {
        // Two digits, so that noise does not change the scale at every restart.
        let unit = 10f32.powf(reach.log10().floor() - 1.0);
        (1.1 * reach / unit).ceil() * unit
    }
}

#[cfg(test)]
mod tests {
    use actiscope_core::data::centers;

    use super::*;

    fn loaded(n_inputs: usize, x: &[f32]) -> Loaded {
        Loaded {
            judges: Default::default(),
            y_validation: Vec::new(),
            input_scale: Vec::new(),
            class_sizes: Vec::new(),
            class_names: Vec::new(),
            run: 1,
            n_inputs,
            x: x.to_vec(),
            y: vec![0.0; x.len() / n_inputs],
            n_train: x.len() / n_inputs,
            n_classes: 2,
            input_names: (1..=n_inputs).map(|i| format!("x{i}")).collect(),
            centers: centers(x, n_inputs),
            principal: (n_inputs > 2).then(|| Plane::principal(x, n_inputs)),
            max_abs_slopes: vec![1.0],
        }
    }

    #[test]
    fn two_inputs_lie_as_they_are() {
        let two = loaded(2, &[0.1, -3.0, -0.3, 4.0]);
        assert_eq!(places(&two, Axes::default()), two.x);
        assert_eq!(names(&two, Axes::default()), None);
        assert_eq!(extent_of(&two, Axes::default()), 4.4);
    }

    #[test]
    fn what_lies_far_off_fills_the_picture() {
        let far = loaded(2, &[4.0, 102.0, 8.0, 98.0]);
        assert_eq!(center(&far, Axes::default()), [6.0, 100.0]);
        assert_eq!(extent_of(&far, Axes::default()), 2.2);
        let four = loaded(3, &[4.0, 0.0, 102.0, 8.0, 0.5, 98.0]);
        assert_eq!(places(&four, Axes::Inputs(0, 2)), [4.0, 102.0, 8.0, 98.0]);
    }

    #[test]
    fn more_inputs_lie_on_the_plane_of_the_axes() {
        let three = loaded(3, &[1.0, 2.0, 3.0, -1.0, 5.0, -3.0]);
        assert_eq!(places(&three, Axes::Inputs(2, 0)), [3.0, 1.0, -3.0, -1.0]);
        assert_eq!(
            names(&three, Axes::Inputs(2, 0)),
            Some(["x3".into(), "x1".into()])
        );
        // Two samples lie on one line through their mean, at equal distances.
        let along = places(&three, Axes::Principal);
        assert!(
            (along[0] + along[2]).abs() < 1e-5 && along[0].abs() > 3.0,
            "{along:?}"
        );
        assert!(along[1].abs() < 1e-5 && along[3].abs() < 1e-5, "{along:?}");
        assert!(extent_of(&three, Axes::Principal) > 3.0);
    }
}
