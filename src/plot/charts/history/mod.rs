//! Loss over steps, and below it on the same axis how many units are alive, saturated and dead.

mod geometry;
mod words;

use actiscope_core::protocol::HistoryPoint;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

pub use geometry::{Column, HistoryGeometry, columns};
pub use words::{describe_history, forms_at, history_csv};

use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, clip_polyline_y, point};
use crate::plot::kit::label::{label_box, n_crossing, spread};
use crate::plot::kit::marks::{Mark, MarkKind, grouped};
use crate::plot::kit::pen::{Pen, TextLook};
use crate::plot::kit::record::{Drawn, record};
use crate::plot::kit::scene::{Align, Scene, Stroke};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::short;

/// What the chart over steps shows.
#[derive(Clone, Copy, Debug)]
pub struct HistoryData<'a> {
    /// In order of step.
    pub points: &'a [HistoryPoint],
    /// Hidden units.
    pub n_units: usize,
    /// Where the axis ends.
    pub last_step: u64,
    /// Earlier runs, pale behind this one.
    pub ghosts: &'a [Ghost<'a>],
    pub marks: &'a [Mark],
    /// Decades of loss instead of equal differences.
    pub is_log: bool,
    /// Decades of steps.
    pub is_log_x: bool,
    /// The step that the rest of the page shows, where it is not the last.
    pub cursor: Option<u64>,
    /// The step under the pointer.
    pub crosshair: Option<u64>,
}

/// An earlier run, from where it was left on.
#[derive(Clone, Copy, Debug)]
pub struct Ghost<'a> {
    pub points: &'a [HistoryPoint],
    pub n_units: usize,
    /// What was different: `ReLU`.
    pub label: &'a str,
}

/// Dashes of the ghosts, the oldest first; none for a full line. The style sheet has the same.
pub const GHOST_DASHES: [Option<[f64; 2]>; 3] = [None, Some([6.0, 3.0]), Some([1.5, 2.5])];

/// The chart as a picture.
pub fn history_scene(size: Size, theme: &Theme, data: &HistoryData) -> Scene {
    record(size, |area| draw_history(area, size, theme, data))
}

pub fn draw_history<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    size: Size,
    theme: &Theme,
    data: &HistoryData,
) -> Drawn<DB> {
    let geometry = HistoryGeometry::new(size, theme, data);
    let columns = columns(data.points, &geometry.x);
    let chart = Chart {
        pen: Pen::new(area, size),
        theme,
        data,
        geometry: &geometry,
        columns: &columns,
    };
    chart.axes()?;
    chart.health()?;
    chart.marks()?;
    chart.ghosts()?;
    chart.loss()?;
    chart.ghost_names()?;
    chart.cursor()?;
    chart.crosshair()
}

struct Chart<'a, DB: DrawingBackend> {
    pen: Pen<'a, DB>,
    theme: &'a Theme,
    data: &'a HistoryData<'a>,
    geometry: &'a HistoryGeometry,
    columns: &'a [Column],
}

/// A number beside the end of its line or area.
struct EndLabel {
    text: String,
    y: f64,
    color: Color,
    is_bold: bool,
}

impl<DB: DrawingBackend> Chart<'_, DB> {
    fn axes(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let look = TextLook::new(t.tick_px(), t.ink3);
        for tick in &g.loss_ticks {
            let is_ground = tick.px >= g.loss_band.bottom() - 0.5;
            let color = if is_ground { t.line } else { t.line2 };
            let x = (g.loss_band.x, g.loss_band.right());
            self.pen.hairline_h(x, tick.px, color)?;
            let at = point(g.loss_band.x - 6.0, tick.px);
            self.pen.text(&tick.label, at, look.align(Align::Right))?;
        }
        let band = g.health_band;
        self.pen
            .hairline_h((band.x, band.right()), band.bottom(), t.line)?;
        if self.data.n_units > 0 {
            let at = point(band.x - 6.0, band.y + t.tick_px() / 2.0);
            let n_units = self.data.n_units.to_string();
            self.pen.text(&n_units, at, look.align(Align::Right))?;
            let at = point(band.x - 6.0, band.bottom());
            self.pen.text("0", at, look.align(Align::Right))?;
        }
        let y = band.bottom() + 4.0 + 0.75 * t.tick_px();
        for tick in &g.x_ticks {
            let reach = (band.bottom(), band.bottom() + 3.0);
            self.pen.hairline_v(tick.px, reach, t.line)?;
            let half = text::width(&tick.label, t.tick_px(), false) / 2.0;
            let center = tick.px.max(half);
            let at = point(center, y);
            self.pen.text(&tick.label, at, look.align(Align::Center))?;
        }
        Ok(())
    }

    fn health(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let (Some(first), Some(last)) = (self.columns.first(), self.columns.last()) else {
            return Ok(());
        };
        if self.data.n_units == 0 {
            return Ok(());
        }
        let n_units = self.data.n_units as f64;
        let whole = Rect::from_corners(
            point(first.px, g.health_band.y),
            point(last.px, g.health_band.bottom()),
        );
        // Alive is what the other two leave, so it is the ground and they lie on it.
        self.pen.fill(whole, t.alive.fade(0.20))?;
        let line_of = |units: &dyn Fn(&Column) -> f64| -> Vec<Point> {
            self.columns
                .iter()
                .map(|c| point(c.px, g.units.px_clamped(units(c))))
                .collect()
        };
        let ground = line_of(&|_| 0.0);
        let dead = line_of(&|c| f64::from(c.dead));
        let unwell = line_of(&|c| f64::from(c.dead) + f64::from(c.saturated));
        for (under, over, color) in [(&dead, &unwell, t.saturated), (&ground, &dead, t.dead)] {
            if under == over {
                continue;
            }
            let outline: Vec<Point> = over.iter().chain(under.iter().rev()).copied().collect();
            self.pen.polygon(&outline, t.bg)?;
            self.pen.polygon(&outline, color.fade(0.5))?;
            self.pen.line(over, Stroke::solid(color, 1.25 * t.scale))?;
        }
        let saturated_name = if g.has_room_for_names {
            "saturated"
        } else {
            "sat."
        };
        let (n_dead, n_saturated) = (f64::from(last.dead), f64::from(last.saturated));
        let n_alive = n_units - n_dead - n_saturated;
        let labels: Vec<EndLabel> = [
            ("alive", n_alive, n_units - n_alive / 2.0, t.alive),
            (
                saturated_name,
                n_saturated,
                n_dead + n_saturated / 2.0,
                t.saturated,
            ),
            ("dead", n_dead, n_dead / 2.0, t.dead),
        ]
        .into_iter()
        .filter(|&(_, n, _, _)| n > 0.0)
        .map(|(name, n, middle, color)| EndLabel {
            text: format!("{name} {n}"),
            y: g.units.px_clamped(middle),
            color,
            is_bold: true,
        })
        .collect();
        self.end_labels(&labels, g.health_band)
    }

    fn loss(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let y = |v: f64| g.loss.px_from_data(v);
        // A line through the least and the greatest of each column covers what lies between.
        let batch: Vec<Point> = self
            .columns
            .iter()
            .flat_map(|c| {
                let (low, high) = c.batch;
                let first = point(c.px, y(high));
                let is_range = low < high;
                std::iter::once(first).chain(is_range.then(|| point(c.px, y(low))))
            })
            .collect();
        let probe: Vec<Point> = self
            .columns
            .iter()
            .map(|c| point(c.px, y(c.loss)))
            .collect();
        let (top, bottom) = (g.loss_band.y, g.loss_band.bottom());
        for part in clip_polyline_y(&batch, top, bottom) {
            let stroke = Stroke::solid(t.ink3.fade(0.55), 1.0 * t.scale);
            self.pen.line(&part, stroke)?;
        }
        for part in clip_polyline_y(&probe, top, bottom) {
            self.pen.line(&part, Stroke::solid(t.f, 2.0 * t.scale))?;
        }
        let Some(last) = self.columns.last() else {
            return Ok(());
        };
        let mut labels = Vec::new();
        for (name, value, color, is_bold) in [
            ("probe", last.loss, t.ink, true),
            ("batch", last.batch.1, t.ink3, false),
        ] {
            let text = match g.has_room_for_names {
                true => format!("{name} {}", short(value)),
                false => short(value),
            };
            let is_probe_diverged = is_bold && !value.is_finite();
            if value.is_finite() || is_probe_diverged {
                labels.push(EndLabel {
                    text: if is_probe_diverged {
                        "diverged".into()
                    } else {
                        text
                    },
                    y: if value.is_finite() {
                        g.loss.px_clamped(value)
                    } else {
                        top
                    },
                    color: if is_probe_diverged { t.dead } else { color },
                    is_bold,
                });
            }
        }
        if let Some(end) = probe.last().filter(|p| p.y >= top && p.y <= bottom) {
            self.pen.disc(*end, 3.0 * t.scale, t.f)?;
        }
        self.end_labels(&labels, g.loss_band)
    }

    /// Loss, and the share of dead units, of earlier runs.
    fn ghosts(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        for (ghost, dash) in self.data.ghosts.iter().zip(GHOST_DASHES) {
            let columns = columns(ghost.points, &g.x);
            let in_view: Vec<&Column> = columns
                .iter()
                .filter(|c| c.px <= g.loss_band.right())
                .collect();
            let line_of = |y: &dyn Fn(&Column) -> f64| -> Vec<Point> {
                in_view.iter().map(|c| point(c.px, y(c))).collect()
            };
            let loss = line_of(&|c| g.loss.px_from_data(c.loss));
            let share = self.data.n_units as f64 / ghost.n_units.max(1) as f64;
            let dead = line_of(&|c| g.units.px_clamped(share * f64::from(c.dead)));
            let stroke = |color: Color| Stroke {
                dash,
                ..Stroke::solid(color, 1.5 * t.scale)
            };
            for part in clip_polyline_y(&loss, g.loss_band.y, g.loss_band.bottom()) {
                self.pen.line(&part, stroke(t.ink3.fade(0.6)))?;
            }
            if self.data.n_units > 0 {
                self.pen.line(&dead, stroke(t.dead.fade(0.6)))?;
            }
        }
        Ok(())
    }

    fn ghost_names(&self) -> Drawn<DB> {
        let g = self.geometry;
        let mut taken = Vec::new();
        for ghost in self.data.ghosts {
            let line: Vec<Point> = columns(ghost.points, &g.x)
                .iter()
                .filter(|c| c.px <= g.loss_band.right())
                .map(|c| point(c.px, g.loss.px_from_data(c.loss)))
                .collect();
            self.ghost_name(ghost.label, &line, &mut taken)?;
        }
        Ok(())
    }

    /// Above or below the line, where it hides neither the lines nor another name.
    fn ghost_name(&self, label: &str, line: &[Point], taken: &mut Vec<Rect>) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let look = TextLook::new(t.tick_px(), t.ink3).align(Align::Right);
        let now: Vec<Point> = self
            .columns
            .iter()
            .map(|c| point(c.px, g.loss.px_from_data(c.loss)))
            .collect();
        let spots = [0.98, 0.8, 0.6, 0.4].into_iter().flat_map(|share| {
            let at = line.get((share * line.len() as f64) as usize).copied();
            [-0.9, 0.9, -2.0, 2.0].map(|rows| at.map(|at| point(at.x, at.y + rows * look.font_px)))
        });
        let free = spots.flatten().find(|at| {
            let space = label_box(label, *at, look.font_px, false, look.align);
            g.loss_band.encloses(&space)
                && !taken.iter().any(|other| other.overlaps(&space.inset(-2.0)))
                && n_crossing(line, &space) + n_crossing(&now, &space) == 0
        });
        // Where all is full of lines: at the right, one below the other, on ground of its own.
        let row = g.loss_band.y + (0.8 + 1.5 * taken.len() as f64) * look.font_px;
        let at = free.unwrap_or(point(g.loss_band.right() - 4.0, row));
        let space = label_box(label, at, look.font_px, false, look.align);
        if g.loss_band.inset(-1.0).encloses(&space) {
            self.pen.fill(space.inset(-1.0), t.bg.fade(0.8))?;
            self.pen.text(label, at, look)?;
            taken.push(space);
        }
        Ok(())
    }

    /// Labels to the right of a band, as near to what they name as they can be.
    fn end_labels(&self, labels: &[EndLabel], band: Rect) -> Drawn<DB> {
        let font_px = self.theme.tick_px();
        let wanted: Vec<f64> = labels.iter().map(|label| label.y).collect();
        let (top, bottom) = (band.y + font_px / 2.0, band.bottom() - font_px / 2.0);
        let placed = spread(&wanted, 1.2 * font_px, top, bottom.max(top));
        // A band too low for all of its labels shows the first.
        let n_fitting = ((bottom - top) / (1.05 * font_px) + 1.0).floor().max(1.0) as usize;
        for (label, y) in labels.iter().zip(placed).take(n_fitting) {
            let look = TextLook::new(font_px, label.color);
            let look = if label.is_bold { look.bold() } else { look };
            self.pen
                .text(&label.text, point(band.right() + 6.0, y), look)?;
        }
        Ok(())
    }

    fn marks(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let lane = g.lane;
        for group in grouped(self.data.marks, &g.x, 3.0) {
            let color = group.kind.color(t);
            let all = (g.loss_band.y, g.health_band.bottom());
            match group.kind {
                MarkKind::Edit | MarkKind::Diverged => {
                    let dash = [2.0, 3.0];
                    let stroke = Stroke::dashed(color, 1.0 * t.scale, dash);
                    let line = [point(group.px, all.0), point(group.px, all.1)];
                    self.pen.line(&line, stroke)?;
                }
                MarkKind::Revival => {
                    let center = point(group.px, lane.center().y);
                    self.pen.disc(center, 1.75 * t.scale, color)?;
                }
                MarkKind::Saturation | MarkKind::Death => {
                    let is_death = group.kind == MarkKind::Death;
                    let height = lane.height * if is_death { 0.64 } else { 0.36 };
                    let width = 2.0 * t.scale;
                    let (x, y) = (group.px - width / 2.0, lane.center().y - height / 2.0);
                    self.pen.fill(Rect::new(x, y, width, height), color)?;
                }
            }
        }
        Ok(())
    }

    fn cursor(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let Some(step) = self.data.cursor else {
            return Ok(());
        };
        let x = g.x.px_clamped(step as f64);
        let line = [point(x, g.loss_band.y), point(x, g.health_band.bottom())];
        self.pen.line(&line, Stroke::solid(t.accent, 1.5 * t.scale))
    }

    fn crosshair(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let Some(step) = self.data.crosshair.filter(|_| !self.data.points.is_empty()) else {
            return Ok(());
        };
        let x = g.x.px_clamped(step as f64);
        let reach = (g.loss_band.y, g.health_band.bottom());
        self.pen.hairline_v(x, reach, t.ink3)?;
        let width = |text: &str| text::width(text, t.label_px(), false) + 8.0;
        let Some(text) = forms_at(self.data, step)
            .into_iter()
            .find(|text| width(text) <= g.loss_band.width)
        else {
            return Ok(());
        };
        let half = width(&text) / 2.0;
        let (low, high) = (g.loss_band.x + half, g.loss_band.right() - half);
        let look = TextLook::new(t.label_px(), t.ink).align(Align::Center);
        let line: Vec<Point> = self
            .columns
            .iter()
            .map(|c| point(c.px, g.loss.px_from_data(c.loss)))
            .collect();
        // Where it hides nothing of the loss: else in the areas, which hide less.
        let rows = [
            g.loss_band.y + 0.7 * look.font_px,
            g.loss_band.bottom() - 0.7 * look.font_px,
            g.health_band.y + 0.8 * look.font_px,
        ];
        let spots = rows.map(|y| point(x.clamp(low, high.max(low)), y));
        let hidden = |at: &Point| {
            let space = label_box(&text, *at, look.font_px, false, look.align);
            n_crossing(&line, &space.inset(-2.0))
        };
        let free = spots.into_iter().find(|at| hidden(at) == 0);
        let at = free.unwrap_or(spots[2]);
        let space = label_box(&text, at, look.font_px, false, look.align);
        self.pen.fill(space.inset(-3.0), t.bg.fade(0.88))?;
        self.pen.text(&text, at, look)
    }
}

/// Where the axis of steps runs when a timeline stands below, so that both can be aligned.
pub fn step_axis(size: Size, theme: &Theme, data: &HistoryData) -> Scale {
    HistoryGeometry::new(size, theme, data).x
}

#[cfg(test)]
mod tests;
