//! The plane of input space that pictures show, and the principal components that may span it.

use serde::{Deserialize, Serialize};

/// Which plane of the inputs is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Axes {
    /// These two inputs (0-based), to the right and upwards. The others stand at their mean.
    Inputs(usize, usize),
    /// The first two principal components of the training set.
    Principal,
}

impl Default for Axes {
    fn default() -> Self {
        Self::Inputs(0, 1)
    }
}

impl Axes {
    /// Whether data of so many inputs can be looked at like this. Up to two inputs there is but one way.
    pub fn fit(self, n_inputs: usize) -> bool {
        match self {
            Self::Inputs(0, 1) => true,
            Self::Inputs(i, j) => i != j && n_inputs > 2 && i.max(j) < n_inputs,
            Self::Principal => n_inputs > 2,
        }
    }
}

/// The points `origin + s u + t v` of input space. `u` and `v` are of length 1 and at right angles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plane {
    pub origin: Vec<f32>,
    pub u: Vec<f32>,
    pub v: Vec<f32>,
}

impl Plane {
    /// The plane of `axes` through the training set `x`, `[n, n_inputs]`, about its [`centers`]. With one
    /// input `v` is nothing.
    pub fn new(axes: Axes, x: &[f32], n_inputs: usize, centers: &[f32]) -> Self {
        match axes {
            Axes::Inputs(i, j) => Self::of_inputs(i, j, &means(x, n_inputs), centers),
            Axes::Principal => Self::principal(x, n_inputs),
        }
    }

    fn of_inputs(i: usize, j: usize, means: &[f64], centers: &[f32]) -> Self {
        let n_inputs = means.len();
        let unit = |k: usize| {
            (0..n_inputs)
                .map(|at| f32::from(u8::from(at == k)))
                .collect()
        };
        let origin = means.iter().enumerate().map(|(at, &mean)| {
            let is_axis = at == i || at == j;
            let center = centers.get(at).copied().unwrap_or(0.0);
            if is_axis { center } else { mean as f32 }
        });
        Self {
            origin: origin.collect(),
            u: unit(i),
            v: unit(j),
        }
    }

    /// Through the mean, along the two directions in which the samples lie widest. The largest number of a
    /// direction is positive.
    ///
    /// Jolliffe, Principal Component Analysis, 2nd edition, 2002.
    pub fn principal(x: &[f32], n_inputs: usize) -> Self {
        let means = means(x, n_inputs);
        let mut covariance = covariance(x, &means);
        let mut directions = jacobi(&mut covariance, n_inputs).into_iter();
        let mut next = || {
            let direction = directions
                .next()
                .map_or_else(Vec::new, |(_, vector)| vector);
            let largest = direction.iter().copied().fold(0.0, |most: f64, value| {
                if libm::fabs(value) > libm::fabs(most) {
                    value
                } else {
                    most
                }
            });
            let sign = if largest < 0.0 { -1.0 } else { 1.0 };
            let mut direction: Vec<f32> = direction.iter().map(|v| (sign * v) as f32).collect();
            direction.resize(n_inputs, 0.0);
            direction
        };
        let (u, v) = (next(), next());
        Self {
            origin: means.iter().map(|&mean| mean as f32).collect(),
            u,
            v,
        }
    }

    /// (s, t) of the foot of a sample on the plane.
    pub fn place(&self, x: &[f32]) -> [f32; 2] {
        let along = |direction: &[f32]| {
            let parts = x.iter().zip(&self.origin).zip(direction);
            parts.map(|((x, origin), d)| (x - origin) * d).sum()
        };
        [along(&self.u), along(&self.v)]
    }
}

/// Data that reach no farther than this are shown about 0.
const NEAR_ZERO: f64 = 1.2;

/// About what each input of the training set `x`, `[n, n_inputs]`, is shown: 0 where that is near the middle of
/// its samples, else the middle, two digits of their width. Of a hundred samples one may lie outside.
pub fn centers(x: &[f32], n_inputs: usize) -> Vec<f32> {
    let center = |input: usize| {
        let mut values: Vec<f32> = x.iter().skip(input).step_by(n_inputs).copied().collect();
        values.sort_by(f32::total_cmp);
        let at = |i: usize| values.get(i).map_or(0.0, |&v| f64::from(v));
        let n_outside = values.len() / 100;
        let (low, high) = (
            at(n_outside),
            at(values.len().saturating_sub(1 + n_outside)),
        );
        let (middle, width) = ((low + high) / 2.0, high - low);
        let reach = libm::fabs(low).max(libm::fabs(high));
        if reach <= NEAR_ZERO || libm::fabs(middle) <= width / 4.0 || !reach.is_finite() {
            return 0.0;
        }
        // A constant has no width: its own size stands for it.
        let width = if width > 0.0 { width } else { reach };
        let unit = libm::pow(10.0, libm::floor(libm::log10(width)) - 1.0);
        (libm::round(middle / unit) * unit) as f32
    };
    (0..n_inputs).map(center).collect()
}

fn means(x: &[f32], n_inputs: usize) -> Vec<f64> {
    let n = (x.len() / n_inputs.max(1)).max(1) as f64;
    let column = |k: usize| x.iter().skip(k).step_by(n_inputs).map(|&v| f64::from(v));
    (0..n_inputs).map(|k| column(k).sum::<f64>() / n).collect()
}

/// `[n_inputs, n_inputs]`, of the population.
fn covariance(x: &[f32], means: &[f64]) -> Vec<f64> {
    let n_inputs = means.len();
    let mut sums = vec![0.0; n_inputs * n_inputs];
    let mut centred = vec![0.0; n_inputs];
    let rows = x.chunks_exact(n_inputs.max(1));
    let n = rows.len().max(1) as f64;
    for row in rows {
        for (c, (v, mean)) in centred.iter_mut().zip(row.iter().zip(means)) {
            *c = f64::from(*v) - mean;
        }
        for i in 0..n_inputs {
            for j in i..n_inputs {
                sums[i * n_inputs + j] += centred[i] * centred[j];
            }
        }
    }
    for i in 0..n_inputs {
        for j in i..n_inputs {
            let value = sums[i * n_inputs + j] / n;
            sums[i * n_inputs + j] = value;
            sums[j * n_inputs + i] = value;
        }
    }
    sums
}

/// Rotations after which a matrix of 64 x 64 is long diagonal.
const MAX_SWEEPS: usize = 60;

/// Eigenvalues, falling, of a symmetric matrix `[n, n]`, each with its vector of length 1. The matrix is used up.
///
/// Cyclic Jacobi rotations: Golub, Van Loan, Matrix Computations, 4th edition, 2013, section 8.5.
fn jacobi(a: &mut [f64], n: usize) -> Vec<(f64, Vec<f64>)> {
    // Rows are the vectors.
    let mut vectors = vec![0.0; n * n];
    for i in 0..n {
        vectors[i * n + i] = 1.0;
    }
    let size: f64 = a.iter().map(|v| v * v).sum();
    for _ in 0..MAX_SWEEPS {
        let off: f64 = (0..n * n)
            .filter(|k| k / n != k % n)
            .map(|k| a[k] * a[k])
            .sum();
        if off <= 1e-30 * size || !off.is_finite() {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(a, &mut vectors, n, p, q);
            }
        }
    }
    let pair = |i: usize| (a[i * n + i], vectors[i * n..(i + 1) * n].to_vec());
    let mut pairs: Vec<(f64, Vec<f64>)> = (0..n).map(pair).collect();
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0));
    pairs
}

/// Makes `a[p, q]` 0.
fn rotate(a: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) {
    let apq = a[p * n + q];
    if apq == 0.0 {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * apq);
    let sign = if theta < 0.0 { -1.0 } else { 1.0 };
    let t = sign / (libm::fabs(theta) + libm::sqrt(theta * theta + 1.0));
    let c = 1.0 / libm::sqrt(t * t + 1.0);
    let s = t * c;
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        a[k * n + p] = c * x - s * y;
        a[k * n + q] = s * x + c * y;
    }
    for k in 0..n {
        let (x, y) = (a[p * n + k], a[q * n + k]);
        a[p * n + k] = c * x - s * y;
        a[q * n + k] = s * x + c * y;
        let (x, y) = (vectors[p * n + k], vectors[q * n + k]);
        vectors[p * n + k] = c * x - s * y;
        vectors[q * n + k] = s * x + c * y;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataSource, DataSpec, Reading};

    #[test]
    fn eigenvectors_of_a_known_matrix() {
        // [[2, 1], [1, 2]]: 3 along (1, 1) and 1 along (1, -1).
        let pairs = jacobi(&mut [2.0, 1.0, 1.0, 2.0], 2);
        let half = libm::sqrt(0.5);
        for ((value, vector), (expect, along)) in pairs
            .iter()
            .zip([(3.0, [half, half]), (1.0, [half, -half])])
        {
            assert!(libm::fabs(value - expect) < 1e-14);
            let dot = vector[0] * along[0] + vector[1] * along[1];
            assert!(libm::fabs(libm::fabs(dot) - 1.0) < 1e-14, "{vector:?}");
        }
    }

    #[test]
    fn any_symmetric_matrix_is_taken_apart_and_put_together() {
        let n = 12;
        let value = |i: usize, j: usize| libm::sin((1 + i * j + i + j) as f64);
        let matrix: Vec<f64> = (0..n * n).map(|k| value(k / n, k % n)).collect();
        let pairs = jacobi(&mut matrix.clone(), n);
        assert!(pairs.is_sorted_by(|a, b| a.0 >= b.0));
        for i in 0..n {
            for j in 0..n {
                let sum: f64 = pairs.iter().map(|(value, v)| value * v[i] * v[j]).sum();
                assert!(libm::fabs(sum - matrix[i * n + j]) < 1e-12, "{i} {j}");
            }
        }
    }

    /// The components of scikit-learn 1.9's PCA of the same table.
    #[test]
    fn iris_has_the_components_that_are_known() {
        let spec = DataSpec {
            source: DataSource::Csv(include_str!("../../tests/reference/iris.csv").into()),
            reading: Reading::default(),
            n_samples: 150,
            noise: 0.0,
            test_share: 0.0,
            standardize: false,
            standardize_targets: false,
        };
        let data = spec.generate(1).expect("a table");
        assert_eq!((data.n_inputs, data.n_train()), (4, 150));
        let plane = Plane::new(Axes::Principal, &data.x_train, 4, &[]);
        let near = |found: &[f32], expect: [f32; 4]| {
            for (a, b) in found.iter().zip(expect) {
                assert!((a - b).abs() < 1e-5, "{found:?}, not {expect:?}");
            }
        };
        near(
            &plane.u,
            [0.361_386_6, -0.084_522_51, 0.856_670_6, 0.358_289_2],
        );
        near(
            &plane.v,
            [0.656_588_8, 0.730_161_4, -0.173_372_7, -0.075_481_02],
        );
        near(&plane.origin, [5.843_333, 3.057_333, 3.758, 1.199_333]);
        // Variances along them, of the population: sums of squares over 150.
        let places: Vec<[f32; 2]> = data
            .x_train
            .chunks_exact(4)
            .map(|x| plane.place(x))
            .collect();
        let variance = |axis: usize| {
            let squares = places
                .iter()
                .map(|p| f64::from(p[axis]) * f64::from(p[axis]));
            squares.sum::<f64>() / 149.0
        };
        assert!(
            libm::fabs(variance(0) - 4.228_242) < 1e-4,
            "{}",
            variance(0)
        );
        assert!(
            libm::fabs(variance(1) - 0.242_671) < 1e-4,
            "{}",
            variance(1)
        );
    }

    #[test]
    fn a_pair_of_inputs_is_seen_as_it_is() {
        let x = [1.0, 2.0, 3.0, 5.0, 6.0, 7.0];
        let plane = Plane::new(Axes::Inputs(2, 0), &x, 3, &[0.0; 3]);
        assert_eq!(plane.origin, [0.0, 4.0, 0.0]);
        assert_eq!(plane.place(&x[..3]), [3.0, 1.0]);
        let line = Plane::new(Axes::default(), &[0.5, 1.5], 1, &[0.0]);
        assert_eq!(
            (line.origin, line.u, line.v),
            (vec![0.0], vec![1.0], vec![0.0])
        );
    }

    #[test]
    fn what_has_no_spread_has_a_plane_all_the_same() {
        let plane = Plane::principal(&[1.0; 9], 3);
        assert_eq!(plane.origin, [1.0; 3]);
        assert!(plane.u.iter().chain(&plane.v).all(|v| v.is_finite()));
        let broken = Plane::principal(&[f32::INFINITY, 1.0, 2.0, 3.0, 4.0, 5.0], 3);
        assert_eq!(broken.u.len(), 3);
    }

    #[test]
    fn data_far_from_zero_are_shown_about_their_middle() {
        let check = |values: &[f32], expect| assert_eq!(centers(values, 1), [expect], "{values:?}");
        check(&[-1.0, 0.5, 1.1], 0.0);
        check(&[0.9, 1.1], 0.0);
        check(&[4.3, 5.0, 7.9], 6.1);
        check(&[-2.0, 5.0], 0.0);
        check(&[1000.0, 1000.0], 1000.0);
        check(&[1e30, 2e30, f32::INFINITY], 0.0);
        check(&[], 0.0);
        assert_eq!(centers(&[4.0, 0.1, 8.0, 0.2], 2), [6.0, 0.0]);
        let plane = Plane::new(Axes::Inputs(0, 1), &[4.0, 0.1, 8.0, 0.2], 2, &[6.0, 0.0]);
        assert_eq!(plane.place(&[8.0, 0.2]), [2.0, 0.2]);
    }

    #[test]
    fn axes_fit_or_not() {
        let check =
            |axes: Axes, n_inputs, expect| assert_eq!(axes.fit(n_inputs), expect, "{axes:?}");
        check(Axes::default(), 1, true);
        check(Axes::Inputs(1, 0), 2, false);
        check(Axes::Inputs(3, 1), 4, true);
        check(Axes::Inputs(3, 3), 4, false);
        check(Axes::Inputs(4, 1), 4, false);
        check(Axes::Principal, 2, false);
        check(Axes::Principal, 3, true);
    }
}
