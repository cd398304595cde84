//! f, f' and f'' over each other on one z axis, with one crosshair through all three.

use super::reading;
use super::sample::FunctionSamples;
use crate::plot::charts::curve::ZoneKind;
use crate::plot::kit::end_labels::{EndLabel, LEADER_PX, column_width, draw_end_labels};
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, clip_polyline_y, point};
use crate::plot::kit::look::Look;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::sketch::{Sketch, centred, plain, right};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, fixed, linear_ticks};

/// What the three charts are called.
const NAMES: [&str; 3] = ["f", "f′", "f″"];
/// Their shares of the height: f has the most to show.
const SHARES: [f64; 3] = [0.40, 0.30, 0.30];

/// Functions over a range of z.
#[derive(Clone, Copy, Debug)]
pub struct CurvesData<'a> {
    pub z_range: (f64, f64),
    /// In the order of their slots.
    pub functions: &'a [Drawn<'a>],
    /// z of the crosshair.
    pub z: f64,
}

/// One function that is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a> {
    pub name: &'a str,
    /// `None` for a formula that is still being written.
    pub slot: Option<usize>,
    /// Thick, and the one whose zones are shaded.
    pub is_focused: bool,
    pub samples: &'a FunctionSamples,
    /// f, f' and f'' at the crosshair; not a number where there is none.
    pub at_z: [f64; 3],
}

/// Where everything lies, CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct CurvesGeometry {
    pub plots: [Rect; 3],
    /// The columns of names and values, as far up and down as each may reach.
    labels: [Rect; 3],
    pub x: Scale,
    pub y: [Scale; 3],
    x_ticks: Vec<Tick>,
    y_ticks: [Vec<Tick>; 3],
}

impl CurvesGeometry {
    pub fn new(size: Size, theme: &Theme, data: &CurvesData) -> Self {
        let font_px = theme.tick_px();
        let head = (2.2 * theme.label_px()).round();
        let foot = 8.0 + 1.25 * font_px;
        let gap = (1.6 * font_px).round();
        let left = (text::width("−0.5", font_px, false) + 22.0 * theme.scale).round();
        let names = data.functions.iter().map(|f| f.name);
        // The widest value there usually is: the charts stay where they are as the crosshair moves.
        let column = column_width(names, ["−0.000", "undefined"].into_iter(), theme);
        let plot_right = (size.width - column.min(0.5 * size.width)).round();
        let body = (size.height - head - foot - 2.0 * gap).max(3.0);
        let x = Scale::linear(data.z_range, (left, plot_right.max(left + 1.0)));
        let mut y_top = head;
        let mut plots = [Rect::default(); 3];
        let mut labels = [Rect::default(); 3];
        for i in 0..3 {
            let height = SHARES[i] * body;
            plots[i] = Rect::new(left, y_top, (plot_right - left).max(1.0), height);
            // Into half of the air above and below, but not into the heading.
            let top = if i == 0 {
                y_top - 2.0
            } else {
                y_top - gap / 2.0 + 1.0
            };
            let bottom = if i == 2 {
                y_top + height + 4.0
            } else {
                y_top + height + gap / 2.0 - 1.0
            };
            labels[i] = Rect::new(plot_right, top, size.width - plot_right, bottom - top);
            y_top += height + gap;
        }
        let y = [0, 1, 2].map(|i| {
            let (low, high) = extent(data, i);
            Scale::linear((low, high), (plots[i].bottom(), plots[i].y))
        });
        let y_ticks = [0, 1, 2].map(|i| linear_ticks(&y[i], font_px, true));
        let mut x_ticks = linear_ticks(&x, font_px, false);
        // `z` stands after the last.
        let z_at = plot_right + 4.0;
        x_ticks
            .retain(|tick| tick.px + text::width(&tick.label, font_px, false) / 2.0 < z_at + 2.0);
        Self {
            plots,
            labels,
            x,
            y,
            x_ticks,
            y_ticks,
        }
    }

    /// z under a pointer, kept within the axis; `None` beside the charts.
    pub fn z_at(&self, px: Point) -> Option<f64> {
        let (first, last) = (self.plots[0], self.plots[2]);
        let reach = 12.0;
        let is_beside = px.x < first.x - reach || px.x > first.right() + reach;
        let is_outside = px.y < 0.0 || px.y > last.bottom() + 2.0 * reach;
        (!is_beside && !is_outside).then(|| self.x.data_clamped(px.x))
    }
}

/// From the least to the greatest of all that is drawn, 0 among them; but a curve that shoots up does not press
/// the others flat.
fn extent(data: &CurvesData, of: usize) -> (f64, f64) {
    let widest = data.z_range.0.abs().max(data.z_range.1.abs());
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for function in data.functions {
        let usual = usual(&function.samples.curves[of]);
        let most = if of == 0 {
            1.25 * widest
        } else {
            4.0 * usual + 0.5
        };
        for p in function.samples.curves[of].iter().flatten() {
            low = low.min(p.y.max(-most));
            high = high.max(p.y.min(most));
        }
    }
    if high - low < 1e-9 {
        high = low + 1.0;
    }
    let margin = 0.04 * (high - low);
    (low - margin, high + margin)
}

/// What |value| stays under along most of the axis; how closely it was sampled plays no part.
fn usual(pieces: &[Vec<Point>]) -> f64 {
    const MOST: f64 = 0.98;
    let segments = pieces.iter().flat_map(|piece| piece.windows(2));
    let mut sizes: Vec<(f64, f64)> = segments
        .map(|ends| (ends[0].y.abs().max(ends[1].y.abs()), ends[1].x - ends[0].x))
        .collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let width: f64 = sizes.iter().map(|size| size.1).sum();
    let mut passed = 0.0;
    for (size, dx) in &sizes {
        passed += dx;
        if passed >= MOST * width {
            return *size;
        }
    }
    0.0
}

/// The charts as a picture.
pub fn curves_scene(size: Size, theme: &Theme, data: &CurvesData) -> Scene {
    let geometry = CurvesGeometry::new(size, theme, data);
    let mut chart = Chart {
        sketch: Sketch::new(size),
        theme,
        data,
        g: &geometry,
    };
    chart.zones();
    chart.axes();
    chart.zone_names();
    // The focused one lies over the others.
    let mut order: Vec<&Drawn> = data.functions.iter().collect();
    order.sort_by_key(|function| function.is_focused);
    for function in &order {
        chart.curves(function);
    }
    chart.crosshair(&order);
    chart.labels();
    chart.sketch.scene
}

struct Chart<'a> {
    sketch: Sketch,
    theme: &'a Theme,
    data: &'a CurvesData<'a>,
    g: &'a CurvesGeometry,
}

impl Chart<'_> {
    fn focused(&self) -> Option<&Drawn<'_>> {
        self.data.functions.iter().find(|f| f.is_focused)
    }

    fn zones(&mut self) {
        let (g, t) = (self.g, self.theme);
        let zones = self
            .focused()
            .map(|f| f.samples.zones.clone())
            .unwrap_or_default();
        for zone in zones {
            let color = match zone.kind {
                ZoneKind::Dead => t.zone,
                ZoneKind::Saturated => t.zone_sat,
            };
            let (low, high) = (g.x.px_clamped(zone.low), g.x.px_clamped(zone.high));
            let (top, bottom) = (g.plots[0].y, g.plots[2].bottom());
            self.sketch
                .fill(Rect::new(low, top, high - low, bottom - top), 0.0, color);
        }
    }

    fn zone_names(&mut self) {
        let (g, t) = (self.g, self.theme);
        let zones = self
            .focused()
            .map(|f| f.samples.zones.clone())
            .unwrap_or_default();
        for zone in zones {
            let (names, color) = match zone.kind {
                ZoneKind::Dead => (["dead: f′ = 0", "dead"], t.dead),
                ZoneKind::Saturated => (["saturated", "sat."], t.saturated),
            };
            let (low, high) = (g.x.px_clamped(zone.low), g.x.px_clamped(zone.high));
            let room = high - low - 8.0;
            let fits = |name: &&str| text::width(name, t.tick_px(), false) <= room;
            if let Some(name) = names.into_iter().find(fits) {
                let at = point((low + high) / 2.0, g.plots[0].y + t.tick_px());
                self.sketch.text(name, at, centred(t.tick_px(), color));
            }
        }
    }

    fn axes(&mut self) {
        let (g, t) = (self.g, self.theme);
        let (top, bottom) = (g.plots[0].y, g.plots[2].bottom());
        for tick in &g.x_ticks {
            let color = if tick.value == 0.0 { t.line } else { t.line2 };
            self.sketch.hairline_v(tick.px, (top, bottom), color);
            let at = point(tick.px, bottom + 6.0 + 0.6 * t.tick_px());
            self.sketch
                .text(&tick.label, at, centred(t.tick_px(), t.ink3));
        }
        let z = point(g.plots[0].right() + 8.0, bottom + 6.0 + 0.6 * t.tick_px());
        let takes_room = g.x_ticks.last().is_some_and(|tick| {
            tick.px + text::width(&tick.label, t.tick_px(), false) / 2.0 + 3.0 > z.x
        });
        if !takes_room {
            self.sketch.text("z", z, plain(t.tick_px(), t.ink3));
        }
        for (i, plot) in g.plots.iter().enumerate() {
            for tick in &g.y_ticks[i] {
                let color = if tick.value == 0.0 { t.line } else { t.line2 };
                self.sketch
                    .hairline_h((plot.x, plot.right()), tick.px, color);
                let at = point(plot.x - 6.0, tick.px);
                self.sketch
                    .text(&tick.label, at, right(t.tick_px(), t.ink3));
            }
            // Over the topmost number of its axis, which may stand at the very top.
            let name = plain(t.strong_px(), t.ink).bold();
            self.sketch
                .text(NAMES[i], point(2.0, plot.y + 0.5 * t.strong_px()), name);
        }
    }

    fn curves(&mut self, function: &Drawn) {
        let (g, t) = (self.g, self.theme);
        let look = Look::of(t, function.slot);
        let width = if function.is_focused { 3.0 } else { 1.75 } * t.scale;
        for i in 0..3 {
            let plot = g.plots[i];
            for piece in &function.samples.curves[i] {
                let px: Vec<Point> = piece.iter().map(|&p| self.px(i, p)).collect();
                for part in clip_polyline_y(&px, plot.y, plot.bottom()) {
                    self.arrows(&part, plot, &look);
                    self.sketch.line(part, look.stroke(width));
                }
            }
        }
        for corner in &function.samples.corners {
            let at = self.px(1, *corner);
            if g.plots[1].contains(at) {
                let radius = if function.is_focused { 3.5 } else { 2.5 } * t.scale;
                self.sketch
                    .scene
                    .shapes
                    .push(crate::plot::kit::scene::Shape::Circle {
                        center: at,
                        radius,
                        paint: crate::plot::kit::scene::Paint::fill(look.color),
                    });
            }
        }
    }

    /// Where a curve leaves the chart above or below, it goes on.
    fn arrows(&mut self, part: &[Point], plot: Rect, look: &Look) {
        let s = 4.0 * self.theme.scale;
        let (Some(first), Some(last)) = (part.first(), part.last()) else {
            return;
        };
        for end in [first, last] {
            let is_side = end.x < plot.x + 1.0 || end.x > plot.right() - 1.0;
            let up = (end.y - plot.y).abs() < 0.5;
            let down = (end.y - plot.bottom()).abs() < 0.5;
            if is_side || !(up || down) {
                continue;
            }
            let way = if up { s } else { -s };
            self.sketch.polygon(
                vec![
                    point(end.x, end.y - way * 0.6),
                    point(end.x - s, end.y + way),
                    point(end.x + s, end.y + way),
                ],
                look.color,
            );
        }
    }

    fn px(&self, i: usize, p: Point) -> Point {
        point(self.g.x.px_from_data(p.x), self.g.y[i].px_from_data(p.y))
    }

    fn crosshair(&mut self, order: &[&Drawn]) {
        let (g, t) = (self.g, self.theme);
        let x = g.x.px_clamped(self.data.z);
        let (top, bottom) = (g.plots[0].y, g.plots[2].bottom());
        self.sketch.hairline_v(x, (top - 4.0, bottom), t.ink2);
        for function in order {
            let look = Look::of(t, function.slot);
            let radius = if function.is_focused { 5.0 } else { 3.75 } * t.scale;
            for i in 0..3 {
                let at = self.px(i, point(self.data.z, function.at_z[i]));
                if at.y.is_finite() && g.plots[i].contains(at) {
                    let mark = look.mark(at, radius, t.bg);
                    self.sketch.scene.shapes.push(mark);
                }
            }
        }
        // What z it is, on a tag over the line.
        let tag = format!("z {}", fixed(self.data.z));
        let half = text::width(&tag, t.label_px(), true) / 2.0 + 8.0;
        let height = 1.6 * t.label_px();
        let plot = g.plots[0];
        let middle = x.clamp(half, (plot.right() + LEADER_PX - half).max(half));
        let space = Rect::new(middle - half, top - 4.0 - height, 2.0 * half, height);
        self.sketch.fill(space, height / 2.0, t.ink);
        let look = centred(t.label_px(), t.bg).bold();
        self.sketch.text(&tag, space.center(), look);
    }

    fn labels(&mut self) {
        let (g, t) = (self.g, self.theme);
        let x = g.plots[0].right();
        let head = format!("at z {}", fixed(self.data.z));
        let at = point(g.labels[0].right(), g.plots[0].y - 4.0 - 0.8 * t.label_px());
        // The tag may come near from the left.
        if text::width(&head, t.tick_px(), false) <= g.labels[0].width - LEADER_PX - 4.0 {
            self.sketch.text(&head, at, right(t.tick_px(), t.ink3));
        }
        for i in 0..3 {
            let plot = g.plots[i];
            let labels: Vec<EndLabel> = (self.data.functions.iter())
                .map(|function| {
                    let pieces = &function.samples.curves[i];
                    let end = pieces.last().and_then(|piece| piece.last());
                    let end = end.filter(|p| g.x.px_from_data(p.x) > plot.right() - 2.0);
                    EndLabel {
                        name: function.name.to_owned(),
                        value: reading(function.at_z[i]),
                        slot: function.slot,
                        is_focused: function.is_focused,
                        y: end.map(|p| g.y[i].px_clamped(p.y)),
                    }
                })
                .collect();
            draw_end_labels(&mut self.sketch, t, x, g.labels[i], &labels);
        }
    }
}

/// The charts in words.
pub fn describe_curves(data: &CurvesData) -> String {
    if data.functions.is_empty() {
        return "Three charts, empty: no function is chosen.".to_owned();
    }
    let values: Vec<String> = (data.functions.iter())
        .map(|function| {
            let [f, df, d2f] = function.at_z.map(reading);
            format!("{}: f {f}, f′ {df}, f″ {d2f}", function.name)
        })
        .collect();
    format!(
        "f, f′ and f″ for z from {} to {}. At z {}: {}.",
        fixed(data.z_range.0),
        fixed(data.z_range.1),
        fixed(data.z),
        values.join("; ")
    )
}

/// The data of the charts, a row a value.
pub fn curves_csv(
    names: &[&str],
    of: impl Fn(usize, f64) -> [f64; 3],
    z_range: (f64, f64),
) -> String {
    const N: i32 = 400;
    let mut text = String::from("function,z,f,slope,curvature\n");
    for (i, name) in names.iter().enumerate() {
        let name = crate::plot::kit::csv_field(name);
        for k in 0..=N {
            let z = z_range.0 + (z_range.1 - z_range.0) * f64::from(k) / f64::from(N);
            let [f, df, d2f] = of(i, z);
            text += &format!("{name},{z},{f},{df},{d2f}\n");
        }
    }
    text
}
