//! `export`: a scenario's network, trained for some steps, as a file of another framework.

use std::path::Path;
use std::sync::Arc;

use actiscope_core::data::Dataset;
use actiscope_core::interop::incoming::safetensors_of;
use actiscope_core::interop::{Meaning, Model, ModelError, onnx, run_file, scripts};
use actiscope_core::nn::init::initial_params;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::protocol::HandedOver;
use actiscope_core::random::{Random, Stream};
use actiscope_core::scenario::Scenario;
use serde_json::{Value, json};

use crate::args::{Export, Format};
use crate::failure::Failure;
use crate::saved;

/// Samples of `--answers`.
const N_ANSWERS: usize = 256;

pub fn run(args: &Export) -> Result<Value, Failure> {
    let run = saved::trained(&args.scenario, args.steps)?;
    let handed = &run.handed;
    let model = model(handed)?;
    let bytes = match (args.to, args.training) {
        (Format::Run, _) => run_file::save(handed, &run.events).map_err(model_failure)?,
        (Format::Safetensors, _) => safetensors_of(&model),
        (Format::Onnx, _) => onnx::write(&model),
        (Format::Pytorch, false) => scripts::pytorch(&model).into_bytes(),
        (Format::Keras, false) => scripts::keras(&model).into_bytes(),
        (Format::Sklearn, _) => scripts::sklearn(&model)
            .map_err(|error| Failure::new(error.to_string()).at("--to sklearn"))?
            .into_bytes(),
        (Format::Pytorch, true) => with_repeat(handed, scripts::pytorch_training).into_bytes(),
        (Format::Keras, true) => with_repeat(handed, scripts::keras_training).into_bytes(),
        (Format::Tensorboard, _) => {
            return Err(Failure::new("not yet"));
        }
    };
    write(&args.output, &bytes)?;
    if let Some(path) = &args.answers {
        let answers = answers(&model, &handed.data);
        write(path, answers.to_string().as_bytes())?;
    }
    Ok(json!({
        "file": args.output,
        "bytes": bytes.len(),
        "step": handed.step,
    }))
}

fn with_repeat(handed: &HandedOver, write: fn(&scripts::Repeat<'_>) -> String) -> String {
    let HandedOver { scenario, data, .. } = handed;
    let layout = ParamLayout::new(&scenario.network);
    let first = initial_params(&scenario.network, &layout, u64::from(scenario.seed));
    let first_params: Vec<f32> = first.iter().map(|&param| param as f32).collect();
    write(&scripts::Repeat {
        scenario,
        data,
        first_params: &first_params,
    })
}

fn model(handed: &HandedOver) -> Result<Model, Failure> {
    let (params, running) = (handed.params.clone(), handed.running.clone());
    Model::new(&handed.scenario, &handed.data, params, running).map_err(model_failure)
}

fn model_failure(error: ModelError) -> Failure {
    Failure::new(error.to_string())
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

pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| Failure::new(error.to_string()).at(path.display()))
}
