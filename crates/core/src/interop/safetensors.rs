//! Tensors by name in one file: <https://huggingface.co/docs/safetensors>.
//!
//! A file is the header's length (u64, little-endian), the header, which is an object of JSON, and the tensors' bytes,
//! which follow each other without holes. This reader refuses what the reference reader refuses, and names that stand twice.
//! Nothing is allocated but what the bytes at hand ask for.

use std::borrow::Cow;

use thiserror::Error;

use super::json::{Json, JsonError, quoted};

/// The longest header that the reference reader takes.
const MAX_HEADER: u64 = 100_000_000;
const METADATA: &str = "__metadata__";
/// Bytes before the header.
const LENGTH: usize = 8;

/// What a tensor's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dtype {
    Bool,
    U8,
    I8,
    U16,
    I16,
    F16,
    Bf16,
    U32,
    I32,
    F32,
    U64,
    I64,
    F64,
}

impl Dtype {
    const ALL: [Self; 13] = [
        Self::Bool,
        Self::U8,
        Self::I8,
        Self::U16,
        Self::I16,
        Self::F16,
        Self::Bf16,
        Self::U32,
        Self::I32,
        Self::F32,
        Self::U64,
        Self::I64,
        Self::F64,
    ];

    /// As a header has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "BOOL",
            Self::U8 => "U8",
            Self::I8 => "I8",
            Self::U16 => "U16",
            Self::I16 => "I16",
            Self::F16 => "F16",
            Self::Bf16 => "BF16",
            Self::U32 => "U32",
            Self::I32 => "I32",
            Self::F32 => "F32",
            Self::U64 => "U64",
            Self::I64 => "I64",
            Self::F64 => "F64",
        }
    }

    /// Bytes of a number.
    pub fn size(self) -> usize {
        match self {
            Self::Bool | Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 | Self::F16 | Self::Bf16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dtype| dtype.name() == name)
    }
}

/// A tensor: `shape`, row-major, its numbers little-endian. A scalar has no dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor<'a> {
    pub name: Cow<'a, str>,
    pub dtype: Dtype,
    pub shape: Vec<usize>,
    /// Product of the shape times the size of the type.
    pub bytes: Cow<'a, [u8]>,
}

impl<'a> Tensor<'a> {
    /// `values`: as many as the shape has.
    pub fn f32(name: impl Into<Cow<'a, str>>, shape: &[usize], values: &[f32]) -> Self {
        let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self::new(name, Dtype::F32, shape, bytes)
    }

    /// `values`: as many as the shape has.
    pub fn i64(name: impl Into<Cow<'a, str>>, shape: &[usize], values: &[i64]) -> Self {
        let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self::new(name, Dtype::I64, shape, bytes)
    }

    /// `bytes`: of as many numbers as the shape has.
    pub fn new(
        name: impl Into<Cow<'a, str>>,
        dtype: Dtype,
        shape: &[usize],
        bytes: impl Into<Cow<'a, [u8]>>,
    ) -> Self {
        Self {
            name: name.into(),
            dtype,
            shape: shape.to_vec(),
            bytes: bytes.into(),
        }
    }

    /// How many numbers it has.
    pub fn n_values(&self) -> usize {
        self.bytes.len() / self.dtype.size()
    }

    /// The numbers of any type of floats, rounded to f32; `None` of another type.
    pub fn to_f32(&self) -> Option<Vec<f32>> {
        Some(match self.dtype {
            Dtype::F32 => self.each(f32::from_le_bytes),
            Dtype::F64 => self.each(|bytes| f64::from_le_bytes(bytes) as f32),
            Dtype::F16 => self.each(|bytes| f32_of_f16(u16::from_le_bytes(bytes))),
            Dtype::Bf16 => {
                self.each(|bytes| f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16))
            }
            _ => return None,
        })
    }

    /// The numbers of any type of floats; `None` of another type.
    pub fn to_f64(&self) -> Option<Vec<f64>> {
        match self.dtype {
            Dtype::F64 => Some(self.each(f64::from_le_bytes)),
            _ => Some(self.to_f32()?.into_iter().map(f64::from).collect()),
        }
    }

    /// The numbers of any whole type (false is 0, true 1); `None` of floats, and where one is beyond i64.
    pub fn to_i64(&self) -> Option<Vec<i64>> {
        Some(match self.dtype {
            Dtype::Bool | Dtype::U8 => self.each(|bytes| u8::from_le_bytes(bytes).into()),
            Dtype::I8 => self.each(|bytes| i8::from_le_bytes(bytes).into()),
            Dtype::U16 => self.each(|bytes| u16::from_le_bytes(bytes).into()),
            Dtype::I16 => self.each(|bytes| i16::from_le_bytes(bytes).into()),
            Dtype::U32 => self.each(|bytes| u32::from_le_bytes(bytes).into()),
            Dtype::I32 => self.each(|bytes| i32::from_le_bytes(bytes).into()),
            Dtype::I64 => self.each(i64::from_le_bytes),
            Dtype::U64 => {
                let values = self.each(|bytes| i64::try_from(u64::from_le_bytes(bytes)).ok());
                return values.into_iter().collect();
            }
            Dtype::F16 | Dtype::Bf16 | Dtype::F32 | Dtype::F64 => return None,
        })
    }

    /// `N` is the size of the type.
    fn each<const N: usize, T>(&self, value: impl Fn([u8; N]) -> T) -> Vec<T> {
        let (values, _) = self.bytes.as_chunks::<N>();
        values.iter().map(|&bytes| value(bytes)).collect()
    }
}

/// IEEE 754 half precision, exactly.
fn f32_of_f16(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let exponent = u32::from(bits >> 10 & 0x1f);
    let fraction = u32::from(bits & 0x3ff);
    match exponent {
        // Below the normal ones: fraction times 2^-24.
        0 => {
            let magnitude = fraction as f32 / 16_777_216.0;
            f32::from_bits(magnitude.to_bits() | sign)
        }
        0x1f => f32::from_bits(sign | 0x7f80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct File<'a> {
    /// Of `__metadata__`, in the header's order.
    pub metadata: Vec<(String, String)>,
    /// In the order of their bytes, which follow each other.
    pub tensors: Vec<Tensor<'a>>,
    /// Where the bytes of the first tensor begin.
    pub data_start: usize,
}

/// Why a file is none of safetensors. Bytes count from 0 at the file's start.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SafetensorsError {
    #[error(
        "the file has {0} bytes, and a safetensors file begins with 8 that say how long its header is"
    )]
    Short(usize),
    #[error(
        "the header would be {0} bytes long: at most {MAX_HEADER} are allowed, so this is no safetensors file"
    )]
    LongHeader(u64),
    #[error("the header would end at byte {end}, and the file has {n_bytes} bytes")]
    CutHeader { end: usize, n_bytes: usize },
    #[error("byte {0} of the header is no UTF-8 text")]
    Utf8(usize),
    /// With its byte in the file.
    #[error("header, {0}")]
    Json(JsonError),
    #[error("the header is no object")]
    NoObject,
    #[error("metadata `{0}` is no text")]
    Metadata(String),
    #[error("tensor `{name}`: {field} is missing or is no {kind}")]
    Field {
        name: String,
        field: &'static str,
        kind: &'static str,
    },
    #[error("tensor `{name}` has numbers of type {dtype}, which are not read here")]
    Dtype { name: String, dtype: String },
    #[error("tensor `{0}`: its shape has more numbers than any file")]
    Overflow(String),
    #[error("tensor `{name}`: shape and type ask for {asked} bytes, and its range has {has}")]
    Size {
        name: String,
        asked: usize,
        has: u64,
    },
    #[error(
        "tensor `{name}` begins at byte {begins}, and what comes before it ends at {expected}: a hole or an overlap"
    )]
    Range {
        name: String,
        begins: u64,
        expected: u64,
    },
    #[error(
        "the file is cut off: tensor `{name}` ends at byte {end}, and the file has {n_bytes} bytes"
    )]
    Cut {
        name: String,
        end: u64,
        n_bytes: usize,
    },
    #[error("after the last tensor, which ends at byte {end}, the file goes on to {n_bytes}")]
    LeftOver { end: u64, n_bytes: usize },
}

impl<'a> File<'a> {
    /// Reads a whole file. Tensors are views of its bytes.
    pub fn read(bytes: &'a [u8]) -> Result<Self, SafetensorsError> {
        match Self::read_cut(bytes)? {
            (file, None) => Ok(file),
            (_, Some(cut)) => Err(cut),
        }
    }

    /// Reads as much as there is of a file that may be cut off: the tensors that are whole, and where something is missing
    /// the error that says so.
    pub fn read_cut(bytes: &'a [u8]) -> Result<(Self, Option<SafetensorsError>), SafetensorsError> {
        let (header, data_start) = header(bytes)?;
        let fields = header.fields().ok_or(SafetensorsError::NoObject)?;
        let mut metadata = Vec::new();
        let mut entries = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            if name == METADATA {
                metadata = metadata_of(value)?;
            } else {
                entries.push(Entry::read(name, value)?);
            }
        }
        // Of tensors without bytes at one place the header's order.
        entries.sort_by_key(|entry| (entry.begin, entry.end));
        let data = bytes.get(data_start..).unwrap_or_default();
        let at = |offset: u64| offset.saturating_add(data_start as u64);
        let mut file = Self {
            metadata,
            tensors: Vec::with_capacity(entries.len()),
            data_start,
        };
        let mut cut = None;
        let mut expected = 0;
        for entry in entries {
            if entry.begin != expected {
                return Err(SafetensorsError::Range {
                    name: entry.name.into(),
                    begins: at(entry.begin),
                    expected: at(expected),
                });
            }
            expected = entry.end;
            let range = usize::try_from(entry.begin)
                .ok()
                .zip(usize::try_from(entry.end).ok());
            match range.and_then(|(begin, end)| data.get(begin..end)) {
                Some(bytes) => file.tensors.push(Tensor {
                    name: Cow::Owned(entry.name.into()),
                    dtype: entry.dtype,
                    shape: entry.shape,
                    bytes: Cow::Borrowed(bytes),
                }),
                None => {
                    cut.get_or_insert(SafetensorsError::Cut {
                        name: entry.name.into(),
                        end: at(entry.end),
                        n_bytes: bytes.len(),
                    });
                }
            }
        }
        if (data.len() as u64) > expected {
            return Err(SafetensorsError::LeftOver {
                end: at(expected),
                n_bytes: bytes.len(),
            });
        }
        Ok((file, cut))
    }

    pub fn tensor(&self, name: &str) -> Option<&Tensor<'a>> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    pub fn metadata(&self, key: &str) -> Option<&str> {
        let found = self.metadata.iter().find(|(other, _)| other == key);
        found.map(|(_, value)| value.as_str())
    }
}

/// Whether bytes begin as such a file does: with a length that may be, and an object.
pub fn is_one(bytes: &[u8]) -> bool {
    let length = bytes
        .first_chunk()
        .map(|&length| u64::from_le_bytes(length));
    length.is_some_and(|length| length <= MAX_HEADER) && bytes.get(LENGTH) == Some(&b'{')
}

/// The header, and where the tensors' bytes begin.
fn header(bytes: &[u8]) -> Result<(Json, usize), SafetensorsError> {
    let length = bytes.first_chunk::<LENGTH>();
    let length = u64::from_le_bytes(*length.ok_or(SafetensorsError::Short(bytes.len()))?);
    if length > MAX_HEADER {
        return Err(SafetensorsError::LongHeader(length));
    }
    let end = LENGTH + length as usize;
    let text = bytes.get(LENGTH..end).ok_or(SafetensorsError::CutHeader {
        end,
        n_bytes: bytes.len(),
    })?;
    let text =
        std::str::from_utf8(text).map_err(|error| SafetensorsError::Utf8(error.valid_up_to()))?;
    let header = Json::parse(text).map_err(|error| {
        SafetensorsError::Json(JsonError {
            at: error.at + LENGTH,
            ..error
        })
    })?;
    Ok((header, end))
}

fn metadata_of(value: &Json) -> Result<Vec<(String, String)>, SafetensorsError> {
    let not_text = |key: &str| SafetensorsError::Metadata(key.into());
    let fields = value.fields().ok_or(not_text(METADATA))?;
    let text = |(key, value): &(String, Json)| {
        let text = value.text().ok_or(not_text(key))?;
        Ok((key.clone(), text.to_owned()))
    };
    fields.iter().map(text).collect()
}

/// A tensor as the header has it.
struct Entry<'a> {
    name: &'a str,
    dtype: Dtype,
    shape: Vec<usize>,
    begin: u64,
    end: u64,
}

impl<'a> Entry<'a> {
    fn read(name: &'a str, value: &Json) -> Result<Self, SafetensorsError> {
        let wrong = |field, kind| SafetensorsError::Field {
            name: name.into(),
            field,
            kind,
        };
        let dtype = value.get("dtype").and_then(Json::text);
        let dtype = dtype.ok_or(wrong("dtype", "text"))?;
        let dtype = Dtype::named(dtype).ok_or_else(|| SafetensorsError::Dtype {
            name: name.into(),
            dtype: dtype.into(),
        })?;
        let shape = value.get("shape").and_then(Json::list);
        let shape: Option<Vec<usize>> = shape.and_then(|shape| {
            let size = |json: &Json| usize::try_from(json.whole()?).ok();
            shape.iter().map(size).collect()
        });
        let shape = shape.ok_or(wrong("shape", "list of whole numbers"))?;
        let offsets = value.get("data_offsets").and_then(Json::list);
        let range = match offsets {
            Some([begin, end]) => begin.whole().zip(end.whole()),
            _ => None,
        };
        let (begin, end) = range.ok_or(wrong("data_offsets", "pair of whole numbers"))?;
        let size = shape
            .iter()
            .try_fold(dtype.size(), |size, &n| size.checked_mul(n))
            .ok_or_else(|| SafetensorsError::Overflow(name.into()))?;
        if begin.checked_add(size as u64) != Some(end) {
            return Err(SafetensorsError::Size {
                name: name.into(),
                asked: size,
                has: end.saturating_sub(begin),
            });
        }
        Ok(Self {
            name,
            dtype,
            shape,
            begin,
            end,
        })
    }
}

/// A file of these. Tensors of large numbers come first, as in the reference, so that all are aligned; beyond that they
/// keep their order. The header is padded by spaces to whole 8 bytes.
pub fn write(metadata: &[(&str, &str)], tensors: &[Tensor<'_>]) -> Vec<u8> {
    let mut order: Vec<&Tensor<'_>> = tensors.iter().collect();
    order.sort_by_key(|tensor| std::cmp::Reverse(tensor.dtype.size()));
    let mut fields = Vec::with_capacity(tensors.len() + 1);
    if !metadata.is_empty() {
        let pairs = metadata
            .iter()
            .map(|(k, v)| format!("{}:{}", quoted(k), quoted(v)));
        let pairs: Vec<String> = pairs.collect();
        fields.push(format!("{}:{{{}}}", quoted(METADATA), pairs.join(",")));
    }
    let mut end = 0;
    for tensor in &order {
        let begin = end;
        end += tensor.bytes.len();
        let shape: Vec<String> = tensor.shape.iter().map(usize::to_string).collect();
        fields.push(format!(
            "{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{begin},{end}]}}",
            quoted(&tensor.name),
            tensor.dtype.name(),
            shape.join(",")
        ));
    }
    let mut header = format!("{{{}}}", fields.join(","));
    let padding = header.len().next_multiple_of(LENGTH) - header.len();
    header.extend(std::iter::repeat_n(' ', padding));
    let mut bytes = Vec::with_capacity(LENGTH + header.len() + end);
    bytes.extend_from_slice(&(header.len() as u64).to_le_bytes());
    bytes.extend_from_slice(header.as_bytes());
    for tensor in order {
        bytes.extend_from_slice(&tensor.bytes);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn with_header(header: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(data);
        bytes
    }

    fn example() -> Vec<u8> {
        let tensors = [
            Tensor::f32("0.weight", &[2, 3], &[1.0, 2.0, 3.0, -1.0, 0.5, f32::NAN]),
            Tensor::f32("empty", &[0, 4], &[]),
            Tensor::i64("num_batches_tracked", &[], &[7]),
            Tensor::new("counts", Dtype::U16, &[3], vec![1, 0, 0, 1, 255, 255]),
        ];
        write(&[("format", "pt"), ("a \"name\"", "é")], &tensors)
    }

    #[test]
    fn what_is_written_reads_back() {
        let bytes = example();
        let header = u64::from_le_bytes(*bytes.first_chunk().expect("eight"));
        assert_eq!(header % 8, 0);
        let file = File::read(&bytes).expect("a file");
        assert_eq!(file.metadata("a \"name\""), Some("é"));
        assert_eq!(file.metadata("none"), None);
        let names: Vec<&str> = file.tensors.iter().map(|t| &*t.name).collect();
        assert_eq!(
            names,
            ["num_batches_tracked", "0.weight", "empty", "counts"]
        );
        let weight = file.tensor("0.weight").expect("a tensor");
        assert_eq!((&weight.shape[..], weight.n_values()), (&[2, 3][..], 6));
        assert_eq!(
            weight.to_f32().expect("floats")[..5],
            [1.0, 2.0, 3.0, -1.0, 0.5]
        );
        assert_eq!(weight.to_i64(), None);
        let tracked = file.tensor("num_batches_tracked").expect("a tensor");
        assert_eq!((tracked.shape.len(), tracked.to_i64()), (0, Some(vec![7])));
        assert_eq!(tracked.to_f32(), None);
        let counts = file.tensor("counts").expect("a tensor");
        assert_eq!(counts.to_i64(), Some(vec![1, 256, 65_535]));
        assert_eq!(File::read(&write(&[], &[])).map(|f| f.tensors.len()), Ok(0));
    }

    #[test]
    fn floats_of_all_kinds_become_f32() {
        let halves: Vec<u8> = [
            0x3c00, 0xc000, 0x0001, 0x8000, 0x7bff, 0x7c00, 0xfc00, 0x3555_u16,
        ]
        .iter()
        .flat_map(|bits| bits.to_le_bytes())
        .collect();
        let tensor = Tensor::new("h", Dtype::F16, &[8], halves);
        let expected = [
            1.0,
            -2.0,
            5.960_464_5e-8,
            -0.0,
            65_504.0,
            f32::INFINITY,
            f32::NEG_INFINITY,
            0.333_251_95,
        ];
        let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&tensor.to_f32().expect("floats")), bits(&expected));
        assert!(f32_of_f16(0x7e00).is_nan());
        let tensor = Tensor::new("b", Dtype::Bf16, &[1], vec![0x80, 0xbf]);
        assert_eq!(tensor.to_f32(), Some(vec![-1.0]));
        let tensor = Tensor::new("d", Dtype::F64, &[1], 0.1f64.to_le_bytes().to_vec());
        assert_eq!(
            (tensor.to_f32(), tensor.to_f64()),
            (Some(vec![0.1]), Some(vec![0.1]))
        );
        let tensor = Tensor::new("u", Dtype::U64, &[1], u64::MAX.to_le_bytes().to_vec());
        assert_eq!(tensor.to_i64(), None);
    }

    fn fails(header: &str, data: &[u8], expect: Expect) {
        let error = File::read(&with_header(header, data)).expect_err("refused");
        expect.assert_eq(&error.to_string());
    }

    #[test]
    fn what_the_reference_refuses_is_refused() {
        let one = |dtype: &str, shape: &str, range: &str| {
            format!(r#"{{"t":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{range}}}}}"#)
        };
        let two = |first: &str, second: &str| {
            format!(
                r#"{{"a":{{"dtype":"U8","shape":[2],"data_offsets":{first}}},"b":{{"dtype":"U8","shape":[2],"data_offsets":{second}}}}}"#
            )
        };
        fails(
            &one("F32", "[1]", "[0,4]"),
            &[0; 5],
            expect!["after the last tensor, which ends at byte 66, the file goes on to 67"],
        );
        fails(
            &one("F32", "[1]", "[0,4]"),
            &[0; 3],
            expect!["the file is cut off: tensor `t` ends at byte 66, and the file has 65 bytes"],
        );
        fails(
            &one("F32", "[1]", "[1,5]"),
            &[0; 5],
            expect![
                "tensor `t` begins at byte 63, and what comes before it ends at 62: a hole or an overlap"
            ],
        );
        fails(
            &two("[0,2]", "[3,5]"),
            &[0; 5],
            expect![
                "tensor `b` begins at byte 116, and what comes before it ends at 115: a hole or an overlap"
            ],
        );
        fails(
            &two("[0,2]", "[1,3]"),
            &[0; 3],
            expect![
                "tensor `b` begins at byte 114, and what comes before it ends at 115: a hole or an overlap"
            ],
        );
        fails(
            &one("F32", "[2]", "[0,4]"),
            &[0; 4],
            expect!["tensor `t`: shape and type ask for 8 bytes, and its range has 4"],
        );
        fails(
            &one("F32", "[1]", "[4,0]"),
            &[0; 4],
            expect!["tensor `t`: shape and type ask for 4 bytes, and its range has 0"],
        );
        fails(
            &one("F32", "[4294967296,4294967296]", "[0,0]"),
            &[],
            expect!["tensor `t`: its shape has more numbers than any file"],
        );
        fails(
            &one("F32", "[-1]", "[0,4]"),
            &[0; 4],
            expect!["tensor `t`: shape is missing or is no list of whole numbers"],
        );
        fails(
            &one("F32", "[1.5]", "[0,4]"),
            &[0; 4],
            expect!["tensor `t`: shape is missing or is no list of whole numbers"],
        );
        fails(
            &one("F32", "[1]", "[0]"),
            &[0; 4],
            expect!["tensor `t`: data_offsets is missing or is no pair of whole numbers"],
        );
        fails(
            &one("F4", "[2]", "[0,1]"),
            &[0; 1],
            expect!["tensor `t` has numbers of type F4, which are not read here"],
        );
        fails(
            r#"{"t":{}}"#,
            &[],
            expect!["tensor `t`: dtype is missing or is no text"],
        );
        fails(
            r#"{"__metadata__":{"a":1}}"#,
            &[],
            expect!["metadata `a` is no text"],
        );
        fails(
            r#"{"__metadata__":[]}"#,
            &[],
            expect!["metadata `__metadata__` is no text"],
        );
        fails("[]", &[], expect!["the header is no object"]);
        fails(
            r#"{"t":1,"t":2}"#,
            &[],
            expect!["header, byte 15: the name `t` stands twice in one object"],
        );
        fails(
            "{",
            &[],
            expect!["header, byte 9: expected a name in quotes, but the text ends here"],
        );
        let said = |bytes: &[u8]| File::read(bytes).expect_err("refused").to_string();
        expect!["the file has 3 bytes, and a safetensors file begins with 8 that say how long its header is"].assert_eq(&said(b"abc"));
        expect!["the header would be 7308326681971679585 bytes long: at most 100000000 are allowed, so this is no safetensors file"].assert_eq(&said(b"aaneedled"));
        expect!["the header would end at byte 16, and the file has 9 bytes"]
            .assert_eq(&said(&[8, 0, 0, 0, 0, 0, 0, 0, b'{']));
        expect!["byte 1 of the header is no UTF-8 text"]
            .assert_eq(&said(&[2, 0, 0, 0, 0, 0, 0, 0, b'{', 0xff]));
    }

    #[test]
    fn what_the_reference_takes_is_taken() {
        for header in [
            "{}",
            " {} ",
            r#"{"t":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#,
        ] {
            let data = vec![0; if header.contains('t') { 4 } else { 0 }];
            assert!(File::read(&with_header(header, &data)).is_ok(), "{header}");
        }
    }

    #[test]
    fn of_a_cut_file_whole_tensors_are_read() {
        let bytes = example();
        let (file, cut) = File::read_cut(&bytes[..bytes.len() - 7]).expect("a file");
        assert_eq!(file.tensors.len(), 1);
        assert!(matches!(cut, Some(SafetensorsError::Cut { name, .. }) if name == "0.weight"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn changed_bytes_are_read_or_refused(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            length in any::<prop::sample::Index>(),
            is_cut in any::<bool>(),
        ) {
            let mut bytes = example();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if is_cut {
                bytes.truncate(length.index(bytes.len()));
            }
            if let Ok(file) = File::read(&bytes) {
                let n_bytes: usize = file.tensors.iter().map(|t| t.bytes.len()).sum();
                prop_assert!(n_bytes <= bytes.len());
                for tensor in &file.tensors {
                    prop_assert_eq!(tensor.n_values(), tensor.shape.iter().product::<usize>());
                    let _ = (tensor.to_f64(), tensor.to_i64());
                }
            }
        }
    }
}
