//! Everything about activations, small networks and their health that needs no browser, no GPU and
//! no clock.
//!
//! Read in this order: [`expr`] (a function is an expression), [`activation`] (the catalogue),
//! [`nn`] (networks, and the f64 oracle that is this project's text-book), [`scenario`], which holds all that defines a run, [`observe`] (what is measured of it)
//! and [`health`]. [`terms`] is one sample in a network, number by number. [`protocol`] is what passes between a page and an engine.

pub mod activation;
pub mod classify;
pub mod color;
pub mod compare;
pub mod csv;
pub mod data;
pub mod expr;
pub mod health;
pub mod interop;
pub mod lessons;
pub mod map;
pub mod metrics;
pub mod nn;
pub mod number;
pub mod observe;
pub mod protocol;
pub mod random;
pub mod scenario;
pub mod terms;
pub mod text;
