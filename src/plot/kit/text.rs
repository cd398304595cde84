//! How wide text is, without a browser. Geometry must be the same natively, in the page and in a
//! saved file, so it does not ask the page's font: it uses the advances of a wide one (DejaVu Sans;
//! system interface fonts are narrower), so that what fits by this table fits on screen.

/// Advances of U+0020..=U+007E in thousandths of the font size.
const ADVANCES: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];
/// Bold is this much wider.
const BOLD: f64 = 1.12;
/// Heights as fractions of the font size.
const ASCENT: f64 = 0.80;
const DESCENT: f64 = 0.22;
const CAP_HEIGHT: f64 = 0.73;

/// Width in the unit of `font_px`.
pub fn width(text: &str, font_px: f64, is_bold: bool) -> f64 {
    let thousandths: f64 = text.chars().map(advance).sum();
    thousandths * 1e-3 * font_px * if is_bold { BOLD } else { 1.0 }
}

fn advance(c: char) -> f64 {
    match c {
        ' '..='~' => f64::from(ADVANCES[c as usize - 0x20]),
        '′' => 264.0,
        '·' => 318.0,
        '₀'..='₉' | '⁰'..='⁹' | '²' | '³' | '¹' => 401.0,
        '▸' | '◂' => 502.0,
        '…' => 1000.0,
        _ => 838.0,
    }
}

/// Above the baseline, below the baseline.
pub fn extent(font_px: f64) -> (f64, f64) {
    (ASCENT * font_px, DESCENT * font_px)
}

/// From the middle of a capital or a digit down to the baseline.
pub fn middle_to_baseline(font_px: f64) -> f64 {
    CAP_HEIGHT / 2.0 * font_px
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_grows_with_text_and_weight() {
        assert_eq!(width("", 11.0, false), 0.0);
        assert!((width("00", 10.0, false) - 12.72).abs() < 1e-9);
        assert!(width("dead", 11.0, true) > width("dead", 11.0, false));
    }
}
