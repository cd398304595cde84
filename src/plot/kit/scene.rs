//! A picture as plain data. Charts and panels make a [`Scene`]; a canvas paints it, a file saves it,
//! a test reads it. That is why nothing here needs a browser.

use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Rect, Size};
use crate::plot::kit::text;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    pub size: Size,
    /// Painted in this order.
    pub shapes: Vec<Shape>,
    /// What [`Shape::Image`] shows, by index.
    pub bitmaps: Vec<Bitmap>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Rect {
        rect: Rect,
        /// Of the corners.
        radius: f64,
        paint: Paint,
    },
    Circle {
        center: Point,
        radius: f64,
        paint: Paint,
    },
    /// Straight lines.
    Path {
        points: Vec<Point>,
        is_closed: bool,
        paint: Paint,
    },
    /// Cubic: from, two control points, to. Never filled.
    Bezier {
        points: [Point; 4],
        stroke: Stroke,
    },
    Image {
        bitmap: usize,
        /// The part of the bitmap that is shown, in its pixels.
        source: Rect,
        target: Rect,
        /// Of the corners of `target`.
        radius: f64,
        is_smooth: bool,
    },
    Text(Text),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// On the baseline, at the side that `align` says.
    pub at: Point,
    pub text: String,
    pub font_px: f64,
    pub is_bold: bool,
    pub align: Align,
    pub color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Center,
    Right,
}

/// How a shape is filled and outlined; neither paints nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Paint {
    pub fill: Option<Color>,
    pub stroke: Option<Stroke>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    pub color: Color,
    pub width: f64,
    /// Lengths of dash and gap.
    pub dash: Option<[f64; 2]>,
}

/// Pixels, top row first, four bytes (red, green, blue, straight alpha) each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    pub width: usize,
    pub height: usize,
    pub rgba: Vec<u8>,
}

impl Paint {
    pub const fn fill(color: Color) -> Self {
        Self {
            fill: Some(color),
            stroke: None,
        }
    }

    pub const fn stroke(color: Color, width: f64) -> Self {
        Self {
            fill: None,
            stroke: Some(Stroke::solid(color, width)),
        }
    }

    pub const fn and_stroke(self, stroke: Stroke) -> Self {
        Self {
            stroke: Some(stroke),
            ..self
        }
    }
}

impl Stroke {
    pub const fn solid(color: Color, width: f64) -> Self {
        Self {
            color,
            width,
            dash: None,
        }
    }

    pub const fn dashed(color: Color, width: f64, dash: [f64; 2]) -> Self {
        Self {
            color,
            width,
            dash: Some(dash),
        }
    }
}

impl Bitmap {
    pub fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            rgba: vec![0; width * height * 4],
        }
    }

    /// # Panics
    /// If the pixel lies outside.
    pub fn set(&mut self, x: usize, y: usize, rgba: [u8; 4]) {
        let at = (y * self.width + x) * 4;
        self.rgba[at..at + 4].copy_from_slice(&rgba);
    }

    /// # Panics
    /// If the pixel lies outside.
    pub fn get(&self, x: usize, y: usize) -> [u8; 4] {
        let at = (y * self.width + x) * 4;
        [0, 1, 2, 3].map(|channel| self.rgba[at + channel])
    }

    pub const fn rect(&self) -> Rect {
        Rect::new(0.0, 0.0, self.width as f64, self.height as f64)
    }
}

impl Text {
    /// The box that the text covers, by the width table of [`text`].
    pub fn bounds(&self) -> Rect {
        let width = text::width(&self.text, self.font_px, self.is_bold);
        let (above, below) = text::extent(self.font_px);
        let x = match self.align {
            Align::Left => self.at.x,
            Align::Center => self.at.x - width / 2.0,
            Align::Right => self.at.x - width,
        };
        Rect::new(x, self.at.y - above, width, above + below)
    }
}

impl Scene {
    pub fn new(size: Size) -> Self {
        Self {
            size,
            ..Self::default()
        }
    }

    /// Paints `other` over this one, moved by `by`.
    pub fn append(&mut self, other: Self, by: Point) {
        let first_bitmap = self.bitmaps.len();
        self.bitmaps.extend(other.bitmaps);
        self.shapes.extend(
            other
                .shapes
                .into_iter()
                .map(|shape| shape.moved(by, first_bitmap)),
        );
    }

    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        self.shapes.iter().filter_map(|shape| match shape {
            Shape::Text(text) => Some(text),
            _ => None,
        })
    }
}

impl Shape {
    fn moved(mut self, by: Point, first_bitmap: usize) -> Self {
        let shift = |p: &mut Point| {
            p.x += by.x;
            p.y += by.y;
        };
        let shift_rect = |r: &mut Rect| {
            r.x += by.x;
            r.y += by.y;
        };
        match &mut self {
            Self::Rect { rect, .. } => shift_rect(rect),
            Self::Circle { center, .. } => shift(center),
            Self::Path { points, .. } => points.iter_mut().for_each(shift),
            Self::Bezier { points, .. } => points.iter_mut().for_each(shift),
            Self::Image { bitmap, target, .. } => {
                *bitmap += first_bitmap;
                shift_rect(target);
            }
            Self::Text(text) => shift(&mut text.at),
        }
        self
    }
}
