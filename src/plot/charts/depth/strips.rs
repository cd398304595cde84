//! Strips of heat, one a layer in the order of the network: x is the step, y within a strip the value of
//! z or a, colour how many take it.

use actiscope_core::activation::{Activation, ActivationSpec};
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use super::density::Edges;
use super::{Cell, Column, column_at, layer_name};
use crate::plot::kit::color::viridis;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::label::label_box;
use crate::plot::kit::pen::{Pen, TextLook};
use crate::plot::kit::record::{Drawn, record};
use crate::plot::kit::scene::{Align, Bitmap, Scene, Shape, Stroke};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, count, nice_step, short, whole_ticks};

/// What the strips show.
#[derive(Clone, Copy, Debug)]
pub struct Strips<'a> {
    /// In order of step.
    pub columns: &'a [Column],
    /// The run's functions, by [`Cell::function`]: given, the strips show a = f(z), else z.
    pub functions: Option<&'a [ActivationSpec]>,
    /// The axis of steps, as the loss chart has it.
    pub domain_end: u64,
    pub is_log_x: bool,
    /// The step that the rest of the page shows, where it is not the last.
    pub cursor: Option<u64>,
    /// The layer that is selected.
    pub selected: Option<usize>,
    /// Step and layer under the pointer.
    pub crosshair: Option<(u64, usize)>,
}

impl Strips<'_> {
    /// `z` or `a`.
    pub fn letter(&self) -> &'static str {
        match self.functions {
            Some(_) => "a",
            None => "z",
        }
    }

    fn n_layers(&self) -> usize {
        self.columns.last().map_or(0, |column| column.layers.len())
    }

    /// `step 120 · layer 2 · z −0.31, 80 % −1.2 to 0.9`: the median, and where all but the outer tenths
    /// lie.
    pub fn read_out(&self, step: u64, layer: usize) -> Option<String> {
        let column = column_at(self.columns, step)?;
        let cell = column.layers.get(layer)?;
        let mut lenses = Lenses::of(self);
        let lens = lenses.edges(column, layer);
        let [low, middle, high] = lens.quantiles(cell, [0.1, 0.5, 0.9])?;
        Some(format!(
            "step {} · {} · {} {}, 80 % {} to {}",
            count(column.step),
            layer_name(layer, column.layers.len()),
            self.letter(),
            short(middle),
            short(low),
            short(high)
        ))
    }
}

/// Where values of z go, remembered: few histograms have edges of their own.
struct Lenses<'a> {
    functions: Option<Vec<Option<Activation>>>,
    specs: &'a [ActivationSpec],
    known: Vec<(Key, Edges)>,
}

/// Function (the output layer has none), range of the histogram, alpha in steps of 1 %.
type Key = (Option<usize>, u32, u32, Option<i32>);

impl<'a> Lenses<'a> {
    fn of(strips: &Strips<'a>) -> Self {
        let specs = strips.functions.unwrap_or_default();
        Self {
            functions: strips.functions.map(|specs| {
                specs
                    .iter()
                    .map(|spec| Activation::resolve(spec).ok())
                    .collect()
            }),
            specs,
            known: Vec::new(),
        }
    }

    fn edges(&mut self, column: &Column, layer: usize) -> &Edges {
        let cell = &column.layers[layer];
        let is_hidden = layer + 1 < column.layers.len();
        // The outputs are z themselves.
        let function = (is_hidden && self.functions.is_some()).then_some(cell.function);
        let learns = function
            .and_then(|i| self.specs.get(i))
            .is_some_and(ActivationSpec::learns_alpha);
        let alpha = cell.alpha.filter(|_| learns);
        let key = (
            function,
            cell.low.to_bits(),
            cell.high.to_bits(),
            alpha.map(|alpha| (100.0 * alpha).round() as i32),
        );
        let at = match self.known.iter().position(|(known, _)| *known == key) {
            Some(at) => at,
            None => {
                let edges = self.make(cell, key);
                self.known.push((key, edges));
                self.known.len() - 1
            }
        };
        &self.known[at].1
    }

    fn make(&self, cell: &Cell, (function, _, _, alpha): Key) -> Edges {
        let activation = function.and_then(|i| self.functions.as_ref()?.get(i)?.as_ref());
        match (activation, alpha) {
            (None, _) => Edges::of_z(cell),
            (Some(activation), None) => Edges::of_a(cell, |z| activation.f(z)),
            (Some(activation), Some(alpha)) => {
                let params = [f64::from(alpha) / 100.0];
                Edges::of_a(cell, |z| activation.f_with(z, &params))
            }
        }
    }
}

/// Scales and rectangles, CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct StripsGeometry {
    /// All strips.
    pub plot: Rect,
    /// One a layer, in the order of the network.
    pub strips: Vec<Rect>,
    /// Steps.
    pub x: Scale,
    pub x_ticks: Vec<Tick>,
    /// Values that a strip shows, the same in all: bottom, top.
    pub range: (f64, f64),
    /// Every so many strips have a name.
    pub text_every: usize,
    pub has_long_names: bool,
    /// The ends of the range are written beside each strip.
    pub has_ends: bool,
    /// `few ... many`.
    pub key: Option<Rect>,
}

const LONG_NAMES_FROM_PX: f64 = 340.0;
const KEY_FROM_PX: f64 = 240.0;

impl StripsGeometry {
    pub fn new(size: Size, theme: &Theme, data: &Strips) -> Self {
        let font_px = theme.tick_px();
        let has_long_names = size.width >= LONG_NAMES_FROM_PX * theme.scale;
        let name = if has_long_names { "layer 00" } else { "out" };
        let left = (text::width(name, theme.label_px(), false) + 8.0).round();
        let range = range_of(data);
        let [low, high] = [range.0, range.1].map(|end| text::width(&short(end), font_px, false));
        let right = size.width
            - (low.max(high) + 8.0)
                .max(text::width("000", font_px, false))
                .round();
        let has_key = size.width >= KEY_FROM_PX * theme.scale;
        let top = if has_key {
            1.7 * font_px
        } else {
            0.5 * font_px
        };
        let bottom = size.height - (8.0 + 1.25 * font_px);
        let plot = Rect::new(left, top, (right - left).max(1.0), (bottom - top).max(1.0));

        let n = data.n_layers().max(1);
        let row = plot.height / n as f64;
        let gap = (0.12 * row).clamp(0.5, 6.0);
        let strips = (0..n).map(|i| {
            let y = (plot.y + i as f64 * row).round();
            let end = (plot.y + (i + 1) as f64 * row - gap).round();
            Rect::new(plot.x, y, plot.width, (end - y).max(1.0))
        });
        let domain = (0.0, data.domain_end.max(1) as f64);
        let px = (plot.x, plot.right());
        let x = match data.is_log_x {
            true => Scale::log_from_zero(domain, px),
            false => Scale::linear(domain, px),
        };
        let key_width = 56.0 * theme.scale;
        let many = text::width("many", font_px, false) + 6.0;
        Self {
            strips: strips.collect(),
            x_ticks: whole_ticks(&x, font_px, false),
            x,
            range,
            text_every: (1.35 * font_px / row).ceil().max(1.0) as usize,
            has_long_names,
            has_ends: row >= 3.2 * font_px,
            key: has_key.then(|| {
                let x = plot.right() - many - key_width;
                Rect::new(
                    x.round(),
                    0.35 * font_px,
                    key_width,
                    (0.7 * font_px).round(),
                )
            }),
            plot,
        }
    }

    /// Step and layer under a pointer.
    pub fn at(&self, px: Point) -> Option<(u64, usize)> {
        if !self.plot.contains(px) {
            return None;
        }
        let layer = self.strips.iter().rposition(|strip| strip.y <= px.y);
        Some((self.x.data_clamped(px.x).round() as u64, layer.unwrap_or(0)))
    }
}

/// Round ends between which nearly all of most cells lies: a few wild ones must not press the rest flat.
/// What lies beyond is at the edge of its strip. Symmetric for z.
fn range_of(data: &Strips) -> (f64, f64) {
    let mut lenses = Lenses::of(data);
    let (mut lows, mut highs) = (Vec::new(), Vec::new());
    // Some columns tell as much as all.
    let every = data.columns.len().div_ceil(24).max(1);
    for column in data.columns.iter().rev().step_by(every) {
        // Of the hidden layers: outputs grow as they please.
        let n = column.layers.len().max(2) - 1;
        for (layer, cell) in column.layers.iter().enumerate().take(n) {
            let edges = lenses.edges(column, layer);
            if let Some([low, high]) = edges.quantiles(cell, [0.05, 0.95]) {
                lows.push(low);
                highs.push(high);
            }
        }
    }
    lows.sort_by(f64::total_cmp);
    highs.sort_by(f64::total_cmp);
    let (Some(&low), Some(&high)) = (lows.get(lows.len() / 4), highs.get(highs.len() * 3 / 4))
    else {
        return (-1.0, 1.0);
    };
    let reach = nice_step(low.abs().max(high.abs()).max(1e-6));
    let floor = match data.functions {
        // No bottom half for what is never negative.
        Some(_) if low >= -0.02 * reach => 0.0,
        Some(_) => -nice_step(low.abs().max(0.1 * reach)),
        None => -reach,
    };
    (floor, reach)
}

/// The strips as a picture.
pub fn strips_scene(size: Size, theme: &Theme, data: &Strips) -> Scene {
    let geometry = StripsGeometry::new(size, theme, data);
    let mut scene = Scene::new(size);
    heat(&mut scene, theme, data, &geometry);
    scene.append(
        record(size, |area| draw_over(area, size, theme, data, &geometry)),
        point(0.0, 0.0),
    );
    scene
}

/// Colours of 0..=255 of the greatest density: none is the paper; more stands out from it.
fn palette(theme: &Theme) -> [[u8; 4]; 256] {
    let is_dark = theme.bg.luminance() < 0.5;
    std::array::from_fn(|i| {
        let t = i as f64 / 255.0;
        let color = viridis(if is_dark { t } else { 1.0 - t });
        // What is next to nothing fades into the paper.
        let color = theme.bg.mix(color, (6.0 * t).min(1.0));
        [color.r, color.g, color.b, if i == 0 { 0 } else { 255 }]
    })
}

/// All strips as one bitmap, a pixel of it a CSS pixel.
fn heat(scene: &mut Scene, theme: &Theme, data: &Strips, g: &StripsGeometry) {
    let (Some(first), Some(last)) = (data.columns.first(), data.columns.last()) else {
        return;
    };
    let palette = palette(theme);
    let (width, height) = (g.plot.width.ceil() as usize, g.plot.height.ceil() as usize);
    let mut bitmap = Bitmap::new(width, height + 1);
    let mut lenses = Lenses::of(data);
    let mut drawn: Option<(u64, usize)> = None;
    let mut rows = Vec::new();
    // A run that has only begun is four pixels wide at least.
    let start = g.x.px_clamped(first.step as f64);
    let end = g.x.px_from_data((last.step + 1) as f64).max(start + 4.0);
    for x in 0..width {
        let px = g.plot.x + x as f64 + 0.5;
        if px < start || px > end {
            continue;
        }
        let step = g.x.data_from_px(px);
        let Some(column) = column_at(data.columns, step.max(0.0) as u64) else {
            continue;
        };
        if let Some((step, from)) = drawn
            && step == column.step
        {
            for y in 0..bitmap.height {
                let rgba = bitmap.get(from, y);
                bitmap.set(x, y, rgba);
            }
            continue;
        }
        drawn = Some((column.step, x));
        for ((layer, cell), strip) in column.layers.iter().enumerate().zip(&g.strips) {
            let top = (strip.y - g.plot.y).max(0.0) as usize;
            rows.clear();
            rows.resize(
                (strip.height as usize).min(bitmap.height - top.min(bitmap.height)),
                0.0,
            );
            lenses.edges(column, layer).fill(cell, g.range, &mut rows);
            let most = rows.iter().copied().fold(0.0, f64::max);
            if most <= 0.0 {
                continue;
            }
            for (y, mass) in rows.iter().enumerate() {
                // The cube root lets few be seen beside many.
                let level = (255.0 * libm::cbrt(mass / most)).round() as usize;
                bitmap.set(x, top + y, palette[level.min(255)]);
            }
        }
    }
    let source = bitmap.rect();
    scene.bitmaps.push(bitmap);
    scene.shapes.push(Shape::Image {
        bitmap: 0,
        source,
        target: Rect::new(g.plot.x, g.plot.y, source.width, source.height),
        radius: 0.0,
        is_smooth: false,
    });
}

fn draw_over<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    size: Size,
    theme: &Theme,
    data: &Strips,
    g: &StripsGeometry,
) -> Drawn<DB> {
    let (pen, t) = (Pen::new(area, size), theme);
    let look = TextLook::new(t.tick_px(), t.ink3);
    let n = data.n_layers();
    for (layer, strip) in g.strips.iter().enumerate().take(n) {
        pen.hairline_h((strip.x, strip.right()), strip.bottom(), t.line2)?;
        let zero = Scale::linear(g.range, (strip.bottom(), strip.y)).px_from_data(0.0);
        if g.has_ends && zero < strip.bottom() - 1.0 {
            pen.hairline_h((strip.right(), strip.right() + 3.0), zero, t.ink3)?;
        }
        if layer.is_multiple_of(g.text_every) {
            let name = match (g.has_long_names, layer + 1 == n) {
                (true, _) => layer_name(layer, n),
                (false, true) => "out".into(),
                (false, false) => (layer + 1).to_string(),
            };
            let is_selected = data.selected == Some(layer);
            let color = if is_selected { t.accent } else { t.ink2 };
            let look = TextLook::new(t.label_px(), color);
            pen.text(&name, point(0.0, strip.center().y), look)?;
        }
        if g.has_ends {
            let x = strip.right() + 6.0;
            for (value, y) in [
                (g.range.1, strip.y + 0.5 * t.tick_px()),
                (g.range.0, strip.bottom() - 0.5 * t.tick_px()),
            ] {
                pen.text(&short(value), point(x, y), look)?;
            }
        }
    }
    let y = g.plot.bottom() + 4.0 + 0.75 * t.tick_px();
    for tick in &g.x_ticks {
        pen.hairline_v(tick.px, (g.plot.bottom(), g.plot.bottom() + 3.0), t.line)?;
        pen.text(&tick.label, point(tick.px, y), look.align(Align::Center))?;
    }
    if let Some(key) = g.key {
        let n = key.width as usize;
        let colors = palette(t);
        for i in 0..n {
            let [r, gr, b, _] = colors[(1 + 254 * i / n.max(1)).min(255)];
            let color = crate::plot::kit::color::Color {
                r,
                g: gr,
                b,
                alpha: 1.0,
            };
            pen.fill(Rect::new(key.x + i as f64, key.y, 1.0, key.height), color)?;
        }
        let y = key.center().y;
        pen.text("few", point(key.x - 6.0, y), look.align(Align::Right))?;
        pen.text("many", point(key.right() + 6.0, y), look)?;
    }
    if let Some(step) = data.cursor {
        let x = g.x.px_clamped(step as f64);
        let line = [point(x, g.plot.y), point(x, g.plot.bottom())];
        pen.line(&line, Stroke::solid(t.accent, 1.5 * t.scale))?;
    }
    crosshair(&pen, t, data, g)
}

fn crosshair<DB: DrawingBackend>(
    pen: &Pen<DB>,
    t: &Theme,
    data: &Strips,
    g: &StripsGeometry,
) -> Drawn<DB> {
    let Some((step, layer)) = data.crosshair else {
        return Ok(());
    };
    let (Some(strip), Some(read_out)) = (g.strips.get(layer), data.read_out(step, layer)) else {
        return Ok(());
    };
    let x = g.x.px_clamped(step as f64);
    pen.hairline_v(x, (g.plot.y, g.plot.bottom()), t.ink3)?;
    let ring = Stroke::solid(t.ink, 1.0);
    let corners = [
        point(strip.x, strip.y),
        point(strip.right(), strip.y),
        point(strip.right(), strip.bottom()),
        point(strip.x, strip.bottom()),
        point(strip.x, strip.y),
    ];
    pen.line(&corners, ring)?;
    // Beside the strip that it is of, not on it.
    let look = TextLook::new(t.label_px(), t.ink);
    let below = strip.bottom() + 0.9 * look.font_px;
    let y = if below + look.font_px < g.plot.bottom() {
        below
    } else {
        strip.y - 0.9 * look.font_px
    };
    boxed(pen, t, &read_out, point(x, y), &g.plot)
}

/// A read-out on ground of its own, centred on `at` as far as `within` lets it; the last part is left
/// out where there is no room.
pub fn boxed<DB: DrawingBackend>(
    pen: &Pen<DB>,
    t: &Theme,
    text: &str,
    at: Point,
    within: &Rect,
) -> Drawn<DB> {
    let look = TextLook::new(t.label_px(), t.ink).align(Align::Center);
    let width = |text: &str| text::width(text, look.font_px, false) + 8.0;
    let mut text = text;
    while width(text) > within.width {
        match text.rfind([',', '·']) {
            Some(end) => text = text[..end].trim_end(),
            None => return Ok(()),
        }
    }
    let half = width(text) / 2.0;
    let x = at.x.clamp(
        within.x + half,
        (within.right() - half).max(within.x + half),
    );
    let at = point(x, at.y);
    let space = label_box(text, at, look.font_px, false, look.align);
    pen.fill(space.inset(-3.0), t.bg.fade(0.9))?;
    pen.text(text, at, look)
}

/// Where the values lie, a row a layer and step: what the strips' colours are made of, in quantiles.
pub fn strips_csv(data: &Strips) -> String {
    const QS: [f64; 7] = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99];
    let letter = data.letter();
    let mut text = String::from("step,layer");
    for q in QS {
        text += &format!(",{letter}_q{:02}", (100.0 * q).round());
    }
    text.push('\n');
    let mut lenses = Lenses::of(data);
    for column in data.columns {
        for (layer, cell) in column.layers.iter().enumerate() {
            let Some(quantiles) = lenses.edges(column, layer).quantiles(cell, QS) else {
                continue;
            };
            text += &format!("{},{}", column.step, layer_name(layer, column.layers.len()));
            for value in quantiles {
                // Bins are no finer than this.
                text += &format!(",{value:.5}");
            }
            text.push('\n');
        }
    }
    text
}

/// The strips in words: where each layer's values lie at the last step and lay at the first.
pub fn describe_strips(data: &Strips) -> String {
    let letter = data.letter();
    let (Some(first), Some(last)) = (data.columns.first(), data.columns.last()) else {
        return format!("{letter} by layer over the steps. Nothing has been measured yet.");
    };
    let mut lenses = Lenses::of(data);
    let mut spread = |column: &Column, layer: usize| {
        let edges = lenses.edges(column, layer);
        edges.quantiles(column.layers.get(layer)?, [0.1, 0.9])
    };
    let n = last.layers.len();
    // All of 33 layers would be read for minutes.
    let every = n.div_ceil(8).max(1);
    let told: Vec<String> = (0..n)
        .filter(|&layer| layer.is_multiple_of(every) || layer + 1 == n)
        .filter_map(|layer| {
            let [low, high] = spread(last, layer)?;
            let name = layer_name(layer, n);
            let now = format!("{name} from {} to {}", short(low), short(high));
            let before = (first.step < last.step && layer < first.layers.len())
                .then(|| spread(first, layer))
                .flatten();
            Some(match before {
                Some([low, high]) => format!(
                    "{now} (at step {}: {} to {})",
                    count(first.step),
                    short(low),
                    short(high)
                ),
                None => now,
            })
        })
        .collect();
    format!(
        "{letter} by layer over the steps {} to {}, colour by how many. At step {} 80 % of {letter} lies in {}.",
        count(first.step),
        count(last.step),
        count(last.step),
        told.join(", in ")
    )
}
