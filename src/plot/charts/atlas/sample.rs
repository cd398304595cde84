//! A function with its two derivatives as polylines, broken where they jump.

use actiscope_core::activation::Activation;

use crate::plot::charts::curve::{CurveSamples, Zone};
use crate::plot::kit::geometry::{Point, point};

/// f, f' and f'' over a range of z.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionSamples {
    /// (z, value), one polyline for each continuous piece: of f, of f', of f''.
    pub curves: [Vec<Vec<Point>>; 3],
    /// (z, f'(z)) at corners, where f' has one of two values by agreement: PyTorch's.
    pub corners: Vec<Point>,
    /// Where no gradient passes, and where next to none does.
    pub zones: Vec<Zone>,
}

impl FunctionSamples {
    pub fn of(activation: &Activation, z_range: (f64, f64)) -> Self {
        let first = CurveSamples::of(activation, z_range);
        // The slope as a function, and its slope.
        let second = CurveSamples::new(z_range, None, |z| {
            (activation.slope(z), activation.curvature(z))
        });
        let breaks = |pieces: &[Vec<Point>]| -> Vec<(f64, f64)> {
            let apart = pieces.windows(2).filter_map(|pair| {
                let (a, b) = (pair[0].last()?, pair[1].first()?);
                Some((a.x, b.x))
            });
            let width = z_range.1 - z_range.0;
            apart.filter(|(a, b)| b - a < 1e-5 * width).collect()
        };
        let jumps = breaks(&first.f);
        let corners = breaks(&first.df)
            .into_iter()
            .map(|(a, b)| simplest_between(a, b))
            // Where f itself jumps there is no slope to agree on.
            .filter(|z| jumps.iter().all(|(a, b)| *z < a - 1e-9 || *z > b + 1e-9))
            .map(|z| point(z, activation.slope(z)))
            .filter(|corner| corner.y.is_finite())
            .collect();
        Self {
            curves: [first.f, first.df, second.df],
            corners,
            zones: first.zones,
        }
    }
}

/// The number with the fewest decimals from `a` to `b`: corners lie at such.
fn simplest_between(a: f64, b: f64) -> f64 {
    let rounded =
        [1.0, 10.0, 100.0, 1e3, 1e4, 1e5].map(|unit| ((a + b) / 2.0 * unit).round() / unit);
    let slack = 1e-9;
    let simplest = rounded
        .into_iter()
        .find(|z| (a - slack..=b + slack).contains(z));
    simplest.unwrap_or(a)
}

#[cfg(test)]
mod tests {
    use actiscope_core::activation::ActivationSpec;

    use super::*;

    fn samples(spec: &ActivationSpec, z_range: (f64, f64)) -> FunctionSamples {
        FunctionSamples::of(&Activation::resolve(spec).expect("resolves"), z_range)
    }

    #[test]
    fn corners_have_pytorchs_slope_and_no_curvature() {
        let relu6 = samples(&ActivationSpec::new("relu6"), (-1.3, 7.1));
        assert_eq!(relu6.corners, [point(0.0, 0.0), point(6.0, 0.0)]);
        let leaky = samples(
            &ActivationSpec::named("leaky_relu", &[("alpha", 0.2)]),
            (-4.0, 4.0),
        );
        assert_eq!(leaky.corners, [point(0.0, 0.2)]);
        let elu = samples(&ActivationSpec::new("elu"), (-4.0, 4.0));
        assert!(elu.corners.is_empty());
        assert_eq!(
            (elu.curves[1].len(), elu.curves[2].len()),
            (1, 2),
            "f'' jumps"
        );
    }

    #[test]
    fn a_jump_is_a_gap_without_a_slope() {
        let step = samples(
            &ActivationSpec::formula("where(z > 0, 1 + z, 0)"),
            (-4.0, 4.0),
        );
        assert_eq!(step.curves[0].len(), 2);
        assert!(step.corners.is_empty());
    }
}
