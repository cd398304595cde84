//! How much the catalogue's curves look alike, in the window that all pictures of them have.

use actiscope_core::activation::{Activation, ActivationSpec, Entry, catalogue};

use super::shuffle::{shuffled, three};

/// Curves that come nearer to each other than this everywhere cannot be told apart in a picture.
const APART: f64 = 0.2;
/// Curves that come nearer than this are one and the same.
const SAME: f64 = 0.01;
const N: usize = 64;
/// What is seen of values.
const SEEN: (f64, f64) = (-2.0, 3.0);

/// A function of the catalogue with its usual parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub entry: &'static Entry,
    values: Vec<f64>,
}

pub fn curves() -> Vec<Curve> {
    let curve = |entry: &'static Entry| {
        let activation = Activation::resolve(&ActivationSpec::new(entry.id)).ok()?;
        let z = |i: usize| -4.0 + 8.0 * i as f64 / N as f64;
        let values = (0..=N)
            .map(|i| activation.f(z(i)).clamp(SEEN.0, SEEN.1))
            .collect();
        Some(Curve { entry, values })
    };
    catalogue().iter().filter_map(curve).collect()
}

/// By how much two differ where they differ most.
fn distance(a: &Curve, b: &Curve) -> f64 {
    let pairs = a.values.iter().zip(&b.values);
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Names of functions that have the same curve as this one.
pub fn twins(id: &str) -> Vec<&'static str> {
    let all = curves();
    let Some(own) = all.iter().find(|curve| curve.entry.id == id) else {
        return Vec::new();
    };
    let others = all.iter().filter(|curve| curve.entry.id != id);
    let twins = others.filter(|curve| distance(own, curve) < SAME);
    twins.map(|curve| curve.entry.name).collect()
}

/// Three names of which one is the curve's, and the place of that one. The other two look alike or unlike.
pub fn names(
    all: &[Curve],
    at: usize,
    is_alike: bool,
    number: u32,
) -> Option<([String; 3], usize)> {
    let own = all.get(at)?;
    let mut others: Vec<&Curve> = shuffled(own.entry.id, number, all.len())
        .into_iter()
        .filter_map(|i| all.get(i))
        .filter(|other| distance(own, other) >= APART)
        .collect();
    if is_alike {
        others.sort_by(|a, b| distance(own, a).total_cmp(&distance(own, b)));
        // Not always the nearest one.
        let first = (number as usize % 3).min(others.len().saturating_sub(1));
        others.get_mut(..=first)?.rotate_right(1);
    }
    let first = others.first()?;
    // Two that look the same could both not be right.
    let second = others
        .iter()
        .skip(1)
        .find(|other| distance(first, other) >= APART)?;
    let named = [own, first, second].map(|curve| curve.entry.name.to_owned());
    let order = three(own.entry.id, number);
    let right = order.iter().position(|i| *i == 0)?;
    Some((order.map(|i| named[i].clone()), right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_are_known() {
        assert_eq!(twins("elu"), ["CELU"]);
        assert_eq!(twins("gelu"), ["GELU (tanh)"]);
        assert_eq!(twins("tanh"), [""; 0]);
        assert_eq!(twins("nothing"), [""; 0]);
    }

    #[test]
    fn each_curve_can_be_asked_for_and_told_from_the_others() {
        let all = curves();
        assert_eq!(all.len(), catalogue().len());
        let of_name = |name: &String| {
            all.iter()
                .find(|curve| curve.entry.name == *name)
                .expect("it is one of them")
        };
        let mut n_at = [0; 3];
        let mean_distance = |is_alike: bool| {
            let of = |number: u32| {
                (0..all.len())
                    .map(|at| {
                        let (names, right) =
                            names(&all, at, is_alike, number).expect("there are others");
                        assert_eq!(names[right], all[at].entry.name);
                        let curves = names.each_ref().map(&of_name);
                        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
                            assert!(distance(curves[a], curves[b]) >= APART, "{names:?}");
                        }
                        distance(curves[right], curves[(right + 1) % 3])
                    })
                    .sum::<f64>()
            };
            (0..20).map(of).sum::<f64>() / (20 * all.len()) as f64
        };
        let (alike, unlike) = (mean_distance(true), mean_distance(false));
        assert!(alike < 0.7 * unlike, "{alike} and {unlike}");
        for number in 0..300 {
            let (_, right) = names(&all, 4, true, number).expect("there are others");
            n_at[right] += 1;
        }
        assert!(n_at.iter().all(|n| *n > 70), "{n_at:?}");
    }
}
