//! Two classes at every threshold at once: what is found against what is said wrongly (ROC), and against how much of what is
//! said is right (precision and recall).

use super::labels::Labels;
use super::words::{probability_text, share_text};
use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::scene::{Paint, Scene, Shape, Stroke};
use crate::plot::kit::sketch::{Sketch, TextLook, centred, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::percent;

/// What either chart shows: shares (x, y) of each threshold.
#[derive(Clone, Debug)]
pub struct RankingData<'a> {
    /// (x, y, threshold in logits), x rising.
    pub points: &'a [(f64, f64, f64)],
    /// At the present threshold; `None` where it has no such place, for nothing is said to be rare.
    pub now: Option<(f64, f64)>,
    /// At the cheapest.
    pub cheapest: Option<(f64, f64)>,
    pub ghost: Option<Ghost<'a>>,
    /// Share of the samples that is rare: the precision of guessing.
    pub base: f64,
    /// Why there is no curve.
    pub undefined: Option<&'a str>,
}

/// The curve of the run before.
#[derive(Clone, Copy, Debug)]
pub struct Ghost<'a> {
    /// (x, y), x rising.
    pub points: &'a [(f64, f64)],
    /// By what it differed.
    pub label: &'a str,
}

/// Which of the two.
#[derive(Clone, Copy, PartialEq)]
enum Ranking {
    Roc,
    Pr,
}

/// A square from (0, 0) to (1, 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankingGeometry {
    pub plot: Rect,
    x: Scale,
    y: Scale,
}

/// Points of a line nearer to the last than this are not drawn.
const LEAST_MOVE_PX: f64 = 0.5;

impl RankingGeometry {
    pub fn new(size: Size, theme: &Theme) -> Self {
        let (s, font_px) = (theme.scale, theme.tick_px());
        let left = text::width("100", font_px, false) + 7.0 * s;
        // Half of the last label stands beyond the axis.
        let beyond = text::width("100 %", font_px, false) / 2.0;
        // Below are the ticks and a name.
        let (top, below) = (1.9 * font_px, 3.1 * font_px);
        let room = (size.width - left - beyond).min(size.height - top - below);
        let side = room.max(1.0).floor();
        let plot = Rect::new(left.round(), top.round(), side, side);
        Self {
            plot,
            x: Scale::linear((0.0, 1.0), (plot.x, plot.right())),
            y: Scale::linear((0.0, 1.0), (plot.bottom(), plot.y)),
        }
    }

    pub fn px_of(&self, (x, y): (f64, f64)) -> Point {
        point(self.x.px_from_data(x), self.y.px_from_data(y))
    }

    /// The point of `data` that is nearest to a pointer, at most `reach_px` away.
    pub fn point_at(&self, data: &RankingData, px: Point, reach_px: f64) -> Option<usize> {
        let distance = |(i, (x, y, _)): (usize, &(f64, f64, f64))| {
            let at = self.px_of((*x, *y));
            ((at.x - px.x).hypot(at.y - px.y), i)
        };
        let near = data.points.iter().enumerate().map(distance);
        let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0));
        nearest
            .filter(|(distance, _)| *distance <= reach_px)
            .map(|(_, i)| i)
    }
}

/// True over false positive rate.
pub fn roc_scene(size: Size, theme: &Theme, data: &RankingData) -> Scene {
    ranking_scene(size, theme, data, Ranking::Roc)
}

/// Precision over recall.
pub fn pr_scene(size: Size, theme: &Theme, data: &RankingData) -> Scene {
    ranking_scene(size, theme, data, Ranking::Pr)
}

fn ranking_scene(size: Size, theme: &Theme, data: &RankingData, ranking: Ranking) -> Scene {
    let g = RankingGeometry::new(size, theme);
    let mut chart = Chart {
        sketch: Sketch::new(size),
        labels: Labels::new(size),
        theme,
        data,
        g: &g,
        ranking,
    };
    chart.axes();
    if let Some(why) = data.undefined {
        let look = centred(theme.label_px(), theme.ink2);
        chart.in_plot(why, look);
        return chart.sketch.scene;
    }
    chart.guessing();
    chart.lines();
    chart.marks();
    chart.words();
    chart.sketch.scene
}

struct Chart<'a> {
    sketch: Sketch,
    labels: Labels,
    theme: &'a Theme,
    data: &'a RankingData<'a>,
    g: &'a RankingGeometry,
    ranking: Ranking,
}

impl Chart<'_> {
    fn axes(&mut self) {
        let (g, t) = (self.g, self.theme);
        let font_px = t.tick_px();
        let (x_name, y_name) = match self.ranking {
            Ranking::Roc => ("false positive rate", "true positive rate"),
            Ranking::Pr => ("recall", "precision"),
        };
        let row = g.plot.bottom() + 4.0 + 0.75 * font_px;
        for share in [0.0, 0.5, 1.0] {
            let at = g.px_of((share, share));
            self.sketch
                .hairline_h((g.plot.x, g.plot.right()), at.y, t.line2);
            self.sketch
                .hairline_v(at.x, (g.plot.y, g.plot.bottom()), t.line2);
            let label = format!("{:.0}", 100.0 * share);
            let look = right(font_px, t.ink3);
            let place = (point(g.plot.x - 5.0, at.y), look);
            self.labels.write(&mut self.sketch, &label, &[place]);
            let label = if share == 1.0 { "100 %" } else { &label };
            let place = (point(at.x, row), centred(font_px, t.ink3));
            self.labels.write(&mut self.sketch, label, &[place]);
        }
        let place = point(g.plot.center().x, row + 1.25 * font_px);
        let place = (place, centred(font_px, t.ink3));
        self.labels.write(&mut self.sketch, x_name, &[place]);
        let place = (point(0.0, 0.55 * font_px), plain(font_px, t.ink3));
        self.labels.write(&mut self.sketch, y_name, &[place]);
    }

    /// What an answer by chance reaches.
    fn guessing(&mut self) {
        let (g, t) = (self.g, self.theme);
        let ends = match self.ranking {
            Ranking::Roc => [(0.0, 0.0), (1.0, 1.0)],
            Ranking::Pr => [(0.0, self.data.base), (1.0, self.data.base)],
        };
        let dots = Stroke::dashed(t.ink3, t.scale, [1.5 * t.scale, 3.0 * t.scale]);
        self.sketch.line(ends.map(|at| g.px_of(at)).to_vec(), dots);
    }

    fn lines(&mut self) {
        let t = self.theme;
        if let Some(ghost) = &self.data.ghost {
            let line = self.line(ghost.points.iter().copied());
            self.sketch.line(line, Stroke::solid(t.hist, 1.5 * t.scale));
        }
        let line = self.line(self.data.points.iter().map(|(x, y, _)| (*x, *y)));
        self.sketch.line(line, Stroke::solid(t.ink, 2.0 * t.scale));
    }

    fn line(&self, points: impl Iterator<Item = (f64, f64)>) -> Vec<Point> {
        let mut line: Vec<Point> = Vec::new();
        let mut skipped = None;
        for at in points.map(|at| self.g.px_of(at)) {
            let moved = |from: &Point| (at.x - from.x).hypot(at.y - from.y) >= LEAST_MOVE_PX;
            if line.last().is_none_or(moved) {
                line.push(at);
                skipped = None;
            } else {
                skipped = Some(at);
            }
        }
        line.extend(skipped);
        line
    }

    /// The present threshold and the cheapest.
    fn marks(&mut self) {
        let (g, t) = (self.g, self.theme);
        let s = t.scale;
        let px = |at: Option<(f64, f64)>| at.map(|at| g.px_of(at));
        let (now, cheapest) = (px(self.data.now), px(self.data.cheapest));
        let is_one = match (now, cheapest) {
            (Some(a), Some(b)) => (a.x - b.x).hypot(a.y - b.y) < 3.0,
            _ => false,
        };
        if let Some(at) = cheapest.filter(|_| !is_one) {
            self.disc(at, 4.0 * s, t.bg, Stroke::solid(t.accent, 2.0 * s));
        }
        if let Some(at) = now {
            self.disc(at, 5.0 * s, t.ink, Stroke::solid(t.bg, 1.5 * s));
        }
    }

    fn disc(&mut self, center: Point, radius: f64, fill: Color, stroke: Stroke) {
        self.labels.keep_free(Rect::new(
            center.x - radius,
            center.y - radius,
            2.0 * radius,
            2.0 * radius,
        ));
        self.sketch.scene.shapes.push(Shape::Circle {
            center,
            radius,
            paint: Paint::fill(fill).and_stroke(stroke),
        });
    }

    fn words(&mut self) {
        let (g, t) = (self.g, self.theme);
        let font_px = t.tick_px();
        let guess = match self.ranking {
            Ranking::Roc => "dotted: guessing".to_owned(),
            Ranking::Pr => format!("guessing {}", percent(self.data.base)),
        };
        // Where a good curve is not: under a ROC curve at the right, and under one of precision at the left.
        let places = match self.ranking {
            Ranking::Roc => {
                let at = point(g.plot.right() - 4.0, g.plot.bottom() - 0.9 * font_px);
                vec![(at, right(font_px, t.ink3))]
            }
            Ranking::Pr => {
                let line = g.px_of((0.0, self.data.base));
                let rise = 0.8 * font_px;
                let rows = [line.y - rise, line.y + rise].into_iter();
                rows.filter(|y| *y > g.plot.y + rise && *y < g.plot.bottom())
                    .map(|y| (point(line.x + 4.0, y), plain(font_px, t.ink3)))
                    .collect()
            }
        };
        self.labels
            .write_over(&mut self.sketch, t.bg, &guess, &places);
        let Some(ghost) = &self.data.ghost else {
            return;
        };
        let lines: Vec<&str> = ghost.label.split('\n').collect();
        let first = match self.ranking {
            Ranking::Roc => g.px_of((1.0, 0.62)).y,
            Ranking::Pr => g.plot.y + 0.9 * font_px,
        };
        for (i, words) in lines.into_iter().enumerate() {
            let y = first + 1.25 * font_px * i as f64;
            let place = (point(g.plot.right() - 4.0, y), right(font_px, t.ink2));
            self.labels
                .write_over(&mut self.sketch, t.bg, words, &[place]);
        }
    }

    /// A sentence in the middle of the plot, in as many lines as it needs.
    fn in_plot(&mut self, words: &str, look: TextLook) {
        let g = self.g;
        let fits = |line: &str| text::width(line, look.font_px, false) <= g.plot.width - 8.0;
        let mut lines: Vec<String> = Vec::new();
        for word in words.split(' ') {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match (lines.last_mut(), longer.filter(|line| fits(line))) {
                (Some(line), Some(longer)) => *line = longer,
                _ => lines.push(word.to_owned()),
            }
        }
        let line_px = 1.3 * look.font_px;
        let first = g.plot.center().y - line_px * (lines.len() as f64 - 1.0) / 2.0;
        for (i, line) in lines.iter().enumerate() {
            let at = point(g.plot.center().x, first + line_px * i as f64);
            self.labels
                .write_over(&mut self.sketch, self.theme.bg, line, &[(at, look)]);
        }
    }
}

/// One point in words: `threshold 0.020: recall 82.0 %, precision 35.3 %`. `names`: of x and of y.
pub fn describe_ranking(data: &RankingData, names: [&str; 2], point: usize) -> String {
    let Some((x, y, threshold)) = data.points.get(point) else {
        return data.undefined.unwrap_or_default().to_owned();
    };
    let threshold = match threshold.is_finite() {
        true => format!("threshold {}", probability_text(*threshold)),
        false => "no sample".to_owned(),
    };
    let [x_name, y_name] = names;
    let (x, y) = (share_text(*x), share_text(*y));
    format!("{threshold}: {x_name} {x}, {y_name} {y}")
}
