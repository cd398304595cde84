//! Text in a picture: a font of whole pixels.

use std::convert::Infallible;

use actiscope_core::color::Color;
use embedded_graphics::geometry::OriginDimensions;
use embedded_graphics::mono_font::MonoTextStyle;
use embedded_graphics::mono_font::ascii::{FONT_9X15, FONT_9X18_BOLD};
use embedded_graphics::pixelcolor::Rgb888;
use embedded_graphics::prelude::{DrawTarget, Drawable, Pixel, Point, Size};
use embedded_graphics::text::{Alignment, Baseline, Text, TextStyleBuilder};

use super::picture::Picture;

pub use embedded_graphics::text::Alignment as Align;

/// Height of a line, in pixels.
pub const LINE: i32 = 18;

impl Picture {
    /// A line of text: `x` is its left end, middle or right end, `y` the middle of its height.
    pub fn text(&mut self, (x, y): (i32, i32), align: Alignment, text: &str, color: Color) {
        self.write(
            (x, y),
            align,
            text,
            MonoTextStyle::new(&FONT_9X15, rgb(color)),
        );
    }

    /// The same in bold.
    pub fn title(&mut self, (x, y): (i32, i32), text: &str, color: Color) {
        let style = MonoTextStyle::new(&FONT_9X18_BOLD, rgb(color));
        self.write((x, y), Alignment::Left, text, style);
    }

    fn write(
        &mut self,
        (x, y): (i32, i32),
        align: Alignment,
        text: &str,
        style: MonoTextStyle<'_, Rgb888>,
    ) {
        let plain = text.replace('\u{2212}', "-");
        let place = TextStyleBuilder::new()
            .alignment(align)
            .baseline(Baseline::Middle)
            .build();
        let text = Text::with_text_style(&plain, Point::new(x, y), style, place);
        // Nothing can go wrong in memory of one's own.
        let Ok(_) = text.draw(self);
    }
}

fn rgb(color: Color) -> Rgb888 {
    Rgb888::new(color.r, color.g, color.b)
}

impl OriginDimensions for Picture {
    fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }
}

impl DrawTarget for Picture {
    type Color = Rgb888;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Rgb888>>>(
        &mut self,
        pixels: I,
    ) -> Result<(), Infallible> {
        use embedded_graphics::pixelcolor::RgbColor;
        for Pixel(point, color) in pixels {
            let color = Color {
                r: color.r(),
                g: color.g(),
                b: color.b(),
                alpha: 1.0,
            };
            self.set(point.x, point.y, color);
        }
        Ok(())
    }
}
