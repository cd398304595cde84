use super::*;
use crate::scenario::{AxisScale, Setting};

fn measure(network: u32, loss: f32, n_dead: u16) -> Measure {
    Measure {
        network,
        step: 100,
        loss,
        accuracy: Some(0.75),
        test_loss: None,
        test_accuracy: None,
        recall: None,
        precision: None,
        gradient_ratio: None,
        n_units: 4,
        n_dead,
        n_saturated: 1,
        first_death: (n_dead > 0).then_some(20 * u64::from(n_dead)),
        diverged_at: (!loss.is_finite()).then_some(100),
    }
}

/// Two rates by two gains, three seeds each; the first two cells were measured.
fn map() -> Map {
    let axis = |setting, from, to| Axis {
        setting,
        from,
        to,
        n: 2,
        scale: AxisScale::Log,
    };
    let (x, y) = (
        axis(Setting::LearningRate, 0.1, 1.0),
        axis(Setting::Gain, 0.5, 2.0),
    );
    let spec = fleet(Scenario::default(), x, y, 3, 100);
    let losses = [
        (0.5, 1),
        (0.25, 2),
        (f32::NAN, 3),
        (1.0, 0),
        (f32::NAN, 0),
        (f32::NAN, 0),
    ];
    let measured = losses.iter().enumerate();
    let measured = measured.map(|(i, &(loss, n_dead))| Some(measure(i as u32, loss, n_dead)));
    let newest = measured.chain([None; 6]).collect();
    Map::of(&spec, newest).expect("a grid")
}

#[test]
fn a_cell_is_of_the_seeds_that_last() {
    let map = map();
    let check = |value: MapValue, expect: [Option<f64>; 3]| {
        let got = [
            map.value(0, 0, value),
            map.value(1, 0, value),
            map.value(0, 1, value),
        ];
        assert_eq!(got, expect, "{value:?}");
    };
    // Of the first cell one of three diverged, of the second two, the third was not measured.
    check(MapValue::Loss, [Some(0.375), None, None]);
    check(MapValue::Accuracy, [Some(0.75), None, None]);
    check(MapValue::Dead, [Some(0.375), None, None]);
    check(MapValue::Saturated, [Some(0.25), None, None]);
    check(MapValue::DeadOrSaturated, [Some(0.625), None, None]);
    check(MapValue::FirstDeath, [Some(30.0), None, None]);
    check(MapValue::Diverged, [Some(1.0 / 3.0), Some(2.0 / 3.0), None]);
    assert_eq!(map.counts(), (6, 3));
    for value in MapValue::ALL {
        assert_eq!(MapValue::from_id(value.id()), Some(value));
    }
}

#[test]
fn a_file_has_a_line_for_each_cell_and_seed() {
    let text = map().csv();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "x,y,seed,loss,accuracy,dead,saturated,first_death,diverged",
            "0.1,0.5,2,0.5,0.75,0.25,0.25,20,0",
            "0.1,0.5,3,0.25,0.75,0.5,0.25,40,0",
            "0.1,0.5,4,,0.75,0.75,0.25,60,1",
            "1,0.5,2,1,0.75,0,0.25,,0",
            "1,0.5,3,,0.75,0,0.25,,1",
            "1,0.5,4,,0.75,0,0.25,,1",
        ]
    );
}

#[test]
fn a_key_runs_between_round_numbers() {
    let check = |value, low, high, is_log| {
        let key = Key::new(&map(), value, 500);
        assert_eq!(
            (key.low, key.high, key.is_log),
            (low, high, is_log),
            "{value:?}"
        );
        assert_eq!(
            (key.place(low), key.place(high), key.place(2.0 * high)),
            (0.0, 1.0, 1.0)
        );
        assert!((key.place(key.at(0.25)) - 0.25).abs() < 1e-12);
    };
    check(MapValue::Loss, 0.1, 1.0, true);
    check(MapValue::Accuracy, 0.5, 1.0, false);
    check(MapValue::Dead, 0.0, 1.0, false);
    check(MapValue::FirstDeath, 0.0, 500.0, false);
    assert_eq!(Key::new(&map(), MapValue::Dead, 1).text(0.125), "12.5 %");
}

#[test]
fn a_text_is_an_axis_or_says_why_not() {
    let base = Scenario::default();
    let ok = axis(&base, "lr:1e-3:10:64:log").expect("an axis");
    assert_eq!(
        (ok.setting, ok.from, ok.to, ok.n, ok.scale),
        (Setting::LearningRate, 1e-3, 10.0, 64, AxisScale::Log)
    );
    assert_eq!(
        axis(&base, "g:0.5:2:3").expect("an axis").scale,
        AxisScale::Linear
    );
    let check = |text: &str, expect: &str| {
        let error = axis(&base, text).expect_err(text);
        assert_eq!(error.to_string(), expect);
    };
    let form = "write an axis as setting:from:to:n, with :log for equal factors";
    check("lr", &format!("'lr': {form}"));
    check("lr:1:2:3:log:4", &format!("'lr:1:2:3:log:4': {form}"));
    check(
        "lr:1:2:3:ln",
        "there is no scale 'ln': choose linear or log",
    );
    check("lr:a:2:3", "'a' is no number");
    check("lr:1:2:-3", "'-3' is no number of values");
    check(
        "lr:1:20:3",
        "lr from 1 to 20 is out of range: choose 0.0001 to 10",
    );
    check(
        "widht:1:2:2",
        "widht: there is no such number of this scenario: did you mean width?",
    );
}
