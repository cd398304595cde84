//! One threshold through the samples of two classes, the curves that it slides along, and what it costs.

mod curves;
mod geometry;
mod histograms;

use actiscope_core::metrics::{Counts, Ranked, ThresholdPoint};
use actiscope_core::text::number;

pub use geometry::ThresholdGeometry;

use super::labels::Labels;
use super::words::{counted, probability_of, probability_text, share_text};
use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Rect, Size, point};
use crate::plot::kit::look::Look;
use crate::plot::kit::scene::{Align, Paint, Scene, Shape, Stroke};
use crate::plot::kit::sketch::{Sketch, TextLook, centred, plain, right};
use crate::plot::kit::theme::Theme;
use crate::text::count;
use histograms::Bars;

/// What the chart shows.
#[derive(Clone, Copy, Debug)]
pub struct ThresholdData<'a> {
    pub ranked: &'a Ranked,
    /// Of the common class and of the rare one.
    pub names: [&'a str; 2],
    /// Of their colours and marks.
    pub slots: [usize; 2],
    /// Logits.
    pub threshold: f64,
    pub cheapest: f64,
    /// Of a miss, in false alarms.
    pub miss_cost: f64,
    /// The axis is in logits, else in probabilities.
    pub is_logit: bool,
    /// Bars are numbers of samples, else shares of their class.
    pub is_count: bool,
    /// The run has gone beyond what is shown here: it is greyed.
    pub is_stale: bool,
}

/// Points of the curves are two a pixel at most, on usual screens.
const N_COLUMNS: usize = 400;
/// Nearer to the cheapest than this the threshold is that, pixels.
const SAME_PX: f64 = 3.0;

/// The chart as a picture.
pub fn threshold_scene(size: Size, theme: &Theme, data: &ThresholdData) -> Scene {
    let theme = if data.is_stale { greyed(theme) } else { *theme };
    let geometry = ThresholdGeometry::new(size, &theme, data);
    let bars = Bars::new(&geometry, data);
    let points = data
        .ranked
        .curves(geometry.range(), N_COLUMNS, data.miss_cost);
    let mut chart = Chart {
        sketch: Sketch::new(size),
        labels: Labels::new(size),
        theme: &theme,
        data,
        g: &geometry,
        bars: &bars,
        points: &points,
        counts: data.ranked.at(data.threshold),
    };
    chart.grid();
    chart.histograms();
    chart.curves();
    chart.cost();
    chart.lines();
    chart.values_at_threshold();
    chart.handle();
    chart.axis();
    chart.histogram_words();
    chart.curve_words();
    chart.cost_words();
    chart.sketch.scene
}

struct Chart<'a> {
    sketch: Sketch,
    labels: Labels,
    theme: &'a Theme,
    data: &'a ThresholdData<'a>,
    g: &'a ThresholdGeometry,
    bars: &'a Bars,
    /// Of the curves.
    points: &'a [ThresholdPoint],
    /// At the threshold.
    counts: Counts,
}

impl Chart<'_> {
    /// What every part has behind it.
    fn grid(&mut self) {
        let (g, t) = (self.g, self.theme);
        for (_, x) in g.ticks() {
            self.sketch
                .hairline_v(x, (g.rare.y, g.cost.bottom()), t.line2);
        }
    }

    /// The threshold and the cheapest, through all parts.
    fn lines(&mut self) {
        let (g, t) = (self.g, self.theme);
        let x = g.px_of_logit(self.data.cheapest);
        let dots = Stroke::dashed(t.accent, 1.25 * t.scale, [1.5 * t.scale, 3.0 * t.scale]);
        let ends = vec![point(x, g.handle.bottom()), point(x, g.cost.bottom())];
        self.sketch.line(ends, dots);
        let x = g.px_of_logit(self.data.threshold);
        let ends = vec![point(x, g.handle.bottom()), point(x, g.cost.bottom())];
        self.sketch.line(ends, Stroke::solid(t.ink, 1.75 * t.scale));
    }

    /// What the threshold is dragged by, with its number, and the label of the cheapest beside it.
    fn handle(&mut self) {
        let (g, t) = (self.g, self.theme);
        self.sketch.fill(g.handle, g.handle.height / 2.0, t.ink);
        let at = (g.handle.center(), centred(t.label_px(), t.bg).bold());
        self.labels
            .write(&mut self.sketch, &handle_text(self.data), &[at]);
        self.labels.keep_free(g.handle);
        if self.is_at_cheapest() {
            return;
        }
        let words = format!("{} costs least", probability_text(self.data.cheapest));
        let x = g.px_of_logit(self.data.cheapest);
        let look = TextLook::new(t.tick_px(), t.accent);
        let upper = g.handle.center().y + 2.0 * t.scale;
        // Beside its line, or, where the handle is, beside that.
        let gap = 5.0 * t.scale;
        let beside_handle = match self.data.cheapest < self.data.threshold {
            true => (point(g.handle.x - gap, upper), look.align(Align::Right)),
            false => (
                point(g.handle.right() + gap, upper),
                look.align(Align::Left),
            ),
        };
        let mut places = self.beside(x, upper, look).to_vec();
        places.push(beside_handle);
        places.extend(self.beside(x, g.rare.y - 6.0 * t.scale, look));
        self.labels
            .write_over(&mut self.sketch, t.bg, &words, &places);
    }

    fn axis(&mut self) {
        let (g, t) = (self.g, self.theme);
        let y = g.cost.bottom() + 4.0 + 0.75 * t.tick_px();
        for (p, x) in g.ticks() {
            let label = format!("{} %", number(100.0 * p, 3));
            let at = (point(x, y), centred(t.tick_px(), t.ink3));
            self.labels.write(&mut self.sketch, &label, &[at]);
        }
    }

    /// At the left of a line, or at its right.
    fn beside(&self, x: f64, y: f64, look: TextLook) -> [(Point, TextLook); 2] {
        let gap = 6.0 * self.theme.scale;
        [
            (point(x - gap, y), look.align(Align::Right)),
            (point(x + gap, y), look.align(Align::Left)),
        ]
    }

    /// A label of an axis at the left.
    fn left_label(&mut self, label: &str, y: f64) {
        let at = point(self.g.rare.x - 6.0 * self.theme.scale, y);
        let look = right(self.theme.tick_px(), self.theme.ink3);
        self.labels.write(&mut self.sketch, label, &[(at, look)]);
    }

    /// About a value at the threshold.
    fn ring(&mut self, at: Point, color: Color) {
        let t = self.theme;
        self.sketch.scene.shapes.push(Shape::Circle {
            center: at,
            radius: 3.5 * t.scale,
            paint: Paint::fill(t.bg).and_stroke(Stroke::solid(color, 1.75 * t.scale)),
        });
    }

    fn is_at_cheapest(&self) -> bool {
        let px = |logit: f64| self.g.px_of_logit(logit);
        (px(self.data.threshold) - px(self.data.cheapest)).abs() <= SAME_PX
    }
}

fn handle_text(data: &ThresholdData) -> String {
    format!("threshold {}", probability_text(data.threshold))
}

/// No colour says anything of data that are no longer true.
fn greyed(theme: &Theme) -> Theme {
    Theme {
        ink: theme.ink3,
        ink2: theme.ink3,
        accent: theme.ink3,
        neg: theme.hist,
        pos: theme.hist,
        dead: theme.ink3,
        saturated: theme.ink3,
        ..*theme
    }
}

/// The chart in words: for screen readers.
pub fn describe_threshold(data: &ThresholdData) -> String {
    let [common, rare] = data.names;
    let counts = data.ranked.at(data.threshold);
    let none = |what: &str| format!("none is {what}");
    let precision = counts.precision().map_or(none("said to be"), share_text);
    let recall = counts.recall().map_or(none("there"), share_text);
    let specificity = counts.specificity().map_or(none("there"), share_text);
    let cheapest = data.ranked.at(data.cheapest);
    format!(
        "{}Threshold {} on the probability of {rare}: {} of {} {rare} found, {} missed; {} of {} {common} said to be {rare}. \
         Precision: {precision}. Recall: {recall}. Specificity: {specificity}. F1: {:.2}. Cost {} with a miss as {} false alarms. \
         Threshold {} costs least, {}.",
        if data.is_stale {
            "Of the last step before the run diverged. "
        } else {
            ""
        },
        probability_text(data.threshold),
        count(counts.hits as u64),
        count(counts.n_rare() as u64),
        count(counts.misses as u64),
        count(counts.false_alarms as u64),
        count(counts.n_common() as u64),
        counts.f1(),
        number(counts.cost(data.miss_cost), 4),
        number(data.miss_cost, 3),
        probability_text(data.cheapest),
        number(cheapest.cost(data.miss_cost), 4),
    )
}
