//! What is left of a gradient after each layer on its way back, for functions over each other.

use super::reading;
use crate::plot::kit::end_labels::{EndLabel, column_width, draw_end_labels};
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, clip_polyline_y, point};
use crate::plot::kit::look::Look;
use crate::plot::kit::scene::{Scene, Stroke};
use crate::plot::kit::sketch::{Sketch, centred, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, log_ticks};

/// Less than this part of it is called vanished.
pub const VANISHED: f64 = 1e-3;
/// Below this nothing is drawn.
const LEAST: f64 = 1e-12;

#[derive(Clone, Copy, Debug)]
pub struct DepthChartData<'a> {
    pub lines: &'a [DepthLine],
    pub n_layers: usize,
    /// The layer that is pointed at, from 1.
    pub pointed: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DepthLine {
    pub name: String,
    pub slot: Option<usize>,
    pub is_focused: bool,
    /// Gradient RMS after 1, 2, ... layers, over what it was before them; as far as it is known yet.
    pub rms: Vec<f64>,
    /// The same from mean-field theory.
    pub theory: Vec<f64>,
    /// The signal itself died on the way forward: the gradient says nothing.
    pub dies_forward: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DepthGeometry {
    pub plot: Rect,
    labels: Rect,
    pub x: Scale,
    pub y: Scale,
    y_ticks: Vec<Tick>,
}

impl DepthGeometry {
    pub fn new(size: Size, theme: &Theme, data: &DepthChartData) -> Self {
        let font_px = theme.tick_px();
        // The margins of the charts above, so that lines end in one line.
        let left = (text::width("−0.5", font_px, false) + 22.0 * theme.scale).round();
        let names = data.lines.iter().map(|line| line.name.as_str());
        let column = column_width(names, ["−0.000", "undefined"].into_iter(), theme);
        let plot_right = (size.width - column.min(0.5 * size.width)).round();
        let top = 4.0 + font_px / 2.0;
        let bottom = size.height - (8.0 + 1.25 * font_px);
        let plot = Rect::new(
            left,
            top,
            (plot_right - left).max(1.0),
            (bottom - top).max(1.0),
        );
        let x = Scale::linear((1.0, data.n_layers.max(2) as f64), (plot.x, plot.right()));
        let seen = || data.lines.iter().filter(|line| !line.dies_forward);
        let values = || {
            seen()
                .flat_map(|line| line.rms.iter())
                .copied()
                .filter(|v| *v > 0.0)
        };
        let low = values().fold(VANISHED / 10.0, f64::min).max(LEAST);
        let high = values().fold(10.0, f64::max).min(1e12);
        let y = Scale::log((low, high), (plot.bottom(), plot.y));
        let labels = Rect::new(
            plot_right,
            plot.y - 4.0,
            size.width - plot_right,
            plot.height + 8.0,
        );
        Self {
            plot,
            labels,
            x,
            y_ticks: log_ticks(&y, font_px, true),
            y,
        }
    }

    /// The layer under a pointer, from 1.
    pub fn layer_at(&self, px: Point) -> Option<usize> {
        let is_beside = px.x < self.plot.x - 8.0 || px.x > self.plot.right() + 8.0;
        (!is_beside).then(|| self.x.data_clamped(px.x).round() as usize)
    }
}

pub fn depth_scene(size: Size, theme: &Theme, data: &DepthChartData) -> Scene {
    let g = DepthGeometry::new(size, theme, data);
    let t = theme;
    let mut sketch = Sketch::new(size);
    let plot = g.plot;
    let vanished = g.y.px_clamped(VANISHED);
    let below = Rect::new(plot.x, vanished, plot.width, plot.bottom() - vanished);
    sketch.fill(below, 0.0, t.zone_sat);
    for tick in &g.y_ticks {
        let color = if tick.value == 1.0 { t.line } else { t.line2 };
        sketch.hairline_h((plot.x, plot.right()), tick.px, color);
        sketch.text(
            &tick.label,
            point(plot.x - 6.0, tick.px),
            right(t.tick_px(), t.ink3),
        );
    }
    layers_axis(&mut sketch, t, &g, data);
    let words = plain(t.tick_px(), t.saturated);
    if below.height > 2.0 * t.tick_px() {
        let at = point(plot.x + 8.0, plot.bottom() - t.tick_px());
        let text = ["vanishing: under a thousandth is left", "vanishing", ""]
            .into_iter()
            .find(|text| text::width(text, t.tick_px(), false) < plot.width - 16.0);
        sketch.text(text.unwrap_or_default(), at, words);
    }
    for line in data.lines.iter().filter(|line| !line.dies_forward) {
        let look = Look::of(t, line.slot);
        let px = |values: &[f64]| -> Vec<Point> {
            let at = |(i, &v): (usize, &f64)| {
                // On a log axis 0 has no place.
                let y = if v > 0.0 {
                    g.y.px_from_data(v)
                } else {
                    f64::NAN
                };
                point(g.x.px_from_data((i + 1) as f64), y)
            };
            values.iter().enumerate().map(at).collect()
        };
        for part in clip_polyline_y(&px(&line.theory), plot.y, plot.bottom()) {
            let stroke = Stroke::dashed(look.color.fade(0.7), 1.0, [1.5, 2.5]);
            sketch.line(part, stroke);
        }
        let width = if line.is_focused { 3.0 } else { 1.75 } * t.scale;
        for part in clip_polyline_y(&px(&line.rms), plot.y, plot.bottom()) {
            sketch.line(part, look.stroke(width));
        }
    }
    if let Some(layer) = data.pointed {
        let x = g.x.px_from_data(layer as f64);
        sketch.hairline_v(x, (plot.y, plot.bottom()), t.ink2);
        for line in data.lines.iter().filter(|line| !line.dies_forward) {
            let value = line.rms.get(layer - 1).copied().unwrap_or(f64::NAN);
            let at = point(x, g.y.px_from_data(value));
            if plot.contains(at) {
                let radius = if line.is_focused { 5.0 } else { 3.75 } * t.scale;
                let mark = Look::of(t, line.slot).mark(at, radius, t.bg);
                sketch.scene.shapes.push(mark);
            }
        }
    }
    let labels: Vec<EndLabel> = data
        .lines
        .iter()
        .map(|line| label(line, data, &g))
        .collect();
    draw_end_labels(&mut sketch, t, plot.right(), g.labels, &labels);
    sketch.scene
}

fn label(line: &DepthLine, data: &DepthChartData, g: &DepthGeometry) -> EndLabel {
    let shown = data.pointed.unwrap_or(data.n_layers);
    let value = line.rms.get(shown.saturating_sub(1)).copied();
    let end = line.rms.get(data.n_layers.saturating_sub(1)).copied();
    let end = end.filter(|v| v.is_finite() && !line.dies_forward);
    EndLabel {
        name: line.name.clone(),
        value: match value {
            _ if line.dies_forward => "no signal".to_owned(),
            Some(value) => reading(value),
            None => "…".to_owned(),
        },
        slot: line.slot,
        is_focused: line.is_focused,
        y: end.map(|v| g.y.px_clamped(v.max(f64::MIN_POSITIVE))),
    }
}

fn layers_axis(sketch: &mut Sketch, t: &Theme, g: &DepthGeometry, data: &DepthChartData) {
    let y = g.plot.bottom() + 6.0 + 0.6 * t.tick_px();
    let shown = data.pointed.unwrap_or(data.n_layers);
    let after = format!("after {shown}");
    let after_width = text::width(&after, t.tick_px(), false);
    let after_left = g.labels.right() - after_width;
    let mut taken = f64::NEG_INFINITY;
    let quarters = [1, 8, 16, 24, 32]
        .into_iter()
        .filter(|n| *n <= data.n_layers);
    let mut numbers: Vec<usize> = quarters.collect();
    // The pointed layer instead of a number that stands near it.
    if let Some(layer) = data.pointed {
        let px = |n: usize| g.x.px_from_data(n as f64);
        let apart = 2.4 * t.tick_px();
        numbers.retain(|n| (px(*n) - px(layer)).abs() > apart);
        numbers.push(layer);
        numbers.sort_unstable();
    }
    for n in numbers {
        let x = g.x.px_from_data(n as f64);
        let is_pointed = data.pointed == Some(n);
        let label = if n == 1 && !is_pointed {
            "1 layer".to_owned()
        } else {
            n.to_string()
        };
        let half = text::width(&label, t.tick_px(), is_pointed) / 2.0;
        sketch.hairline_v(x, (g.plot.y, g.plot.bottom()), t.line2);
        if x - half < taken || x + half + 6.0 > after_left || x - half < 0.0 {
            continue;
        }
        taken = x + half + 6.0;
        let look = match is_pointed {
            true => centred(t.tick_px(), t.ink).bold(),
            false => centred(t.tick_px(), t.ink3),
        };
        sketch.text(&label, point(x, y), look);
    }
    sketch.text(
        &after,
        point(g.labels.right(), y),
        right(t.tick_px(), t.ink3),
    );
}

/// The chart in words.
pub fn describe_depth(data: &DepthChartData) -> String {
    if data.lines.is_empty() {
        return "No function is chosen.".to_owned();
    }
    let lines: Vec<String> = data
        .lines
        .iter()
        .map(|line| words(line, data.n_layers))
        .collect();
    format!(
        "Gradient RMS after {} layers: {}.",
        data.n_layers,
        lines.join("; ")
    )
}

fn words(line: &DepthLine, n_layers: usize) -> String {
    if line.dies_forward {
        return format!("{} has no signal left to begin with", line.name);
    }
    match line.rms.get(n_layers - 1) {
        Some(value) => format!("{} {}", line.name, reading(*value)),
        None => format!("{} is being computed", line.name),
    }
}

/// The data of the chart, a row a layer.
pub fn depth_csv(data: &DepthChartData) -> String {
    let mut text = String::from("function,layers,gradient_rms,mean_field\n");
    for line in data.lines {
        let name = crate::plot::kit::csv_field(&line.name);
        for (i, rms) in line.rms.iter().enumerate() {
            let theory = line.theory.get(i).map_or_else(String::new, f64::to_string);
            text += &format!("{name},{},{rms},{theory}\n", i + 1);
        }
    }
    text
}
