//! What a histogram says: shares, quantiles, bars.

use actiscope_core::protocol::Histogram;

use crate::plot::charts::curve::{Zone, ZoneKind};
use crate::plot::kit::geometry::{Rect, Scale};
use crate::plot::kit::pen::Pen;
use crate::plot::kit::record::Drawn;
use crate::plot::kit::theme::Theme;
use plotters_backend::DrawingBackend;

/// All that was counted.
pub fn total(histogram: &Histogram) -> u64 {
    histogram.counts.iter().map(|&n| u64::from(n)).sum()
}

/// False where there is nothing to draw: no bins, nothing counted, or a range that is no range.
pub fn has_mass(histogram: &Histogram) -> bool {
    let (low, high) = (histogram.low, histogram.high);
    low.is_finite() && high.is_finite() && low < high && total(histogram) > 0
}

/// Low and high edge of bin `i`.
fn bin(histogram: &Histogram, i: usize) -> (f64, f64) {
    let (low, high) = (f64::from(histogram.low), f64::from(histogram.high));
    let width = (high - low) / histogram.counts.len() as f64;
    (low + width * i as f64, low + width * (i + 1) as f64)
}

/// Share of the mass between `low` and `high`, 0..=1, as if evenly spread within each bin.
pub fn share_between(histogram: &Histogram, low: f64, high: f64) -> f64 {
    if !has_mass(histogram) {
        return 0.0;
    }
    let mass: f64 = (0..histogram.counts.len())
        .map(|i| {
            let (a, b) = bin(histogram, i);
            let inside = (high.min(b) - low.max(a)).max(0.0) / (b - a);
            inside * f64::from(histogram.counts[i])
        })
        .sum();
    mass / total(histogram) as f64
}

/// Share of the mass within the zones of a kind.
pub fn share_in_zones(histogram: &Histogram, zones: &[Zone], kind: ZoneKind) -> f64 {
    zones
        .iter()
        .filter(|zone| zone.kind == kind)
        .map(|zone| share_between(histogram, zone.low, zone.high))
        .sum()
}

/// The value below which the share `q` (0..=1) of the mass lies; `None` without mass.
pub fn quantile(histogram: &Histogram, q: f64) -> Option<f64> {
    if !has_mass(histogram) {
        return None;
    }
    let mut left = q.clamp(0.0, 1.0) * total(histogram) as f64;
    for (i, &n) in histogram.counts.iter().enumerate() {
        let n = f64::from(n);
        let (a, b) = bin(histogram, i);
        if n > 0.0 && left <= n {
            return Some(a + (b - a) * left / n);
        }
        left -= n;
    }
    Some(f64::from(histogram.high))
}

/// A bar, or the part of one that lies in one zone. Pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    pub rect: Rect,
    pub kind: Option<ZoneKind>,
}

/// Bars that stand on the bottom of `band` and reach its top where the count is greatest. A bin that
/// a zone's edge divides gives several bars; what lies outside the axis gives none.
pub fn bars(histogram: &Histogram, x: &Scale, band: Rect, zones: &[Zone]) -> Vec<Bar> {
    let greatest = histogram.counts.iter().copied().max().unwrap_or(0);
    if !has_mass(histogram) || greatest == 0 {
        return Vec::new();
    }
    let (view_low, view_high) = x.domain();
    let mut bars = Vec::new();
    for (i, &n) in histogram.counts.iter().enumerate() {
        let (low, high) = bin(histogram, i);
        if n == 0 || high <= view_low || low >= view_high {
            continue;
        }
        let (left, right) = (x.px_clamped(low), x.px_clamped(high));
        let gap = if right - left > 3.0 { 0.5 } else { 0.0 };
        // Never thinner than half a pixel: a single sample must be seen.
        let height = (band.height * f64::from(n) / f64::from(greatest)).max(0.5);
        let mut from = left + gap;
        let mut cut = |to: f64, kind: Option<ZoneKind>| {
            if to > from {
                bars.push(Bar {
                    rect: Rect::new(from, band.bottom() - height, to - from, height),
                    kind,
                });
                from = to;
            }
        };
        for zone in zones.iter().filter(|z| z.low < high && z.high > low) {
            cut(x.px_clamped(zone.low).min(right - gap), None);
            cut(x.px_clamped(zone.high).min(right - gap), Some(zone.kind));
        }
        cut(right - gap, None);
    }
    bars
}

/// Draws [`bars`] in the colours of their zones.
pub fn draw_bars<DB: DrawingBackend>(pen: &Pen<DB>, theme: &Theme, bars: &[Bar]) -> Drawn<DB> {
    for bar in bars {
        let color = match bar.kind {
            Some(ZoneKind::Dead) => theme.dead.fade(0.62),
            Some(ZoneKind::Saturated) => theme.saturated.fade(0.62),
            None => theme.hist.fade(0.8),
        };
        pen.fill(bar.rect, color)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram() -> Histogram {
        Histogram {
            low: -2.0,
            high: 2.0,
            counts: vec![0, 6, 2, 2],
        }
    }

    #[test]
    fn shares_and_quantiles_are_of_the_mass() {
        let h = histogram();
        assert_eq!(share_between(&h, -10.0, 0.0), 0.6);
        assert_eq!(share_between(&h, -0.5, 0.5), 0.4);
        assert_eq!(quantile(&h, 0.6), Some(0.0));
        assert_eq!(quantile(&h, 0.3), Some(-0.5));
        assert_eq!(quantile(&h, 1.0), Some(2.0));
        assert_eq!(quantile(&Histogram::default(), 0.5), None);
    }

    #[test]
    fn bars_stand_on_the_ground_and_are_cut_at_zones() {
        let x = Scale::linear((-2.0, 1.5), (0.0, 350.0));
        let zones = [Zone {
            low: -2.0,
            high: -0.25,
            kind: ZoneKind::Dead,
        }];
        let band = Rect::new(0.0, 40.0, 350.0, 60.0);
        let bars = bars(&histogram(), &x, band, &zones);
        let kinds: Vec<_> = bars.iter().map(|bar| bar.kind).collect();
        assert_eq!(kinds, [Some(ZoneKind::Dead), None, None, None]);
        assert_eq!(bars[0].rect, Rect::new(100.5, 40.0, 74.5, 60.0));
        assert_eq!(bars[1].rect, Rect::new(175.0, 40.0, 24.5, 60.0));
        assert!(bars.iter().all(|bar| band.encloses(&bar.rect)));
    }

    #[test]
    fn nothing_gives_no_bars() {
        let x = Scale::linear((-4.0, 4.0), (0.0, 100.0));
        let band = Rect::new(0.0, 0.0, 100.0, 50.0);
        let nan = Histogram {
            low: f32::NAN,
            high: 1.0,
            counts: vec![3],
        };
        assert!(bars(&Histogram::default(), &x, band, &[]).is_empty());
        assert!(bars(&nan, &x, band, &[]).is_empty());
    }
}
