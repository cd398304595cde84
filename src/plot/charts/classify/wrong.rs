//! Samples that are told wrongly, ringed on the plane of the inputs.

use crate::plot::charts::field::{FieldData, FieldGeometry};
use crate::plot::kit::geometry::{Point, Size, point};
use crate::plot::kit::scene::{Paint, Scene, Shape};
use crate::plot::kit::theme::Theme;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongSample {
    /// Its place among the samples of the field.
    pub index: usize,
    /// It is of class 1, and said not to be; else the other way round.
    pub is_miss: bool,
}

/// A diamond around each miss, a circle around each false alarm.
pub fn wrong_scene(size: Size, theme: &Theme, data: &FieldData, wrong: &[WrongSample]) -> Scene {
    let mut scene = Scene::new(size);
    let geometry = FieldGeometry::new(size, theme, data);
    let n_inputs = data.n_inputs.max(1);
    let radius = 6.0 * theme.scale;
    let paint = Paint::stroke(theme.dead, 1.5 * theme.scale);
    for sample in wrong {
        let Some(x) = data.x.chunks_exact(n_inputs).nth(sample.index) else {
            continue;
        };
        let second = x.get(1).or_else(|| data.y.get(sample.index));
        let second = second.copied().unwrap_or(0.0);
        let center = geometry.px_from_data(point(f64::from(x[0]), f64::from(second)));
        if geometry.plot.contains(center) {
            scene.shapes.push(match sample.is_miss {
                true => diamond(center, 1.25 * radius, paint),
                false => Shape::Circle {
                    center,
                    radius,
                    paint,
                },
            });
        }
    }
    scene
}

fn diamond(center: Point, reach: f64, paint: Paint) -> Shape {
    let corners = [(0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0)];
    Shape::Path {
        points: corners
            .iter()
            .map(|(dx, dy)| point(center.x + dx, center.y + dy))
            .collect(),
        is_closed: true,
        paint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::kit::geometry::size;

    #[test]
    fn misses_and_false_alarms_differ_in_shape() {
        let data = FieldData {
            field: &[],
            extent: 1.2,
            center: [0.0, 0.0],
            x: &[0.0, 0.0, 0.5, 0.5, 9.0, 9.0],
            y: &[1.0, 0.0, 1.0],
            n_inputs: 2,
            n_train: 3,
            n_classes: 2,
            accuracy: None,
            threshold: 0.5,
            axes: None,
        };
        let wrong = [(0, true), (1, false), (2, true), (7, true)]
            .map(|(index, is_miss)| WrongSample { index, is_miss });
        let scene = wrong_scene(size(200.0, 200.0), &Theme::LIGHT, &data, &wrong);
        // What lies outside the picture, and what is not there, is left out.
        assert!(matches!(
            scene.shapes[..],
            [Shape::Path { .. }, Shape::Circle { .. }]
        ));
    }
}
