use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::plot::kit::check::texts_are_apart_and_inside;
use crate::plot::kit::geometry::size;

fn data(n_hidden: usize, exponents: &[f64]) -> LayersData {
    let rows = (0..=n_hidden)
        .map(|i| LayerRow {
            is_output: i == n_hidden,
            n_units: if i == n_hidden { 0 } else { 8 },
            dead: if i == n_hidden { 0 } else { (3 * i + 5) % 8 },
            saturated: usize::from(i == 1),
            gradient_rms: libm::pow(10.0, exponents[i % exponents.len()]),
            z_mean: 0.3 * i as f64 - 1.0,
            z_std: 1.0 + 0.1 * i as f64,
        })
        .collect();
    LayersData {
        rows,
        ..LayersData::default()
    }
}

proptest! {
    #[test]
    fn texts_never_overlap_and_stay_inside(
        width in 260.0..1200.0f64, height in 180.0..700.0f64, scale in 1.0..1.6f64,
        n_hidden in 1..=32usize, exponents in prop::collection::vec(-40.0..8.0f64, 1..33),
    ) {
        let data = data(n_hidden, &exponents);
        let scene = layers_scene(size(width, height), &Theme::LIGHT.at_scale(scale), &data);
        texts_are_apart_and_inside(&scene);
    }

    #[test]
    fn pointing_at_a_row_finds_it(n_hidden in 1..=32usize, row in 0..33usize, x in 0.0..1.0f64) {
        let data = data(n_hidden, &[-2.0]);
        let size = size(420.0, 260.0);
        let g = LayersGeometry::new(size, &Theme::DARK, &data);
        let row = row % data.rows.len();
        let px = point(x * size.width, g.rows[row].center().y);
        prop_assert_eq!(g.row_at(px), Some(row));
    }

    #[test]
    fn gradient_axis_round_trips(e in -3.0..0.0f64) {
        let data = data(3, &[-3.0, 0.0]);
        let g = LayersGeometry::new(size(420.0, 260.0), &Theme::DARK, &data);
        let v = libm::pow(10.0, e);
        let back = g.gradient.data_from_px(g.dot(0, v).x);
        prop_assert!((back / v - 1.0).abs() < 1e-9);
    }
}

#[test]
fn no_gradient_and_a_diverged_one_are_said() {
    let mut data = data(3, &[-1.0]);
    data.rows[0].gradient_rms = 0.0;
    data.rows[1].gradient_rms = f64::NAN;
    let scene = layers_scene(size(420.0, 260.0), &Theme::LIGHT, &data);
    for expect in ["none", "diverged", "0.1"] {
        assert!(scene.texts().any(|t| t.text == expect), "{expect}");
    }
}

fn check(data: &LayersData, expect: Expect) {
    expect.assert_eq(&describe_layers(data).replace(". ", ".\n"));
}

#[test]
fn words_say_what_the_picture_shows() {
    check(
        &data(3, &[-0.5, -0.8, -1.05, -0.7]),
        expect![[r#"
            RMS of the gradient by layer: 0.316 at layer 1, 0.2 at output, least at layer 3: 0.0891.
            Through the hidden layers it keeps its size: layer 1 gets 3.55 of what layer 3 gets.
            Dead units: 5 of 8 in layer 1, 3 of 8 in layer 3.
            Saturated units: 1 of 8 in layer 2."#]],
    );
    check(
        &LayersData::default(),
        expect![[r#"
        Gradient by layer.
        Nothing has been measured yet."#]],
    );
}
