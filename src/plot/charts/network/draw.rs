//! Paints the network. Straight into a scene: curves and images are nothing that plotters draws.

use actiscope_core::health::Health;

use super::layout::edge_curve;
use super::tile::{corner, draw_unit_tile, health_color};
use super::{Detail, Edge, Flash, MapAtlas, NetworkData, NetworkLayout, UnitAt, strongest_edges};
use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Size, point};
use crate::plot::kit::scene::{Align, Paint, Scene, Shape, Stroke, Text};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;

/// No more lines than this in all: beyond it they are a grey mass, and slow.
const MAX_EDGES: usize = 700;

/// The panel as a picture.
pub fn network_scene(size: Size, theme: &Theme, data: &NetworkData) -> Scene {
    let layout = NetworkLayout::new(size, theme, data.shape);
    let mut painter = Painter {
        scene: Scene::new(size),
        theme,
        data,
        layout: &layout,
    };
    painter.edges();
    painter.tiles();
    painter.ends();
    painter.captions();
    painter.rings();
    for flash in data.flashes {
        painter.flash(flash);
    }
    painter.scene
}

struct Painter<'a> {
    scene: Scene,
    theme: &'a Theme,
    data: &'a NetworkData<'a>,
    layout: &'a NetworkLayout,
}

impl Painter<'_> {
    fn edges(&mut self) {
        let n_gaps = self.layout.layers.len() + 1;
        // Per gap, from the weakest to the strongest.
        let gaps: Vec<(usize, Vec<Edge>)> = (0..n_gaps)
            .filter_map(|gap| {
                let layer = self.data.layers.get(gap)?;
                let n_in = match gap {
                    0 => self.data.shape.n_inputs,
                    _ => self.data.shape.hidden[gap - 1],
                };
                let edges = || strongest_edges(&layer.weights, n_in, MAX_EDGES / n_gaps);
                self.layout.has_edges_at(gap).then(|| (gap, edges()))
            })
            .collect();
        let looked_at = self.data.hovered.or(self.data.selected);
        for (gap, edges) in &gaps {
            let strongest = edges.last().map_or(1.0, |e| e.weight.abs());
            for edge in edges {
                self.edge(*gap, edge, strongest, looked_at);
            }
        }
    }

    fn edge(&mut self, gap: usize, edge: &Edge, strongest: f32, looked_at: Option<UnitAt>) {
        let t = self.theme;
        let source = gap.checked_sub(1).map(|layer| UnitAt {
            layer,
            unit: edge.from,
        });
        let target = (gap < self.layout.layers.len()).then_some(UnitAt {
            layer: gap,
            unit: edge.to,
        });
        let Some(ends) = self.layout.edge_ends(gap, edge.from, edge.to) else {
            return;
        };
        let strength = f64::from(edge.weight.abs() / strongest.max(f32::MIN_POSITIVE));
        let is_dead = [source, target]
            .into_iter()
            .flatten()
            .any(|at| self.data.health(at) == Health::Dead);
        let touches = |at: UnitAt| source == Some(at) || target == Some(at);
        let (color, width, alpha) = if is_dead {
            (t.ink3, 0.75, 0.12 + 0.18 * strength)
        } else {
            let color = if edge.weight < 0.0 { t.neg } else { t.pos };
            (color, 0.5 + 3.2 * strength, 0.14 + 0.72 * strength)
        };
        let alpha = match looked_at {
            Some(at) if touches(at) => alpha.max(0.7),
            Some(_) => 0.25 * alpha,
            None => alpha,
        };
        self.scene.shapes.push(Shape::Bezier {
            points: edge_curve(ends),
            stroke: Stroke::solid(
                color.fade(alpha),
                width * self.layout.edge_scale() * t.scale,
            ),
        });
    }

    fn tiles(&mut self) {
        let mut first_bitmap = self.scene.bitmaps.len();
        for layer in 0..self.layout.layers.len() {
            let n_units = self.layout.layers[layer].n_units;
            let maps = match self.layout.detail {
                Detail::Map => self.data.layers.get(layer).map(|l| l.unit_maps.as_slice()),
                Detail::Glyph | Detail::Cell => None,
            };
            let cells = maps.map_or(0, |maps| side_of(maps.len(), n_units));
            let atlas = MapAtlas::new(maps.unwrap_or(&[]), cells, &self.theme.diverging());
            for unit in 0..n_units {
                let at = UnitAt { layer, unit };
                let Some(tile) = self.layout.tile(at) else {
                    continue;
                };
                let health = self.data.health(at);
                let map = (!atlas.is_empty() && health != Health::Dead)
                    .then(|| (first_bitmap, atlas.source(unit)));
                draw_unit_tile(
                    &mut self.scene,
                    self.theme,
                    tile,
                    self.layout.detail,
                    health,
                    map,
                );
            }
            if !atlas.is_empty() {
                self.scene.bitmaps.push(atlas.bitmap);
                first_bitmap += 1;
            }
        }
    }

    /// Inputs and outputs.
    fn ends(&mut self) {
        let t = self.theme;
        for (i, p) in self.layout.inputs.iter().enumerate() {
            if self.layout.has_input_names {
                let name = format!("x{}", subscript(i + 1));
                let at = point(p.x - 3.0, p.y);
                self.text(&name, at, t.label_px(), t.ink2, Align::Right);
            } else {
                self.scene.shapes.push(Shape::Circle {
                    center: point(p.x - 2.0, p.y),
                    radius: 1.25,
                    paint: Paint::fill(t.ink2),
                });
            }
        }
        for p in &self.layout.outputs {
            self.scene.shapes.push(Shape::Circle {
                center: *p,
                radius: self.layout.output_radius,
                paint: Paint::fill(t.ink),
            });
        }
    }

    /// Which layer a column is, and how many of it are not well.
    fn captions(&mut self) {
        let t = self.theme;
        if self.layout.name_y.is_nan() {
            return;
        }
        let n_layers = self.layout.layers.len();
        let font_px = t.tick_px();
        let room = self.layout.pitch_px - 8.0;
        let fits = |text: &str| text::width(text, font_px, false) <= room;
        let is_long = fits("layer 32");
        let every = (1..=n_layers.max(1))
            .find(|every| {
                text::width("32", font_px, false) + 4.0 <= self.layout.pitch_px * *every as f64
            })
            .unwrap_or(n_layers.max(1));
        for layer in 0..n_layers {
            let x = self.layout.layers[layer].frame.center().x;
            if layer % every == 0 {
                let name = match is_long {
                    true => format!("layer {}", layer + 1),
                    false => (layer + 1).to_string(),
                };
                let at = point(x, self.layout.name_y);
                self.text(&name, at, font_px, t.ink3, Align::Center);
            }
            let (dead, saturated) = (
                self.data.count(layer, Health::Dead),
                self.data.count(layer, Health::Saturated),
            );
            let (text, color) = match (dead, saturated) {
                (0, 0) => continue,
                (0, n) => (format!("{n} sat."), t.saturated),
                (n, _) if n == self.data.shape.hidden[layer] => ("all dead".to_owned(), t.dead),
                (n, _) => (format!("{n} dead"), t.dead),
            };
            if fits(&text) {
                let at = point(x, self.layout.health_y);
                self.text(&text, at, font_px, color, Align::Center);
            }
        }
    }

    /// Around the units that are pointed at, selected, or have the keyboard.
    fn rings(&mut self) {
        let t = self.theme;
        let s = t.scale;
        let rings = [
            (self.data.hovered, Stroke::solid(t.ink2, 1.5 * s), 2.5),
            (self.data.selected, Stroke::solid(t.accent, 2.0 * s), 3.0),
            (
                self.data.focused,
                Stroke::dashed(t.ink, 2.0 * s, [3.0 * s, 2.0 * s]),
                4.5,
            ),
        ];
        for (at, stroke, distance) in rings {
            let Some(tile) = at.and_then(|at| self.layout.tile(at)) else {
                continue;
            };
            let rect = tile.inset(-distance * s);
            self.scene.shapes.push(Shape::Rect {
                rect,
                radius: 0.3 * rect.width,
                paint: Paint {
                    fill: None,
                    stroke: Some(stroke),
                },
            });
        }
    }

    /// A ring that widens and fades, once.
    fn flash(&mut self, flash: &Flash) {
        let Some(tile) = self.layout.tile(flash.at) else {
            return;
        };
        let t = self.theme;
        let color = health_color(t, flash.health);
        let left = 1.0 - flash.progress.clamp(0.0, 1.0);
        self.scene.shapes.push(Shape::Rect {
            rect: tile,
            radius: corner(tile.width, flash.health),
            paint: Paint::fill(color.fade(0.45 * left)),
        });
        let reach = (2.0 + 12.0 * (1.0 - left)) * t.scale;
        let rect = tile.inset(-reach);
        self.scene.shapes.push(Shape::Rect {
            rect,
            radius: corner(rect.width, flash.health),
            paint: Paint::stroke(color.fade(left), 2.5 * t.scale * (0.4 + 0.6 * left)),
        });
    }

    fn text(&mut self, text: &str, center: Point, font_px: f64, color: Color, align: Align) {
        self.scene.shapes.push(Shape::Text(Text {
            at: point(center.x, center.y + text::middle_to_baseline(font_px)),
            text: text.to_owned(),
            font_px,
            is_bold: false,
            align,
            color,
        }));
    }
}

/// Cells a side of `n_units` square maps of `n_values` in all; 0 where they are none.
fn side_of(n_values: usize, n_units: usize) -> usize {
    if n_units == 0 {
        return 0;
    }
    let cells = n_values / n_units;
    let side = (cells as f64).sqrt().round() as usize;
    if side * side * n_units == n_values {
        side
    } else {
        0
    }
}

fn subscript(n: usize) -> String {
    n.to_string()
        .chars()
        .filter_map(|c| char::from_u32('₀' as u32 + c.to_digit(10)?))
        .collect()
}
