//! The palette: one value for each CSS custom property of the same name, so that what is drawn and
//! what is styled agree. Colour is kept for data; everything else is ink on paper.

use crate::plot::kit::color::{Color, Diverging};

/// Colours and sizes of everything that is drawn. `fade`d copies of these are made where needed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// The paper.
    pub bg: Color,
    /// Text and lines that matter most; secondary; small labels. Each is readable as small text.
    pub ink: Color,
    pub ink2: Color,
    pub ink3: Color,
    /// Hairlines: axes and borders; the grid.
    pub line: Color,
    pub line2: Color,
    /// Selection, focus, the one thing to press.
    pub accent: Color,
    pub accent_bg: Color,
    /// f (solid) and f' (dashed).
    pub f: Color,
    pub df: Color,
    /// Negative and positive numbers: weights, responses, the two classes.
    pub neg: Color,
    pub pos: Color,
    pub alive: Color,
    pub saturated: Color,
    pub dead: Color,
    /// Ground of the dead zone (f' = 0) and the saturated zone; translucent.
    pub zone: Color,
    pub zone_sat: Color,
    /// Bars of a histogram.
    pub hist: Color,
    /// Multiplies text and strokes: 1 at a desk, about 1.6 on a projector.
    pub scale: f64,
}

impl Theme {
    pub const LIGHT: Self = Self {
        bg: Color::hex(0xfbfbfa),
        ink: Color::hex(0x14171c),
        ink2: Color::hex(0x4a5260),
        ink3: Color::hex(0x616978),
        line: Color::hex(0xdfe2e7),
        line2: Color::hex(0xeceef1),
        accent: Color::hex(0x5b45d6),
        accent_bg: Color::hex(0xefecfd),
        f: Color::hex(0x14171c),
        df: Color::hex(0x5b45d6),
        neg: Color::hex(0x2f6fb0),
        pos: Color::hex(0xd06c1c),
        alive: Color::hex(0x0a7a5c),
        saturated: Color::hex(0x946200),
        dead: Color::hex(0xc2255c),
        zone: Color::hex(0xc2255c).fade(0.08),
        zone_sat: Color::hex(0xc98a00).fade(0.10),
        hist: Color::hex(0x858e9e),
        scale: 1.0,
    };

    pub const DARK: Self = Self {
        bg: Color::hex(0x101216),
        ink: Color::hex(0xeef0f3),
        ink2: Color::hex(0xb4bcc8),
        ink3: Color::hex(0x8b94a3),
        line: Color::hex(0x2a2f38),
        line2: Color::hex(0x1e2229),
        accent: Color::hex(0xa394ff),
        accent_bg: Color::hex(0x242044),
        f: Color::hex(0xeef0f3),
        df: Color::hex(0xa394ff),
        neg: Color::hex(0x5fa3e6),
        pos: Color::hex(0xf09a52),
        alive: Color::hex(0x3ccf9f),
        saturated: Color::hex(0xf0b429),
        dead: Color::hex(0xff6b9a),
        zone: Color::hex(0xff6b9a).fade(0.10),
        zone_sat: Color::hex(0xf0b429).fade(0.10),
        hist: Color::hex(0x667085),
        scale: 1.0,
    };

    /// Black on white, every line and label at 7:1 or more.
    pub const LIGHT_CONTRAST: Self = Self {
        bg: Color::hex(0xffffff),
        ink: Color::hex(0x000000),
        ink2: Color::hex(0x1c2027),
        ink3: Color::hex(0x343a45),
        line: Color::hex(0x6b7280),
        line2: Color::hex(0xb8bec8),
        accent: Color::hex(0x3a1fc0),
        accent_bg: Color::hex(0xe4dffc),
        f: Color::hex(0x000000),
        df: Color::hex(0x3a1fc0),
        neg: Color::hex(0x0b4a8f),
        pos: Color::hex(0x8f3d00),
        alive: Color::hex(0x005a40),
        saturated: Color::hex(0x664200),
        dead: Color::hex(0x96003c),
        zone: Color::hex(0x96003c).fade(0.12),
        zone_sat: Color::hex(0x664200).fade(0.12),
        hist: Color::hex(0x565e6c),
        scale: 1.0,
    };

    /// White on black, every line and label at 7:1 or more.
    pub const DARK_CONTRAST: Self = Self {
        bg: Color::hex(0x000000),
        ink: Color::hex(0xffffff),
        ink2: Color::hex(0xe6e9ee),
        ink3: Color::hex(0xc8ced8),
        line: Color::hex(0x8b94a3),
        line2: Color::hex(0x454c58),
        accent: Color::hex(0xbdb2ff),
        accent_bg: Color::hex(0x2f2870),
        f: Color::hex(0xffffff),
        df: Color::hex(0xbdb2ff),
        neg: Color::hex(0x85bfff),
        pos: Color::hex(0xffb070),
        alive: Color::hex(0x4fe6b4),
        saturated: Color::hex(0xffcc4d),
        dead: Color::hex(0xff94b5),
        zone: Color::hex(0xff94b5).fade(0.16),
        zone_sat: Color::hex(0xffcc4d).fade(0.14),
        hist: Color::hex(0x9aa3b2),
        scale: 1.0,
    };

    /// The same colours with text and strokes `scale` times as large.
    pub const fn at_scale(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// Negative through the paper to positive.
    pub const fn diverging(&self) -> Diverging {
        Diverging {
            low: self.neg,
            middle: self.bg,
            high: self.pos,
        }
    }

    pub fn is_dark(&self) -> bool {
        self.bg.luminance() < 0.2
    }

    /// Text of ticks, CSS pixels.
    pub const fn tick_px(&self) -> f64 {
        11.0 * self.scale
    }

    /// Text of labels, CSS pixels.
    pub const fn label_px(&self) -> f64 {
        12.0 * self.scale
    }

    /// Text of what matters most in a chart, CSS pixels.
    pub const fn strong_px(&self) -> f64 {
        13.0 * self.scale
    }

    /// Colours of [`Self::series`], after which they begin again: what has more must differ in shape too.
    pub const N_SERIES: usize = 8;

    /// Colour `i` of a series or a class: Okabe and Ito 2008 ("Color Universal Design"), the first
    /// two as [`Self::neg`] and [`Self::pos`], the rest brought to 3:1 on this paper.
    pub fn series(&self, i: usize) -> Color {
        const LIGHT: [Color; 6] = [
            Color::hex(0x008a65),
            Color::hex(0xb5588f),
            Color::hex(0x8a7b00),
            Color::hex(0x2a88c0),
            Color::hex(0xb84a00),
            Color::hex(0x4a5260),
        ];
        const DARK: [Color; 6] = [
            Color::hex(0x2fc79a),
            Color::hex(0xd98abb),
            Color::hex(0xf0e442),
            Color::hex(0x8fcdf2),
            Color::hex(0xef7a3c),
            Color::hex(0xb4bcc8),
        ];
        match i % Self::N_SERIES {
            0 => self.neg,
            1 => self.pos,
            k if self.is_dark() => DARK[k - 2],
            k => LIGHT[k - 2],
        }
    }

    /// Name and value of every colour, as the style sheet must have them.
    pub fn css_tokens(&self) -> [(&'static str, Color); 18] {
        [
            ("--bg", self.bg),
            ("--ink", self.ink),
            ("--ink2", self.ink2),
            ("--ink3", self.ink3),
            ("--line", self.line),
            ("--line2", self.line2),
            ("--accent", self.accent),
            ("--accent-bg", self.accent_bg),
            ("--f", self.f),
            ("--df", self.df),
            ("--neg", self.neg),
            ("--pos", self.pos),
            ("--alive", self.alive),
            ("--sat", self.saturated),
            ("--dead", self.dead),
            ("--zone", self.zone),
            ("--zone-sat", self.zone_sat),
            ("--hist", self.hist),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(&str, Theme); 4] = [
        ("light", Theme::LIGHT),
        ("dark", Theme::DARK),
        ("light, high contrast", Theme::LIGHT_CONTRAST),
        ("dark, high contrast", Theme::DARK_CONTRAST),
    ];

    fn check(name: &str, color: Color, ground: Color, at_least: f64) {
        let ratio = color.contrast(ground);
        assert!(
            ratio >= at_least,
            "{name}: {} on {} has {ratio:.2}, needs {at_least}",
            color.css(),
            ground.css()
        );
    }

    #[test]
    fn text_is_readable_on_paper_and_on_zones() {
        for (name, t) in ALL {
            let at_least = if name.contains("high") { 7.0 } else { 4.5 };
            for ink in [
                t.ink,
                t.ink2,
                t.ink3,
                t.accent,
                t.alive,
                t.saturated,
                t.dead,
            ] {
                check(name, ink, t.bg, at_least);
            }
            for ink in [t.ink, t.ink2, t.ink3, t.dead] {
                check(name, ink, t.zone.over(t.bg), 4.5);
            }
            for ink in [t.ink, t.ink2, t.ink3, t.saturated] {
                check(name, ink, t.zone_sat.over(t.bg), 4.5);
            }
            check(name, t.ink, t.accent_bg, 4.5);
        }
    }

    #[test]
    fn data_is_visible_on_paper() {
        for (name, t) in ALL {
            for color in [t.f, t.df, t.neg, t.pos, t.hist] {
                check(name, color, t.bg, 3.0);
            }
            for i in 0..8 {
                check(name, t.series(i), t.bg, 3.0);
            }
        }
    }

    #[test]
    fn tokens_are_named_once() {
        let mut names = Theme::LIGHT.css_tokens().map(|(name, _)| name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 18);
    }
}
