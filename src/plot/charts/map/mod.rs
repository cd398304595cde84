//! A map: a cell for each pair of values of two settings, coloured by what came of its networks; through the crosshair a
//! slice along its row and one along its column; and the key, which is a histogram of all cells.

mod field;
mod geometry;
mod key;
mod measure;
mod networks;
mod slices;
#[cfg(test)]
mod tests;
mod words;

pub use geometry::{MapGeometry, Pinch};
pub use measure::measure_scene;
pub use networks::{cell_layers_scene, losses_scene};
pub use slices::lower;
pub use words::{SliceTable, cell_words, describe_map, slice_tables};

use actiscope_core::map::presets::Line;
use actiscope_core::map::{Key, Map, MapValue};
use actiscope_core::text::number;

use crate::plot::kit::color::{Color, viridis};
use crate::plot::kit::geometry::{Point, Rect, Size, point};
use crate::plot::kit::label::label_box;
use crate::plot::kit::scene::{Paint, Scene, Shape, Stroke};
use crate::plot::kit::sketch::{Sketch, centred, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use geometry::chip_width;

/// What the chart shows.
#[derive(Clone, Copy, Debug)]
pub struct MapData<'a> {
    pub map: &'a Map,
    pub value: MapValue,
    pub key: Key,
    /// "Learning rate".
    pub names: [&'a str; 2],
    pub lines: &'a [Line],
    /// The cell under the crosshair.
    pub at: Option<(u32, u32)>,
    /// The values of the Scope's scenario along both axes.
    pub scope: Option<[f64; 2]>,
    /// The cell of the lowest loss.
    pub best: Option<(u32, u32)>,
    /// Two corners of a rectangle that is being drawn.
    pub area: Option<[(u32, u32); 2]>,
    /// It is of other settings than those that are chosen now.
    pub is_old: bool,
}

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tint {
    /// It was not trained.
    Unknown,
    /// A place on the colour scale.
    At(f64),
    /// No network of it has such a number: no unit died.
    Nothing,
    /// Half of its networks or more diverged.
    Diverged,
}

impl MapData<'_> {
    /// The cell that one looks like: itself, or as long as it was not trained that of a coarser grid that was.
    fn stand_in(&self, (ix, iy): (u32, u32)) -> Option<(u32, u32)> {
        let mut coarser = (0..4).map(|shift| ((ix >> shift) << shift, (iy >> shift) << shift));
        coarser.find(|&(ix, iy)| self.map.cell(ix, iy).next().is_some())
    }

    /// How a cell looks, or what stands in for it.
    pub fn tint(&self, cell: (u32, u32)) -> Tint {
        let known = self.stand_in(cell);
        known.map_or(Tint::Unknown, |cell| self.own_tint(cell))
    }

    fn own_tint(&self, (ix, iy): (u32, u32)) -> Tint {
        if self.map.cell(ix, iy).next().is_none() {
            return Tint::Unknown;
        }
        match self.map.value(ix, iy, self.value) {
            Some(value) => Tint::At(self.key.place(value)),
            None if self.has_diverged((ix, iy)) => Tint::Diverged,
            None => Tint::Nothing,
        }
    }

    fn has_diverged(&self, (ix, iy): (u32, u32)) -> bool {
        let share = self.map.value(ix, iy, MapValue::Diverged);
        share.is_some_and(|share| share >= 0.5)
    }
}

/// More is farther from the paper: darker on light paper, brighter on dark.
pub fn color_at(place: f64, theme: &Theme) -> Color {
    match is_dark(theme) {
        true => viridis(place),
        false => viridis(1.0 - place),
    }
}

fn is_dark(theme: &Theme) -> bool {
    theme.bg.luminance() < 0.2
}

/// Of a cell without such a number.
fn nothing(theme: &Theme) -> Color {
    theme.line
}

/// The chart as a picture.
pub fn map_scene(size: Size, theme: &Theme, data: &MapData) -> Scene {
    let geometry = MapGeometry::new(size, theme, data.map.x, data.map.y);
    let mut chart = Chart {
        sketch: Sketch::new(size),
        theme,
        data,
        g: &geometry,
    };
    chart.field();
    chart.axes();
    chart.lines();
    if let Some(column) = geometry.column {
        chart.column(column);
    }
    if let Some(row) = geometry.row {
        chart.row(row);
    }
    if let Some(key) = geometry.key {
        chart.key(key);
    }
    chart.crosshair();
    chart.line_labels();
    chart.marks();
    chart.cell_at_crosshair();
    chart.area();
    chart.sketch.scene
}

struct Chart<'a> {
    sketch: Sketch,
    theme: &'a Theme,
    data: &'a MapData<'a>,
    g: &'a MapGeometry,
}

impl Chart<'_> {
    fn axes(&mut self) {
        let (g, t, font_px) = (self.g, self.theme, self.theme.tick_px());
        let [x_name, y_name] = self.data.names;
        for tick in g.y.ticks(font_px, true) {
            let reach = (g.field.x - 4.0, g.field.x);
            self.sketch.hairline_h(reach, tick.px, t.ink3);
            let at = point(g.field.x - 7.0, tick.px);
            self.sketch.text(&tick.label, at, right(font_px, t.ink3));
        }
        let y = g.field.bottom() + 5.0 + 0.75 * font_px;
        for tick in g.x.ticks(font_px, false) {
            let reach = (g.field.bottom(), g.field.bottom() + 4.0);
            self.sketch.hairline_v(tick.px, reach, t.ink3);
            self.sketch
                .text(&tick.label, point(tick.px, y), centred(font_px, t.ink3));
        }
        let name = format!("{y_name} ↑");
        let at = point(0.0, g.field.y - 0.8 * font_px);
        self.sketch.text(&name, at, plain(font_px, t.ink2));
        let name = format!("{x_name} →");
        let below = g
            .row
            .map_or(y + 1.4 * font_px, |row| row.bottom() + 1.1 * font_px);
        let at = point(g.field.right(), below);
        self.sketch.text(&name, at, right(font_px, t.ink2));
    }

    /// Values of the upward axis that mean something.
    fn lines(&mut self) {
        let (g, t) = (self.g, self.theme);
        for line in self.data.lines {
            let Some(y) = g.y.px_of(line.y) else { continue };
            let across = vec![point(g.field.x, y), point(g.field.right(), y)];
            self.sketch
                .line(across.clone(), Stroke::solid(t.bg.fade(0.7), 3.0));
            self.sketch
                .line(across, Stroke::dashed(t.ink, 1.0, [5.0, 3.0]));
        }
    }

    /// What these values mean: above the line, or below where that would leave the field or lie over the last one.
    fn line_labels(&mut self) {
        let (g, t, font_px) = (self.g, self.theme, self.theme.tick_px());
        for line in self.data.lines {
            let Some(y) = g.y.px_of(line.y) else { continue };
            let is_last = self.data.lines.last() == Some(line) && self.data.lines.len() > 1;
            let is_below = is_last || y - 1.6 * font_px < g.field.y;
            let side = if is_below { 0.9 } else { -0.9 };
            let at = point(g.field.x + 6.0, y + side * font_px);
            self.halo(line.label, at, plain(font_px, t.ink).bold());
        }
    }

    /// Where the Scope is, and the lowest loss.
    fn marks(&mut self) {
        let (g, t) = (self.g, self.theme);
        let r = 7.0 * t.scale;
        if let Some([x, y]) = self.data.scope
            && let (Some(x), Some(y)) = (g.x.px_of(x), g.y.px_of(y))
        {
            let at = point(x, y);
            for (color, width) in [(t.bg, 5.0), (t.accent, 2.0)] {
                self.sketch.scene.shapes.push(Shape::Circle {
                    center: at,
                    radius: r,
                    paint: Paint::stroke(color, width * t.scale),
                });
            }
            self.beside(at, "the Scope now");
        }
        if let Some(best) = self.data.best {
            let at = g.cell(best).center();
            let star = |r: f64| {
                let corner = move |i: i32| {
                    let r = if i % 2 == 0 { r } else { 0.42 * r };
                    let angle = f64::from(i) * core::f64::consts::PI / 5.0;
                    point(at.x + r * angle.sin(), at.y - r * angle.cos())
                };
                (0..10).map(corner).collect::<Vec<Point>>()
            };
            self.sketch.polygon(star(9.5 * t.scale), t.bg);
            self.sketch.polygon(star(7.0 * t.scale), t.ink);
            self.beside(at, "best");
        }
    }

    /// The name of a mark: at its right, or at its left where the field ends.
    fn beside(&mut self, at: Point, name: &str) {
        let (g, t, font_px) = (self.g, self.theme, self.theme.tick_px());
        let gap = 12.0 * t.scale;
        let width = text::width(name, font_px, true);
        let look = match at.x + gap + width > g.field.right() {
            true => (at.x - gap, right(font_px, t.ink).bold()),
            false => (at.x + gap, plain(font_px, t.ink).bold()),
        };
        self.halo(name, point(look.0, at.y), look.1);
    }

    /// Text on paper, over the field.
    fn halo(&mut self, label: &str, at: Point, look: crate::plot::kit::sketch::TextLook) {
        let space = label_box(label, at, look.font_px, look.is_bold, look.align);
        let ground = space.inset(-1.0);
        self.sketch.fill(ground, 3.0, self.theme.bg.fade(0.8));
        self.sketch.text(label, at, look);
    }

    fn crosshair(&mut self) {
        let Some(at) = self.data.at else { return };
        let (g, t, font_px) = (self.g, self.theme, self.theme.tick_px());
        let cell = g.cell(at);
        let middle = cell.center();
        let right_end = g.column.map_or(g.field.right(), |column| column.right());
        let lower_end = g.row.map_or(g.field.bottom(), |row| row.bottom());
        let across = [point(g.field.x, middle.y), point(right_end, middle.y)];
        let down = [point(middle.x, g.field.y), point(middle.x, lower_end)];
        for ends in [across, down] {
            self.sketch
                .line(ends.to_vec(), Stroke::solid(t.bg.fade(0.65), 3.0));
            self.sketch.line(ends.to_vec(), Stroke::solid(t.ink2, 1.0));
        }
        let values = [self.data.map.x.value(at.0), self.data.map.y.value(at.1)];
        let [x, y] = values.map(|value| number(value, 3));
        let width = chip_width(&x, t);
        let left = (middle.x - width / 2.0)
            .min(self.sketch.scene.size.width - width)
            .max(0.0);
        let top = g.field.bottom() + 4.0;
        self.chip(&x, Rect::new(left, top, width, 1.6 * font_px));
        let width = chip_width(&y, t);
        let left = (g.field.x - 5.0 - width).max(0.0);
        self.chip(
            &y,
            Rect::new(left, middle.y - 0.8 * font_px, width, 1.6 * font_px),
        );
    }

    fn cell_at_crosshair(&mut self) {
        let Some(at) = self.data.at else { return };
        let (cell, t) = (self.g.cell(at), self.theme);
        // Neither ring nor star hides it.
        for (color, width, outward_px) in [(t.ink, 4.0, 2.0), (t.bg, 1.5, 1.0)] {
            self.sketch.scene.shapes.push(Shape::Rect {
                rect: Rect::from_corners(
                    point(cell.x - outward_px, cell.y - outward_px),
                    point(cell.right() + outward_px, cell.bottom() + outward_px),
                ),
                radius: 1.0,
                paint: Paint::stroke(color, width),
            });
        }
    }

    fn chip(&mut self, label: &str, space: Rect) {
        let t = self.theme;
        self.sketch.fill(space, 3.0, t.ink);
        self.sketch
            .text(label, space.center(), centred(t.tick_px(), t.bg).bold());
    }

    fn area(&mut self) {
        let Some([a, b]) = self.data.area else { return };
        let area = self.g.area(a, b);
        for (color, width) in [(self.theme.bg, 4.0), (self.theme.ink, 1.5)] {
            self.sketch.scene.shapes.push(Shape::Rect {
                rect: area,
                radius: 0.0,
                paint: Paint::stroke(color, width),
            });
        }
    }

    /// Diagonal lines: here networks diverged.
    fn hatch(&mut self, space: Rect) {
        const EVERY_PX: f64 = 6.0;
        let stroke = Stroke::solid(self.theme.ink3.fade(0.6), 1.0);
        self.sketch.hatch(space, EVERY_PX, stroke);
    }
}
