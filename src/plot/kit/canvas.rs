//! Paints a [`Scene`] on a canvas of the page.

use std::cell::RefCell;

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Rect, Size};
use crate::plot::kit::record::{Drawn, Recorder, record};
use crate::plot::kit::scene::{Align, Bitmap, Paint, Scene, Shape, Stroke, Text};
use crate::plot::kit::svg::FONT_FAMILY;

/// A canvas that could not be painted, and why.
#[derive(Debug, thiserror::Error)]
#[error("the canvas cannot be painted: {0}; reload the page or try another browser")]
pub struct CanvasError(String);

impl From<JsValue> for CanvasError {
    fn from(value: JsValue) -> Self {
        Self(format!("{value:?}"))
    }
}

/// Lets plotters draw on `area`, then shows it: [`record`] and [`paint`] in one.
///
/// # Errors
/// If the browser gives no 2D context or no memory for it.
pub fn with_canvas(
    canvas: &HtmlCanvasElement,
    css_size: Size,
    device_pixel_ratio: f64,
    draw: impl for<'a> FnOnce(&DrawingArea<Recorder<'a>, Shift>) -> Drawn<Recorder<'a>>,
) -> Result<(), CanvasError> {
    paint(canvas, &record(css_size, draw), device_pixel_ratio)
}

/// Replaces what the canvas shows. The canvas gets as many pixels as the screen has for the scene's
/// size; the style sheet gives it that size on the page.
///
/// # Errors
/// If the browser gives no 2D context or no memory for it.
pub fn paint(
    canvas: &HtmlCanvasElement,
    scene: &Scene,
    device_pixel_ratio: f64,
) -> Result<(), CanvasError> {
    let pixels = |css: f64| (css * device_pixel_ratio).round().max(1.0) as u32;
    let (width, height) = (pixels(scene.size.width), pixels(scene.size.height));
    // Setting a size clears the canvas and gives its memory back, so only when it changed.
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let context = context_of(canvas)?;
    context.reset_transform()?;
    context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
    context.scale(
        f64::from(width) / scene.size.width.max(1.0),
        f64::from(height) / scene.size.height.max(1.0),
    )?;
    context.set_line_join("round");
    let mut brush = Brush::new(&context);
    let sheets = SheetStack::of(&scene.bitmaps)?;
    for shape in &scene.shapes {
        brush.shape(shape, &sheets)?;
    }
    Ok(())
}

fn context_of(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, CanvasError> {
    canvas
        .get_context("2d")?
        .and_then(|object| object.dyn_into().ok())
        .ok_or_else(|| CanvasError("no 2D context".into()))
}

thread_local! {
    /// Canvases off the page that hold bitmaps while a scene is painted, kept for the next.
    static SHEETS: RefCell<Vec<HtmlCanvasElement>> = const { RefCell::new(Vec::new()) };
}

/// The oldest are given back: panels change their size.
const MAX_SHEETS: usize = 12;

/// The bitmaps of a scene as canvases, in the same order.
struct SheetStack(Vec<HtmlCanvasElement>);

impl SheetStack {
    fn of(bitmaps: &[Bitmap]) -> Result<Self, CanvasError> {
        let mut stack = Self(Vec::with_capacity(bitmaps.len()));
        for bitmap in bitmaps {
            // One of the same size, for another size means other memory.
            let fits = |sheet: &HtmlCanvasElement| {
                (sheet.width() as usize, sheet.height() as usize) == (bitmap.width, bitmap.height)
            };
            let kept = SHEETS.with_borrow_mut(|kept| {
                let at = kept.iter().position(fits)?;
                Some(kept.swap_remove(at))
            });
            let sheet = match kept {
                Some(sheet) => sheet,
                None => new_sheet()?,
            };
            fill_sheet(&sheet, bitmap)?;
            stack.0.push(sheet);
        }
        Ok(stack)
    }
}

impl Drop for SheetStack {
    fn drop(&mut self) {
        SHEETS.with_borrow_mut(|kept| {
            kept.append(&mut self.0);
            let n_over = kept.len().saturating_sub(MAX_SHEETS);
            kept.drain(..n_over);
        });
    }
}

fn new_sheet() -> Result<HtmlCanvasElement, CanvasError> {
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(|| CanvasError("there is no document".into()))?;
    document
        .create_element("canvas")?
        .dyn_into()
        .map_err(|_| CanvasError("the document makes no canvas".into()))
}

fn fill_sheet(sheet: &HtmlCanvasElement, bitmap: &Bitmap) -> Result<(), CanvasError> {
    if bitmap.rgba.is_empty() {
        return Ok(());
    }
    let (width, height) = (bitmap.width as u32, bitmap.height as u32);
    if sheet.width() != width || sheet.height() != height {
        sheet.set_width(width);
        sheet.set_height(height);
    }
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&bitmap.rgba), width, height)?;
    context_of(sheet)?.put_image_data(&data, 0.0, 0.0)?;
    Ok(())
}

/// Remembers what the context is set to: setting a colour or font costs more than many shapes.
struct Brush<'a> {
    context: &'a CanvasRenderingContext2d,
    fill: Option<Color>,
    stroke: Option<Stroke>,
    font: Option<(f64, bool)>,
    align: Option<Align>,
}

impl<'a> Brush<'a> {
    fn new(context: &'a CanvasRenderingContext2d) -> Self {
        Self {
            context,
            fill: None,
            stroke: None,
            font: None,
            align: None,
        }
    }

    fn shape(&mut self, shape: &Shape, sheets: &SheetStack) -> Result<(), CanvasError> {
        let c = self.context;
        match shape {
            Shape::Rect {
                rect,
                radius,
                paint,
            } if *radius == 0.0 => {
                let Rect {
                    x,
                    y,
                    width,
                    height,
                } = *rect;
                if let Some(color) = paint.fill {
                    self.set_fill(color);
                    c.fill_rect(x, y, width, height);
                }
                if let Some(stroke) = paint.stroke {
                    self.set_stroke(stroke)?;
                    c.stroke_rect(x, y, width, height);
                }
            }
            Shape::Rect {
                rect,
                radius,
                paint,
            } => {
                c.begin_path();
                round_rect(c, rect, *radius)?;
                self.finish(paint)?;
            }
            Shape::Circle {
                center,
                radius,
                paint,
            } => {
                c.begin_path();
                c.arc(center.x, center.y, *radius, 0.0, 2.0 * std::f64::consts::PI)?;
                self.finish(paint)?;
            }
            Shape::Path {
                points,
                is_closed,
                paint,
            } => {
                c.begin_path();
                for p in points {
                    // The first line_to of a path moves.
                    c.line_to(p.x, p.y);
                }
                if *is_closed {
                    c.close_path();
                }
                self.finish(paint)?;
            }
            Shape::Bezier {
                points: [from, a, b, to],
                stroke,
            } => {
                c.begin_path();
                c.move_to(from.x, from.y);
                c.bezier_curve_to(a.x, a.y, b.x, b.y, to.x, to.y);
                self.set_stroke(*stroke)?;
                c.stroke();
            }
            Shape::Image {
                bitmap,
                source,
                target,
                radius,
                is_smooth,
            } => {
                let Some(sheet) = sheets.0.get(*bitmap) else {
                    return Ok(());
                };
                c.set_image_smoothing_enabled(*is_smooth);
                if *radius > 0.0 {
                    c.save();
                    c.begin_path();
                    round_rect(c, target, *radius)?;
                    c.clip();
                }
                c.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    sheet,
                    source.x,
                    source.y,
                    source.width,
                    source.height,
                    target.x,
                    target.y,
                    target.width,
                    target.height,
                )?;
                if *radius > 0.0 {
                    c.restore();
                }
            }
            Shape::Text(text) => self.text(text)?,
        }
        Ok(())
    }

    fn finish(&mut self, paint: &Paint) -> Result<(), CanvasError> {
        if let Some(color) = paint.fill {
            self.set_fill(color);
            self.context.fill();
        }
        if let Some(stroke) = paint.stroke {
            self.set_stroke(stroke)?;
            self.context.stroke();
        }
        Ok(())
    }

    fn text(&mut self, text: &Text) -> Result<(), CanvasError> {
        let font = (text.font_px, text.is_bold);
        if self.font != Some(font) {
            self.font = Some(font);
            let weight = if text.is_bold { 600 } else { 400 };
            self.context
                .set_font(&format!("{weight} {}px {FONT_FAMILY}", text.font_px));
        }
        if self.align != Some(text.align) {
            self.align = Some(text.align);
            self.context.set_text_align(match text.align {
                Align::Left => "left",
                Align::Center => "center",
                Align::Right => "right",
            });
        }
        self.set_fill(text.color);
        self.context.fill_text(&text.text, text.at.x, text.at.y)?;
        Ok(())
    }

    fn set_fill(&mut self, color: Color) {
        if self.fill != Some(color) {
            self.fill = Some(color);
            self.context.set_fill_style_str(&color.css());
        }
    }

    fn set_stroke(&mut self, stroke: Stroke) -> Result<(), CanvasError> {
        if self.stroke == Some(stroke) {
            return Ok(());
        }
        let is_dash_new = self.stroke.is_none_or(|old| old.dash != stroke.dash);
        self.stroke = Some(stroke);
        self.context.set_stroke_style_str(&stroke.color.css());
        self.context.set_line_width(stroke.width);
        if is_dash_new {
            let lengths = js_sys::Array::new();
            for length in stroke.dash.iter().flatten() {
                lengths.push(&JsValue::from_f64(*length));
            }
            self.context.set_line_dash(&lengths)?;
        }
        Ok(())
    }
}

fn round_rect(
    context: &CanvasRenderingContext2d,
    rect: &Rect,
    radius: f64,
) -> Result<(), CanvasError> {
    let r = radius.min(rect.width / 2.0).min(rect.height / 2.0);
    let (left, top, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    context.move_to(left + r, top);
    context.arc_to(right, top, right, bottom, r)?;
    context.arc_to(right, bottom, left, bottom, r)?;
    context.arc_to(left, bottom, left, top, r)?;
    context.arc_to(left, top, right, top, r)?;
    context.close_path();
    Ok(())
}
