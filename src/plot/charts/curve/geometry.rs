//! Where everything in the curve panel lies.

use actiscope_core::protocol::Histogram;

use super::{CurveData, LiveZ, Zone, ZoneKind};
use crate::plot::charts::histogram;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::label::{label_box, spread};
use crate::plot::kit::scene::Align;
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, linear_ticks, percent};

/// Scales, ticks and rectangles of the curve panel, CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveGeometry {
    /// f and f'.
    pub plot: Rect,
    /// The histogram's band right under the plot, where there is one.
    pub histogram: Option<Rect>,
    /// The part of the band in which bars stand.
    pub bars: Rect,
    /// z.
    pub x: Scale,
    /// f and f' share one axis.
    pub y: Scale,
    pub x_ticks: Vec<Tick>,
    pub y_ticks: Vec<Tick>,
    /// What the zones do to z: "88 % of z gets no gradient".
    pub headlines: Vec<Headline>,
}

/// A line of text in the histogram's band.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    pub text: String,
    /// Middle of the text.
    pub at: Point,
    pub kind: ZoneKind,
}

impl CurveGeometry {
    pub fn new(size: Size, theme: &Theme, data: &CurveData) -> Self {
        let font_px = theme.tick_px();
        let top = 4.0 + font_px / 2.0;
        let bottom = size.height - (8.0 + 1.25 * font_px);
        let body = (bottom - top).max(1.0);
        let band_height = match data.z {
            Some(_) => {
                (0.32 * body).clamp((48.0 * theme.scale).min(0.5 * body), 180.0 * theme.scale)
            }
            None => 0.0,
        };
        let plot_bottom = bottom - band_height;

        let y = Scale::linear(y_range(data), (plot_bottom, top));
        let y_ticks = linear_ticks(&y, font_px, true);
        let widest = y_ticks
            .iter()
            .map(|tick| text::width(&tick.label, font_px, false))
            .fold(0.0, f64::max);
        let left = (widest + 8.0).round();
        let right = size.width - (8.0 + text::width("f′", theme.label_px(), true)).round();
        let plot = Rect::new(left, top, (right - left).max(1.0), plot_bottom - top);
        let x = Scale::linear(data.samples.z_range, (plot.x, plot.right()));

        let band = Rect::new(plot.x, plot_bottom, plot.width, band_height);
        let headlines = data.z.map_or(Vec::new(), |z| {
            headlines(&z, &data.samples.zones, &x, band, theme)
        });
        let n_lines = headline_rows(&headlines);
        let headroom = if n_lines > 0 {
            (n_lines as f64 * 1.35 * theme.strong_px() + 4.0).min(0.6 * band.height)
        } else {
            4.0
        };
        let bars = Rect::new(
            band.x,
            band.y + headroom,
            band.width,
            (band.height - headroom).max(0.0),
        );
        Self {
            plot,
            histogram: data.z.map(|_| band),
            bars,
            x,
            y,
            x_ticks: linear_ticks(&x, font_px, false),
            y_ticks,
            headlines,
        }
    }

    /// The axis of z: under the histogram, or under the plot without one.
    pub fn bottom(&self) -> f64 {
        self.histogram
            .map_or(self.plot.bottom(), |band| band.bottom())
    }

    /// `p` is (z, value).
    pub fn px_from_data(&self, p: Point) -> Point {
        point(self.x.px_from_data(p.x), self.y.px_from_data(p.y))
    }

    /// z under a pointer; `None` outside plot and histogram.
    pub fn z_at(&self, px: Point) -> Option<f64> {
        let all = Rect::new(
            self.plot.x,
            self.plot.y,
            self.plot.width,
            self.bottom() - self.plot.y,
        );
        all.contains(px).then(|| self.x.data_clamped(px.x))
    }

    /// The ground of a zone, through plot and histogram.
    pub fn zone_rect(&self, zone: &Zone) -> Rect {
        Rect::from_corners(
            point(self.x.px_clamped(zone.low), self.plot.y),
            point(self.x.px_clamped(zone.high), self.bottom()),
        )
    }
}

/// From a little under the least to a little over the greatest of 0, f and f', but never so far that
/// a function which explodes presses the rest flat.
fn y_range(data: &CurveData) -> (f64, f64) {
    let (z_low, z_high) = data.samples.z_range;
    let most = 1.25 * z_low.abs().max(z_high.abs());
    let extent = data.samples.extent();
    let (low, high) = (extent.start.max(-most), extent.end.min(most));
    let high = if high > low { high } else { low + 1.0 };
    let margin = 0.06 * (high - low);
    (
        low - margin,
        high + if extent.end > most { 0.0 } else { margin / 3.0 },
    )
}

fn headline_rows(headlines: &[Headline]) -> usize {
    let mut rows: Vec<f64> = headlines.iter().map(|h| h.at.y).collect();
    rows.dedup();
    rows.len()
}

/// At most one line for each kind of zone, beside each other where they fit, else the dead one first.
fn headlines(z: &LiveZ, zones: &[Zone], x: &Scale, band: Rect, theme: &Theme) -> Vec<Headline> {
    if !histogram::has_mass(z.histogram) {
        return Vec::new();
    }
    let font_px = theme.strong_px();
    let line = 1.35 * font_px;
    let mut wanted: Vec<(f64, String, ZoneKind)> = Vec::new();
    for (kind, share, endings) in [
        (
            ZoneKind::Dead,
            z.dead_share(zones),
            ["of z gets no gradient", "no gradient", "dead"],
        ),
        (
            ZoneKind::Saturated,
            z.saturated_share(zones),
            ["of z is saturated", "saturated", "sat."],
        ),
    ] {
        let Some(center) = center_of(zones, kind, x) else {
            continue;
        };
        let text = endings
            .map(|ending| format!("{} {ending}", percent(share)))
            .into_iter()
            .find(|text| text::width(text, font_px, true) <= band.width);
        if let Some(text) = text {
            wanted.push((center, text, kind));
        }
    }
    let widths: Vec<f64> = wanted
        .iter()
        .map(|(_, text, _)| text::width(text, font_px, true))
        .collect();
    let fits_beside = widths.iter().sum::<f64>() + 16.0 <= band.width;
    let centers: Vec<f64> = if wanted.len() == 2 && fits_beside {
        let distance = (widths[0] + widths[1]) / 2.0 + 12.0;
        let centers = wanted.iter().map(|w| w.0).collect::<Vec<_>>();
        let reach = widths[0].max(widths[1]) / 2.0;
        spread(&centers, distance, band.x + reach, band.right() - reach)
    } else {
        wanted
            .iter()
            .zip(&widths)
            .map(|((center, _, _), width)| {
                let (low, high) = (band.x + width / 2.0, band.right() - width / 2.0);
                center.clamp(low, high.max(low))
            })
            .collect()
    };
    let mut placed: Vec<Headline> = Vec::new();
    for ((_, text, kind), center) in wanted.into_iter().zip(centers) {
        let first_row = point(center, band.y + 4.0 + line / 2.0);
        let space = |text: &str, at| label_box(text, at, font_px, true, Align::Center);
        let is_taken = placed.iter().any(|p| {
            space(&p.text, p.at)
                .inset(-4.0)
                .overlaps(&space(&text, first_row))
        });
        let at = match is_taken {
            false => first_row,
            true if band.height > 4.0 * line => point(center, first_row.y + line),
            true => continue,
        };
        placed.push(Headline { text, at, kind });
    }
    placed
}

/// Middle, in pixels, of the zones of a kind from the first to the last.
fn center_of(zones: &[Zone], kind: ZoneKind, x: &Scale) -> Option<f64> {
    let of_kind = || zones.iter().filter(|zone| zone.kind == kind);
    let (first, last) = (of_kind().next()?, of_kind().next_back()?);
    Some((x.px_clamped(first.low) + x.px_clamped(last.high)) / 2.0)
}

/// A range of z, -4..=4 or wider to either side, that holds 90 % of the histogram. It grows in whole
/// strides, so that it does not tremble while training goes on; one side is never more than four times
/// the other, so that the bend at 0 stays in view; and it ends at 32, beyond which nobody could
/// see the function's shape any more.
pub fn suggested_z_range(histogram: &Histogram) -> (f64, f64) {
    const STRIDES: [f64; 7] = [4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0];
    let [low, high] = [0.05, 0.95].map(|q| histogram::quantile(histogram, q).unwrap_or(0.0));
    let stride = |reach: f64| {
        let wide_enough = STRIDES.into_iter().find(|stride| *stride >= reach);
        wide_enough.unwrap_or(STRIDES[STRIDES.len() - 1])
    };
    let (left, right) = (stride(-low), stride(high));
    (-left.max(right / 4.0), right.max(left / 4.0))
}
