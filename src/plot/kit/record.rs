//! plotters draws, a [`Scene`] remembers. A plotters backend counts whole pixels; this one reports
//! [`UNITS_PER_PX`] of them to a CSS pixel, so that curves and hairlines lie where they should on any
//! screen, and it measures text by a table, never through the DOM (which a strict content security
//! policy forbids).

use std::convert::Infallible;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle,
};

use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Rect, Size, point};
use crate::plot::kit::scene::{Align, Paint, Scene, Shape, Text};
use crate::plot::kit::text;

/// A backend pixel is this part of a CSS pixel.
pub const UNITS_PER_PX: f64 = 16.0;

/// What drawing on backend `DB` returns.
pub type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Runs `draw` on an area of `size` and returns what it drew.
pub fn record(
    size: Size,
    draw: impl for<'a> FnOnce(&DrawingArea<Recorder<'a>, Shift>) -> Drawn<Recorder<'a>>,
) -> Scene {
    let mut scene = Scene::new(size);
    let area = Recorder { scene: &mut scene }.into_drawing_area();
    draw(&area).expect("recording cannot fail: it does no input or output and shares no area");
    drop(area);
    scene
}

/// A plotters backend that appends to a scene.
pub struct Recorder<'a> {
    scene: &'a mut Scene,
}

type Recorded = Result<(), DrawingErrorKind<Infallible>>;

fn px(units: i32) -> f64 {
    f64::from(units) / UNITS_PER_PX
}

fn at((x, y): BackendCoord) -> Point {
    point(px(x), px(y))
}

fn color(c: BackendColor) -> Color {
    let (r, g, b) = c.rgb;
    Color {
        r,
        g,
        b,
        alpha: c.alpha,
    }
}

fn paint<S: BackendStyle>(style: &S, is_filled: bool) -> Paint {
    if is_filled {
        Paint::fill(color(style.color()))
    } else {
        Paint::stroke(
            color(style.color()),
            f64::from(style.stroke_width()) / UNITS_PER_PX,
        )
    }
}

impl DrawingBackend for Recorder<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let units = |v: f64| (v * UNITS_PER_PX).round() as u32;
        (units(self.scene.size.width), units(self.scene.size.height))
    }

    fn ensure_prepared(&mut self) -> Recorded {
        Ok(())
    }

    fn present(&mut self) -> Recorded {
        Ok(())
    }

    fn draw_pixel(&mut self, at_: BackendCoord, c: BackendColor) -> Recorded {
        self.draw_rect(at_, (at_.0 + 1, at_.1 + 1), &c, true)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Recorded {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Recorded {
        self.scene.shapes.push(Shape::Rect {
            rect: Rect::from_corners(at(upper_left), at(bottom_right)),
            radius: 0.0,
            paint: paint(style, fill),
        });
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Recorded {
        self.scene.shapes.push(Shape::Path {
            points: path.into_iter().map(at).collect(),
            is_closed: false,
            paint: paint(style, false),
        });
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Recorded {
        self.scene.shapes.push(Shape::Circle {
            center: at(center),
            radius: f64::from(radius) / UNITS_PER_PX,
            paint: paint(style, fill),
        });
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Recorded {
        self.scene.shapes.push(Shape::Path {
            points: corners.into_iter().map(at).collect(),
            is_closed: true,
            paint: paint(style, true),
        });
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        pos: BackendCoord,
    ) -> Recorded {
        let font_px = style.size() / UNITS_PER_PX;
        let (above, below) = text::extent(font_px);
        let mut at = at(pos);
        at.y += match style.anchor().v_pos {
            VPos::Top => above,
            VPos::Center => text::middle_to_baseline(font_px),
            VPos::Bottom => -below,
        };
        self.scene.shapes.push(Shape::Text(Text {
            at,
            text: text.to_owned(),
            font_px,
            is_bold: matches!(style.style(), FontStyle::Bold),
            align: match style.anchor().h_pos {
                HPos::Left => Align::Left,
                HPos::Center => Align::Center,
                HPos::Right => Align::Right,
            },
            color: color(style.color()),
        }));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let is_bold = matches!(style.style(), FontStyle::Bold);
        let (above, below) = text::extent(style.size());
        Ok((
            text::width(text, style.size(), is_bold).ceil() as u32,
            (above + below).ceil() as u32,
        ))
    }
}

#[cfg(test)]
mod tests {
    use plotters::chart::ChartBuilder;
    use plotters::element::PathElement;
    use plotters::style::{RED, WHITE};

    use super::*;
    use crate::plot::kit::geometry::size;

    #[test]
    fn any_plotters_drawing_becomes_a_scene() {
        let scene = record(size(200.0, 100.0), |area| {
            area.fill(&WHITE)?;
            let mut chart = ChartBuilder::on(area)
                .x_label_area_size(320)
                .y_label_area_size(480)
                .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
            chart.configure_mesh().draw()?;
            chart.draw_series([PathElement::new(vec![(0.0, 0.0), (1.0, 1.0)], RED)])?;
            Ok(())
        });
        assert_eq!(scene.size, size(200.0, 100.0));
        assert!(scene.texts().count() >= 4, "ticks of the mesh");
        let diagonal = Shape::Path {
            points: vec![point(30.0, 79.9375), point(199.9375, 0.0)],
            is_closed: false,
            paint: Paint::stroke(Color::hex(0xff0000), 1.0 / UNITS_PER_PX),
        };
        assert!(
            scene.shapes.contains(&diagonal),
            "{:?}",
            scene.shapes.last()
        );
    }
}
