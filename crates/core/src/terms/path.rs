//! A way from an output back to a weight of the first layer: the factors that its gradient is a product of.

use super::Terms;

/// Which input, which unit of each hidden layer, which output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub input: usize,
    /// Of each hidden layer, then the output.
    pub units: Vec<usize>,
}

/// One factor of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    pub of: Link,
    pub value: f64,
}

/// What a factor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// What the loss begins with at the output.
    Error,
    /// The slope of what the loss squashes the output by.
    SquashSlope,
    /// From `input`, a unit of the layer below, to `unit` of `layer`.
    Weight {
        layer: usize,
        unit: usize,
        input: usize,
    },
    Slope {
        layer: usize,
        unit: usize,
    },
    /// gamma / SD of batch normalization.
    Norm {
        layer: usize,
        unit: usize,
    },
    /// What the weight of the first layer is multiplied by.
    Input(usize),
}

impl Factor {
    pub fn is_slope(&self) -> bool {
        matches!(self.of, Link::Slope { .. } | Link::SquashSlope)
    }
}

/// Slopes under this are told in the colour of trouble.
pub const LOW_SLOPE: f64 = 0.1;

/// Whether a slope lets hardly anything through.
pub fn is_low(slope: f64) -> bool {
    slope.abs() < LOW_SLOPE
}

/// The gradient of the weight at the path's end, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// Along the path.
    pub path: f64,
    /// What comes through each unit of the layer above the first, or each output, apart from the path itself; none
    /// where there is no other way.
    pub others: Vec<(usize, f64)>,
    /// What the samples of the batch add by mean and deviation; `None` without batch normalization.
    pub batch: Option<f64>,
    /// All of it: what backpropagation gives.
    pub sum: f64,
}

/// A factor of 0 ends a way as any other that goes through it: a little is left of it where ways are compared.
const LEAST: f64 = 1e-12;

impl Path {
    /// The way that carries most, of those through `through` (layer and unit) where that is given.
    pub fn strongest(terms: &Terms, through: Option<(usize, usize)>) -> Self {
        let size = |value: f64| match value.abs() {
            size if size > LEAST => size,
            _ => LEAST,
        };
        let is_open =
            |l: usize, j: usize| through.is_none_or(|(layer, unit)| l != layer || j == unit);
        let n = terms.layers.len();
        // How much comes to each unit at the most, and from which one above.
        let mut most: Vec<Vec<(f64, usize)>> = vec![Vec::new(); n];
        for l in (0..n).rev() {
            let units = terms.layers[l].iter().enumerate();
            let arrives = units.map(|(j, unit)| {
                if !is_open(l, j) {
                    return (0.0, 0);
                }
                let Some(above) = terms.layers.get(l + 1) else {
                    return (size(unit.d_z), 0);
                };
                let ways = above
                    .iter()
                    .zip(&most[l + 1])
                    .map(|(next, (most, _))| most * size(next.weights[j]));
                let (best, way) = first_largest(ways);
                let own = size(unit.slope) * unit.norm.map_or(1.0, |norm| size(norm.factor()));
                // Long ways in small steps would leave nothing to compare.
                ((best * own).max(f64::MIN_POSITIVE), way)
            });
            most[l] = arrives.collect();
        }
        let (_, first) = first_largest(most[0].iter().map(|(most, _)| *most));
        let mut units = vec![first];
        for l in 0..n - 1 {
            units.push(most[l][units[l]].1);
        }
        let (_, input) = first_largest(terms.x.iter().map(|x| size(*x)));
        Self { input, units }
    }

    /// Whether the network has such a path.
    pub fn is_of(&self, terms: &Terms) -> bool {
        let units = self.units.iter().zip(&terms.layers);
        self.units.len() == terms.layers.len()
            && self.input < terms.x.len()
            && units.into_iter().all(|(unit, layer)| *unit < layer.len())
    }

    /// What goes into the path's unit of a layer: a unit of the layer below, or an input.
    pub fn below(&self, layer: usize) -> usize {
        match layer.checked_sub(1) {
            Some(below) => self.units[below],
            None => self.input,
        }
    }

    /// From the output to the weight of the first layer: their product is the path's part of dL/dw.
    pub fn factors(&self, terms: &Terms) -> Vec<Factor> {
        let n = terms.layers.len();
        let output = self.units[n - 1];
        let of_output = &terms.layers[n - 1][output];
        let start = terms.made_of.factors(output, of_output.z, of_output.d_z);
        let links = [Link::Error, Link::SquashSlope];
        let start = links.into_iter().zip(start);
        let mut factors: Vec<Factor> = start.map(|(of, value)| Factor { of, value }).collect();
        for l in (1..n).rev() {
            let (unit, input) = (self.units[l], self.units[l - 1]);
            let below = &terms.layers[l - 1][input];
            factors.push(Factor {
                of: Link::Weight {
                    layer: l,
                    unit,
                    input,
                },
                value: terms.layers[l][unit].weights[input],
            });
            let (layer, unit) = (l - 1, input);
            factors.push(Factor {
                of: Link::Slope { layer, unit },
                value: below.slope,
            });
            factors.extend(below.norm.map(|norm| Factor {
                of: Link::Norm { layer, unit },
                value: norm.factor(),
            }));
        }
        factors.push(Factor {
            of: Link::Input(self.input),
            value: terms.x[self.input],
        });
        factors
    }

    /// The gradient of the weight from the path's input to its first unit: this path, the others, and their sum.
    pub fn shares(&self, terms: &Terms) -> Shares {
        let product = |factors: &[Factor]| factors.iter().map(|factor| factor.value).product();
        let path: f64 = product(&self.factors(terms));
        let first = &terms.layers[0][self.units[0]];
        let x = terms.x[self.input];
        let rest = first.slope * first.norm.map_or(1.0, |norm| norm.factor()) * x;
        let n_ways_up: usize = terms.layers.iter().skip(2).map(Vec::len).product();
        let above = terms.layers.get(1).map_or(&[][..], |above| above);
        let others = above.iter().enumerate().filter_map(|(m, next)| {
            let whole = next.d_u_alone * next.weights[self.units[0]] * rest;
            match (m == self.units[1], n_ways_up) {
                (false, _) => Some((m, whole)),
                (true, 1) => None,
                (true, _) => Some((m, whole - path)),
            }
        });
        let others: Vec<(usize, f64)> = others.collect();
        // The first layer's weights are the first of all parameters. With batch normalization the other samples have their
        // part in it.
        let sum = terms.gradient[self.units[0] * first.weights.len() + self.input];
        let alone = first.d_u_alone * x;
        Shares {
            path,
            others,
            batch: first.norm.map(|_| sum - alone),
            sum,
        }
    }
}

/// The largest, and where it stands; the first of equals.
fn first_largest(values: impl Iterator<Item = f64>) -> (f64, usize) {
    values
        .enumerate()
        .fold((f64::NEG_INFINITY, 0), |best, (i, value)| {
            if value > best.0 { (value, i) } else { best }
        })
}
