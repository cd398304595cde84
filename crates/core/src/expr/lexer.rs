//! Text to tokens.

use std::ops::Range;

use super::error::{ParseError, ParseErrorKind};
use super::node::Comparison;
use crate::number::parse_f64;

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Number(f64),
    Name(String),
    Plus,
    Minus,
    Star,
    Slash,
    Caret,
    Compare(Comparison),
    Open,
    Close,
    Comma,
}

/// Signs that formulas copied from a page or a book may hold, and what they stand for.
const FROM_BOOKS: [(char, &str); 17] = [
    ('\u{2212}', "-"),
    ('\u{00d7}', "*"),
    ('\u{00b7}', "*"),
    ('\u{00f7}', "/"),
    ('\u{2264}', "<="),
    ('\u{2265}', ">="),
    ('\u{2260}', "!="),
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('π', "pi"),
    ('σ', "sigma"),
    ('ω', "omega"),
];

/// Tokens with the bytes that they came from.
pub fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, ParseError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let start = text.len() - rest.len();
        if c.is_whitespace() {
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (token, n_bytes) = match c {
            '0'..='9' | '.' => number(rest, text, start)?,
            'a'..='z' | 'A'..='Z' | '_' => name(rest),
            _ => match from_books(c).or_else(|| operator(rest)) {
                Some(found) => found,
                None => {
                    let span = start..start + c.len_utf8();
                    let kind = ParseErrorKind::UnknownCharacter(c);
                    return Err(ParseError::new(text, span, kind));
                }
            },
        };
        tokens.push((token, start..start + n_bytes));
        rest = &rest[n_bytes..];
    }
    Ok(tokens)
}

/// An operator or bracket at the start of `rest`, and its length.
fn operator(rest: &str) -> Option<(Token, usize)> {
    let two = rest.as_bytes().get(..2).unwrap_or_default();
    let long = match two {
        b"<=" => Some(Token::Compare(Comparison::Le)),
        b">=" => Some(Token::Compare(Comparison::Ge)),
        b"==" => Some(Token::Compare(Comparison::Eq)),
        b"!=" => Some(Token::Compare(Comparison::Ne)),
        // Python's power.
        b"**" => Some(Token::Caret),
        _ => None,
    };
    if let Some(token) = long {
        return Some((token, 2));
    }
    let token = match rest.as_bytes().first()? {
        b'+' => Token::Plus,
        b'-' => Token::Minus,
        b'*' => Token::Star,
        b'/' => Token::Slash,
        b'^' => Token::Caret,
        b'<' => Token::Compare(Comparison::Lt),
        b'>' => Token::Compare(Comparison::Gt),
        b'(' => Token::Open,
        b')' => Token::Close,
        b',' => Token::Comma,
        _ => return None,
    };
    Some((token, 1))
}

fn from_books(c: char) -> Option<(Token, usize)> {
    let &(_, ascii) = FROM_BOOKS.iter().find(|(known, _)| *known == c)?;
    let (token, _) = operator(ascii).unwrap_or_else(|| name(ascii));
    Some((token, c.len_utf8()))
}

fn name(rest: &str) -> (Token, usize) {
    let n = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
        .count();
    (Token::Name(rest[..n].to_owned()), n)
}

/// Digits, point, digits, exponent. `2exp(z)` is the number 2 and a name.
fn number(rest: &str, text: &str, start: usize) -> Result<(Token, usize), ParseError> {
    let bytes = rest.as_bytes();
    let digits_from = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let mut n = digits_from(0);
    if bytes.get(n) == Some(&b'.') {
        n += 1 + digits_from(n + 1);
    }
    if matches!(bytes.get(n), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(n + 1), Some(b'+' | b'-')));
        let n_digits = digits_from((n + 1 + sign).min(bytes.len()));
        if n_digits > 0 {
            n += 1 + sign + n_digits;
        }
    }
    match parse_f64(&rest[..n]) {
        Some(value) if value.is_finite() => Ok((Token::Number(value), n)),
        _ => Err(ParseError::new(
            text,
            start..start + n,
            ParseErrorKind::BadNumber(rest[..n].to_owned()),
        )),
    }
}
