//! The line on which a field has a given value: marching squares over the middles of its cells.

use std::collections::HashMap;

use crate::plot::kit::geometry::{Point, point};

/// Polylines in units of cells: (0, 0) is the top left corner of the field, (0.5, 0.5) the middle
/// of its first cell. `field`: `[cells, cells]`, top row first.
pub fn contour(field: &[f32], cells: usize, level: f32) -> Vec<Vec<Point>> {
    if cells < 2 || field.len() != cells * cells || field.iter().any(|v| !v.is_finite()) {
        return Vec::new();
    }
    let grid = Grid {
        field,
        cells,
        level,
    };
    // A crossing is named by the edge of the grid on which it lies; each crossing has at most two
    // segments, one in each of the squares that share the edge.
    let mut neighbours: HashMap<usize, Vec<usize>> = HashMap::new();
    for y in 0..cells - 1 {
        for x in 0..cells - 1 {
            for [a, b] in grid.segments(x, y) {
                neighbours.entry(a).or_default().push(b);
                neighbours.entry(b).or_default().push(a);
            }
        }
    }
    let mut names: Vec<usize> = neighbours.keys().copied().collect();
    // Open lines from their ends first; what is left is closed. In order, so that the result does
    // not depend on the hasher.
    names.sort_unstable_by_key(|name| (neighbours[name].len(), *name));
    let mut lines = Vec::new();
    for start in names {
        let mut line = vec![start];
        let mut at = start;
        while let Some(next) = neighbours.get_mut(&at).and_then(Vec::pop) {
            if let Some(back) = neighbours.get_mut(&next) {
                back.retain(|&name| name != at);
            }
            line.push(next);
            at = next;
        }
        if line.len() > 1 {
            lines.push(line.into_iter().map(|name| grid.crossing(name)).collect());
        }
    }
    lines
}

struct Grid<'a> {
    field: &'a [f32],
    cells: usize,
    level: f32,
}

impl Grid<'_> {
    fn value(&self, x: usize, y: usize) -> f32 {
        self.field[y * self.cells + x]
    }

    fn is_over(&self, x: usize, y: usize) -> bool {
        self.value(x, y) >= self.level
    }

    /// The edge to the right of (x, y), or the one below it.
    fn name(&self, x: usize, y: usize, is_below: bool) -> usize {
        2 * (y * self.cells + x) + usize::from(is_below)
    }

    /// Where the level lies on an edge.
    fn crossing(&self, name: usize) -> Point {
        let (x, y) = (name / 2 % self.cells, name / 2 / self.cells);
        let is_below = name % 2 == 1;
        let a = self.value(x, y);
        let b = if is_below {
            self.value(x, y + 1)
        } else {
            self.value(x + 1, y)
        };
        let t = f64::from((self.level - a) / (b - a));
        let (x, y) = (x as f64 + 0.5, y as f64 + 0.5);
        if is_below {
            point(x, y + t)
        } else {
            point(x + t, y)
        }
    }

    /// The lines through the square whose top left corner is the middle of cell (x, y).
    fn segments(&self, x: usize, y: usize) -> Vec<[usize; 2]> {
        let corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)];
        let over = corners.map(|(x, y)| self.is_over(x, y));
        let [top, right, bottom, left] = [
            self.name(x, y, false),
            self.name(x + 1, y, true),
            self.name(x, y + 1, false),
            self.name(x, y, true),
        ];
        match over {
            [true, true, true, true] | [false, false, false, false] => Vec::new(),
            [true, false, false, false] | [false, true, true, true] => vec![[left, top]],
            [false, true, false, false] | [true, false, true, true] => vec![[top, right]],
            [false, false, true, false] | [true, true, false, true] => vec![[right, bottom]],
            [false, false, false, true] | [true, true, true, false] => vec![[bottom, left]],
            [true, true, false, false] | [false, false, true, true] => vec![[left, right]],
            [true, false, false, true] | [false, true, true, false] => vec![[top, bottom]],
            // A saddle: the value in the middle says which corners belong together.
            [true, false, true, false] | [false, true, false, true] => {
                let sum: f32 = corners.iter().map(|&(x, y)| self.value(x, y)).sum();
                if (sum / 4.0 >= self.level) == over[0] {
                    vec![[top, right], [bottom, left]]
                } else {
                    vec![[left, top], [right, bottom]]
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(cells: usize, value: impl Fn(f64, f64) -> f64) -> Vec<f32> {
        (0..cells * cells)
            .map(|i| {
                let at = |k: usize| (k as f64 + 0.5) / cells as f64 * 2.0 - 1.0;
                value(at(i % cells), at(i / cells)) as f32
            })
            .collect()
    }

    #[test]
    fn a_disc_has_one_closed_line_on_its_edge() {
        let cells = 60;
        let disc = field(cells, |x, y| 0.6 - libm::hypot(x, y));
        let lines = contour(&disc, cells, 0.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last(), "closed");
        for p in &lines[0] {
            let at = |v: f64| v / cells as f64 * 2.0 - 1.0;
            assert!((libm::hypot(at(p.x), at(p.y)) - 0.6).abs() < 0.002, "{p:?}");
        }
    }

    #[test]
    fn a_half_plane_has_one_open_line() {
        let lines = contour(&field(10, |x, _| x - 0.1), 10, 0.0);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|p| (p.x - 5.5).abs() < 1e-5));
        assert_eq!(lines[0].len(), 10);
    }

    #[test]
    fn a_checkerboard_is_cut_at_its_saddles() {
        let lines = contour(&field(12, |x, y| x * y), 12, 0.0);
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn flat_and_broken_fields_have_none() {
        assert!(contour(&[0.2; 16], 4, 0.5).is_empty());
        assert!(contour(&[0.2, 0.9, f32::NAN, 0.1], 2, 0.5).is_empty());
        assert!(contour(&[0.0, 1.0], 4, 0.5).is_empty());
    }
}
