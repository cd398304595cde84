//! Tensors by name become networks, and what is none is refused in words.

use super::{from_safetensors, safetensors_of};
use crate::activation::ActivationSpec;
use crate::classify::Squash;
use crate::data::DataSpec;
use crate::interop::safetensors::{File, Tensor, write};
use crate::interop::{Meaning, Model};
use crate::nn::init::{initial_params, initial_running};
use crate::nn::layout::ParamLayout;
use crate::nn::spec::PreluSharing;
use crate::scenario::Scenario;

/// A scenario's network at step 0.
fn model(change: impl FnOnce(&mut Scenario)) -> Model {
    let mut scenario = Scenario::default();
    change(&mut scenario);
    let layout = ParamLayout::new(&scenario.network);
    let params = initial_params(&scenario.network, &layout, 3);
    let params = params.into_iter().map(|p| p as f32 + 0.125).collect();
    let running = initial_running(&scenario.network, &layout);
    let running = running.into_iter().map(|r| r as f32 + 0.25).collect();
    let data = DataSpec::generate(&scenario.data, 1).expect("the default has samples");
    Model::new(&scenario, &data, params, running).expect("parameters of this network")
}

fn read(bytes: &[u8], chosen: &str) -> Result<Model, String> {
    let file = File::read(bytes).map_err(|error| error.to_string())?;
    let incoming = from_safetensors(&file, &ActivationSpec::new(chosen));
    let incoming = incoming.map_err(|error| error.to_string())?;
    incoming.into_model().map_err(|error| error.to_string())
}

fn tensor(name: &'static str, shape: &[usize]) -> Tensor<'static> {
    let n = shape.iter().product();
    Tensor::f32(name, shape, &vec![0.5; n])
}

fn said(tensors: &[Tensor<'_>]) -> String {
    read(&write(&[], tensors), "tanh").err().unwrap_or_default()
}

#[test]
fn what_was_written_is_read_whole() -> Result<(), String> {
    let mut of = model(|scenario| {
        let network = &mut scenario.network;
        network.hidden = vec![5, 4, 3];
        network.batch_norm = true;
        network.prelu_sharing = PreluSharing::Unit;
        let own = ActivationSpec::formula("where(z > 0, z, alpha * expm1(z))");
        network.activation = ActivationSpec::named("elu", &[("alpha", 0.7)]);
        network.layer_activations = vec![Some(ActivationSpec::new("prelu")), Some(own)];
    });
    of.input_scale = vec![[0.1, 2.0]; of.network.n_inputs];
    let back = read(&safetensors_of(&of), "tanh")?;
    assert_eq!(back.network.activations(), of.network.activations());
    assert_eq!(back.params, of.params);
    assert_eq!(back.running, of.running);
    assert_eq!(back.input_scale, of.input_scale);
    assert_eq!(back.input_names, of.input_names);
    assert_eq!((back.squash, back.meaning), (of.squash, of.meaning.clone()));

    of.meaning = Meaning::Number {
        scale: Some([0.1, 3.0]),
    };
    of.squash = Squash::Plain;
    let back = read(&safetensors_of(&of), "tanh")?;
    assert_eq!(back.meaning, of.meaning);
    Ok(())
}

#[test]
fn numbers_of_names_are_numbers() -> Result<(), String> {
    // As texts 10 comes before 2.
    let tensors = [
        tensor("net.10.bias", &[2]),
        tensor("net.10.weight", &[2, 4]),
        tensor("net.2.weight", &[4, 3]),
        tensor("net.3.weight", &[4]),
    ];
    let model = read(&write(&[], &tensors), "tanh")?;
    assert_eq!(model.network.hidden, [4]);
    assert_eq!(model.network.activation, ActivationSpec::new("prelu"));
    assert_eq!(model.network.prelu_sharing, PreluSharing::Unit);
    Ok(())
}

#[test]
fn what_is_no_network_of_ours_is_refused() {
    let cases: [(&[Tensor<'_>], &str); 8] = [
        (&[], "there is no layer with weights in the file"),
        (
            &[tensor("0.weight", &[4, 3]), tensor("1.weight", &[2, 5])],
            "layer 2 takes 5 values, and 4 come from before it",
        ),
        (
            &[tensor("0.weight", &[129, 3]), tensor("1.weight", &[2, 129])],
            "layer 1 has 129 units, and 128 are the most",
        ),
        (
            &[tensor("c.weight", &[4, 3, 3, 3])],
            "`c.weight` has 4 dimensions",
        ),
        (
            &[
                tensor("0.weight", &[4, 3]),
                tensor("1.weight", &[4]),
                tensor("1.bias", &[4]),
            ],
            "`1` has a weight and a bias for each unit and no running statistics",
        ),
        (
            &[tensor("lstm.weight_ih_l0", &[4, 3])],
            "`lstm.weight_ih_l0` is of no part",
        ),
        (
            &[tensor("0.weight", &[4, 3]), tensor("1.weight", &[3])],
            "`1` has 3 values, and the layer before it has 4 units",
        ),
        (
            &[Tensor::i64("0.weight", &[1, 1], &[1])],
            "`0.weight` holds I64: save it as floats",
        ),
    ];
    for (tensors, expected) in cases {
        let said = said(tensors);
        assert!(said.starts_with(expected), "{said}");
    }
    let diverged = [Tensor::f32("0.weight", &[1, 1], &[f32::NAN])];
    assert!(said(&diverged).starts_with("layer 1 holds a number that is not finite"));
}
