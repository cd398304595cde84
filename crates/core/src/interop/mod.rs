//! What passes between this project and others: networks that leave and come, runs as files, traces of other people's
//! models. Bytes and text only: no file, no clock.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | a network as it is handed over: from a sample as it was given to what is said of it |
//! | [`scripts`] | programs for PyTorch, Keras and scikit-learn that hold the network, or train it again |
//! | [`onnx`], [`protobuf`] | the network as a graph of operators, out and in |
//! | [`incoming`] | a network that came, and parameters by name, out and in |
//! | [`safetensors`], [`json`] | tensors by name |
//! | [`tensorboard`] | a run as event files |
//! | [`trace`] | what a recorder wrote of somebody's own model |
//! | [`export`] | the formats that a run can leave in |
//! | [`run_file`] | a run as one file |
//! | [`kind`] | what a file is, by its content |
//! | [`adopt`] | a network from elsewhere as a scenario |
//! | [`base64`] | bytes as text |

pub mod adopt;
pub mod base64;
pub mod export;
pub mod incoming;
pub mod json;
pub mod kind;
pub mod model;
pub mod onnx;
pub mod protobuf;
pub mod run_file;
pub mod safetensors;
pub mod scripts;
pub mod tensorboard;
pub mod trace;

pub use model::{Layer, Meaning, Model, ModelError, Norm};
