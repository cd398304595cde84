//! Both classes over the axis of the threshold: the rare one upwards, the common one downwards.

use actiscope_core::metrics::{ClassHistograms, SplitBin};

use super::geometry::N_BINS;
use super::*;
use crate::plot::charts::field::marker;
use crate::plot::kit::geometry::Scale;
use crate::plot::kit::ticks::{Tick, linear_ticks, percent};

/// One of the two classes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Side {
    Common,
    Rare,
}

const SIDES: [Side; 2] = [Side::Rare, Side::Common];

/// What the bars show.
pub(super) struct Bars {
    /// Of the bins, in logits.
    edges: Vec<f64>,
    bins: ClassHistograms,
    /// Samples of the common class and of the rare one.
    n: [usize; 2],
    is_count: bool,
    /// Where the scale ends.
    top: f64,
}

/// A bar, or the part of it at one side of the threshold.
struct Piece {
    x: (f64, f64),
    n: usize,
    is_wrong: bool,
}

impl Bars {
    pub(super) fn new(g: &ThresholdGeometry, data: &ThresholdData) -> Self {
        let edges = g.edges();
        let bins = data.ranked.histograms(&edges, data.threshold);
        let mut bars = Self {
            edges,
            bins,
            n: [data.ranked.n_common(), data.ranked.n_rare()],
            is_count: data.is_count,
            top: 0.0,
        };
        bars.top = bars.enough();
        bars
    }

    /// 1 or 3 times a power of ten, so that the scale stays while bars move, and enough for all but those at the ends.
    fn enough(&self) -> f64 {
        let highest_of = |side: Side| {
            let inner = self.of(side)[1..N_BINS - 1].iter();
            inner.map(move |bin| self.value(bin.n(), side))
        };
        let highest = SIDES.into_iter().flat_map(highest_of).fold(0.0, f64::max);
        let ladder: &[f64] = match self.is_count {
            true => &[10.0, 30.0, 100.0, 300.0, 1e3, 3e3, 1e4, 3e4, 1e5],
            false => &[0.1, 0.3, 1.0],
        };
        let enough = ladder.iter().find(|top| **top >= highest);
        *enough.unwrap_or(&highest)
    }

    /// In the unit of the scale: samples, or a share of their class.
    fn value(&self, n: usize, side: Side) -> f64 {
        match self.is_count {
            true => n as f64,
            false => n as f64 / self.n[side as usize].max(1) as f64,
        }
    }

    fn of(&self, side: Side) -> &[SplitBin] {
        match side {
            Side::Common => &self.bins.common,
            Side::Rare => &self.bins.rare,
        }
    }

    /// A number of samples in words.
    fn amount(&self, n: usize, side: Side) -> String {
        match self.is_count {
            true => count(n as u64),
            false => percent(self.value(n, side)),
        }
    }
}

impl Chart<'_> {
    pub(super) fn histograms(&mut self) {
        let (g, t, bars) = (self.g, self.theme, self.bars);
        for side in SIDES {
            for tick in self.bar_ticks(side) {
                self.sketch.hairline_h(g.across(), tick.px, t.line2);
            }
            for (bin, edges) in bars.of(side).iter().zip(bars.edges.windows(2)) {
                let x = [edges[0], edges[1]].map(|logit| g.px_of_logit(logit));
                for piece in self.pieces(bin, x, side) {
                    self.bar(&piece, side);
                }
            }
        }
        self.sketch.hairline_h(g.across(), g.common.y, t.ink3);
    }

    /// What a bar is made of, left to right.
    fn pieces(&self, bin: &SplitBin, x: [f64; 2], side: Side) -> [Piece; 2] {
        let middle = self.g.px_of_logit(self.data.threshold).clamp(x[0], x[1]);
        let piece = |x: (f64, f64), is_wrong: bool| Piece {
            x,
            n: if is_wrong { bin.n_wrong } else { bin.n_right },
            is_wrong,
        };
        let is_rare = side == Side::Rare;
        // Under the threshold rare samples are wrong, over it common ones.
        [
            piece((x[0], middle), is_rare),
            piece((middle, x[1]), !is_rare),
        ]
    }

    fn bar(&mut self, piece: &Piece, side: Side) {
        if piece.n == 0 {
            return;
        }
        let (g, t) = (self.g, self.theme);
        let value = self.bars.value(piece.n, side);
        let (zero, end) = (g.common.y, self.height(side).px_clamped(value));
        // What is there is seen.
        let height = (end - zero).abs().max(1.0);
        let y = if side == Side::Rare {
            zero - height
        } else {
            zero
        };
        let width = (piece.x.1 - piece.x.0 - 1.0).max(1.0);
        let bar = Rect::new(piece.x.0 + 0.5, y, width, height);
        if piece.is_wrong {
            self.sketch.fill(bar, 0.0, t.dead.fade(0.16));
            let stripe = Stroke::solid(t.dead.fade(0.85), 1.1 * t.scale);
            self.sketch.hatch(bar, 4.0 * t.scale, stripe);
        } else {
            self.sketch.fill(bar, 0.0, self.color(side).fade(0.8));
        }
        if value > self.bars.top {
            self.cut(bar, end, side);
        }
    }

    /// A break near the end of a bar that is longer than the scale.
    fn cut(&mut self, bar: Rect, end: f64, side: Side) {
        let s = self.theme.scale;
        let inward = if side == Side::Rare { 8.0 } else { -8.0 };
        let (y, x) = (end + inward * s, (bar.x - 2.0, bar.right() + 2.0));
        let corners = [(x.0, 3.0), (x.1, -1.0), (x.1, -4.0), (x.0, 0.0)];
        let corners = corners.map(|(x, dy)| point(x, y + dy * s));
        self.sketch.polygon(corners.to_vec(), self.theme.bg);
    }

    /// Ticks, how many lie beyond the scale, names, and what the threshold makes of each class.
    pub(super) fn histogram_words(&mut self) {
        self.names();
        let (g, t, counts) = (self.g, self.theme, self.counts);
        let x = g.px_of_logit(self.data.threshold);
        let (upper, lower) = (
            g.rare.y + g.row_px / 2.0,
            g.common.bottom() - g.row_px / 2.0,
        );
        let [misses, hits] = self.beside(x, upper, TextLook::new(t.strong_px(), t.ink).bold());
        let [right, alarms] = self.beside(x, lower, TextLook::new(t.strong_px(), t.ink).bold());
        let words = [
            (counted(counts.misses, "miss", "misses"), misses, t.dead),
            (
                counted(counts.hits, "hit", "hits"),
                hits,
                self.text_color(Side::Rare),
            ),
            (
                format!("{} right", count(counts.rejections as u64)),
                right,
                self.text_color(Side::Common),
            ),
            (
                counted(counts.false_alarms, "false alarm", "false alarms"),
                alarms,
                t.dead,
            ),
        ];
        for (words, (at, look), color) in words {
            let look = TextLook { color, ..look };
            let font_px = t.tick_px();
            let places = [(at, look), (at, TextLook { font_px, ..look })];
            self.labels
                .write_over(&mut self.sketch, t.bg, &words, &places);
        }
        self.beyond_scale();
        self.histogram_ticks();
        let of = if self.data.is_count {
            "samples"
        } else {
            "share of its class"
        };
        let y = g.rare.y - 6.0 * t.scale;
        let at = (point(0.0, y), plain(t.tick_px(), t.ink3));
        self.labels.write_over(&mut self.sketch, t.bg, of, &[at]);
    }

    fn histogram_ticks(&mut self) {
        self.left_label("0", self.g.common.y);
        for side in SIDES {
            for tick in self.bar_ticks(side) {
                let label = match self.data.is_count {
                    true => count(tick.value as u64),
                    false => percent(tick.value),
                };
                self.left_label(&label, tick.px);
            }
        }
    }

    fn bar_ticks(&self, side: Side) -> Vec<Tick> {
        linear_ticks(&self.height(side), self.theme.tick_px(), true)
    }

    /// At the right, with mark and number.
    fn names(&mut self) {
        let (g, t) = (self.g, self.theme);
        let (font_px, line_px) = (t.label_px(), 15.0 * t.scale);
        for side in SIDES {
            // The row where bars end is kept for what is said of them.
            let room = g.row_px + 0.5 * line_px;
            let (first, n) = match side {
                Side::Rare => (g.rare.y + room, self.counts.n_rare()),
                Side::Common => {
                    let last = g.common.bottom() - room;
                    (last - line_px, self.counts.n_common())
                }
            };
            let x = g.labels.x + 8.0 * t.scale;
            let name = (
                point(x, first),
                plain(font_px, self.text_color(side)).bold(),
            );
            let name_text = self.data.names[side as usize];
            if !self.labels.write(&mut self.sketch, name_text, &[name]) {
                continue;
            }
            let at = point(x + 14.0 * t.scale, first + line_px);
            let label = count(n as u64);
            let places = [(at, plain(t.tick_px(), t.ink2))];
            if self.labels.write(&mut self.sketch, &label, &places) {
                let (center, r) = (point(x + 5.0 * t.scale, at.y), 3.5 * t.scale);
                let space = Rect::new(center.x - r, center.y - r, 2.0 * r, 2.0 * r);
                self.labels.keep_free(space.inset(-r / 2.0));
                let mark = marker(self.slot(side), center, r, Paint::fill(self.color(side)));
                self.sketch.scene.shapes.push(mark);
            }
        }
    }

    /// What bars that are cut hold: those at the ends have all that lies beyond.
    fn beyond_scale(&mut self) {
        let (g, t, bars) = (self.g, self.theme, self.bars);
        for side in SIDES {
            let ends = [(0, 1, "below"), (N_BINS - 1, N_BINS - 1, "above")];
            for (bin, inner_edge, word) in ends {
                let n = bars.of(side)[bin].n();
                if bars.value(n, side) <= bars.top {
                    continue;
                }
                let edge = bars.edges[inner_edge];
                let p = 100.0 * probability_of(edge);
                // 99.97 % is not 100 %.
                let p = number(p, if p > 50.0 { 4 } else { 2 });
                let words = format!("{} lie {word} {p} %", bars.amount(n, side));
                let inward = if side == Side::Rare { 0.6 } else { -0.6 };
                let y = self.height(side).px_from_data(bars.top) + inward * t.tick_px();
                let look = TextLook::new(t.tick_px(), self.text_color(side));
                let [before, after] = self.beside(g.px_of_logit(edge), y, look);
                let place = if bin == 0 { after } else { before };
                self.labels
                    .write_over(&mut self.sketch, t.bg, &words, &[place]);
            }
        }
    }

    /// Share or number to pixels.
    fn height(&self, side: Side) -> Scale {
        let g = self.g;
        let end = match side {
            Side::Rare => g.rare.y + g.row_px,
            Side::Common => g.common.bottom() - g.row_px,
        };
        Scale::linear((0.0, self.bars.top), (g.common.y, end))
    }

    fn slot(&self, side: Side) -> usize {
        self.data.slots[side as usize]
    }

    fn color(&self, side: Side) -> Color {
        match self.data.is_stale {
            true => self.theme.hist,
            false => self.theme.series(self.slot(side)),
        }
    }

    fn text_color(&self, side: Side) -> Color {
        match self.data.is_stale {
            true => self.theme.ink3,
            false => Look::of(self.theme, Some(self.slot(side))).text,
        }
    }
}
