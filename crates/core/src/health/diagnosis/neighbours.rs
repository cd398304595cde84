//! What each sample's nearest neighbour says of it: whether the inputs tell the answers at all, whatever a network makes
//! of them. An error of the nearest neighbour is at most twice the least that anybody can reach (T. Cover and P. Hart,
//! "Nearest neighbor pattern classification", IEEE Transactions on Information Theory 13, 1967): where it guesses no
//! better than the base rate there is nothing to be learnt.

use super::words::short;
use super::{Column, Row};
use crate::data::{Dataset, TargetKind};
use serde::{Deserialize, Serialize};

/// Differences of two inputs that may be taken: some tens of milliseconds in a browser.
const WORK: usize = 12_000_000;
/// Of fewer samples nothing can be said.
const MIN_SAMPLES: usize = 8;
/// Share of right answers above that of one answer to everything from which on the inputs tell something.
const MORE_RIGHT: f64 = 0.1;
/// The neighbour's error over the deviation, below which they do. Of unrelated numbers it is the root of 2.
const LESS_ERROR: f64 = 1.0;

/// Each training sample answered with its nearest neighbour's target, that sample left out. Distances are in standard
/// deviations of each input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Neighbours {
    Classes {
        /// Share of right answers.
        right: f64,
        /// That of the commonest class given to everything.
        commonest: f64,
    },
    Numbers {
        /// Root mean square.
        error: f64,
        /// Standard deviation of the targets.
        deviation: f64,
    },
}

impl Neighbours {
    /// Of as many of the first training samples as the work allows; `None` where they are too few.
    pub fn of(data: &Dataset, inputs: &[Column]) -> Option<Self> {
        let d = data.n_inputs;
        let affordable = libm::sqrt((WORK / d.max(1)) as f64) as usize;
        let n = data.n_train().min(affordable);
        if n < MIN_SAMPLES || d == 0 {
            return None;
        }
        let per = |k: usize| match inputs.get(k).map_or(0.0, |column| column.std) {
            std if std > 0.0 => 1.0 / std,
            _ => 0.0,
        };
        let scale: Vec<f64> = (0..d).map(per).collect();
        let scaled = data.x_train[..n * d]
            .iter()
            .enumerate()
            .map(|(i, &x)| f64::from(x) * scale[i % d]);
        let x: Vec<f64> = scaled.collect();
        let y = &data.y_train[..n];
        let answers = (0..n).map(|i| f64::from(y[nearest(&x, d, i)]));
        Some(match data.target {
            TargetKind::Class { .. } => Self::of_classes(answers, y),
            TargetKind::Number => Self::of_numbers(answers, y),
        })
    }

    fn of_classes(answers: impl Iterator<Item = f64>, y: &[f32]) -> Self {
        let n = y.len() as f64;
        let right = answers.zip(y).filter(|(a, y)| *a == f64::from(**y));
        let count = |class: f32| y.iter().filter(|&&other| other == class).count();
        let most = y.iter().map(|&class| count(class)).max().unwrap_or(0);
        Self::Classes {
            right: right.count() as f64 / n,
            commonest: most as f64 / n,
        }
    }

    fn of_numbers(answers: impl Iterator<Item = f64>, y: &[f32]) -> Self {
        let n = y.len() as f64;
        let squares = answers.zip(y).map(|(a, &y)| {
            let off = a - f64::from(y);
            off * off
        });
        Self::Numbers {
            error: libm::sqrt(squares.sum::<f64>() / n),
            deviation: Column::new(String::new(), y.iter().map(|&y| f64::from(y))).std,
        }
    }

    /// Whether the inputs tell something of the answers.
    pub fn tell(self) -> bool {
        match self {
            Self::Classes { right, commonest } => {
                right >= commonest + MORE_RIGHT * (1.0 - commonest)
            }
            Self::Numbers { error, deviation } => error < LESS_ERROR * deviation,
        }
    }

    /// As evidence.
    pub fn row(self) -> Row {
        match self {
            Self::Classes { right, commonest } => Row::new(
                "right by the nearest neighbour",
                format!(
                    "{} %, by the commonest class {} %",
                    short(100.0 * right),
                    short(100.0 * commonest)
                ),
                "data",
            ),
            Self::Numbers { error, deviation } => Row::new(
                "error of the nearest neighbour",
                format!("{}, of the mean {}", short(error), short(deviation)),
                "data",
            ),
        }
    }

    /// What follows where nothing that was tried helps.
    pub fn says(self) -> &'static str {
        match (self.tell(), self) {
            (false, Self::Classes { .. }) => {
                " The nearest sample guesses no better than the commonest class: these inputs hardly tell the classes. \
                 Are the labels right, and is an input missing?"
            }
            (false, Self::Numbers { .. }) => {
                " The nearest sample guesses no better than the mean: these inputs hardly tell the targets. \
                 Are the targets right, and is an input missing?"
            }
            (true, _) => {
                " The nearest sample guesses better than one answer to everything: the inputs do tell something. \
                 A longer trial with more units may show it."
            }
        }
    }
}

/// The other sample that is nearest to sample `i`; the first of several.
fn nearest(x: &[f64], d: usize, i: usize) -> usize {
    let own = &x[i * d..(i + 1) * d];
    let mut best = (f64::INFINITY, i);
    for (j, other) in x.chunks_exact(d).enumerate() {
        let mut distance = 0.0;
        for (a, b) in own.iter().zip(other) {
            distance += (a - b) * (a - b);
        }
        if j != i && distance < best.0 {
            best = (distance, j);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::super::Start;
    use super::*;
    use crate::scenario::link::from_link;

    fn of(link: &str) -> Neighbours {
        let (scenario, problems) = from_link(link);
        assert!(problems.is_empty(), "{link}: {problems:?}");
        let start = Start::of(&scenario).expect("there are samples");
        start.neighbours.expect("there are enough samples")
    }

    #[test]
    fn inputs_that_tell_are_told_from_those_that_do_not() {
        let check = |link: &str, expect: bool| {
            let found = of(link);
            assert_eq!(found.tell(), expect, "{link}: {found:?}");
        };
        check("#v=1&d=moons", true);
        check("#v=1&d=xor", true);
        check("#v=1&d=sine&l=mse", true);
        // Answers that are drawn apart from the inputs.
        let mut noise = String::from("#v=1&d=csv&csv=a,b,y");
        let mut numbers = String::from("#v=1&d=csv&l=mse&csv=a,b,y");
        let mut state = 7_u64;
        let mut draw = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 40) as f64 / (1_u64 << 24) as f64
        };
        for _ in 0..200 {
            let (a, b, y) = (draw(), draw(), draw());
            noise.push_str(&format!("%0A{a:.4},{b:.4},{}", u8::from(y < 0.5)));
            numbers.push_str(&format!("%0A{a:.4},{b:.4},{y:.4}"));
        }
        check(&noise, false);
        check(&numbers, false);
    }

    #[test]
    fn it_is_the_nearest_in_standard_deviations() {
        // By raw distance the second input, a hundred times as wide and telling nothing, would decide.
        let mut csv = String::from("#v=1&d=csv&t=0&csv=a,b,y");
        for i in 0..40 {
            let wide = 100 * (i * 7 % 40);
            csv.push_str(&format!("%0A{},{wide},{}", f64::from(i % 2) * 50.0, i % 2));
        }
        let Neighbours::Classes { right, commonest } = of(&csv) else {
            panic!("the targets are classes")
        };
        assert_eq!((right, commonest), (1.0, 0.5));
    }
}
