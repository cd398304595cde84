//! A dot a layer on log axes, a row a layer in the order of the network: what was measured, beside it
//! what theory says, and how far it has wandered lately.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use super::layer_name;
use super::strips::boxed;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::pen::{Pen, TextLook};
use crate::plot::kit::record::{Drawn, record};
use crate::plot::kit::scene::{Align, Scene, Stroke};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, log_ticks, short};

/// What the chart shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dots {
    /// Hidden layers, then the output layer.
    pub n_layers: usize,
    /// Beside each other, on one row a layer.
    pub columns: Vec<DotColumn>,
    /// The verdict above all, longest form first; the first that fits is written.
    pub headline: Option<Headline>,
    /// The layer that is selected.
    pub selected: Option<usize>,
    /// The layer under the pointer.
    pub pointed: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    pub forms: Vec<String>,
    /// It says that something is wrong.
    pub is_warning: bool,
}

/// One quantity of all layers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DotColumn {
    /// Above the axis and in read-outs: `RMS of z`.
    pub name: &'static str,
    /// A line across all rows, and what it says.
    pub guide: Option<(f64, &'static str)>,
    /// `[n_layers]`; `None` where a layer has no such quantity.
    pub measured: Vec<Option<f64>>,
    /// `[n_layers]` or empty.
    pub theory: Vec<Option<f64>>,
    /// `[n_layers]` or empty: least and greatest of the last steps.
    pub trail: Vec<Option<(f64, f64)>>,
}

impl DotColumn {
    fn values(&self) -> impl Iterator<Item = f64> + '_ {
        let trail = self
            .trail
            .iter()
            .flatten()
            .flat_map(|&(low, high)| [low, high]);
        let values = self.measured.iter().chain(&self.theory).flatten().copied();
        values.chain(trail).filter(|v| v.is_finite() && *v > 0.0)
    }

    /// Whole decades around all that is over 0 and the guide; at least two.
    fn range(&self) -> (f64, f64) {
        let guide = self.guide.map(|(at, _)| at);
        let (low, high) = self
            .values()
            .chain(guide)
            .fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), v| {
                (low.min(v.max(LEAST)), high.max(v.max(LEAST)))
            });
        if high == 0.0 {
            return (1e-2, 1.0);
        }
        let first = (libm::log10(low) + 1e-9).floor();
        let last = (libm::log10(high) - 1e-9).ceil();
        let first = if last - first < 2.0 {
            first.min(last - 1.0)
        } else {
            first
        };
        (
            libm::pow(10.0, first),
            libm::pow(10.0, last.max(first + 1.0)),
        )
    }
}

/// What is smaller stands at the end of the axis.
const LEAST: f64 = 1e-20;
const LONG_NAMES_FROM_PX: f64 = 340.0;
/// A column from this width on has its numbers written beside it.
const VALUES_FROM_PX: f64 = 150.0;
const PADDING_PX: f64 = 6.0;

/// Rows, and the axis of each column. CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct DotsGeometry {
    pub rows: Vec<Rect>,
    pub text_every: usize,
    pub has_long_names: bool,
    pub columns: Vec<Axis>,
    /// The headline's form that fits, and its middle's height.
    pub headline: Option<(String, f64)>,
    pub caption_y: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub plot: Rect,
    pub scale: Scale,
    pub ticks: Vec<Tick>,
    /// Numbers end here, where there is room for them.
    pub value_right: Option<f64>,
}

impl DotsGeometry {
    pub fn new(size: Size, theme: &Theme, data: &Dots) -> Self {
        let font_px = theme.tick_px();
        let has_long_names = size.width >= LONG_NAMES_FROM_PX * theme.scale;
        let name = if has_long_names { "layer 00" } else { "out" };
        let left = (PADDING_PX + text::width(name, theme.label_px(), false) + 12.0).round();
        let headline = data.headline.as_ref().and_then(|headline| {
            let fits = |text: &&String| {
                text::width(text, theme.label_px(), true) <= size.width - 2.0 * PADDING_PX
            };
            headline.forms.iter().find(fits).cloned()
        });
        let headline_height = if headline.is_some() {
            1.6 * theme.label_px()
        } else {
            0.0
        };
        let caption_y = headline_height + 0.7 * font_px;
        let top = headline_height + 1.7 * font_px;
        let bottom = (size.height - (8.0 + 1.25 * font_px)).max(top + 1.0);
        let row = (bottom - top) / data.n_layers.max(1) as f64;

        let n_columns = data.columns.len().max(1) as f64;
        let column_width = (size.width - left - PADDING_PX) / n_columns;
        let value_width = text::width("8.8e−88", font_px, false) + 8.0;
        let has_values = column_width >= VALUES_FROM_PX * theme.scale;
        // Half of the last tick's label hangs over the end of the axis.
        let hang = text::width("1e−88", font_px, false) / 2.0;
        let columns = data.columns.iter().enumerate().map(|(i, column)| {
            let x = left + i as f64 * column_width;
            let right = x + column_width - if has_values { value_width } else { hang + 2.0 } - 4.0;
            let plot = Rect::new(
                (x + hang).round(),
                top,
                (right - x - hang).max(1.0),
                bottom - top,
            );
            let scale = Scale::log(column.range(), (plot.x, plot.right()));
            Axis {
                ticks: log_ticks(&scale, font_px, false),
                scale,
                value_right: has_values.then_some(right + value_width),
                plot,
            }
        });
        Self {
            rows: (0..data.n_layers)
                .map(|i| Rect::new(0.0, top + i as f64 * row, size.width, row))
                .collect(),
            text_every: (1.35 * font_px / row).ceil().max(1.0) as usize,
            has_long_names,
            columns: columns.collect(),
            headline: headline.map(|text| (text, 0.7 * theme.label_px())),
            caption_y,
        }
    }

    /// The layer under a pointer.
    pub fn row_at(&self, px: Point) -> Option<usize> {
        self.rows.iter().position(|row| row.contains(px))
    }
}

/// The chart as a picture.
pub fn dots_scene(size: Size, theme: &Theme, data: &Dots) -> Scene {
    record(size, |area| draw_dots(area, size, theme, data))
}

pub fn draw_dots<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    size: Size,
    theme: &Theme,
    data: &Dots,
) -> Drawn<DB> {
    let g = DotsGeometry::new(size, theme, data);
    let (pen, t) = (Pen::new(area, size), theme);
    if let Some(row) = data.selected.and_then(|row| g.rows.get(row)) {
        pen.fill(*row, t.accent_bg)?;
    }
    if let (Some((text, y)), Some(headline)) = (&g.headline, &data.headline) {
        let color = if headline.is_warning { t.dead } else { t.ink };
        let look = TextLook::new(t.label_px(), color).bold();
        pen.text(text, point(PADDING_PX, *y), look)?;
    }
    for (column, axis) in data.columns.iter().zip(&g.columns) {
        draw_axis(&pen, t, column, axis, &g)?;
        draw_column(&pen, t, column, axis, &g)?;
    }
    names(&pen, t, data, &g)?;
    if let (Some(layer), Some(plot)) = (data.pointed, g.rows.first())
        && let (Some(row), Some(text)) = (g.rows.get(layer), read_out(data, layer))
    {
        let y = row.center().y;
        let left = g.columns.first().map_or(row.x, |axis| axis.plot.x);
        pen.hairline_h((left, row.right()), y, t.ink3)?;
        let bottom = g.rows.last().map_or(row.bottom(), Rect::bottom);
        let offset = 0.5 * row.height.max(1.6 * t.label_px());
        let y = if y + 2.0 * offset < bottom {
            y + offset + 4.0
        } else {
            y - offset - 4.0
        };
        let within = Rect::new(
            PADDING_PX,
            plot.y,
            size.width - 2.0 * PADDING_PX,
            bottom - plot.y,
        );
        boxed(&pen, t, &text, point(size.width / 2.0, y), &within)?;
    }
    Ok(())
}

fn draw_axis<DB: DrawingBackend>(
    pen: &Pen<DB>,
    t: &Theme,
    column: &DotColumn,
    axis: &Axis,
    g: &DotsGeometry,
) -> Drawn<DB> {
    let look = TextLook::new(t.tick_px(), t.ink3).align(Align::Center);
    let plot = axis.plot;
    for tick in &axis.ticks {
        pen.hairline_v(tick.px, (plot.y, plot.bottom()), t.line2)?;
        let y = plot.bottom() + 4.0 + 0.75 * t.tick_px();
        pen.text(&tick.label, point(tick.px, y), look)?;
    }
    let width = |text: &str| text::width(text, t.tick_px(), false);
    let room = axis.value_right.unwrap_or(plot.right()) - plot.x;
    let Some((at, says)) = column.guide else {
        if width(column.name) <= room {
            pen.text(
                column.name,
                point(plot.x, g.caption_y),
                look.align(Align::Left),
            )?;
        }
        return Ok(());
    };
    let x = axis.scale.px_clamped(at);
    let dash = Stroke::dashed(t.accent, 1.25 * t.scale, [4.0, 3.0]);
    pen.line(&[point(x, plot.y), point(x, plot.bottom())], dash)?;
    // The guide's text stands over it; the column's name where that leaves room.
    let half = width(says) / 2.0;
    if 2.0 * half <= room {
        let x = x.clamp(plot.x + half, plot.x + room - half);
        let color = t.accent;
        pen.text(says, point(x, g.caption_y), TextLook { color, ..look })?;
        if plot.x + width(column.name) + 8.0 < x - half {
            pen.text(
                column.name,
                point(plot.x, g.caption_y),
                look.align(Align::Left),
            )?;
        }
    }
    Ok(())
}

fn draw_column<DB: DrawingBackend>(
    pen: &Pen<DB>,
    t: &Theme,
    column: &DotColumn,
    axis: &Axis,
    g: &DotsGeometry,
) -> Drawn<DB> {
    let px = |v: f64| axis.scale.px_clamped(v);
    // Where rows are too close to be read one by one, a line leads the eye.
    if g.text_every > 1 {
        for (values, color) in [(&column.theory, t.accent), (&column.measured, t.ink3)] {
            let dots: Vec<Point> = values
                .iter()
                .zip(&g.rows)
                .filter_map(|(v, row)| {
                    Some(point(px(v.filter(|v| v.is_finite())?), row.center().y))
                })
                .collect();
            pen.line(&dots, Stroke::solid(color, 1.0 * t.scale))?;
        }
    }
    for (layer, row) in g.rows.iter().enumerate() {
        let of = |values: &[Option<f64>]| values.get(layer).copied().flatten();
        let y = row.center().y;
        let radius = (0.3 * row.height).clamp(1.5, 4.5 * t.scale);
        if let Some((low, high)) = column.trail.get(layer).copied().flatten() {
            let width = (0.9 * radius).max(1.0);
            let line = [point(px(low), y), point(px(high), y)];
            pen.line(&line, Stroke::solid(t.hist.fade(0.55), width))?;
        }
        if let Some(theory) = of(&column.theory).filter(|v| v.is_finite()) {
            let ring = Stroke::solid(t.accent, 1.75 * t.scale);
            pen.ring(point(px(theory), y), radius + 1.5, ring)?;
        }
        let Some(value) = of(&column.measured) else {
            continue;
        };
        if value == 0.0 {
            pen.ring(
                point(axis.plot.x, y),
                radius,
                Stroke::solid(t.dead, 1.5 * t.scale),
            )?;
        } else if value.is_finite() {
            pen.disc(point(px(value), y), radius, t.ink)?;
        }
        if let Some(right) = axis
            .value_right
            .filter(|_| layer.is_multiple_of(g.text_every))
        {
            let (text, color) = match value {
                0.0 => ("0".to_owned(), t.dead),
                v if !v.is_finite() => ("diverged".to_owned(), t.dead),
                v => (short(v), t.ink2),
            };
            let look = TextLook::new(t.tick_px(), color).align(Align::Right);
            pen.text(&text, point(right, y), look)?;
        }
    }
    Ok(())
}

fn names<DB: DrawingBackend>(pen: &Pen<DB>, t: &Theme, data: &Dots, g: &DotsGeometry) -> Drawn<DB> {
    for (layer, row) in g.rows.iter().enumerate() {
        if !layer.is_multiple_of(g.text_every) {
            continue;
        }
        let name = match (g.has_long_names, layer + 1 == data.n_layers) {
            (true, _) => layer_name(layer, data.n_layers),
            (false, true) => "out".into(),
            (false, false) => (layer + 1).to_string(),
        };
        let look = TextLook::new(t.label_px(), t.ink2);
        pen.text(&name, point(PADDING_PX, row.center().y), look)?;
    }
    Ok(())
}

/// `layer 3 · RMS of z 0.81, theory 0.9 · χ 0.062, theory 0.063`
pub fn read_out(data: &Dots, layer: usize) -> Option<String> {
    if layer >= data.n_layers {
        return None;
    }
    let mut text = layer_name(layer, data.n_layers);
    for column in &data.columns {
        let of = |values: &[Option<f64>]| values.get(layer).copied().flatten();
        if let Some(value) = of(&column.measured) {
            text += &format!(" · {} {}", column.name, short(value));
            if let Some(theory) = of(&column.theory) {
                text += &format!(", theory {}", short(theory));
            }
        }
    }
    Some(text)
}

/// A row a layer; `names` are the columns', with units.
pub fn dots_csv(data: &Dots, names: &[&str]) -> String {
    let mut text = String::from("layer");
    for (column, name) in data.columns.iter().zip(names) {
        text += &format!(",{name}");
        if !column.theory.is_empty() {
            text += &format!(",{name}_in_theory");
        }
    }
    text.push('\n');
    for layer in 0..data.n_layers {
        text += &layer_name(layer, data.n_layers);
        for column in &data.columns {
            let of = |values: &[Option<f64>]| {
                let value = values.get(layer).copied().flatten();
                value.map_or_else(String::new, |value| value.to_string())
            };
            text += &format!(",{}", of(&column.measured));
            if !column.theory.is_empty() {
                text += &format!(",{}", of(&column.theory));
            }
        }
        text.push('\n');
    }
    text
}
