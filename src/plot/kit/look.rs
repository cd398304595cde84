//! How one of up to eight functions or lanes is told from the others: a colour, a dash and a mark, the same wherever it is shown.

use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, point};
use crate::plot::kit::scene::{Paint, Shape, Stroke};
use crate::plot::kit::theme::Theme;

/// As many are drawn at once.
pub const N_SLOTS: usize = 8;

/// How one of them is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub color: Color,
    /// For text, which needs more contrast than a line.
    pub text: Color,
    pub dash: Option<[f64; 2]>,
    mark: Mark,
}

/// Solid or filled, in the order of the slots.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mark {
    Disc,
    Square,
    Triangle,
    Diamond,
    Cross,
    Heel,
    Ring,
    Box,
}

const MARKS: [Mark; N_SLOTS] = [
    Mark::Disc,
    Mark::Square,
    Mark::Triangle,
    Mark::Diamond,
    Mark::Heel,
    Mark::Cross,
    Mark::Ring,
    Mark::Box,
];

/// Lengths of dash and gap for lines of width 2; the first is solid.
pub const DASHES: [Option<[f64; 2]>; N_SLOTS] = [
    None,
    Some([6.0, 3.0]),
    Some([2.0, 2.0]),
    Some([9.0, 2.5]),
    Some([12.0, 4.0]),
    Some([3.5, 3.0]),
    Some([1.5, 4.0]),
    Some([6.0, 6.0]),
];

impl Look {
    /// Of a slot; `None` is what has none: a formula that is still being written.
    pub fn of(theme: &Theme, slot: Option<usize>) -> Self {
        let Some(slot) = slot else {
            return Self {
                color: theme.ink,
                text: theme.ink,
                dash: None,
                mark: Mark::Disc,
            };
        };
        let color = theme.series(slot);
        Self {
            color,
            text: readable(color, theme),
            dash: DASHES[slot % N_SLOTS].map(|dash| dash.map(|length| length * theme.scale)),
            mark: MARKS[slot % N_SLOTS],
        }
    }

    pub fn stroke(&self, width: f64) -> Stroke {
        Stroke {
            color: self.color,
            width,
            dash: self.dash,
        }
    }

    /// The mark about a point, on a ground that sets it off from lines below it.
    pub fn mark(&self, at: Point, radius: f64, ground: Color) -> Shape {
        let r = radius;
        let polygon = |corners: &[(f64, f64)]| Shape::Path {
            points: (corners.iter())
                .map(|(x, y)| point(at.x + x * r, at.y + y * r))
                .collect(),
            is_closed: true,
            paint: Paint::fill(self.color).and_stroke(Stroke::solid(ground, 0.3 * r)),
        };
        match self.mark {
            Mark::Disc => Shape::Circle {
                center: at,
                radius: r,
                paint: Paint::fill(self.color).and_stroke(Stroke::solid(ground, 0.3 * r)),
            },
            Mark::Ring => Shape::Circle {
                center: at,
                radius: 0.9 * r,
                paint: Paint::fill(ground).and_stroke(Stroke::solid(self.color, 0.45 * r)),
            },
            Mark::Square => polygon(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
            Mark::Box => Shape::Path {
                points: [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)]
                    .map(|(x, y)| point(at.x + x * r, at.y + y * r))
                    .to_vec(),
                is_closed: true,
                paint: Paint::fill(ground).and_stroke(Stroke::solid(self.color, 0.45 * r)),
            },
            Mark::Triangle => polygon(&[(0.0, -1.2), (1.15, 0.85), (-1.15, 0.85)]),
            Mark::Heel => polygon(&[(0.0, 1.2), (1.15, -0.85), (-1.15, -0.85)]),
            Mark::Diamond => polygon(&[(0.0, -1.3), (1.15, 0.0), (0.0, 1.3), (-1.15, 0.0)]),
            Mark::Cross => {
                let (a, b) = (0.42, 1.25);
                polygon(&[
                    (-a, -b),
                    (a, -b),
                    (a, -a),
                    (b, -a),
                    (b, a),
                    (a, a),
                    (a, b),
                    (-a, b),
                    (-a, a),
                    (-b, a),
                    (-b, -a),
                    (-a, -a),
                ])
            }
        }
    }
}

/// The colour brought to 4.5:1 on the paper.
fn readable(color: Color, theme: &Theme) -> Color {
    let steps = (0..=10).map(|i| color.mix(theme.ink, 0.1 * f64::from(i)));
    let mut enough = steps.filter(|c| c.contrast(theme.bg) >= 4.5);
    enough.next().unwrap_or(theme.ink)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_differ_in_more_than_colour_and_can_be_read() {
        for theme in [Theme::LIGHT, Theme::DARK] {
            let looks: Vec<Look> = (0..N_SLOTS).map(|i| Look::of(&theme, Some(i))).collect();
            for (i, a) in looks.iter().enumerate() {
                assert!(a.text.contrast(theme.bg) >= 4.5);
                for b in &looks[..i] {
                    assert!(a.dash != b.dash && a.mark != b.mark && a.color != b.color);
                }
            }
        }
    }
}
