//! Draws plotters elements at CSS pixels, with parts of pixels where the backend has them.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color as _, FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle,
};
use plotters_backend::DrawingBackend;

use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Rect, Size, point};
use crate::plot::kit::record::Drawn;
use crate::plot::kit::scene::{Align, Stroke};

/// Draws on `area`, whose `size` in CSS pixels is given.
pub struct Pen<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    units_per_px: f64,
}

/// How [`Pen::text`] writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextLook {
    pub font_px: f64,
    pub is_bold: bool,
    pub align: Align,
    pub color: Color,
}

impl TextLook {
    pub const fn new(font_px: f64, color: Color) -> Self {
        Self {
            font_px,
            is_bold: false,
            align: Align::Left,
            color,
        }
    }

    pub const fn bold(self) -> Self {
        Self {
            is_bold: true,
            ..self
        }
    }

    pub const fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }
}

impl<'a, DB: DrawingBackend> Pen<'a, DB> {
    pub fn new(area: &'a DrawingArea<DB, Shift>, size: Size) -> Self {
        Self {
            area,
            units_per_px: f64::from(area.dim_in_pixel().0) / size.width.max(1.0),
        }
    }

    fn units(&self, px: f64) -> i32 {
        (px * self.units_per_px).round() as i32
    }

    fn coord(&self, p: Point) -> (i32, i32) {
        (self.units(p.x), self.units(p.y))
    }

    fn stroke(&self, color: Color, width: f64) -> ShapeStyle {
        ShapeStyle::from(rgba(color)).stroke_width(self.units(width).max(1) as u32)
    }

    pub fn line(&self, points: &[Point], stroke: Stroke) -> Drawn<DB> {
        let coords: Vec<_> = points.iter().map(|&p| self.coord(p)).collect();
        let style = self.stroke(stroke.color, stroke.width);
        match stroke.dash {
            None => self.area.draw(&PathElement::new(coords, style)),
            Some([dash, gap]) => self.area.draw(&DashedPathElement::new(
                coords,
                self.units(dash),
                self.units(gap),
                style,
            )),
        }
    }

    /// A horizontal line one pixel thick, on the pixel grid.
    pub fn hairline_h(&self, x: (f64, f64), y: f64, color: Color) -> Drawn<DB> {
        let y = snap(y);
        self.line(&[point(x.0, y), point(x.1, y)], Stroke::solid(color, 1.0))
    }

    /// A vertical line one pixel thick, on the pixel grid.
    pub fn hairline_v(&self, x: f64, y: (f64, f64), color: Color) -> Drawn<DB> {
        let x = snap(x);
        self.line(&[point(x, y.0), point(x, y.1)], Stroke::solid(color, 1.0))
    }

    pub fn fill(&self, rect: Rect, color: Color) -> Drawn<DB> {
        let corners = [
            self.coord(point(rect.x, rect.y)),
            self.coord(point(rect.right(), rect.bottom())),
        ];
        self.area
            .draw(&Rectangle::new(corners, rgba(color).filled()))
    }

    pub fn polygon(&self, points: &[Point], color: Color) -> Drawn<DB> {
        let coords: Vec<_> = points.iter().map(|&p| self.coord(p)).collect();
        self.area.draw(&Polygon::new(coords, rgba(color).filled()))
    }

    pub fn disc(&self, center: Point, radius: f64, color: Color) -> Drawn<DB> {
        self.area.draw(&Circle::new(
            self.coord(center),
            self.units(radius),
            rgba(color).filled(),
        ))
    }

    pub fn ring(&self, center: Point, radius: f64, stroke: Stroke) -> Drawn<DB> {
        self.area.draw(&Circle::new(
            self.coord(center),
            self.units(radius),
            self.stroke(stroke.color, stroke.width),
        ))
    }

    /// Text whose capitals are centred on `at.y`.
    pub fn text(&self, text: &str, at: Point, look: TextLook) -> Drawn<DB> {
        let slant = if look.is_bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let font = FontDesc::new(
            FontFamily::SansSerif,
            look.font_px * self.units_per_px,
            slant,
        );
        let h_pos = match look.align {
            Align::Left => HPos::Left,
            Align::Center => HPos::Center,
            Align::Right => HPos::Right,
        };
        let style = TextStyle {
            font,
            color: rgba(look.color).to_backend_color(),
            pos: Pos::new(h_pos, VPos::Center),
        };
        self.area.draw(&Text::new(text, self.coord(at), style))
    }
}

/// The middle of the pixel that `v` lies in: where a line one pixel thick is sharp.
pub fn snap(v: f64) -> f64 {
    v.floor() + 0.5
}

fn rgba(c: Color) -> RGBAColor {
    RGBAColor(c.r, c.g, c.b, c.alpha)
}
