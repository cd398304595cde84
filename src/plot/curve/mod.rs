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

use super::geometry::{Point, Rect, Size, clip_polyline_y, point};
use super::histogram;
use super::label::{label_box, spread};
use super::pen::{Pen, TextLook};
use super::record::{Drawn, record};
use super::scene::{Align, Scene, Stroke};
use super::theme::Theme;
use super::ticks::{fixed, percent, short};

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
    chart.zone_names()?;
    chart.lines()?;
    chart.crosshair()
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
        self.outside(z, band)
    }

    /// How much of z lies beyond the ends of the axis.
    fn outside(&self, z: &LiveZ, band: Rect) -> Drawn<DB> {
        let (low, high) = self.geometry.x.domain();
        let look = TextLook::new(self.theme.tick_px(), self.theme.ink2);
        let y = band.bottom() - self.theme.tick_px();
        let below = histogram::share_between(z.histogram, f64::NEG_INFINITY, low);
        if below > 0.005 {
            let text = format!("◂ {}", percent(below));
            self.pen.text(&text, point(band.x + 4.0, y), look)?;
        }
        let above = histogram::share_between(z.histogram, high, f64::INFINITY);
        if above > 0.005 {
            let text = format!("{} ▸", percent(above));
            let at = point(band.right() - 4.0, y);
            self.pen.text(&text, at, look.align(Align::Right))?;
        }
        Ok(())
    }

    /// Says on the ground of each zone what it is, where the curves leave room for it.
    fn zone_names(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let lines: Vec<Point> = self.polylines().into_iter().flatten().flatten().collect();
        for zone in &self.data.samples.zones {
            let (name, color) = match zone.kind {
                ZoneKind::Dead => ("dead: f′ = 0", t.dead),
                ZoneKind::Saturated => ("saturated", t.saturated),
            };
            let rect = g.zone_rect(zone);
            let look = TextLook::new(t.tick_px(), color).align(Align::Center);
            let spots = [g.plot.y + t.tick_px(), g.plot.bottom() - t.tick_px()];
            let free = spots
                .into_iter()
                .map(|y| point(rect.center().x, y))
                .find(|&at| {
                    let space = label_box(name, at, look.font_px, false, look.align);
                    rect.inset(2.0).x <= space.x
                        && space.right() <= rect.right() - 2.0
                        && !lines.windows(2).any(|w| {
                            w[0].x <= w[1].x && Rect::from_corners(w[0], w[1]).overlaps(&space)
                        })
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

    fn lines(&self) -> Drawn<DB> {
        let t = self.theme;
        let [f, df] = self.polylines();
        for part in &f {
            self.pen.line(part, Stroke::solid(t.f, 2.5 * t.scale))?;
        }
        let dash = [6.0 * t.scale, 5.0 * t.scale];
        for part in &df {
            self.pen
                .line(part, Stroke::dashed(t.df, 2.0 * t.scale, dash))?;
        }
        self.line_names(&f, &df)
    }

    /// f and f′ beside the right ends of their lines.
    fn line_names(&self, f: &[Vec<Point>], df: &[Vec<Point>]) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let ends: Vec<(&str, Point, super::color::Color)> = [("f", f, t.f), ("f′", df, t.df)]
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

    fn crosshair(&self) -> Drawn<DB> {
        let (g, t) = (self.geometry, self.theme);
        let Some(z) = self.data.crosshair else {
            return Ok(());
        };
        let x = g.x.px_clamped(z);
        self.pen.hairline_v(x, (g.plot.y, g.bottom()), t.ink3)?;
        let Some((f, df)) = self.data.samples.at(z) else {
            return Ok(());
        };
        for (value, color) in [(f, t.f), (df, t.df)] {
            let at = g.px_from_data(point(z, value));
            if g.plot.contains(at) {
                self.pen.disc(at, 5.0 * t.scale, t.bg)?;
                self.pen.disc(at, 3.5 * t.scale, color)?;
            }
        }
        let text = read_out(z, f, df);
        let is_left = x < g.plot.center().x;
        let (at, align) = if is_left {
            (point(x + 8.0, g.plot.y + t.label_px()), Align::Left)
        } else {
            (point(x - 8.0, g.plot.y + t.label_px()), Align::Right)
        };
        let look = TextLook::new(t.label_px(), t.ink).align(align);
        let space = label_box(&text, at, look.font_px, false, align).inset(-4.0);
        self.pen.fill(space, t.bg.fade(0.88))?;
        self.pen.text(&text, at, look)
    }
}

/// `z −0.74   f 0.00   f′ 0.00`
pub fn read_out(z: f64, f: f64, df: f64) -> String {
    format!("z {}   f {}   f′ {}", fixed(z), fixed(f), fixed(df))
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
            " Of {}, 80 % lies between {} and {}; {} gets no gradient",
            z.of,
            short(a),
            short(b),
            percent(z.dead_share(&data.samples.zones))
        );
        if !saturated.is_empty() {
            let share = percent(z.saturated_share(&data.samples.zones));
            text += &format!(" and {share} is saturated");
        }
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests;
