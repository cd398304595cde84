//! RMS of the gradient by layer, a column for each lane over one log axis; the names of the layers stand once, at the
//! left of all.

use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::look::Look;
use crate::plot::kit::scene::{Align, Scene, Stroke};
use crate::plot::kit::sketch::{Sketch, TextLook, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::short;

/// Decades that the axis holds at most: what is less is told as less.
const MAX_DECADES: f64 = 4.0;

/// The rows of all columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientRows {
    /// Hidden layers of the deepest lane; the output's row comes after them.
    pub n_hidden: usize,
    /// Ends of the axis, powers of ten.
    pub ends: (f64, f64),
}

impl GradientRows {
    /// For lanes whose layers, the output last, have these gradients.
    pub fn of<'a>(lanes: impl Iterator<Item = &'a [f64]> + Clone) -> Self {
        let deepest = lanes.clone().map(<[f64]>::len).max().unwrap_or(0);
        let all = lanes.flatten().filter(|rms| **rms > 0.0 && rms.is_finite());
        let (least, most) = all.fold((f64::INFINITY, 0.0), |(least, most): (f64, f64), rms| {
            (least.min(*rms), most.max(*rms))
        });
        let most = if most > 0.0 { most } else { 1.0 };
        let top = libm::ceil(libm::log10(most) - 1e-9);
        let bottom = libm::floor(libm::log10(least.min(most)) + 1e-9);
        let bottom = bottom.clamp(top - MAX_DECADES, top - 1.0);
        Self {
            n_hidden: deepest.saturating_sub(1),
            ends: (libm::pow(10.0, bottom), libm::pow(10.0, top)),
        }
    }

    fn n_rows(&self) -> usize {
        self.n_hidden + 1
    }

    /// Rows, then room for the axis below them.
    fn rows_of(&self, size: Size, theme: &Theme) -> Rect {
        let bottom = size.height - 1.35 * theme.tick_px() - 3.0;
        Rect::new(0.0, 0.0, size.width.max(1.0), bottom.max(1.0))
    }

    /// The middle of a layer's row. The output of a shallower lane stands in the last all the same.
    fn y(&self, rows: Rect, row: usize) -> f64 {
        rows.y + rows.height * (row as f64 + 0.5) / self.n_rows() as f64
    }
}

/// `layer 1` ... `output`, as many as have room, at the right of their place.
pub fn gradient_names_scene(size: Size, theme: &Theme, all: &GradientRows) -> Scene {
    let t = theme;
    let mut sketch = Sketch::new(size);
    let rows = all.rows_of(size, t);
    let room = 1.5 * t.tick_px();
    let every = (room * all.n_rows() as f64 / rows.height).ceil().max(1.0) as usize;
    for row in 0..all.n_rows() {
        let is_output = row == all.n_hidden;
        // The last is always named, and what would touch it is not.
        if !is_output && (row % every != 0 || all.n_hidden - row < every) {
            continue;
        }
        let name = match is_output {
            true => "output".to_owned(),
            false => format!("layer {}", row + 1),
        };
        let at = point(size.width - 2.0, all.y(rows, row).max(0.5 * t.tick_px()));
        sketch.text(&name, at, right(t.tick_px(), t.ink2));
    }
    sketch.scene
}

/// One lane: its layers' gradients, the output's last, in the colour and with the mark of its slot.
pub fn gradient_scene(
    size: Size,
    theme: &Theme,
    all: &GradientRows,
    gradients: &[f64],
    slot: usize,
) -> Scene {
    let t = theme;
    let mut sketch = Sketch::new(size);
    let rows = all.rows_of(size, t);
    let pad = 5.0 * t.scale;
    let x = Scale::log(all.ends, (pad, (rows.width - pad).max(pad + 1.0)));
    axis(&mut sketch, t, all, &x, rows);
    let last = gradients.len().saturating_sub(1);
    let row_of = |i: usize| if i == last { all.n_hidden } else { i };
    let look = Look::of(t, Some(slot));
    let is_seen = |rms: f64| rms >= all.ends.0 && rms.is_finite();
    let mut line: Vec<Point> = Vec::new();
    let mut marks: Vec<Point> = Vec::new();
    let flush = |line: &mut Vec<Point>, sketch: &mut Sketch| {
        if line.len() > 1 {
            sketch.line(line.clone(), Stroke::solid(t.ink3, t.scale));
        }
        line.clear();
    };
    for (i, &rms) in gradients.iter().enumerate() {
        let y = all.y(rows, row_of(i));
        if is_seen(rms) {
            let at = point(x.px_clamped(rms), y);
            line.push(at);
            marks.push(at);
            continue;
        }
        flush(&mut line, &mut sketch);
        let words = match rms {
            rms if rms.is_nan() => "no number".to_owned(),
            rms if rms.is_finite() => format!("< {}", short(all.ends.0)),
            _ => "infinite".to_owned(),
        };
        // Rows may be too many for words.
        if rows.height / all.n_rows() as f64 >= t.tick_px() {
            sketch.text(&words, point(2.0, y), plain(t.tick_px(), t.dead));
        } else {
            marks.push(point(x.px_clamped(all.ends.0), y));
        }
    }
    flush(&mut line, &mut sketch);
    let radius = (0.4 * rows.height / all.n_rows() as f64).clamp(1.5, 4.0 * t.scale);
    for at in marks {
        sketch.scene.shapes.push(look.mark(at, radius, t.bg));
    }
    sketch.scene
}

/// A line each decade; the ends are named, and what lies between where there is room.
fn axis(sketch: &mut Sketch, t: &Theme, all: &GradientRows, x: &Scale, rows: Rect) {
    sketch.hairline_h((0.0, rows.width), rows.bottom(), t.line);
    let y = rows.bottom() + 3.0 + 0.6 * t.tick_px();
    let (low, high) = (libm::log10(all.ends.0), libm::log10(all.ends.1));
    let n = (high - low).round() as i32;
    let mut taken: f64 = f64::NEG_INFINITY;
    let last = short(all.ends.1);
    let last_from = rows.width - text::width(&last, t.tick_px(), false);
    for i in 0..=n {
        let value = libm::pow(10.0, low.round() + f64::from(i));
        let px = x.px_clamped(value);
        sketch.hairline_v(px, (rows.y, rows.bottom()), t.line2);
        let label = short(value);
        let width = text::width(&label, t.tick_px(), false);
        let (at, align, from, to) = match i {
            0 => (0.0, Align::Left, 0.0, width),
            i if i == n => (rows.width, Align::Right, last_from, rows.width),
            _ => (px, Align::Center, px - width / 2.0, px + width / 2.0),
        };
        let is_free = from >= taken + 6.0 && (i == n || to + 6.0 <= last_from);
        if i == 0 || is_free {
            let look = TextLook::new(t.tick_px(), t.ink3).align(align);
            sketch.text(&label, point(at, y), look);
            taken = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::kit::check::texts_are_apart_and_inside;

    fn rows(lanes: &[&[f64]]) -> GradientRows {
        GradientRows::of(lanes.iter().copied())
    }

    #[test]
    fn one_axis_holds_all_lanes_in_four_decades() {
        let near = |all: GradientRows, (low, high): (f64, f64), n_hidden| {
            assert!((all.ends.0 / low - 1.0).abs() < 1e-9, "{all:?}");
            assert!((all.ends.1 / high - 1.0).abs() < 1e-9, "{all:?}");
            assert_eq!(all.n_hidden, n_hidden);
        };
        near(rows(&[]), (0.1, 1.0), 0);
        near(rows(&[&[0.02, 0.3], &[0.5, 0.04, 0.2]]), (0.01, 1.0), 2);
        near(rows(&[&[1e-9, 0.3]]), (1e-4, 1.0), 1);
        near(rows(&[&[0.0, f64::NAN, 5.0]]), (1.0, 10.0), 2);
    }

    #[test]
    fn what_is_under_the_axis_is_told_in_words() {
        let gradients = [1e-9, 0.01, 0.3];
        let all = rows(&[&gradients]);
        let size = Size {
            width: 120.0,
            height: 80.0,
        };
        let scene = gradient_scene(size, &Theme::LIGHT, &all, &gradients, 2);
        assert!(scene.texts().any(|text| text.text == "< 1e−4"));
        texts_are_apart_and_inside(&scene);
    }

    #[test]
    fn it_is_drawn_at_every_size_and_depth() {
        for depth in [0, 1, 4, 16, 33] {
            let gradients: Vec<f64> = (0..depth).map(|i| 0.3 / f64::from(i + 1)).collect();
            let all = rows(&[&gradients]);
            for width in [0.0, 70.0, 104.0, 320.0] {
                for height in [0.0, 60.0, 120.0] {
                    let size = Size { width, height };
                    let scene = gradient_scene(size, &Theme::DARK, &all, &gradients, 1);
                    let names = gradient_names_scene(size, &Theme::DARK, &all);
                    if width > 60.0 && height > 30.0 {
                        texts_are_apart_and_inside(&scene);
                        texts_are_apart_and_inside(&names);
                    }
                }
            }
        }
    }
}
