//! Where everything on the layers' rows lies.

use actiscope_core::interop::trace::Row;
use actiscope_core::interop::trace::rows::MAX_OPEN_ROWS;

use super::RowsData;
use crate::plot::kit::geometry::{Point, Rect, point};
use crate::plot::kit::theme::Theme;

/// Tiles in a line.
pub const N_ACROSS: usize = 32;
const MAX_TILE_PX: f64 = 16.0;
const MIN_TILE_PX: f64 = 5.0;
const LINE_PX: f64 = 16.0;
const FOLDED_PX: f64 = 24.0;
const HISTOGRAM_PX: f64 = 48.0;
const GAP_PX: f64 = 12.0;

/// Widths of the columns, CSS pixels at scale 1.
struct Columns {
    name: f64,
    gap: f64,
    histogram: f64,
    dots: f64,
}

const WIDE: Columns = Columns {
    name: 72.0,
    gap: 11.0,
    histogram: 96.0,
    dots: 80.0,
};
const MIDDLE: Columns = Columns {
    name: 64.0,
    gap: 8.0,
    histogram: 72.0,
    dots: 62.0,
};
/// Names and tiles alone.
const NARROW: Columns = Columns {
    name: 62.0,
    gap: 8.0,
    histogram: 0.0,
    dots: 0.0,
};

impl Columns {
    /// The width of the tiles' column where the whole has this one.
    fn tiles(&self, width: f64) -> f64 {
        let n_gaps = if self.histogram > 0.0 { 5.0 } else { 1.0 };
        width - self.name - self.histogram - 3.0 * self.dots - n_gaps * self.gap
    }
}

/// One layer's row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowPlace {
    /// All of it.
    pub whole: Rect,
    /// Its tiles are not shown: a bar of shares stands in their place.
    pub is_folded: bool,
    pub name: Rect,
    /// As high as its tiles.
    pub tiles: Rect,
    pub histogram: Option<Rect>,
    /// z spread, gradient, update over weight.
    pub dots: Option<[Rect; 3]>,
}

/// CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsGeometry {
    pub tile_px: f64,
    /// Of the line of headings.
    pub head: Rect,
    pub rows: Vec<RowPlace>,
    pub height: f64,
}

/// Whether a layer's tiles are not shown.
pub fn is_folded(data: &RowsData, row: &Row) -> bool {
    data.rows.rows.len() > MAX_OPEN_ROWS && !data.unfolded.contains(&row.layer)
}

impl RowsGeometry {
    pub fn new(width: f64, theme: &Theme, data: &RowsData) -> Self {
        let s = theme.scale;
        let width = width / s;
        let tile_of = |columns: &Columns| (columns.tiles(width) / N_ACROSS as f64).floor();
        let columns = [WIDE, MIDDLE]
            .into_iter()
            .find(|columns| tile_of(columns) >= 7.0)
            .unwrap_or(NARROW);
        let tile_px = tile_of(&columns).clamp(MIN_TILE_PX, MAX_TILE_PX);
        let has_more = columns.histogram > 0.0;
        let tiles_x = columns.name + columns.gap;
        let more_x = tiles_x + N_ACROSS as f64 * tile_px + columns.gap;
        let head_height = if has_more { LINE_PX + 6.0 } else { 0.0 };
        let mut y = head_height;
        let scaled =
            |rect: Rect| Rect::new(rect.x * s, rect.y * s, rect.width * s, rect.height * s);
        let mut rows = Vec::with_capacity(data.rows.rows.len());
        for row in &data.rows.rows {
            let is_folded = is_folded(data, row);
            let tiles_height = row.tiles.len().div_ceil(N_ACROSS) as f64 * tile_px;
            let n_lines = super::name_lines(data, row).len();
            let height = match is_folded {
                true => FOLDED_PX,
                false => {
                    let histogram = if has_more && !row.is_output {
                        HISTOGRAM_PX
                    } else {
                        0.0
                    };
                    tiles_height
                        .max(LINE_PX * n_lines as f64)
                        .max(histogram)
                        .max(if has_more { 32.0 } else { 0.0 })
                }
            };
            let middle = |inner: f64| y + (height - inner) / 2.0;
            let tiles_height = if is_folded { FOLDED_PX } else { tiles_height };
            let histogram_height = if is_folded { 16.0 } else { height.min(72.0) };
            let tiles = Rect::new(
                tiles_x,
                middle(tiles_height),
                N_ACROSS as f64 * tile_px,
                tiles_height,
            );
            let dots = [0.0, 1.0, 2.0].map(|column| {
                let x = more_x
                    + columns.histogram
                    + columns.gap
                    + column * (columns.dots + columns.gap);
                scaled(Rect::new(x, y, columns.dots, height))
            });
            let histogram = Rect::new(
                more_x,
                middle(histogram_height),
                columns.histogram,
                histogram_height,
            );
            rows.push(RowPlace {
                whole: scaled(Rect::new(0.0, y, width, height)),
                is_folded,
                name: scaled(Rect::new(0.0, y, columns.name, height)),
                tiles: scaled(tiles),
                histogram: (has_more && !row.is_output).then(|| scaled(histogram)),
                dots: has_more.then_some(dots),
            });
            y += height + if is_folded { 0.0 } else { GAP_PX };
        }
        Self {
            tile_px: tile_px * s,
            head: scaled(Rect::new(0.0, 0.0, width, head_height)),
            rows,
            height: (y * s).ceil(),
        }
    }

    /// The square of a tile.
    pub fn tile(&self, row: usize, tile: usize) -> Option<Rect> {
        let place = self.rows.get(row).filter(|place| !place.is_folded)?;
        let (down, across) = (tile / N_ACROSS, tile % N_ACROSS);
        let at = point(
            place.tiles.x + across as f64 * self.tile_px,
            place.tiles.y + down as f64 * self.tile_px,
        );
        Some(Rect::new(at.x, at.y, self.tile_px, self.tile_px))
    }

    /// The tile of a row under a pointer; it may be beyond the last one.
    pub fn tile_at(&self, row: usize, px: Point) -> Option<usize> {
        let place = self.rows.get(row).filter(|place| !place.is_folded)?;
        let inside = place.tiles.contains(px);
        let across = ((px.x - place.tiles.x) / self.tile_px) as usize;
        let down = ((px.y - place.tiles.y) / self.tile_px) as usize;
        inside.then(|| down * N_ACROSS + across.min(N_ACROSS - 1))
    }
}
