//! Files of other tools (`tests/interop/data`, made by `tests/interop/make_data.py`) are read as what these tools compute of
//! them, and no damage to them makes a reader panic.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use actiscope_core::activation::{ActivationSpec, Function};
use actiscope_core::interop::incoming::{self, Incoming};
use actiscope_core::interop::{onnx, safetensors, tensorboard};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Answers {
    files: BTreeMap<String, Answer>,
}

/// What a tool says of a file of its own.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Answer {
    x: Vec<Vec<f64>>,
    outputs: Vec<Vec<f64>>,
    /// Ids of the hidden layers' functions.
    functions: Vec<String>,
    /// What is made of outputs; the outputs above are what comes of it.
    squash: Option<String>,
    class_names: Vec<String>,
    refused: bool,
    steps: Vec<u64>,
    #[serde(rename = "loss/train")]
    loss: Vec<f32>,
    #[serde(rename = "z/hidden_1")]
    n_values: f64,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/interop/data")
}

fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn answers() -> BTreeMap<String, Answer> {
    let answers: Answers =
        serde_json::from_slice(&bytes_of("answers.json")).expect("answers are JSON");
    answers.files
}

/// Compares what a network says with what the tool said, within 1e-5 of max(1, |y|).
fn check(name: &str, incoming: Incoming, answer: &Answer) {
    let ids: Vec<&str> = (0..incoming.network.hidden.len())
        .map(|l| match &incoming.network.activation_of(l).function {
            Function::Catalogue(id) => &**id,
            Function::Formula(text) => text,
        })
        .collect();
    if !answer.functions.is_empty() {
        assert_eq!(ids, answer.functions, "{name}");
    }
    let squash = incoming.squash.map(|squash| format!("{squash:?}"));
    let class_names = incoming.class_names.clone();
    let model = incoming
        .into_model()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    for (x, expected) in answer.x.iter().zip(&answer.outputs) {
        let mut said = model.outputs(x);
        if answer.squash.is_some() && squash == answer.squash {
            said = model.answers(&said);
        }
        assert_eq!(said.len(), expected.len(), "{name}");
        for (said, expected) in said.iter().zip(expected) {
            let difference = (said - expected).abs() / expected.abs().max(1.0);
            assert!(difference < 1e-5, "{name}: {said} for {expected}");
        }
    }
    assert_eq!(squash, answer.squash, "{name}");
    assert_eq!(class_names, answer.class_names, "{name}");
}

#[test]
fn networks_of_other_tools_say_what_the_tools_say() {
    let mut n = 0;
    for (name, answer) in &answers() {
        let bytes = bytes_of(name);
        if name.ends_with(".safetensors") {
            let file = safetensors::File::read(&bytes).expect("the reference wrote it");
            let chosen = ActivationSpec::new("tanh");
            let incoming = incoming::from_safetensors(&file, &chosen);
            check(
                name,
                incoming.unwrap_or_else(|error| panic!("{name}: {error}")),
                answer,
            );
        } else if name.ends_with(".onnx") && !answer.refused {
            let external = std::fs::read(folder().join(format!("{name}.data"))).ok();
            let incoming = onnx::read(&bytes, external.as_deref());
            check(
                name,
                incoming.unwrap_or_else(|error| panic!("{name}: {error}")),
                answer,
            );
        } else {
            continue;
        }
        n += 1;
    }
    assert!(n >= 10, "{n} files: are they still there?");
}

#[test]
fn what_is_more_than_a_row_of_layers_is_refused_by_name() {
    let said = |name: &str| {
        let error = onnx::read(&bytes_of(name), None).err();
        error.map(|error| error.to_string()).unwrap_or_default()
    };
    let text = said("torch_conv.onnx");
    assert!(text.contains("`/1/Conv` is `Conv`"), "{text}");
    let text = said("torch_residual.onnx");
    assert!(
        text.contains("is `Add`, which joins two branches"),
        "{text}"
    );
}

#[test]
fn weights_in_a_second_file_are_asked_for() {
    let error = onnx::read(&bytes_of("torch_new_external.onnx"), None).err();
    let text = error.map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(
        text,
        "the weights are in torch_new_external.onnx.data: drop both files together"
    );
    let error = onnx::read(&bytes_of("torch_new_external.onnx"), Some(&[0; 8])).err();
    let text = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(
        text.contains("the two files are not of one export"),
        "{text}"
    );
}

#[test]
fn events_that_pytorch_wrote_are_read() {
    let answers = answers();
    let answer = &answers["torch.tfevents"];
    let said = tensorboard::read(&bytes_of("torch.tfevents")).expect("PyTorch wrote it");
    let (mut steps, mut losses, mut n_values) = (Vec::new(), Vec::new(), 0.0);
    for said in said {
        match said {
            tensorboard::Said::Scalar { step, tag, value } if tag == "loss/train" => {
                steps.push(step);
                losses.push(value);
            }
            tensorboard::Said::Histogram {
                step: 20,
                tag,
                bins,
            } if tag == "z/hidden_1" => {
                n_values = bins.counts.iter().sum();
            }
            _ => {}
        }
    }
    assert_eq!(
        (steps, losses, n_values),
        (answer.steps.clone(), answer.loss.clone(), answer.n_values)
    );
}

/// A file, and what to do to it.
#[derive(Clone, Debug)]
struct Damage {
    file: usize,
    /// Places (as shares of the length) and what stands there then.
    bytes: Vec<(f64, u8)>,
    /// Where it is cut off, and what is taken out, as shares of the length.
    end: Option<f64>,
    hole: Option<(f64, f64)>,
}

fn damages() -> impl Strategy<Value = Damage> {
    let end = prop::option::weighted(0.2, 0.0..1.0);
    let hole = prop::option::weighted(0.2, (0.0..1.0, 0.0..0.05));
    let bytes = prop::collection::vec((0.0..1.0, any::<u8>()), 0..6);
    (any::<usize>(), bytes, end, hole).prop_map(|(file, bytes, end, hole)| Damage {
        file,
        bytes,
        end,
        hole,
    })
}

/// Files that damage is done to.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let answers = answers();
    let names = answers.keys();
    names.map(|name| (name.clone(), bytes_of(name))).collect()
}

/// Reads a damaged file. That it returns is what is asked.
fn read_damaged(seeds: &[(String, Vec<u8>)], damage: &Damage) {
    let (name, whole) = &seeds[damage.file % seeds.len()];
    let mut bytes = whole.clone();
    let at = |share: f64, of: &[u8]| ((of.len() as f64 * share) as usize).min(of.len());
    for &(share, byte) in &damage.bytes {
        let at = at(share, &bytes);
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
    }
    if let Some((from, width)) = damage.hole {
        let (from, to) = (at(from, &bytes), at(from + width, &bytes));
        bytes.drain(from..to);
    }
    if let Some(end) = damage.end {
        bytes.truncate(at(end, &bytes));
    }
    if name.ends_with(".onnx") {
        let external = [0; 4_000];
        if let Ok(incoming) = onnx::read(&bytes, Some(&external)) {
            let n = incoming.network.n_inputs;
            let model = incoming
                .into_model()
                .expect("what is read can be evaluated");
            model.outputs(&vec![0.5; n]);
        }
    } else if name.ends_with(".safetensors") {
        if let Ok(file) = safetensors::File::read(&bytes)
            && let Ok(incoming) = incoming::from_safetensors(&file, &ActivationSpec::new("prelu"))
        {
            let n = incoming.network.n_inputs;
            let model = incoming
                .into_model()
                .expect("what is read can be evaluated");
            model.outputs(&vec![0.5; n]);
        }
    } else {
        let _ = tensorboard::read(&bytes);
    }
}

/// `n` damaged files, each read whole.
fn fuzz(n: u32) {
    let seeds = seeds();
    let config = ProptestConfig {
        cases: n,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = prop::test_runner::TestRunner::new(config);
    let outcome = runner.run(&damages(), |damage| {
        read_damaged(&seeds, &damage);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn damaged_files_are_read_or_refused() {
    fuzz(4_000);
}

/// By hand: minutes.
#[test]
#[ignore = "a million cases take minutes"]
fn a_million_damaged_files_are_read_or_refused() {
    fuzz(1_000_000);
}
