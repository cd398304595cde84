use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::plot::kit::check::texts_are_apart_and_inside;
use crate::plot::kit::geometry::{Rect, size};
use crate::plot::kit::scene::{Scene, Shape};
use crate::plot::kit::theme::Theme;

fn layers(shape: &NetworkShape, map_cells: usize) -> Vec<LayerSnapshot> {
    let mut n_in = shape.n_inputs;
    let sizes: Vec<usize> = shape
        .hidden
        .iter()
        .copied()
        .chain([shape.n_outputs])
        .collect();
    sizes
        .iter()
        .enumerate()
        .map(|(l, &n_out)| {
            let is_hidden = l < shape.hidden.len();
            let unit = |u: usize| UnitSnapshot {
                health: match (l + u) % 4 {
                    0 => Health::Dead,
                    1 => Health::Saturated,
                    _ => Health::Alive,
                },
                z_mean: -1.4,
                z_std: 0.5,
                z_min: -3.2,
                z_max: -0.1,
                negative_fraction: 1.0,
                mean_abs_slope: 0.0,
            };
            let layer = LayerSnapshot {
                units: (0..if is_hidden { n_out } else { 0 }).map(unit).collect(),
                weights: (0..n_in * n_out)
                    .map(|i| ((i * 37 + l) % 21) as f32 / 10.0 - 1.0)
                    .collect(),
                unit_maps: vec![64; n_out * map_cells * map_cells],
                ..LayerSnapshot::default()
            };
            n_in = n_out;
            layer
        })
        .collect()
}

fn scene(width: f64, height: f64, shape: &NetworkShape) -> Scene {
    let layers = layers(shape, 8);
    let at = UnitAt { layer: 0, unit: 0 };
    let data = NetworkData {
        shape,
        layers: &layers,
        selected: Some(at),
        hovered: None,
        focused: Some(at),
        flashes: &[],
    };
    network_scene(size(width, height), &Theme::LIGHT, &data)
}

fn small() -> NetworkShape {
    NetworkShape {
        n_inputs: 2,
        hidden: vec![4, 3],
        n_outputs: 1,
    }
}

proptest! {
    #[test]
    fn texts_never_overlap_and_stay_inside(
        width in 280.0..1200.0f64, height in 180.0..700.0f64,
        hidden in prop::collection::vec(1..=128usize, 1..=32), n_inputs in 1..=64usize,
    ) {
        let shape = NetworkShape { n_inputs, hidden, n_outputs: 2 };
        texts_are_apart_and_inside(&scene(width, height, &shape));
    }
}

#[test]
fn the_largest_network_stays_cheap_to_paint() {
    let shape = NetworkShape {
        n_inputs: 64,
        hidden: vec![128; 32],
        n_outputs: 16,
    };
    let scene = scene(440.0, 360.0, &shape);
    assert!(scene.bitmaps.is_empty());
    assert!(scene.shapes.len() < 4096 + 1100, "{}", scene.shapes.len());
}

#[test]
fn dead_is_told_by_shape_and_not_by_colour_alone() {
    let count = |health| {
        let mut scene = Scene::new(size(40.0, 40.0));
        let tile = Rect::new(4.0, 4.0, 32.0, 32.0);
        draw_unit_tile(&mut scene, &Theme::LIGHT, tile, Detail::Map, health, None);
        let crosses = scene
            .shapes
            .iter()
            .filter(|s| matches!(s, Shape::Path { .. }))
            .count();
        let outline = scene.shapes.iter().find_map(|s| match s {
            Shape::Rect { radius, paint, .. } => paint.stroke.map(|k| (*radius, k.dash.is_some())),
            _ => None,
        });
        (crosses, outline.expect("every tile has an outline"))
    };
    let (alive, saturated, dead) = (
        count(Health::Alive),
        count(Health::Saturated),
        count(Health::Dead),
    );
    assert_eq!((alive.0, saturated.0, dead.0), (0, 0, 2));
    assert!(
        alive.1.0 > saturated.1.0 && saturated.1.0 > dead.1.0,
        "corners"
    );
    assert_eq!((alive.1.1, saturated.1.1, dead.1.1), (false, true, false));
}

#[test]
fn maps_are_shown_for_units_that_respond() {
    let scene = scene(400.0, 300.0, &small());
    let n_images = scene
        .shapes
        .iter()
        .filter(|s| matches!(s, Shape::Image { .. }))
        .count();
    // Dead are layer 1 unit 1 and layer 2 unit 4, which the network does not have.
    assert_eq!(n_images, 6);
    assert_eq!(scene.bitmaps.len(), 2);
    for shape in &scene.shapes {
        if let Shape::Image { bitmap, source, .. } = shape {
            assert!(scene.bitmaps[*bitmap].rect().encloses(source));
        }
    }
}

#[test]
fn a_flash_fades_and_ends() {
    let at = UnitAt { layer: 0, unit: 1 };
    assert_eq!(
        Flash::new(at, Health::Dead, 300.0).map(|f| f.progress),
        Some(0.5)
    );
    assert_eq!(Flash::new(at, Health::Dead, 600.0), None);
    assert_eq!(Flash::new(at, Health::Dead, -1.0), None);
}

#[test]
fn a_network_without_a_snapshot_is_drawn_alive() {
    let shape = small();
    let data = NetworkData {
        shape: &shape,
        layers: &[],
        selected: None,
        hovered: None,
        focused: None,
        flashes: &[],
    };
    let scene = network_scene(size(400.0, 300.0), &Theme::DARK, &data);
    assert!(!scene.shapes.is_empty());
    expect!["Network with 2 inputs, hidden layers of 4, 3 units and 1 output."]
        .assert_eq(&describe_network(&data));
}

#[test]
fn words_say_what_the_picture_shows() {
    let shape = small();
    let layers = layers(&shape, 0);
    let data = NetworkData {
        shape: &shape,
        layers: &layers,
        selected: None,
        hovered: None,
        focused: None,
        flashes: &[],
    };
    expect![[r#"
        Network with 2 inputs, hidden layers of 4, 3 units and 1 output.
        Of 7 units 4 are alive, 2 saturated and 1 dead.
        Dead are 1 of 4 in layer 1."#]]
    .assert_eq(&describe_network(&data).replace(". ", ".\n"));
    let at = UnitAt { layer: 0, unit: 0 };
    expect![[r#"
        Layer 1 unit 1, dead: z from −3.2 to −0.1, mean −1.4;
        100 % of samples at or below 0."#]]
    .assert_eq(&describe_network_unit(at, &layers[0].units[0]).replace("; ", ";\n"));
}
