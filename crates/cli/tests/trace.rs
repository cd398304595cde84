//! `health` on traces that the real recorders wrote.

mod support;

use expect_test::expect;
use serde_json::{Value, json};
use support::{actiscope, answer, check_failed, check_failure, file};

fn trace(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/interop/data/");
    format!("{folder}{name}.trace.safetensors")
}

#[test]
fn a_trace_is_told() {
    let got = answer(&["health", &trace("planted")]);
    assert_eq!(
        (&got["framework"], &got["model"]),
        (&json!("pytorch"), &json!("MLP"))
    );
    assert_eq!(
        (&got["steps"], &got["units"], &got["cut"]),
        (&json!(100), &json!(28), &Value::Null)
    );
    let planted = json!({ "unit": 7, "since": [89, 90] });
    let dead = got["layers"][1]["dead"].as_array().expect("a list");
    assert!(dead.contains(&planted), "{dead:?}");
    let born = json!({ "unit": 4, "since": [null, 0] });
    let dead = got["layers"][0]["dead"].as_array().expect("a list");
    assert!(dead.contains(&born), "{dead:?}");
    assert_eq!(
        got["layers"][2]["dead"],
        Value::Null,
        "units of the output are not judged"
    );
    let finding = &answer(&["health", &trace("thrown_off")])["findings"][0];
    assert_eq!(finding["cause"], "learning_rate_high");
    let remedy = json!({
        "label": "lr=0.2",
        "place": "in place of 2",
        "code": "torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)  # was 2",
        "tried": "not tried",
    });
    assert_eq!(finding["remedies"][0], remedy);
}

#[test]
fn it_fails_on_request() {
    let code = |name: &str, what: &[&str]| {
        let path = trace(name);
        let output = actiscope(&[&["health", &path][..], what].concat());
        assert!(
            serde_json::from_slice::<Value>(&output.stdout).is_ok(),
            "it is told all the same"
        );
        output.status.code()
    };
    let fail_on = |name: &str, what: &str| code(name, &["--fail-on", what]);
    assert_eq!(code("thrown_off", &[]), Some(0));
    for what in ["dead", "saturated", "dead-layer", "finding"] {
        assert_eq!(fail_on("thrown_off", what), Some(1), "{what}");
    }
    assert_eq!(fail_on("thrown_off", "not-finite"), Some(0));
    assert_eq!(fail_on("planted", "dead"), Some(1));
    assert_eq!(fail_on("planted", "dead-layer"), Some(0));
    assert_eq!(fail_on("odd", "dead"), Some(0));
}

#[test]
fn files_that_are_no_trace() {
    let bytes = std::fs::read(trace("planted")).expect("the file is there");
    let path = file("cut.trace", "");
    std::fs::write(&path, &bytes[..bytes.len() / 20]).expect("the folder can be written");
    let output = actiscope(&["health", &path]);
    check_failed(
        &["health", &path],
        output,
        expect![
            "actiscope: cut.trace: The file is cut off before the end of its first layer: the header would end at byte 5632, and the file has 4585 bytes."
        ],
    );
    let mut newer = bytes.clone();
    let at = newer
        .windows(13)
        .position(|part| part == b"\"version\":\"1\"");
    newer[at.expect("it is there") + 11] = b'7';
    let path = file("newer.trace", "");
    std::fs::write(&path, &newer).expect("the folder can be written");
    check_failure(
        &["health", &path],
        expect![
            "actiscope: newer.trace: This trace has version 7, and version 1 is read here: record with the recorder that the page offers, or take a newer Actiscope."
        ],
    );
    let case = file("case-for-failing.json", "{}");
    check_failure(
        &["health", &case, "--fail-on", "dead"],
        expect!["actiscope: case-for-failing.json: --fail-on is of traces, and this is a case"],
    );
    check_failure(
        &["health", &case, "--fail-on", "all"],
        expect![
            "actiscope: invalid value 'all' for '--fail-on <WHAT>' [possible values: dead, saturated, dead-layer, not-finite, finding]; see actiscope --help"
        ],
    );
}
