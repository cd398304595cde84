//! `doctor`, through the real binary: its form, and what it says of a network that cannot learn.

mod support;

use expect_test::expect;
use serde_json::Value;
use support::{answer, check_failure};

/// All weights alike.
const SICK: &str = "#v=1&s=11&d=moons&n=100&nz=0.05&h=6-6&a=tanh&i=zeros&o=adam&lr=0.01&b=32";

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

#[test]
fn a_finding_has_its_cause_its_evidence_and_remedies_that_were_tried() {
    let answer = answer(&["doctor", SICK, "--steps", "300"]);
    assert_eq!(keys(&answer), ["findings"]);
    let first = &answer["findings"][0];
    let all = ["cause", "evidence", "remedies", "sentence", "verdict"];
    assert_eq!(keys(first), all);
    assert_eq!(first["cause"], "weights_equal");
    assert_eq!(keys(&first["evidence"][0]), ["place", "value", "what"]);
    let remedy = &first["remedies"][0];
    assert_eq!(keys(remedy), ["label", "scenario", "trial"]);
    assert!(
        remedy["scenario"]
            .as_str()
            .is_some_and(|link| link.starts_with("#v=1&"))
    );
    let trial = ["accuracy", "cured", "loss", "seeds", "steps"];
    assert_eq!(keys(&remedy["trial"]), trial);
    assert_eq!(remedy["trial"]["cured"], 3);
    assert_eq!(remedy["trial"]["steps"], 300);
}

#[test]
fn without_trials_nothing_is_said_of_what_came_of_them() {
    let answer = answer(&["doctor", SICK, "--steps", "300", "--no-trials"]);
    let first = &answer["findings"][0];
    assert_eq!(first["cause"], "weights_equal");
    assert!(first["remedies"][0]["trial"].is_null());
}

#[test]
fn what_cannot_be_examined_is_told() {
    check_failure(
        &["doctor", "nowhere.json", "--steps", "10"],
        expect![
            "actiscope: 'nowhere.json': there is no such file, and it is no link either: a link holds #v=1"
        ],
    );
}
