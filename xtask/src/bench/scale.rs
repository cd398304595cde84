//! Time a step against the size of the work, one size at a time.

use super::plan::{BROWSER_CPU, NATIVE_CPU_1};
use super::results::Results;
use super::table::{aligned, number};
use serde_json::{Value, json};

/// Engines that are measured: natively on one thread, and in a browser's worker.
pub const CONTENDERS: &[&str] = &[NATIVE_CPU_1, BROWSER_CPU];

/// What grows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Axis {
    Width,
    Depth,
    Batch,
    Lanes,
}

const AXES: &[(Axis, &[usize])] = &[
    (Axis::Width, &[1, 2, 4, 8, 16, 32, 64, 128]),
    (Axis::Depth, &[1, 2, 4, 8, 16, 32]),
    (Axis::Batch, &[1, 4, 8, 16, 64, 256, 1024]),
    (Axis::Lanes, &[1, 4, 16, 64, 256, 1024, 4096]),
];

/// A network whose size along one axis is `size`; along the others it is 2-16-16-1, batch 32, 1 lane.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    axis: Axis,
    size: usize,
}

pub fn points() -> impl Iterator<Item = Point> {
    let of_axis = |&(axis, sizes): &(Axis, &'static [usize])| {
        sizes.iter().map(move |&size| Point { axis, size })
    };
    AXES.iter().flat_map(of_axis)
}

impl Axis {
    fn name(self) -> &'static str {
        match self {
            Self::Width => "width",
            Self::Depth => "depth",
            Self::Batch => "batch",
            Self::Lanes => "lanes",
        }
    }
}

impl Point {
    pub fn id(self) -> String {
        format!("{} {}", self.axis.name(), self.size)
    }

    pub fn network(self) -> Value {
        let (mut hidden, mut batch_size, mut n_lanes) = (vec![16; 2], 32, 1);
        match self.axis {
            Axis::Width => hidden = vec![self.size; 2],
            Axis::Depth => hidden = vec![16; self.size],
            Axis::Batch => batch_size = self.size,
            Axis::Lanes => n_lanes = self.size,
        }
        json!({
            "hidden": hidden, "activation": "tanh", "batch_size": batch_size, "n_lanes": n_lanes,
            "n_samples": SAMPLES,
        })
    }

    /// Weights and biases of a lane.
    fn n_params(self) -> usize {
        let hidden = match self.axis {
            Axis::Width => vec![self.size; 2],
            Axis::Depth => vec![16; self.size],
            Axis::Batch | Axis::Lanes => vec![16; 2],
        };
        let inputs = [&[2], &hidden[..]].concat();
        let outputs = [&hidden[..], &[1]].concat();
        inputs
            .iter()
            .zip(&outputs)
            .map(|(n_in, n_out)| (n_in + 1) * n_out)
            .sum()
    }

    /// Times that a parameter meets a sample in a step.
    fn n_meetings(self) -> usize {
        let (batch_size, n_lanes) = match self.axis {
            Axis::Width | Axis::Depth => (32, 1),
            Axis::Batch => (self.size, 1),
            Axis::Lanes => (32, self.size),
        };
        self.n_params() * batch_size * n_lanes
    }
}

/// Enough for the largest batch.
const SAMPLES: usize = 2048;

pub fn table(results: &Results) -> String {
    let mut text = String::from(
        "\ntime of a step; 2-16-16-1 tanh, batch 32, one lane, but for what grows; in brackets\n\
         picoseconds for each parameter, sample and lane\n",
    );
    for (axis, sizes) in AXES {
        let mut rows =
            vec![[axis.name(), "native, 1 thread", "", "browser", ""].map(str::to_owned)];
        for &size in *sizes {
            let point = Point { axis: *axis, size };
            let [native, browser] = [NATIVE_CPU_1, BROWSER_CPU].map(|contender| {
                let n_lanes = if *axis == Axis::Lanes { size } else { 1 };
                match results.rates(contender, &point.id()) {
                    Ok(rates) => {
                        let seconds = n_lanes as f64 / rates.best();
                        let each = seconds * 1e12 / point.n_meetings() as f64;
                        (
                            format!("{} µs", number(seconds * 1e6)),
                            format!("({})", number(each)),
                        )
                    }
                    Err(why) => ("-".to_owned(), why),
                }
            });
            rows.push([size.to_string(), native.0, native.1, browser.0, browser.1]);
        }
        text.push('\n');
        text.push_str(&aligned(&rows, &[0, 1, 2, 3, 4]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Axis, Point, points};

    #[test]
    fn one_size_grows_at_a_time() {
        let network = Point {
            axis: Axis::Depth,
            size: 3,
        }
        .network();
        assert_eq!(network["hidden"], serde_json::json!([16, 16, 16]));
        assert_eq!(network["batch_size"], 32);
        let network = Point {
            axis: Axis::Lanes,
            size: 64,
        }
        .network();
        assert_eq!(network["n_lanes"], 64);
        let ids: std::collections::BTreeSet<String> = points().map(Point::id).collect();
        assert_eq!(ids.len(), points().count());
    }

    #[test]
    fn parameters_are_counted() {
        // 2-16-16-1: 48 + 272 + 17.
        let point = Point {
            axis: Axis::Batch,
            size: 10,
        };
        assert_eq!(point.n_params(), 337);
        assert_eq!(point.n_meetings(), 3370);
    }
}
