//! A [`Scene`] as an SVG file: for saving, and for looking at pictures without a browser.

use std::fmt::Write;

use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Rect};
use crate::plot::kit::png;
use crate::plot::kit::scene::{Align, Bitmap, Paint, Scene, Shape, Stroke, Text};

/// The page's own fonts, from the system.
pub const FONT_FAMILY: &str =
    "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

/// A stand-alone file. `ground` is painted behind everything.
pub fn svg(scene: &Scene, ground: Option<Color>) -> String {
    let fonts =
        format!(" font-family=\"{FONT_FAMILY}\" style=\"font-variant-numeric:tabular-nums\"");
    drawn(scene, ground, &fonts)
}

/// A small picture without text, to stand within the page, whose policy forbids styles in attributes.
pub fn glyph(scene: &Scene) -> String {
    drawn(scene, None, "")
}

fn drawn(scene: &Scene, ground: Option<Color>, fonts: &str) -> String {
    let (w, h) = (number(scene.size.width), number(scene.size.height));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" \
         viewBox=\"0 0 {w} {h}\"{fonts}>\n"
    );
    if let Some(color) = ground {
        let fill = attributes(&Paint::fill(color));
        let _ = writeln!(out, "<rect width=\"{w}\" height=\"{h}\"{fill}/>");
    }
    for (i, shape) in scene.shapes.iter().enumerate() {
        element(&mut out, scene, i, shape);
    }
    out.push_str("</svg>\n");
    out
}

// Writing to a string cannot fail, so the results of `write!` are of no interest below.

fn element(out: &mut String, scene: &Scene, index: usize, shape: &Shape) {
    match shape {
        Shape::Rect {
            rect,
            radius,
            paint,
        } => {
            let _ = writeln!(out, "<rect{}{}/>", frame(rect, *radius), attributes(paint));
        }
        Shape::Circle {
            center,
            radius,
            paint,
        } => {
            let (x, y, r) = (number(center.x), number(center.y), number(*radius));
            let look = attributes(paint);
            let _ = writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"{look}/>");
        }
        Shape::Path {
            points,
            is_closed,
            paint,
        } => {
            let d = path_data(points, *is_closed);
            let _ = writeln!(out, "<path d=\"{d}\"{}/>", attributes(paint));
        }
        Shape::Bezier { points, stroke } => {
            let [a, b, c, d] = points.map(pair);
            let look = attributes(&Paint {
                fill: None,
                stroke: Some(*stroke),
            });
            let _ = writeln!(out, "<path d=\"M{a}C{b} {c} {d}\"{look}/>");
        }
        Shape::Image {
            bitmap,
            source,
            target,
            radius,
            is_smooth,
        } => {
            // An index without a bitmap paints nothing, as on a canvas.
            if let Some(bitmap) = scene.bitmaps.get(*bitmap) {
                image(
                    out,
                    index,
                    &crop(bitmap, source),
                    target,
                    *radius,
                    *is_smooth,
                );
            }
        }
        Shape::Text(text) => text_element(out, text),
    }
}

fn image(
    out: &mut String,
    index: usize,
    bitmap: &Bitmap,
    target: &Rect,
    radius: f64,
    is_smooth: bool,
) {
    let at = frame(target, 0.0);
    if radius > 0.0 {
        let outline = frame(target, radius);
        let _ = writeln!(out, "<clipPath id=\"c{index}\"><rect{outline}/></clipPath>");
    }
    let clip = if radius > 0.0 {
        format!(" clip-path=\"url(#c{index})\"")
    } else {
        String::new()
    };
    let rendering = if is_smooth { "auto" } else { "pixelated" };
    let data = png::data_url(bitmap);
    let _ = writeln!(
        out,
        "<image{at} preserveAspectRatio=\"none\"{clip} style=\"image-rendering:{rendering}\" \
         href=\"{data}\"/>"
    );
}

fn crop(bitmap: &Bitmap, source: &Rect) -> Bitmap {
    let clamp = |v: f64, max: usize| (v.round().max(0.0) as usize).min(max);
    let (x0, x1) = (
        clamp(source.x, bitmap.width),
        clamp(source.right(), bitmap.width),
    );
    let (y0, y1) = (
        clamp(source.y, bitmap.height),
        clamp(source.bottom(), bitmap.height),
    );
    let mut part = Bitmap::new(x1 - x0, y1 - y0);
    for y in y0..y1 {
        for x in x0..x1 {
            part.set(x - x0, y - y0, bitmap.get(x, y));
        }
    }
    part
}

fn text_element(out: &mut String, text: &Text) {
    let anchor = match text.align {
        Align::Left => "start",
        Align::Center => "middle",
        Align::Right => "end",
    };
    let weight = if text.is_bold {
        " font-weight=\"600\""
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{anchor}\"{weight}{}>{}</text>",
        number(text.at.x),
        number(text.at.y),
        number(text.font_px),
        attributes(&Paint::fill(text.color)),
        escaped(&text.text)
    );
}

fn frame(rect: &Rect, radius: f64) -> String {
    let mut text = format!(
        " x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
        number(rect.x),
        number(rect.y),
        number(rect.width),
        number(rect.height)
    );
    if radius > 0.0 {
        let _ = write!(text, " rx=\"{}\"", number(radius));
    }
    text
}

fn attributes(paint: &Paint) -> String {
    let mut text = match paint.fill {
        Some(color) => format!(" fill=\"{}\"{}", opaque(color), opacity("fill", color)),
        None => " fill=\"none\"".to_owned(),
    };
    if let Some(Stroke { color, width, dash }) = paint.stroke {
        let _ = write!(
            text,
            " stroke=\"{}\"{} stroke-width=\"{}\" stroke-linejoin=\"round\"",
            opaque(color),
            opacity("stroke", color),
            number(width)
        );
        if let Some([on, off]) = dash {
            let _ = write!(text, " stroke-dasharray=\"{} {}\"", number(on), number(off));
        }
    }
    text
}

fn opaque(color: Color) -> String {
    Color {
        alpha: 1.0,
        ..color
    }
    .css()
}

fn opacity(of: &str, color: Color) -> String {
    if color.alpha >= 1.0 {
        String::new()
    } else {
        format!(" {of}-opacity=\"{}\"", number(color.alpha))
    }
}

fn path_data(points: &[Point], is_closed: bool) -> String {
    let mut d = String::with_capacity(points.len() * 12);
    for (i, &p) in points.iter().enumerate() {
        d.push(if i == 0 { 'M' } else { 'L' });
        d.push_str(&pair(p));
    }
    if is_closed {
        d.push('Z');
    }
    d
}

fn pair(p: Point) -> String {
    format!("{} {}", number(p.x), number(p.y))
}

/// At most three decimals, none that are 0.
fn number(v: f64) -> String {
    let rounded = (v * 1000.0).round() / 1000.0;
    // Adding 0 turns -0 into 0.
    format!("{}", rounded + 0.0)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::plot::kit::geometry::{point, size};

    #[test]
    fn every_shape_is_written() {
        let ink = Color::hex(0x14171c);
        let mut dot = Bitmap::new(2, 1);
        dot.set(0, 0, [1, 2, 3, 255]);
        dot.set(1, 0, [4, 5, 6, 255]);
        let scene = Scene {
            size: size(20.0, 10.0),
            shapes: vec![
                Shape::Rect {
                    rect: Rect::new(1.0, 2.0, 3.0, 4.0),
                    radius: 1.5,
                    paint: Paint::fill(ink.fade(0.5)).and_stroke(Stroke::dashed(
                        ink,
                        1.0,
                        [3.0, 2.0],
                    )),
                },
                Shape::Circle {
                    center: point(5.0, 5.0),
                    radius: 2.0,
                    paint: Paint::stroke(ink, 1.0),
                },
                Shape::Path {
                    points: vec![point(0.0, 0.0), point(1.23456, 2.0)],
                    is_closed: true,
                    paint: Paint::fill(ink),
                },
                Shape::Bezier {
                    points: [
                        point(0.0, 0.0),
                        point(1.0, 0.0),
                        point(1.0, 2.0),
                        point(2.0, 2.0),
                    ],
                    stroke: Stroke::solid(ink, 2.0),
                },
                Shape::Image {
                    bitmap: 0,
                    source: Rect::new(1.0, 0.0, 1.0, 1.0),
                    target: Rect::new(0.0, 0.0, 4.0, 4.0),
                    radius: 1.0,
                    is_smooth: false,
                },
                Shape::Text(Text {
                    at: point(3.0, 9.0),
                    text: "z < 0 & f′".into(),
                    font_px: 11.0,
                    is_bold: true,
                    align: Align::Center,
                    color: ink,
                }),
            ],
            bitmaps: vec![dot],
        };
        expect![[r##"
            <svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" viewBox="0 0 20 10" font-family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif" style="font-variant-numeric:tabular-nums">
            <rect width="20" height="10" fill="#ffffff"/>
            <rect x="1" y="2" width="3" height="4" rx="1.5" fill="#14171c" fill-opacity="0.5" stroke="#14171c" stroke-width="1" stroke-linejoin="round" stroke-dasharray="3 2"/>
            <circle cx="5" cy="5" r="2" fill="none" stroke="#14171c" stroke-width="1" stroke-linejoin="round"/>
            <path d="M0 0L1.235 2Z" fill="#14171c"/>
            <path d="M0 0C1 0 1 2 2 2" fill="none" stroke="#14171c" stroke-width="2" stroke-linejoin="round"/>
            <clipPath id="c4"><rect x="0" y="0" width="4" height="4" rx="1"/></clipPath>
            <image x="0" y="0" width="4" height="4" preserveAspectRatio="none" clip-path="url(#c4)" style="image-rendering:pixelated" href="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAEElEQVR4AQEFAPr/AAQFBv8BLwEP3fIo4QAAAABJRU5ErkJggg=="/>
            <text x="3" y="9" font-size="11" text-anchor="middle" font-weight="600" fill="#14171c">z &lt; 0 &amp; f′</text>
            </svg>
        "##]]
        .assert_eq(&svg(&scene, Some(Color::hex(0xffffff))));
    }
}
