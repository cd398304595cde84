//! One tile: its shape tells the health, its color repeats it.

use actiscope_core::interop::trace::Tile;
use actiscope_core::observe::Health;

use crate::plot::kit::geometry::{Rect, point};
use crate::plot::kit::scene::{Paint, Shape, Stroke};
use crate::plot::kit::sketch::Sketch;
use crate::plot::kit::theme::Theme;

/// Of what passes no gradient at all the fill is this strong, so that it is seen.
const LEAST_FILL: f64 = 0.22;

pub fn draw(sketch: &mut Sketch, theme: &Theme, space: Rect, tile: &Tile) {
    let t = theme;
    let gap = if space.width >= 9.0 { 1.0 } else { 0.5 };
    let inner = space.inset(gap);
    let frame = |paint: Paint, radius: f64| Shape::Rect {
        rect: inner.inset(0.5),
        radius,
        paint,
    };
    match tile.health {
        Health::Dead => {
            sketch.scene.shapes.push(frame(
                Paint::fill(t.zone).and_stroke(Stroke::solid(t.dead, 1.0)),
                0.0,
            ));
            let reach = 0.24 * inner.width;
            let c = inner.center();
            let stroke = Stroke::solid(t.dead, t.scale);
            for side in [1.0, -1.0] {
                let from = point(c.x - reach, c.y - side * reach);
                let to = point(c.x + reach, c.y + side * reach);
                sketch.line(vec![from, to], stroke);
            }
        }
        Health::Saturated => {
            let stroke = Stroke::dashed(t.saturated, 1.0, [2.0, 1.5]);
            sketch.scene.shapes.push(frame(
                Paint {
                    fill: None,
                    stroke: Some(stroke),
                },
                0.0,
            ));
        }
        Health::Alive => {
            let strength = LEAST_FILL + (1.0 - LEAST_FILL) * f64::from(tile.passing);
            let color = t.bg.mix(t.alive, strength);
            sketch.fill(inner, 0.22 * inner.width, color);
        }
    }
}
