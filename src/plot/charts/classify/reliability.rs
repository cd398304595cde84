//! Is a probability of 0.3 right in 3 of 10 cases? Shares over probabilities, how sure they are, and of how many samples.

use actiscope_core::metrics::ReliabilityBin;

use super::labels::Labels;
use super::words::share_text;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::scene::{Paint, Scene, Shape, Stroke};
use crate::plot::kit::sketch::{Sketch, centred, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, whole_ticks};
use crate::text::count;

/// What the chart shows.
#[derive(Clone, Copy, Debug)]
pub struct ReliabilityData<'a> {
    /// At temperature 1.
    pub before: &'a [ReliabilityBin],
    /// At the temperature that is set, where that is another.
    pub after: Option<&'a [ReliabilityBin]>,
    /// The probability is the likeliest class's, and the share is what was read right; else both are of `name`.
    pub is_top_class: bool,
    /// Of the class.
    pub name: &'a str,
}

/// Fewer samples than this say little: their points are hollow, and not joined.
const FEW: usize = 10;

impl ReliabilityData<'_> {
    /// What holds now.
    fn now(&self) -> &[ReliabilityBin] {
        self.after.unwrap_or(self.before)
    }

    fn share_name(&self) -> String {
        match self.is_top_class {
            true => "share read right".to_owned(),
            false => format!("share that is {}", self.name),
        }
    }
}

struct Geometry {
    plot: Rect,
    counts: Rect,
    /// Probabilities and shares.
    x: Scale,
    y: Scale,
    n: Scale,
    n_ticks: Vec<Tick>,
}

impl Geometry {
    fn new(size: Size, theme: &Theme, data: &ReliabilityData) -> Self {
        let (s, font_px) = (theme.scale, theme.tick_px());
        let left = (text::width("100 %", font_px, false) + 7.0 * s).round();
        let beyond = text::width("100 %", font_px, false) / 2.0;
        let width = (size.width - left - beyond).max(1.0);
        // Two rows below the counts.
        let (top, gap, below) = (0.6 * font_px, 1.2 * font_px, 3.1 * font_px);
        let room = (size.height - top - gap - below).max(2.0);
        // Square where there is room; never flat for the sake of the counts.
        let height = width.min(0.78 * room).max(0.6 * room);
        let plot = Rect::new(left, top, width, height);
        let counts = Rect::new(left, plot.bottom() + gap, width, (room - height).max(1.0));
        let bins = data.before.iter().chain(data.now());
        let most = bins.map(|bin| bin.n).max().unwrap_or(0).max(9);
        let n = Scale::log_from_zero((0.0, most as f64), (counts.bottom(), counts.y));
        Self {
            plot,
            counts,
            x: Scale::linear((0.0, 1.0), (plot.x, plot.right())),
            y: Scale::linear((0.0, 1.0), (plot.bottom(), plot.y)),
            n_ticks: whole_ticks(&n, font_px, true),
            n,
        }
    }

    fn point_of(&self, bin: &ReliabilityBin) -> Point {
        point(
            self.x.px_from_data(bin.confidence),
            self.y.px_from_data(bin.accuracy),
        )
    }
}

/// The chart as a picture: squares before, discs after.
pub fn reliability_scene(size: Size, theme: &Theme, data: &ReliabilityData) -> Scene {
    let g = Geometry::new(size, theme, data);
    let mut chart = Chart {
        sketch: Sketch::new(size),
        labels: Labels::new(size),
        theme,
        data,
        g: &g,
    };
    chart.axes();
    chart.counts();
    chart.intervals();
    if data.after.is_some() {
        chart.line(data.before, true);
    }
    chart.line(data.now(), false);
    chart.words();
    chart.sketch.scene
}

struct Chart<'a> {
    sketch: Sketch,
    labels: Labels,
    theme: &'a Theme,
    data: &'a ReliabilityData<'a>,
    g: &'a Geometry,
}

impl Chart<'_> {
    fn axes(&mut self) {
        let (g, t) = (self.g, self.theme);
        let font_px = t.tick_px();
        let row = g.counts.bottom() + 4.0 + 2.0 * font_px;
        for i in [0, 5, 1, 2, 3, 4] {
            let share = 0.2 * f64::from(i);
            let (x, y) = (g.x.px_from_data(share), g.y.px_from_data(share));
            self.sketch
                .hairline_h((g.plot.x, g.plot.right()), y, t.line2);
            self.sketch
                .hairline_v(x, (g.plot.y, g.plot.bottom()), t.line2);
            let unit = if i == 5 { " %" } else { "" };
            let label = format!("{}{unit}", 20 * i);
            let place = (point(g.plot.x - 5.0, y), right(font_px, t.ink3));
            self.labels.write(&mut self.sketch, &label, &[place]);
            let place = (point(x, row), centred(font_px, t.ink3));
            self.labels.write(&mut self.sketch, &label, &[place]);
        }
        let name = if self.data.is_top_class { "sure" } else { "p" };
        let place = (point(g.plot.x - 8.0, row), right(font_px, t.ink3));
        self.labels.write(&mut self.sketch, name, &[place]);
        // Where probabilities are right.
        let ends = vec![
            point(g.plot.x, g.plot.bottom()),
            point(g.plot.right(), g.plot.y),
        ];
        let dots = Stroke::dashed(t.ink3, t.scale, [1.5 * t.scale, 3.0 * t.scale]);
        self.sketch.line(ends, dots);
    }

    /// Samples of each bin: those after filled, those before outlined.
    fn counts(&mut self) {
        let (g, t) = (self.g, self.theme);
        for tick in &g.n_ticks {
            let color = if tick.value == 0.0 { t.line } else { t.line2 };
            self.sketch
                .hairline_h((g.counts.x, g.counts.right()), tick.px, color);
            let place = (point(g.plot.x - 5.0, tick.px), right(t.tick_px(), t.ink3));
            self.labels.write(&mut self.sketch, &tick.label, &[place]);
        }
        let bar = |bin: &ReliabilityBin, inset: f64| {
            let (left, right) = (g.x.px_from_data(bin.low), g.x.px_from_data(bin.high));
            Rect::from_corners(
                point(left + inset, g.n.px_from_data(bin.n as f64)),
                point(right - inset, g.counts.bottom()),
            )
        };
        for bin in self.data.now().iter().filter(|bin| bin.n > 0) {
            self.sketch.fill(bar(bin, 1.5), 0.0, t.ink.fade(0.5));
        }
        if self.data.after.is_some() {
            for bin in self.data.before.iter().filter(|bin| bin.n > 0) {
                self.sketch.scene.shapes.push(Shape::Rect {
                    rect: bar(bin, 1.0),
                    radius: 0.0,
                    paint: Paint::stroke(t.hist, 1.25 * t.scale),
                });
            }
        }
        let row = g.counts.bottom() + 4.0 + 0.7 * t.tick_px();
        for bin in self.data.now() {
            let label = count(bin.n as u64);
            let color = if bin.n < FEW { t.ink3 } else { t.ink2 };
            let [left, right_end] = [bin.low, bin.high].map(|v| g.x.px_from_data(v));
            let middle = point(f64::midpoint(left, right_end), row);
            let at_end = point(right_end - 1.0, row);
            let (centred, at_end) = (
                (middle, centred(t.tick_px(), color)),
                (at_end, right(t.tick_px(), color)),
            );
            // One that is wider than its bin may stand out at the left, of the first one over the axis.
            let is_wide = text::width(&label, t.tick_px(), false) > right_end - left - 2.0;
            let places = match is_wide {
                true => [at_end, centred],
                false => [centred, at_end],
            };
            self.labels.write(&mut self.sketch, &label, &places);
        }
        let place = (point(g.plot.x - 8.0, row), right(t.tick_px(), t.ink3));
        self.labels.write(&mut self.sketch, "n", &[place]);
    }

    fn intervals(&mut self) {
        let (g, t) = (self.g, self.theme);
        for bin in self.data.now().iter().filter(|bin| bin.n > 0) {
            let x = g.point_of(bin).x;
            let (low, high) = bin.interval();
            let ends = [low, high].map(|share| point(x, g.y.px_from_data(share)));
            let stroke = Stroke::solid(t.ink.fade(0.45), 1.0 * t.scale);
            self.sketch.line(ends.to_vec(), stroke);
        }
    }

    /// Points of bins, joined where they have enough samples.
    fn line(&mut self, bins: &[ReliabilityBin], is_before: bool) {
        let (g, t) = (self.g, self.theme);
        let s = t.scale;
        let (color, width) = if is_before {
            (t.hist, 1.0)
        } else {
            (t.ink, 1.5)
        };
        let joined = bins.iter().filter(|bin| bin.n >= FEW);
        let line = joined.map(|bin| g.point_of(bin)).collect();
        self.sketch.line(line, Stroke::solid(color, width * s));
        for bin in bins.iter().filter(|bin| bin.n > 0) {
            let center = g.point_of(bin);
            let is_hollow = is_before || bin.n < FEW;
            let fill = if is_hollow { t.bg } else { color };
            let paint = Paint::fill(fill).and_stroke(Stroke::solid(color, 1.6 * s));
            let r = 3.2 * s;
            self.sketch.scene.shapes.push(match is_before {
                true => Shape::Rect {
                    rect: Rect::new(center.x - r, center.y - r, 2.0 * r, 2.0 * r),
                    radius: 0.0,
                    paint,
                },
                false => Shape::Circle {
                    center,
                    radius: 1.2 * r,
                    paint,
                },
            });
        }
    }

    fn words(&mut self) {
        let (g, t) = (self.g, self.theme);
        let at = point(g.plot.x + 5.0 * t.scale, g.plot.y + 0.8 * t.tick_px());
        let place = (at, plain(t.tick_px(), t.ink2));
        let words = self.data.share_name();
        self.labels
            .write_over(&mut self.sketch, t.bg, &words, &[place]);
        // Where fewer samples are.
        let y = g.counts.y + 0.8 * t.tick_px();
        let bins = self.data.now();
        let (first, last) = bins.split_at(bins.len() / 2);
        let most = |bins: &[ReliabilityBin]| bins.iter().map(|bin| bin.n).max();
        let place = match most(first) < most(last) {
            true => (point(g.counts.x + 4.0, y), plain(t.tick_px(), t.ink3)),
            false => (point(g.counts.right() - 4.0, y), right(t.tick_px(), t.ink3)),
        };
        self.labels
            .write_over(&mut self.sketch, t.bg, "samples, log", &[place]);
    }
}

/// The chart in words: for screen readers.
pub fn describe_reliability(data: &ReliabilityData) -> String {
    let bins = data.now().iter().filter(|bin| bin.n > 0).map(|bin| {
        let (low, high) = bin.interval();
        format!(
            "at {} {} ({} to {}, of {})",
            share_text(bin.confidence),
            share_text(bin.accuracy),
            share_text(low),
            share_text(high),
            count(bin.n as u64)
        )
    });
    let bins: Vec<String> = bins.collect();
    let what = data.share_name();
    format!(
        "Probability against the {what}, with 95 % intervals: {}.",
        bins.join("; ")
    )
}
