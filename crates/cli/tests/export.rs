//! `actiscope export`, and what the shell makes of files that hold runs and networks.

mod support;

use expect_test::expect;
use serde_json::{Value, json};
use support::{actiscope, answer, check_failure, file};

/// A path for one test, in the folder that cargo gives to tests.
fn place(name: &str) -> String {
    file(name, "")
}

fn export(link: &str, steps: &str, to: &str, path: &str) -> Value {
    answer(&["export", link, "--steps", steps, "--to", to, "-o", path])
}

/// Dropout and BatchNorm among it: what draws and what is gathered goes on, too.
#[test]
fn a_saved_run_goes_on_bit_by_bit() {
    let link = "#v=1&lr=0.5&o=adam&bn=1&dr=0.2&t=0.2";
    let saved = place("goes_on.run.safetensors");
    assert_eq!(export(link, "300", "run", &saved)["step"], 300);
    let straight = answer(&["run", link, "--steps", "500"]);
    let on = answer(&["run", &saved, "--steps", "200"]);
    for what in [
        "steps",
        "loss_bits",
        "test_loss",
        "dead",
        "saturated",
        "events",
    ] {
        assert_eq!(on[what], straight[what], "{what}");
    }
    // And once more, from the file of the file.
    let again = place("goes_on_again.run.safetensors");
    export(&saved, "100", "run", &again);
    let on = answer(&["run", &again, "--steps", "100"]);
    assert_eq!(on["loss_bits"], straight["loss_bits"]);
}

/// By every way of a network out and in: it says what it said.
#[test]
fn a_network_that_comes_back_says_the_same() {
    let links = [
        "#v=1&a=elu,alpha:0.7&std=1&lr=0.1",
        "#v=1&a=prelu&pr=unit&bn=1&lr=0.1",
        "#v=1&f=where(z>0,z,expm1(z))&lr=0.05",
        "#v=1&d=iris&std=1&lr=0.1&h=6-5&as=tanh~relu",
        "#v=1&d=sine&lr=0.05&a=tanh&i=glorot_uniform",
    ];
    for (i, link) in links.iter().enumerate() {
        for to in ["onnx", "safetensors", "run"] {
            let ours = place(&format!("back_{i}_{to}.json"));
            let path = place(&format!("back_{i}.{to}"));
            let args = [
                "export",
                link,
                "--steps",
                "100",
                "--to",
                to,
                "-o",
                &path,
                "--answers",
                &ours,
            ];
            answer(&args);
            let theirs = place(&format!("back_{i}_{to}_again.json"));
            let again = place(&format!("back_{i}_again.{to}"));
            // It says on standard error what it was shown and what was folded.
            let args = [
                "export",
                &path,
                "--to",
                "safetensors",
                "-o",
                &again,
                "--answers",
                &theirs,
            ];
            let output = actiscope(&args);
            let message = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{link} {to}: {message}");
            let read = |path: &str| -> Value {
                let text = std::fs::read_to_string(path).expect("it was written");
                serde_json::from_str(&text).expect("JSON")
            };
            let (ours, theirs) = (read(&ours), read(&theirs));
            if ours["x"] == theirs["x"] {
                support::assert_close(&theirs["outputs"], &ours["outputs"], 1e-5, 1.0);
            } else {
                // Its inputs are taken as they are now: others are drawn.
                assert!(
                    message.contains("folded into its first layer"),
                    "{link} {to}: {message}"
                );
            }
        }
    }
}

#[test]
fn what_a_format_cannot_say_is_said() {
    let path = place("refused");
    check_failure(
        &["export", "#v=1&a=elu", "--to", "sklearn", "-o", &path],
        expect![
            "actiscope: --to: scikit-learn knows identity, logistic, tanh and relu: it has no ELU (layer 1). Choose one of these, or take the script for PyTorch or Keras"
        ],
    );
    check_failure(
        &["export", "#v=1", "--to", "onnx", "--training", "-o", &path],
        expect!["actiscope: --training: only PyTorch and Keras train the network again"],
    );
    check_failure(
        &["export", "#v=1", "--to", "tensorflow", "-o", &path],
        expect![
            "actiscope: invalid value 'tensorflow' for '--to <FORMAT>' [possible values: run, safetensors, onnx, pytorch, keras, sklearn, tensorboard]; did you mean tensorboard?"
        ],
    );
    check_failure(
        &["export", "#v=1", "--to", "onnx", "-o", "/nowhere/there"],
        expect!["actiscope: /nowhere/there: No such file or directory (os error 2)"],
    );
}

#[test]
fn a_file_that_is_damaged_says_where() {
    let path = place("damaged.safetensors");
    export("#v=1", "50", "run", &path);
    let mut bytes = std::fs::read(&path).expect("it was written");
    let n = bytes.len();
    bytes[n - 30] ^= 1;
    std::fs::write(&path, &bytes).expect("the folder can be written");
    check_failure(
        &["run", &path, "--steps", "1"],
        expect![
            "actiscope: damaged.safetensors: the run in the file is damaged: its bytes are not those that were written"
        ],
    );
    std::fs::write(&path, &bytes[..n - 100]).expect("the folder can be written");
    check_failure(
        &["run", &path, "--steps", "1"],
        expect![
            "actiscope: damaged.safetensors: the file is cut off: tensor `events` ends at byte 8218, and the file has 8118 bytes"
        ],
    );
    let onnx = place("damaged.onnx");
    export("#v=1", "50", "onnx", &onnx);
    let bytes = std::fs::read(&onnx).expect("it was written");
    std::fs::write(&onnx, &bytes[..bytes.len() / 2]).expect("the folder can be written");
    check_failure(
        &["run", &onnx, "--steps", "1"],
        expect![
            "actiscope: damaged.onnx: this is no ONNX file, or a damaged one: at byte 23, the file ends in the middle of a field: it is not whole"
        ],
    );
}

/// The events of TensorBoard are read by TensorBoard itself in `tests/interop`; here, that they are there and say how many.
#[test]
fn events_are_recorded_up_to_the_last_step() {
    let path = place("events.out.tfevents.test");
    let written = export("#v=1&lr=0.1", "300", "tensorboard", &path);
    assert_eq!(written["step"], 300);
    let bytes = std::fs::read(&path).expect("it was written");
    assert_eq!(json!(bytes.len()), written["bytes"]);
    let said = actiscope_core::interop::tensorboard::read(&bytes).expect("an event file");
    let at_300 = said.iter().filter(|said| {
        use actiscope_core::interop::tensorboard::Said::Histogram;
        matches!(said, Histogram { step: 300, .. })
    });
    // z, a, weights, gradients and biases of three layers; of the output all but z and a.
    assert_eq!(at_300.count(), 18);
}
