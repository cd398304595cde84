//! `actiscope compare`: lanes beside each other.

mod support;

use expect_test::{expect, expect_file};
use serde_json::{Value, json};
use support::{answer, check_failure, file};

const SMALL: &str = "#v=1&h=6-6&lr=0.1&n=64&t=0.25";

fn compared(more: &[&str]) -> Value {
    let args = ["compare", SMALL, "--steps", "200", "--seeds", "4"];
    answer(&[&args, more].concat())
}

#[test]
fn lanes_are_told_with_their_spread() {
    let (table, curves) = (file("lanes.csv", ""), file("curves.csv", ""));
    let networks = file("networks.csv", "");
    let more = [
        "--vary",
        "a=sigmoid,tanh,relu",
        "--target",
        "0.5",
        "--csv",
        &table,
        "--networks",
        &networks,
        "--curves",
        &curves,
    ];
    let got = compared(&more);
    let lanes = got["lanes"].as_array().expect("lanes");
    let changes: Vec<&Value> = lanes.iter().map(|lane| &lane["changes"]).collect();
    assert_eq!(
        changes,
        ["activation Sigmoid", "activation Tanh", "activation ReLU"]
    );
    for lane in lanes {
        assert_eq!(lane["steps_to_target"]["of"], 4);
        assert_eq!(lane["diverged"], 0);
        let number = |key: &str| {
            lane[key]
                .as_f64()
                .unwrap_or_else(|| panic!("{key}: {lane}"))
        };
        for key in [
            "loss",
            "accuracy",
            "test_loss",
            "test_accuracy",
            "dead",
            "saturated",
            "gradient_ratio",
        ] {
            let ends = |i: usize| lane["quartiles"][key][i].as_f64().expect("a number");
            assert!(
                ends(0) <= number(key) && number(key) <= ends(1),
                "{key}: {lane}"
            );
        }
        assert!(number("loss") < 0.8);
    }
    // A sigmoid's small slopes keep the gradient from the first layer.
    assert!(lanes[0]["gradient_ratio"].as_f64() < lanes[2]["gradient_ratio"].as_f64());
    assert_eq!(lanes[0]["steps_to_target"]["reached"], 0);
    assert_eq!(lanes[0]["steps_to_target"]["median"], Value::Null);
    let text = std::fs::read_to_string(&table).expect("a file");
    assert_eq!(text.lines().count(), 4);
    assert!(text.starts_with("changes,seeds,diverged,reached,steps_to_target_median,"));
    // The page saves the same bytes of the same comparison.
    expect_file!["lanes.csv"].assert_eq(&text);
    let text = std::fs::read_to_string(&networks).expect("a file");
    assert_eq!(text.lines().count(), 1 + 3 * 4);
    let text = std::fs::read_to_string(&curves).expect("a file");
    assert!(text.starts_with("changes,step,median,q1,q3,diverged\nactivation Sigmoid,0,"));
}

#[test]
fn a_comparison_is_the_same_however_many_threads_there_are() {
    let with = |threads| compared(&["--preset", "opt", "--threads", threads]);
    let one = with("1");
    assert_eq!(one["lanes"].as_array().map(Vec::len), Some(6));
    assert_eq!(with("3"), one);
}

#[test]
fn two_settings_are_every_pair() {
    let got = compared(&[
        "--vary",
        "a=tanh,relu",
        "--vary",
        "bn=0,1",
        "--own-initializers",
    ]);
    let lanes = got["lanes"].as_array().expect("lanes");
    let changes: Vec<&str> = lanes
        .iter()
        .filter_map(|lane| lane["changes"].as_str())
        .collect();
    assert_eq!(
        changes,
        [
            "activation Tanh, BatchNorm off, initializer Glorot normal",
            "activation Tanh, BatchNorm on, initializer Glorot normal",
            "activation ReLU, BatchNorm off, initializer He normal",
            "activation ReLU, BatchNorm on, initializer He normal",
        ]
    );
    assert_eq!(got["unlike"], json!(null));
}

#[test]
fn what_cannot_be_compared() {
    let check = |more: &[&str], expect| {
        let args = ["compare", SMALL, "--steps", "5"];
        check_failure(&[&args, more].concat(), expect);
    };
    check(
        &[],
        expect![
            "actiscope: the following required arguments were not provided: --vary <KEY=VALUES>; see actiscope --help"
        ],
    );
    check(
        &["--vary", "lr=50"],
        expect!["actiscope: --vary: lr=50: choose 0.0001 to 10"],
    );
    check(
        &["--vary", "rate=1"],
        expect![
            "actiscope: --vary: rate: there is no such setting: choose s, d, n, nz, t, vs, im, rs, std, stdy, h, a, f, p, as, pr, bn, i, iw, g, l, cw, o, lr, lrs, sch, wu, b, or, l1, l2, clip, dr, width, depth, lr1, lr2, lr3"
        ],
    );
    check(
        &["--vary", "a=tanh", "--seeds", "0"],
        expect!["actiscope: --seeds: 0: choose 1 to 64"],
    );
    check(
        &["--vary", "a=tanh", "--target", "speed:3"],
        expect!["actiscope: --target: there is no 'speed': choose loss or accuracy"],
    );
    check(
        &["--preset", "nine"],
        expect![
            "actiscope: --preset: there is no such preset: choose three, eight, init, opt, lr, bn, depth"
        ],
    );
}
