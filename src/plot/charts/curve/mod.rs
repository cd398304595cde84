//! The curve panel: f (solid), f' (dashed), and below them on the same axis the live histogram of z.
//! Zones in which no gradient, or next to none, comes through are shaded through both.

mod geometry;
mod sample;

use actiscope_core::protocol::Histogram;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

pub use geometry::{CurveGeometry, suggested_z_range};
pub use sample::{CurveSamples, SATURATION, Zone, ZoneKind};

use crate::plot::charts::histogram::{self, Bar};
use crate::plot::kit::geometry::{Point, Rect, Size, clip_polyline_y, point};
use crate::plot::kit::label::{label_box, n_crossing, spread};
use crate::plot::kit::pen::{Pen, TextLook};
use crate::plot::kit::record::{Drawn, record};
use crate::plot::kit::scene::{Align, Scene, Stroke};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{fixed, percent, short};

/// What the curve panel shows.
#[derive(Clone, Copy, Debug)]
pub struct CurveData<'a> {
    /// Of the function: `ReLU`.
    pub name: &'a str,
    pub samples: &'a CurveSamples,
    /// The pre-activations that fall on it; `None` gives the curve all the room.
    pub z: Option<LiveZ<'a>>,
    /// z under the pointer.
    pub crosshair: Option<f64>,
}

/// Pre-activations of a layer or a unit.
#[derive(Clone, Copy, Debug)]
pub struct LiveZ<'a> {
    /// `z of layer 1`.
    pub of: &'a str,
    pub histogram: &'a Histogram,
    /// Share of z at which f' is exactly 0, where it was counted; else the histogram's estimate.
    pub zero_slope_share: Option<f64>,
}

impl LiveZ<'_> {
    fn dead_share(&self, zones: &[Zone]) -> f64 {
        self.zero_slope_share
            .unwrap_or_else(|| histogram::share_in_zones(self.histogram, zones, ZoneKind::Dead))
    }

    fn saturated_share(&self, zones: &[Zone]) -> f64 {
        histogram::share_in_zones(self.histogram, zones, ZoneKind::Saturated)
    }
}

/// The panel as a picture.
pub fn curve_scene(size: Size, theme: &Theme, data: &CurveData) -> Scene {
    record(size, |area| draw_curve(area, size, theme, data))
}

pub fn draw_curve<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    size: Size,
    theme: &Theme,
    data: &CurveData,
) -> Drawn<DB> {
    let geometry = CurveGeometry::new(size, theme, data);
    let pen = Pen::new(area, size);
    let chart = Chart {
        pen,
        theme,
        data,
        geometry: &geometry,
    };
    chart.zones()?;
    chart.axes()?;
    chart.histogram()?;
    let [f, df] = chart.polylines();
    let lines = [f.as_slice(), df.as_slice()].concat();
    let read_out = chart.read_out(&lines);
    chart.zone_names(&lines, read_out.as_ref().map(|r| r.space))?;
    chart.lines(&f, &df)?;
    chart.crosshair(read_out.as_ref())
}

struct Chart<'a, DB: DrawingBackend> {
    pen: Pen<'a, DB>,
    theme: &'a Theme,
    data: &'a CurveData<'a>,
    geometry: &'a CurveGeometry,
}

impl<DB: DrawingBackend> Chart<'_, DB> {
    fn zones(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        for zone in &self.data.samples.zones {
            let (ground, edge) = match zone.kind {
                ZoneKind::Dead => (t.zone, t.dead),
                ZoneKind::Saturated => (t.zone_sat, t.saturated),
            };
            let rect = g.zone_rect(zone);
            self.pen.fill(rect, ground)?;
            for x in [rect.x, rect.right()] {
                if x > g.plot.x + 1.0 && x < g.plot.right() - 1.0 {
                    self.pen
                        .hairline_v(x, (rect.y, rect.bottom()), edge.fade(0.35))?;
                }
            }
        }
        Ok(())
    }

    fn axes(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let tick_look = TextLook::new(t.tick_px(), t.ink3);
        for tick in &g.y_ticks {
            let color = if tick.value == 0.0 { t.line } else { t.line2 };
            self.pen
                .hairline_h((g.plot.x, g.plot.right()), tick.px, color)?;
            self.pen.text(
                &tick.label,
                point(g.plot.x - 6.0, tick.px),
                tick_look.align(Align::Right),
            )?;
        }
        let x_zero = g.x.px_from_data(0.0);
        if x_zero > g.plot.x && x_zero < g.plot.right() {
            self.pen
                .hairline_v(x_zero, (g.plot.y, g.bottom()), t.line)?;
        }
        self.pen
            .hairline_h((g.plot.x, g.plot.right()), g.bottom(), t.line)?;
        let y = g.bottom() + 4.0 + 0.75 * t.tick_px();
        for tick in &g.x_ticks {
            self.pen
                .hairline_v(tick.px, (g.bottom(), g.bottom() + 3.0), t.line)?;
            self.pen.text(
                &tick.label,
                point(tick.px, y),
                tick_look.align(Align::Center),
            )?;
        }
        Ok(())
    }

    fn histogram(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let (Some(z), Some(band)) = (&self.data.z, g.histogram) else {
            return Ok(());
        };
        self.pen
            .hairline_h((band.x, band.right()), band.y, t.line)?;
        let bars = histogram::bars(z.histogram, &g.x, g.bars, &self.data.samples.zones);
        histogram::draw_bars(&self.pen, t, &bars)?;
        for text in &g.headlines {
            let color = match text.kind {
                ZoneKind::Dead => t.dead,
                ZoneKind::Saturated => t.saturated,
            };
            let look = TextLook::new(t.strong_px(), color).bold();
            self.pen
                .text(&text.text, text.at, look.align(Align::Center))?;
        }
        self.outside(z, band, &bars)
    }

    /// How much of z lies beyond the ends of the axis.
    fn outside(&self, z: &LiveZ, band: Rect, bars: &[Bar]) -> Drawn<DB> {
        let (low, high) = self.geometry.x.domain();
        let look = TextLook::new(self.theme.tick_px(), self.theme.ink2);
        let y = self.geometry.bars.y + 0.8 * self.theme.tick_px();
        let below = histogram::share_between(z.histogram, f64::NEG_INFINITY, low);
        if below > 0.005 {
            let text = format!("◂ {}", percent(below));
            self.text_on_bars(&text, point(band.x + 4.0, y), look, bars)?;
        }
        let above = histogram::share_between(z.histogram, high, f64::INFINITY);
        if above > 0.005 {
            let text = format!("{} ▸", percent(above));
            let at = point(band.right() - 4.0, y);
            self.text_on_bars(&text, at, look.align(Align::Right), bars)?;
        }
        Ok(())
    }

    fn text_on_bars(&self, text: &str, at: Point, look: TextLook, bars: &[Bar]) -> Drawn<DB> {
        let space = label_box(text, at, look.font_px, look.is_bold, look.align);
        if bars.iter().any(|bar| bar.rect.overlaps(&space)) {
            self.text_on_ground(text, at, look)
        } else {
            self.pen.text(text, at, look)
        }
    }

    /// Text on a ground of its own, readable on lines and bars.
    fn text_on_ground(&self, text: &str, at: Point, look: TextLook) -> Drawn<DB> {
        let space = label_box(text, at, look.font_px, look.is_bold, look.align);
        self.pen.fill(space.inset(-3.0), self.theme.bg.fade(0.86))?;
        self.pen.text(text, at, look)
    }

    /// Says on the ground of each zone what it is, where curves and read-out leave room for it.
    fn zone_names(&self, lines: &[Vec<Point>], taken: Option<Rect>) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        for zone in &self.data.samples.zones {
            let (name, color) = match zone.kind {
                ZoneKind::Dead => ("dead: f′ = 0", t.dead),
                ZoneKind::Saturated => ("saturated", t.saturated),
            };
            let rect = g.zone_rect(zone);
            let look = TextLook::new(t.tick_px(), color).align(Align::Center);
            let spots = [g.plot.y + t.tick_px(), g.plot.bottom() - t.tick_px()];
            let free = spots
                .map(|y| point(rect.center().x, y))
                .into_iter()
                .find(|&at| {
                    let space = label_box(name, at, look.font_px, false, look.align);
                    space.width <= rect.width - 8.0
                        && n_hidden(&space, lines) == 0
                        && !taken.is_some_and(|taken| taken.overlaps(&space))
                });
            if let Some(at) = free {
                self.pen.text(name, at, look)?;
            }
        }
        Ok(())
    }

    /// f and f' in pixels, cut at the edges of the plot.
    fn polylines(&self) -> [Vec<Vec<Point>>; 2] {
        let g = self.geometry;
        [&self.data.samples.f, &self.data.samples.df].map(|pieces| {
            pieces
                .iter()
                .flat_map(|piece| {
                    let px: Vec<Point> = piece.iter().map(|&p| g.px_from_data(p)).collect();
                    clip_polyline_y(&px, g.plot.y, g.plot.bottom())
                })
                .collect()
        })
    }

    fn lines(&self, f: &[Vec<Point>], df: &[Vec<Point>]) -> Drawn<DB> {
        let t = self.theme;
        for part in f {
            self.pen.line(part, Stroke::solid(t.f, 2.5 * t.scale))?;
        }
        let dash = [6.0 * t.scale, 5.0 * t.scale];
        for part in df {
            self.pen
                .line(part, Stroke::dashed(t.df, 2.0 * t.scale, dash))?;
        }
        self.line_names(f, df)
    }

    /// f and f′ beside the right ends of their lines.
    fn line_names(&self, f: &[Vec<Point>], df: &[Vec<Point>]) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let ends: Vec<(&str, Point, crate::plot::kit::color::Color)> =
            [("f", f, t.f), ("f′", df, t.df)]
                .into_iter()
                .filter_map(|(name, parts, color)| Some((name, *parts.last()?.last()?, color)))
                .collect();
        let font_px = t.label_px();
        let wanted: Vec<f64> = ends.iter().map(|(_, end, _)| end.y).collect();
        let (top, bottom) = (g.plot.y + font_px / 2.0, g.plot.bottom() - font_px / 2.0);
        let placed = spread(&wanted, 1.1 * font_px, top, bottom);
        for ((name, end, color), y) in ends.into_iter().zip(placed) {
            let look = TextLook::new(font_px, color).bold();
            self.pen.text(name, point(end.x + 5.0, y), look)?;
        }
        Ok(())
    }

    fn crosshair(&self, read_out: Option<&ReadOut>) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let Some(z) = self.data.crosshair else {
            return Ok(());
        };
        let x = g.x.px_clamped(z);
        self.pen
            .hairline_v(x, (g.plot.y, g.plot.bottom()), t.ink3)?;
        // Not through the headline.
        self.pen.hairline_v(x, (g.bars.y, g.bottom()), t.ink3)?;
        let (Some(read_out), Some((f, df))) = (read_out, self.data.samples.at(z)) else {
            return Ok(());
        };
        for (value, color) in [(f, t.f), (df, t.df)] {
            let at = g.px_from_data(point(z, value));
            if g.plot.contains(at) {
                self.pen.disc(at, 5.0 * t.scale, t.bg)?;
                self.pen.disc(at, 3.5 * t.scale, color)?;
            }
        }
        self.text_on_ground(&read_out.text, read_out.at, read_out.look)
    }

    /// Where the values under the pointer are written: beside the crosshair, where no curve runs.
    fn read_out(&self, lines: &[Vec<Point>]) -> Option<ReadOut> {
        let (g, t) = (self.geometry, self.theme);
        let z = self.data.crosshair?;
        let (f, df) = self.data.samples.at(z)?;
        let text = read_out(z, f, df);
        let x = g.x.px_clamped(z);
        let look = TextLook::new(t.label_px(), t.ink);
        let (top, bottom) = (g.plot.y + t.label_px(), g.plot.bottom() - t.label_px());
        let rows = (0..=8).map(|i| top + (bottom - top) * f64::from(i) / 8.0);
        let half = text::width(&text, look.font_px, false) / 2.0 + 4.0;
        let over = x.clamp(
            g.plot.x + half,
            (g.plot.right() - half).max(g.plot.x + half),
        );
        let sides = [
            (x + 8.0, Align::Left),
            (x - 8.0, Align::Right),
            (over, Align::Center),
        ];
        let spots: Vec<ReadOut> = rows
            .flat_map(|y| sides.map(|(x, align)| (point(x, y), look.align(align))))
            .map(|(at, look)| ReadOut {
                space: label_box(&text, at, look.font_px, false, look.align).inset(-3.0),
                text: text.clone(),
                at,
                look,
            })
            .collect();
        let fits =
            |spot: &&ReadOut| spot.space.x >= g.plot.x && spot.space.right() <= g.plot.right();
        let hidden = |spot: &&ReadOut| n_hidden(&spot.space, lines);
        let best = spots.iter().filter(fits).min_by_key(hidden);
        best.or(spots.last()).cloned()
    }
}

#[derive(Clone)]
struct ReadOut {
    text: String,
    at: Point,
    look: TextLook,
    space: Rect,
}

/// How much of the lines a text in this box would hide.
fn n_hidden(space: &Rect, lines: &[Vec<Point>]) -> usize {
    let near = space.inset(-2.0);
    lines.iter().map(|line| n_crossing(line, &near)).sum()
}

/// `z −0.74 · f 0.00 · f′ 0.00`
pub fn read_out(z: f64, f: f64, df: f64) -> String {
    format!("z {} · f {} · f′ {}", fixed(z), fixed(f), fixed(df))
}

/// The data of the panel, a row a value: f and f' over the axis, then the bins of z.
pub fn curve_csv(data: &CurveData) -> String {
    const N: i32 = 400;
    let (low, high) = data.samples.z_range;
    let mut text = String::from("series,z,value\n");
    let grid: Vec<f64> = (0..=N)
        .map(|i| low + (high - low) * f64::from(i) / f64::from(N))
        .collect();
    for (name, of) in [("f", 0), ("slope", 1)] {
        for &z in &grid {
            if let Some((f, df)) = data.samples.at(z) {
                text += &format!("{name},{z},{}\n", [f, df][of]);
            }
        }
    }
    if let Some(z) = &data.z {
        let Histogram { low, high, counts } = z.histogram;
        let width = (high - low) / counts.len().max(1) as f32;
        for (i, n) in counts.iter().enumerate() {
            text += &format!(
                "count_of_{},{},{n}\n",
                z.of.replace(' ', "_"),
                low + width * (i as f32 + 0.5)
            );
        }
    }
    text
}

/// The panel in words.
pub fn describe_curve(data: &CurveData) -> String {
    let (low, high) = data.samples.z_range;
    let mut text = format!(
        "{} and its slope for z from {} to {}.",
        data.name,
        short(low),
        short(high)
    );
    let ranges = |kind| {
        let ranges: Vec<String> = data
            .samples
            .zones_of(kind)
            .map(|zone| format!("from {} to {}", short(zone.low), short(zone.high)))
            .collect();
        ranges.join(" and ")
    };
    let (dead, saturated) = (ranges(ZoneKind::Dead), ranges(ZoneKind::Saturated));
    if !dead.is_empty() {
        text += &format!(" The slope is 0 for z {dead}.");
    }
    if !saturated.is_empty() {
        text += &format!(" It is under 5 % of its maximum for z {saturated}.");
    }
    let Some(z) = &data.z else {
        return text;
    };
    let bounds = [0.1, 0.9].map(|q| histogram::quantile(z.histogram, q));
    if let [Some(a), Some(b)] = bounds {
        text += &format!(
            " Of {}, 80 % lies between {} and {}",
            z.of,
            short(a),
            short(b)
        );
        let dead_share = z.dead_share(&data.samples.zones);
        if !dead.is_empty() || dead_share > 0.0 {
            text += &format!("; {} gets no gradient", percent(dead_share));
        }
        if !saturated.is_empty() {
            let share = percent(z.saturated_share(&data.samples.zones));
            text += &format!("; {share} is saturated");
        }
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests;
