//! A product, factor by factor, on a log axis: a step down is what a factor under 1 takes away.

use actiscope_core::terms::words;

use crate::plot::kit::geometry::{Rect, Scale, Size, point};
use crate::plot::kit::scene::Scene;
use crate::plot::kit::sketch::{Sketch, centred, plain};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    /// The product of this factor and all before it.
    pub so_far: f64,
    /// A slope that lets hardly anything through.
    pub is_low: bool,
}

/// What the chart shows.
#[derive(Clone, Copy, Debug)]
pub struct ProductData<'a> {
    pub columns: &'a [Column],
}

/// The least size that is told apart from nothing, for as long as no product is smaller.
const FLOOR: f64 = 1e-4;
/// The axis reaches no farther down, however deep the network.
const LEAST: f64 = 1e-16;

/// Scales and rectangles, CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductGeometry {
    /// Size of the product so far.
    pub y: Scale,
    /// Of each column; the last column of the picture's width is left for the axis.
    pub column: f64,
    pub top: f64,
    pub bottom: f64,
    /// Powers of ten that have a line, and whether they have a name.
    ticks: Vec<(i32, bool)>,
}

impl ProductGeometry {
    pub fn new(size: Size, theme: &Theme, data: &ProductData) -> Self {
        let sizes = data.columns.iter().map(|column| column.so_far.abs());
        let sizes = sizes.filter(|size| size.is_finite() && *size > 0.0);
        let (low, high) = sizes.fold((FLOOR, 1.0_f64), |(low, high), size| {
            (low.min(size), high.max(size))
        });
        let (from, to) = (
            libm::floor(libm::log10(low.max(LEAST)) + 1e-9) as i32,
            libm::ceil(libm::log10(high) - 1e-9) as i32,
        );
        let top = 0.5 * theme.tick_px();
        let bottom = (size.height - 1.5 * theme.label_px()).max(top + 1.0);
        let ten = |power: i32| libm::pow(10.0, f64::from(power));
        // As many names as stand above each other.
        let room = (bottom - top) / (2.0 * theme.tick_px());
        let every = (f64::from(to - from) / room.max(1.0)).ceil().max(1.0) as i32;
        let every = if every == 1 && (to - from) % 2 == 0 && to - from > 2 {
            2
        } else {
            every
        };
        let ticks = (from..=to).map(|power| (power, (to - power) % every == 0));
        Self {
            y: Scale::log((ten(from), ten(to)), (bottom, top)),
            column: size.width / (data.columns.len() + 1) as f64,
            top,
            bottom,
            ticks: ticks.collect(),
        }
    }
}

/// The chart as a picture: a column under each factor.
pub fn product_scene(size: Size, theme: &Theme, data: &ProductData) -> Scene {
    let g = ProductGeometry::new(size, theme, data);
    let mut sketch = Sketch::new(size);
    let (t, n) = (theme, data.columns.len());
    let end = g.column * n as f64;
    for &(power, has_name) in &g.ticks {
        let y = g.y.px_from_data(libm::pow(10.0, f64::from(power)));
        sketch.hairline_h((0.0, end), y, t.line2);
        let name = power_text(power);
        let fits = text::width(&name, t.tick_px(), false) + 6.0 * t.scale <= g.column;
        if has_name && fits {
            let at = point(end + 4.0 * t.scale, y);
            sketch.text(&name, at, plain(t.tick_px(), t.ink3));
        }
    }
    for (i, column) in data.columns.iter().enumerate() {
        let (left, width) = (g.column * i as f64, g.column);
        let size = column.so_far.abs();
        let air = (0.08 * width).min(8.0 * t.scale);
        if size.is_finite() && size > 0.0 {
            let y = g.y.px_clamped(size).min(g.bottom - 1.0);
            let bar = Rect::new(left + air, y, (width - 2.0 * air).max(1.0), g.bottom - y);
            let color = match (i + 1 == n, column.is_low) {
                (_, true) if i + 1 < n => t.dead.fade(0.75),
                (true, _) => t.accent,
                _ => t.hist.fade(0.75),
            };
            sketch.fill(bar, 1.0, color);
        }
        let name = words::gradient(column.so_far);
        if text::width(&name, t.label_px(), false) <= width {
            let at = point(left + width / 2.0, g.bottom + 0.85 * t.label_px());
            sketch.text(&name, at, centred(t.label_px(), t.ink2));
        }
    }
    sketch.scene
}

/// `1`, `0.01`, `10⁻⁴`.
fn power_text(power: i32) -> String {
    const HIGH: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match power {
        0 => "1".into(),
        -2..=-1 => format!("{}", libm::pow(10.0, f64::from(power))),
        1..=3 => format!("1{}", "0".repeat(power as usize)),
        _ => {
            let digits = power.unsigned_abs().to_string();
            let high = digits
                .chars()
                .filter_map(|c| c.to_digit(10))
                .map(|d| HIGH[d as usize]);
            let sign = if power < 0 { "⁻" } else { "" };
            format!("10{sign}{}", high.collect::<String>())
        }
    }
}

/// The chart in words: for screen readers.
pub fn describe_product(data: &ProductData) -> String {
    let columns = data.columns.iter();
    let columns: Vec<String> = columns
        .map(|column| format!("{}: {}", column.name, words::gradient(column.so_far)))
        .collect();
    format!(
        "The product so far, factor by factor. {}.",
        columns.join("; ")
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plot::kit::check::texts_are_apart_and_inside;
    use crate::plot::kit::geometry::size;
    use crate::plot::kit::scene::Shape;

    fn columns(so_far: &[f64]) -> Vec<Column> {
        let column = |&so_far: &f64| Column {
            name: "w".into(),
            so_far,
            is_low: false,
        };
        so_far.iter().map(column).collect()
    }

    proptest! {
        #[test]
        fn texts_never_overlap_and_stay_inside(
            width in 200.0..1200.0f64, height in 50.0..300.0f64,
            logs in prop::collection::vec(-20.0..6.0f64, 2..20),
        ) {
            let so_far: Vec<f64> = logs.iter().map(|&log| libm::pow(10.0, log)).collect();
            let columns = columns(&so_far);
            let data = ProductData { columns: &columns };
            texts_are_apart_and_inside(&product_scene(size(width, height), &Theme::LIGHT, &data));
        }
    }

    #[test]
    fn a_factor_under_one_is_a_step_down() {
        let columns = columns(&[0.782, 1.2, 0.0785, -0.0547, 0.0, f64::NAN]);
        let data = ProductData { columns: &columns };
        let scene = product_scene(size(852.0, 104.0), &Theme::LIGHT, &data);
        let bars: Vec<f64> = scene
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Rect { rect, .. } if rect.height > 1.0 => Some(rect.height),
                _ => None,
            })
            .collect();
        assert_eq!(bars.len(), 4, "what is nothing, or no number, has no bar");
        assert!(bars[0] < bars[1] && bars[2] < bars[0] && bars[3] < bars[2]);
        assert!(describe_product(&data).contains("w: −0.0547"));
    }

    #[test]
    fn powers_of_ten_are_written_short() {
        let written = [-16, -4, -2, -1, 0, 2, 12].map(power_text);
        assert_eq!(
            written,
            ["10⁻¹⁶", "10⁻⁴", "0.01", "0.1", "1", "100", "10¹²"]
        );
    }
}
