//! The records of a trace on a log axis of steps: a tick each, with what died (up, red) and came back (green) since the one before.

use actiscope_core::interop::trace::Tick;

use super::depth::nearest;
use super::thinned;
use crate::plot::kit::geometry::Rect;
use crate::plot::kit::geometry::{Size, point};
use crate::plot::kit::scene::{Paint, Scene, Shape, Stroke};
use crate::plot::kit::sketch::{Sketch, centred};
use crate::plot::kit::theme::Theme;

/// What the timeline shows.
#[derive(Clone, Copy, Debug)]
pub struct RecordsData<'a> {
    pub ticks: &'a [Tick],
    pub marks: &'a [(f32, String)],
    /// The one on show.
    pub record: usize,
}

const THUMB_PX: f64 = 7.0;
const BAR_PX: f64 = 17.0;

/// Where the axis begins and how long it is, CSS pixels.
fn axis(width: f64, theme: &Theme) -> (f64, f64) {
    let margin = (THUMB_PX + 1.0) * theme.scale;
    (margin, (width - 2.0 * margin).max(1.0))
}

/// The record under a pointer, wherever it is.
pub fn record_at(width: f64, theme: &Theme, data: &RecordsData, x: f64) -> Option<usize> {
    let (left, length) = axis(width, theme);
    let at: Vec<f32> = data.ticks.iter().map(|tick| tick.at).collect();
    nearest(&at, ((x - left) / length) as f32)
}

/// The timeline as a picture.
pub fn records_scene(size: Size, theme: &Theme, data: &RecordsData) -> Scene {
    let (t, s) = (theme, theme.scale);
    let mut sketch = Sketch::new(size);
    let (left, length) = axis(size.width, t);
    let x_of = |tick: &Tick| left + f64::from(tick.at) * length;
    let track_y = (size.height * 0.5).round();
    for tick in data.ticks {
        let x = x_of(tick);
        sketch.hairline_v(x, (track_y - 3.0 * s, track_y + 3.0 * s), t.line);
        let foot = track_y - 6.0 * s;
        let (died, came_back) = (f64::from(tick.bars.0), f64::from(tick.bars.1));
        for (share, color, dx) in [(came_back, t.alive, s), (died, t.dead, -s)] {
            if share > 0.0 {
                let height = (BAR_PX * share * s).max(2.0 * s);
                let both = if died > 0.0 && came_back > 0.0 {
                    dx
                } else {
                    0.0
                };
                let bar = Rect::new(x - s + both, foot - height, 2.0 * s, height);
                sketch.fill(bar, 0.0, color);
            }
        }
        if tick.is_ruined {
            // A cross: something is not finite.
            let reach = 3.0 * s;
            for side in [1.0, -1.0] {
                let from = point(x - reach, track_y + 8.0 * s - side * reach);
                let to = point(x + reach, track_y + 8.0 * s + side * reach);
                sketch.line(vec![from, to], Stroke::solid(t.dead, 1.5 * s));
            }
        }
    }
    if data.ticks.is_empty() {
        let track = Rect::new(left, track_y - s, length, 2.0 * s);
        sketch.fill(track, 0.0, t.line);
        return sketch.scene;
    }
    let thumb_x = data.ticks.get(data.record).map_or(left, x_of);
    let track = |from: f64, to: f64| Rect::new(from, track_y - s, to - from, 2.0 * s);
    sketch.fill(track(left, left + length), 0.0, t.line);
    sketch.fill(track(left, thumb_x), 0.0, t.ink);
    sketch.scene.shapes.push(Shape::Circle {
        center: point(thumb_x, track_y),
        radius: THUMB_PX * s,
        paint: Paint::fill(t.bg).and_stroke(Stroke::solid(t.ink, 2.0 * s)),
    });
    let px = t.tick_px();
    let y = track_y + 9.0 * s + 0.7 * px;
    if y + 0.6 * px > size.height {
        return sketch.scene;
    }
    let marks: Vec<(f32, String)> = data
        .marks
        .iter()
        .enumerate()
        .map(|(i, (at, label))| match i {
            0 => (*at, format!("step {label}")),
            _ => (*at, label.clone()),
        })
        .collect();
    for (x, label) in thinned(&marks, size.width, px) {
        sketch.text(label, point(x, y), centred(px, t.ink3));
    }
    sketch.scene
}
