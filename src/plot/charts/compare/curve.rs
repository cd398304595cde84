//! A lane's function and its slope in a small place, with the pre-activations that fall on it. All lanes share the axis
//! of z and that of the values, so that columns beside each other can be compared.

use actiscope_core::protocol::Histogram;

use crate::plot::charts::curve::{CurveSamples, Zone, ZoneKind};
use crate::plot::charts::histogram;
use crate::plot::kit::geometry::{Point, Rect, Scale, Size, clip_polyline_y, point};
use crate::plot::kit::scene::{Align, Scene, Stroke};
use crate::plot::kit::sketch::{Sketch, TextLook};
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{percent, short};

/// What one lane shows.
#[derive(Clone, Copy, Debug)]
pub struct LaneCurve<'a> {
    /// Over the z that all lanes share.
    pub samples: &'a CurveSamples,
    /// The values that all lanes share; see [`shared_values`].
    pub values: (f64, f64),
    /// Of a layer; `None` before it is known.
    pub z: Option<LaneZ<'a>>,
}

#[derive(Clone, Copy, Debug)]
pub struct LaneZ<'a> {
    pub histogram: &'a Histogram,
    /// Share of z at which f' is exactly 0.
    pub zero_slope_share: f64,
}

/// How far z reaches to either side where these lie on one axis: 3 to 8, with 90 % of each.
pub fn shared_reach<'a>(histograms: impl Iterator<Item = &'a Histogram>) -> f64 {
    const REACHES: [f64; 4] = [3.0, 4.0, 6.0, 8.0];
    let ends = histograms.flat_map(|z| [0.05, 0.95].map(|q| histogram::quantile(z, q)));
    let widest = ends.flatten().map(f64::abs).fold(0.0, f64::max);
    let wide_enough = REACHES.into_iter().find(|reach| *reach >= widest);
    wide_enough.unwrap_or(REACHES[REACHES.len() - 1])
}

/// An axis of values for curves beside each other: from the least to the greatest, but never so far that one that rises
/// without end presses the others flat.
pub fn shared_values<'a>(curves: impl Iterator<Item = &'a CurveSamples>) -> (f64, f64) {
    let extents = curves.map(CurveSamples::extent);
    let (low, high) = extents.fold((0.0, 1.0), |(low, high): (f64, f64), extent| {
        (low.min(extent.start), high.max(extent.end))
    });
    let (low, high) = (low.max(-2.0), high.min(2.5));
    let margin = 0.08 * (high - low);
    (low - margin, high + margin)
}

impl LaneCurve<'_> {
    fn shares(&self) -> Option<(f64, f64)> {
        let z = self
            .z
            .filter(|z| histogram::has_mass(z.histogram) && z.zero_slope_share.is_finite())?;
        let saturated =
            histogram::share_in_zones(z.histogram, &self.samples.zones, ZoneKind::Saturated);
        Some((z.zero_slope_share, saturated))
    }

    /// What share of z gets no gradient, or next to none, in a few words; and what kind of words they are.
    pub fn sentence(&self) -> Option<(String, Option<ZoneKind>)> {
        let (dead, saturated) = self.shares()?;
        let is_some = |share: f64| share >= 0.005;
        Some(match (is_some(dead), is_some(saturated)) {
            (true, _) if dead >= saturated => (
                format!("{} no gradient", percent(dead)),
                Some(ZoneKind::Dead),
            ),
            (_, true) => (
                format!("{} saturated", percent(saturated)),
                Some(ZoneKind::Saturated),
            ),
            _ => ("none saturated".to_owned(), None),
        })
    }
}

/// f and f' over the bars of z.
pub fn lane_curve_scene(size: Size, theme: &Theme, data: &LaneCurve) -> Scene {
    let t = theme;
    let mut sketch = Sketch::new(size);
    let bottom = (size.height - 1.35 * t.tick_px() - 3.0).max(1.0);
    let whole = Rect::new(0.0, 0.0, size.width.max(1.0), bottom);
    let plot = Rect::new(0.0, 0.0, whole.width, (0.58 * bottom).floor().max(1.0));
    let x = Scale::linear(data.samples.z_range, (0.0, whole.width));
    let y = Scale::linear(data.values, (plot.bottom(), plot.y));
    for zone in &data.samples.zones {
        sketch.fill(zone_rect(zone, &x, whole), 0.0, ground_of(t, zone.kind));
    }
    let zero = y.px_clamped(0.0);
    sketch.hairline_h((0.0, whole.width), zero, t.line2);
    sketch.hairline_v(x.px_clamped(0.0), (0.0, bottom), t.line2);
    if let Some(z) = data.z {
        let room = Rect::new(
            0.0,
            plot.bottom() + 3.0,
            whole.width,
            bottom - plot.bottom() - 3.0,
        );
        for bar in histogram::bars(z.histogram, &x, room, &data.samples.zones) {
            let color = match bar.kind {
                Some(ZoneKind::Dead) => t.dead.fade(0.62),
                Some(ZoneKind::Saturated) => t.saturated.fade(0.62),
                None => t.hist.fade(0.8),
            };
            sketch.fill(bar.rect, 0.0, color);
        }
    }
    sketch.hairline_h((0.0, whole.width), bottom, t.line);
    let mut lines = |pieces: &[Vec<Point>], stroke: Stroke| {
        for piece in pieces {
            let px: Vec<Point> = (piece.iter())
                .map(|p| point(x.px_from_data(p.x), y.px_from_data(p.y)))
                .collect();
            for part in clip_polyline_y(&px, plot.y + 1.0, plot.bottom()) {
                sketch.line(part, stroke);
            }
        }
    };
    let dash = [4.0 * t.scale, 3.0 * t.scale];
    lines(&data.samples.df, Stroke::dashed(t.df, 1.25 * t.scale, dash));
    lines(&data.samples.f, Stroke::solid(t.f, 1.75 * t.scale));
    let (low, high) = data.samples.z_range;
    let baseline = bottom + 3.0 + 0.6 * t.tick_px();
    for (z, align) in [
        (low, Align::Left),
        (0.0, Align::Center),
        (high, Align::Right),
    ] {
        let look = TextLook::new(t.tick_px(), t.ink3).align(align);
        sketch.text(&short(z), point(x.px_clamped(z), baseline), look);
    }
    sketch.scene
}

fn zone_rect(zone: &Zone, x: &Scale, whole: Rect) -> Rect {
    Rect::from_corners(
        point(x.px_clamped(zone.low), whole.y),
        point(x.px_clamped(zone.high), whole.bottom()),
    )
}

fn ground_of(theme: &Theme, kind: ZoneKind) -> crate::plot::kit::color::Color {
    match kind {
        ZoneKind::Dead => theme.zone,
        ZoneKind::Saturated => theme.zone_sat,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::kit::check::texts_are_apart_and_inside;

    fn relu(reach: f64) -> CurveSamples {
        let relu = |z: f64| if z > 0.0 { (z, 1.0) } else { (0.0, 0.0) };
        CurveSamples::new((-reach, reach), Some(1.0), relu)
    }

    fn tanh(reach: f64) -> CurveSamples {
        let tanh = |z: f64| {
            let a = libm::tanh(z);
            (a, 1.0 - a * a)
        };
        CurveSamples::new((-reach, reach), Some(1.0), tanh)
    }

    fn z(low: f32, high: f32) -> Histogram {
        Histogram {
            low,
            high,
            counts: vec![1, 2, 2, 1],
        }
    }

    #[test]
    fn lanes_share_their_axes() {
        assert_eq!(shared_reach([].into_iter()), 3.0);
        assert_eq!(shared_reach([z(-1.0, 1.0), z(-1.0, 5.0)].iter()), 6.0);
        assert_eq!(shared_reach([z(-90.0, 5.0)].iter()), 8.0);
        let (low, high) = shared_values([relu(4.0), tanh(4.0)].iter());
        assert!(low < -1.0 && low > -2.0, "{low}");
        assert!(high > 2.5 && high < 3.0, "ReLU is cut: {high}");
    }

    #[test]
    fn a_sentence_says_what_gets_no_gradient() {
        let check = |samples: CurveSamples, zero_slope_share, expect| {
            let histogram = z(-4.0, 4.0);
            let data = LaneCurve {
                samples: &samples,
                values: (-1.0, 1.0),
                z: Some(LaneZ {
                    histogram: &histogram,
                    zero_slope_share,
                }),
            };
            assert_eq!(data.sentence(), expect);
        };
        let dead = Some(("50 % no gradient".to_owned(), Some(ZoneKind::Dead)));
        check(relu(8.0), 0.5, dead);
        check(relu(8.0), 0.0, Some(("none saturated".to_owned(), None)));
        check(relu(8.0), f64::NAN, None);
        let samples = tanh(4.0);
        let histogram = z(-4.0, 4.0);
        let data = LaneCurve {
            samples: &samples,
            values: (-1.0, 1.0),
            z: Some(LaneZ {
                histogram: &histogram,
                zero_slope_share: 0.0,
            }),
        };
        let (words, kind) = data.sentence().expect("there is z");
        assert!(
            words.ends_with("saturated") && kind == Some(ZoneKind::Saturated),
            "{words}"
        );
    }

    #[test]
    fn it_is_drawn_at_every_size() {
        let samples = relu(4.0);
        let histogram = z(-3.0, 3.0);
        for width in [0.0, 60.0, 104.0, 320.0] {
            for height in [0.0, 40.0, 96.0] {
                let size = Size { width, height };
                let data = LaneCurve {
                    samples: &samples,
                    values: shared_values([&samples].into_iter()),
                    z: Some(LaneZ {
                        histogram: &histogram,
                        zero_slope_share: 0.5,
                    }),
                };
                let scene = lane_curve_scene(size, &Theme::LIGHT, &data);
                if width > 50.0 && height > 20.0 {
                    texts_are_apart_and_inside(&scene);
                }
            }
        }
    }
}
