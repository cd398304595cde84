//! Charts: data in, a picture as plain data out.

#[cfg(target_arch = "wasm32")]
pub mod canvas;
#[cfg(test)]
mod check;
pub mod color;
pub mod curve;
pub mod geometry;
pub mod histogram;
pub mod history;
pub mod label;
pub mod layers;
pub mod marks;
pub mod pen;
pub mod png;
pub mod record;
pub mod scene;
pub mod svg;
pub mod text;
pub mod theme;
pub mod ticks;
pub mod timeline;
pub mod unit;
