//! The rooms of the page.

pub mod scope;
