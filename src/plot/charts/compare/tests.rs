use super::*;
use crate::plot::kit::check::texts_are_apart_and_inside;

fn lane(name: &str, slot: usize, losses: &[f64], crossing: Option<f64>) -> LossLane {
    let points = losses.iter().enumerate().map(|(i, &median)| LossPoint {
        step: 100 * i as u64,
        q1: 0.8 * median,
        median,
        q3: 1.25 * median,
    });
    LossLane {
        name: name.into(),
        slot,
        dash: 0,
        points: points.collect(),
        crossing,
    }
}

fn data(lanes: &[LossLane]) -> CompareData<'_> {
    CompareData {
        lanes,
        n_steps: 300,
        target: 0.1,
        is_log: true,
        is_log_x: false,
        pointed: None,
        cursor: None,
    }
}

fn three() -> Vec<LossLane> {
    vec![
        lane("Sigmoid", 0, &[0.7, 0.69, 0.68, 0.68], None),
        lane("Tanh", 1, &[0.7, 0.3, 0.12, 0.08], Some(250.0)),
        lane("ReLU", 2, &[0.7, 0.09, 0.05, 0.02], Some(98.0)),
    ]
}

const SIZE: Size = Size {
    width: 560.0,
    height: 260.0,
};

fn texts(data: &CompareData) -> Vec<String> {
    let scene = compare_scene(SIZE, &Theme::LIGHT, data);
    scene.texts().map(|text| text.text.clone()).collect()
}

#[test]
fn it_is_drawn_at_every_size_and_of_anything() {
    let diverged = lane("SELU", 3, &[0.7, f64::INFINITY, f64::INFINITY], None);
    let mut four = three();
    four.push(diverged);
    let mut many = four.clone();
    many.extend((4..8).map(|slot| lane("Other", slot, &[0.7, 0.2, 0.1, 0.0], Some(200.0))));
    for lanes in [
        vec![],
        vec![lane("Alone", 0, &[], None)],
        three(),
        four,
        many,
    ] {
        for (width, height) in [(560.0, 260.0), (320.0, 200.0), (60.0, 30.0), (0.0, 0.0)] {
            for (is_log, is_log_x) in [(true, false), (false, true)] {
                for theme in [Theme::LIGHT, Theme::DARK] {
                    let data = CompareData {
                        is_log,
                        is_log_x,
                        cursor: Some(150),
                        ..data(&lanes)
                    };
                    let scene = compare_scene(Size { width, height }, &theme, &data);
                    if width >= 320.0 {
                        texts_are_apart_and_inside(&scene);
                    }
                }
            }
        }
    }
}

#[test]
fn few_have_their_crossing_in_numbers_and_many_do_not() {
    let lanes = three();
    let few = texts(&data(&lanes));
    for expected in ["target 0.1", "98", "250", "Sigmoid", "0.68", "0.02"] {
        assert!(
            few.iter().any(|text| text == expected),
            "{expected}: {few:?}"
        );
    }
    let mut many = three();
    many.extend((3..6).map(|slot| lane("Other", slot, &[0.7, 0.3, 0.2, 0.15], None)));
    assert!(!texts(&data(&many)).contains(&"98".to_owned()));
}

#[test]
fn what_leaves_the_chart_and_what_diverges_says_so() {
    let lanes = [
        lane("Up", 0, &[0.7, 3.0, 3.9], None),
        lane("Gone", 1, &[0.7, f64::INFINITY], None),
    ];
    let texts = texts(&data(&lanes));
    assert!(texts.contains(&"↑ 3.9".to_owned()), "{texts:?}");
    assert!(texts.contains(&"diverged".to_owned()), "{texts:?}");
}

#[test]
fn values_are_those_of_the_last_look_before_a_step() {
    let lanes = three();
    let data = data(&lanes);
    assert_eq!(lanes[1].value_at(199), "0.3");
    assert_eq!(lanes[1].value_at(200), "0.12");
    assert!(
        losses_at(&data, 100).starts_with("Step 100: Sigmoid 0.69 (0.552 to 0.862)"),
        "{}",
        losses_at(&data, 100)
    );
    let words = describe_compare(&data);
    assert!(
        words.contains("Tanh 0.08, under the target after 250 steps"),
        "{words}"
    );
    assert!(
        words.contains("Sigmoid 0.68, not under the target"),
        "{words}"
    );
}

#[test]
fn the_lane_under_a_pointer_is_the_nearest_line() {
    let lanes = three();
    let data = data(&lanes);
    let g = CompareGeometry::new(SIZE, &Theme::LIGHT, &data);
    for (i, lane) in lanes.iter().enumerate() {
        let at = point(
            g.x_of(300),
            g.loss.px_from_data(lane.points[3].median) + 3.0,
        );
        assert_eq!(g.lane_at(&data, at, 12.0), Some(i));
    }
    assert_eq!(g.lane_at(&data, point(g.x_of(300), g.plot.y), 2.0), None);
    assert_eq!(g.step_at(point(0.0, 10.0)), None);
}
