//! What is to be measured: contenders, networks, and which of them on which.

use super::prepare::Ready;
use super::{Options, Part, scale};
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Where a contender is, and how it is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In the page.
    Page,
    /// The process of this name.
    Process(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub struct Contender {
    pub name: &'static str,
    place: Place,
    part: Part,
    /// Trains one lane where a population is asked for: its rate is that of this lane.
    has_one_lane: bool,
}

const fn page(name: &'static str) -> Contender {
    Contender {
        name,
        place: Place::Page,
        part: Part::Web,
        has_one_lane: false,
    }
}

const fn process(name: &'static str, process: &'static str, part: Part) -> Contender {
    Contender {
        name,
        place: Place::Process(process),
        part,
        has_one_lane: false,
    }
}

pub const BROWSER_CPU: &str = "actiscope-cpu";
pub const BROWSER_GPU: &str = "actiscope-gpu";
pub const CONVNETJS: &str = "convnetjs";
pub const NATIVE_CPU_2: &str = "cpu-2";
pub const NATIVE_GPU: &str = "gpu";
pub const NATIVE_NARROW: &str = "cpu-1-narrow";
pub const NATIVE_CPU_1: &str = "cpu-1";
/// On the CPU.
pub const JAX: &str = "jax";
pub const JAX_GPU: &str = "jax-gpu";
/// TensorFlow.js on each of its backends.
pub const TFJS: &[&str] = &["tfjs-cpu", "tfjs-wasm", "tfjs-webgl", "tfjs-webgpu"];

const CONTENDERS: &[Contender] = &[
    page(BROWSER_CPU),
    page(BROWSER_GPU),
    Contender {
        has_one_lane: true,
        ..page(CONVNETJS)
    },
    Contender {
        has_one_lane: true,
        ..page("brain.js")
    },
    page(TFJS[0]),
    page(TFJS[1]),
    page(TFJS[2]),
    page(TFJS[3]),
    // Measured beside the page's, for the budget that compares them.
    process(NATIVE_NARROW, "engine", Part::Web),
    process(NATIVE_CPU_1, "engine", Part::Native),
    process(NATIVE_CPU_2, "engine", Part::Native),
    process(NATIVE_GPU, "engine", Part::Native),
    process(JAX, "jax", Part::Native),
    process(JAX_GPU, "jax-gpu", Part::Native),
    process("pytorch", "torch", Part::Native),
];

/// One contender on one network.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Row {
    part: &'static str,
    contender: &'static str,
    network: String,
}

pub struct Plan {
    rows: Vec<Row>,
    /// With their ids, in the order in which they are measured.
    networks: Vec<(String, Value)>,
    window_ms: u32,
    n_rounds: u32,
    /// The browser's adapter.
    hardware: bool,
}

impl Plan {
    /// Every contender of the parts asked for on every network of `networks`, which are objects with
    /// an `id`.
    pub fn of_comparison(options: &Options, networks: &Value) -> Result<Self> {
        let networks: Vec<(String, Value)> = networks
            .as_array()
            .context("the networks are no array")?
            .iter()
            .map(|network| {
                let id = network["id"].as_str().context("a network has no id")?;
                Ok((id.to_owned(), network.clone()))
            })
            .collect::<Result<_>>()?;
        let contenders = CONTENDERS.iter().filter(|c| options.has(c.part));
        let rows = networks
            .iter()
            .flat_map(|(network, _)| {
                contenders.clone().map(|contender| Row {
                    part: contender.part.name(),
                    contender: contender.name,
                    network: network.clone(),
                })
            })
            .collect();
        Ok(Self {
            rows,
            networks,
            window_ms: 200,
            n_rounds: options.n_rounds,
            hardware: options.hardware,
        })
    }

    /// This project's engines on the networks of each axis.
    pub fn of_scale(options: &Options) -> Self {
        let networks: Vec<(String, Value)> = scale::points()
            .map(|point| (point.id(), point.network()))
            .collect();
        let row = |network: &String, contender| Row {
            part: Part::Scale.name(),
            contender,
            network: network.clone(),
        };
        let rows = networks
            .iter()
            .flat_map(|(network, _)| {
                let contenders = scale::contenders(options.hardware).iter();
                contenders.map(move |(name, _)| row(network, name))
            })
            .collect();
        Self {
            rows,
            networks,
            window_ms: 80,
            n_rounds: options.n_rounds,
            hardware: options.hardware,
        }
    }

    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// A row is warmed up for some windows, and measured for one in each round. Slow peers have longer
    /// windows, and choose their form first: twice as long in all, as was seen.
    pub fn takes(&self) -> Duration {
        let n_windows = 2 * self.rows.len() as u32 * (6 + self.n_rounds);
        Duration::from_millis(u64::from(n_windows) * u64::from(self.window_ms))
    }

    /// As `bench/run.mjs` reads it.
    pub fn json(&self, ready: &Ready) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| json!({ "part": row.part, "contender": row.contender, "network": row.network }))
            .collect();
        let networks: Map<String, Value> = self.networks.iter().cloned().collect();
        let contenders: Map<String, Value> = CONTENDERS
            .iter()
            .map(|contender| (contender.name.to_owned(), contender.json(ready)))
            .collect();
        json!({
            "chromium": ready.chromium,
            "gpu": if self.hardware { "hardware" } else { "software" },
            "out": ready.folder,
            "processes": ready.processes,
            "contenders": contenders,
            "rows": rows,
            "networks": networks,
            "window_ms": self.window_ms,
            "n_rounds": self.n_rounds,
        })
    }
}

impl Contender {
    fn json(&self, ready: &Ready) -> Value {
        match self.place {
            Place::Page => json!({ "page": true, "one_lane": self.has_one_lane }),
            Place::Process(name) => match ready.missing.get(name) {
                Some(reason) => json!({ "missing": reason }),
                None => json!({ "process": name }),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;
    use crate::bench::Options;
    use crate::bench::prepare::Ready;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    fn plan(arguments: &[&str]) -> Value {
        let arguments: Vec<String> = arguments.iter().map(|&a| a.to_owned()).collect();
        let options = Options::parse(&arguments).unwrap();
        let networks = json!([{ "id": "one", "n_lanes": 1 }, { "id": "two", "n_lanes": 2 }]);
        let ready = Ready {
            folder: PathBuf::from("/out"),
            chromium: None,
            peaks: Value::Null,
            processes: BTreeMap::new(),
            missing: BTreeMap::from([("jax", "there is no python3".to_owned())]),
        };
        Plan::of_comparison(&options, &networks)
            .unwrap()
            .json(&ready)
    }

    #[test]
    fn every_contender_of_the_part_meets_every_network() {
        let plan = plan(&["native"]);
        let rows: Vec<String> = plan["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| format!("{} {}", row["network"], row["contender"]).replace('"', ""))
            .collect();
        let expect = [
            "one cpu-1",
            "one cpu-2",
            "one gpu",
            "one jax",
            "one jax-gpu",
            "one pytorch",
            "two cpu-1",
            "two cpu-2",
            "two gpu",
            "two jax",
            "two jax-gpu",
            "two pytorch",
        ];
        assert_eq!(rows, expect);
    }

    #[test]
    fn what_is_missing_says_why() {
        let plan = plan(&["web"]);
        assert_eq!(
            plan["contenders"]["jax"]["missing"],
            json!("there is no python3")
        );
        assert_eq!(plan["contenders"]["convnetjs"]["one_lane"], json!(true));
        assert_eq!(plan["gpu"], json!("software"));
    }
}
