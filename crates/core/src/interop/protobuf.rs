//! Protocol Buffers on the wire (<https://protobuf.dev/programming-guides/encoding>): a message is a row of fields, each
//! a number and one of four kinds of value. What a number stands for is told by whoever reads or writes.
//!
//! Reading copies nothing and goes into a message only where it is asked to, so that no file costs more than its own
//! bytes, and none goes deeper than the reader does.

use thiserror::Error;

const VARINT: u64 = 0;
const FIXED_64: u64 = 1;
const LENGTH_DELIMITED: u64 = 2;
const FIXED_32: u64 = 5;

/// Why bytes are no message, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WireError {
    #[error("at byte {at}, the file ends in the middle of a field: it is not whole")]
    Truncated { at: usize },
    #[error("at byte {at}, a number runs over 64 bits: this is no file of the kind")]
    LongVarint { at: usize },
    #[error(
        "at byte {at}, a field is of wire type {kind}, which is not in use: this is no file of the kind"
    )]
    UnknownWireType { at: usize, kind: u64 },
    #[error(
        "at byte {at}, a field has the number {number}, which none can have: this is no file of the kind"
    )]
    FieldNumber { at: usize, number: u64 },
    #[error("at byte {at}, field {number} holds another kind of value than it should")]
    OtherKind { at: usize, number: u32 },
    #[error("at byte {at}, a text is not UTF-8")]
    NotText { at: usize },
}

/// A message being written, field by field.
#[derive(Clone, Debug, Default)]
pub struct Message {
    bytes: Vec<u8>,
}

impl Message {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// An integer; negative ones take ten bytes, as `int64` does.
    pub fn int(&mut self, number: u32, value: i64) {
        self.tag(number, VARINT);
        varint(&mut self.bytes, value as u64);
    }

    pub fn float(&mut self, number: u32, value: f32) {
        self.tag(number, FIXED_32);
        self.bytes.extend(value.to_le_bytes());
    }

    pub fn double(&mut self, number: u32, value: f64) {
        self.tag(number, FIXED_64);
        self.bytes.extend(value.to_le_bytes());
    }

    pub fn bytes(&mut self, number: u32, value: &[u8]) {
        self.tag(number, LENGTH_DELIMITED);
        varint(&mut self.bytes, value.len() as u64);
        self.bytes.extend(value);
    }

    pub fn text(&mut self, number: u32, value: &str) {
        self.bytes(number, value.as_bytes());
    }

    pub fn message(&mut self, number: u32, value: &Self) {
        self.bytes(number, &value.bytes);
    }

    /// Packed integers.
    pub fn ints(&mut self, number: u32, values: impl IntoIterator<Item = i64>) {
        let mut packed = Vec::new();
        for value in values {
            varint(&mut packed, value as u64);
        }
        self.bytes(number, &packed);
    }

    /// Packed doubles.
    pub fn doubles(&mut self, number: u32, values: &[f64]) {
        let packed: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.bytes(number, &packed);
    }

    fn tag(&mut self, number: u32, kind: u64) {
        varint(&mut self.bytes, u64::from(number) << 3 | kind);
    }
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// The fields of a message, one after the other. After an error there are no more.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: &'a [u8],
    /// Where `rest` begins in the file.
    at: usize,
}

/// A field as it was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field<'a> {
    pub number: u32,
    /// Where its value begins in the file.
    pub at: usize,
    value: Value<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Value<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Bytes(&'a [u8]),
    Fixed32([u8; 4]),
}

impl<'a> Fields<'a> {
    /// Of a whole file.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, at: 0 }
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8], WireError> {
        let at = self.at;
        let (taken, rest) = (self.rest.split_at_checked(n)).ok_or(WireError::Truncated { at })?;
        self.rest = rest;
        self.at += n;
        Ok(taken)
    }

    fn take_array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let at = self.at;
        let (taken, rest) = (self.rest.split_first_chunk()).ok_or(WireError::Truncated { at })?;
        self.rest = rest;
        self.at += N;
        Ok(*taken)
    }

    fn varint(&mut self) -> Result<u64, WireError> {
        let at = self.at;
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.take_array()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(WireError::LongVarint { at })
    }

    fn field(&mut self) -> Result<Field<'a>, WireError> {
        let start = self.at;
        let tag = self.varint()?;
        let number = tag >> 3;
        let wrong = WireError::FieldNumber { at: start, number };
        let number = u32::try_from(number).ok().filter(|&n| n > 0 && n < 1 << 29);
        let number = number.ok_or(wrong)?;
        let mut at = self.at;
        let value = match tag & 7 {
            VARINT => Value::Varint(self.varint()?),
            FIXED_64 => Value::Fixed64(self.take_array()?),
            LENGTH_DELIMITED => {
                let n = self.varint()?;
                at = self.at;
                let n = usize::try_from(n).map_err(|_| WireError::Truncated { at })?;
                Value::Bytes(self.take(n)?)
            }
            FIXED_32 => Value::Fixed32(self.take_array()?),
            kind => return Err(WireError::UnknownWireType { at: start, kind }),
        };
        Ok(Field { number, at, value })
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

impl<'a> Field<'a> {
    fn other_kind(&self) -> WireError {
        WireError::OtherKind {
            at: self.at,
            number: self.number,
        }
    }

    pub fn int(&self) -> Result<i64, WireError> {
        match self.value {
            Value::Varint(value) => Ok(value as i64),
            _ => Err(self.other_kind()),
        }
    }

    pub fn float(&self) -> Result<f32, WireError> {
        match self.value {
            Value::Fixed32(bytes) => Ok(f32::from_le_bytes(bytes)),
            _ => Err(self.other_kind()),
        }
    }

    pub fn double(&self) -> Result<f64, WireError> {
        match self.value {
            Value::Fixed64(bytes) => Ok(f64::from_le_bytes(bytes)),
            _ => Err(self.other_kind()),
        }
    }

    pub fn bytes(&self) -> Result<&'a [u8], WireError> {
        match self.value {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(self.other_kind()),
        }
    }

    pub fn text(&self) -> Result<&'a str, WireError> {
        let at = self.at;
        std::str::from_utf8(self.bytes()?).map_err(|_| WireError::NotText { at })
    }

    /// The fields of the message that this field holds.
    pub fn message(&self) -> Result<Fields<'a>, WireError> {
        let rest = self.bytes()?;
        Ok(Fields { rest, at: self.at })
    }

    /// Adds what a repeated field of integers holds: one of them, or several packed.
    pub fn ints(&self, to: &mut Vec<i64>) -> Result<(), WireError> {
        let Value::Bytes(rest) = self.value else {
            to.push(self.int()?);
            return Ok(());
        };
        let mut packed = Fields { rest, at: self.at };
        while !packed.rest.is_empty() {
            to.push(packed.varint()? as i64);
        }
        Ok(())
    }

    /// Adds what a repeated field of floats holds: one of them, or several packed.
    pub fn floats(&self, to: &mut Vec<f32>) -> Result<(), WireError> {
        let Value::Bytes(bytes) = self.value else {
            to.push(self.float()?);
            return Ok(());
        };
        let (values, rest) = bytes.as_chunks();
        to.extend(values.iter().map(|&v| f32::from_le_bytes(v)));
        let at = self.at + bytes.len();
        (rest.is_empty().then_some(())).ok_or(WireError::Truncated { at })
    }

    /// Adds what a repeated field of doubles holds: one of them, or several packed.
    pub fn doubles(&self, to: &mut Vec<f64>) -> Result<(), WireError> {
        let Value::Bytes(bytes) = self.value else {
            to.push(self.double()?);
            return Ok(());
        };
        let (values, rest) = bytes.as_chunks();
        to.extend(values.iter().map(|&v| f64::from_le_bytes(v)));
        let at = self.at + bytes.len();
        (rest.is_empty().then_some(())).ok_or(WireError::Truncated { at })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_are_those_of_the_specification() {
        // The examples of the encoding's page: a = 150; b = "testing"; c = that message; f = [3, 270, 86942].
        let mut inner = Message::new();
        inner.int(1, 150);
        assert_eq!(inner.bytes, [0x08, 0x96, 0x01]);
        let mut outer = Message::new();
        outer.text(2, "testing");
        outer.message(3, &inner);
        outer.ints(6, [3, 270, 86942]);
        let expected = b"\x12\x07testing\x1a\x03\x08\x96\x01\x32\x06\x03\x8e\x02\x9e\xa7\x05";
        assert_eq!(outer.into_bytes(), expected);
    }

    #[test]
    fn what_was_written_is_read() -> Result<(), WireError> {
        let mut message = Message::new();
        message.int(1, -2);
        message.float(2, 0.5);
        message.double(3, -1e300);
        message.text(4, "gelu, é");
        message.ints(5, [0, i64::MAX, i64::MIN]);
        message.doubles(1 << 20, &[1.0, f64::INFINITY]);
        let bytes = message.into_bytes();
        let fields: Vec<Field<'_>> = Fields::new(&bytes).collect::<Result<_, _>>()?;
        assert_eq!(fields[0].int()?, -2);
        assert_eq!(fields[1].float()?, 0.5);
        assert_eq!(fields[2].double()?, -1e300);
        assert_eq!(fields[3].text()?, "gelu, é");
        let (mut ints, mut doubles) = (Vec::new(), Vec::new());
        fields[4].ints(&mut ints)?;
        fields[0].ints(&mut ints)?;
        fields[5].doubles(&mut doubles)?;
        assert_eq!(ints, [0, i64::MAX, i64::MIN, -2]);
        assert_eq!(doubles, [1.0, f64::INFINITY]);
        assert_eq!(fields[5].number, 1 << 20);
        let wrong = WireError::OtherKind { at: 1, number: 1 };
        assert_eq!(fields[0].text(), Err(wrong));
        Ok(())
    }

    #[test]
    fn what_is_no_message_is_refused_with_its_place() {
        let first = |bytes: &[u8]| {
            let last = Fields::new(bytes).last();
            last.and_then(Result::err).map(|error| error.to_string())
        };
        let cases: [(&[u8], &str); 6] = [
            (b"\x08", "at byte 1, the file ends"),
            (b"\x08\x01\x12\x05ab", "at byte 4, the file ends"),
            (
                b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                "at byte 11, the file ends",
            ),
            (
                b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
                "at byte 1, a number runs over",
            ),
            (b"\x0b", "at byte 0, a field is of wire type 3"),
            (b"\x00\x00", "at byte 0, a field has the number 0"),
        ];
        for (bytes, expected) in cases {
            let said = first(bytes).unwrap_or_default();
            assert!(said.starts_with(expected), "{bytes:?}: {said}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let fields = Fields::new(&bytes);
            prop_assert!(fields.count() <= bytes.len());
        }
    }
}
