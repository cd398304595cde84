//! A trace of somebody's own model: what is known of it is core's ([`actiscope_core::interop::trace`]).
//!
//! | file | draws |
//! |---|---|
//! | [`rows`] | the layers at one record: tiles, histogram, columns |
//! | [`depth`] | five quantities over all records |
//! | [`timeline`] | the records, with deaths and returns |
//! | [`unit`](mod@unit) | one unit over all records |
//! | [`look`] | how layers are told from each other, the same everywhere |

pub mod depth;
pub mod look;
pub mod rows;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod unit;

use crate::plot::kit::text;

/// Labels along an axis of steps that leave air between them: both ends, and of the others what has room.
fn thinned(marks: &[(f32, String)], width: f64, font_px: f64) -> Vec<(f64, &str)> {
    let span = |&(at, ref label): &(f32, String)| {
        let half = text::width(label, font_px, false) / 2.0;
        // Those at the ends stand within the axis.
        let x =
            (f64::from(at) * width).clamp(half.min(width / 2.0), (width - half).max(width / 2.0));
        (x, half)
    };
    let air = 0.7 * font_px;
    let is_free = |kept: &[&(f32, String)], mark: &(f32, String)| {
        let (x, half) = span(mark);
        kept.iter().all(|other| {
            let (other_x, other_half) = span(other);
            (x - other_x).abs() >= half + other_half + air
        })
    };
    let mut kept: Vec<&(f32, String)> = Vec::new();
    let ends = marks.last().into_iter().chain(marks.first());
    // From the end: steps lie ever closer towards it.
    let inner = marks.iter().rev();
    for mark in ends.chain(inner) {
        if is_free(&kept, mark) {
            kept.push(mark);
        }
    }
    kept.into_iter()
        .map(|mark| (span(mark).0, mark.1.as_str()))
        .collect()
}

/// The text, or as much of its beginning as has room.
fn fitted(whole: &str, room: f64, font_px: f64, is_bold: bool) -> String {
    if text::width(whole, font_px, is_bold) <= room {
        return whole.to_owned();
    }
    let mut shown = whole.to_owned();
    while shown.pop().is_some() {
        let cut = format!("{}…", shown.trim_end());
        if text::width(&cut, font_px, is_bold) <= room {
            return cut;
        }
    }
    String::new()
}
