//! One unit: its outline and shape tell its health, its face shows what it responds to.

use actiscope_core::health::Health;

use super::layout::Detail;
use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Rect, Size, point};
use crate::plot::kit::scene::{Paint, Scene, Shape, Stroke};
use crate::plot::kit::theme::Theme;

/// One tile that fills a small picture: for a legend, or a line of the event log.
pub fn tile_scene(size: Size, theme: &Theme, health: Health) -> Scene {
    let side = size.width.min(size.height);
    let mut scene = Scene::new(size);
    let tile = Rect::new(
        (size.width - side) / 2.0,
        (size.height - side) / 2.0,
        side,
        side,
    );
    draw_unit_tile(
        &mut scene,
        theme,
        tile.inset(1.5),
        Detail::Map,
        health,
        None,
    );
    scene
}

/// One unit. `map`: index of a bitmap of the scene and the part of it to show.
pub fn draw_unit_tile(
    scene: &mut Scene,
    theme: &Theme,
    tile: Rect,
    detail: Detail,
    health: Health,
    map: Option<(usize, Rect)>,
) {
    let side = tile.width;
    let color = health_color(theme, health);
    if detail == Detail::Cell {
        scene.shapes.push(cell(tile, color, health));
        return;
    }
    let radius = corner(side, health);
    let ground = match health {
        Health::Alive => theme.bg,
        Health::Saturated => theme.zone_sat.over(theme.bg),
        Health::Dead => theme.zone.over(theme.bg),
    };
    scene.shapes.push(Shape::Rect {
        rect: tile,
        radius,
        paint: Paint::fill(ground),
    });
    if let Some((bitmap, source)) = map {
        scene.shapes.push(Shape::Image {
            bitmap,
            source,
            target: tile,
            radius,
            is_smooth: true,
        });
    }
    draw_tile_outline(scene, theme, tile, radius, health);
}

/// What tells a unit's health around its face, and over it where it is dead.
pub fn draw_tile_outline(
    scene: &mut Scene,
    theme: &Theme,
    tile: Rect,
    radius: f64,
    health: Health,
) {
    let (side, color) = (tile.width, health_color(theme, health));
    let width = (0.055 * side).clamp(1.0, 2.0 * theme.scale);
    let stroke = match health {
        Health::Alive => Stroke::solid(color, 0.85 * width),
        Health::Saturated => {
            let dash = (0.13 * side).max(1.5);
            Stroke::dashed(color, 1.1 * width, [dash, 0.6 * dash])
        }
        Health::Dead => Stroke::solid(color, width),
    };
    scene.shapes.push(Shape::Rect {
        rect: tile,
        radius,
        paint: Paint {
            fill: None,
            stroke: Some(stroke),
        },
    });
    if health == Health::Dead {
        let inner = tile.inset(0.3 * side);
        let corners = [
            [
                point(inner.x, inner.y),
                point(inner.right(), inner.bottom()),
            ],
            [
                point(inner.right(), inner.y),
                point(inner.x, inner.bottom()),
            ],
        ];
        for line in corners {
            scene.shapes.push(Shape::Path {
                points: line.to_vec(),
                is_closed: false,
                paint: Paint {
                    fill: None,
                    stroke: Some(Stroke::solid(color, width)),
                },
            });
        }
    }
}

/// The smallest form, larger and stronger the less well a unit is. Plain squares: there may be
/// thousands.
fn cell(tile: Rect, color: Color, health: Health) -> Shape {
    let (inset, alpha) = match health {
        Health::Alive => (0.22, 0.6),
        Health::Saturated => (0.12, 0.85),
        Health::Dead => (0.0, 1.0),
    };
    Shape::Rect {
        rect: tile.inset(inset * tile.width),
        radius: 0.0,
        paint: Paint::fill(color.fade(alpha)),
    }
}

pub(super) fn health_color(theme: &Theme, health: Health) -> Color {
    match health {
        Health::Alive => theme.alive,
        Health::Saturated => theme.saturated,
        Health::Dead => theme.dead,
    }
}

/// Round, squarish, square.
pub(super) fn corner(side: f64, health: Health) -> f64 {
    match health {
        Health::Alive => side / 2.6,
        Health::Saturated => 0.14 * side,
        Health::Dead => 0.05 * side,
    }
}
