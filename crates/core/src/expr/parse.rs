//! Text to expression.
//!
//! Precedence from loose to tight: comparisons (they do not chain), `+ -`, `* /`, unary minus, `^`
//! (to the right). So `-z^2` is `-(z^2)` and `2^-z` is `2^(-z)`, as in Python.

use std::ops::Range;

use super::Expr;
use super::builder::Builder;
use super::error::{ParseError, ParseErrorKind};
use super::lexer::{Token, tokens};
use super::node::{Binary, Id, Node, Unary};
use super::{names, node::Comparison};

/// Bounds on what is read, so that no text can exhaust the stack or the memory.
pub const MAX_BYTES: usize = 2_000;
const MAX_DEPTH: usize = 64;
const MAX_NODES: usize = 400;

const COMPARISON: u8 = 1;
const SUM: u8 = 2;
const PRODUCT: u8 = 3;
const SIGN: u8 = 4;
const POWER: u8 = 5;

impl Expr {
    /// Reads a formula. The tree is the text's: nothing is simplified.
    ///
    /// # Errors
    /// Where the text is not a formula: the place, what is wrong and what to do.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let fail = |kind| Err(ParseError::new(text, 0..0, kind));
        if text.trim().is_empty() {
            return fail(ParseErrorKind::Empty);
        }
        if text.len() > MAX_BYTES {
            return fail(ParseErrorKind::TooLong {
                n_bytes: text.len(),
                max: MAX_BYTES,
            });
        }
        let tokens = tokens(text)?;
        let mut parser = Parser {
            text,
            tokens: &tokens,
            position: 0,
            depth: 0,
            builder: Builder::default(),
        };
        let root = parser.expression(COMPARISON)?;
        if let Some((token, span)) = parser.peek() {
            let found = text[span.clone()].to_owned();
            let kind = match token {
                Token::Number(_) | Token::Name(_) | Token::Open => {
                    ParseErrorKind::MissingOperator(found)
                }
                Token::Compare(_) => ParseErrorKind::ChainedComparison,
                _ => ParseErrorKind::Expected {
                    expected: "an operator or the end",
                    found: Some(found),
                },
            };
            return Err(ParseError::new(text, span, kind));
        }
        Ok(parser.builder.finish(root))
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [(Token, Range<usize>)],
    position: usize,
    depth: usize,
    builder: Builder,
}

impl Parser<'_> {
    fn peek(&self) -> Option<(Token, Range<usize>)> {
        self.tokens.get(self.position).cloned()
    }

    /// The next token's bytes, or the end of the text.
    fn span_here(&self) -> Range<usize> {
        match self.tokens.get(self.position) {
            Some((_, span)) => span.clone(),
            None => self.text.len()..self.text.len(),
        }
    }

    fn fail<T>(&self, span: Range<usize>, kind: ParseErrorKind) -> Result<T, ParseError> {
        Err(ParseError::new(self.text, span, kind))
    }

    fn expected<T>(&self, expected: &'static str) -> Result<T, ParseError> {
        let span = self.span_here();
        let found = (!span.is_empty()).then(|| self.text[span.clone()].to_owned());
        self.fail(span, ParseErrorKind::Expected { expected, found })
    }

    fn take(&mut self, token: &Token, expected: &'static str) -> Result<(), ParseError> {
        match self.peek() {
            Some((found, _)) if found == *token => {
                self.position += 1;
                Ok(())
            }
            _ => self.expected(expected),
        }
    }

    /// An expression whose operators bind at least as tightly as `min_power`.
    fn expression(&mut self, min_power: u8) -> Result<Id, ParseError> {
        if self.depth >= MAX_DEPTH {
            return self.fail(self.span_here(), ParseErrorKind::TooDeep { max: MAX_DEPTH });
        }
        self.depth += 1;
        let mut left = self.operand()?;
        let mut is_compared = false;
        while let Some((token, span)) = self.peek() {
            let power = match token {
                Token::Plus | Token::Minus => SUM,
                Token::Star | Token::Slash => PRODUCT,
                Token::Caret => POWER,
                Token::Compare(_) => COMPARISON,
                _ => break,
            };
            if power < min_power {
                break;
            }
            if power == COMPARISON && is_compared {
                return self.fail(span, ParseErrorKind::ChainedComparison);
            }
            self.position += 1;
            // Power binds to the right and takes a signed exponent; the others bind to the left.
            let right = self.expression(if power == POWER { SIGN } else { power + 1 })?;
            left = match token {
                Token::Compare(op) => {
                    is_compared = true;
                    self.compare(op, left, right)
                }
                Token::Plus => self.builder.raw_binary(Binary::Add, left, right),
                Token::Minus => self.builder.raw_binary(Binary::Sub, left, right),
                Token::Star => self.builder.raw_binary(Binary::Mul, left, right),
                Token::Slash => self.builder.raw_binary(Binary::Div, left, right),
                _ => self.builder.raw_binary(Binary::Pow, left, right),
            };
            if self.builder.len() > MAX_NODES {
                return self.fail(span, ParseErrorKind::TooLarge { max: MAX_NODES });
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    fn compare(&mut self, op: Comparison, left: Id, right: Id) -> Id {
        self.builder.raw_compare(op, left, right)
    }

    /// A number, name, call, bracket or signed expression.
    fn operand(&mut self) -> Result<Id, ParseError> {
        let Some((token, span)) = self.peek() else {
            return self.expected("a number, z, a parameter or a function");
        };
        match token {
            Token::Number(value) => {
                self.position += 1;
                Ok(self.builder.number(value))
            }
            Token::Minus => {
                self.position += 1;
                let operand = self.expression(SIGN)?;
                Ok(self.builder.raw_unary(Unary::Neg, operand))
            }
            Token::Plus => {
                self.position += 1;
                self.expression(SIGN)
            }
            Token::Open => {
                self.position += 1;
                let inner = self.expression(COMPARISON)?;
                self.take(&Token::Close, "a closing parenthesis")?;
                Ok(inner)
            }
            Token::Name(name) => {
                self.position += 1;
                if matches!(self.peek(), Some((Token::Open, _))) {
                    self.call(&name, span)
                } else {
                    self.name(&name, span)
                }
            }
            _ => self.expected("a number, z, a parameter or a function"),
        }
    }

    fn name(&mut self, name: &str, span: Range<usize>) -> Result<Id, ParseError> {
        if let Some(function) = names::function(name) {
            let kind = ParseErrorKind::FunctionWithoutArguments {
                name: name.to_owned(),
                arguments: function.arguments(),
            };
            return self.fail(span, kind);
        }
        match name {
            "z" => Ok(self.builder.z()),
            "pi" => Ok(self.builder.intern(Node::Pi)),
            _ if names::is_parameter(name) => Ok(self.builder.param(name)),
            _ => {
                let kind = ParseErrorKind::UnknownName {
                    name: name.to_owned(),
                    advice: names::advice_on_name(name),
                };
                self.fail(span, kind)
            }
        }
    }

    fn call(&mut self, name: &str, span: Range<usize>) -> Result<Id, ParseError> {
        let Some(function) = names::function(name) else {
            if name == "z" || name == "pi" || names::is_parameter(name) {
                let open = self.span_here();
                return self.fail(open, ParseErrorKind::MissingOperator("(".to_owned()));
            }
            let kind = ParseErrorKind::UnknownFunction {
                name: name.to_owned(),
                advice: names::advice_on_function(name),
            };
            return self.fail(span, kind);
        };
        self.take(&Token::Open, "an opening parenthesis")?;
        let mut arguments = Vec::new();
        if !matches!(self.peek(), Some((Token::Close, _))) {
            arguments.push(self.expression(COMPARISON)?);
            while matches!(self.peek(), Some((Token::Comma, _))) {
                self.position += 1;
                arguments.push(self.expression(COMPARISON)?);
            }
        }
        self.take(&Token::Close, "a comma or a closing parenthesis")?;
        let b = &mut self.builder;
        match (function, &arguments[..]) {
            (names::Function::Unary(op), &[a]) => Ok(b.raw_unary(op, a)),
            (names::Function::Binary(op), &[first, second]) => Ok(b.raw_binary(op, first, second)),
            (names::Function::Where, &[c, yes, no]) => Ok(b.intern(Node::Where(c, yes, no))),
            _ => {
                let kind = ParseErrorKind::WrongArgumentCount {
                    name: name.to_owned(),
                    expected: function.n_arguments(),
                    given: arguments.len(),
                };
                self.fail(span, kind)
            }
        }
    }
}
