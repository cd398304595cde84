//! Tensors of a graph: decoding, and what is computed of them before any sample comes.

use super::error::ReadError;
use crate::interop::onnx::fields::{data, entry, tensor};
use crate::interop::protobuf::{Fields, WireError};
use crate::interop::safetensors::{Dtype, Tensor};

/// A tensor that is known from the file, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    pub dims: Vec<usize>,
    pub values: Values,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    Floats(Vec<f64>),
    Ints(Vec<i64>),
    Texts(Vec<String>),
}

impl Constant {
    pub fn floats(dims: Vec<usize>, values: Vec<f64>) -> Self {
        Self {
            dims,
            values: Values::Floats(values),
        }
    }

    /// Its numbers, whatever they are; `None` of texts.
    pub fn to_floats(&self) -> Option<Vec<f64>> {
        match &self.values {
            Values::Floats(values) => Some(values.clone()),
            Values::Ints(values) => Some(values.iter().map(|&value| value as f64).collect()),
            Values::Texts(_) => None,
        }
    }

    /// As texts.
    pub fn to_texts(&self) -> Vec<String> {
        match &self.values {
            Values::Floats(values) => values.iter().map(f64::to_string).collect(),
            Values::Ints(values) => values.iter().map(i64::to_string).collect(),
            Values::Texts(values) => values.clone(),
        }
    }

    /// Its numbers element by element.
    pub fn map(&self, f: impl Fn(f64) -> f64) -> Option<Self> {
        let values = self.to_floats()?.into_iter().map(f).collect();
        Some(Self::floats(self.dims.clone(), values))
    }

    /// Two of them element by element, one of which may be a single number.
    pub fn zip(&self, other: &Self, f: impl Fn(f64, f64) -> f64) -> Option<Self> {
        let (a, b) = (self.to_floats()?, other.to_floats()?);
        match (&a[..], &b[..]) {
            (_, &[b]) if self.dims.len() >= other.dims.len() => self.map(|a| f(a, b)),
            (&[a], _) => other.map(|b| f(a, b)),
            _ if self.dims == other.dims => {
                let values = a.iter().zip(&b).map(|(&a, &b)| f(a, b));
                Some(Self::floats(self.dims.clone(), values.collect()))
            }
            _ => None,
        }
    }

    /// Rows and columns changed for each other.
    pub fn transposed(&self) -> Option<Self> {
        let &[rows, columns] = &self.dims[..] else {
            return None;
        };
        let values = self.to_floats()?;
        let order = (0..columns).flat_map(|c| (0..rows).map(move |r| r * columns + c));
        let values = order.map(|i| values[i]).collect();
        Some(Self::floats(vec![columns, rows], values))
    }
}

/// A tensor with its name. `external`: the second file, if it is there.
pub fn parse<'a>(
    fields: Fields<'a>,
    external: Option<&[u8]>,
) -> Result<(&'a str, Constant), ReadError> {
    let mut parts = Parts::default();
    for field in fields {
        let field = field?;
        match field.number {
            tensor::DIMS => field.ints(&mut parts.dims)?,
            tensor::DATA_TYPE => parts.kind = field.int()?,
            tensor::NAME => parts.name = field.text()?,
            tensor::RAW_DATA => parts.raw = Some(field.bytes()?),
            tensor::FLOAT_DATA => field.floats(&mut parts.floats)?,
            tensor::DOUBLE_DATA => field.doubles(&mut parts.doubles)?,
            tensor::INT32_DATA | tensor::INT64_DATA => field.ints(&mut parts.ints)?,
            tensor::STRING_DATA => {
                parts
                    .texts
                    .push(String::from_utf8_lossy(field.bytes()?).into_owned());
            }
            tensor::DATA_LOCATION => parts.is_external = field.int()? == tensor::IS_EXTERNAL,
            tensor::EXTERNAL_DATA => {
                let (key, value) = pair(field.message()?)?;
                match key {
                    "location" => parts.location = value,
                    "offset" => parts.offset = value,
                    "length" => parts.length = Some(value),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    let name = parts.name;
    Ok((name, parts.decode(external)?))
}

/// Two texts, one of which names the other.
pub fn pair(fields: Fields<'_>) -> Result<(&str, &str), WireError> {
    let (mut key, mut value) = ("", "");
    for field in fields {
        let field = field?;
        match field.number {
            entry::KEY => key = field.text()?,
            entry::VALUE => value = field.text()?,
            _ => {}
        }
    }
    Ok((key, value))
}

/// A tensor as it stands in the file.
#[derive(Default)]
struct Parts<'a> {
    name: &'a str,
    dims: Vec<i64>,
    kind: i64,
    raw: Option<&'a [u8]>,
    floats: Vec<f32>,
    doubles: Vec<f64>,
    ints: Vec<i64>,
    texts: Vec<String>,
    is_external: bool,
    location: &'a str,
    offset: &'a str,
    length: Option<&'a str>,
}

impl Parts<'_> {
    fn decode(self, external: Option<&[u8]>) -> Result<Constant, ReadError> {
        let tensor = || self.name.to_owned();
        let wrong = || ReadError::TensorShape { tensor: tensor() };
        let dims: Option<Vec<usize>> = self.dims.iter().map(|&d| usize::try_from(d).ok()).collect();
        let dims = dims.ok_or_else(wrong)?;
        let expected = dims.iter().try_fold(1_usize, |n, &dim| n.checked_mul(dim));
        let expected = expected.ok_or_else(wrong)?;
        let raw = match self.is_external {
            true => Some(self.lying_outside(external, expected)?),
            false => self.raw,
        };
        let values = match raw {
            Some(raw) => self.of_raw(raw)?,
            None => self.of_fields()?,
        };
        let given = match &values {
            Values::Floats(values) => values.len(),
            Values::Ints(values) => values.len(),
            Values::Texts(values) => values.len(),
        };
        if given != expected {
            let tensor = tensor();
            return Err(ReadError::TensorLength {
                tensor,
                expected,
                given,
            });
        }
        Ok(Constant { dims, values })
    }

    /// As safetensors names the kind.
    fn dtype(&self) -> Result<Dtype, ReadError> {
        Ok(match self.kind {
            data::F32 => Dtype::F32,
            data::F64 => Dtype::F64,
            data::F16 => Dtype::F16,
            data::BF16 => Dtype::Bf16,
            data::I32 => Dtype::I32,
            data::I64 => Dtype::I64,
            data::BOOL => Dtype::Bool,
            kind => {
                let tensor = self.name.to_owned();
                return Err(ReadError::TensorKind { tensor, kind });
            }
        })
    }

    fn of_raw(&self, raw: &[u8]) -> Result<Values, ReadError> {
        let tensor = Tensor::new(self.name, self.dtype()?, &[], raw);
        let floats = tensor.to_f64().map(Values::Floats);
        let values = floats.or_else(|| tensor.to_i64().map(Values::Ints));
        // Bytes that are no whole numbers are left over: there are too few then.
        Ok(values.unwrap_or(Values::Floats(Vec::new())))
    }

    /// Numbers that stand in fields of their own kind. Halves stand as whole numbers of their bits.
    fn of_fields(&self) -> Result<Values, ReadError> {
        if self.kind == data::TEXT {
            return Ok(Values::Texts(self.texts.clone()));
        }
        let dtype = self.dtype()?;
        Ok(match dtype {
            Dtype::F32 => Values::Floats(self.floats.iter().map(|&v| f64::from(v)).collect()),
            Dtype::F64 => Values::Floats(self.doubles.clone()),
            Dtype::F16 | Dtype::Bf16 => {
                let bits = self
                    .ints
                    .iter()
                    .flat_map(|&bits| (bits as u16).to_le_bytes());
                self.of_raw(&bits.collect::<Vec<u8>>())?
            }
            _ => Values::Ints(self.ints.clone()),
        })
    }

    fn lying_outside<'e>(
        &self,
        external: Option<&'e [u8]>,
        n: usize,
    ) -> Result<&'e [u8], ReadError> {
        let name = self.location.to_owned();
        let Some(bytes) = external else {
            return Err(ReadError::External { name });
        };
        let tensor = self.name.to_owned();
        let short = ReadError::ExternalShort { tensor, name };
        // An offset that is not told is 0.
        let offset: Option<usize> = match self.offset {
            "" => Some(0),
            text => text.parse().ok(),
        };
        let length = match self.length {
            Some(text) => text.parse().ok(),
            None => n.checked_mul(self.dtype()?.size()),
        };
        let found = offset.zip(length).and_then(|(offset, length)| {
            let end = offset.checked_add(length)?;
            bytes.get(offset..end)
        });
        found.ok_or(short)
    }
}
