//! Runs the real binary and compares JSON.

// Each test binary uses a part of it.
#![allow(dead_code)]

use std::path::PathBuf;
use std::process::{Command, Output};

use actiscope_core::activation::catalogue;
use expect_test::Expect;
use serde_json::Value;

/// The vectors that core is held to.
pub fn reference(name: &str) -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/tests/reference/");
    let text = std::fs::read_to_string(format!("{path}{name}.json")).expect("the file is there");
    serde_json::from_str(&text).expect("valid JSON")
}

/// A file for one test, in the folder that cargo gives to tests.
pub fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("the folder can be written");
    path.to_str().expect("UTF-8").to_owned()
}

pub fn actiscope(args: &[&str]) -> Output {
    command(args).output().expect("the binary runs")
}

pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_actiscope"));
    // Without it some Vulkan drivers write lines of their own, as they would in a container.
    command.args(args).env_remove("XDG_RUNTIME_DIR");
    command
}

/// The JSON that a command prints, which has to succeed without a message.
#[track_caller]
pub fn answer(args: &[&str]) -> Value {
    let output = actiscope(args);
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*message), (Some(0), ""), "{args:?}");
    serde_json::from_slice(&output.stdout).expect("valid JSON")
}

/// A command that fails with code 2, nothing on standard output, and this one line on standard error. In it
/// the folder of test files is left out, and ALL stands for the ids of the catalogue.
#[track_caller]
pub fn check_failure(args: &[&str], expect: Expect) {
    check_failed(args, actiscope(args), expect);
}

/// [`check_failure`] of a command that has run.
#[track_caller]
pub fn check_failed(args: &[&str], output: Output, expect: Expect) {
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{args:?}");
    let message = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(message.matches('\n').count(), 1, "one line: {message:?}");
    let message = message.replace(&format!("{}/", env!("CARGO_TARGET_TMPDIR")), "");
    let ids: Vec<&str> = catalogue().iter().map(|entry| entry.id).collect();
    let message = message.replace(&ids.join(", "), "ALL");
    expect.assert_eq(message.trim_end());
}

/// Walks through `expected` and compares with `got`: keys, lengths, truth values and words exactly, numbers
/// within |got - expected| <= tolerance * max(|expected|, floor). What `got` has beyond is not judged.
#[track_caller]
pub fn assert_close(got: &Value, expected: &Value, tolerance: f64, floor: f64) {
    walk(got, expected, &|got, expected| {
        (got - expected).abs() <= tolerance * expected.abs().max(floor)
    })
    .unwrap_or_else(|(place, problem)| panic!("{place}: {problem}"));
}

type Mismatch = (String, String);

fn walk(
    got: &Value,
    expected: &Value,
    is_close: &dyn Fn(f64, f64) -> bool,
) -> Result<(), Mismatch> {
    let within = |key: String, result: Result<(), Mismatch>| {
        result.map_err(|(place, problem)| (format!("{key}.{place}"), problem))
    };
    match (got, expected) {
        (Value::Object(got), Value::Object(expected)) => {
            for (key, expected) in expected {
                let got = got.get(key).unwrap_or(&Value::Null);
                within(key.clone(), walk(got, expected, is_close))?;
            }
            Ok(())
        }
        (Value::Array(got), Value::Array(expected)) if got.len() == expected.len() => {
            for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
                within(i.to_string(), walk(got, expected, is_close))?;
            }
            Ok(())
        }
        _ => {
            let is_equal = match (got.as_f64(), expected.as_f64()) {
                (Some(got), Some(expected)) => is_close(got, expected),
                _ => got == expected,
            };
            let problem = || (String::new(), format!("{got} is not {expected}"));
            is_equal.then_some(()).ok_or_else(problem)
        }
    }
}
