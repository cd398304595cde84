//! The cells, as one image of the field's own pixels.

use super::{Chart, Tint, color_at, nothing};
use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::Rect;
use crate::plot::kit::scene::{Bitmap, Shape};
use crate::plot::kit::theme::Theme;

/// Every so many pixels a diagonal line, where networks diverged.
const HATCH_PX: usize = 6;

impl Chart<'_> {
    pub(super) fn field(&mut self) {
        let (g, data) = (self.g, self.data);
        let (width, height) = (g.field.width as usize, g.field.height as usize);
        if width == 0 || height == 0 {
            return;
        }
        let mut bitmap = Bitmap::new(width, height);
        let colors = Colors::new(self.theme);
        for iy in 0..data.map.y.n {
            let (low, high) = g.y.edges(iy);
            let rows = (high - g.field.y) as usize..(low - g.field.y) as usize;
            for ix in 0..data.map.x.n {
                let (left, right) = g.x.edges(ix);
                let columns = (left - g.field.x) as usize..(right - g.field.x) as usize;
                let color = match data.tint((ix, iy)) {
                    Tint::Unknown => continue,
                    Tint::Diverged => {
                        hatch(&mut bitmap, rows.clone(), columns, &colors);
                        continue;
                    }
                    Tint::Nothing => colors.nothing,
                    Tint::At(place) => colors.scale[(255.0 * place).round() as usize],
                };
                for y in rows.clone() {
                    let at = 4 * (y * width + columns.start);
                    let row = &mut bitmap.rgba[at..at + 4 * columns.len()];
                    row.as_chunks_mut().0.fill(color);
                }
            }
        }
        let source = Rect::new(0.0, 0.0, width as f64, height as f64);
        self.sketch.scene.bitmaps.push(bitmap);
        self.sketch.scene.shapes.push(Shape::Image {
            bitmap: self.sketch.scene.bitmaps.len() - 1,
            source,
            target: g.field,
            radius: 0.0,
            is_smooth: false,
        });
        if data.is_old {
            self.sketch.fill(g.field, 0.0, self.theme.bg.fade(0.6));
        }
        if data.map.counts().0 == 0 {
            self.empty_grid();
        }
    }

    /// Every eighth edge, as long as nothing is known.
    fn empty_grid(&mut self) {
        let (g, t) = (self.g, self.theme);
        for ix in (0..=self.data.map.x.n).step_by(8) {
            let x = match ix {
                0 => g.field.x,
                _ => g.x.edges(ix - 1).1,
            };
            self.sketch
                .hairline_v(x, (g.field.y, g.field.bottom()), t.line2);
        }
        for iy in (0..=self.data.map.y.n).step_by(8) {
            let y = match iy {
                0 => g.field.bottom(),
                _ => g.y.edges(iy - 1).1,
            };
            self.sketch
                .hairline_h((g.field.x, g.field.right()), y, t.line2);
        }
    }
}

/// Bytes of pixels.
struct Colors {
    scale: Vec<[u8; 4]>,
    nothing: [u8; 4],
    paper: [u8; 4],
    line: [u8; 4],
}

impl Colors {
    fn new(theme: &Theme) -> Self {
        let bytes = |color: Color| [color.r, color.g, color.b, 255];
        let scale = (0..=255).map(|i| bytes(color_at(f64::from(i) / 255.0, theme)));
        Self {
            scale: scale.collect(),
            nothing: bytes(nothing(theme)),
            paper: bytes(theme.bg),
            line: bytes(theme.ink3.fade(0.6).over(theme.bg)),
        }
    }
}

fn hatch(
    bitmap: &mut Bitmap,
    rows: std::ops::Range<usize>,
    columns: std::ops::Range<usize>,
    colors: &Colors,
) {
    for y in rows {
        for x in columns.clone() {
            let is_line = (x + y).is_multiple_of(HATCH_PX);
            bitmap.set(x, y, if is_line { colors.line } else { colors.paper });
        }
    }
}
