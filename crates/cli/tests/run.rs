//! `actiscope run`: scenarios from links and files, in the session that the page drives.

mod support;

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use support::{actiscope, answer, check_failure, file};

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list");
    list.iter().map(|v| v.as_f64().expect("a number")).collect()
}

/// The answer without what depends on the machine and its speed.
fn lasting(mut answer: Value) -> Value {
    let answer = answer.as_object_mut().expect("an object");
    for key in ["backend", "steps_per_second"] {
        assert!(answer.remove(key).is_some(), "{key}");
    }
    json!(answer)
}

#[test]
fn a_run_tells_what_the_page_would_show() {
    let got = answer(&["run", "#v=1", "--steps", "2000"]);
    assert_eq!(got["steps"], 2000);
    assert!(got["backend"].as_str().expect("a name").starts_with("CPU"));
    assert!(got["steps_per_second"].as_f64().expect("a number") > 0.0);
    assert_eq!(got["diverged"], false);
    let events = got["events"].as_array().expect("a list");
    // The default scenario is there to show units die.
    let died = events
        .iter()
        .find(|event| event["what"] == "died" && !event["cause"].is_null());
    let died = died.expect("a unit dies");
    assert_eq!(died["to"], "dead");
    assert_eq!(died["cause"]["learning_rate"], 1.6);
    assert!(died["layer"].as_u64().expect("an index") < 3);
    assert!(died["unit"].as_u64().expect("an index") < 8);
    // Deaths minus revivals are what is dead in the end.
    let count = |what: &str| events.iter().filter(|e| e["what"] == what).count() as i64;
    assert_eq!(got["dead"], count("died") - count("revived"));
    let steps: Vec<f64> = events
        .iter()
        .map(|e| e["step"].as_f64().expect("a step"))
        .collect();
    assert!(steps.is_sorted());
}

#[test]
fn collected_sets_come_with_the_program() {
    let check = |link: &str, least_accuracy: f64| {
        let got = answer(&["run", link, "--steps", "300"]);
        let accuracy = got["accuracy"].as_f64().expect("classes");
        assert!(accuracy > least_accuracy, "{link}: {accuracy}");
    };
    check("#v=1&d=iris&std=1&lr=0.1&t=0.2", 0.9);
    check("#v=1&d=digits&std=1&lr=0.1&h=16&t=0.2", 0.9);
    let args = [
        "compare",
        "#v=1&lr=0.1&std=1",
        "--vary",
        "d=iris,digits",
        "--seeds",
        "1",
        "--steps",
        "50",
    ];
    let lanes = answer(&args)["lanes"].as_array().map(Vec::len);
    assert_eq!(lanes, Some(2));
}

/// What the page's preset of the digits asks for.
const DIGITS: &str =
    "#v=1&s=1&d=digits&t=0.2&vs=0.1&std=1&h=32&b=32&l=softmax&o=adam&lr=0.003&sp=none";

#[test]
fn digits_are_told_apart_on_the_test_share() {
    for seed in ["s=1", "s=2", "s=3"] {
        let got = answer(&["run", &DIGITS.replace("s=1", seed), "--steps", "600"]);
        let accuracy = got["test_accuracy"].as_f64().expect("a test share");
        assert!(accuracy >= 0.96, "{seed}: {accuracy}");
    }
}

#[test]
fn a_run_is_the_same_every_time_and_by_every_way() {
    let link = "#v=1&s=7&d=moons&h=6-6&a=tanh&o=adam&lr=0.02&l2=0.001";
    let scenario = json!({
        "seed": 7,
        "data": { "source": "Moons" },
        "network": { "hidden": [6, 6], "activation": { "function": { "Catalogue": "tanh" } } },
        "training": {
            "optimizer": { "Adam": { "beta1": 0.9, "beta2": 0.999, "eps": 1e-8 } },
            "learning_rate": 0.02,
            "l2": 0.001,
        },
    });
    let json_file = file("moons.json", &scenario.to_string());
    let link_file = file("moons.link", &format!("https://example.org/{link}\n"));
    let run = |scenario: &str| lasting(answer(&["run", scenario, "--steps", "300"]));
    let first = run(link);
    assert_eq!(run(link), first);
    assert_eq!(run(&json_file), first);
    assert_eq!(run(&link_file), first);
    assert_ne!(
        run("#v=1&s=8&d=moons&h=6-6&a=tanh&o=adam&lr=0.02&l2=0.001"),
        first
    );
}

#[test]
fn losses_are_told_with_their_bits_and_fall() {
    let got = answer(&["run", "#v=1&lr=0.1", "--steps", "200", "--losses"]);
    let losses = numbers(&got["losses"]);
    assert_eq!((losses.len(), &got["steps"]), (200, &json!(200)));
    for (loss, bits) in losses
        .iter()
        .zip(got["loss_bits"].as_array().expect("a list"))
    {
        let bits = u32::from_str_radix(bits.as_str().expect("hexadecimal"), 16).expect("bits");
        assert_eq!(f64::from(f32::from_bits(bits)), *loss);
    }
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
    assert!(mean(&losses[180..]) < 0.7 * mean(&losses[..20]));
}

#[test]
fn a_run_that_diverges_says_where() {
    let got = answer(&["run", "#v=1&d=plane&a=identity&lr=10", "--steps", "5000"]);
    assert_eq!(got["diverged"], true);
    assert!(got["steps"].as_u64().expect("a step") < 5000);
    let events = got["events"].as_array().expect("a list");
    let last = events.last().expect("an event");
    assert_eq!(
        (&last["what"], &last["step"]),
        (&json!("diverged"), &got["steps"])
    );
}

#[test]
fn no_steps_judge_the_initial_weights() {
    let got = answer(&["run", "#v=1&i=zeros", "--steps", "0"]);
    // ReLU's slope at 0 is 0: zero weights leave every unit dead.
    assert_eq!((&got["steps"], &got["dead"]), (&json!(0), &json!(24)));
    let events = got["events"].as_array().expect("a list");
    let born_dead = events.iter().filter(|event| event["what"] == "born dead");
    assert_eq!(born_dead.count(), 3);
}

/// What a link or file has wrong is told, and the run is made without it.
#[test]
fn problems_of_a_link_are_messages() {
    let check = |link: &str, expect: Expect| {
        let output = actiscope(&["run", link, "--steps", "1"]);
        assert_eq!(output.status.code(), Some(0));
        let got: Value = serde_json::from_slice(&output.stdout).expect("valid JSON");
        assert_eq!(got["steps"], 1);
        expect.assert_eq(&String::from_utf8_lossy(&output.stderr));
    };
    check("#v=1&lr=0.5", expect![""]);
    check(
        "#v=1&lr=50&zoom=2",
        expect![[r#"
        actiscope: link: lr=50: choose 0.0001 to 10; 1.6 is used
        actiscope: link: zoom=2: there is no such key; it is left out
    "#]],
    );
}

#[test]
fn what_cannot_be_run() {
    let run = |scenario: &str, expect| check_failure(&["run", scenario, "--steps", "5"], expect);
    run(
        "spiral",
        expect![
            "actiscope: 'spiral': there is no such file, and it is no link either: a link holds #v=1"
        ],
    );
    run(
        "",
        expect![
            "actiscope: '': there is no such file, and it is no link either: a link holds #v=1"
        ],
    );
    run(".", expect!["actiscope: .: Is a directory (os error 21)"]);
    let json = |name: &str, text: &str, expect| run(&file(name, text), expect);
    json(
        "train.py",
        "import torch\n# lr=0.5\n",
        expect![
            "actiscope: train.py: this is no link (one line with #v=1), no scenario (JSON), no run and no network"
        ],
    );
    json(
        "comma.json",
        "{\"seed\": 1,\n }",
        expect!["actiscope: comma.json: trailing comma at line 2 column 2"],
    );
    json(
        "typo.json",
        r#"{"training": {"lerning_rate": 1}}"#,
        expect![
            "actiscope: typo.json: training.lerning_rate: there is no such field: did you mean learning_rate?"
        ],
    );
    json(
        "part.json",
        r#"{"model": {}}"#,
        expect![
            "actiscope: part.json: model: there is no such field: choose data, network, seed, training, view"
        ],
    );
    json(
        "word.json",
        r#"{"training": {"learning_rate": "fast"}}"#,
        expect![[
            r#"actiscope: word.json: training.learning_rate: invalid type: string "fast", expected f64"#
        ]],
    );
    json(
        "range.json",
        r#"{"training": {"learning_rate": 99}, "seed": 2}"#,
        expect!["actiscope: range.json: Learning rate: 99 is out of range: choose 0.0001 to 10"],
    );
    json(
        "optimizer.json",
        r#"{"training": {"optimizer": "Sdg"}}"#,
        expect![
            "actiscope: optimizer.json: training.optimizer: unknown variant `Sdg`, expected one of `Sgd`, `Momentum`, `Nesterov`, `RmsProp`, `Adam`, `AdamW`"
        ],
    );
    json(
        "loss.json",
        r#"{"data": {"source": "Sine"}, "training": {"loss": "BceLogits"}}"#,
        expect![
            "actiscope: loss.json: Loss: Binary cross-entropy cannot judge numbers: choose Mean squared error"
        ],
    );
    json(
        "scalar.json",
        r#"{"training": 3}"#,
        expect![[
            r#"actiscope: scalar.json: training: write its fields in braces: {"name": value}"#
        ]],
    );
    json(
        "csv.json",
        r#"{"data": {"source": {"Csv": "1,2\n3"}}}"#,
        expect![
            "actiscope: csv.json: Table: 1 row of 2 cannot be used whole, the first because line 2 has more or fewer cells than most: leave such rows out, or fill the gaps"
        ],
    );
    json(
        "path.json",
        r#"{"a/b": 3}"#,
        expect![
            "actiscope: path.json: a/b: there is no such field: choose data, network, seed, training, view"
        ],
    );
    check_failure(
        &["run", "#v=1"],
        expect![
            "actiscope: the following required arguments were not provided: --steps <STEPS>; see actiscope --help"
        ],
    );
    check_failure(
        &["run", "#v=1", "--steps", "-1"],
        expect!["actiscope: unexpected argument '-1' found; see actiscope --help"],
    );
    check_failure(
        &["run", "#v=1", "--steps", "5", "--backend", "oracle"],
        expect![
            "actiscope: invalid value 'oracle' for '--backend <BACKEND>' [possible values: cpu, gpu]; see actiscope --help"
        ],
    );
}
