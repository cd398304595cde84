//! One unit over all records: its pre-activations, mean and one deviation to each side, and the share of samples that pass
//! a gradient; below them its health.

use actiscope_core::interop::trace::UnitPoint;
use actiscope_core::observe::Health;

use super::thinned;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::scene::{Scene, Stroke};
use crate::plot::kit::sketch::{Sketch, centred, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::linear_ticks;

/// What the chart shows.
#[derive(Clone, Copy, Debug)]
pub struct UnitData<'a> {
    pub points: &'a [UnitPoint],
    /// `[T]`: where the records lie, 0 to 1.
    pub at: &'a [f32],
    pub marks: &'a [(f32, String)],
    /// The one on show.
    pub record: usize,
}

/// The chart as a picture.
pub fn unit_scene(size: Size, theme: &Theme, data: &UnitData) -> Scene {
    let (t, s, px) = (theme, theme.scale, theme.tick_px());
    let mut sketch = Sketch::new(size);
    let left = (3.6 * px).min(0.4 * size.width);
    let (strip, below) = (8.0 * s, 1.9 * px);
    let heights = size.height - strip - below - 4.6 * px;
    let z_space = Rect::new(
        left,
        1.6 * px,
        (size.width - left - 4.0).max(1.0),
        (0.62 * heights).max(1.0),
    );
    let share_space = Rect {
        y: z_space.bottom() + 2.8 * px,
        height: (0.38 * heights).max(1.0),
        ..z_space
    };
    let x_of =
        |i: usize| z_space.x + f64::from(data.at.get(i).copied().unwrap_or(0.0)) * z_space.width;
    let z = Scale::linear(z_range(data.points), (z_space.bottom(), z_space.y));
    let share = Scale::linear((0.0, 1.0), (share_space.bottom(), share_space.y));
    for (name, space) in [
        ("z, mean ± deviation", z_space),
        ("passes gradient", share_space),
    ] {
        let is_room = text::width(name, px, false) <= size.width && space.y >= 1.5 * px;
        if is_room {
            sketch.text(name, point(0.0, space.y - 1.2 * px), plain(px, t.ink3));
        }
    }
    for tick in linear_ticks(&z, px, true) {
        if text::width(&tick.label, px, false) + 4.0 > left {
            continue;
        }
        let color = if tick.value == 0.0 { t.line } else { t.line2 };
        sketch.hairline_h((z_space.x, z_space.right()), tick.px, color);
        sketch.text(&tick.label, point(left - 4.0, tick.px), right(px, t.ink3));
    }
    for (value, label) in [(0.0, "0 %"), (1.0, "100 %")] {
        let y = share.px_from_data(value);
        sketch.hairline_h((share_space.x, share_space.right()), y, t.line2);
        let is_room = share_space.height >= 1.4 * px && text::width(label, px, false) + 4.0 <= left;
        if is_room {
            sketch.text(label, point(left - 4.0, y), right(px, t.ink3));
        }
    }
    for run in finite(data.points) {
        let edge = |sign: f32| -> Vec<Point> {
            let at = |&i: &usize| {
                let p = &data.points[i];
                let value = f64::from(p.z_mean + sign * p.z_std);
                point(x_of(i), z.px_clamped(value))
            };
            run.iter().map(at).collect()
        };
        let (mut outline, under, middle) = (edge(1.0), edge(-1.0), edge(0.0));
        outline.extend(under.into_iter().rev());
        sketch.polygon(outline, t.hist.fade(0.3));
        sketch.line(middle, Stroke::solid(t.ink, 1.5 * s));
    }
    let shares: Vec<Point> = (0..data.points.len())
        .map(|i| point(x_of(i), share.px_clamped(f64::from(data.points[i].passing))))
        .collect();
    sketch.line(shares, Stroke::solid(t.alive, 1.5 * s));
    let strip = Rect::new(
        z_space.x,
        share_space.bottom() + 0.6 * px,
        z_space.width,
        strip,
    );
    health(&mut sketch, t, data, strip);
    let x = x_of(data.record);
    sketch.line(
        vec![point(x, z_space.y), point(x, strip.bottom())],
        Stroke::solid(t.accent, 1.5 * s),
    );
    let y = strip.bottom() + 0.9 * px;
    if y + 0.6 * px <= size.height {
        for (x, label) in thinned(data.marks, z_space.width, px) {
            sketch.text(label, point(z_space.x + x, y), centred(px, t.ink3));
        }
    }
    sketch.scene
}

/// From each record to the next: hatched where it is dead, framed where it is saturated.
fn health(sketch: &mut Sketch, t: &Theme, data: &UnitData, strip: Rect) {
    let x_of = |i: usize| strip.x + f64::from(data.at.get(i).copied().unwrap_or(1.0)) * strip.width;
    let mut from = 0;
    while let Some(first) = data.points.get(from) {
        let same = data.points[from..]
            .iter()
            .take_while(|p| p.health == first.health);
        let to = from + same.count();
        let space = Rect::new(x_of(from), strip.y, x_of(to) - x_of(from), strip.height);
        match first.health {
            Health::Alive => sketch.fill(space, 0.0, t.alive.mix(t.bg, 0.35)),
            Health::Saturated => sketch.fill(space, 0.0, t.zone_sat),
            Health::Dead => {
                sketch.fill(space, 0.0, t.zone);
                sketch.hatch(space, 4.0 * t.scale, Stroke::solid(t.dead, t.scale));
            }
        }
        from = to;
    }
}

/// Runs of records at which z is finite.
fn finite(points: &[UnitPoint]) -> Vec<Vec<usize>> {
    let mut runs = vec![Vec::new()];
    for (i, p) in points.iter().enumerate() {
        match (p.z_mean.is_finite() && p.z_std.is_finite(), runs.last_mut()) {
            (true, Some(run)) => run.push(i),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Ends of the axis of z, with 0 in it.
fn z_range(points: &[UnitPoint]) -> (f64, f64) {
    let ends = points
        .iter()
        .flat_map(|p| [p.z_mean - p.z_std, p.z_mean + p.z_std]);
    let (low, high) = ends
        .filter(|z| z.is_finite())
        .fold((0.0_f64, 0.0_f64), |(low, high), z| {
            (low.min(z.into()), high.max(z.into()))
        });
    if low == high {
        (-1.0, 1.0)
    } else {
        (low, high)
    }
}

/// The chart in words.
pub fn describe_unit(data: &UnitData) -> String {
    let n = |health: Health| data.points.iter().filter(|p| p.health == health).count();
    format!(
        "Over {} records: alive at {}, saturated at {}, dead at {}.",
        data.points.len(),
        n(Health::Alive),
        n(Health::Saturated),
        n(Health::Dead)
    )
}
