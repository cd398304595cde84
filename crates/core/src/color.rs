//! Colours: blending, contrast, and the scales that turn numbers into colour.

/// sRGB with straight alpha.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color {
    pub r: u8,
    pub g: u8,
    pub b: u8,
    /// 0 transparent, 1 opaque.
    pub alpha: f64,
}

impl Color {
    /// An opaque colour, `0xrrggbb`.
    pub const fn hex(rgb: u32) -> Self {
        Self {
            r: (rgb >> 16) as u8,
            g: (rgb >> 8) as u8,
            b: rgb as u8,
            alpha: 1.0,
        }
    }

    /// This colour at `alpha` of its opacity.
    pub const fn fade(self, alpha: f64) -> Self {
        Self {
            alpha: self.alpha * alpha,
            ..self
        }
    }

    /// `t` of the way from `self` to `other` (0..=1), channel by channel in sRGB.
    pub fn mix(self, other: Self, t: f64) -> Self {
        let channel = |a: u8, b: u8| {
            libm::round(f64::from(a) + (f64::from(b) - f64::from(a)) * t.clamp(0.0, 1.0)) as u8
        };
        Self {
            r: channel(self.r, other.r),
            g: channel(self.g, other.g),
            b: channel(self.b, other.b),
            alpha: self.alpha + (other.alpha - self.alpha) * t.clamp(0.0, 1.0),
        }
    }

    /// What the eye sees of this colour painted over an opaque one.
    pub fn over(self, ground: Self) -> Self {
        Self {
            alpha: 1.0,
            ..ground.mix(Self { alpha: 1.0, ..self }, self.alpha)
        }
    }

    /// Relative luminance of the opaque colour, 0 (black) to 1 (white): WCAG 2.2.
    pub fn luminance(self) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                libm::pow((c + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * linear(self.r) + 0.7152 * linear(self.g) + 0.0722 * linear(self.b)
    }

    /// Contrast ratio of two opaque colours, 1 to 21: WCAG 2.2. Small text needs 4.5, graphics 3.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// `#rrggbb` where opaque, else `rgba(r,g,b,alpha)`.
    pub fn css(self) -> String {
        let Self { r, g, b, alpha } = self;
        if alpha >= 1.0 {
            format!("#{r:02x}{g:02x}{b:02x}")
        } else {
            format!("rgba({r},{g},{b},{})", libm::round(alpha * 1000.0) / 1000.0)
        }
    }
}

/// Numbers -1..=1 to colour: `low` through `middle` (0) to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diverging {
    pub low: Color,
    pub middle: Color,
    pub high: Color,
}

impl Diverging {
    /// Beyond -1..=1 the ends; what is not a number the middle.
    pub fn at(&self, v: f64) -> Color {
        if v < 0.0 {
            self.middle.mix(self.low, -v)
        } else if v > 0.0 {
            self.middle.mix(self.high, v)
        } else {
            self.middle
        }
    }

    /// The colours of -127..=127 (index `v + 127`), for images that are painted often.
    pub fn table(&self) -> [[u8; 4]; 255] {
        std::array::from_fn(|i| {
            let c = self.at((i as f64 - 127.0) / 127.0);
            [c.r, c.g, c.b, 255]
        })
    }
}

/// Every tenth of matplotlib's viridis (van der Walt and Smith 2015), which is even to the eye, colour
/// blind or not.
const VIRIDIS: [u32; 11] = [
    0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c, 0x22a884, 0x44bf70, 0x7ad151,
    0xbddf26, 0xfde725,
];

/// viridis at `t`, 0..=1: dark blue, green, yellow.
pub fn viridis(t: f64) -> Color {
    let at = t.clamp(0.0, 1.0) * 10.0;
    let i = (at as usize).min(9);
    Color::hex(VIRIDIS[i]).mix(Color::hex(VIRIDIS[i + 1]), at - i as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_wcags() {
        let ratio = Color::hex(0x777777).contrast(Color::hex(0xffffff));
        assert!((ratio - 4.48).abs() < 0.01, "{ratio}");
        assert_eq!(
            Color::hex(0x000000).contrast(Color::hex(0xffffff)).round(),
            21.0
        );
    }

    #[test]
    fn diverging_ends_and_middle_are_exact() {
        let d = Diverging {
            low: Color::hex(0x0000ff),
            middle: Color::hex(0xffffff),
            high: Color::hex(0xff0000),
        };
        let table = d.table();
        assert_eq!(table[0], [0, 0, 255, 255]);
        assert_eq!(table[127], [255, 255, 255, 255]);
        assert_eq!(table[254], [255, 0, 0, 255]);
        assert_eq!(d.at(f64::NAN), d.middle);
        assert_eq!(d.at(-7.0), d.low);
    }

    #[test]
    fn half_transparent_black_over_white_is_grey() {
        let grey = Color::hex(0).fade(0.5).over(Color::hex(0xffffff));
        assert_eq!((grey.r, grey.g, grey.b, grey.alpha), (128, 128, 128, 1.0));
    }
}
