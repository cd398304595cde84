//! Where everything of the threshold's chart lies.

use crate::plot::charts::classify::words::probability_of;
use crate::plot::kit::geometry::{Rect, Scale, Size};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{Tick, linear_ticks};

use super::ThresholdData;

/// The axis ends at this logit, on both sides of 0.
const LAST_LOGIT: f64 = 8.5;
pub(super) const N_BINS: usize = 34;
/// Of the axis in logits, in the order in which they are left out last.
const LOGIT_TICKS: [f64; 7] = [0.5, 0.1, 0.9, 0.01, 0.99, 0.001, 0.999];
const PLAIN_TICKS: [f64; 5] = [0.0, 1.0, 0.5, 0.25, 0.75];
/// Shares of the height that is left when rows of text have theirs.
const HISTOGRAM: f64 = 0.25;
const CURVES: f64 = 0.33;

/// Rectangles and scales, CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct ThresholdGeometry {
    /// Logits, or probabilities.
    x: Scale,
    is_logit: bool,
    /// Of the rare class, growing upwards, and of the common one, growing downwards from the same line. Both with a row
    /// for words where bars end.
    pub rare: Rect,
    pub common: Rect,
    /// Precision, recall and F1.
    pub curves: Rect,
    pub cost: Rect,
    /// Names and values, at the right of all of them.
    pub labels: Rect,
    /// What the threshold is dragged by.
    pub handle: Rect,
    /// Cost to pixels.
    pub(super) cost_scale: Scale,
    pub(super) cost_ticks: Vec<Tick>,
    /// For words where bars end.
    pub(super) row_px: f64,
}

impl ThresholdGeometry {
    pub fn new(size: Size, theme: &Theme, data: &ThresholdData) -> Self {
        let s = theme.scale;
        let tick_px = theme.tick_px();
        let (handle_px, top, axis_px) = (22.0 * s, 34.0 * s, 20.0 * s);
        let (gap, title_px) = (14.0 * s, 26.0 * s);
        let room = (size.height - top - gap - title_px - axis_px).max(4.0);
        let (histogram_px, curves_px) = (HISTOGRAM * room, CURVES * room);
        let cost_px = room - 2.0 * histogram_px - curves_px;
        let zero = top + histogram_px;
        let curves_top = zero + histogram_px + gap;
        let cost_top = curves_top + curves_px + title_px;

        let cost_scale = Scale::linear((0.0, top_cost(data)), (cost_top + cost_px, cost_top));
        let cost_ticks = linear_ticks(&cost_scale, tick_px, true);
        let labels = cost_ticks.iter().map(|tick| tick.label.as_str());
        let widest = (labels.chain(["100 %"]))
            .map(|label| text::width(label, tick_px, false))
            .fold(0.0, f64::max);
        let left = (widest + 7.0 * s).min(0.3 * size.width).round();
        let words = data.names.map(|name| (name, true));
        let widest = (words.into_iter().chain([("precision", false)]))
            .map(|(word, is_bold)| text::width(word, theme.label_px(), is_bold))
            .fold(0.0, f64::max);
        let right = size.width - (widest + 10.0 * s).min(0.26 * size.width).round();
        let width = (right - left).max(1.0);
        let rect = |y: f64, height: f64| Rect::new(left, y, width, height);

        let domain = match data.is_logit {
            true => (-LAST_LOGIT, LAST_LOGIT),
            false => (0.0, 1.0),
        };
        let mut geometry = Self {
            x: Scale::linear(domain, (left, left + width)),
            is_logit: data.is_logit,
            rare: rect(top, histogram_px),
            common: rect(zero, histogram_px),
            curves: rect(curves_top, curves_px),
            cost: rect(cost_top, cost_px),
            labels: Rect::new(right, top, size.width - right, size.height - top),
            handle: Rect::default(),
            cost_scale,
            cost_ticks,
            row_px: (18.0 * s).min(0.4 * histogram_px),
        };
        let width = text::width(&super::handle_text(data), theme.label_px(), true) + 20.0 * s;
        let middle = geometry.px_of_logit(data.threshold);
        let left = (middle - width / 2.0).min(size.width - width).max(0.0);
        geometry.handle = Rect::new(left, 0.0, width, handle_px);
        geometry
    }

    /// Where a threshold lies; beyond the axis at its end.
    pub fn px_of_logit(&self, logit: f64) -> f64 {
        let at = if self.is_logit {
            logit
        } else {
            probability_of(logit)
        };
        self.x.px_clamped(at)
    }

    /// The threshold under a pointer; beside the axis that at its end.
    pub fn logit_of_px(&self, px: f64) -> f64 {
        let at = self.x.data_clamped(px);
        let logit = if self.is_logit { at } else { logit_of(at) };
        logit.clamp(-LAST_LOGIT, LAST_LOGIT)
    }

    /// From the first to the last, logits.
    pub(super) fn range(&self) -> (f64, f64) {
        (-LAST_LOGIT, LAST_LOGIT)
    }

    /// Of the bins of the histograms, in logits.
    pub(super) fn edges(&self) -> Vec<f64> {
        let (low, high) = self.x.domain();
        let edge = |i: usize| low + (high - low) * i as f64 / N_BINS as f64;
        let edges = (0..=N_BINS).map(edge);
        match self.is_logit {
            true => edges.collect(),
            false => edges.map(logit_of).collect(),
        }
    }

    /// Probabilities and where they lie, the last to be left out first.
    pub(super) fn ticks(&self) -> Vec<(f64, f64)> {
        let place = |p: &f64| {
            let at = if self.is_logit { logit_of(*p) } else { *p };
            (*p, self.x.px_from_data(at))
        };
        let ticks: &[f64] = if self.is_logit {
            &LOGIT_TICKS
        } else {
            &PLAIN_TICKS
        };
        ticks.iter().map(place).collect()
    }

    /// Where bars, curves and axis begin and end.
    pub(super) fn across(&self) -> (f64, f64) {
        (self.rare.x, self.rare.right())
    }
}

/// ln p / (1 - p).
fn logit_of(p: f64) -> f64 {
    libm::log(p) - libm::log1p(-p)
}

/// A little over what the cheaper of the two constant answers costs: what costs more leaves the chart.
fn top_cost(data: &ThresholdData) -> f64 {
    let all_common = data.miss_cost * data.ranked.n_rare() as f64;
    let all_rare = data.ranked.n_common() as f64;
    let least = all_common.min(all_rare);
    if least > 0.0 {
        1.1 * least
    } else {
        all_common.max(all_rare).max(1.0)
    }
}
