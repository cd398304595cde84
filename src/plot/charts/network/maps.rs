//! Response maps of units as one bitmap: a browser uploads one large image faster than many small.

use crate::plot::kit::color::Diverging;
use crate::plot::kit::geometry::Rect;
use crate::plot::kit::scene::Bitmap;

/// Maps side by side. Each has a border of its own outermost pixels, so that smoothing does not mix
/// neighbours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapAtlas {
    pub bitmap: Bitmap,
    cells: usize,
    n_columns: usize,
}

const MAX_COLUMNS: usize = 32;
const BORDER: usize = 1;

impl MapAtlas {
    /// `maps`: `[n_maps, cells, cells]` of -127..=127, top row first.
    pub fn new(maps: &[i8], cells: usize, colors: &Diverging) -> Self {
        if cells == 0 || maps.len() < cells * cells {
            return Self::default();
        }
        let n_maps = maps.len() / (cells * cells);
        let n_columns = n_maps.min(MAX_COLUMNS);
        let side = cells + 2 * BORDER;
        let mut bitmap = Bitmap::new(n_columns * side, n_maps.div_ceil(n_columns) * side);
        let table = colors.table();
        for (i, map) in maps.chunks_exact(cells * cells).enumerate() {
            let (left, top) = (i % n_columns * side, i / n_columns * side);
            for y in 0..side {
                for x in 0..side {
                    let inner = |v: usize| v.saturating_sub(BORDER).min(cells - 1);
                    let value = map[inner(y) * cells + inner(x)];
                    // -128 is not a value of the protocol; it is shown as -127.
                    let color = table[(i32::from(value).max(-127) + 127) as usize];
                    bitmap.set(left + x, top + y, color);
                }
            }
        }
        Self {
            bitmap,
            cells,
            n_columns,
        }
    }

    /// The part of the bitmap that shows map `i`.
    pub fn source(&self, i: usize) -> Rect {
        let side = self.cells + 2 * BORDER;
        let columns = self.n_columns.max(1);
        Rect::new(
            (i % columns * side + BORDER) as f64,
            (i / columns * side + BORDER) as f64,
            self.cells as f64,
            self.cells as f64,
        )
    }

    pub fn is_empty(&self) -> bool {
        self.cells == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::kit::color::Color;

    const COLORS: Diverging = Diverging {
        low: Color::hex(0x0000ff),
        middle: Color::hex(0xffffff),
        high: Color::hex(0xff0000),
    };

    #[test]
    fn maps_are_where_the_atlas_says_and_have_borders() {
        let maps: Vec<i8> = vec![-127, 0, 127, 0, 127, 127, 127, 127];
        let atlas = MapAtlas::new(&maps, 2, &COLORS);
        assert_eq!((atlas.bitmap.width, atlas.bitmap.height), (8, 4));
        let first = atlas.source(0);
        assert_eq!(first, Rect::new(1.0, 1.0, 2.0, 2.0));
        assert_eq!(atlas.bitmap.get(1, 1), [0, 0, 255, 255]);
        assert_eq!(atlas.bitmap.get(0, 0), [0, 0, 255, 255], "border");
        assert_eq!(atlas.bitmap.get(2, 1), [255, 255, 255, 255]);
        assert_eq!(atlas.bitmap.get(1, 2), [255, 0, 0, 255]);
        let second = atlas.source(1);
        assert_eq!((second.x, second.y), (5.0, 1.0));
        assert_eq!(atlas.bitmap.get(4, 3), [255, 0, 0, 255], "border");
    }

    #[test]
    fn many_maps_take_several_rows() {
        let atlas = MapAtlas::new(&vec![0; 100 * 9], 3, &COLORS);
        assert_eq!((atlas.bitmap.width, atlas.bitmap.height), (32 * 5, 4 * 5));
        assert_eq!(atlas.source(33), Rect::new(6.0, 6.0, 3.0, 3.0));
        assert!(MapAtlas::new(&[], 12, &COLORS).is_empty());
        assert!(MapAtlas::new(&[1, 2, 3], 2, &COLORS).is_empty());
    }
}
