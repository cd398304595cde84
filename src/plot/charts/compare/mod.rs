//! Losses of several lanes over each other: the median of each lane's seeds, the middle half of them around it, and
//! where it comes under the target.

mod curve;
mod geometry;
mod gradient;
mod health;
mod seeds;
#[cfg(test)]
mod tests;

pub use curve::{LaneCurve, LaneZ, lane_curve_scene, shared_reach, shared_values};
pub use geometry::CompareGeometry;
pub use gradient::{GradientRows, gradient_names_scene, gradient_scene};
pub use health::{HealthPoint, health_scene, lanes_timeline_scene};
pub use seeds::{seed_at, seed_rects, seeds_scene};

use crate::plot::kit::end_labels::{EndLabel, draw_end_labels};
use crate::plot::kit::geometry::{Point, Rect, Size, clip_polyline_y, point};
use crate::plot::kit::label::label_box;
use crate::plot::kit::look::{DASHES, Look, N_SLOTS};
use crate::plot::kit::scene::{Scene, Stroke};
use crate::plot::kit::sketch::{Sketch, centred, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::short;
use crate::text::count;

/// What the chart shows.
#[derive(Clone, Copy, Debug)]
pub struct CompareData<'a> {
    pub lanes: &'a [LossLane],
    /// Where the axis ends.
    pub n_steps: u64,
    /// A loss.
    pub target: f64,
    /// Decades of loss instead of equal differences.
    pub is_log: bool,
    /// Decades of steps.
    pub is_log_x: bool,
    /// The lane that is pointed at; the others step back.
    pub pointed: Option<usize>,
    /// The step whose values stand beside the lines, where it is not the last.
    pub cursor: Option<u64>,
}

/// One lane's loss.
#[derive(Clone, Debug, PartialEq)]
pub struct LossLane {
    pub name: String,
    /// Of its colour and mark.
    pub slot: usize,
    /// Of its dash; the first is a solid line.
    pub dash: usize,
    /// In order of step.
    pub points: Vec<LossPoint>,
    /// The step at which the median comes under the target.
    pub crossing: Option<f64>,
}

/// Loss at a step, over the seeds of a lane. A seed that has diverged counts as an infinite loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossPoint {
    pub step: u64,
    pub q1: f64,
    pub median: f64,
    pub q3: f64,
}

/// Up to so many lanes each has its band, and each crossing a stick down to the axis.
const FEW: usize = 4;

impl LossLane {
    /// The last point that was known at this step.
    pub fn at(&self, step: u64) -> Option<&LossPoint> {
        let n_before = self.points.partition_point(|point| point.step <= step);
        self.points.get(n_before.checked_sub(1)?)
    }

    /// Its loss as it is read: `diverged` where more than half of its seeds have.
    pub fn value_at(&self, step: u64) -> String {
        match self.at(step).map(|point| point.median) {
            None => String::new(),
            Some(loss) if loss.is_finite() => short(loss),
            Some(_) => "diverged".into(),
        }
    }
}

impl CompareData<'_> {
    /// The step whose values are told.
    fn read_at(&self) -> u64 {
        self.cursor.unwrap_or(self.n_steps)
    }

    /// The lane whose band is drawn where there are many: the one pointed at, or the lowest at the end.
    fn leader(&self) -> Option<usize> {
        let last = |lane: &LossLane| lane.points.last().map_or(f64::INFINITY, |p| p.median);
        let lanes = 0..self.lanes.len();
        let lowest = lanes.min_by(|a, b| last(&self.lanes[*a]).total_cmp(&last(&self.lanes[*b])));
        self.pointed.or(lowest)
    }
}

/// The chart as a picture.
pub fn compare_scene(size: Size, theme: &Theme, data: &CompareData) -> Scene {
    let geometry = CompareGeometry::new(size, theme, data);
    let mut chart = Chart {
        sketch: Sketch::new(size),
        theme,
        data,
        geometry: &geometry,
    };
    chart.axes();
    chart.bands();
    chart.target();
    chart.lines();
    chart.crossings();
    chart.cursor();
    chart.names();
    chart.sketch.scene
}

struct Chart<'a> {
    sketch: Sketch,
    theme: &'a Theme,
    data: &'a CompareData<'a>,
    geometry: &'a CompareGeometry,
}

impl Chart<'_> {
    fn axes(&mut self) {
        let (g, t) = (self.geometry, self.theme);
        let look = right(t.tick_px(), t.ink3);
        for tick in &g.y_ticks {
            self.sketch
                .hairline_h((g.plot.x, g.plot.right()), tick.px, t.line2);
            self.sketch
                .text(&tick.label, point(g.plot.x - 6.0, tick.px), look);
        }
        self.sketch
            .hairline_h((g.plot.x, g.plot.right()), g.plot.bottom(), t.line);
        let y = g.plot.bottom() + 4.0 + 0.75 * t.tick_px();
        for tick in &g.x_ticks {
            let reach = (g.plot.bottom(), g.plot.bottom() + 3.0);
            self.sketch.hairline_v(tick.px, reach, t.line);
            let half = text::width(&tick.label, t.tick_px(), false) / 2.0;
            let at = point(tick.px.max(half), y);
            self.sketch
                .text(&tick.label, at, centred(t.tick_px(), t.ink3));
        }
        let at = point(g.labels.right(), y);
        self.sketch.text("steps", at, right(t.tick_px(), t.ink3));
    }

    /// The middle half of the seeds.
    fn bands(&mut self) {
        let is_few = self.data.lanes.len() <= FEW;
        let leader = self.data.leader();
        for (i, lane) in self.data.lanes.iter().enumerate() {
            let is_drawn = match self.data.pointed {
                Some(pointed) => pointed == i,
                None => is_few || leader == Some(i),
            };
            if !is_drawn || lane.points.is_empty() {
                continue;
            }
            let (g, t) = (self.geometry, self.theme);
            let line = |of: fn(&LossPoint) -> f64| {
                let px = move |p: &LossPoint| point(g.x_of(p.step), g.loss.px_clamped(of(p)));
                lane.points.iter().map(px).collect::<Vec<Point>>()
            };
            let (mut outline, under) = (line(|p| p.q3), line(|p| p.q1));
            outline.extend(under.into_iter().rev());
            let color = match is_few {
                true => Look::of(t, Some(lane.slot)).color,
                false => t.ink3,
            };
            self.sketch.polygon(outline, color.fade(0.18));
        }
    }

    fn target(&mut self) {
        let (g, t) = (self.geometry, self.theme);
        let y = g.loss.px_from_data(self.data.target);
        if !(g.plot.y..=g.plot.bottom()).contains(&y) {
            return;
        }
        self.sketch
            .hairline_h((g.plot.x, g.plot.right()), y, t.ink2);
        let words = format!("target {}", short(self.data.target));
        let at = point(g.plot.x + 4.0, y + 0.8 * t.tick_px());
        self.sketch.text(&words, at, plain(t.tick_px(), t.ink2));
    }

    fn lines(&mut self) {
        let (g, t) = (self.geometry, self.theme);
        for (i, lane) in self.data.lanes.iter().enumerate() {
            let look = Look::of(t, Some(lane.slot));
            let strength = self.strength(i);
            let line: Vec<Point> = (lane.points.iter())
                .map(|p| point(g.x_of(p.step), g.loss.px_from_data(p.median)))
                .collect();
            let stroke = Stroke {
                color: look.color.fade(strength),
                dash: DASHES[lane.dash % N_SLOTS].map(|dash| dash.map(|px| px * t.scale)),
                ..Stroke::solid(look.color, 2.0 * t.scale)
            };
            for part in clip_polyline_y(&line, g.plot.y, g.plot.bottom()) {
                self.sketch.line(part, stroke);
            }
            // Marks tell the lines apart where colours do not: a few, and not all at one step.
            let first = 0.1 + 0.02 * lane.slot as f64;
            for share in [first, first + 0.3, first + 0.6] {
                let px = g.plot.x + share * g.plot.width;
                let near = line.iter().find(|at| at.x >= px);
                if let Some(at) = near.filter(|at| (g.plot.y..=g.plot.bottom()).contains(&at.y))
                    && strength == 1.0
                {
                    let mark = look.mark(*at, 4.0 * t.scale, t.bg);
                    self.sketch.scene.shapes.push(mark);
                }
            }
        }
    }

    /// Of a lane's ink: the others step back from one that is pointed at.
    fn strength(&self, lane: usize) -> f64 {
        match self.data.pointed {
            Some(pointed) if pointed != lane => 0.25,
            _ => 1.0,
        }
    }

    /// Where medians come under the target: with a stick and its step where there are few.
    fn crossings(&mut self) {
        let (g, t) = (self.geometry, self.theme);
        let y = g.loss.px_clamped(self.data.target);
        let is_few = self.data.lanes.len() <= FEW;
        let mut taken: Vec<Rect> = Vec::new();
        for (i, lane) in self.data.lanes.iter().enumerate() {
            let Some(step) = lane.crossing else { continue };
            if self.strength(i) < 1.0 {
                continue;
            }
            let look = Look::of(t, Some(lane.slot));
            let x = g.x.px_clamped(step);
            if is_few {
                let stick = Stroke {
                    dash: Some([1.5, 2.5]),
                    ..Stroke::solid(look.color, 1.5 * t.scale)
                };
                self.sketch
                    .line(vec![point(x, y), point(x, g.plot.bottom())], stick);
                let label = count(step.round() as u64);
                let width = text::width(&label, t.tick_px(), true);
                let is_at_end = x + width + 6.0 > g.plot.right();
                let (at, look) = match is_at_end {
                    true => (x - 5.0, right(t.tick_px(), t.ink).bold()),
                    false => (x + 5.0, plain(t.tick_px(), t.ink).bold()),
                };
                // Those of nearly the same step stand above each other.
                let rows = (0..self.data.lanes.len()).map(|row| {
                    let rise = (0.9 + 1.2 * row as f64) * t.tick_px();
                    let at = point(at, g.plot.bottom() - rise);
                    (at, label_box(&label, at, t.tick_px(), true, look.align))
                });
                let is_free = |space: &Rect| !taken.iter().any(|other| space.overlaps(other));
                if let Some((at, space)) = rows.into_iter().find(|(_, space)| is_free(space)) {
                    taken.push(space);
                    self.sketch.text(&label, at, look);
                }
            }
            let mark = look.mark(point(x, y), 5.0 * t.scale, t.bg);
            self.sketch.scene.shapes.push(mark);
        }
    }

    fn cursor(&mut self) {
        let Some(step) = self.data.cursor else { return };
        let (g, t) = (self.geometry, self.theme);
        let x = g.x_of(step);
        self.sketch
            .hairline_v(x, (g.plot.y, g.plot.bottom()), t.ink3);
        for lane in self.data.lanes {
            let Some(at) = lane.at(step).filter(|at| at.median.is_finite()) else {
                continue;
            };
            let look = Look::of(t, Some(lane.slot));
            let at = point(x, g.loss.px_clamped(at.median));
            let mark = look.mark(at, 4.0 * t.scale, t.bg);
            self.sketch.scene.shapes.push(mark);
        }
    }

    /// Names and values at the ends of the lines.
    fn names(&mut self) {
        let (g, t) = (self.geometry, self.theme);
        let step = self.data.read_at();
        let labels: Vec<EndLabel> = (self.data.lanes.iter().enumerate())
            .map(|(i, lane)| {
                let last = lane.points.last().map(|p| p.median);
                let y = last.map(|loss| g.loss.px_clamped(loss));
                // One that has left the chart at the top says so.
                let is_above = last.is_some_and(|loss| loss > g.loss.domain().1);
                let value = lane.value_at(step);
                EndLabel {
                    name: lane.name.clone(),
                    value: match is_above && last.is_some_and(f64::is_finite) {
                        true => format!("↑ {value}"),
                        false => value,
                    },
                    slot: Some(lane.slot),
                    is_focused: self.data.pointed == Some(i),
                    y,
                }
            })
            .collect();
        draw_end_labels(&mut self.sketch, t, g.plot.right(), g.labels, &labels);
    }
}

/// The chart in words: for screen readers.
pub fn describe_compare(data: &CompareData) -> String {
    let step = data.read_at();
    let lanes: Vec<String> = (data.lanes.iter())
        .map(|lane| {
            let reached = match lane.crossing {
                Some(step) => format!(
                    "under the target after {} steps",
                    count(step.round() as u64)
                ),
                None => "not under the target".to_owned(),
            };
            format!("{} {}, {reached}", lane.name, lane.value_at(step))
        })
        .collect();
    format!(
        "Loss over {} steps, median of the seeds. Target {}. {}.",
        count(data.n_steps),
        short(data.target),
        lanes.join("; ")
    )
}

/// The values at a step, in one line.
pub fn losses_at(data: &CompareData, step: u64) -> String {
    let lanes = data.lanes.iter().map(|lane| match lane.at(step) {
        Some(at) if at.q3.is_finite() => {
            format!(
                "{} {} ({} to {})",
                lane.name,
                short(at.median),
                short(at.q1),
                short(at.q3)
            )
        }
        _ => format!("{} {}", lane.name, lane.value_at(step)),
    });
    let lanes: Vec<String> = lanes.collect();
    format!("Step {}: {}", count(step), lanes.join(", "))
}
