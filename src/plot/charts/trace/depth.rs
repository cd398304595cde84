//! Depth over time: five quantities, each over the same log axis of steps, with the step on show and the peak of the
//! loss through all of them.

use actiscope_core::interop::trace::{Chart, Line};

use super::look::LayerLook;
use super::{fitted, thinned};
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::label::spread;
use crate::plot::kit::scene::{Paint, Scene, Shape, Stroke};
use crate::plot::kit::sketch::{Sketch, centred, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, linear_ticks, log_ticks, short};

/// What the charts show.
#[derive(Clone, Copy, Debug)]
pub struct DepthData<'a> {
    pub charts: &'a [Chart],
    pub looks: &'a [LayerLook],
    /// `[T]`: where the records lie, 0 to 1.
    pub at: &'a [f32],
    /// `[T]`: their steps.
    pub steps: &'a [u64],
    pub marks: &'a [(f32, String)],
    /// The one on show.
    pub record: usize,
    pub loss_peak: Option<usize>,
    /// Losses of other traces: where, how much.
    pub others: &'a [Vec<(f32, f32)>],
}

/// One chart's place.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub frame: Rect,
    pub plot: Rect,
    pub y: Scale,
    y_ticks: Vec<Tick>,
}

/// CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct DepthGeometry {
    pub cells: Vec<Cell>,
}

/// A narrower picture has two charts beside each other.
const MIN_WIDTH_PX: f64 = 560.0;
const GAP_PX: f64 = 10.0;

impl DepthGeometry {
    pub fn new(size: Size, theme: &Theme, data: &DepthData) -> Self {
        let (s, font_px) = (theme.scale, theme.tick_px());
        let n = data.charts.len().max(1);
        let n_across = match size.width < MIN_WIDTH_PX * s {
            true => 2.min(n),
            false => n,
        };
        let n_down = n.div_ceil(n_across);
        let gap = GAP_PX * s;
        let width = (size.width - gap * (n_across - 1) as f64) / n_across as f64;
        let height = size.height / n_down as f64;
        let (above, below) = (1.9 * theme.label_px(), 1.9 * font_px);
        let beside = 24.0 * s;
        let cell = |(i, chart): (usize, &Chart)| {
            let frame = Rect::new(
                (i % n_across) as f64 * (width + gap),
                (i / n_across) as f64 * height,
                width,
                height,
            );
            let (top, bottom) = (frame.y + above, frame.bottom() - below);
            let bottom = bottom.max(top + 1.0);
            let (y, mut y_ticks) = y_axis(chart, (bottom, top), font_px);
            // The same for all, so that steps lie below each other.
            let left = (4.4 * font_px).min(0.4 * width);
            y_ticks.retain(|tick| text::width(&tick.label, font_px, false) + 4.0 <= left);
            let right = (frame.right() - beside).max(frame.x + left + 1.0);
            let plot = Rect::new(frame.x + left, top, right - frame.x - left, bottom - top);
            Cell {
                frame,
                plot,
                y,
                y_ticks,
            }
        };
        let cells = data.charts.iter().enumerate().map(cell).collect();
        Self { cells }
    }

    /// The chart and the record under a pointer.
    pub fn record_at(&self, data: &DepthData, px: Point) -> Option<(usize, usize)> {
        let chart = self.cells.iter().position(|cell| cell.frame.contains(px))?;
        let plot = self.cells.get(chart)?.plot;
        let share = ((px.x - plot.x) / plot.width) as f32;
        Some((chart, nearest(data.at, share)?))
    }
}

/// The record that lies nearest to a place of the axis.
pub fn nearest(at: &[f32], share: f32) -> Option<usize> {
    let distance = |i: &usize| at.get(*i).map_or(f32::INFINITY, |at| (at - share).abs());
    (0..at.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

fn y_axis(chart: &Chart, px: (f64, f64), font_px: f64) -> (Scale, Vec<Tick>) {
    let (low, high) = (f64::from(chart.ends.0), f64::from(chart.ends.1));
    if chart.is_log {
        let scale = Scale::log((low, high), px);
        let mut ticks = log_ticks(&scale, font_px, true);
        // The usual size has its line where there is one between others.
        if let Some(usual) = chart.usual.map(f64::from) {
            let at = scale.px_from_data(usual);
            let is_there = ticks.iter().any(|tick| (tick.px - at).abs() < 0.5);
            if !is_there && (low..=high).contains(&usual) {
                ticks.retain(|tick| (tick.px - at).abs() > 1.4 * font_px);
                let label = short(usual);
                ticks.push(Tick {
                    value: usual,
                    px: at,
                    label,
                });
            }
        }
        return (scale, ticks);
    }
    let scale = Scale::linear((low, high), px);
    let mut ticks = linear_ticks(&scale, font_px, true);
    if is_share(chart) {
        for tick in &mut ticks {
            tick.label = format!("{:.0} %", 100.0 * tick.value);
        }
    }
    (scale, ticks)
}

/// Told as a percentage.
fn is_share(chart: &Chart) -> bool {
    chart.name == "Dead"
}

/// The charts as a picture.
pub fn depth_scene(size: Size, theme: &Theme, data: &DepthData, pointer: Option<Point>) -> Scene {
    let geometry = DepthGeometry::new(size, theme, data);
    let pointed = pointer.and_then(|at| geometry.record_at(data, at));
    let mut sketch = Sketch::new(size);
    for (i, (chart, cell)) in data.charts.iter().zip(&geometry.cells).enumerate() {
        let mut drawing = Drawing {
            sketch: &mut sketch,
            theme,
            data,
            chart,
            cell,
        };
        drawing.head(pointed.map(|(_, record)| record));
        drawing.axes();
        drawing.steps(pointed.map(|(_, record)| record));
        if i == 0 {
            drawing.others();
        }
        drawing.lines();
    }
    sketch.scene
}

struct Drawing<'a> {
    sketch: &'a mut Sketch,
    theme: &'a Theme,
    data: &'a DepthData<'a>,
    chart: &'a Chart,
    cell: &'a Cell,
}

impl Drawing<'_> {
    fn x_of(&self, share: f32) -> f64 {
        let plot = self.cell.plot;
        plot.x + f64::from(share) * plot.width
    }

    fn x_of_record(&self, record: usize) -> Option<f64> {
        self.data.at.get(record).map(|&at| self.x_of(at))
    }

    /// Name and unit, or the values under the pointer.
    fn head(&mut self, pointed: Option<usize>) {
        let (t, px) = (self.theme, self.theme.label_px());
        let (frame, y) = (self.cell.frame, self.cell.frame.y + 0.6 * px);
        let name = fitted(self.chart.name, frame.width, px, true);
        self.sketch
            .text(&name, point(frame.x, y), plain(px, t.ink2).bold());
        let x = frame.x + text::width(&name, px, true) + 0.4 * px;
        let room = frame.right() - x;
        let words = match pointed {
            Some(record) => fitted(&values_at(self.chart, record), room, px, false),
            None => {
                let brief = self
                    .chart
                    .unit
                    .rsplit_once(", ")
                    .map_or("", |(brief, _)| brief);
                let fits = |words: &&str| text::width(words, px, false) <= room;
                [self.chart.unit, brief]
                    .into_iter()
                    .find(fits)
                    .unwrap_or("")
                    .to_owned()
            }
        };
        let color = if pointed.is_some() { t.ink } else { t.ink3 };
        self.sketch.text(&words, point(x, y), plain(px, color));
    }

    fn axes(&mut self) {
        let (t, plot) = (self.theme, self.cell.plot);
        let px = t.tick_px();
        for tick in &self.cell.y_ticks {
            let is_usual = self
                .chart
                .usual
                .is_some_and(|usual| short(f64::from(usual)) == short(tick.value));
            let color = if is_usual { t.ink3.fade(0.6) } else { t.line2 };
            self.sketch
                .hairline_h((plot.x, plot.right()), tick.px, color);
            self.sketch
                .text(&tick.label, point(plot.x - 4.0, tick.px), right(px, t.ink3));
        }
        self.sketch
            .hairline_h((plot.x, plot.right()), plot.bottom(), t.line);
        let y = plot.bottom() + 1.1 * px;
        for (x, label) in thinned(self.data.marks, plot.width, px) {
            self.sketch
                .text(label, point(plot.x + x, y), centred(px, t.ink3));
        }
    }

    /// The step on show, the peak of the loss, and the step under the pointer.
    fn steps(&mut self, pointed: Option<usize>) {
        let (t, plot) = (self.theme, self.cell.plot);
        let reach = (plot.y, plot.bottom());
        if let Some(x) = self
            .data
            .loss_peak
            .and_then(|record| self.x_of_record(record))
        {
            let dotted = Stroke::dashed(t.dead.fade(0.7), t.scale, [2.0, 2.0]);
            self.sketch
                .line(vec![point(x, reach.0), point(x, reach.1)], dotted);
        }
        if let Some(x) = self.x_of_record(self.data.record) {
            self.sketch.line(
                vec![point(x, reach.0 - 4.0), point(x, reach.1)],
                Stroke::solid(t.accent, 1.5 * t.scale),
            );
        }
        if let Some(x) = pointed.and_then(|record| self.x_of_record(record)) {
            self.sketch.hairline_v(x, reach, t.ink3);
        }
    }

    /// Losses of other traces, with their number in the order in which they were added.
    fn others(&mut self) {
        let (t, plot) = (self.theme, self.cell.plot);
        for (i, other) in self.data.others.iter().enumerate() {
            let inside = other.iter().filter(|(at, _)| *at <= 1.0);
            let values: Vec<(f32, Option<f32>)> = inside
                .map(|&(at, loss)| (at, loss.is_finite().then_some(loss)))
                .collect();
            let dash = [3.0 + 2.0 * i as f64, 2.0].map(|px| px * t.scale);
            let stroke = Stroke::dashed(t.ink3, 1.5 * t.scale, dash);
            let parts = self.parts(&values);
            let end = parts.last().and_then(|part| part.last()).copied();
            for part in parts {
                self.sketch.line(part, stroke);
            }
            if let Some(end) = end {
                let label = ordinal(i + 2);
                let at = point(plot.right() + 4.0 * t.scale, end.y);
                self.sketch.text(&label, at, plain(t.tick_px(), t.ink3));
            }
        }
    }

    /// The line, broken where there is no number.
    fn parts(&self, values: &[(f32, Option<f32>)]) -> Vec<Vec<Point>> {
        let mut parts = vec![Vec::new()];
        for &(at, value) in values {
            match (value, parts.last_mut()) {
                (Some(value), Some(part)) => {
                    part.push(point(
                        self.x_of(at),
                        self.cell.y.px_clamped(f64::from(value)),
                    ));
                }
                _ => parts.push(Vec::new()),
            }
        }
        parts.retain(|part| !part.is_empty());
        parts
    }

    fn line(&self, line: &Line) -> Vec<Vec<Point>> {
        let values: Vec<(f32, Option<f32>)> = self
            .data
            .at
            .iter()
            .copied()
            .zip(line.values.iter().copied())
            .collect();
        self.parts(&values)
    }

    fn lines(&mut self) {
        let (t, plot) = (self.theme, self.cell.plot);
        let quiet_first = |line: &&Line| !line.is_quiet;
        let mut lines: Vec<&Line> = self.chart.lines.iter().collect();
        lines.sort_by_key(quiet_first);
        let mut ends = Vec::new();
        for line in lines {
            let look = line
                .layer
                .map(|layer| LayerLook::of(self.data.looks, layer));
            let stroke = look.map_or(Stroke::solid(t.ink, 1.5 * t.scale), |look| look.stroke(t));
            let parts = self.line(line);
            if let Some(end) = parts.last().and_then(|part| part.last())
                && !line.is_quiet
                && !line.label.is_empty()
            {
                ends.push((
                    end.y,
                    line.label.as_str(),
                    look.map_or(t.ink, |look| look.text(t)),
                ));
            }
            for part in parts {
                match &part[..] {
                    // A record between two that have no number.
                    [alone] => self.sketch.scene.shapes.push(Shape::Circle {
                        center: *alone,
                        radius: stroke.width,
                        paint: Paint::fill(stroke.color),
                    }),
                    _ => self.sketch.line(part, stroke),
                }
            }
        }
        let px = t.tick_px();
        let wanted: Vec<f64> = ends.iter().map(|(y, ..)| *y).collect();
        let placed = spread(&wanted, 1.1 * px, plot.y, plot.bottom());
        let has_room = ends.len() as f64 * 1.05 * px <= plot.height + px;
        for ((_, label, color), y) in ends.into_iter().zip(placed).filter(|_| has_room) {
            let at = point(plot.right() + 4.0 * t.scale, y);
            self.sketch.text(label, at, plain(px, color).bold());
        }
    }
}

/// "2nd", "3rd", "4th": the open trace is the first.
pub fn ordinal(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

/// "1: 0.0388, 2: 0.0504, out: 0.278".
fn values_at(chart: &Chart, record: usize) -> String {
    let value = |line: &Line| {
        let value = match line.values.get(record).copied().flatten() {
            Some(value) if is_share(chart) => format!("{:.0} %", 100.0 * value),
            // What is 0 stands at the foot of a log axis.
            Some(value) if chart.is_log && value <= chart.ends.0 => "none".into(),
            Some(value) => short(f64::from(value)),
            None => "no number".into(),
        };
        match line.label.is_empty() {
            true => value,
            false => format!("{}: {value}", line.label),
        }
    };
    let values: Vec<String> = chart.lines.iter().map(value).collect();
    values.join(", ")
}

/// The values of the chart under a pointer: what a screen reader hears of the crosshair.
pub fn depth_values(size: Size, theme: &Theme, data: &DepthData, pointer: Point) -> Option<String> {
    let geometry = DepthGeometry::new(size, theme, data);
    let (chart, record) = geometry.record_at(data, pointer)?;
    let chart = data.charts.get(chart)?;
    let step = crate::text::count(*data.steps.get(record)?);
    Some(format!(
        "{} at step {step}: {}",
        chart.name,
        values_at(chart, record)
    ))
}

/// The charts in words.
pub fn describe_depth(data: &DepthData) -> String {
    let mut words = format!("Five charts over {} records.", data.at.len());
    for chart in data.charts {
        let values = values_at(chart, data.record);
        words.push_str(&format!(" {}, {}: {values}.", chart.name, chart.unit));
    }
    words
}
