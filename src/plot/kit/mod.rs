//! What charts are drawn with: a picture as plain data, and what paints it or makes a file of it.

#[cfg(target_arch = "wasm32")]
pub mod canvas;
#[cfg(test)]
pub mod check;
pub mod color;
pub mod end_labels;
pub mod geometry;
pub mod label;
pub mod look;
pub mod marks;
pub mod pen;
pub mod png;
pub mod record;
pub mod scene;
pub mod sketch;
pub mod svg;
pub mod text;
pub mod theme;
pub mod ticks;
#[cfg(test)]
mod tokens;

/// A text as a field of a table: quoted where a comma or a quote would break it (RFC 4180).
pub fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
