//! Names at the ends of lines, a value beside each: legend and table in one.

use crate::plot::kit::geometry::{Rect, point};
use crate::plot::kit::label::spread;
use crate::plot::kit::look::Look;
use crate::plot::kit::scene::Stroke;
use crate::plot::kit::sketch::{Sketch, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;

/// Between a line's end and its name.
pub const LEADER_PX: f64 = 14.0;
const VALUE_GAP_PX: f64 = 10.0;

/// What stands at the end of one line.
#[derive(Clone, Debug, PartialEq)]
pub struct EndLabel {
    pub name: String,
    pub value: String,
    pub slot: Option<usize>,
    pub is_focused: bool,
    /// Of the line's end; `None` where the line has no end to point at.
    pub y: Option<f64>,
}

/// How wide a column of labels is, leaders included.
pub fn column_width<'a>(
    names: impl Iterator<Item = &'a str>,
    values: impl Iterator<Item = &'a str>,
    theme: &Theme,
) -> f64 {
    let widest = |texts: &mut dyn Iterator<Item = &'a str>| {
        texts
            .map(|t| text::width(t, theme.label_px(), true))
            .fold(0.0, f64::max)
    };
    let (mut names, mut values) = (names, values);
    LEADER_PX + widest(&mut names) + VALUE_GAP_PX + widest(&mut values)
}

/// Draws the labels of one chart between `x` (where lines end) and the right edge of `space`, as near to
/// their lines as they can stand within `space`. Where there is not room for all, the focused one and the
/// first are kept.
pub fn draw_end_labels(
    sketch: &mut Sketch,
    theme: &Theme,
    x: f64,
    space: Rect,
    labels: &[EndLabel],
) {
    let font_px = theme.label_px();
    let distance = 1.12 * font_px;
    let room = (space.height / distance).floor().max(0.0) as usize;
    let mut kept: Vec<&EndLabel> = labels.iter().filter(|label| label.is_focused).collect();
    let others = labels.iter().filter(|label| !label.is_focused);
    kept.extend(others.take(room.saturating_sub(kept.len())));
    kept.truncate(room);
    // In the order of the slots again, so that labels of one height keep one order.
    kept.sort_by_key(|label| labels.iter().position(|other| std::ptr::eq(other, *label)));
    let (top, bottom) = (space.y + font_px / 2.0, space.bottom() - font_px / 2.0);
    let wanted: Vec<f64> = (kept.iter())
        .map(|label| label.y.unwrap_or(bottom).clamp(top, bottom))
        .collect();
    let placed = spread(&wanted, distance, top, bottom);
    for (label, y) in kept.into_iter().zip(placed) {
        let look = Look::of(theme, label.slot);
        if let Some(end) = label.y {
            let leader = vec![point(x + 2.0, end), point(x + LEADER_PX - 3.0, y)];
            sketch.line(leader, Stroke::solid(look.color.fade(0.6), 1.0));
        }
        let (mut name, mut value) = (plain(font_px, look.text), right(font_px, theme.ink));
        if label.is_focused {
            (name, value) = (name.bold(), value.bold());
        }
        let value_width = text::width(&label.value, font_px, label.is_focused);
        let room = space.width - LEADER_PX - value_width - 4.0;
        let fitted = fitted(&label.name, room, font_px, label.is_focused);
        sketch.text(&fitted, point(x + LEADER_PX, y), name);
        sketch.text(&label.value, point(space.right(), y), value);
    }
}

/// The text, or as much of its beginning as has room.
fn fitted(name: &str, room: f64, font_px: f64, is_bold: bool) -> String {
    if text::width(name, font_px, is_bold) <= room {
        return name.to_owned();
    }
    let mut shown = name.to_owned();
    while shown.pop().is_some() {
        let cut = format!("{shown}…");
        if text::width(&cut, font_px, is_bold) <= room {
            return cut;
        }
    }
    String::new()
}
