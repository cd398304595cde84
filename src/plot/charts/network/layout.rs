//! Where every unit of a network lies: as large as the panel allows, in one column a layer where that
//! leaves tiles large enough to read, in several where it does not.

use actiscope_core::protocol::{ParamAt, UnitParam};

use super::fit::Fit;
use crate::plot::kit::geometry::{Point, Rect, Size, point};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;

/// What is drawn: inputs, hidden layers, outputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkShape {
    pub n_inputs: usize,
    /// Units of each hidden layer.
    pub hidden: Vec<usize>,
    pub n_outputs: usize,
}

/// A hidden unit. Counts from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitAt {
    pub layer: usize,
    pub unit: usize,
}

/// How much a tile shows. Where there are many units it is less, and one sees that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// A mark in the colour and shape of the unit's health.
    Cell,
    /// Outline and cross, no response map.
    Glyph,
    /// The unit's response over the input plane, outline, cross.
    Map,
}

/// CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkLayout {
    /// Side of a tile.
    pub tile_px: f64,
    /// Air between tiles of a layer.
    pub gap_px: f64,
    pub detail: Detail,
    pub layers: Vec<LayerLayout>,
    /// Where edges leave the inputs.
    pub inputs: Vec<Point>,
    /// There is room for `x₁` beside each input.
    pub has_input_names: bool,
    /// Middles of the outputs.
    pub outputs: Vec<Point>,
    pub output_radius: f64,
    /// Lines of text above and below the tiles.
    pub name_y: f64,
    pub health_y: f64,
    /// From the middle of a layer to the middle of the next.
    pub pitch_px: f64,
}

/// One hidden layer: columns of tiles, filled from top to bottom and from left to right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerLayout {
    pub n_units: usize,
    /// Tiles above each other.
    pub n_rows: usize,
    /// Around all tiles.
    pub frame: Rect,
}

/// From this size on a response map can be read.
pub(super) const MAP_FROM_PX: f64 = 14.0;
const GLYPH_FROM_PX: f64 = 6.0;
/// Layers nearer than this have no lines between them.
const EDGES_FROM_PX: f64 = 10.0;
/// More units than this are not painted in that detail: it would take longer than a frame.
const EDGES_MAX_UNITS: usize = 2_000;
const MAP_MAX_UNITS: usize = 800;
const GLYPH_MAX_UNITS: usize = 1_500;

impl NetworkLayout {
    pub fn new(size: Size, theme: &Theme, shape: &NetworkShape) -> Self {
        let scale = theme.scale;
        let line = 1.5 * theme.tick_px();
        let has_lines = size.height > 8.0 * line;
        let margin = if has_lines { line } else { 2.0 };
        // Rings of selection and focus need room at the edges.
        let room = Rect::new(
            0.0,
            margin,
            size.width,
            (size.height - 2.0 * margin).max(1.0),
        );
        let room = Rect::new(
            room.x,
            room.y + 4.0,
            room.width,
            (room.height - 8.0).max(1.0),
        );

        let input_pitch = (room.height / shape.n_inputs.max(1) as f64).min(40.0 * scale);
        let has_input_names = input_pitch >= 1.25 * theme.label_px();
        let input_width = if has_input_names {
            text::width("x₆₄", theme.label_px(), false) + 4.0
        } else {
            8.0
        };
        let output_pitch = (room.height / shape.n_outputs.max(1) as f64).min(28.0 * scale);
        let output_radius = (0.4 * output_pitch).clamp(1.0, 7.0 * scale);
        let output_width = 2.0 * output_radius + 4.0;
        let width = (room.width - input_width - output_width).max(1.0);

        let fit = Fit::find(&shape.hidden, width, room.height, scale);
        let n_gaps = shape.hidden.len() + 1;
        let layer_gap = ((width - fit.tiles_width(&shape.hidden)) / n_gaps as f64).max(0.0);
        let center_y = room.center().y;
        let mut x = room.x + input_width;
        let layers: Vec<LayerLayout> = shape
            .hidden
            .iter()
            .map(|&n_units| {
                x += layer_gap;
                let n_columns = fit.n_columns(n_units);
                let n_rows = n_units.div_ceil(n_columns.max(1)).max(1);
                let height = fit.extent(n_rows.min(n_units.max(1)));
                let frame = Rect::new(x, center_y - height / 2.0, fit.extent(n_columns), height);
                x += frame.width;
                LayerLayout {
                    n_units,
                    n_rows,
                    frame,
                }
            })
            .collect();
        let stack = |n: usize, pitch: f64, x: f64| -> Vec<Point> {
            (0..n)
                .map(|i| {
                    let offset = i as f64 - (n as f64 - 1.0) / 2.0;
                    point(x, center_y + offset * pitch)
                })
                .collect()
        };
        let centers: Vec<f64> = layers.iter().map(|l| l.frame.center().x).collect();
        let pitch_px = centers
            .windows(2)
            .map(|w| w[1] - w[0])
            .fold(width, f64::min);
        Self {
            tile_px: fit.tile,
            gap_px: fit.gap,
            detail: match (fit.tile, shape.hidden.iter().sum()) {
                (s, 0..=MAP_MAX_UNITS) if s >= MAP_FROM_PX => Detail::Map,
                (s, 0..=GLYPH_MAX_UNITS) if s >= GLYPH_FROM_PX => Detail::Glyph,
                _ => Detail::Cell,
            },
            inputs: stack(shape.n_inputs, input_pitch, room.x + input_width),
            has_input_names,
            outputs: stack(
                shape.n_outputs,
                output_pitch,
                room.right() - output_width / 2.0,
            ),
            output_radius,
            name_y: if has_lines { 0.5 * line } else { f64::NAN },
            health_y: if has_lines {
                size.height - 0.5 * line
            } else {
                f64::NAN
            },
            pitch_px,
            layers,
        }
    }

    /// `None` for a unit that the network does not have.
    pub fn tile(&self, at: UnitAt) -> Option<Rect> {
        let layer = self.layers.get(at.layer)?;
        if at.unit >= layer.n_units {
            return None;
        }
        let pitch = self.tile_px + self.gap_px;
        let (column, row) = (at.unit / layer.n_rows, at.unit % layer.n_rows);
        Some(Rect::new(
            layer.frame.x + column as f64 * pitch,
            layer.frame.y + row as f64 * pitch,
            self.tile_px,
            self.tile_px,
        ))
    }

    /// Every hidden unit with its tile, layer by layer.
    pub fn tiles(&self) -> impl Iterator<Item = (UnitAt, Rect)> + '_ {
        self.layers.iter().enumerate().flat_map(move |(layer, l)| {
            (0..l.n_units).filter_map(move |unit| {
                let at = UnitAt { layer, unit };
                Some((at, self.tile(at)?))
            })
        })
    }

    /// The unit under a pointer: in a tile, or the nearest where tiles are smaller than a fingertip.
    pub fn unit_at(&self, px: Point) -> Option<UnitAt> {
        const FINGERTIP_PX: f64 = 24.0;
        let reach = ((FINGERTIP_PX - self.tile_px) / 2.0).max(self.gap_px / 2.0);
        let distance = |tile: &Rect| {
            let dx = (tile.x - px.x).max(px.x - tile.right()).max(0.0);
            let dy = (tile.y - px.y).max(px.y - tile.bottom()).max(0.0);
            dx.max(dy)
        };
        self.layers
            .iter()
            .enumerate()
            .filter(|(_, layer)| distance(&layer.frame) <= reach)
            .flat_map(|(layer, l)| (0..l.n_units).map(move |unit| UnitAt { layer, unit }))
            .filter_map(|at| Some((at, distance(&self.tile(at)?))))
            .filter(|(_, d)| *d <= reach)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(at, _)| at)
    }

    /// Where the line of a weight begins and ends: that from a unit of the layer before `layer` (or an input) to one of it (or an
    /// output). `None` for a weight that the network does not have.
    pub fn edge_ends(&self, layer: usize, from: usize, to: usize) -> Option<(Point, Point)> {
        let start = match layer.checked_sub(1) {
            None => *self.inputs.get(from)?,
            Some(layer) => {
                let tile = self.tile(UnitAt { layer, unit: from })?;
                point(tile.right(), tile.center().y)
            }
        };
        let end = if layer < self.layers.len() {
            let tile = self.tile(UnitAt { layer, unit: to })?;
            point(tile.x, tile.center().y)
        } else {
            let center = self.outputs.get(to)?;
            point(center.x - self.output_radius, center.y)
        };
        Some((start, end))
    }

    /// The weight whose line, or the output whose bias, is under a pointer: the nearest of several. Between layers with more
    /// weights than `max_weights` none is looked for.
    pub fn param_at(&self, px: Point, max_weights: usize) -> Option<ParamAt> {
        const REACH_PX: f64 = 6.0;
        let n_units = |layer: usize| match self.layers.get(layer) {
            Some(layer) => layer.n_units,
            None => self.outputs.len(),
        };
        let outputs = self.outputs.iter().enumerate().map(|(unit, center)| {
            let distance = (center.x - px.x).hypot(center.y - px.y) - self.output_radius;
            let layer = self.layers.len();
            let part = UnitParam::Bias;
            (ParamAt { layer, unit, part }, distance.max(0.0))
        });
        let layers = (0..=self.layers.len()).filter(|&layer| self.has_edges_at(layer));
        let weights = layers.flat_map(|layer| {
            let n_in = match layer {
                0 => self.inputs.len(),
                _ => n_units(layer - 1),
            };
            let n_out = match n_in * n_units(layer) <= max_weights {
                true => n_units(layer),
                false => 0,
            };
            let pairs = (0..n_out).flat_map(move |to| (0..n_in).map(move |from| (from, to)));
            pairs.filter_map(move |(from, to)| {
                let ends = self.edge_ends(layer, from, to)?;
                let at = ParamAt {
                    layer,
                    unit: to,
                    part: UnitParam::Weight(from),
                };
                Some((at, distance_to_edge(px, ends)?))
            })
        });
        outputs
            .chain(weights)
            .filter(|(_, distance)| *distance <= REACH_PX)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(at, _)| at)
    }

    /// Whether lines are drawn between layer `gap - 1` and `gap` (the inputs are before the first, the
    /// outputs after the last).
    pub fn has_edges_at(&self, gap: usize) -> bool {
        let right_of = match gap.checked_sub(1).and_then(|layer| self.layers.get(layer)) {
            Some(layer) => layer.frame.right(),
            None => self.inputs.first().map_or(0.0, |p| p.x),
        };
        let left_of = match self.layers.get(gap) {
            Some(layer) => layer.frame.x,
            None => self.outputs.first().map_or(0.0, |p| p.x),
        };
        let n_units: usize = self.layers.iter().map(|l| l.n_units).sum();
        n_units <= EDGES_MAX_UNITS && left_of - right_of >= EDGES_FROM_PX
    }

    /// False where no weight is drawn, so that none need be asked for.
    pub fn has_edges(&self) -> bool {
        (0..=self.layers.len()).any(|gap| self.has_edges_at(gap))
    }

    /// Thickness of lines beside small tiles, as a part of that beside large ones.
    pub fn edge_scale(&self) -> f64 {
        (self.tile_px / 30.0).clamp(0.35, 1.0)
    }

    /// How many cells a side of a response map are worth asking for; 0 where none would be seen.
    pub fn map_cells(&self, device_pixel_ratio: f64) -> usize {
        /// A snapshot must stay small.
        const MAX_CELLS: usize = 250_000;
        if self.detail < Detail::Map {
            return 0;
        }
        let n_units: usize = self.layers.iter().map(|l| l.n_units).sum();
        let wanted = self.tile_px * device_pixel_ratio / 2.0;
        [24, 20, 16, 12, 8]
            .into_iter()
            .find(|&cells| cells as f64 <= wanted && cells * cells * n_units <= MAX_CELLS)
            .unwrap_or(8)
    }
}

/// The line that is drawn between two ends leaves and arrives level.
pub(super) fn edge_curve((from, to): (Point, Point)) -> [Point; 4] {
    let middle = (from.x + to.x) / 2.0;
    [from, point(middle, from.y), point(middle, to.y), to]
}

/// How far above or below the line a point lies; `None` beside its ends. Both coordinates are cubics of one parameter, and
/// x only rises.
fn distance_to_edge(px: Point, ends: (Point, Point)) -> Option<f64> {
    let curve = edge_curve(ends);
    if !(ends.0.x..=ends.1.x).contains(&px.x) {
        return None;
    }
    let at = |t: f64, of: fn(&Point) -> f64| {
        let s = 1.0 - t;
        let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
        weights
            .iter()
            .zip(&curve)
            .map(|(w, p)| w * of(p))
            .sum::<f64>()
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..24 {
        let middle = (low + high) / 2.0;
        match at(middle, |p| p.x) < px.x {
            true => low = middle,
            false => high = middle,
        }
    }
    Some((at(low, |p| p.y) - px.y).abs())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plot::kit::geometry::size;

    fn layout(width: f64, height: f64, scale: f64, shape: &NetworkShape) -> NetworkLayout {
        NetworkLayout::new(size(width, height), &Theme::LIGHT.at_scale(scale), shape)
    }

    fn check_layout(width: f64, height: f64, scale: f64, shape: &NetworkShape) {
        let l = layout(width, height, scale, shape);
        let panel = Rect::new(0.0, 0.0, width, height);
        let tiles: Vec<(UnitAt, Rect)> = l.tiles().collect();
        assert_eq!(tiles.len(), shape.hidden.iter().sum::<usize>());
        for (at, tile) in &tiles {
            assert!(panel.encloses(tile), "{at:?} {tile:?} {shape:?}");
            let frame = l.layers[at.layer].frame;
            assert!(frame.encloses(tile), "{at:?} {tile:?} {frame:?}");
        }
        // Within a layer neighbours in a column and in a row are what could overlap.
        for (i, (a, tile)) in tiles.iter().enumerate() {
            for next in [i + 1, i + l.layers[a.layer].n_rows] {
                if let Some((b, other)) = tiles.get(next) {
                    assert!(!tile.overlaps(other), "{a:?} {b:?} {shape:?}");
                }
            }
        }
        let frames: Vec<Rect> = l.layers.iter().map(|layer| layer.frame).collect();
        assert!(frames.windows(2).all(|w| w[0].right() < w[1].x));
        for p in l.inputs.iter().chain(&l.outputs) {
            assert!(panel.contains(*p), "{p:?}");
        }
        if let (Some(first), Some(last)) = (frames.first(), frames.last()) {
            assert!(l.inputs.iter().all(|p| p.x <= first.x));
            assert!(l.outputs.iter().all(|p| p.x >= last.right()));
        }
    }

    #[test]
    fn every_depth_and_width_fits() {
        for n_layers in 1..=32 {
            for n_units in [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 128] {
                let shape = NetworkShape {
                    n_inputs: 2,
                    hidden: vec![n_units; n_layers],
                    n_outputs: 1,
                };
                for (width, height) in [(300.0, 220.0), (440.0, 360.0), (1200.0, 700.0)] {
                    check_layout(width, height, 1.0, &shape);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn mixed_layers_fit(
            width in 260.0..1400.0f64, height in 160.0..900.0f64, scale in 1.0..1.8f64,
            hidden in prop::collection::vec(1..=128usize, 1..=32),
            n_inputs in 1..=64usize, n_outputs in 1..=16usize,
        ) {
            check_layout(width, height, scale, &NetworkShape { n_inputs, hidden, n_outputs });
        }

        #[test]
        fn pointing_at_a_tile_finds_its_unit(
            hidden in prop::collection::vec(1..=128usize, 1..=32), pick in 0..10_000usize,
        ) {
            let shape = NetworkShape { n_inputs: 2, hidden, n_outputs: 1 };
            let l = layout(440.0, 360.0, 1.0, &shape);
            let tiles: Vec<(UnitAt, Rect)> = l.tiles().collect();
            let (at, tile) = tiles[pick % tiles.len()];
            prop_assert_eq!(l.unit_at(tile.center()), Some(at));
            prop_assert_eq!(l.unit_at(point(-100.0, 0.0)), None);
        }
    }

    #[test]
    fn pointing_at_a_line_finds_its_weight() {
        let shape = NetworkShape {
            n_inputs: 2,
            hidden: vec![3, 4],
            n_outputs: 1,
        };
        let l = layout(440.0, 360.0, 1.0, &shape);
        let weight = |layer, from, unit| ParamAt {
            layer,
            unit,
            part: UnitParam::Weight(from),
        };
        for (layer, n_in, n_out) in [(0, 2, 3), (1, 3, 4), (2, 4, 1)] {
            for (from, to) in (0..n_in).flat_map(|i| (0..n_out).map(move |j| (i, j))) {
                // Near its end, where lines that cross are apart.
                let (start, end) = l.edge_ends(layer, from, to).expect("a line");
                let near = |share: f64| start.x + share * (end.x - start.x);
                let found = [0.08, 0.92].map(|share| {
                    let y = if share < 0.5 { start.y } else { end.y };
                    l.param_at(point(near(share), y), usize::MAX)
                });
                // At its end it is one of those that end there.
                let at_start = found[0].expect("a weight");
                assert_eq!(
                    (at_start.layer, at_start.part),
                    (layer, UnitParam::Weight(from))
                );
                assert_eq!(found[1].map(|at| (at.layer, at.unit)), Some((layer, to)));
                let middle = point((start.x + end.x) / 2.0, (start.y + end.y) / 2.0);
                let is_alone = (0..n_in).flat_map(|i| (0..n_out).map(move |j| (i, j)));
                let is_alone = is_alone.filter(|&other| other != (from, to)).all(|(i, j)| {
                    let ends = l.edge_ends(layer, i, j).expect("a line");
                    distance_to_edge(middle, ends).is_none_or(|d| d > 0.5)
                });
                if is_alone {
                    assert_eq!(
                        l.param_at(middle, usize::MAX),
                        Some(weight(layer, from, to))
                    );
                }
            }
        }
        let output = l.param_at(l.outputs[0], 0).expect("the output");
        assert_eq!(
            (output.layer, output.unit, output.part),
            (2, 0, UnitParam::Bias)
        );
        assert_eq!(l.param_at(point(2.0, 355.0), usize::MAX), None);
    }

    #[test]
    fn small_networks_keep_one_column_and_their_maps() {
        let shape = NetworkShape {
            n_inputs: 2,
            hidden: vec![8, 8, 8],
            n_outputs: 1,
        };
        let l = layout(440.0, 360.0, 1.0, &shape);
        assert_eq!(l.detail, Detail::Map);
        assert!(l.tile_px >= 28.0, "{}", l.tile_px);
        assert!(l.layers.iter().all(|layer| layer.n_rows == 8));
        assert!((0..4).all(|gap| l.has_edges_at(gap)));
        assert_eq!(l.map_cells(1.0), 16);
        assert_eq!(l.map_cells(2.0), 24);
    }

    #[test]
    fn the_largest_network_is_condensed() {
        let shape = NetworkShape {
            n_inputs: 64,
            hidden: vec![128; 32],
            n_outputs: 16,
        };
        let l = layout(440.0, 360.0, 1.0, &shape);
        assert_eq!(l.detail, Detail::Cell);
        assert_eq!(l.map_cells(2.0), 0);
        assert!(!l.has_edges());
        assert!(l.tile_px >= 2.0, "{}", l.tile_px);
    }

    #[test]
    fn detail_falls_with_the_number_of_units_too() {
        let detail = |n_layers| {
            let hidden = vec![128; n_layers];
            let shape = NetworkShape {
                n_inputs: 2,
                hidden,
                n_outputs: 1,
            };
            layout(1200.0, 700.0, 1.0, &shape).detail
        };
        assert_eq!(
            [4, 8, 32].map(detail),
            [Detail::Map, Detail::Glyph, Detail::Cell]
        );
    }
}
