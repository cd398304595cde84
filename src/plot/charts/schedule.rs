//! The learning rate over the steps, as a schedule has it.

use actiscope_core::nn::schedule::Schedule;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::pen::{Pen, TextLook};
use crate::plot::kit::record::{Drawn, record};
use crate::plot::kit::scene::{Align, Scene, Stroke};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, count, linear_ticks, short, whole_ticks};

#[derive(Clone, Copy, Debug)]
pub struct ScheduleData {
    /// Before the schedule.
    pub learning_rate: f64,
    pub schedule: Schedule,
    /// Updates made.
    pub step: u64,
}

impl ScheduleData {
    fn rate_at(&self, step: u64) -> f64 {
        self.learning_rate * self.schedule.factor(step)
    }

    /// All that there is to see of the schedule, and the present.
    fn n_steps(&self) -> u64 {
        let telling = self.schedule.n_telling_steps();
        telling.max(self.step + self.step / 20).max(10)
    }
}

/// Scales and ticks, CSS pixels.
#[derive(Clone, Debug)]
pub struct ScheduleGeometry {
    pub plot: Rect,
    pub x: Scale,
    pub y: Scale,
    pub x_ticks: Vec<Tick>,
    pub y_ticks: Vec<Tick>,
}

impl ScheduleGeometry {
    pub fn new(size: Size, theme: &Theme, data: &ScheduleData) -> Self {
        let font_px = theme.tick_px();
        let top = (0.6 * font_px).ceil();
        let bottom = (size.height - 1.7 * font_px).max(top + 1.0);
        let y = Scale::linear((0.0, data.learning_rate), (bottom, top));
        let y_ticks = linear_ticks(&y, font_px, true);
        let widths = y_ticks
            .iter()
            .map(|t| text::width(&t.label, font_px, false));
        let left = widths.fold(0.0, f64::max).ceil() + 6.0;
        let right = (size.width - font_px).max(left + 1.0);
        let x = Scale::linear((0.0, data.n_steps() as f64), (left, right));
        Self {
            plot: Rect::from_corners(point(left, top), point(right, bottom)),
            x_ticks: whole_ticks(&x, font_px, false),
            y_ticks,
            x,
            y,
        }
    }
}

/// The chart as a picture.
pub fn schedule_scene(size: Size, theme: &Theme, data: &ScheduleData) -> Scene {
    record(size, |area| draw_schedule(area, size, theme, data))
}

fn draw_schedule<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    size: Size,
    theme: &Theme,
    data: &ScheduleData,
) -> Drawn<DB> {
    let g = ScheduleGeometry::new(size, theme, data);
    let pen = Pen::new(area, size);
    let look = TextLook::new(theme.tick_px(), theme.ink3);
    for tick in &g.y_ticks {
        pen.hairline_h((g.plot.x, g.plot.right()), tick.px, theme.line2)?;
        let at = point(g.plot.x - 6.0, tick.px + 0.35 * theme.tick_px());
        pen.text(&tick.label, at, look.align(Align::Right))?;
    }
    for tick in &g.x_ticks {
        let half = text::width(&tick.label, look.font_px, false) / 2.0;
        let x = tick.px.clamp(half, (size.width - half).max(half));
        let at = point(x, g.plot.bottom() + 1.2 * theme.tick_px());
        pen.text(&tick.label, at, look.align(Align::Center))?;
    }
    pen.hairline_h((g.plot.x, g.plot.right()), g.plot.bottom(), theme.line)?;
    pen.line(
        &line(data, &g),
        Stroke::solid(theme.accent, 2.0 * theme.scale),
    )?;
    let now = point(
        g.x.px_clamped(data.step as f64),
        g.y.px_clamped(data.rate_at(data.step)),
    );
    pen.hairline_v(now.x, (g.plot.y, g.plot.bottom()), theme.ink3)?;
    pen.disc(now, 3.5 * theme.scale, theme.accent)
}

/// A point a pixel, and two where the rate falls at once.
fn line(data: &ScheduleData, g: &ScheduleGeometry) -> Vec<Point> {
    let (left, right) = (g.plot.x, g.plot.right());
    let n = (right - left).ceil().max(1.0) as u32;
    let mut line: Vec<Point> = Vec::new();
    for i in 0..=n {
        let x = (left + f64::from(i)).min(right);
        let step = g.x.data_from_px(x).max(0.0) as u64;
        line.push(point(x, g.y.px_clamped(data.rate_at(step))));
    }
    line
}

/// The chart in words.
pub fn describe_schedule(data: &ScheduleData) -> String {
    let last = data.n_steps();
    format!(
        "Learning rate {} at step 0, {} at step {}, {} at step {}.",
        short(data.rate_at(0)),
        short(data.rate_at(data.step)),
        count(data.step),
        short(data.rate_at(last)),
        count(last),
    )
}

#[cfg(test)]
mod tests {
    use actiscope_core::nn::schedule::Annealing;
    use expect_test::expect;

    use super::*;
    use crate::plot::kit::check::texts_are_apart_and_inside;
    use crate::plot::kit::geometry::size;

    const COSINE: ScheduleData = ScheduleData {
        learning_rate: 0.3,
        schedule: Schedule {
            warm_up: 100,
            annealing: Annealing::Cosine {
                over: 2_000.0,
                floor: 0.1,
            },
        },
        step: 1_100,
    };

    #[test]
    fn the_line_rises_falls_and_stays() {
        let theme = &Theme::LIGHT;
        let g = ScheduleGeometry::new(size(232.0, 96.0), theme, &COSINE);
        let line = line(&COSINE, &g);
        let highest = line.iter().map(|p| p.y).fold(f64::MAX, f64::min);
        assert!((highest - g.plot.y).abs() < 0.1, "the full rate is the top");
        let at = |step: f64| {
            let x = g.x.px_from_data(step);
            let nearest = line
                .iter()
                .min_by(|a, b| (a.x - x).abs().total_cmp(&(b.x - x).abs()));
            g.y.data_from_px(nearest.expect("points").y)
        };
        assert!(at(0.0) < 0.02);
        assert!((at(1_100.0) - 0.165).abs() < 0.01);
        assert!((at(2_300.0) - 0.03).abs() < 0.01);
    }

    #[test]
    fn texts_have_room_wherever_the_run_stands() {
        for width in [180.0, 232.0, 358.0] {
            for step in [0, 40, 5_000, 3_000_000] {
                let data = ScheduleData { step, ..COSINE };
                let scene = schedule_scene(size(width, 96.0), &Theme::LIGHT, &data);
                texts_are_apart_and_inside(&scene);
            }
        }
    }

    #[test]
    fn it_is_told_in_words() {
        expect!["Learning rate 0.003 at step 0, 0.165 at step 1,100, 0.03 at step 2,350."]
            .assert_eq(&describe_schedule(&COSINE));
    }
}
