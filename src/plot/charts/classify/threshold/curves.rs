//! Precision, recall, specificity, F1 and cost over the axis of the threshold.

use super::*;
use crate::plot::kit::geometry::{Scale, clip_polyline_y};
use crate::plot::kit::label::spread;

/// A share that depends on the threshold.
struct Measure {
    name: &'static str,
    of: fn(&ThresholdPoint) -> Option<f64>,
    /// Lengths of dash and gap.
    dash: Option<[f64; 2]>,
    width: f64,
    is_light: bool,
}

const MEASURES: [Measure; 4] = [
    Measure {
        name: "recall",
        of: |point| point.recall,
        dash: None,
        width: 2.0,
        is_light: false,
    },
    Measure {
        name: "precision",
        of: |point| point.precision,
        dash: Some([6.0, 3.5]),
        width: 2.0,
        is_light: false,
    },
    Measure {
        name: "F1",
        of: |point| Some(point.f1),
        dash: Some([1.5, 2.5]),
        width: 2.25,
        is_light: true,
    },
    Measure {
        name: "specificity",
        of: |point| point.specificity,
        dash: None,
        width: 1.0,
        is_light: true,
    },
];

/// A name and a value below it, at the right end of a line.
struct End {
    /// Where the line ends.
    y: f64,
    name: &'static str,
    value: String,
    color: Color,
}

impl Chart<'_> {
    pub(super) fn curves(&mut self) {
        let (g, t) = (self.g, self.theme);
        for share in share_ticks(g.curves.height) {
            let y = self.share_scale().px_from_data(*share);
            self.sketch.hairline_h(g.across(), y, t.line2);
        }
        let scale = self.share_scale();
        for measure in &MEASURES {
            let color = if measure.is_light { t.ink3 } else { t.ink };
            let stroke = Stroke {
                dash: measure.dash.map(|dash| dash.map(|px| px * t.scale)),
                ..Stroke::solid(color, measure.width * t.scale)
            };
            for part in self.line(|point| (measure.of)(point).map(|v| scale.px_from_data(v))) {
                self.sketch.line(part, stroke);
            }
        }
    }

    pub(super) fn cost(&mut self) {
        let (g, t) = (self.g, self.theme);
        for tick in &g.cost_ticks {
            self.sketch.hairline_h(g.across(), tick.px, t.line2);
        }
        let stroke = Stroke::solid(t.saturated, 2.0 * t.scale);
        for whole in self.line(|point| Some(g.cost_scale.px_from_data(point.cost))) {
            for part in clip_polyline_y(&whole, g.cost.y, g.cost.bottom()) {
                self.sketch.line(part, stroke);
            }
        }
    }

    /// Rings where the threshold meets the curves, a disc at the least cost.
    pub(super) fn values_at_threshold(&mut self) {
        let (g, t) = (self.g, self.theme);
        let x = g.px_of_logit(self.data.threshold);
        let now = self.counts;
        let shares = [
            now.recall(),
            now.precision(),
            Some(now.f1()),
            now.specificity(),
        ];
        for share in shares.into_iter().flatten() {
            self.ring(point(x, self.share_scale().px_from_data(share)), t.ink);
        }
        if !self.is_at_cheapest() {
            self.sketch.scene.shapes.push(Shape::Circle {
                center: self.least(),
                radius: 3.5 * t.scale,
                paint: Paint::fill(t.accent).and_stroke(Stroke::solid(t.bg, t.scale)),
            });
        }
        let cost = now.cost(self.data.miss_cost);
        let y = g.cost_scale.px_from_data(cost);
        if y >= g.cost.y {
            self.ring(point(x, y), t.ink);
        }
    }

    pub(super) fn curve_words(&mut self) {
        let (g, t, now) = (self.g, self.theme, self.counts);
        for share in share_ticks(g.curves.height) {
            let unit = if *share == 1.0 { " %" } else { "" };
            let label = format!("{:.0}{unit}", 100.0 * share);
            let y = self.share_scale().px_from_data(*share);
            self.left_label(&label, y);
        }
        let values = [
            now.recall().map_or("none there".into(), share_text),
            now.precision().map_or("none said".into(), share_text),
            format!("{:.2}", now.f1()),
            now.specificity().map_or("none there".into(), share_text),
        ];
        let scale = self.share_scale();
        let points = self.points;
        let ends = MEASURES.iter().zip(values).map(|(measure, value)| End {
            y: (points.iter().rev())
                .find_map(measure.of)
                .map_or(g.curves.bottom(), |share| scale.px_from_data(share)),
            name: measure.name,
            value,
            color: t.ink2,
        });
        let ends = ends.collect();
        self.ends(g.curves, ends);
    }

    pub(super) fn cost_words(&mut self) {
        let (g, t) = (self.g, self.theme);
        for tick in &g.cost_ticks {
            self.left_label(&tick.label, tick.px);
        }
        if !self.is_at_cheapest() {
            let cheapest = self.data.ranked.at(self.data.cheapest);
            let words = format!("least: {}", number(cheapest.cost(self.data.miss_cost), 4));
            let at = self.least();
            let rise = 0.9 * t.tick_px();
            let rows = [at.y - rise, at.y + rise].into_iter();
            let look = TextLook::new(t.tick_px(), t.accent).bold();
            let places: Vec<_> = rows.flat_map(|y| self.beside(at.x, y, look)).collect();
            self.labels
                .write_over(&mut self.sketch, t.bg, &words, &places);
        }
        let cost = number(self.data.miss_cost, 3);
        let words = format!("Cost: false alarms + {cost} × misses");
        let at = point(g.cost.x, g.cost.y - 0.95 * t.tick_px());
        let look = plain(t.tick_px(), t.ink2);
        let is_written = (self.labels).write_over(&mut self.sketch, t.bg, &words, &[(at, look)]);
        if !is_written {
            self.labels
                .write_over(&mut self.sketch, t.bg, "Cost", &[(at, look)]);
        }
        let last = self.points.last().map_or(0.0, |point| point.cost);
        let end = End {
            y: g.cost_scale.px_clamped(last),
            name: "cost",
            value: number(self.counts.cost(self.data.miss_cost), 4),
            color: t.saturated,
        };
        self.ends(g.cost, vec![end]);
    }

    /// Names and values of a part at its right, near the ends of its lines.
    fn ends(&mut self, part: Rect, mut ends: Vec<End>) {
        let (g, t) = (self.g, self.theme);
        let line_px = 1.15 * t.label_px();
        // Closer where all of them have room only then.
        let share_px = part.height / ends.len().max(1) as f64;
        let both_px = share_px.clamp(1.8 * line_px, 2.1 * line_px);
        let room = (part.height / both_px).floor().max(1.0) as usize;
        ends.truncate(room);
        let wanted: Vec<f64> = ends.iter().map(|end| end.y).collect();
        let (top, bottom) = (part.y + line_px / 2.0, part.bottom() - line_px / 2.0);
        let middle = f64::midpoint(top, bottom);
        let (top, bottom) = (top.min(middle), bottom.max(middle));
        let x = g.labels.x;
        for (end, y) in ends.iter().zip(spread(&wanted, both_px, top, bottom)) {
            let text_x = x + 8.0 * t.scale;
            let (upper, lower) = (y - line_px / 2.0, y + line_px / 2.0);
            let name = (point(text_x, upper), plain(t.tick_px(), end.color));
            if self.labels.write(&mut self.sketch, end.name, &[name]) {
                let leader = vec![point(x + 1.0, end.y), point(text_x - 3.0, upper)];
                self.sketch.line(leader, Stroke::solid(t.line, t.scale));
            }
            let value = (point(text_x, lower), plain(t.label_px(), t.ink).bold());
            let small = (point(text_x, lower), plain(t.tick_px(), t.ink));
            self.labels
                .write(&mut self.sketch, &end.value, &[value, small]);
        }
    }

    /// Where the cheapest costs what it costs.
    fn least(&self) -> Point {
        let cost = self
            .data
            .ranked
            .at(self.data.cheapest)
            .cost(self.data.miss_cost);
        let x = self.g.px_of_logit(self.data.cheapest);
        point(x, self.g.cost_scale.px_clamped(cost))
    }

    /// The parts of a curve where it has a height.
    fn line(&self, y_of: impl Fn(&ThresholdPoint) -> Option<f64>) -> Vec<Vec<Point>> {
        let g = self.g;
        let px = |p: &ThresholdPoint| Some(point(g.px_of_logit(p.logit), y_of(p)?));
        let points: Vec<Option<Point>> = self.points.iter().map(px).collect();
        let parts = points.split(|p| p.is_none()).filter(|part| part.len() > 1);
        parts
            .map(|part| part.iter().flatten().copied().collect())
            .collect()
    }

    fn share_scale(&self) -> Scale {
        let part = self.g.curves;
        Scale::linear((0.0, 1.0), (part.bottom(), part.y))
    }
}

fn share_ticks(height: f64) -> &'static [f64] {
    match height > 100.0 {
        true => &[0.0, 0.25, 0.5, 0.75, 1.0],
        false => &[0.0, 0.5, 1.0],
    }
}
