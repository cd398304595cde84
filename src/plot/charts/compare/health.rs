//! The share of a lane's units that are alive, saturated and dead over its steps, of all its seeds together; and the
//! timeline of all lanes.

use crate::plot::charts::timeline::{TimelineData, TimelineGeometry, timeline_scene};
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::look::Look;
use crate::plot::kit::scene::{Scene, Stroke};
use crate::plot::kit::sketch::Sketch;
use crate::plot::kit::theme::Theme;

/// Shares at a step, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HealthPoint {
    pub step: u64,
    pub dead: f64,
    pub saturated: f64,
}

/// Areas over each other: dead at the bottom, then saturated, on the ground of what is alive.
pub fn health_scene(
    size: Size,
    theme: &Theme,
    points: &[HealthPoint],
    n_steps: u64,
    cursor: Option<u64>,
) -> Scene {
    let t = theme;
    let mut sketch = Sketch::new(size);
    let band = Rect::new(0.0, 0.0, size.width, (size.height - 1.0).max(1.0));
    let x = Scale::linear((0.0, n_steps.max(1) as f64), (band.x, band.right()));
    let y = Scale::linear((0.0, 1.0), (band.bottom(), band.y));
    let x_of = |step: u64| x.px_clamped(step as f64);
    if let (Some(first), Some(last)) = (points.first(), points.last()) {
        let whole = Rect::from_corners(
            point(x_of(first.step), band.y),
            point(x_of(last.step), band.bottom()),
        );
        sketch.fill(whole, 0.0, t.alive.fade(0.2));
        let line_of = |share: fn(&HealthPoint) -> f64| -> Vec<Point> {
            let px = |p: &HealthPoint| point(x_of(p.step), y.px_clamped(share(p)));
            points.iter().map(px).collect()
        };
        let ground = line_of(|_| 0.0);
        let dead = line_of(|p| p.dead);
        let unwell = line_of(|p| p.dead + p.saturated);
        for (under, over, color) in [(&dead, &unwell, t.saturated), (&ground, &dead, t.dead)] {
            if under == over {
                continue;
            }
            let outline: Vec<Point> = over.iter().chain(under.iter().rev()).copied().collect();
            sketch.polygon(outline.clone(), t.bg);
            sketch.polygon(outline, color.fade(0.5));
            sketch.line(over.clone(), Stroke::solid(color, 1.25 * t.scale));
        }
    }
    sketch.hairline_h((band.x, band.right()), band.bottom(), t.line);
    if let Some(step) = cursor {
        sketch.hairline_v(x_of(step), (band.y, band.bottom()), t.ink3);
    }
    sketch.scene
}

/// The strip that one scrubs, with the mark of each lane where it comes under the target.
pub fn lanes_timeline_scene(
    size: Size,
    theme: &Theme,
    step: u64,
    last_step: u64,
    crossings: &[(usize, f64)],
) -> Scene {
    let data = TimelineData {
        step,
        last_step,
        marks: &[],
    };
    let mut scene = timeline_scene(size, theme, &data);
    let g = TimelineGeometry::new(size, theme, &data);
    for (slot, at) in crossings {
        let x = g.x.px_clamped(*at);
        let y = g.track_y - 14.0 * theme.scale;
        let look = Look::of(theme, Some(*slot));
        scene
            .shapes
            .push(look.mark(point(x, y), 4.0 * theme.scale, theme.bg));
    }
    scene
}
