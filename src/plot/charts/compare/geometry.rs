//! Where everything in the chart of losses lies.

use super::{CompareData, LossPoint};
use crate::plot::kit::end_labels::column_width;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, linear_ticks, log_ticks, whole_ticks};

/// Below the least loss that is drawn nothing can be told apart.
const LEAST: f64 = 1e-6;
/// What a loss may rise over the greatest first one before it leaves the chart at the top.
const HEADROOM: f64 = 2.0;

/// Scales, ticks and rectangles, CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareGeometry {
    pub plot: Rect,
    /// Names and values at the ends of the lines.
    pub labels: Rect,
    /// Steps.
    pub x: Scale,
    pub loss: Scale,
    pub x_ticks: Vec<Tick>,
    pub y_ticks: Vec<Tick>,
}

impl CompareGeometry {
    pub fn new(size: Size, theme: &Theme, data: &CompareData) -> Self {
        let font_px = theme.tick_px();
        let names = data.lanes.iter().map(|lane| lane.name.as_str());
        let column = column_width(names, ["diverged"].into_iter(), theme);
        let right = (size.width - column.min(0.45 * size.width)).round();
        let (top, bottom) = (4.0 + font_px / 2.0, size.height - (8.0 + 1.25 * font_px));
        let bottom = bottom.max(top + 1.0);
        let px = (bottom, top);
        let (loss, y_ticks) = match data.is_log {
            true => {
                let scale = Scale::log(log_range(data), px);
                let ticks = log_ticks(&scale, font_px, true);
                (scale, ticks)
            }
            false => {
                let scale = Scale::linear((0.0, top_of(data)), px);
                let ticks = linear_ticks(&scale, font_px, true);
                (scale, ticks)
            }
        };
        let widest = y_ticks
            .iter()
            .map(|tick| text::width(&tick.label, font_px, false))
            .fold(0.0, f64::max);
        let left = (widest + 8.0).round();
        let plot = Rect::new(left, top, (right - left).max(1.0), bottom - top);
        let domain = (0.0, data.n_steps.max(1) as f64);
        let px = (plot.x, plot.right());
        let x = match data.is_log_x {
            true => Scale::log_from_zero(domain, px),
            false => Scale::linear(domain, px),
        };
        let labels = Rect::new(right, top - 4.0, size.width - right, plot.height + 8.0);
        Self {
            plot,
            labels,
            x_ticks: whole_ticks(&x, font_px, false),
            x,
            loss,
            y_ticks,
        }
    }

    pub fn x_of(&self, step: u64) -> f64 {
        self.x.px_from_data(step as f64)
    }

    /// The step under a pointer; `None` beside the chart.
    pub fn step_at(&self, px: Point) -> Option<u64> {
        let is_beside = px.x < self.plot.x - 4.0 || px.x > self.plot.right() + 4.0;
        (!is_beside).then(|| self.x.data_clamped(px.x).round() as u64)
    }

    /// The lane whose line is nearest to a pointer, at most `reach_px` away.
    pub fn lane_at(&self, data: &CompareData, px: Point, reach_px: f64) -> Option<usize> {
        let step = self.step_at(px)?;
        let distance = |i: usize| {
            let at = data.lanes[i].at(step)?;
            Some((self.loss.px_clamped(at.median) - px.y).abs())
        };
        let lanes = (0..data.lanes.len()).filter_map(|i| Some((distance(i)?, i)));
        let near = lanes.filter(|(distance, _)| *distance <= reach_px);
        near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, i)| i)
    }
}

/// The greatest loss that lies in the chart.
fn top_of(data: &CompareData) -> f64 {
    let first = data.lanes.iter().filter_map(|lane| lane.points.first());
    let losses = first.map(|point| point.median);
    let greatest = losses.filter(|loss| loss.is_finite()).fold(0.0, f64::max);
    match greatest > 0.0 {
        true => HEADROOM * greatest,
        false => 1.0,
    }
}

fn log_range(data: &CompareData) -> (f64, f64) {
    let top = top_of(data).max(2.0 * data.target);
    let points = data.lanes.iter().flat_map(|lane| &lane.points);
    let least = points
        .map(|point: &LossPoint| point.median)
        .filter(|loss| *loss > 0.0 && loss.is_finite())
        .fold(data.target, f64::min);
    ((0.7 * least).max(LEAST).min(top / 2.0), top)
}
