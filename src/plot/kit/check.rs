//! What must hold for every chart.

use crate::plot::kit::geometry::Rect;
use crate::plot::kit::scene::Scene;

/// # Panics
/// If two texts overlap, or one leaves the picture.
pub fn texts_are_apart_and_inside(scene: &Scene) {
    // Capitals and digits fill less than the line; what touches only there does not read as touching.
    let boxes: Vec<(&str, Rect)> = scene
        .texts()
        .map(|t| {
            let b = t.bounds();
            let trim = 0.12 * b.height;
            (
                t.text.as_str(),
                Rect::new(b.x, b.y + trim, b.width, b.height - 2.0 * trim),
            )
        })
        .collect();
    let picture = Rect::of_size(scene.size).inset(-0.5);
    for (i, (text, space)) in boxes.iter().enumerate() {
        assert!(
            picture.encloses(space),
            "{text:?} at {space:?} leaves {:?}",
            scene.size
        );
        for (other, other_space) in &boxes[..i] {
            assert!(
                !space.overlaps(other_space),
                "{text:?} at {space:?} lies on {other:?} at {other_space:?} in {:?}",
                scene.size
            );
        }
    }
}
