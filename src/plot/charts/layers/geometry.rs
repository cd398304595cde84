//! Where everything in the chart by layer lies.

use super::LayersData;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, linear_ticks, log_ticks};

/// A row a layer, in the order of the network; columns from left to right. CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct LayersGeometry {
    /// A row's whole width.
    pub rows: Vec<Rect>,
    /// Every so many rows have text; more would overlap.
    pub text_every: usize,
    /// Names of layers end here where there is no room for "layer".
    pub has_long_names: bool,
    /// Shares of alive, saturated and dead units.
    pub health: Rect,
    /// `5 dead`, where there is room.
    pub dead_text: Option<f64>,
    /// Of the gradient.
    pub gradient_plot: Rect,
    pub gradient: Scale,
    pub gradient_ticks: Vec<Tick>,
    /// Values are written up to here.
    pub value_right: f64,
    /// Mean and spread of z, where there is room.
    pub z: Option<ZColumn>,
    /// Captions of the columns, where there is more than one chart.
    pub caption_y: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ZColumn {
    pub plot: Rect,
    pub scale: Scale,
    pub ticks: Vec<Tick>,
}

/// Left and right, so that a highlighted row has air around its text.
pub(super) const PADDING_PX: f64 = 6.0;
/// From this width on z stands beside the gradient.
const Z_FROM_PX: f64 = 560.0;
const LONG_NAMES_FROM_PX: f64 = 340.0;
const DEAD_TEXT_FROM_PX: f64 = 380.0;
/// The gradient's axis never shows less than this many decades: noise must not look like a trend.
const MIN_DECADES: f64 = 3.0;
/// Below this a gradient is shown at the end of the axis.
const LEAST_GRADIENT: f64 = 1e-12;

impl LayersGeometry {
    pub fn new(size: Size, theme: &Theme, data: &LayersData) -> Self {
        let font_px = theme.tick_px();
        let scale = theme.scale;
        let has_z = size.width >= Z_FROM_PX * scale;
        let has_long_names = size.width >= LONG_NAMES_FROM_PX * scale;
        let has_dead_text = size.width >= DEAD_TEXT_FROM_PX * scale;

        let top = if has_z { 2.0 } else { 0.5 } * font_px;
        let bottom = size.height - (8.0 + 1.25 * font_px);
        let row_height = (bottom - top).max(1.0) / data.rows.len().max(1) as f64;
        let text_every = (1.35 * font_px / row_height).ceil().max(1.0) as usize;

        let name = if has_long_names { "layer 00" } else { "out" };
        let name_width = PADDING_PX + text::width(name, theme.label_px(), false) + 8.0;
        let health_width = (if has_long_names { 40.0 } else { 24.0 }) * scale;
        let health = Rect::new(name_width.round(), top, health_width, bottom - top);
        let mut left = health.right() + 8.0;
        let dead_text = has_dead_text.then_some(left);
        if has_dead_text {
            let most = data.rows.iter().map(|row| row.n_units).max().unwrap_or(0);
            left += text::width(&format!("{most} dead"), font_px, false) + 8.0;
        }
        let value_width = text::width("8.8e−88", font_px, false) + 8.0;
        let z_width = if has_z {
            (0.36 * (size.width - left - value_width)).round()
        } else {
            0.0
        };
        let gap = if has_z { 24.0 } else { 0.0 };
        // Half of the last tick's label hangs over the end of the axis.
        let hang = text::width("0.001", font_px, false) / 2.0;
        let left = (left + hang).round();
        let value_right = size.width - z_width - gap - PADDING_PX;
        let width = (value_right - value_width - left).max(1.0);
        let gradient_plot = Rect::new(left, top, width, bottom - top);
        let gradient = Scale::log(
            gradient_range(data),
            (gradient_plot.x, gradient_plot.right()),
        );
        let z = has_z.then(|| {
            let plot = Rect::new(
                size.width - z_width - PADDING_PX,
                top,
                z_width - hang.max(8.0),
                bottom - top,
            );
            let scale = Scale::linear(z_range(data), (plot.x, plot.right()));
            ZColumn {
                plot,
                ticks: linear_ticks(&scale, font_px, false),
                scale,
            }
        });
        Self {
            rows: (0..data.rows.len())
                .map(|i| Rect::new(0.0, top + i as f64 * row_height, size.width, row_height))
                .collect(),
            text_every,
            has_long_names,
            health,
            dead_text,
            gradient_plot,
            gradient_ticks: log_ticks(&gradient, font_px, false),
            gradient,
            value_right,
            z,
            caption_y: 0.7 * font_px,
        }
    }

    /// The row under a pointer.
    pub fn row_at(&self, px: Point) -> Option<usize> {
        self.rows.iter().position(|row| row.contains(px))
    }

    /// Middle of a row at a gradient; at the axis' end where it is too small or 0.
    pub fn dot(&self, row: usize, gradient_rms: f64) -> Point {
        let x = if gradient_rms.is_finite() {
            self.gradient.px_clamped(gradient_rms)
        } else {
            self.gradient_plot.right()
        };
        point(x, self.rows[row].center().y)
    }
}

fn gradient_range(data: &LayersData) -> (f64, f64) {
    let (low, high) = data
        .rows
        .iter()
        .map(|row| row.gradient_rms)
        .filter(|v| v.is_finite() && *v > 0.0)
        .fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), v| {
            (low.min(v), high.max(v))
        });
    if high == 0.0 {
        return (1e-3, 1.0);
    }
    let last = libm::log10(high.max(LEAST_GRADIENT)).ceil();
    let first = libm::log10(low.max(LEAST_GRADIENT)).floor();
    (
        libm::pow(10.0, first.min(last - MIN_DECADES)),
        libm::pow(10.0, last),
    )
}

/// Round, around all of mean - std to mean + std.
fn z_range(data: &LayersData) -> (f64, f64) {
    let reach = data
        .rows
        .iter()
        .flat_map(|row| [row.z_mean - row.z_std, row.z_mean + row.z_std])
        .filter(|v| v.is_finite())
        .fold(1.0, |reach: f64, v| reach.max(v.abs()));
    let reach = crate::plot::kit::ticks::nice_step(reach);
    (-reach, reach)
}
