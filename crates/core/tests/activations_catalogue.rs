//! What the catalogue says of its functions, computed.

use std::collections::BTreeSet;

use actiscope_core::activation::{
    Activation, ActivationSpec, Edge, Entry, Smoothness, Tail, catalogue,
};
use actiscope_core::expr::Expr;

fn each(check: impl Fn(&Entry, &Activation)) {
    for entry in catalogue() {
        let activation = Activation::resolve(&ActivationSpec::new(entry.id));
        check(entry, &activation.expect("an entry resolves"));
    }
}

/// -30 to 30 in steps of 1 / 1000, whole numbers included.
fn grid() -> impl Iterator<Item = f64> {
    (-30_000..=30_000).map(|i| f64::from(i) / 1_000.0)
}

#[test]
fn formulas_have_the_parameters_that_entries_list() {
    each(|entry, activation| {
        let listed: Vec<&str> = entry.params.iter().map(|p| p.name).collect();
        assert_eq!(activation.f.parameters(), listed, "{}", entry.id);
        for p in entry.params {
            assert!(p.min < p.max && (p.min..=p.max).contains(&p.default));
        }
    });
}

#[test]
fn ids_and_names_are_unique_and_texts_are_sentences() {
    let ids: BTreeSet<&str> = catalogue().iter().map(|entry| entry.id).collect();
    let names: BTreeSet<&str> = catalogue().iter().map(|entry| entry.name).collect();
    assert_eq!(
        (ids.len(), names.len()),
        (catalogue().len(), catalogue().len())
    );
    each(|entry, _| {
        let about = entry.about();
        for text in [
            about.saturation,
            about.cost,
            about.used_for,
            about.strengths,
            about.weaknesses,
            about.intuition,
        ] {
            let is_sentence = text.ends_with(['.', '?']) && text.len() > 5;
            assert!(is_sentence, "{}: `{text}`", entry.id);
        }
        assert!((1980..=2026).contains(&about.paper.year), "{}", entry.id);
        assert!(!about.paper.authors.is_empty() && !about.paper.title.is_empty());
    });
}

#[test]
fn ranges_are_true() {
    each(|entry, activation| {
        let params: Vec<(&str, f64)> = (entry.params.iter()).map(|p| (p.name, p.default)).collect();
        let number = |text: &str| {
            let expr = Expr::parse(text).expect("an edge is an expression");
            expr.eval(0.0, &params)
        };
        let values: Vec<f64> = grid().map(|z| activation.f(z)).collect();
        let largest = values.iter().copied().fold(f64::MIN, f64::max);
        let smallest = values.iter().copied().fold(f64::MAX, f64::min);
        // The lower edge is the upper edge of -f.
        for (edge, sign, reached) in [
            (entry.range.high, 1.0, largest),
            (entry.range.low, -1.0, -smallest),
        ] {
            let id = entry.id;
            let far = f64::max(sign * activation.f(1_000.0), sign * activation.f(-1_000.0));
            match edge {
                // A leak of 1 % is still without bound.
                Edge::Unbounded => assert!(far > 9.0, "{id} is bounded by {far}"),
                Edge::Reached(text) => {
                    let bound = sign * number(text);
                    assert!(
                        (reached - bound).abs() < 1e-6,
                        "{id}: {reached}, not {bound}"
                    );
                }
                Edge::Approached(text) => {
                    let bound = sign * number(text);
                    let near = grid().filter(|z| z.abs() < 5.0);
                    let is_inside = near.into_iter().all(|z| sign * activation.f(z) < bound);
                    assert!(is_inside && reached <= bound, "{id} goes beyond {bound}");
                    assert!(
                        (far - bound).abs() < 2e-3,
                        "{id}: {far} is far from {bound}"
                    );
                }
            }
        }
    });
}

#[test]
fn monotonic_and_zero_centred_are_true() {
    each(|entry, activation| {
        let values: Vec<f64> = grid().map(|z| activation.f(z)).collect();
        let steepest_fall = values.windows(2).map(|v| v[0] - v[1]).fold(0.0, f64::max);
        let is_monotonic = steepest_fall < 1e-12;
        assert!(
            is_monotonic || steepest_fall > 1e-6,
            "{}: no verdict",
            entry.id
        );
        assert_eq!(is_monotonic, entry.is_monotonic, "{}", entry.id);

        let asymmetry = grid()
            .map(|z| (activation.f(z) + activation.f(-z)).abs())
            .fold(0.0, f64::max);
        assert!(
            !(1e-12..=1e-3).contains(&asymmetry),
            "{}: no verdict",
            entry.id
        );
        assert_eq!(asymmetry < 1e-12, entry.is_zero_centred, "{}", entry.id);
    });
}

#[test]
fn smoothness_is_true() {
    each(|entry, activation| {
        // A jump stays as the step shrinks; a steep stretch does not.
        let jump = |g: &dyn Fn(f64) -> f64| {
            let step = 1e-9;
            grid()
                .map(|z| (g(z + step) - g(z - step)).abs())
                .fold(0.0, f64::max)
        };
        let slope_jump = jump(&|z| activation.slope(z));
        let curvature_jump = jump(&|z| activation.curvature(z));
        let got = if slope_jump > 1e-3 {
            Smoothness::Kinked
        } else if curvature_jump > 1e-3 {
            Smoothness::Once
        } else {
            Smoothness::Smooth
        };
        assert_eq!(got, entry.smoothness, "{}", entry.id);
    });
}

#[test]
fn tails_are_true() {
    each(|entry, activation| {
        let peak = activation.max_abs_slope();
        for (tail, side) in [(entry.slope_below, -1.0), (entry.slope_above, 1.0)] {
            let slopes: Vec<f64> = (100..300)
                .map(|z| activation.slope(side * f64::from(z)))
                .collect();
            let got =
                if slopes.iter().any(|s| s.abs() > 0.1 * peak) && slopes.iter().any(|&s| s < 0.0) {
                    Tail::Swinging
                } else if slopes.iter().all(|s| s.abs() > 0.009 * peak) {
                    Tail::Alive
                } else if activation.slope(side * 12.0) == 0.0 {
                    Tail::Dead
                } else {
                    Tail::Fading
                };
            assert_eq!(got, tail, "{} towards {side}", entry.id);
            if got == Tail::Fading {
                assert!(slopes.iter().all(|s| s.abs() < 1e-3 * peak), "{}", entry.id);
            }
        }
    });
}

#[test]
fn slopes_in_torch_are_the_derivative_but_for_rounding() {
    each(|entry, activation| {
        if entry.slope_in_torch.is_some() {
            let derivative = activation.f.derivative("z");
            for z in grid() {
                let (given, derived) = (activation.slope(z), derivative.eval(z, &[]));
                assert!((given - derived).abs() <= 6e-9, "{} at {z}", entry.id);
            }
        }
    });
}

#[test]
fn largest_slopes_are_those_of_a_fine_grid_in_f64() {
    each(|entry, activation| {
        let fine = (0..=200_000)
            .map(|i| activation.slope(-50.0 + f64::from(i) * 0.0005).abs())
            .fold(0.0, f64::max);
        let got = activation.max_abs_slope();
        assert!(
            (got - fine).abs() <= 1e-6 * fine,
            "{}: {got}, not {fine}",
            entry.id
        );
    });
}

#[test]
fn wrong_specifications_say_what_to_do() {
    let check = |spec: ActivationSpec, expected: &str| {
        let error = Activation::resolve(&spec)
            .expect_err("is wrong")
            .to_string();
        assert!(error.contains(expected), "{error}");
    };
    check(ActivationSpec::new("LeakyReLU"), "did you mean leaky_relu?");
    check(
        ActivationSpec::new("nonsense"),
        "there are relu, leaky_relu",
    );
    check(
        ActivationSpec::named("elu", &[("alpha", f64::NAN)]),
        "finite",
    );
    check(
        ActivationSpec::named("elu", &[("alpha", -1.0)]),
        "from 0 to 4",
    );
    check(ActivationSpec::formula("max(z, "), "ends too early");
    let mut spec = ActivationSpec::new("elu");
    spec.params.clear();
    check(spec, "1 parameter(s) (alpha), 0 given");
}
