//! `--backend gpu`: the numbers of the CPU, and one line where there is no GPU.

mod support;

use expect_test::expect;
use serde_json::{Value, json};
use support::{actiscope, answer, assert_close, check_failed, command, file, reference};

/// Runs `test` if there is a GPU, or software that stands in for one. A run of all tests must have one.
fn with_gpu(test: impl FnOnce()) {
    let output = actiscope(&["run", "#v=1", "--steps", "1", "--backend", "gpu"]);
    let message = String::from_utf8_lossy(&output.stderr);
    match message.contains("no GPU was found") {
        false => test(),
        true if std::env::var_os("CI").is_some() => panic!("{message}"),
        true => eprintln!("SKIPPED, for this machine has no adapter"),
    }
}

#[test]
fn cases_are_trained_as_on_the_cpu() {
    with_gpu(|| {
        let cases = reference("training");
        for case in cases.as_array().expect("a list").iter().take(4) {
            let name = case["name"].as_str().expect("a name");
            let path = file(&format!("gpu-{name}.json"), &case.to_string());
            let cpu = answer(&["train", &path, "--steps", "5"]);
            let gpu = answer(&["train", &path, "--steps", "5", "--backend", "gpu"]);
            // Sums in another order, and other roundings of exp.
            assert_close(&gpu, &cpu, 1e-4, 1e-2);
        }
    });
}

#[test]
fn a_run_says_that_the_gpu_trained_it() {
    with_gpu(|| {
        let args = ["run", "#v=1&a=tanh", "--steps", "50"];
        let cpu = answer(&args);
        let gpu = answer(&[&args[..], &["--backend", "gpu"]].concat());
        let name = gpu["backend"].as_str().expect("a name");
        assert!(!name.starts_with("CPU"), "{name}");
        let numbers = |answer: &Value| json!({ "steps": answer["steps"], "loss": answer["loss"] });
        assert_close(&numbers(&gpu), &numbers(&cpu), 1e-3, 1e-2);
    });
}

#[test]
fn digits_are_told_apart_as_on_the_cpu() {
    with_gpu(|| {
        let preset =
            "#v=1&s=1&d=digits&t=0.2&vs=0.1&std=1&h=32&b=32&l=softmax&o=adam&lr=0.003&sp=none";
        let got = answer(&["run", preset, "--steps", "300", "--backend", "gpu"]);
        let accuracy = got["test_accuracy"].as_f64().expect("a test share");
        assert!(accuracy >= 0.96, "{accuracy}");
    });
}

#[test]
fn without_a_gpu_one_line_says_what_to_do() {
    let args = ["run", "#v=1", "--steps", "5", "--backend", "gpu"];
    let mut command = command(&args);
    // No driver is where the loader is told to look.
    for variable in ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"] {
        command.env(variable, "/nowhere");
    }
    let output = command.output().expect("the binary runs");
    check_failed(
        &args,
        output,
        expect![
            "actiscope: --backend gpu: no GPU was found: install a Vulkan driver (Mesa's software driver is one), or choose cpu"
        ],
    );
}
