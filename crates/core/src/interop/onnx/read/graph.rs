//! A graph as it stands in the file.

use std::collections::BTreeMap;

use super::constant::{self, Constant, pair};
use super::error::ReadError;
use crate::interop::onnx::fields::{
    attribute, graph, model, node, opset, shape, value_info, value_type,
};
use crate::interop::protobuf::{Fields, WireError};

/// More than the largest network that is taken has, with plumbing of every kind.
const MAX_NODES: usize = 20_000;

#[derive(Debug, Default)]
pub struct Graph<'a> {
    pub nodes: Vec<Node<'a>>,
    pub constants: BTreeMap<&'a str, Constant>,
    pub inputs: Vec<Input<'a>>,
    pub outputs: Vec<&'a str>,
    pub metadata: Vec<(String, String)>,
    /// Of the operators without a domain.
    pub opset: i64,
}

#[derive(Debug, Default)]
pub struct Node<'a> {
    pub op: &'a str,
    pub name: &'a str,
    pub domain: &'a str,
    pub inputs: Vec<&'a str>,
    pub outputs: Vec<&'a str>,
    attributes: Vec<(&'a str, Attribute<'a>)>,
}

#[derive(Debug, Default)]
struct Attribute<'a> {
    float: Option<f32>,
    int: Option<i64>,
    text: Option<&'a [u8]>,
    tensor: Option<Constant>,
    floats: Vec<f32>,
    ints: Vec<i64>,
    texts: Vec<String>,
}

/// What the graph is given.
#[derive(Debug)]
pub struct Input<'a> {
    pub name: &'a str,
    /// How many columns it has, where the file tells.
    pub width: Option<usize>,
}

impl<'a> Node<'a> {
    /// By what to call it: its name or, where it has none, what it makes.
    pub fn shown(&self) -> &'a str {
        match (self.name, self.outputs.first()) {
            ("", Some(output)) => output,
            (name, _) => name,
        }
    }

    fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        let found = self.attributes.iter().find(|(of, _)| *of == name);
        found.map(|(_, attribute)| attribute)
    }

    pub fn float(&self, name: &str) -> Option<f32> {
        self.attribute(name)?.float
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        self.attribute(name)?.int
    }

    pub fn text(&self, name: &str) -> Option<&'a [u8]> {
        self.attribute(name)?.text
    }

    pub fn floats(&self, name: &str) -> &[f32] {
        self.attribute(name).map_or(&[], |found| &found.floats)
    }

    pub fn ints(&self, name: &str) -> &[i64] {
        self.attribute(name).map_or(&[], |found| &found.ints)
    }

    pub fn texts(&self, name: &str) -> &[String] {
        self.attribute(name).map_or(&[], |found| &found.texts)
    }

    pub fn tensor(&self, name: &str) -> Option<&Constant> {
        self.attribute(name)?.tensor.as_ref()
    }
}

pub fn parse<'a>(bytes: &'a [u8], external: Option<&[u8]>) -> Result<Graph<'a>, ReadError> {
    let mut parsed = Graph::default();
    let mut has_graph = false;
    for field in Fields::new(bytes) {
        let field = field?;
        match field.number {
            model::GRAPH => {
                parse_graph(field.message()?, external, &mut parsed)?;
                has_graph = true;
            }
            model::OPSET_IMPORT => {
                let (domain, version) = parse_opset(field.message()?)?;
                if domain.is_empty() || domain == "ai.onnx" {
                    parsed.opset = version;
                }
            }
            model::METADATA_PROPS => {
                let (key, value) = pair(field.message()?)?;
                parsed.metadata.push((key.to_owned(), value.to_owned()));
            }
            _ => {}
        }
    }
    if !has_graph || parsed.nodes.is_empty() {
        return Err(ReadError::NoGraph);
    }
    // Older files list constants among the inputs.
    let constants = &parsed.constants;
    parsed
        .inputs
        .retain(|input| !constants.contains_key(input.name));
    Ok(parsed)
}

fn parse_opset(fields: Fields<'_>) -> Result<(&str, i64), WireError> {
    let (mut domain, mut version) = ("", 0);
    for field in fields {
        let field = field?;
        match field.number {
            opset::DOMAIN => domain = field.text()?,
            opset::VERSION => version = field.int()?,
            _ => {}
        }
    }
    Ok((domain, version))
}

fn parse_graph<'a>(
    fields: Fields<'a>,
    external: Option<&[u8]>,
    parsed: &mut Graph<'a>,
) -> Result<(), ReadError> {
    for field in fields {
        let field = field?;
        match field.number {
            graph::NODE => {
                parsed.nodes.push(parse_node(field.message()?, external)?);
                let n = parsed.nodes.len();
                if n > MAX_NODES {
                    return Err(ReadError::TooManyNodes { n, most: MAX_NODES });
                }
            }
            graph::INITIALIZER => {
                let (name, constant) = constant::parse(field.message()?, external)?;
                parsed.constants.insert(name, constant);
            }
            graph::INPUT => parsed.inputs.push(parse_info(field.message()?)?),
            graph::OUTPUT => parsed.outputs.push(parse_info(field.message()?)?.name),
            _ => {}
        }
    }
    Ok(())
}

fn parse_node<'a>(fields: Fields<'a>, external: Option<&[u8]>) -> Result<Node<'a>, ReadError> {
    let mut parsed = Node::default();
    for field in fields {
        let field = field?;
        match field.number {
            node::INPUT => parsed.inputs.push(field.text()?),
            node::OUTPUT => parsed.outputs.push(field.text()?),
            node::NAME => parsed.name = field.text()?,
            node::OP_TYPE => parsed.op = field.text()?,
            node::DOMAIN => parsed.domain = field.text()?,
            node::ATTRIBUTE => {
                let attribute = parse_attribute(field.message()?, external)?;
                parsed.attributes.push(attribute);
            }
            _ => {}
        }
    }
    Ok(parsed)
}

fn parse_attribute<'a>(
    fields: Fields<'a>,
    external: Option<&[u8]>,
) -> Result<(&'a str, Attribute<'a>), ReadError> {
    let (mut name, mut parsed) = ("", Attribute::default());
    for field in fields {
        let field = field?;
        match field.number {
            attribute::NAME => name = field.text()?,
            attribute::FLOAT => parsed.float = Some(field.float()?),
            attribute::INT => parsed.int = Some(field.int()?),
            attribute::TEXT => parsed.text = Some(field.bytes()?),
            attribute::TENSOR => {
                parsed.tensor = Some(constant::parse(field.message()?, external)?.1)
            }
            attribute::FLOATS => field.floats(&mut parsed.floats)?,
            attribute::INTS => field.ints(&mut parsed.ints)?,
            attribute::TEXTS => {
                parsed
                    .texts
                    .push(String::from_utf8_lossy(field.bytes()?).into_owned());
            }
            _ => {}
        }
    }
    Ok((name, parsed))
}

fn parse_info(fields: Fields<'_>) -> Result<Input<'_>, WireError> {
    let (mut name, mut width) = ("", None);
    for field in fields {
        let field = field?;
        match field.number {
            value_info::NAME => name = field.text()?,
            value_info::TYPE => width = parse_width(field.message()?)?,
            _ => {}
        }
    }
    Ok(Input { name, width })
}

/// The last of two dimensions, where it is a number.
fn parse_width(fields: Fields<'_>) -> Result<Option<usize>, WireError> {
    let mut dims = Vec::new();
    for field in fields {
        let field = field?;
        if field.number != value_type::TENSOR {
            continue;
        }
        for field in field.message()? {
            let field = field?;
            if field.number != value_type::SHAPE {
                continue;
            }
            for field in field.message()? {
                let field = field?;
                if field.number == shape::DIM {
                    dims.push(parse_dim(field.message()?)?);
                }
            }
        }
    }
    Ok(match dims[..] {
        [_, width] => width,
        _ => None,
    })
}

fn parse_dim(fields: Fields<'_>) -> Result<Option<usize>, WireError> {
    let mut value = None;
    for field in fields {
        let field = field?;
        if field.number == shape::DIM_VALUE {
            value = usize::try_from(field.int()?).ok().filter(|&n| n > 0);
        }
    }
    Ok(value)
}
