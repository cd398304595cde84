//! Layers as rows, from the input down; all that belongs to a layer is on its row.

mod geometry;
mod tiles;

pub use geometry::{N_ACROSS, RowPlace, RowsGeometry, is_folded};

use actiscope_core::interop::trace::{Histogram, Measured, Order, Row, Rows, Tile};

use super::fitted;
use super::look::LayerLook;
use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::Size;
use crate::plot::kit::geometry::{Rect, Scale, point};
use crate::plot::kit::scene::{Paint, Scene, Shape, Stroke};
use crate::plot::kit::sketch::{Sketch, plain};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::short;
use crate::text::count;

/// What the rows show.
#[derive(Clone, Copy, Debug)]
pub struct RowsData<'a> {
    pub rows: &'a Rows,
    /// By layer.
    pub looks: &'a [LayerLook],
    /// By layer: what is said below its name, such as the kernel of a convolution.
    pub notes: &'a [Vec<String>],
    pub order: Order,
    /// Layers whose tiles are shown though there are many layers.
    pub unfolded: &'a [usize],
    /// Layer and tile.
    pub pointed: Option<(usize, usize)>,
    /// Layer and unit.
    pub selected: Option<(usize, usize)>,
}

/// How a line below a layer's name is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    Name,
    Plain,
    Saturated,
    Dead,
}

/// What stands at the left of a row.
fn name_lines(data: &RowsData, row: &Row) -> Vec<(String, Tone)> {
    let mut lines = vec![(row.name.clone(), Tone::Name)];
    if is_folded(data, row) {
        return lines;
    }
    let notes = data.notes.get(row.layer).into_iter().flatten();
    lines.extend(notes.map(|note| (note.clone(), Tone::Plain)));
    if row.is_output {
        lines.push((format!("{} units", count(row.n_alive as u64)), Tone::Plain));
        return lines;
    }
    let per_tile = row.tiles.first().map_or(1, |tile| tile.units.len());
    if per_tile > 1 {
        lines.push((format!("{per_tile} per tile"), Tone::Plain));
    }
    lines.push((format!("{} alive", count(row.n_alive as u64)), Tone::Plain));
    lines.push((
        format!("{} sat.", count(row.n_saturated as u64)),
        Tone::Saturated,
    ));
    lines.push((format!("{} dead", count(row.n_dead as u64)), Tone::Dead));
    lines
}

/// The rows as a picture, as high as its size says; [`RowsGeometry::height`] is how high it has to be.
pub fn rows_scene(size: Size, theme: &Theme, data: &RowsData) -> Scene {
    let geometry = RowsGeometry::new(size.width, theme, data);
    let mut chart = Chart {
        sketch: Sketch::new(size),
        theme,
        data,
        geometry: &geometry,
    };
    chart.head();
    for (row, place) in data.rows.rows.iter().zip(&geometry.rows) {
        chart.name(row, place);
        match place.is_folded {
            _ if row.is_output => chart.said(place),
            true => chart.shares(row, place),
            false => chart.tiles(row, place),
        }
        if let Some(space) = place.histogram {
            chart.histogram(&row.histogram, space, place.is_folded);
        }
        if let Some(spaces) = place.dots {
            let measured = [&row.z_spread, &row.gradient, &row.update];
            for (measured, space) in measured.into_iter().zip(spaces) {
                chart.dot(row.layer, measured, space);
            }
        }
    }
    chart.sketch.scene
}

struct Chart<'a> {
    sketch: Sketch,
    theme: &'a Theme,
    data: &'a RowsData<'a>,
    geometry: &'a RowsGeometry,
}

impl Chart<'_> {
    fn head(&mut self) {
        let (t, g) = (self.theme, self.geometry);
        let Some(place) = g.rows.first().filter(|_| g.head.height > 0.0) else {
            return;
        };
        let (px, y) = (t.label_px(), 0.5 * t.label_px() + 1.0);
        let step = fitted(&self.data.rows.step, place.tiles.x - 6.0, px, true);
        self.sketch
            .text(&step, point(0.0, y), plain(px, t.ink2).bold());
        let (long, brief) = match self.data.order {
            Order::Sorted => (
                "dead × first by step of death, then by share of samples passed",
                "dead × first, then by share passed",
            ),
            Order::Model => (
                "in the order of the model: a tile keeps its place",
                "in the order of the model",
            ),
        };
        let is_long = text::width(long, px, false) <= place.tiles.width;
        let of_tiles = fitted(
            if is_long { long } else { brief },
            place.tiles.width,
            px,
            false,
        );
        self.sketch
            .text(&of_tiles, point(place.tiles.x, y), plain(px, t.ink3));
        let z_end = self
            .data
            .rows
            .rows
            .first()
            .map_or(0.0, |row| f64::from(row.histogram.end));
        if let (Some(histogram), Some(dots)) = (place.histogram, place.dots) {
            let z = format!("z, −{end} to {end}", end = short(z_end));
            let z = fitted(&z, histogram.width, px, false);
            self.sketch
                .text(&z, point(histogram.x, y), plain(px, t.ink3));
            for (name, space) in ["z spread", "gradient", "update / w"].into_iter().zip(dots) {
                let name = fitted(name, space.width, px, false);
                self.sketch
                    .text(&name, point(space.x, y), plain(px, t.ink3));
            }
        }
    }

    fn name(&mut self, row: &Row, place: &RowPlace) {
        let (t, px) = (self.theme, self.theme.label_px());
        let lines = name_lines(self.data, row);
        let line = 16.0 * t.scale;
        let top = place.name.center().y - line * lines.len() as f64 / 2.0;
        let look = LayerLook::of(self.data.looks, row.layer);
        for (i, (words, tone)) in lines.iter().enumerate() {
            let style = match tone {
                Tone::Name => plain(px, look.text(t)).bold(),
                Tone::Plain => plain(px, t.ink3),
                Tone::Saturated => plain(px, t.saturated),
                Tone::Dead => plain(px, t.dead),
            };
            let room = place.tiles.x - place.name.x - 4.0 * t.scale;
            let words = fitted(words, room, px, *tone == Tone::Name);
            let at = point(place.name.x, top + line * (i as f64 + 0.5));
            self.sketch.text(&words, at, style);
        }
    }

    /// What is said in place of the tiles of the output.
    fn said(&mut self, place: &RowPlace) {
        let (t, px) = (self.theme, self.theme.label_px());
        let words = fitted(&self.data.rows.said, place.tiles.width, px, false);
        let at = point(place.tiles.x, place.whole.center().y);
        self.sketch.text(&words, at, plain(px, t.ink2));
    }

    fn tiles(&mut self, row: &Row, place: &RowPlace) {
        let g = self.geometry;
        let tile_px = g.tile_px;
        for (i, tile) in row.tiles.iter().enumerate() {
            let at = point(
                place.tiles.x + (i % N_ACROSS) as f64 * tile_px,
                place.tiles.y + (i / N_ACROSS) as f64 * tile_px,
            );
            let space = Rect::new(at.x, at.y, tile_px, tile_px);
            tiles::draw(&mut self.sketch, self.theme, space, tile);
            let has_selected = |tile: &Tile| {
                let unit = self.data.selected.filter(|(layer, _)| *layer == row.layer);
                unit.is_some_and(|(_, unit)| tile.units.contains(&unit))
            };
            let is_pointed = self.data.pointed == Some((row.layer, i));
            if is_pointed || has_selected(tile) {
                let color = if is_pointed {
                    self.theme.ink
                } else {
                    self.theme.accent
                };
                self.sketch.scene.shapes.push(Shape::Rect {
                    rect: space,
                    radius: 3.0,
                    paint: Paint::stroke(color, 2.0 * self.theme.scale),
                });
            }
        }
    }

    /// Dead, saturated and alive as parts of a bar, where there is no room for tiles.
    fn shares(&mut self, row: &Row, place: &RowPlace) {
        let t = self.theme;
        let total = (row.n_alive + row.n_saturated + row.n_dead) as f64;
        if total == 0.0 {
            return;
        }
        let height = 12.0 * t.scale;
        let y = place.tiles.center().y - height / 2.0;
        let mut x = place.tiles.x;
        let mut part = |n: usize| {
            let width = place.tiles.width * n as f64 / total;
            let space = Rect::new(x, y, width, height);
            x += width;
            space
        };
        let (dead, saturated, alive) = (part(row.n_dead), part(row.n_saturated), part(row.n_alive));
        self.sketch.fill(alive, 0.0, t.alive.mix(t.bg, 0.35));
        if dead.width > 0.0 {
            self.sketch.fill(dead, 0.0, t.zone);
            self.sketch
                .hatch(dead, 5.0 * t.scale, Stroke::solid(t.dead, t.scale));
            self.frame(dead, Stroke::solid(t.dead, t.scale));
        }
        if saturated.width > 0.0 {
            self.frame(saturated, Stroke::dashed(t.saturated, t.scale, [2.0, 2.0]));
        }
    }

    fn frame(&mut self, space: Rect, stroke: Stroke) {
        self.sketch.scene.shapes.push(Shape::Rect {
            rect: space.inset(stroke.width / 2.0),
            radius: 0.0,
            paint: Paint {
                fill: None,
                stroke: Some(stroke),
            },
        });
    }

    fn histogram(&mut self, histogram: &Histogram, space: Rect, is_small: bool) {
        let t = self.theme;
        let end = f64::from(histogram.end);
        let z = Scale::linear((-end, end), (space.x, space.right()));
        let y = Scale::linear((0.0, 1.0), (space.bottom(), space.y));
        for &(low, high) in &histogram.flat {
            let (low, high) = (z.px_clamped(f64::from(low)), z.px_clamped(f64::from(high)));
            let zone = Rect::new(low, space.y, high - low, space.height);
            if zone.width > 0.0 {
                self.sketch.fill(zone, 0.0, t.zone);
            }
        }
        for bar in &histogram.bars {
            let (from, to) = (
                z.px_clamped(f64::from(bar.from)),
                z.px_clamped(f64::from(bar.to)),
            );
            let top = y.px_clamped(f64::from(bar.height));
            let gap = if to - from > 3.0 { 0.5 } else { 0.0 };
            let color: Color = if bar.is_flat {
                t.dead.fade(0.7)
            } else {
                t.hist
            };
            let rect = Rect::new(
                from + gap,
                top,
                (to - from - 2.0 * gap).max(0.5),
                space.bottom() - top,
            );
            self.sketch.fill(rect, 0.0, color);
        }
        self.sketch
            .hairline_h((space.x, space.right()), space.bottom(), t.line);
        if !is_small {
            self.sketch
                .hairline_v(z.px_from_data(0.0), (space.y, space.bottom()), t.line);
        }
    }

    fn dot(&mut self, layer: usize, measured: &Measured, space: Rect) {
        let (t, s) = (self.theme, self.theme.scale);
        let is_low = space.height < 30.0 * s;
        let px = t.label_px();
        let color = if measured.is_bad { t.dead } else { t.ink };
        let style = plain(
            px,
            if measured.at.is_none() && !measured.is_bad {
                t.ink3
            } else {
                color
            },
        );
        let words = match text::width(&measured.text, px, false) <= space.width {
            true => measured.text.clone(),
            false => fitted(
                &measured.text.replace("recorded", "there"),
                space.width,
                px,
                false,
            ),
        };
        let middle = space.center().y;
        let (words_y, line_y) = match is_low {
            true => (middle - 4.0 * s, middle + 7.0 * s),
            false => (middle - 8.0 * s, middle + 6.0 * s),
        };
        self.sketch.text(&words, point(space.x, words_y), style);
        self.sketch
            .hairline_h((space.x, space.right()), line_y, t.line2);
        let Some(at) = measured.at else { return };
        let radius = 4.0 * s;
        let x = space.x + radius + f64::from(at) * (space.width - 2.0 * radius);
        let dot = LayerLook::of(self.data.looks, layer).color(t);
        let paint = match measured.is_bad {
            true => Paint::fill(t.bg).and_stroke(Stroke::solid(t.dead, 1.5 * s)),
            false => {
                let line = vec![point(space.x, line_y), point(x, line_y)];
                self.sketch.line(line, Stroke::solid(t.ink3, 1.5 * s));
                Paint::fill(dot)
            }
        };
        self.sketch.scene.shapes.push(Shape::Circle {
            center: point(x, line_y),
            radius,
            paint,
        });
    }
}

/// A row in words: for screen readers.
pub fn describe_row(row: &Row) -> String {
    let mut words = format!("{}, {}", row.name, row.shape);
    if !row.code.is_empty() {
        words.push_str(&format!(" ({})", row.code));
    }
    if !row.is_output {
        words.push_str(&format!(
            ": {} alive, {} saturated, {} dead",
            row.n_alive, row.n_saturated, row.n_dead
        ));
    }
    words.push_str(&format!(
        "; z spread {}, gradient {}, update over weight {}.",
        row.z_spread.text, row.gradient.text, row.update.text
    ));
    if !row.note.is_empty() {
        words.push_str(&format!(" {}.", row.note));
    }
    words
}
