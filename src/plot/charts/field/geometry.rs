//! Where everything in the decision panel lies.

use super::{FieldData, FieldKind, samples};
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, linear_ticks};

/// Where the panel's square lies and how it measures, CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldGeometry {
    pub plot: Rect,
    /// First input, to the right.
    pub x1: Scale,
    /// Second input, upwards; for a curve the answer.
    pub x2: Scale,
    pub x1_ticks: Vec<Tick>,
    pub x2_ticks: Vec<Tick>,
    /// There is room for ticks.
    pub has_ticks: bool,
}

/// Smaller panels have no ticks.
const TICKS_FROM_PX: f64 = 150.0;

impl FieldGeometry {
    pub fn new(size: Size, theme: &Theme, data: &FieldData) -> Self {
        let font_px = theme.tick_px();
        let is_line = data.kind() == FieldKind::Line;
        let has_ticks = size.width.min(size.height) >= TICKS_FROM_PX * theme.scale;
        let (left, bottom) = if has_ticks {
            let widest = text::width("−0.00", font_px, false);
            ((widest + 8.0).round(), (8.0 + 1.25 * font_px).round())
        } else {
            (1.0, 1.0)
        };
        let (right, top) = if has_ticks {
            (0.5 * text::width("−0.0", font_px, false), 0.5 * font_px)
        } else {
            (1.0, 1.0)
        };
        let room = Rect::new(
            left,
            top,
            (size.width - left - right).max(1.0),
            (size.height - top - bottom).max(1.0),
        );
        let side = room.width.min(room.height).floor().max(1.0);
        let plot = if is_line {
            room
        } else {
            // To the right of its ticks, in the middle of what is left.
            let x = (room.x + (room.width - side) / 2.0).floor();
            let y = (room.y + (room.height - side) / 2.0).floor().max(room.y);
            Rect::new(x, y, side, side)
        };
        let extent = data.extent.max(1e-6);
        let around = |center: f64| (center - extent, center + extent);
        let x1 = Scale::linear(around(data.center[0]), (plot.x, plot.right()));
        let heights = if is_line {
            let reach = 1.1 * data.largest();
            (-reach, reach)
        } else {
            around(data.center[1])
        };
        let x2 = Scale::linear(heights, (plot.bottom(), plot.y));
        Self {
            plot,
            x1_ticks: linear_ticks(&x1, font_px, false),
            x2_ticks: linear_ticks(&x2, font_px, true),
            x1,
            x2,
            has_ticks,
        }
    }

    /// `p` is (x1, x2).
    pub fn px_from_data(&self, p: Point) -> Point {
        point(self.x1.px_from_data(p.x), self.x2.px_from_data(p.y))
    }

    /// (x1, x2) under a pointer; `None` outside the square.
    pub fn data_at(&self, px: Point) -> Option<Point> {
        self.plot
            .contains(px)
            .then(|| point(self.x1.data_clamped(px.x), self.x2.data_clamped(px.y)))
    }

    /// Where a sample is drawn.
    pub fn px_of_sample(&self, data: &FieldData, index: usize) -> Option<Point> {
        let at = samples(data).nth(index);
        at.map(|(_, at)| self.px_from_data(at))
    }

    /// The sample nearest to a pointer, at most `reach_px` away.
    pub fn sample_at(&self, data: &FieldData, px: Point, reach_px: f64) -> Option<usize> {
        samples(data)
            .map(|(i, at)| {
                let p = self.px_from_data(at);
                (i, libm::hypot(p.x - px.x, p.y - px.y))
            })
            .filter(|(_, distance)| *distance <= reach_px)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(i, _)| i)
    }
}
