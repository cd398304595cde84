//! Expressions: parse, simplify, differentiate, evaluate, print.
