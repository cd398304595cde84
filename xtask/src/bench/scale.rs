//! Time a step against the size of the work, one size at a time.

use super::plan::{BROWSER_CPU, BROWSER_GPU, NATIVE_CPU_1, NATIVE_GPU};
use super::results::Results;
use super::table::{aligned, number};
use serde_json::{Value, json};

/// Engines that are measured, with their headings. Those of the GPU on hardware only: a software adapter
/// takes minutes, and the page does not train on it.
pub fn contenders(hardware: bool) -> &'static [(&'static str, &'static str)] {
    const ALL: &[(&str, &str)] = &[
        (NATIVE_CPU_1, "native, 1 thread"),
        (BROWSER_CPU, "browser"),
        (NATIVE_GPU, "native, GPU"),
        (BROWSER_GPU, "browser, GPU"),
    ];
    if hardware { ALL } else { &ALL[..2] }
}

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

    /// Time of a step, and of each parameter, sample and lane in it.
    fn cells(self, results: &Results, contender: &str) -> [String; 2] {
        let n_lanes = match self.axis {
            Axis::Lanes => self.size,
            _ => 1,
        };
        match results.rates(contender, &self.id()) {
            Ok(rates) => {
                let seconds = n_lanes as f64 / rates.best();
                let each = seconds * 1e12 / self.n_meetings() as f64;
                [
                    format!("{} µs", number(seconds * 1e6)),
                    format!("({})", number(each)),
                ]
            }
            Err(why) => ["-".to_owned(), why],
        }
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

pub fn table(results: &Results, hardware: bool) -> String {
    let mut text = String::from(
        "\ntime of a step; 2-16-16-1 tanh, batch 32, one lane, but for what grows; in brackets\n\
         picoseconds for each parameter, sample and lane\n",
    );
    let contenders = contenders(hardware);
    for (axis, sizes) in AXES {
        let mut heading = vec![axis.name().to_owned()];
        heading.extend(
            contenders
                .iter()
                .flat_map(|(_, title)| [(*title).to_owned(), String::new()]),
        );
        let mut rows = vec![heading];
        for &size in *sizes {
            let point = Point { axis: *axis, size };
            let mut row = vec![size.to_string()];
            row.extend(
                contenders
                    .iter()
                    .flat_map(|(name, _)| point.cells(results, name)),
            );
            rows.push(row);
        }
        let right: Vec<usize> = (0..=2 * contenders.len()).collect();
        text.push('\n');
        text.push_str(&aligned(&rows, &right));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Axis, Point, Results, points};

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
    fn a_step_of_a_population_is_of_all_its_lanes() {
        let raw = r#"{ "page": null, "rows": [{ "part": "scale", "contender": "cpu-1",
            "network": "lanes 4", "rates": [1000, 2000], "note": "" }] }"#;
        let results = Results::parse(raw).unwrap();
        let point = Point {
            axis: Axis::Lanes,
            size: 4,
        };
        // 4 lanes at 2,000 lane-steps/s; 4 x 337 parameters x 32 samples.
        assert_eq!(point.cells(&results, "cpu-1"), ["2,000 µs", "(46,400)"]);
        assert_eq!(point.cells(&results, "gpu")[0], "-");
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
