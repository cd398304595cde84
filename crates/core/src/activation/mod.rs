//! Activation functions: which one ([`ActivationSpec`]), what it is ([`Activation`]), what there is to
//! say about it ([`catalogue()`]), and [`softmax()`], which maps vectors and stands apart.

mod about;
mod catalogue;
pub mod cost;
pub mod depth;
mod elsewhere;
mod entries;
mod facts;
mod resolve;
mod softmax;
mod spec;

pub use catalogue::{
    About, Edge, Entry, Family, Paper, ParamEntry, ParamScale, Range, Smoothness, Tail, catalogue,
    entry,
};
pub use elsewhere::{Elsewhere, Framework, Line};
pub use facts::{End, Facts, FarSlope, jumps_between};
pub use resolve::{Activation, ActivationError};
pub use softmax::{entropy_bits, softmax, softmax_jacobian, softmax_naive_f32};
pub use spec::{ActivationSpec, Function};
