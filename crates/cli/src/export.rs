//! `export`: a scenario's network, trained for some steps, as a file of another framework.

use std::path::Path;

use actiscope_core::data::Dataset;
use actiscope_core::interop::export::Format;
use actiscope_core::interop::{Meaning, Model};
use actiscope_core::random::{Random, Stream};
use serde_json::{Value, json};

use crate::args::{Export, To};
use crate::failure::Failure;
use crate::saved;

/// Samples of `--answers`.
const N_ANSWERS: usize = 256;

pub fn run(args: &Export) -> Result<Value, Failure> {
    let run = saved::trained(&args.scenario, args.steps)?;
    let handed = &run.handed;
    let bytes = match format(args)? {
        Some(format) => {
            let bytes = format.bytes(handed, &run.events);
            bytes.map_err(|error| Failure::new(error.to_string()).at("--to"))?
        }
        None => {
            let (bytes, n_left_out) = saved::recorded(handed)?;
            if n_left_out > 0 {
                eprintln!("actiscope: {n_left_out} numbers are left out, for they are none");
            }
            bytes
        }
    };
    write(&args.output, &bytes)?;
    if let Some(path) = &args.answers {
        let model = handed.model();
        let model = model.map_err(|error| Failure::new(error.to_string()))?;
        let answers = answers(&model, &handed.data);
        write(path, answers.to_string().as_bytes())?;
    }
    Ok(json!({
        "file": args.output,
        "bytes": bytes.len(),
        "step": handed.step,
    }))
}

/// `None` for TensorBoard, for which the run is recorded.
fn format(args: &Export) -> Result<Option<Format>, Failure> {
    let trains = args.training;
    Ok(Some(match args.to {
        To::Pytorch => Format::PyTorch { trains },
        To::Keras => Format::Keras { trains },
        _ if trains => {
            let text = "--training: only PyTorch and Keras train the network again";
            return Err(Failure::new(text));
        }
        To::Run => Format::Run,
        To::Safetensors => Format::Safetensors,
        To::Onnx => Format::Onnx,
        To::Sklearn => Format::ScikitLearn,
        To::Tensorboard => return Ok(None),
    }))
}

/// Random samples as they would be given, and what the network says of them, to hold the other framework to.
fn answers(model: &Model, data: &Dataset) -> Value {
    let n_inputs = model.network.n_inputs;
    let random = Random::new(7, Stream::Test, 0);
    let scale = |input: usize| model.input_scale.get(input).copied().unwrap_or([0.0, 1.0]);
    let x: Vec<f64> = (0..N_ANSWERS * n_inputs)
        .map(|index| {
            let [mean, std] = scale(index % n_inputs).map(f64::from);
            // As others read them.
            f64::from((mean + std * random.normal(index as u64)) as f32)
        })
        .collect();
    let outputs = model.outputs(&x);
    let rows = outputs.chunks_exact(model.network.n_outputs);
    let answers: Vec<Vec<f64>> = rows.clone().map(|row| model.answers(row)).collect();
    let threshold = match &model.meaning {
        Meaning::Class { threshold, .. } => json!(threshold),
        Meaning::Number { .. } => Value::Null,
    };
    json!({
        "x": x.chunks_exact(n_inputs).collect::<Vec<_>>(),
        "outputs": rows.collect::<Vec<_>>(),
        "answers": answers,
        "classes": model.class_names(),
        "threshold": threshold,
        "inputs": data.input_names,
    })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| Failure::new(error.to_string()).at(path.display()))
}
