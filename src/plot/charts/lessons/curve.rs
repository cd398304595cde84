//! A function and its slope over z, without a name. All have the same axes, in which one unit is as high as it is wide:
//! a slope of 1 goes up by 45°.

use super::{WORDS_FROM, add};
use crate::plot::charts::atlas::reading;

/// Half of the width, in units of z.
const REACH: f64 = 4.0;
/// Points of a curve.
const N: usize = 160;
/// Share of the height that lies above 0.
const ABOVE: f64 = 0.6;
/// What changes by more than this from one point to the next may jump.
const JUMP: f64 = 0.1;

#[derive(Debug, PartialEq)]
pub struct CurvePaths {
    /// At 0, with a tick for each whole number.
    pub axes: String,
    pub f: String,
    pub slope: String,
    /// Numbers at ticks, with the middle of their lower edge; none where there is no room.
    pub numbers: Vec<(f64, f64, &'static str)>,
}

pub fn curve_paths(
    f: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
    width: f64,
    height: f64,
) -> CurvePaths {
    let at = Place::new(width, height);
    CurvePaths {
        axes: axes(&at),
        f: path(&at, f),
        slope: path(&at, slope),
        numbers: match height >= WORDS_FROM {
            true => vec![
                (at.x(-3.0), at.y(0.0) + 16.0, "−3"),
                (at.x(3.0), at.y(0.0) + 16.0, "3"),
                (at.x(0.0) - 10.0, at.y(2.0) + 4.0, "2"),
            ],
            false => Vec::new(),
        },
    }
}

/// What can be read off the picture, without a name.
pub fn describe_curve(f: impl Fn(f64) -> f64, slope: impl Fn(f64) -> f64) -> String {
    const AT: [f64; 7] = [-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0];
    let values = |of: &dyn Fn(f64) -> f64| AT.map(|z| reading(of(z))).join(", ");
    format!(
        "A function over z. At z −4, −2, −1, 0, 1, 2, 4: f is {}; its slope f′ is {}.",
        values(&f),
        values(&slope)
    )
}

struct Place {
    width: f64,
    height: f64,
    unit: f64,
}

impl Place {
    fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            unit: width / (2.0 * REACH),
        }
    }

    fn x(&self, z: f64) -> f64 {
        0.5 * self.width + self.unit * z
    }

    fn y(&self, value: f64) -> f64 {
        ABOVE * self.height - self.unit * value
    }
}

fn axes(at: &Place) -> String {
    let tick = if at.height >= WORDS_FROM { 3.0 } else { 1.5 };
    let (x0, y0) = (at.x(0.0), at.y(0.0));
    let mut path = format!("M0 {y0:.1}H{}M{x0:.1} 0V{}", at.width, at.height);
    for k in [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0] {
        path.push_str(&format!(
            "M{:.1} {:.1}v{:.1}",
            at.x(k),
            y0 - tick,
            2.0 * tick
        ));
        if (0.0..at.height).contains(&at.y(k)) {
            path.push_str(&format!(
                "M{:.1} {:.1}h{:.1}",
                x0 - tick,
                at.y(k),
                2.0 * tick
            ));
        }
    }
    path
}

/// Far values are beyond the picture, which cuts them off. The pen is lifted at a jump.
fn path(at: &Place, of: impl Fn(f64) -> f64) -> String {
    let far = 2.0 * at.height / at.unit;
    let of = |z: f64| of(z).clamp(-far, far);
    let z = |i: usize| -REACH + 2.0 * REACH * i as f64 / N as f64;
    let mut path = String::new();
    let mut is_down = false;
    for i in 0..=N {
        let jump = if i > 0 {
            jump(&of, z(i - 1), z(i))
        } else {
            None
        };
        if let Some((before, after)) = jump {
            add(&mut path, &mut is_down, at.x(before), at.y(of(before)));
            is_down = false;
            add(&mut path, &mut is_down, at.x(after), at.y(of(after)));
        }
        match of(z(i)) {
            value if value.is_finite() => add(&mut path, &mut is_down, at.x(z(i)), at.y(value)),
            _ => is_down = false,
        }
    }
    path
}

/// Where a function jumps between two places, close before it and close after it.
fn jump(of: &dyn Fn(f64) -> f64, from: f64, to: f64) -> Option<(f64, f64)> {
    let change = |a: f64, b: f64| (of(b) - of(a)).abs();
    let whole = change(from, to);
    if whole.is_nan() || whole < JUMP {
        return None;
    }
    let (mut a, mut b) = (from, to);
    for _ in 0..16 {
        let middle = 0.5 * (a + b);
        match change(a, middle) > change(middle, b) {
            true => b = middle,
            false => a = middle,
        }
    }
    // What is only steep has next to nothing left.
    (change(a, b) > 0.5 * whole).then_some((a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relu(z: f64) -> f64 {
        z.max(0.0)
    }

    fn step(z: f64) -> f64 {
        f64::from(u8::from(z > 0.0))
    }

    #[test]
    fn a_slope_of_1_goes_up_by_45_degrees_in_both_sizes() {
        for (width, height) in [(320.0, 200.0), (128.0, 76.0)] {
            let at = Place::new(width, height);
            let paths = curve_paths(|z| z, |_| 1.0, width, height);
            let first = format!("M{:.1} {:.1}L", at.x(-4.0), at.y(-4.0));
            assert!(paths.f.starts_with(&first), "{}", paths.f);
            assert_eq!(at.x(1.0) - at.x(0.0), at.y(0.0) - at.y(1.0));
            assert_eq!(paths.numbers.is_empty(), height < WORDS_FROM);
            for (x, y, _) in paths.numbers {
                assert!((8.0..width - 8.0).contains(&x) && (12.0..height).contains(&y));
            }
        }
    }

    #[test]
    fn the_pen_is_lifted_at_a_jump_and_where_nothing_is_defined() {
        let n_lines = |path: &str| path.matches('M').count();
        let paths = curve_paths(relu, step, 320.0, 200.0);
        assert_eq!((n_lines(&paths.f), n_lines(&paths.slope)), (1, 2));
        let steep = curve_paths(|z| libm::sin(30.0 * z), |z| 2.0 * z, 320.0, 200.0);
        assert_eq!((n_lines(&steep.f), n_lines(&steep.slope)), (1, 1));
        let half = curve_paths(libm::sqrt, |_| f64::NAN, 320.0, 200.0);
        assert!(half.f.starts_with("M160.0 120.0L"), "{}", half.f);
        assert_eq!(half.slope, "");
    }

    #[test]
    fn words_say_what_the_picture_shows() {
        assert_eq!(
            describe_curve(relu, step),
            "A function over z. At z −4, −2, −1, 0, 1, 2, 4: f is 0, 0, 0, 0, 1.000, 2.000, 4.000; \
             its slope f′ is 0, 0, 0, 0, 1.000, 1.000, 1.000."
        );
    }
}
