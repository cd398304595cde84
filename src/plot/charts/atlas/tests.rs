use actiscope_core::activation::{Activation, ActivationSpec};
use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::plot::kit::check::texts_are_apart_and_inside;
use crate::plot::kit::geometry::{point, size};
use crate::plot::kit::scene::Shape;
use crate::plot::kit::theme::Theme;

const NAMES: [&str; 8] = [
    "ReLU",
    "Leaky ReLU",
    "ELU",
    "GELU (tanh)",
    "Tanh",
    "Sigmoid",
    "LogSigmoid",
    "HardSigmoid",
];
const IDS: [&str; 8] = [
    "relu",
    "leaky_relu",
    "elu",
    "gelu_tanh",
    "tanh",
    "sigmoid",
    "log_sigmoid",
    "hard_sigmoid",
];

fn activation(id: &str) -> Activation {
    Activation::resolve(&ActivationSpec::new(id)).expect("resolves")
}

fn with_curves<T>(n: usize, z: f64, reach: f64, then: impl FnOnce(&CurvesData) -> T) -> T {
    let z_range = (-reach, reach);
    let all: Vec<(Activation, FunctionSamples)> = (IDS[..n].iter())
        .map(|id| activation(id))
        .map(|a| (a.clone(), FunctionSamples::of(&a, z_range)))
        .collect();
    let functions: Vec<Drawn> = (all.iter().enumerate())
        .map(|(i, (a, samples))| Drawn {
            name: NAMES[i],
            slot: Some(i),
            is_focused: i == 2,
            samples,
            at_z: [a.f(z), a.slope(z), a.curvature(z)],
        })
        .collect();
    then(&CurvesData {
        z_range,
        functions: &functions,
        z,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn texts_of_the_curves_never_overlap_and_stay_inside(
        width in 320.0..1200.0f64, height in 300.0..800.0f64, scale in 1.0..1.6f64, n in 0..9usize,
        z in -4.0..4.0f64,
    ) {
        let theme = Theme::LIGHT.at_scale(scale);
        with_curves(n, z, 4.0, |data| {
            texts_are_apart_and_inside(&curves_scene(size(width, height), &theme, data));
        });
    }

    #[test]
    fn texts_of_depth_never_overlap_and_stay_inside(
        width in 320.0..1200.0f64, height in 120.0..500.0f64, scale in 1.0..1.6f64, n in 0..9usize,
        rate in -1.0..0.3f64, pointed in prop::option::of(1..33usize),
    ) {
        let theme = Theme::DARK.at_scale(scale);
        let lines: Vec<DepthLine> = (0..n).map(|i| line(i, rate * i as f64)).collect();
        let data = DepthChartData { lines: &lines, n_layers: 32, pointed };
        texts_are_apart_and_inside(&depth_scene(size(width, height), &theme, &data));
    }

    #[test]
    fn a_pointer_is_over_the_z_that_is_drawn_there(
        width in 360.0..1200.0f64, height in 360.0..800.0f64, z in -4.0..4.0f64,
    ) {
        with_curves(3, 0.0, 4.0, |data| {
            let g = CurvesGeometry::new(size(width, height), &Theme::LIGHT, data);
            let at = point(g.x.px_from_data(z), height / 2.0);
            assert!(g.z_at(at).is_some_and(|back| (back - z).abs() < 1e-9));
            assert_eq!(g.z_at(point(width - 1.0, height / 2.0)), None);
        });
    }
}

fn line(i: usize, rate: f64) -> DepthLine {
    let rms: Vec<f64> = (1..=32).map(|n| libm::exp(rate * f64::from(n))).collect();
    DepthLine {
        name: NAMES[i].to_owned(),
        slot: Some(i),
        is_focused: i == 1,
        theory: rms.clone(),
        rms,
        dies_forward: i == 5,
    }
}

#[test]
fn a_reading_has_three_decimals_or_a_power_of_ten() {
    let read = [
        0.0,
        -0.0151,
        0.2231,
        6.99,
        3.4e-20,
        -1.2e-4,
        0.0005,
        2.5e6,
        f64::NAN,
        f64::INFINITY,
    ];
    expect!["0 | −0.015 | 0.223 | 6.990 | 3 × 10⁻²⁰ | −1 × 10⁻⁴ | 0.001 | 2 × 10⁶ | undefined | ∞"]
        .assert_eq(&read.map(reading).join(" | "));
}

#[test]
fn words_say_what_the_pictures_show() {
    let words = with_curves(3, -1.5, 4.0, describe_curves);
    expect!["f, f′ and f″ for z from −4.00 to 4.00. At z −1.50: ReLU: f 0, f′ 0, f″ 0; Leaky ReLU: f −0.015, f′ 0.010, f″ 0; ELU: f −0.777, f′ 0.223, f″ 0.223."]
        .assert_eq(&words);
    let lines = [line(0, 0.0), line(1, -0.5), line(5, 0.0)];
    let data = DepthChartData {
        lines: &lines,
        n_layers: 32,
        pointed: None,
    };
    expect!["Gradient RMS after 32 layers: ReLU 1.000; Leaky ReLU 1 × 10⁻⁷; Sigmoid has no signal left to begin with."]
        .assert_eq(&describe_depth(&data));
}

#[test]
fn a_slope_that_is_infinite_leaves_with_an_arrow() {
    let root = Activation::resolve(&ActivationSpec::formula("sqrt(z)")).expect("resolves");
    let samples = FunctionSamples::of(&root, (-4.0, 4.0));
    let functions = [Drawn {
        name: "root",
        slot: None,
        is_focused: false,
        samples: &samples,
        at_z: [1.0, 0.5, -0.25],
    }];
    let data = CurvesData {
        z_range: (-4.0, 4.0),
        functions: &functions,
        z: 1.0,
    };
    let scene = curves_scene(size(700.0, 500.0), &Theme::LIGHT, &data);
    let arrows = scene.shapes.iter().filter(
        |shape| matches!(shape, Shape::Path { points, is_closed: true, .. } if points.len() == 3),
    );
    assert_eq!(arrows.count(), 2, "f' upwards, f'' downwards");
}
