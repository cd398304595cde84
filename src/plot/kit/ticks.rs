//! Where ticks stand and how numbers are written.

pub use crate::text::count;

use crate::plot::kit::geometry::Scale;
use crate::plot::kit::text;

#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub value: f64,
    pub px: f64,
    pub label: String,
}

/// At most this many pixels of air between two labels on one line, CSS pixels at scale 1.
const LABEL_GAP_PX: f64 = 10.0;

/// Ticks at 1, 2 or 5 times a power of ten, as many as leave air between their labels.
/// `is_vertical`: labels stand above each other.
pub fn linear_ticks(scale: &Scale, font_px: f64, is_vertical: bool) -> Vec<Tick> {
    let (low, high) = ordered(scale.domain());
    if !(low.is_finite() && high.is_finite()) || high <= low {
        return Vec::new();
    }
    let (a, b) = scale.range();
    let max_ticks = if is_vertical {
        ((b - a).abs() / (font_px * 2.8)).clamp(1.0, 6.0)
    } else {
        ((b - a).abs() / (font_px * 2.0)).clamp(1.0, 10.0)
    };
    let mut step = nice_step((high - low) / max_ticks);
    if (high - low) / step < 2.0 {
        // One tick says nothing about the scale: rather closer ones, where they fit.
        let closer = ticks_by(scale, (low, high), nice_step(0.4 * step));
        if labels_fit(&closer, font_px, is_vertical) {
            return closer;
        }
    }
    loop {
        let ticks = ticks_by(scale, (low, high), step);
        if ticks.len() <= 1 || labels_fit(&ticks, font_px, is_vertical) {
            return ticks;
        }
        step = nice_step(step * 1.5);
    }
}

/// Like [`linear_ticks`], but only at whole numbers: steps, counts.
pub fn whole_ticks(scale: &Scale, font_px: f64, is_vertical: bool) -> Vec<Tick> {
    if scale.is_log() {
        return decades_from_zero(scale, font_px, is_vertical);
    }
    let mut ticks = linear_ticks(scale, font_px, is_vertical);
    ticks.retain(|t| t.value.fract() == 0.0);
    for tick in &mut ticks {
        tick.label = count(tick.value as u64);
    }
    if labels_fit(&ticks, font_px, is_vertical) {
        return ticks;
    }
    ticks.into_iter().step_by(2).collect()
}

/// 0, 1, 10, 100 ..., those that leave air between their labels.
fn decades_from_zero(scale: &Scale, font_px: f64, is_vertical: bool) -> Vec<Tick> {
    let (_, high) = ordered(scale.domain());
    let mut ticks: Vec<Tick> = Vec::new();
    let mut value = 0_u64;
    while value as f64 <= high && value <= 1_000_000_000_000 {
        ticks.push(Tick {
            value: value as f64,
            px: scale.px_from_data(value as f64),
            label: count(value),
        });
        if !labels_fit(&ticks, font_px, is_vertical) {
            ticks.pop();
        }
        value = (10 * value).max(1);
    }
    ticks
}

/// Ticks at powers of ten, every k-th where they would crowd.
pub fn log_ticks(scale: &Scale, font_px: f64, is_vertical: bool) -> Vec<Tick> {
    let (low, high) = ordered(scale.domain());
    let first = (libm::log10(low) - 1e-9).ceil() as i32;
    let last = (libm::log10(high) + 1e-9).floor() as i32;
    for every in 1.. {
        let ticks: Vec<Tick> = (first..=last)
            // Anchored at 1, so that zooming does not make labels jump.
            .filter(|e| e.rem_euclid(every) == 0)
            .map(|e| {
                let value = libm::pow(10.0, f64::from(e));
                Tick {
                    value,
                    px: scale.px_from_data(value),
                    label: power_of_ten(e),
                }
            })
            .collect();
        if ticks.len() <= 1 || labels_fit(&ticks, font_px, is_vertical) {
            return ticks;
        }
    }
    Vec::new()
}

fn ordered((a, b): (f64, f64)) -> (f64, f64) {
    (a.min(b), a.max(b))
}

/// 1, 2 or 5 times a power of ten, at least `at_least`.
pub fn nice_step(at_least: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(at_least).floor());
    for factor in [1.0, 2.0, 5.0] {
        if factor * power >= at_least * (1.0 - 1e-9) {
            return factor * power;
        }
    }
    10.0 * power
}

fn ticks_by(scale: &Scale, (low, high): (f64, f64), step: f64) -> Vec<Tick> {
    let digits = (-libm::log10(step).floor()).max(0.0) as usize;
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last)
        .map(|k| {
            let value = k as f64 * step;
            Tick {
                value,
                px: scale.px_from_data(value),
                label: if step >= 1e6 || digits > 4 {
                    short(value)
                } else {
                    signed(format!("{value:.digits$}"))
                },
            }
        })
        .collect()
}

fn labels_fit(ticks: &[Tick], font_px: f64, is_vertical: bool) -> bool {
    ticks.windows(2).all(|pair| {
        let distance = (pair[1].px - pair[0].px).abs();
        if is_vertical {
            return distance >= font_px * 1.4;
        }
        let half = |t: &Tick| text::width(&t.label, font_px, false) / 2.0;
        distance >= half(&pair[0]) + half(&pair[1]) + LABEL_GAP_PX * font_px / 11.0
    })
}

fn power_of_ten(e: i32) -> String {
    match e {
        0..=3 => format!("{}", 10_i32.pow(e as u32)),
        -3..=-1 => format!("{:.*}", -e as usize, libm::pow(10.0, f64::from(e))),
        _ => signed(format!("1e{e}")),
    }
}

/// With a real minus sign; negative zero loses it.
fn signed(number: String) -> String {
    let is_zero = number.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if is_zero {
        number.replace('-', "")
    } else {
        number.replace('-', "−")
    }
}

/// Three significant digits, as short as they can be said: `0.12`, `−1.5`, `3.4e−5`, `41200`.
/// What is not finite is named.
pub fn short(v: f64) -> String {
    let magnitude = v.abs();
    if v.is_nan() {
        "not a number".into()
    } else if v.is_infinite() {
        if v > 0.0 {
            "∞".into()
        } else {
            "−∞".into()
        }
    } else if magnitude == 0.0 {
        "0".into()
    } else if !(1e-3..1e5).contains(&magnitude) {
        let text = format!("{v:.1e}");
        signed(text.replace(".0e", "e"))
    } else {
        let digits = (2 - libm::log10(magnitude).floor() as i32).clamp(0, 4) as usize;
        let text = format!("{v:.digits$}");
        let text = if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.')
        } else {
            &text
        };
        signed(text.to_owned())
    }
}

/// Two decimals and always as wide, for a read-out that changes under the pointer.
pub fn fixed(v: f64) -> String {
    if v.is_finite() && v.abs() < 1e4 {
        signed(format!("{v:.2}"))
    } else {
        short(v)
    }
}

/// `12 %`; what rounds to 0 or 100 but is not says so.
pub fn percent(share: f64) -> String {
    // Adding 0 turns -0 into 0.
    let p = share * 100.0 + 0.0;
    if !p.is_finite() {
        "no share".into()
    } else if p > 0.0 && p < 0.5 {
        "<1 %".into()
    } else if (99.5..100.0).contains(&p) {
        ">99 %".into()
    } else {
        format!("{p:.0} %")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn boxes_overlap(ticks: &[Tick], font_px: f64, is_vertical: bool) -> bool {
        ticks.windows(2).any(|pair| {
            let reach = |t: &Tick| {
                if is_vertical {
                    font_px / 2.0
                } else {
                    text::width(&t.label, font_px, false) / 2.0
                }
            };
            (pair[1].px - pair[0].px).abs() < reach(&pair[0]) + reach(&pair[1])
        })
    }

    proptest! {
        #[test]
        fn ticks_never_overlap(
            low in -1e4..1e4f64, exponent in -6.0..7.0f64, length in 20.0..1500.0f64,
            font_px in 11.0..26.0f64, is_vertical: bool,
        ) {
            let high = low + libm::pow(10.0, exponent);
            let scale = Scale::linear((low, high), (length, 0.0));
            for ticks in [
                linear_ticks(&scale, font_px, is_vertical),
                whole_ticks(&scale, font_px, is_vertical),
            ] {
                prop_assert!(!boxes_overlap(&ticks, font_px, is_vertical), "{ticks:?}");
                prop_assert!(ticks.iter().all(|t| (-1e-3..=length + 1e-3).contains(&t.px)));
            }
        }

        #[test]
        fn log_ticks_never_overlap(
            low in -30.0..0.0f64, decades in 0.5..40.0f64, length in 20.0..1500.0f64,
            font_px in 11.0..26.0f64, is_vertical: bool,
        ) {
            let data = (libm::pow(10.0, low), libm::pow(10.0, low + decades));
            let ticks = log_ticks(&Scale::log(data, (0.0, length)), font_px, is_vertical);
            prop_assert!(!boxes_overlap(&ticks, font_px, is_vertical), "{ticks:?}");
        }
    }

    fn check(v: f64, expect: &str) {
        assert_eq!(short(v), expect);
    }

    #[test]
    fn short_numbers_are_short_and_true() {
        check(0.0, "0");
        check(-0.0, "0");
        check(1.0, "1");
        check(-1.5, "−1.5");
        check(0.1234, "0.123");
        check(0.00123, "0.0012");
        check(3.42e-5, "3.4e−5");
        check(-1e-9, "−1e−9");
        check(41_200.0, "41200");
        check(2.5e7, "2.5e7");
        check(f64::NAN, "not a number");
        check(f64::NEG_INFINITY, "−∞");
    }

    #[test]
    fn percent_never_rounds_some_to_none() {
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(-0.0), "0 %");
        assert_eq!(percent(0.001), "<1 %");
        assert_eq!(percent(0.375), "38 %");
        assert_eq!(percent(0.999), ">99 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(f64::NAN), "no share");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [0, 999, 1000, 41_200, 1_234_567].map(count).join(" "),
            "0 999 1,000 41,200 1,234,567"
        );
    }

    #[test]
    fn usual_axes_have_usual_ticks() {
        let labels = |ticks: Vec<Tick>| ticks.into_iter().map(|t| t.label).collect::<Vec<_>>();
        let z = Scale::linear((-4.0, 4.0), (30.0, 400.0));
        assert_eq!(
            labels(linear_ticks(&z, 11.0, false)),
            ["−4", "−3", "−2", "−1", "0", "1", "2", "3", "4"]
        );
        let loss = Scale::linear((0.0, 1.0), (120.0, 0.0));
        assert_eq!(
            labels(linear_ticks(&loss, 11.0, true)),
            ["0.0", "0.5", "1.0"]
        );
        let rms = Scale::log((1e-5, 1.0), (0.0, 300.0));
        assert_eq!(
            labels(log_ticks(&rms, 11.0, false)),
            ["1e−5", "1e−4", "0.001", "0.01", "0.1", "1"]
        );
    }
}
