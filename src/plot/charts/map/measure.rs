//! One measure of a cell: each network a dot on the map-wide scale.

use super::color_at;
use crate::plot::kit::geometry::{Rect, Size, point};
use crate::plot::kit::scene::{Paint, Scene, Shape, Stroke};
use crate::plot::kit::sketch::Sketch;
use crate::plot::kit::theme::Theme;

/// Places from 0 to 1. The scale has its colours where the map is coloured by it.
pub fn measure_scene(size: Size, theme: &Theme, dots: &[f64], is_colored: bool) -> Scene {
    let mut sketch = Sketch::new(size);
    let r = 2.5 * theme.scale;
    let (left, right) = (r, (size.width - r).max(r + 1.0));
    // Room for others above, where there are others.
    let y = if dots.len() > 1 {
        size.height - r - 2.0
    } else {
        size.height / 2.0
    };
    if is_colored {
        const N: u32 = 32;
        let width = (right - left) / f64::from(N);
        for i in 0..N {
            let color = color_at((f64::from(i) + 0.5) / f64::from(N), theme);
            let x = left + f64::from(i) * width;
            sketch.fill(Rect::new(x, y - 1.5, width + 0.5, 3.0), 0.0, color);
        }
    } else {
        sketch.hairline_h((left, right), y, theme.line);
    }
    // Those of one place stand on each other.
    let mut placed: Vec<f64> = Vec::new();
    for dot in dots {
        let x = left + dot.clamp(0.0, 1.0) * (right - left);
        let n_below = placed
            .iter()
            .filter(|other| (**other - x).abs() < 1.5 * r)
            .count();
        placed.push(x);
        let at = point(x, (y - 1.6 * r * n_below as f64).max(r));
        sketch.scene.shapes.push(Shape::Circle {
            center: at,
            radius: r,
            paint: Paint::fill(theme.ink).and_stroke(Stroke::solid(theme.bg, 1.0)),
        });
    }
    sketch.scene
}
