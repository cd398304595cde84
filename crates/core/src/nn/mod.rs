//! Networks: what they are ([`spec`]), where their parameters lie ([`layout`]).

pub mod layout;
pub mod spec;
