//! Why a file cannot be read.

use thiserror::Error;

use crate::interop::incoming::IncomingError;
use crate::interop::protobuf::WireError;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    #[error("this is no ONNX file, or a damaged one: {0}")]
    Wire(#[from] WireError),
    #[error("this is no ONNX file: it holds no graph")]
    NoGraph,
    #[error("the weights are in {name}: drop both files together")]
    External { name: String },
    #[error(
        "the tensor `{tensor}` lies beyond the end of {name}: the two files are not of one export"
    )]
    ExternalShort { tensor: String, name: String },
    #[error(
        "the tensor `{tensor}` should have {expected} numbers by its shape, and has {given}: the file is damaged"
    )]
    TensorLength {
        tensor: String,
        expected: usize,
        given: usize,
    },
    #[error("the tensor `{tensor}` has a shape that no tensor can have: the file is damaged")]
    TensorShape { tensor: String },
    #[error(
        "the tensor `{tensor}` holds numbers of a kind ({kind}) that is not read: export the network in 32-bit floats"
    )]
    TensorKind { tensor: String, kind: i64 },
    #[error("the graph has {n} nodes, and {most} are the most: it is larger than any network here")]
    TooManyNodes { n: usize, most: usize },
    #[error(
        "the graph has {n} inputs ({names}): export the network with one that holds all columns"
    )]
    Inputs { n: usize, names: String },
    #[error(
        "the node `{node}` ({op}) uses `{value}`, which nothing makes before it: the file is damaged"
    )]
    Missing {
        node: String,
        op: String,
        value: String,
    },
    /// An operator that stands between the input and the outputs.
    #[error(
        "the node `{node}` is `{op}`{why}: {READ} are read, so export a network of these alone"
    )]
    Unsupported {
        node: String,
        op: String,
        why: &'static str,
    },
    #[error("the function of layer {layer} is too long for a formula here ({n} parts)")]
    LongFunction { layer: usize, n: u64 },
    #[error(
        "the units of layer {layer} have different functions: here a layer has one, and only PReLU a number for each unit"
    )]
    FunctionsByUnit { layer: usize },
    #[error("the graph has no output that depends on its input")]
    NoOutput,
    #[error("{0}")]
    Network(#[from] IncomingError),
}

/// What a graph may consist of.
const READ: &str =
    "fully connected layers one after the other, batch normalization and functions of one value";
