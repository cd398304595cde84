use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::plot::kit::geometry::size;
use crate::plot::kit::scene::Shape;

fn relu() -> CurveSamples {
    CurveSamples::new((-4.0, 4.0), Some(1.0), |z| {
        if z > 0.0 { (z, 1.0) } else { (0.0, 0.0) }
    })
}

fn elu() -> CurveSamples {
    CurveSamples::new((-6.0, 6.0), Some(1.0), |z| {
        if z > 0.0 {
            (z, 1.0)
        } else {
            (libm::expm1(z), libm::exp(z))
        }
    })
}

fn crowd() -> Histogram {
    Histogram {
        low: -4.0,
        high: 4.0,
        counts: vec![1, 2, 5, 11, 30, 40, 18, 6, 3, 2, 1, 0, 1, 0, 0, 5],
    }
}

fn data<'a>(samples: &'a CurveSamples, z: &'a Histogram, of: &'a str) -> CurveData<'a> {
    CurveData {
        name: "ReLU",
        samples,
        z: Some(LiveZ {
            of,
            histogram: z,
            zero_slope_share: None,
        }),
        crosshair: None,
    }
}

proptest! {
    #[test]
    fn geometry_round_trips(
        width in 200.0..1200.0f64, height in 140.0..700.0f64, z in -4.0..4.0f64, v in 0.0..4.0f64,
        scale in 1.0..2.0f64,
    ) {
        let (samples, crowd) = (relu(), crowd());
        let theme = Theme::LIGHT.at_scale(scale);
        let g = CurveGeometry::new(size(width, height), &theme, &data(&samples, &crowd, "z"));
        let px = g.px_from_data(point(z, v));
        prop_assert!((g.x.data_from_px(px.x) - z).abs() < 1e-9);
        prop_assert!((g.y.data_from_px(px.y) - v).abs() < 1e-9);
        prop_assert!(g.z_at(px).is_some_and(|back| (back - z).abs() < 1e-9));
        prop_assert!(g.z_at(point(-1.0, px.y)).is_none());
    }

    #[test]
    fn texts_never_overlap_and_stay_inside(
        width in 260.0..1200.0f64, height in 180.0..700.0f64, scale in 1.0..1.8f64,
        is_elu: bool,
    ) {
        let samples = if is_elu { elu() } else { relu() };
        let crowd = crowd();
        let theme = Theme::LIGHT.at_scale(scale);
        let size = size(width, height);
        let scene = curve_scene(size, &theme, &data(&samples, &crowd, "z of layer 1"));
        crate::plot::kit::check::texts_are_apart_and_inside(&scene);
    }
}

#[test]
fn slope_of_relu_is_drawn_broken() {
    let (samples, crowd) = (relu(), crowd());
    let theme = Theme::LIGHT;
    let data = data(&samples, &crowd, "z of layer 1");
    let size = size(420.0, 340.0);
    let g = CurveGeometry::new(size, &theme, &data);
    let (y0, y1) = (g.y.px_from_data(0.0), g.y.px_from_data(1.0));
    let scene = curve_scene(size, &theme, &data);
    let slope_points: Vec<Point> = scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Path { points, paint, .. } => {
                let is_slope = paint.stroke.is_some_and(|s| s.color == theme.df);
                is_slope.then(|| points.clone())
            }
            _ => None,
        })
        .flatten()
        .collect();
    assert!(slope_points.len() > 20, "dashes");
    for p in slope_points {
        let at_level = (p.y - y0).abs() < 0.2 || (p.y - y1).abs() < 0.2;
        assert!(at_level, "{p:?} is between the two levels {y0} and {y1}");
    }
}

#[test]
fn crosshair_says_what_it_points_at() {
    let (samples, crowd) = (elu(), crowd());
    let mut data = data(&samples, &crowd, "z of layer 1");
    data.crosshair = Some(-1.0);
    let scene = curve_scene(size(420.0, 340.0), &Theme::DARK, &data);
    let is_said = scene
        .texts()
        .any(|t| t.text == "z −1.00 · f −0.63 · f′ 0.37");
    assert!(is_said, "{:?}", scene.texts().last());
}

#[test]
fn range_grows_in_strides() {
    assert_eq!(suggested_z_range(&Histogram::default()), (-4.0, 4.0));
    assert_eq!(suggested_z_range(&crowd()), (-4.0, 4.0));
    let range_of = |low: f32, high: f32| {
        suggested_z_range(&Histogram {
            low,
            high,
            counts: vec![1; 20],
        })
    };
    assert_eq!(range_of(-10.0, 10.0), (-12.0, 12.0));
    assert_eq!(range_of(-60.0, 1.0), (-32.0, 8.0));
    assert_eq!(range_of(0.0, 15.0), (-4.0, 16.0));
}

fn check(data: &CurveData, expect: Expect) {
    expect.assert_eq(&describe_curve(data).replace(". ", ".\n"));
}

#[test]
fn words_say_what_the_picture_shows() {
    let (crowd, relu, elu) = (crowd(), relu(), elu());
    check(
        &data(&relu, &crowd, "z of layer 1"),
        expect![[r#"
        ReLU and its slope for z from −4 to 4.
        The slope is 0 for z from −4 to 0.
        Of z of layer 1, 80 % lies between −2.3 and −0.0417; 90 % gets no gradient."#]],
    );
    let elu = CurveData {
        name: "ELU",
        ..data(&elu, &crowd, "z of layer 2 unit 3")
    };
    check(
        &elu,
        expect![[r#"
        ELU and its slope for z from −6 to 6.
        It is under 5 % of its maximum for z from −6 to −3.
        Of z of layer 2 unit 3, 80 % lies between −2.3 and −0.0417; 2 % is saturated."#]],
    );
    check(
        &CurveData { z: None, ..elu },
        expect![[r#"
        ELU and its slope for z from −6 to 6.
        It is under 5 % of its maximum for z from −6 to −3."#]],
    );
}
