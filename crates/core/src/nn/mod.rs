//! Networks: what they are, how they begin and how they learn.
//!
//! | module | holds |
//! |---|---|
//! | [`spec`] | what a network is and how it is trained: plain data |
//! | [`layout`] | where each parameter lies in one flat array |
//! | [`init`] | initial parameters from a seed |
//! | [`batches`] | which samples a step trains on |
//! | [`loss`] | losses and their gradients |
//! | [`optimizer`] | regularisation, clipping, the parameter update |

pub mod batches;
pub mod init;
pub mod layout;
pub mod loss;
pub mod optimizer;
pub mod spec;
