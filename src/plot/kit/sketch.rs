//! Shapes of charts of many lines, straight into a scene: dashes of lines that lie over each other must keep their
//! rhythm, which plotters' dashes do not.

use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Rect, Size, point};
use crate::plot::kit::pen::snap;
use crate::plot::kit::scene::{Align, Paint, Scene, Shape, Stroke, Text};
use crate::plot::kit::text;

pub struct Sketch {
    pub scene: Scene,
}

impl Sketch {
    pub fn new(size: Size) -> Self {
        Self {
            scene: Scene::new(size),
        }
    }

    pub fn line(&mut self, points: Vec<Point>, stroke: Stroke) {
        self.scene.shapes.push(Shape::Path {
            points,
            is_closed: false,
            paint: Paint {
                fill: None,
                stroke: Some(stroke),
            },
        });
    }

    pub fn hairline_h(&mut self, x: (f64, f64), y: f64, color: Color) {
        let y = snap(y);
        self.line(
            vec![point(x.0, y), point(x.1, y)],
            Stroke::solid(color, 1.0),
        );
    }

    pub fn hairline_v(&mut self, x: f64, y: (f64, f64), color: Color) {
        let x = snap(x);
        self.line(
            vec![point(x, y.0), point(x, y.1)],
            Stroke::solid(color, 1.0),
        );
    }

    pub fn fill(&mut self, rect: Rect, radius: f64, color: Color) {
        self.scene.shapes.push(Shape::Rect {
            rect,
            radius,
            paint: Paint::fill(color),
        });
    }

    pub fn polygon(&mut self, points: Vec<Point>, color: Color) {
        self.scene.shapes.push(Shape::Path {
            points,
            is_closed: true,
            paint: Paint::fill(color),
        });
    }

    /// Diagonal lines over a space, on one grid for the whole picture, so that spaces side by side have one hatching.
    pub fn hatch(&mut self, space: Rect, every_px: f64, stroke: Stroke) {
        // x - y = d, which runs from the left or upper edge to the right or lower one.
        let (first, last) = (space.x - space.bottom(), space.right() - space.y);
        let mut d = (first / every_px).ceil() * every_px;
        while d < last {
            let (left, right) = (
                space.x.max(space.y + d),
                space.right().min(space.bottom() + d),
            );
            self.line(vec![point(left, left - d), point(right, right - d)], stroke);
            d += every_px;
        }
    }

    /// Text whose capitals are centred on `at.y`.
    pub fn text(&mut self, text: &str, at: Point, look: TextLook) {
        self.scene.shapes.push(Shape::Text(Text {
            at: point(at.x, at.y + text::middle_to_baseline(look.font_px)),
            text: text.to_owned(),
            font_px: look.font_px,
            is_bold: look.is_bold,
            align: look.align,
            color: look.color,
        }));
    }
}

pub use crate::plot::kit::pen::TextLook;

/// Of an axis label or another small text, at the left of its place.
pub fn plain(font_px: f64, color: Color) -> TextLook {
    TextLook::new(font_px, color)
}

/// The same, set against the right.
pub fn right(font_px: f64, color: Color) -> TextLook {
    TextLook::new(font_px, color).align(Align::Right)
}

/// The same, about the middle.
pub fn centred(font_px: f64, color: Color) -> TextLook {
    TextLook::new(font_px, color).align(Align::Center)
}
