//! One sample, from logits to shares: what the network adds up, and what softmax makes of it.

use super::labels::Labels;
use super::words::share_text;
use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Rect, Scale, Size, point};
use crate::plot::kit::scene::Stroke;
use crate::plot::kit::sketch::{Sketch, TextLook, centred, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::{geometry::Point, scene::Scene};
use actiscope_core::text::decimals;

/// What the chart shows, of each class.
#[derive(Clone, Copy, Debug)]
pub struct SoftmaxData<'a> {
    pub names: &'a [String],
    /// Before the temperature.
    pub logits: &'a [f64],
    /// softmax(logits / temperature).
    pub shares: &'a [f64],
    /// At temperature 1, where another is set: marked in the bars.
    pub shares_before: Option<&'a [f64]>,
    /// The sample's own class.
    pub truth: usize,
    /// The one it was taken for.
    pub said: usize,
}

/// A share moves by less than this without being seen.
const SEEN: f64 = 0.004;

/// Columns, CSS pixels.
struct Columns {
    /// Names end here.
    names: f64,
    logit: Scale,
    share: Scale,
    /// Heads.
    head: f64,
    /// Of the first class and each after it.
    top: f64,
    row: f64,
}

impl Columns {
    fn new(size: Size, theme: &Theme, data: &SoftmaxData) -> Self {
        let (s, font_px) = (theme.scale, theme.label_px());
        let names = (data.names.iter())
            .map(|name| text::width(name, font_px, true))
            .fold(0.0, f64::max)
            .min(0.25 * size.width)
            + 4.0 * s;
        let value = text::width("−00.0", theme.tick_px(), false) + 6.0 * s;
        let percent = text::width("<0.1 %", font_px, true) + 8.0 * s;
        let rest = (size.width - names - 8.0 * s - percent).max(2.0);
        let middle = names + 8.0 * s + 0.52 * rest;
        let logits = data.logits.iter().copied().filter(|z| z.is_finite());
        let (low, high) = logits.fold((0.0, 1e-6), |(low, high): (f64, f64), z| {
            (low.min(z), high.max(z))
        });
        let from = names + 8.0 * s + value;
        let to = (middle - value).max(from + 1.0);
        let end = (size.width - percent).max(middle + 1.0);
        let top = 1.7 * theme.tick_px();
        let n = data.names.len().max(1) as f64;
        Self {
            names,
            logit: Scale::linear((low, high), (from, to)),
            share: Scale::linear((0.0, 1.0), (middle, end)),
            head: 0.6 * theme.tick_px(),
            top,
            row: ((size.height - top) / n).clamp(1.0, 30.0 * s),
        }
    }
}

/// The chart as a picture. Green is the sample's own class, red is what it was taken for where that is another.
pub fn softmax_scene(size: Size, theme: &Theme, data: &SoftmaxData) -> Scene {
    let columns = Columns::new(size, theme, data);
    let mut sketch = Sketch::new(size);
    let mut labels = Labels::new(size);
    let (t, c) = (theme, &columns);
    let bottom = c.top + c.row * data.names.len() as f64;
    let look = |color: Color| centred(t.tick_px(), color);
    let zero = c.logit.px_from_data(0.0);
    labels.write(&mut sketch, "logit", &[(point(zero, c.head), look(t.ink3))]);
    let at = point(c.share.px_from_data(0.0), c.head);
    labels.write(&mut sketch, "softmax", &[(at, plain(t.tick_px(), t.ink3))]);
    for share in [0.5, 1.0] {
        let x = c.share.px_from_data(share);
        sketch.hairline_v(x, (c.top, bottom), t.line2);
    }
    for x in [zero, c.share.px_from_data(0.0)] {
        sketch.hairline_v(x, (c.top, bottom), t.line);
    }
    for class in 0..data.names.len() {
        row(&mut sketch, &mut labels, t, c, data, class);
    }
    sketch.scene
}

fn row(
    sketch: &mut Sketch,
    labels: &mut Labels,
    t: &Theme,
    c: &Columns,
    data: &SoftmaxData,
    class: usize,
) {
    let (Some(logit), Some(share)) = (data.logits.get(class), data.shares.get(class)) else {
        return;
    };
    let y = c.top + c.row * (class as f64 + 0.5);
    let (color, ink, is_named) = if class == data.truth {
        (t.alive, t.alive, true)
    } else if class == data.said {
        (t.dead, t.dead, true)
    } else {
        (t.hist, t.ink2, false)
    };
    let bold = |look: TextLook| if is_named { look.bold() } else { look };
    let thickness = (0.62 * c.row).min(16.0 * t.scale);
    let bar = |scale: &Scale, v: f64| {
        let (from, to) = (scale.px_from_data(0.0), scale.px_clamped(v));
        let width = (to - from).abs().max(1.0);
        Rect::new(from.min(to), y - thickness / 2.0, width, thickness)
    };
    let name = bold(right(t.label_px(), ink));
    labels.write(sketch, &data.names[class], &[(point(c.names, y), name)]);
    let logit_bar = bar(&c.logit, *logit);
    sketch.fill(logit_bar, 0.0, color);
    let gap = 5.0 * t.scale;
    let place: (Point, TextLook) = match *logit < 0.0 {
        true => (point(logit_bar.x - gap, y), right(t.tick_px(), t.ink3)),
        false => (
            point(logit_bar.right() + gap, y),
            plain(t.tick_px(), t.ink3),
        ),
    };
    labels.write(sketch, &decimals(*logit, 1), &[place]);
    sketch.fill(bar(&c.share, *share), 0.0, color);
    let before = data.shares_before.and_then(|shares| shares.get(class));
    if let Some(before) = before.filter(|before| (*before - share).abs() > SEEN) {
        let x = c.share.px_clamped(*before);
        let reach = thickness / 2.0 + 2.0 * t.scale;
        let ends = vec![point(x, y - reach), point(x, y + reach)];
        sketch.line(ends, Stroke::solid(t.ink, 1.5 * t.scale));
    }
    let value = bold(right(t.tick_px(), if is_named { t.ink } else { t.ink3 }));
    let at = point(sketch.scene.size.width, y);
    labels.write(sketch, &share_text(*share), &[(at, value)]);
}

/// The chart in words: for screen readers.
pub fn describe_softmax(data: &SoftmaxData) -> String {
    let name = |class: usize| data.names.get(class).map_or("", String::as_str);
    let classes = data.names.iter().zip(data.logits).zip(data.shares);
    let classes: Vec<String> = classes
        .map(|((name, logit), share)| {
            format!("{name} {}, {}", decimals(*logit, 1), share_text(*share))
        })
        .collect();
    format!(
        "Is {}, said {}. Logit and share of each class: {}.",
        name(data.truth),
        name(data.said),
        classes.join("; ")
    )
}
