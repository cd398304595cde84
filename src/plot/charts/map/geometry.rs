//! Where everything of a map lies.

use actiscope_core::scenario::{Axis, AxisScale};

use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, linear_ticks, log_ticks, whole_ticks};

/// Between the cells of 0 and the others, of an axis by equal factors that begins there.
const GAP_PX: f64 = 4.0;
/// The slices have room in pictures of at least this size.
const LEAST_WITH_COLUMN: f64 = 560.0;
const LEAST_WITH_ROW: f64 = 300.0;
const SLICE_PX: f64 = 108.0;
const ROW_PX: f64 = 76.0;
/// Two fingers that have come apart, or together, by this factor mean to zoom.
const LEAST_PINCH: f64 = 1.25;
/// Fingers are no nearer to each other.
const FINGER_PX: f64 = 8.0;

/// What two fingers ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pinch {
    /// The cells from one corner to another, as the whole map.
    Into([(u32, u32); 2]),
    Out,
}

/// Rectangles and axes, CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct MapGeometry {
    pub x: Cells,
    pub y: Cells,
    /// All cells.
    pub field: Rect,
    /// Of the row through the crosshair, below the field.
    pub row: Option<Rect>,
    /// Of the column through it, at the right.
    pub column: Option<Rect>,
    pub key: Option<Rect>,
}

/// The cells along one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    pub axis: Axis,
    /// The lower edge of the first cell.
    start_px: f64,
    /// Whole; less than 0 where cells go upwards.
    cell_px: f64,
    /// After the first cell, with the sign of `cell_px`.
    gap_px: f64,
}

impl MapGeometry {
    pub fn new(size: Size, theme: &Theme, x: Axis, y: Axis) -> Self {
        let font_px = theme.tick_px();
        let left = (4.0 * font_px + 8.0).round();
        let top = (1.5 * font_px).round();
        let below = (2.0 * font_px).round();
        let has_column = size.width >= LEAST_WITH_COLUMN * theme.scale;
        let has_row = size.height >= LEAST_WITH_ROW * theme.scale;
        let beside = match has_column {
            true => ((SLICE_PX + 16.0) * theme.scale).round(),
            false => 0.0,
        };
        let row_px = match has_row {
            true => ((ROW_PX + 10.0) * theme.scale).round(),
            false => 0.0,
        };
        // Half a label of the last tick has room at the right.
        let right = (size.width - beside - 18.0 * theme.scale).max(left + 1.0);
        let bottom = size.height - below - row_px - (1.6 * font_px).round();
        let x = Cells::new(x, left, (right - left).max(1.0), false);
        let y = Cells::new(y, bottom, (bottom - top).max(1.0), true);
        let field =
            Rect::from_corners(point(x.start_px, y.start_px), point(x.end_px(), y.end_px()));
        let row = has_row.then(|| {
            let y = field.bottom() + below + 6.0;
            Rect::new(field.x, y, field.width, row_px - 10.0)
        });
        let column_x = field.right() + 16.0 * theme.scale;
        let width = SLICE_PX * theme.scale;
        let column = has_column.then(|| Rect::new(column_x, field.y, width, field.height));
        let key = row
            .filter(|_| has_column)
            .map(|row| Rect::new(column_x, row.y, width, row.height));
        Self {
            x,
            y,
            field,
            row,
            column,
            key,
        }
    }

    /// The cell under a pointer; `None` beside the field.
    pub fn cell_at(&self, px: Point) -> Option<(u32, u32)> {
        let is_inside = self.field.contains(px);
        is_inside.then(|| (self.x.at(px.x), self.y.at(px.y)))
    }

    pub fn cell(&self, (ix, iy): (u32, u32)) -> Rect {
        let ((x0, x1), (y0, y1)) = (self.x.edges(ix), self.y.edges(iy));
        Rect::from_corners(point(x0, y0), point(x1, y1))
    }

    /// What two fingers ask for that came down at `from` and are at `to`: that the cells that would still be seen if the
    /// map went with them become all of it. `None` where they have hardly moved.
    pub fn pinch(&self, from: [Point; 2], to: [Point; 2]) -> Option<Pinch> {
        let apart = |[a, b]: [Point; 2]| libm::hypot(a.x - b.x, a.y - b.y).max(FINGER_PX);
        let middle = |[a, b]: [Point; 2]| point(0.5 * (a.x + b.x), 0.5 * (a.y + b.y));
        let factor = apart(to) / apart(from);
        if factor <= 1.0 / LEAST_PINCH {
            return Some(Pinch::Out);
        }
        if factor < LEAST_PINCH {
            return None;
        }
        let (was, is) = (middle(from), middle(to));
        let seen = |x: f64, y: f64| {
            let (x, y) = (was.x + (x - is.x) / factor, was.y + (y - is.y) / factor);
            (self.x.at(x), self.y.at(y))
        };
        // The edges themselves are the next cells'.
        let field = self.field.inset(1.0);
        let corners = [seen(field.x, field.bottom()), seen(field.right(), field.y)];
        Some(Pinch::Into(corners))
    }

    /// Of the cells from one corner to another.
    pub fn area(&self, a: (u32, u32), b: (u32, u32)) -> Rect {
        let (a, b) = (self.cell(a), self.cell(b));
        Rect::from_corners(
            point(a.x.min(b.x), a.y.min(b.y)),
            point(a.right().max(b.right()), a.bottom().max(b.bottom())),
        )
    }
}

impl Cells {
    fn new(axis: Axis, start_px: f64, room_px: f64, is_up: bool) -> Self {
        let n = f64::from(axis.n.max(1));
        let gap_px = if axis.has_zero_apart() { GAP_PX } else { 0.0 };
        let cell_px = ((room_px - gap_px) / n).floor().max(1.0);
        let sign = if is_up { -1.0 } else { 1.0 };
        Self {
            axis,
            start_px: start_px.round(),
            cell_px: sign * cell_px,
            gap_px: sign * gap_px,
        }
    }

    pub fn cell_px(&self) -> f64 {
        self.cell_px.abs()
    }

    fn end_px(&self) -> f64 {
        self.edges(self.axis.n.saturating_sub(1)).1
    }

    /// Of a cell: where it begins and ends, in the direction of the axis.
    pub fn edges(&self, i: u32) -> (f64, f64) {
        let gap = if i > 0 { self.gap_px } else { 0.0 };
        let begin = self.start_px + gap + f64::from(i) * self.cell_px;
        (begin, begin + self.cell_px)
    }

    pub fn middle(&self, i: u32) -> f64 {
        let (begin, end) = self.edges(i);
        0.5 * (begin + end)
    }

    /// The cell at a pixel; the ends for what lies beyond them.
    pub fn at(&self, px: f64) -> u32 {
        let last = self.axis.n.saturating_sub(1);
        let along = (px - self.start_px) / self.cell_px;
        let with_gap = along - (self.gap_px / self.cell_px).abs();
        let cell = if along < 1.0 {
            along
        } else {
            with_gap.max(1.0)
        };
        (cell.max(0.0) as u32).min(last)
    }

    /// Data to pixels, through the middles of the cells but the one of 0 apart.
    fn scale(&self) -> Scale {
        let axis = &self.axis;
        let first = u32::from(axis.has_zero_apart()).min(axis.n.saturating_sub(1));
        let last = axis.n.saturating_sub(1);
        let px = (self.middle(first), self.middle(last));
        let data = (axis.value(first), axis.value(last));
        match axis.scale {
            AxisScale::Log => Scale::log(data, px),
            AxisScale::Linear => Scale::linear(data, px),
        }
    }

    /// Where a value lies, if it lies on the axis.
    pub fn px_of(&self, value: f64) -> Option<f64> {
        if self.axis.has_zero_apart() && value == 0.0 {
            return Some(self.middle(0));
        }
        let scale = self.scale();
        let (a, b) = scale.range();
        let half = 0.5 * self.cell_px();
        let px = match self.axis.n {
            1 if value == self.axis.from => a,
            1 => return None,
            _ => scale.px_from_data(value),
        };
        (px.is_finite() && (a.min(b) - half..=a.max(b) + half).contains(&px)).then_some(px)
    }

    /// At the middles of cells, as many as have room.
    pub fn ticks(&self, font_px: f64, is_vertical: bool) -> Vec<Tick> {
        let scale = self.scale();
        if self.axis.n < 2 {
            return vec![self.tick(0, self.axis.from)];
        }
        let mut ticks = match self.axis.scale {
            _ if self.axis.setting.range().is_whole() => {
                whole_ticks_of(&scale, font_px, is_vertical)
            }
            AxisScale::Log => {
                let decades = log_ticks(&scale, font_px, is_vertical);
                match decades.len() {
                    0..3 => linear_ticks(&scale, font_px, is_vertical),
                    _ => decades,
                }
            }
            AxisScale::Linear => linear_ticks(&scale, font_px, is_vertical),
        };
        if self.axis.has_zero_apart() {
            let zero = self.tick(0, 0.0);
            let room = if is_vertical { 1.4 } else { 3.0 } * font_px;
            ticks.retain(|tick| (tick.px - zero.px).abs() >= room);
            ticks.insert(0, zero);
        }
        ticks
    }

    fn tick(&self, i: u32, value: f64) -> Tick {
        Tick {
            value,
            px: self.middle(i),
            label: actiscope_core::text::number(value, 3),
        }
    }
}

/// Whole numbers, by equal factors where the scale goes by them.
fn whole_ticks_of(scale: &Scale, font_px: f64, is_vertical: bool) -> Vec<Tick> {
    match scale.is_log() {
        true => log_ticks(scale, font_px, is_vertical),
        false => whole_ticks(scale, font_px, is_vertical),
    }
}

/// What fits beside the axis of a chip with this text.
pub fn chip_width(label: &str, theme: &Theme) -> f64 {
    text::width(label, theme.tick_px(), true) + 10.0 * theme.scale
}
