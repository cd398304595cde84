//! Activation functions: which one ([`ActivationSpec`]), what it is ([`Activation`]), what there is to
//! say about it ([`catalogue()`]), and [`softmax()`], which maps vectors and stands apart.

mod about;
mod catalogue;
mod entries;
mod resolve;
mod softmax;
mod spec;

pub use catalogue::{
    About, Edge, Entry, Family, Paper, ParamEntry, ParamScale, Range, Smoothness, Tail, catalogue,
    entry,
};
pub use resolve::{Activation, ActivationError};
pub use softmax::{softmax, softmax_jacobian};
pub use spec::{ActivationSpec, Function};
