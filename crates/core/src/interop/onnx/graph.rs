//! A graph while it is written: nodes in the order in which they are computed, and the constants that they share.

use std::collections::HashMap;

use super::fields::{attribute, data, graph, node, shape, tensor, value_info, value_type};
use crate::interop::protobuf::Message;

/// What a node is told besides its inputs.
pub enum Attribute<'a> {
    Float(f32),
    Int(i64),
    Text(&'a str),
}

#[derive(Default)]
pub struct Graph {
    message: Message,
    /// Names of the scalars that were needed so far, by their bits.
    scalars: HashMap<u32, String>,
    n_values: usize,
}

impl Graph {
    /// A graph of this name.
    pub fn new(name: &str) -> Self {
        let mut new = Self::default();
        new.message.text(graph::NAME, name);
        new
    }

    pub fn into_message(self) -> Message {
        self.message
    }

    /// A node that makes `output`; it bears the name of what it makes.
    pub fn node(
        &mut self,
        op: &str,
        inputs: &[&str],
        output: &str,
        told: &[(&str, Attribute<'_>)],
    ) {
        let mut message = Message::new();
        for input in inputs {
            message.text(node::INPUT, input);
        }
        message.text(node::OUTPUT, output);
        message.text(node::NAME, output);
        message.text(node::OP_TYPE, op);
        for (name, value) in told {
            let mut told = Message::new();
            told.text(attribute::NAME, name);
            let kind = match *value {
                Attribute::Float(value) => {
                    told.float(attribute::FLOAT, value);
                    attribute::IS_FLOAT
                }
                Attribute::Int(value) => {
                    told.int(attribute::INT, value);
                    attribute::IS_INT
                }
                Attribute::Text(value) => {
                    told.text(attribute::TEXT, value);
                    attribute::IS_TEXT
                }
            };
            told.int(attribute::KIND, kind);
            message.message(node::ATTRIBUTE, &told);
        }
        self.message.message(graph::NODE, &message);
    }

    /// A node whose output has no name of its own. Gives the name.
    pub fn unnamed(&mut self, op: &str, inputs: &[&str]) -> String {
        let output = self.new_name();
        self.node(op, inputs, &output, &[]);
        output
    }

    pub fn new_name(&mut self) -> String {
        self.n_values += 1;
        format!("value_{}", self.n_values)
    }

    /// Constants of this shape, row-major.
    pub fn floats(&mut self, name: &str, dims: &[usize], values: &[f32]) {
        let raw = values.iter().flat_map(|value| value.to_le_bytes());
        self.constants(name, dims, data::F32, &raw.collect::<Vec<u8>>());
    }

    pub fn ints(&mut self, name: &str, values: &[i64]) {
        let raw = values.iter().flat_map(|value| value.to_le_bytes());
        self.constants(name, &[values.len()], data::I64, &raw.collect::<Vec<u8>>());
    }

    fn constants(&mut self, name: &str, dims: &[usize], kind: i64, raw: &[u8]) {
        let mut message = Message::new();
        message.ints(tensor::DIMS, dims.iter().map(|&dim| dim as i64));
        message.int(tensor::DATA_TYPE, kind);
        message.text(tensor::NAME, name);
        message.bytes(tensor::RAW_DATA, raw);
        self.message.message(graph::INITIALIZER, &message);
    }

    /// The name of a constant of no dimension, one for all that need the same.
    pub fn scalar(&mut self, value: f64) -> String {
        let value = value as f32;
        if let Some(name) = self.scalars.get(&value.to_bits()) {
            return name.clone();
        }
        let name = format!("number_{}", self.scalars.len() + 1);
        self.floats(&name, &[], &[value]);
        self.scalars.insert(value.to_bits(), name.clone());
        name
    }

    /// What the graph is given: `[n, n_columns]` floats.
    pub fn input(&mut self, name: &str, n_columns: usize) {
        let info = described(name, data::F32, Some(n_columns));
        self.message.message(graph::INPUT, &info);
    }

    /// What the graph gives: `[n, n_columns]` floats.
    pub fn output(&mut self, name: &str, n_columns: usize) {
        let info = described(name, data::F32, Some(n_columns));
        self.message.message(graph::OUTPUT, &info);
    }

    /// What the graph gives: `[n]` whole numbers.
    pub fn output_of_ints(&mut self, name: &str) {
        let info = described(name, data::I64, None);
        self.message.message(graph::OUTPUT, &info);
    }
}

fn described(name: &str, kind: i64, n_columns: Option<usize>) -> Message {
    let mut dims = Message::new();
    let mut dim = Message::new();
    dim.text(shape::DIM_NAME, "n");
    dims.message(shape::DIM, &dim);
    if let Some(n) = n_columns {
        let mut dim = Message::new();
        dim.int(shape::DIM_VALUE, n as i64);
        dims.message(shape::DIM, &dim);
    }
    let mut tensor = Message::new();
    tensor.int(value_type::ELEMENT, kind);
    tensor.message(value_type::SHAPE, &dims);
    let mut of_tensor = Message::new();
    of_tensor.message(value_type::TENSOR, &tensor);
    let mut info = Message::new();
    info.text(value_info::NAME, name);
    info.message(value_info::TYPE, &of_tensor);
    info
}
