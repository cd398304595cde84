//! What the colours and shapes of the field mean.

use super::{FieldData, FieldKind, field_color, marker};
use crate::plot::kit::geometry::{Rect, Size, point};
use crate::plot::kit::pen::{Pen, TextLook};
use crate::plot::kit::record::record;
use crate::plot::kit::scene::{Align, Paint, Scene};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::short;

/// A bar of colours with its ends named, or the marker of each class, in as many lines as there is room for.
pub fn field_key_scene(size: Size, theme: &Theme, data: &FieldData) -> Scene {
    match data.kind() {
        FieldKind::Probability => bar(size, theme, data, ("class 0", "class 1"), (0.0, 1.0)),
        FieldKind::Number => {
            let largest = data.largest();
            let ends = (short(-largest), short(largest));
            bar(size, theme, data, (&ends.0, &ends.1), (-largest, largest))
        }
        FieldKind::Class => class_key_scene(size, theme, data.n_classes),
        FieldKind::Line => Scene::new(size),
    }
}

fn bar(
    size: Size,
    theme: &Theme,
    data: &FieldData,
    names: (&str, &str),
    range: (f64, f64),
) -> Scene {
    const STEPS: usize = 48;
    let font_px = theme.tick_px();
    let width = |name: &str| text::width(name, font_px, false);
    // Room for the markers of the two classes.
    let has_markers = data.kind() == FieldKind::Probability;
    let marker_px = if has_markers { 14.0 * theme.scale } else { 0.0 };
    let left = width(names.0) + marker_px + 6.0;
    let right = size.width - width(names.1) - marker_px - 6.0;
    let y = size.height / 2.0;
    let mut scene = record(size, |area| {
        let pen = Pen::new(area, size);
        let look = TextLook::new(font_px, theme.ink2);
        pen.text(names.0, point(marker_px, y), look)?;
        let at = point(size.width - marker_px, y);
        pen.text(names.1, at, look.align(Align::Right))?;
        let height = 8.0 * theme.scale;
        let step = (right - left).max(0.0) / STEPS as f64;
        for i in 0..STEPS {
            let t = (i as f64 + 0.5) / STEPS as f64;
            let color = field_color(theme, data, range.0 + t * (range.1 - range.0));
            let x = left + i as f64 * step;
            // A hair wider, so that no seams show.
            let part = Rect::new(x, y - height / 2.0, step + 0.5, height);
            pen.fill(part, color)?;
        }
        Ok(())
    });
    if has_markers {
        for (class, x) in [(0, 0.4 * marker_px), (1, size.width - 0.4 * marker_px)] {
            let paint = Paint::fill(theme.series(class));
            let shape = marker(class, point(x, y), 3.5 * theme.scale, paint);
            scene.shapes.push(shape);
        }
    }
    scene
}

/// The marker and the name of each class, one line where these fit; else numbers, line by line. Classes for
/// which there is no room are left out.
pub fn class_key_scene(size: Size, theme: &Theme, n_classes: usize) -> Scene {
    let names = |name: fn(usize) -> String| (0..n_classes).map(name).collect::<Vec<_>>();
    let (named, numbered) = (
        names(|class| format!("class {class}")),
        names(|class| class.to_string()),
    );
    let places = match placed(&named, size, theme) {
        places if places.len() == named.len() && places.iter().all(|at| at.line == 0) => places,
        _ => placed(&numbered, size, theme),
    };
    let n_lines = places.last().map_or(1, |at| at.line + 1);
    let y = |at: &Place| size.height * (at.line as f64 + 0.5) / n_lines as f64;
    let look = TextLook::new(theme.tick_px(), theme.ink2);
    let mut scene = record(size, |area| {
        let pen = Pen::new(area, size);
        for at in &places {
            pen.text(at.name, point(at.x + 14.0 * theme.scale, y(at)), look)?;
        }
        Ok(())
    });
    for (class, at) in places.iter().enumerate() {
        let center = point(at.x + 5.0 * theme.scale, y(at));
        let paint = Paint::fill(theme.series(class));
        scene
            .shapes
            .push(marker(class, center, 4.0 * theme.scale, paint));
    }
    scene
}

/// Where a class stands in the key.
struct Place<'a> {
    name: &'a str,
    x: f64,
    line: usize,
}

/// The names from left to right and line by line, as far as they fit.
fn placed<'a>(names: &'a [String], size: Size, theme: &Theme) -> Vec<Place<'a>> {
    let font_px = theme.tick_px();
    let n_lines = (size.height / (1.6 * font_px)).floor().max(1.0) as usize;
    let (mut x, mut line) = (0.0, 0);
    let mut places = Vec::new();
    for name in names {
        let width = 14.0 * theme.scale + text::width(name, font_px, false);
        if x > 0.0 && x + width > size.width {
            (x, line) = (0.0, line + 1);
        }
        if line >= n_lines || x + width > size.width {
            break;
        }
        places.push(Place { name, x, line });
        x += width + 8.0;
    }
    places
}
