//! Where everything in the chart over steps lies.

use actiscope_core::protocol::HistoryPoint;

use super::HistoryData;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, linear_ticks, log_ticks, nice_step, whole_ticks};

/// Scales, ticks and rectangles of the chart over steps, CSS pixels. Both bands share `x`.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryGeometry {
    pub loss_band: Rect,
    /// Between the bands: what happened.
    pub lane: Rect,
    pub health_band: Rect,
    /// Steps.
    pub x: Scale,
    pub loss: Scale,
    /// Units.
    pub units: Scale,
    pub x_ticks: Vec<Tick>,
    pub loss_ticks: Vec<Tick>,
    /// There is room to name what the numbers at the right are.
    pub has_room_for_names: bool,
}

/// Below this width the numbers at the right stand without their names.
const NAMES_FROM_PX: f64 = 440.0;

impl HistoryGeometry {
    pub fn new(size: Size, theme: &Theme, data: &HistoryData) -> Self {
        let font_px = theme.tick_px();
        let has_room_for_names = size.width >= NAMES_FROM_PX * theme.scale;
        let top = 4.0 + font_px / 2.0;
        let bottom = size.height - (8.0 + 1.25 * font_px);
        let body = (bottom - top).max(1.0);
        let lane_height = (14.0 * theme.scale).min(0.2 * body);
        let loss_height = 0.56 * (body - lane_height);
        let health_height = body - lane_height - loss_height;

        let px = (top + loss_height, top);
        let (loss, loss_ticks) = if data.is_log {
            let scale = Scale::log(log_range(data), px);
            let ticks = log_ticks(&scale, font_px, true);
            (scale, ticks)
        } else {
            let scale = Scale::linear((0.0, linear_max(data)), px);
            let ticks = linear_ticks(&scale, font_px, true);
            (scale, ticks)
        };
        let n_units = data.n_units.to_string();
        let widest = loss_ticks
            .iter()
            .map(|tick| tick.label.as_str())
            .chain([n_units.as_str()])
            .map(|label| text::width(label, font_px, false))
            .fold(0.0, f64::max);
        let left = (widest + 8.0).round();
        let longest_name = if has_room_for_names {
            "saturated"
        } else {
            "alive"
        };
        let digits = "0".repeat(n_units.len().max(3));
        let longest = format!("{longest_name} {digits}");
        let right = size.width - (6.0 + text::width(&longest, font_px, true)).round();
        let width = (right - left).max(1.0);

        let domain = (0.0, data.last_step.max(1) as f64);
        let x = match data.is_log_x {
            true => Scale::log_from_zero(domain, (left, left + width)),
            false => Scale::linear(domain, (left, left + width)),
        };
        let health_top = top + loss_height + lane_height;
        let units = Scale::linear(
            (0.0, data.n_units.max(1) as f64),
            (health_top + health_height, health_top),
        );
        Self {
            loss_band: Rect::new(left, top, width, loss_height),
            lane: Rect::new(left, top + loss_height, width, lane_height),
            health_band: Rect::new(left, health_top, width, health_height),
            x_ticks: whole_ticks(&x, font_px, false),
            x,
            loss,
            units,
            loss_ticks,
            has_room_for_names,
        }
    }

    /// The step under a pointer; `None` outside the bands.
    pub fn step_at(&self, px: Point) -> Option<u64> {
        let all = Rect::new(
            self.loss_band.x,
            self.loss_band.y,
            self.loss_band.width,
            self.health_band.bottom() - self.loss_band.y,
        );
        all.contains(px)
            .then(|| self.x.data_clamped(px.x).round() as u64)
    }
}

/// Of the run and of those before it.
fn finite_losses(data: &HistoryData) -> Vec<f64> {
    let ghosts = data.ghosts.iter().flat_map(|ghost| ghost.points);
    data.points
        .iter()
        .chain(ghosts)
        .flat_map(|p| [p.loss, p.batch_loss])
        .filter(|v| v.is_finite())
        .map(f64::from)
        .collect()
}

/// A round number that holds the first loss and nearly every other: one spike must not press the rest
/// flat.
fn linear_max(data: &HistoryData) -> f64 {
    let mut all = finite_losses(data);
    let first = all.first().copied().unwrap_or(0.0);
    all.sort_by(f64::total_cmp);
    let typical = all.get(all.len() * 98 / 100).copied().unwrap_or(1.0);
    let max = first.max(typical);
    if max <= 0.0 {
        return 1.0;
    }
    let step = nice_step(max / 5.0);
    (max / step - 1e-9).ceil() * step
}

/// Whole decades around what is over 0, at least one.
fn log_range(data: &HistoryData) -> (f64, f64) {
    let positive = finite_losses(data).into_iter().filter(|v| *v > 0.0);
    let (low, high) = positive.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), v| {
        (low.min(v), high.max(v))
    });
    if high == 0.0 {
        return (0.01, 1.0);
    }
    let last = libm::log10(high).ceil();
    let first = libm::log10(low).floor().min(last - 1.0);
    (libm::pow(10.0, first), libm::pow(10.0, last))
}

/// What falls on one column of pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    pub px: f64,
    /// Least and greatest loss of a batch; NaN where there was none or it was not finite.
    pub batch: (f64, f64),
    /// The last of the column.
    pub loss: f64,
    pub dead: u16,
    pub saturated: u16,
}

/// The history, a column a pixel: drawing costs what the screen has, not what the run had. The
/// last point always ends the last column.
pub fn columns(points: &[HistoryPoint], x: &Scale) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut cell = None;
    for point in points {
        let px = x.px_from_data(point.step as f64);
        let batch = f64::from(point.batch_loss);
        let new = Column {
            px,
            batch: (batch, batch),
            loss: f64::from(point.loss),
            dead: point.dead,
            saturated: point.saturated,
        };
        let same_cell = cell == Some(px.floor() as i64);
        match columns.last_mut() {
            Some(old) if same_cell => {
                // min and max pass over NaN.
                let batch = (old.batch.0.min(batch), old.batch.1.max(batch));
                *old = Column { batch, ..new };
            }
            _ => columns.push(new),
        }
        cell = Some(px.floor() as i64);
    }
    columns
}
