//! Networks: what they are, how they begin and how they learn.
//!
//! Read [`spec`], then [`oracle`], which is the text-book: a whole training step in plain f64, made of the
//! pieces below. The SIMD and GPU engines do the same in f32 and are held to it.
//!
//! | module | holds |
//! |---|---|
//! | [`spec`] | what a network is and how it is trained: plain data |
//! | [`layout`] | where each parameter lies in one flat array |
//! | [`param`] | one parameter, by unit and input |
//! | [`init`] | initial parameters from a seed |
//! | [`batches`] | which samples a step trains on |
//! | [`dropout`] | which units a step leaves out of which sample |
//! | [`schedule`] | by what each update multiplies the learning rate |
//! | [`oracle`] | forward pass, backward pass, training step, probe of health |
//! | [`loss`] | losses and their gradients |
//! | [`optimizer`] | regularisation, clipping, the parameter update |
//!
//! Loss, gradient, optimizer, normalisation and initializer have PyTorch's meaning; where a choice of ours
//! departs from it (a batch of one sample under batch normalisation, a batch whose class weights are all 0) the
//! function says so.

pub mod batches;
pub mod dropout;
pub mod given;
pub mod init;
pub mod layout;
pub mod loss;
pub mod optimizer;
pub mod oracle;
pub mod param;
pub mod schedule;
pub mod spec;
