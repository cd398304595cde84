use actiscope_core::activation::{Activation, ActivationSpec};
use actiscope_core::health::mean_field::{Fate, signal};
use actiscope_core::protocol::LayerSnapshot;
use actiscope_core::scenario::Scenario;
use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::density::Edges;
use super::dots::read_out;
use super::signal::{describe_signal, fate_in_words, measured_ratio, signal_dots};
use super::strips::strips_csv;
use super::update::{describe_update, update_dots};
use super::*;
use crate::plot::kit::check::texts_are_apart_and_inside;
use crate::plot::kit::geometry::{point, size};
use crate::plot::kit::scene::{Scene, Shape};
use crate::plot::kit::theme::Theme;

/// z spread evenly over -1..1, in 8 bins over -4..4.
fn cell(scale: f32) -> Cell {
    let shares = [0, 0, 0, 32_767, 32_767, 0, 0, 0];
    Cell {
        low: -4.0 * scale,
        high: 4.0 * scale,
        shares: shares.to_vec(),
        update_ratio: 2e-3 * scale,
        gradient_rms: 0.1,
        alpha: None,
        function: 0,
    }
}

fn columns(n_layers: usize, steps: impl IntoIterator<Item = u64>) -> Vec<Column> {
    let column = |step| Column {
        step,
        layers: (0..n_layers)
            .map(|l| cell(1.0 / (1.0 + l as f32)))
            .collect(),
    };
    steps.into_iter().map(column).collect()
}

fn strips(columns: &[Column]) -> Strips<'_> {
    Strips {
        columns,
        functions: None,
        domain_end: columns.last().map_or(0, |column| column.step),
        is_log_x: false,
        cursor: None,
        selected: Some(0),
        crosshair: None,
    }
}

fn layers(n: usize, shrink: f32) -> Vec<LayerSnapshot> {
    (0..n)
        .map(|l| LayerSnapshot {
            z_std: 0.9,
            z_mean: 0.1,
            z_gradient_rms: shrink.powi((n - l) as i32),
            ..LayerSnapshot::default()
        })
        .collect()
}

fn theory(n_hidden: usize, id: &str) -> Vec<actiscope_core::health::mean_field::LayerSignal> {
    let mut spec = Scenario::default().network;
    spec.hidden = vec![8; n_hidden];
    spec.activation = ActivationSpec::new(id);
    let f = Activation::resolve(&spec.activation).expect("the catalogue has it");
    signal(&spec, |z| f.f(z), |z| f.slope(z), 0.3)
}

proptest! {
    #[test]
    fn texts_of_strips_never_overlap(
        width in 260.0..1200.0f64, height in 180.0..700.0f64, scale in 1.0..1.6f64,
        n_layers in 1..=33usize, last in 1..100_000u64, is_log_x: bool,
    ) {
        let columns = columns(n_layers, [0, last / 2, last]);
        let data = Strips { is_log_x, ..strips(&columns) };
        let theme = Theme::LIGHT.at_scale(scale);
        texts_are_apart_and_inside(&strips_scene(size(width, height), &theme, &data));
    }

    #[test]
    fn texts_of_dots_never_overlap(
        width in 260.0..1200.0f64, height in 180.0..700.0f64, scale in 1.0..1.6f64,
        n in 2..=33usize, shrink in 0.01..3.0f32, is_signal: bool,
    ) {
        let layers = layers(n, shrink);
        let dots = if is_signal {
            signal_dots(&layers, &theory(n - 1, "sigmoid"))
        } else {
            let ratios: Vec<f32> = layers.iter().map(|layer| layer.z_gradient_rms).collect();
            update_dots(&ratios, &columns(n, 0..100), 99)
        };
        let theme = Theme::LIGHT.at_scale(scale);
        texts_are_apart_and_inside(&dots_scene(size(width, height), &theme, &dots));
    }

    #[test]
    fn pointing_finds_step_and_layer(n in 1..=33usize, layer in 0..33usize, step in 0..5_000u64) {
        let columns = columns(n, [0, 5_000]);
        let g = StripsGeometry::new(size(420.0, 300.0), &Theme::DARK, &strips(&columns));
        let layer = layer % n;
        let px = point(g.x.px_from_data(step as f64), g.strips[layer].center().y);
        prop_assert_eq!(g.at(px), Some((step, layer)));
        prop_assert_eq!(g.at(point(-1.0, px.y)), None);
    }

    #[test]
    fn density_keeps_the_mass(low in -9.0..-0.1f64, high in 0.1..9.0f64, n in 1..90usize) {
        let cell = cell(1.0);
        for edges in [Edges::of_z(&cell), Edges::of_a(&cell, |z| z.max(0.0)), Edges::of_a(&cell, f64::tanh)] {
            let mut rows = vec![0.0; n];
            edges.fill(&cell, (low, high), &mut rows);
            let mass: f64 = rows.iter().sum();
            prop_assert!((mass - 65_534.0 / 65_535.0).abs() < 1e-9, "{}", mass);
        }
    }
}

/// Half of z, spread over -1..1, is below 0: ReLU takes it to 0 and leaves the rest.
#[test]
fn the_histogram_of_a_is_that_of_z_through_f() {
    let cell = cell(1.0);
    let mut rows = [0.0; 4];
    Edges::of_a(&cell, |z| z.max(0.0)).fill(&cell, (0.0, 1.0), &mut rows);
    let shares = rows.map(|share| (1000.0 * share).round());
    // From the top: a in 0.75..1, 0.5..0.75, 0.25..0.5, 0..0.25.
    assert_eq!(shares, [125.0, 125.0, 125.0, 625.0]);
    let quantiles = Edges::of_z(&cell).quantiles(&cell, [0.1, 0.5, 0.9]);
    let rounded = quantiles.map(|qs| qs.map(|q| (100.0 * q).round() / 100.0 + 0.0));
    assert_eq!(rounded, Some([-0.8, 0.0, 0.8]));
}

/// PReLU's alpha is learned: each cell is seen through its own.
#[test]
fn activations_of_prelu_follow_the_learned_alpha() {
    let mut columns = columns(2, [0, 10]);
    for (column, alpha) in columns.iter_mut().zip([0.5, -0.5]) {
        column.layers[0].alpha = Some(alpha);
    }
    let functions = [ActivationSpec::new("prelu")];
    let data = Strips {
        functions: Some(&functions),
        ..strips(&columns)
    };
    // z is spread over -1..1: the lower half goes to -0.5..0, or to 0..0.5.
    let least = |step| {
        let row = strips_csv(&data);
        let line = row
            .lines()
            .find(|line| line.starts_with(&format!("{step},layer 1,")));
        let field = line
            .and_then(|line| line.split(',').nth(2))
            .unwrap_or_default();
        actiscope_core::number::parse_f64(field)
    };
    assert!(
        least(0).is_some_and(|a| (a + 0.49).abs() < 0.01),
        "{:?}",
        least(0)
    );
    assert!(least(10).is_some_and(|a| a >= 0.0), "{:?}", least(10));
    // What comes out of the network is z.
    let output = data.read_out(0, 1);
    assert_eq!(
        output.as_deref(),
        Some("step 0 · output · a 0, 80 % −0.4 to 0.4")
    );
}

/// Where mass lies: pixels of the bitmap that are painted, as rows of the strip of a layer.
fn painted_rows(scene: &Scene, g: &StripsGeometry, layer: usize, x: usize) -> Vec<usize> {
    let bitmap = &scene.bitmaps[0];
    let strip = g.strips[layer];
    let top = (strip.y - g.plot.y) as usize;
    (0..strip.height as usize)
        .filter(|row| bitmap.get(x, top + row)[3] > 0)
        .collect()
}

#[test]
fn strips_show_where_values_lie_and_activations_where_f_takes_them() {
    let columns = columns(3, [0, 100, 200]);
    let data = strips(&columns);
    let panel = size(420.0, 300.0);
    let g = StripsGeometry::new(panel, &Theme::LIGHT, &data);
    assert_eq!(g.range, (-1.0, 1.0));
    let scene = strips_scene(panel, &Theme::LIGHT, &data);
    assert!(matches!(scene.shapes[0], Shape::Image { .. }));
    let rows = painted_rows(&scene, &g, 0, 50);
    assert_eq!(rows.len(), g.strips[0].height as usize, "z fills -1..1");
    let rows = painted_rows(&scene, &g, 1, 50);
    let half = g.strips[1].height / 2.0;
    assert!(
        (rows.len() as f64 - half).abs() <= 2.0,
        "z of layer 2 fills half"
    );

    let functions = [ActivationSpec::new("relu")];
    let data = Strips {
        functions: Some(&functions),
        ..data
    };
    let g = StripsGeometry::new(panel, &Theme::LIGHT, &data);
    assert_eq!(g.range, (0.0, 1.0), "a ReLU's values are never negative");
}

#[test]
fn strips_are_one_image_and_few_shapes_however_deep() {
    let columns = columns(33, 0..400);
    let scene = strips_scene(size(500.0, 260.0), &Theme::DARK, &strips(&columns));
    assert_eq!(scene.bitmaps.len(), 1);
    assert!(scene.shapes.len() < 300, "{}", scene.shapes.len());
}

#[test]
fn columns_are_found_by_step() {
    let columns = columns(2, [0, 10, 20]);
    let at = |step| column_at(&columns, step).map(|column| column.step);
    assert_eq!(
        [at(0), at(9), at(10), at(99)],
        [Some(0), Some(0), Some(10), Some(20)]
    );
    assert_eq!(column_at(&[], 3), None);
}

fn check(actual: String, expect: Expect) {
    expect.assert_eq(&actual.replace(". ", ".\n"));
}

#[test]
fn words_say_what_the_strips_show() {
    let columns = columns(2, [0, 120]);
    check(
        describe_strips(&strips(&columns)),
        expect![[r#"
        z by layer over the steps 0 to 120, colour by how many.
        At step 120 80 % of z lies in layer 1 from −0.8 to 0.8 (at step 0: −0.8 to 0.8), in output from −0.4 to 0.4 (at step 0: −0.4 to 0.4)."#]],
    );
    check(
        describe_strips(&strips(&[])),
        expect![[r#"
        z by layer over the steps.
        Nothing has been measured yet."#]],
    );
    let read_out = strips(&columns).read_out(60, 1);
    check(
        read_out.unwrap_or_default(),
        expect!["step 0 · output · z 0, 80 % −0.4 to 0.4"],
    );
}

#[test]
fn words_say_what_the_dots_show() {
    check(
        describe_update(&update_dots(&[2e-2, 1e-3, 5e-5], &columns(3, 0..9), 5)),
        expect![[r#"
            RMS of the last update over RMS of the weights: least at output: 5e−5, most at layer 1: 0.02.
            The guide is 1e−3: 1 of 3 layers are over ten times that, 1 under a tenth."#]],
    );
    check(
        describe_update(&update_dots(&[0.0, 0.0], &[], 0)),
        expect!["Update ratio by layer: no update has been made yet."],
    );
    let (layers, theory) = (layers(11, 0.25), theory(10, "sigmoid"));
    check(
        describe_signal(&layers, &theory),
        expect![[r#"
        RMS of z: 0.906 at layer 1 (theory 0.775), 0.906 at layer 10 (theory 0.745).
        In theory the gradient vanishes on its way down: χ is 0.101 a layer, and layer 1 gets 3.3e−5 of what layer 10 gets.
        Measured it vanishes: 3.8e−6."#]],
    );
    let dots = signal_dots(&layers, &theory);
    check(
        dots.headline
            .map_or_else(String::new, |h| h.forms.join("\n")),
        expect![[r#"
        Theory: the gradient vanishes, χ 0.101 a layer.
        Now: it vanishes.
        Theory: vanishes, χ 0.101.
        Now: vanishes.
        Theory: vanishes, χ 0.101"#]],
    );
    let dots = signal_dots(&layers, &theory);
    check(
        read_out(&dots, 2).unwrap_or_default(),
        expect!["layer 3 · RMS of z 0.906, theory 0.745 · χ 0.0625, theory 0.101"],
    );
    check(
        describe_signal(&[], &[]),
        expect![[r#"
        Signal by layer.
        Nothing has been measured yet."#]],
    );
}

#[test]
fn what_was_measured_decides_the_word() {
    let of =
        |shrink| measured_ratio(&layers(6, shrink)).map(|ratio| fate_in_words(Fate::of(ratio)));
    assert_eq!(of(0.25), Some("vanishes"));
    assert_eq!(of(0.99), Some("keeps its size"));
    assert_eq!(of(4.0), Some("explodes"));
    assert_eq!(measured_ratio(&layers(2, 0.5)), None);
    assert_eq!(measured_ratio(&layers(6, 0.0)), None);
}

#[test]
fn a_trail_holds_the_ratios_up_to_the_step() {
    let mut columns = columns(2, 0..5);
    for column in &mut columns {
        column.layers[0].update_ratio = 1e-3 * (1.0 + column.step as f32);
    }
    let dots = update_dots(&[2e-3, 1e-3], &columns, 2);
    let trail = dots.columns[0].trail[0].map(|(low, high)| (short_of(low), short_of(high)));
    assert_eq!(trail, Some(("0.001".into(), "0.003".into())));
}

fn short_of(v: f64) -> String {
    crate::plot::kit::ticks::short((v * 1e6).round() / 1e6)
}
