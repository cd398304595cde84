//! A model's parameters as tensors by name.

use super::told;
use crate::interop::safetensors::{Tensor, write};
use crate::interop::{Meaning, Model};

/// The file: tensors named and shaped as the `state_dict` of a PyTorch module whose parts are `hidden_1` (Linear),
/// `norm_1` (BatchNorm1d), `activation_1` (PReLU) and so on, and `output`, with buffers `input_mean` and `input_std` where
/// inputs are standardised: that which [`scripts`](crate::interop::scripts) write. Its metadata say the rest (see
/// [`told`]), with `target_scale` as mean and deviation.
pub fn safetensors_of(model: &Model) -> Vec<u8> {
    let mut tensors = Vec::new();
    if !model.input_scale.is_empty() {
        for (i, name) in ["input_mean", "input_std"].into_iter().enumerate() {
            let values: Vec<f32> = model.input_scale.iter().map(|scale| scale[i]).collect();
            tensors.push(Tensor::f32(name, &[values.len()], &values));
        }
    }
    let n_hidden = model.network.hidden.len();
    for (l, layer) in model.layers().enumerate() {
        let number = l + 1;
        let name = if l < n_hidden {
            format!("hidden_{number}")
        } else {
            "output".to_owned()
        };
        let units = [layer.n_out];
        tensors.push(Tensor::f32(
            format!("{name}.weight"),
            &[layer.n_out, layer.n_in],
            layer.weights,
        ));
        tensors.push(Tensor::f32(format!("{name}.bias"), &units, layer.biases));
        if let Some(norm) = layer.norm {
            let parts = [
                ("weight", norm.gamma),
                ("bias", norm.beta),
                ("running_mean", norm.mean),
                ("running_var", norm.variance),
            ];
            for (part, values) in parts {
                tensors.push(Tensor::f32(format!("norm_{number}.{part}"), &units, values));
            }
            // PyTorch counts batches; nothing depends on it where it has a momentum.
            tensors.push(Tensor::i64(
                format!("norm_{number}.num_batches_tracked"),
                &[],
                &[0],
            ));
        }
        if !layer.alphas.is_empty() {
            let shape = [layer.alphas.len()];
            tensors.push(Tensor::f32(
                format!("activation_{number}.weight"),
                &shape,
                layer.alphas,
            ));
        }
    }
    let mut metadata = told::about(model);
    let pair = |[mean, std]: [f32; 2]| format!("[{:?},{:?}]", f64::from(mean), f64::from(std));
    if let Meaning::Number { scale: Some(scale) } = model.meaning {
        metadata.push(("target_scale".to_owned(), pair(scale)));
    }
    let metadata: Vec<(&str, &str)> = metadata.iter().map(|(k, v)| (&**k, &**v)).collect();
    write(&metadata, &tensors)
}
