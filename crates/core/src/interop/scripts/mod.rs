//! A network as a program of PyTorch, Keras or scikit-learn: one file that holds its weights and runs as it is; or a program
//! that trains it again, batch by batch.
//!
//! | file | holds |
//! |---|---|
//! | [`pytorch`](mod@pytorch), [`keras`](mod@keras), [`sklearn`](mod@sklearn) | the network as a program of each |
//! | [`line`](mod@line) | its layers in one expression, without weights |
//! | [`training`] | the run as a program that makes it again |
//! | `functions` | which class of a library an activation function is, and its definition where it is none |
//! | `python` | literals and the layout of lines |

mod functions;
pub mod keras;
pub mod line;
mod python;
pub mod pytorch;
pub mod sklearn;
pub mod training;

pub use keras::keras;
pub use line::{one_line_keras, one_line_pytorch};
pub use pytorch::pytorch;
pub use sklearn::{Inexpressible, sklearn};
pub use training::Repeat;

use super::Model;
use crate::number::parse_f64;

/// A sample to show: the mean of each input, rounded, or 0.5 where nobody knows it.
fn sample(model: &Model) -> Vec<String> {
    (0..model.network.n_inputs)
        .map(|i| match model.input_scale.get(i) {
            Some(&[mean, _]) => {
                let rounded = parse_f64(&format!("{mean:.2e}"));
                python::float(rounded.unwrap_or_else(|| f64::from(mean)))
            }
            None => "0.5".to_owned(),
        })
        .collect()
}
