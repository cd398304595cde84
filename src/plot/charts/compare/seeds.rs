//! The answers of all seeds of a lane, small and beside each other; the one that the columns show has a frame.

use crate::plot::charts::field::{FieldData, field_ground_scene};
use crate::plot::kit::geometry::{Point, Rect, Size, point, size};
use crate::plot::kit::scene::{Paint, Scene, Shape, Stroke};
use crate::plot::kit::theme::Theme;

const GAP_PX: f64 = 3.0;

/// The square of each of `n` seeds, row by row, as large as they fit.
pub fn seed_rects(room: Size, n: usize) -> Vec<Rect> {
    if n == 0 {
        return Vec::new();
    }
    let side_of = |n_columns: usize| {
        let n_rows = n.div_ceil(n_columns);
        let along = |px: f64, n: usize| (px - GAP_PX * (n - 1) as f64) / n as f64;
        let side = along(room.width, n_columns).min(along(room.height, n_rows));
        side.floor().max(1.0)
    };
    let best = (1..=n).max_by(|a, b| side_of(*a).total_cmp(&side_of(*b)));
    let n_columns = best.unwrap_or(1);
    let side = side_of(n_columns);
    let place = |i: usize| (side + GAP_PX) * i as f64;
    let rect = |i: usize| Rect::new(place(i % n_columns), place(i / n_columns), side, side);
    (0..n).map(rect).collect()
}

/// `fields`: of each seed; one that is not there yet leaves its place empty.
pub fn seeds_scene(
    room: Size,
    theme: &Theme,
    fields: &[Option<FieldData>],
    chosen: usize,
) -> Scene {
    let mut scene = Scene::new(room);
    for (i, (rect, field)) in seed_rects(room, fields.len())
        .into_iter()
        .zip(fields)
        .enumerate()
    {
        match field {
            Some(field) => {
                let one = field_ground_scene(size(rect.width, rect.height), theme, field);
                scene.append(one, point(rect.x, rect.y));
            }
            None => scene.shapes.push(outline(rect, theme.line2, 1.0)),
        }
        if i == chosen {
            scene.shapes.push(outline(rect.inset(-0.5), theme.ink, 2.0));
        }
    }
    scene
}

/// The seed under a pointer.
pub fn seed_at(room: Size, n: usize, at: Point) -> Option<usize> {
    let rects = seed_rects(room, n);
    rects
        .iter()
        .position(|rect| rect.inset(-GAP_PX / 2.0).contains(at))
}

fn outline(rect: Rect, color: crate::plot::kit::color::Color, width: f64) -> Shape {
    Shape::Rect {
        rect: rect.inset(0.5),
        radius: 0.0,
        paint: Paint {
            fill: None,
            stroke: Some(Stroke::solid(color, width)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_seeds_lie_in_the_room_and_are_found_there() {
        for n in [1, 3, 16, 33] {
            let room = size(120.0, 104.0);
            let rects = seed_rects(room, n);
            assert_eq!(rects.len(), n);
            for (i, rect) in rects.iter().enumerate() {
                assert!(rect.right() <= 120.0 && rect.bottom() <= 104.0, "{rect:?}");
                assert_eq!(seed_at(room, n, rect.center()), Some(i));
            }
        }
        assert_eq!(
            seed_rects(size(104.0, 104.0), 16)[5],
            Rect::new(26.0, 26.0, 23.0, 23.0)
        );
        assert_eq!(seed_at(size(100.0, 100.0), 0, point(1.0, 1.0)), None);
    }

    #[test]
    fn what_is_not_there_yet_has_its_place() {
        let fields = [None, None, None];
        let scene = seeds_scene(size(90.0, 30.0), &Theme::LIGHT, &fields, 1);
        assert_eq!(scene.shapes.len(), 4);
    }
}
