//! What views and controls are made of.

pub mod canvas;
pub mod chart;
pub mod copy;
pub mod dialog;
pub mod erased;
pub mod facts;
pub mod fields;
pub mod lazy;
pub mod panel;
pub mod save;
pub mod sorting;
pub mod steps;
pub mod throttle;
pub mod words;
