//! The colour key: a histogram of the cells, under the axis that it shares with the column's slice.

use super::{Chart, Tint, color_at, nothing};
use crate::plot::kit::geometry::{Rect, point};
use crate::plot::kit::sketch::plain;
use crate::text::count;

const N_BINS: usize = 28;

impl Chart<'_> {
    pub(super) fn key(&mut self, space: Rect) {
        let (t, font_px, data) = (self.theme, self.theme.tick_px(), self.data);
        let mut bins = [0_u32; N_BINS];
        let (mut n_shown, mut n_nothing, mut n_diverged) = (0_u32, 0_u32, 0_u32);
        for iy in 0..data.map.y.n {
            for ix in 0..data.map.x.n {
                match data.own_tint((ix, iy)) {
                    Tint::Unknown => {}
                    Tint::Nothing => n_nothing += 1,
                    Tint::Diverged => n_diverged += 1,
                    Tint::At(place) => {
                        n_shown += 1;
                        bins[((place * N_BINS as f64) as usize).min(N_BINS - 1)] += 1;
                    }
                }
            }
        }
        let bar_px = 6.0 * t.scale;
        let width = space.width / N_BINS as f64;
        // What has no colour has a line each below.
        let n_lines = 1 + u32::from(n_diverged > 0) + u32::from(n_nothing > 0);
        let deep = (space.height - bar_px - (0.5 + 1.45 * f64::from(n_lines)) * font_px).max(4.0);
        let most = f64::from(bins.iter().copied().max().unwrap_or(0).max(1)).sqrt();
        for (i, n) in bins.iter().enumerate() {
            let x = space.x + i as f64 * width;
            let color = color_at((i as f64 + 0.5) / N_BINS as f64, t);
            self.sketch
                .fill(Rect::new(x, space.y, width + 0.5, bar_px), 0.0, color);
            if *n > 0 {
                // The root, so that rare values are seen.
                let height = deep * f64::from(*n).sqrt() / most;
                let bar = Rect::new(x, space.y + bar_px + 1.0, width - 0.5, height.max(1.0));
                self.sketch.fill(bar, 0.0, color);
            }
        }
        let n_cells = data.map.x.n * data.map.y.n;
        let n_known = n_shown + n_nothing + n_diverged;
        let words = match n_known == n_cells {
            true => format!("{} cells, √ of count", count(u64::from(n_shown))),
            false => format!(
                "{} of {} cells",
                count(u64::from(n_known)),
                count(u64::from(n_cells))
            ),
        };
        let mut y = space.y + bar_px + deep + 1.1 * font_px;
        self.sketch
            .text(&words, point(space.x, y), plain(font_px, t.ink2));
        let side = 0.8 * font_px;
        for (n, word, is_hatched) in [(n_diverged, "diverged", true), (n_nothing, "none", false)] {
            if n == 0 {
                continue;
            }
            y += 1.45 * font_px;
            let square = Rect::new(space.x, y - side / 2.0, side, side);
            match is_hatched {
                true => {
                    self.sketch.fill(square, 0.0, t.line2);
                    self.hatch(square);
                }
                false => self.sketch.fill(square, 0.0, nothing(t)),
            }
            let words = format!("{} {word}", count(u64::from(n)));
            let at = point(space.x + side + 4.0, y);
            self.sketch.text(&words, at, plain(font_px, t.ink2));
        }
    }
}
