use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::plot::kit::check::texts_are_apart_and_inside;
use crate::plot::kit::geometry::{Rect, size};

/// Class 1 to the right of x1 = 0.
fn plane(cells: usize) -> Vec<f32> {
    (0..cells * cells)
        .map(|i| (i % cells) as f32 / (cells - 1) as f32)
        .collect()
}

const X: [f32; 8] = [-0.5, 0.5, 0.5, 0.5, -0.5, -0.5, 0.9, -0.9];
const Y: [f32; 4] = [0.0, 1.0, 0.0, 1.0];

fn data(field: &[f32]) -> FieldData<'_> {
    FieldData {
        field,
        extent: 1.2,
        center: [0.0, 0.0],
        x: &X,
        y: &Y,
        n_inputs: 2,
        n_train: 3,
        n_classes: 2,
        accuracy: Some(0.969),
        threshold: 0.5,
        axes: None,
    }
}

proptest! {
    #[test]
    fn texts_never_overlap_and_stay_inside(
        width in 60.0..900.0f64, height in 60.0..700.0f64, scale in 1.0..1.6f64,
        extent in 0.1..50.0f64, n_inputs in 1..3usize, n_classes in 0..17usize,
    ) {
        let field = plane(16);
        let data = FieldData { extent, n_inputs, n_classes, ..data(&field) };
        let scene = field_scene(size(width, height), &Theme::LIGHT.at_scale(scale), &data);
        texts_are_apart_and_inside(&scene);
        let key = field_key_scene(size(width.max(160.0 * scale), 24.0 * scale), &Theme::LIGHT.at_scale(scale), &data);
        texts_are_apart_and_inside(&key);
    }

    #[test]
    fn geometry_round_trips(
        width in 60.0..900.0f64, height in 60.0..700.0f64, x in -1.2..1.2f64, y in -1.2..1.2f64,
    ) {
        let field = plane(4);
        let g = FieldGeometry::new(size(width, height), &Theme::DARK, &data(&field));
        prop_assert!(Rect::of_size(size(width, height)).encloses(&g.plot));
        prop_assert!((g.plot.width - g.plot.height).abs() < 1e-9, "square");
        let back = g.data_at(g.px_from_data(point(x, y)));
        prop_assert!(back.is_some_and(|p| (p.x - x).abs() < 1e-9 && (p.y - y).abs() < 1e-9));
    }
}

#[test]
fn probabilities_are_blue_to_orange_through_the_paper() {
    let t = Theme::LIGHT;
    let bitmap = field_bitmap(&t, &data(&[0.0, 0.5, 1.0, f32::NAN]));
    let expect = |c: Color| [c.r, c.g, c.b, 255];
    assert_eq!(bitmap.get(0, 0), expect(t.bg.mix(t.neg, 0.72)));
    assert_eq!(bitmap.get(1, 0), expect(t.bg));
    assert_eq!(bitmap.get(0, 1), expect(t.bg.mix(t.pos, 0.72)));
    assert_eq!(bitmap.get(1, 1), expect(t.bg), "not a number");
}

/// What of a marker is its shape: corners about the middle, none for a circle.
fn corners_of(class: usize) -> Vec<(i64, i64)> {
    let rounded = |v: f64| (1e3 * v).round() as i64;
    match marker(class, Point::default(), 3.0, Paint::default()) {
        Shape::Path { points, .. } => {
            let corner = |p: &Point| (rounded(p.x), rounded(p.y));
            points.iter().map(corner).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn sixteen_classes_are_told_apart() {
    let themes = [
        Theme::LIGHT,
        Theme::DARK,
        Theme::LIGHT_CONTRAST,
        Theme::DARK_CONTRAST,
    ];
    for theme in themes {
        let looks: Vec<_> = (0..16)
            .map(|class| (theme.series(class).css(), corners_of(class)))
            .collect();
        for (class, look) in looks.iter().enumerate() {
            assert!(!looks[..class].contains(look), "class {class}: {look:?}");
        }
        for (class, pair) in looks.windows(2).enumerate() {
            assert_ne!(pair[0].0, pair[1].0, "colour of class {class} and the next");
            assert_ne!(pair[0].1, pair[1].1, "shape of class {class} and the next");
        }
    }
}

#[test]
fn the_ground_of_a_later_class_is_striped() {
    let of_class = |class: f32| {
        let field = [class; 64];
        let data = FieldData {
            n_classes: 16,
            ..data(&field)
        };
        let bitmap = field_bitmap(&Theme::LIGHT, &data);
        let mut colors: Vec<[u8; 4]> = (0..8).map(|x| bitmap.get(x, 0)).collect();
        colors.dedup();
        colors
    };
    assert_eq!(of_class(3.0).len(), 1);
    assert_eq!(of_class(11.0).len(), 4);
    assert!(of_class(11.0).contains(&of_class(3.0)[0]));
}

#[test]
fn the_key_shows_every_class() {
    let field = [0.0; 64];
    for n_classes in 3..=16 {
        let data = FieldData {
            n_classes,
            ..data(&field)
        };
        let scene = field_key_scene(size(280.0, 40.0), &Theme::DARK, &data);
        let is_marker = |shape: &&Shape| matches!(shape, Shape::Circle { .. } | Shape::Path { .. });
        assert_eq!(scene.shapes.iter().filter(is_marker).count(), n_classes);
        texts_are_apart_and_inside(&scene);
    }
}

#[test]
fn held_out_samples_are_hollow() {
    let field = plane(8);
    let scene = field_points_scene(size(200.0, 200.0), &Theme::LIGHT, &data(&field));
    let fills: Vec<bool> = scene
        .shapes
        .iter()
        .map(|shape| match shape {
            Shape::Circle { paint, .. } | Shape::Path { paint, .. } => {
                paint.fill == Some(Theme::LIGHT.bg)
            }
            other => panic!("{other:?} is no marker"),
        })
        .collect();
    assert_eq!(fills, [false, false, false, true]);
}

#[test]
fn the_boundary_is_drawn_where_the_answer_changes() {
    let field = plane(16);
    let data = data(&field);
    let size = size(240.0, 240.0);
    let g = FieldGeometry::new(size, &Theme::LIGHT, &data);
    let scene = field_ground_scene(size, &Theme::LIGHT, &data);
    let middle = g.plot.center().x;
    let is_boundary = |shape: &Shape| match shape {
        Shape::Path { points, paint, .. } => {
            paint.stroke.is_some_and(|s| s.color == Theme::LIGHT.ink)
                && points.iter().all(|p| (p.x - middle).abs() < 0.1)
        }
        _ => false,
    };
    assert!(scene.shapes.iter().any(is_boundary));
}

#[test]
fn a_steep_boundary_is_as_straight_as_it_is() {
    // A straight, slanting boundary of a network that is very sure of itself.
    const CELLS: usize = 24;
    let slanting: Vec<f32> = (0..CELLS * CELLS)
        .map(|i| {
            let (x, y) = ((i % CELLS) as f64, (i / CELLS) as f64);
            (1.0 / (1.0 + libm::exp(-5.0 * (x - 0.37 * y - 6.0)))) as f32
        })
        .collect();
    let logits: Vec<f32> = slanting.iter().map(|&p| logit(p)).collect();
    let lines = contour(&logits, CELLS, 0.0);
    assert_eq!(lines.len(), 1);
    for p in &lines[0] {
        let off = (p.x - 0.5) - 0.37 * (p.y - 0.5) - 6.0;
        assert!(off.abs() < 0.02, "{off} at {p:?}");
    }
}

#[test]
fn a_pointer_near_a_sample_finds_it() {
    let field = plane(4);
    let data = data(&field);
    let g = FieldGeometry::new(size(300.0, 300.0), &Theme::LIGHT, &data);
    let p = g.px_from_data(point(0.5, 0.5));
    assert_eq!(g.sample_at(&data, point(p.x + 2.0, p.y), 6.0), Some(1));
    assert_eq!(g.sample_at(&data, point(p.x + 20.0, p.y), 6.0), None);
    assert_eq!(g.px_of_sample(&data, 1), Some(p));
    assert_eq!(g.px_of_sample(&data, data.y.len()), None);
}

#[test]
fn words_say_what_the_picture_shows() {
    let field = plane(16);
    let check = |data: &FieldData, expect: expect_test::Expect| {
        expect.assert_eq(&describe_field(data).replace(". ", ".\n"));
    };
    check(
        &data(&field),
        expect![[r#"
        Answer of the network for x₁ and x₂ from −1.2 to 1.2, with 4 samples, 1 of them held out for testing.
        By class: class 0 has 2, class 1 has 2.
        Class 1 is answered on 50 % of the plane.
        Right are 96.9 %."#]],
    );
    let line = FieldData {
        n_inputs: 1,
        n_classes: 0,
        x: &X[..4],
        n_train: 4,
        accuracy: None,
        ..data(&field)
    };
    check(
        &line,
        expect!["Answer of the network for x from −1.2 to 1.2, with 4 samples."],
    );
}
