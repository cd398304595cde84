//! A sample or a unit's incoming weights as an image, a pixel a number.

use actiscope_core::health::Health;

use crate::plot::charts::network::draw_tile_outline;
use crate::plot::kit::geometry::{Rect, Size};
use crate::plot::kit::scene::{Bitmap, Scene, Shape};
use crate::plot::kit::theme::Theme;

/// What the numbers are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PictureKind {
    /// From 0, the paper, to this, dark.
    Ink { darkest: f32 },
    /// Of both signs, over their own largest size.
    Weights,
}

/// `values`: `[side, side]`, row-major from the top. As large as it fits, in the middle; what is missing stays paper.
pub fn picture_scene(
    room: Size,
    theme: &Theme,
    values: &[f32],
    side: usize,
    kind: PictureKind,
) -> Scene {
    let mut scene = Scene::new(room);
    image(
        &mut scene,
        square(room),
        0.0,
        bitmap(theme, values, side, kind),
    );
    scene
}

/// The weights of one unit, its outline and cross telling its health as in the network.
pub fn unit_picture_scene(
    room: Size,
    theme: &Theme,
    weights: &[f32],
    side: usize,
    health: Health,
) -> Scene {
    let mut scene = Scene::new(room);
    let tile = square(room).inset(1.5 * theme.scale);
    // Less round than in the network: the corners of the picture are of use here.
    let radius = match health {
        Health::Alive => tile.width / 5.0,
        Health::Saturated => tile.width / 12.0,
        Health::Dead => tile.width / 20.0,
    };
    let weights = bitmap(theme, weights, side, PictureKind::Weights);
    image(&mut scene, tile, radius, weights);
    draw_tile_outline(&mut scene, theme, tile, radius, health);
    scene
}

fn square(room: Size) -> Rect {
    let side = room.width.min(room.height);
    Rect::new(
        (room.width - side) / 2.0,
        (room.height - side) / 2.0,
        side,
        side,
    )
}

fn image(scene: &mut Scene, target: Rect, radius: f64, bitmap: Bitmap) {
    scene.shapes.push(Shape::Image {
        bitmap: scene.bitmaps.len(),
        source: bitmap.rect(),
        target,
        radius,
        is_smooth: false,
    });
    scene.bitmaps.push(bitmap);
}

fn bitmap(theme: &Theme, values: &[f32], side: usize, kind: PictureKind) -> Bitmap {
    let mut bitmap = Bitmap::new(side, side);
    let sizes = values.iter().map(|v| v.abs()).filter(|v| v.is_finite());
    let largest = match kind {
        PictureKind::Ink { darkest } => darkest,
        PictureKind::Weights => sizes.fold(0.0, f32::max),
    };
    for i in 0..side * side {
        let v = values
            .get(i)
            .map_or(0.0, |v| v / largest.max(f32::MIN_POSITIVE));
        let color = match kind {
            PictureKind::Ink { .. } if v > 0.0 => theme.bg.mix(theme.ink, f64::from(v.min(1.0))),
            PictureKind::Ink { .. } => theme.bg,
            PictureKind::Weights => theme.diverging().at(f64::from(v)),
        };
        bitmap.set(i % side, i / side, [color.r, color.g, color.b, 255]);
    }
    bitmap
}
