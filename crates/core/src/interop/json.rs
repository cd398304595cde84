//! A strict reader of JSON (RFC 8259), and what text needs to stand in it.
//!
//! Stricter than the standard where it leaves a choice: names in an object are different, numbers fit a double, escapes
//! are whole characters, and nothing lies deeper than [`MAX_DEPTH`].

use thiserror::Error;

use crate::number::parse_f64;

/// Lists and objects within each other.
pub const MAX_DEPTH: usize = 64;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    /// In the order of the text; no name twice.
    Object(Vec<(String, Json)>),
}

/// Where a text is not JSON, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("byte {at}: {what}")]
pub struct JsonError {
    /// Bytes before the place.
    pub at: usize,
    pub what: JsonErrorKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JsonErrorKind {
    #[error("expected {expected}, found `{found}`")]
    Found { expected: &'static str, found: char },
    #[error("expected {expected}, but the text ends here")]
    End { expected: &'static str },
    #[error("the name `{0}` stands twice in one object")]
    Twice(String),
    #[error("a number beyond the range of a double")]
    Range,
    #[error("half of a surrogate pair, which is no character")]
    Surrogate,
    #[error("lists and objects lie more than {MAX_DEPTH} deep")]
    Depth,
}

impl Json {
    /// Reads a whole text.
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.space();
        match reader.peek() {
            None => Ok(value),
            Some(_) => Err(reader.expected("the end of the text")),
        }
    }

    /// The value of a name; `None` where there is none, or this is no object.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.fields()?
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value)
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// A whole number from 0 to 2^53, beyond which a double skips some.
    pub fn whole(&self) -> Option<u64> {
        let value = self.number()?;
        let is_whole =
            (0.0..=9_007_199_254_740_992.0).contains(&value) && libm::trunc(value) == value;
        is_whole.then_some(value as u64)
    }

    pub fn bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn list(&self) -> Option<&[Json]> {
        match self {
            Self::List(values) => Some(values),
            _ => None,
        }
    }

    pub fn fields(&self) -> Option<&[(String, Json)]> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }
}

/// A text as a string of JSON, quotes included.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.expected("a value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.enter(depth)?;
        let mut fields: Vec<(String, Json)> = Vec::new();
        let mut places = Vec::new();
        self.space();
        if !self.take(b'}') {
            loop {
                self.space();
                places.push(self.at);
                if self.peek() != Some(b'"') {
                    return Err(self.expected("a name in quotes"));
                }
                let name = self.string()?;
                self.space();
                if !self.take(b':') {
                    return Err(self.expected("`:`"));
                }
                fields.push((name, self.value(depth + 1)?));
                self.space();
                if self.take(b'}') {
                    break;
                }
                if !self.take(b',') {
                    return Err(self.expected("`,` or `}`"));
                }
            }
        }
        match first_twice(&fields) {
            Some(i) => Err(JsonError {
                at: places[i],
                what: JsonErrorKind::Twice(fields.swap_remove(i).0),
            }),
            None => Ok(Json::Object(fields)),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.enter(depth)?;
        let mut values = Vec::new();
        self.space();
        if !self.take(b']') {
            loop {
                values.push(self.value(depth + 1)?);
                self.space();
                if self.take(b']') {
                    break;
                }
                if !self.take(b',') {
                    return Err(self.expected("`,` or `]`"));
                }
            }
        }
        Ok(Json::List(values))
    }

    fn enter(&mut self, depth: usize) -> Result<(), JsonError> {
        if depth >= MAX_DEPTH {
            return Err(self.error(JsonErrorKind::Depth));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            // What stops it is ASCII, so that both ends lie between characters.
            text.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.expected("an escape for a control character")),
                None => return Err(self.expected("`\"`")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let start = self.at;
        self.at += 1;
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(start),
            _ => return Err(self.expected("one of `\"\\/bfnrtu`")),
        };
        self.at += 1;
        Ok(c)
    }

    /// `\uXXXX`, or two of them that are one character.
    fn unicode(&mut self, start: usize) -> Result<char, JsonError> {
        let half = JsonError {
            at: start,
            what: JsonErrorKind::Surrogate,
        };
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or(half);
        }
        if !(self.take(b'\\') && self.peek() == Some(b'u')) {
            return Err(half);
        }
        let second = self.hex()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(half);
        }
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or(half)
    }

    /// Four digits after the `u`.
    fn hex(&mut self) -> Result<u32, JsonError> {
        self.at += 1;
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.expected("four hexadecimal digits"));
            };
            value = 16 * value + digit;
            self.at += 1;
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'-') {
                self.take(b'+');
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        match parse_f64(text) {
            Some(value) if value.is_finite() => Ok(Json::Number(value)),
            _ => Err(JsonError {
                at: start,
                what: JsonErrorKind::Range,
            }),
        }
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.expected("a digit"));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, JsonError> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(self.expected("a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn expected(&self, expected: &'static str) -> JsonError {
        let found = self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next());
        self.error(match found {
            Some(found) => JsonErrorKind::Found { expected, found },
            None => JsonErrorKind::End { expected },
        })
    }

    fn error(&self, what: JsonErrorKind) -> JsonError {
        JsonError { at: self.at, what }
    }
}

/// The first field whose name an earlier one has.
fn first_twice(fields: &[(String, Json)]) -> Option<usize> {
    let mut order: Vec<usize> = (0..fields.len()).collect();
    order.sort_by(|&a, &b| fields[a].0.cmp(&fields[b].0).then(a.cmp(&b)));
    let equal = order
        .windows(2)
        .filter(|pair| fields[pair[0]].0 == fields[pair[1]].0);
    equal.map(|pair| pair[1]).min()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn fails(text: &str, expect: Expect) {
        let said = match Json::parse(text) {
            Ok(value) => format!("{value:?}"),
            Err(error) => error.to_string(),
        };
        expect.assert_eq(&said);
    }

    #[test]
    fn values_are_read() {
        let text = r#" {"a": [1, -2.5e3, 0.5E-1, 0], "b": {"": null}, "c": [true, false], "d": [], "e": {}} "#;
        let value = Json::parse(text).expect("JSON");
        let numbers = value.get("a").and_then(Json::list).expect("a list");
        let numbers: Vec<f64> = numbers.iter().filter_map(Json::number).collect();
        assert_eq!(numbers, [1.0, -2500.0, 0.05, 0.0]);
        assert_eq!(value.get("b").and_then(|b| b.get("")), Some(&Json::Null));
        let c = value.get("c").and_then(Json::list).expect("a list");
        assert_eq!(c[0].bool(), Some(true));
        assert_eq!(value.fields().map(<[_]>::len), Some(5));
        assert_eq!(value.get("f"), None);
        let whole = |text| Json::parse(text).expect("a number").whole();
        assert_eq!(
            ["7", "-1", "0.5", "9007199254740992", "9007199254740994"].map(whole),
            [Some(7), None, None, Some(1 << 53), None]
        );
    }

    #[test]
    fn strings_are_characters() {
        let value = Json::parse(r#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀""#).expect("JSON");
        assert_eq!(value.text(), Some("a\"\\/\u{8}\u{c}\n\r\té😀é😀"));
        fails(
            r#""\ud83d""#,
            expect!["byte 1: half of a surrogate pair, which is no character"],
        );
        fails(
            r#""\ude00""#,
            expect!["byte 1: half of a surrogate pair, which is no character"],
        );
        fails(
            r#""\ud83dA""#,
            expect!["byte 1: half of a surrogate pair, which is no character"],
        );
        fails(
            r#""\u12g4""#,
            expect!["byte 5: expected four hexadecimal digits, found `g`"],
        );
        fails(
            r#""\x""#,
            expect![[r#"byte 2: expected one of `"\/bfnrtu`, found `x`"#]],
        );
        fails(
            "\"a\nb\"",
            expect!["byte 2: expected an escape for a control character, found `\n`"],
        );
        fails(
            "\"abc",
            expect![[r#"byte 4: expected `"`, but the text ends here"#]],
        );
    }

    #[test]
    fn errors_say_where_and_what() {
        fails(
            "",
            expect!["byte 0: expected a value, but the text ends here"],
        );
        fails("[1,]", expect!["byte 3: expected a value, found `]`"]);
        fails("[1 2]", expect!["byte 3: expected `,` or `]`, found `2`"]);
        fails(
            "{a: 1}",
            expect!["byte 1: expected a name in quotes, found `a`"],
        );
        fails(r#"{"a" 1}"#, expect!["byte 5: expected `:`, found `1`"]);
        fails(
            r#"{"a": 1,}"#,
            expect!["byte 8: expected a name in quotes, found `}`"],
        );
        fails(
            r#"{"a":1,"b":2,"a":3,"b":4}"#,
            expect!["byte 13: the name `a` stands twice in one object"],
        );
        fails(
            "1 é",
            expect!["byte 2: expected the end of the text, found `é`"],
        );
        fails(
            "01",
            expect!["byte 1: expected the end of the text, found `1`"],
        );
        fails(
            "1.",
            expect!["byte 2: expected a digit, but the text ends here"],
        );
        fails(
            "-",
            expect!["byte 1: expected a digit, but the text ends here"],
        );
        fails("+1", expect!["byte 0: expected a value, found `+`"]);
        fails(
            "1e999",
            expect!["byte 0: a number beyond the range of a double"],
        );
        fails("NaN", expect!["byte 0: expected a value, found `N`"]);
        fails("nul", expect!["byte 0: expected a value, found `n`"]);
        fails(
            "\u{feff}1",
            expect!["byte 0: expected a value, found `\u{feff}`"],
        );
        fails(
            &"[".repeat(MAX_DEPTH + 1),
            expect!["byte 64: lists and objects lie more than 64 deep"],
        );
        assert!(Json::parse(&("[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH))).is_ok());
    }

    proptest! {
        #[test]
        fn quoted_text_reads_back(text in any::<String>()) {
            prop_assert_eq!(Json::parse(&quoted(&text)), Ok(Json::Text(text)));
        }
    }
}
