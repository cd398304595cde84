use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::plot::kit::check::texts_are_apart_and_inside;
use crate::plot::kit::geometry::size;

fn history(n: u64) -> Vec<HistoryPoint> {
    (0..=n)
        .map(|step| {
            let t = step as f32;
            let loss = 0.7 / (1.0 + 0.02 * t);
            HistoryPoint {
                step,
                batch_loss: if step == 0 {
                    f32::NAN
                } else {
                    loss * (1.0 + 0.4 * (1.7 * t).sin())
                },
                loss,
                dead: (step / 30).min(9) as u16,
                saturated: u16::from(step > 100),
            }
        })
        .collect()
}

fn data(points: &[HistoryPoint]) -> HistoryData<'_> {
    HistoryData {
        points,
        n_units: 24,
        last_step: points.last().map_or(0, |p| p.step),
        marks: &[],
        ghosts: &[],
        is_log: false,
        is_log_x: false,
        cursor: None,
        crosshair: None,
    }
}

proptest! {
    #[test]
    fn texts_never_overlap_and_stay_inside(
        width in 280.0..1200.0f64, height in 180.0..700.0f64, scale in 1.0..1.6f64,
        n in 0..40_000u64, is_log: bool, loss in -9.0..9.0f64,
    ) {
        let mut points = history(n.min(300));
        if let Some(last) = points.last_mut() {
            last.step = n;
            last.loss = libm::pow(10.0, loss) as f32;
        }
        let data = HistoryData { is_log, ..data(&points) };
        let scene = history_scene(size(width, height), &Theme::LIGHT.at_scale(scale), &data);
        texts_are_apart_and_inside(&scene);
    }

    #[test]
    fn geometry_round_trips(width in 280.0..1200.0f64, n in 1..1_000_000u64, t in 0.0..1.0f64) {
        let points = history(10);
        let data = HistoryData { last_step: n, ..data(&points) };
        let g = HistoryGeometry::new(size(width, 300.0), &Theme::DARK, &data);
        let step = (t * n as f64).round();
        let px = point(g.x.px_from_data(step), g.lane.center().y);
        prop_assert_eq!(g.step_at(px), Some(step as u64));
        prop_assert_eq!(g.step_at(point(-3.0, px.y)), None);
    }

    #[test]
    fn columns_are_as_many_as_pixels_and_lose_no_extreme(n in 1..20_000u64) {
        let points = history(n);
        let x = Scale::linear((0.0, n as f64), (30.0, 330.0));
        let columns = columns(&points, &x);
        prop_assert!(columns.len() <= 301);
        let max = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
        let of_points = max(&mut points.iter().map(|p| f64::from(p.batch_loss)));
        let of_columns = max(&mut columns.iter().map(|c| c.batch.1));
        prop_assert_eq!(of_points, of_columns);
        prop_assert_eq!(columns.last().map(|c| c.dead), points.last().map(|p| p.dead));
    }
}

#[test]
fn a_spike_does_not_press_the_rest_flat() {
    let mut points = history(200);
    points[50].batch_loss = 900.0;
    points[51].loss = 700.0;
    let g = HistoryGeometry::new(size(400.0, 300.0), &Theme::LIGHT, &data(&points));
    assert!(g.loss.domain().1 <= 1.0, "{:?}", g.loss.domain());
}

#[test]
fn what_is_not_finite_is_not_drawn_but_said() {
    let mut points = history(200);
    for p in &mut points[150..] {
        p.loss = f32::NAN;
        p.batch_loss = f32::INFINITY;
    }
    let scene = history_scene(size(400.0, 300.0), &Theme::LIGHT, &data(&points));
    assert!(scene.texts().any(|t| t.text == "diverged"));
    for shape in &scene.shapes {
        if let crate::plot::kit::scene::Shape::Path { points, .. } = shape {
            assert!(points.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
        }
    }
}

fn check(data: &HistoryData, expect: Expect) {
    expect.assert_eq(&describe_history(data).replace(". ", ".\n"));
}

#[test]
fn words_say_what_the_picture_shows() {
    let points = history(240);
    check(
        &data(&points),
        expect![[r#"
        Loss from step 0 to 240: from 0.7 to 0.121, least 0.121 at step 240.
        Dead units: from 0 to 8 of 24.
        Saturated units: from 0 to 1."#]],
    );
    check(
        &data(&points[..1]),
        expect!["At step 0 the loss is 0.7; 0 of 24 units are dead and 0 saturated."],
    );
    check(
        &data(&[]),
        expect![[r#"
        Loss and health over steps.
        Nothing has been recorded yet."#]],
    );
}

#[test]
fn ghosts_stand_behind_the_run_and_are_named() {
    let (points, before) = (history(60), history(240));
    let ghosts = [Ghost {
        points: &before[60..],
        n_units: 24,
        label: "ReLU",
    }];
    let data = HistoryData {
        ghosts: &ghosts,
        last_step: 240,
        ..data(&points)
    };
    for width in [300.0, 420.0, 900.0] {
        for is_log_x in [false, true] {
            let data = HistoryData { is_log_x, ..data };
            let scene = history_scene(size(width, 300.0), &Theme::LIGHT, &data);
            texts_are_apart_and_inside(&scene);
            assert!(scene.texts().any(|t| t.text == "ReLU"), "at {width}");
        }
    }
    let read = |step| forms_at(&data, step).swap_remove(0);
    assert_eq!(
        read(30),
        "step 30 · loss 0.438 · batch loss 0.555 · dead 1 · saturated 0"
    );
    assert!(
        read(60).ends_with(" · with ReLU: loss 0.318, 2 dead"),
        "{}",
        read(60)
    );
    assert_eq!(read(200), "step 200 · with ReLU: loss 0.14, 6 dead");
    let words = describe_history(&data);
    let of_ghost = "Earlier run with ReLU: loss 0.121 and 8 dead at step 240.";
    assert!(words.ends_with(of_ghost), "{words}");
    let csv = history_csv(&data);
    assert_eq!(csv.lines().count(), 1 + 61 + 181);
    assert_eq!(csv.lines().nth(1), Some("now,0,,0.7,0,0"));
    assert!(
        csv.lines()
            .last()
            .is_some_and(|line| line.starts_with("ReLU,240,"))
    );
}
