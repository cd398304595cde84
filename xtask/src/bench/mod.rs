//! `cargo xtask bench`: this project's engines and their peers, measured in turns in one run.
//!
//! What each contender does is in `bench/`; `bench/run.mjs` measures. Here everything is made ready,
//! planned, and told as one table.

mod budget;
mod doctor;
mod machine;
mod page;
mod plan;
mod prepare;
mod results;
mod scale;
mod table;

use crate::command::{cargo, human, program, run};
use crate::workspace;
use anyhow::{Context, Result};
use plan::Plan;
use prepare::Ready;
use results::Results;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Instant;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Web,
    Native,
    Scale,
    Criterion,
    /// Only if it is named: it takes minutes and measures no engine.
    Page,
    /// Only if it is named: it measures no speed.
    Doctor,
}

const PARTS: &[Part] = &[
    Part::Web,
    Part::Native,
    Part::Scale,
    Part::Criterion,
    Part::Page,
    Part::Doctor,
];

pub struct Options {
    parts: Vec<Part>,
    /// Let the browser take the machine's GPU instead of the software adapter.
    hardware: bool,
    /// Install PyTorch too, which takes gigabytes.
    with_torch: bool,
    /// Windows measured of each contender.
    n_rounds: u32,
    /// How long the page's heap is watched.
    heap_minutes: u32,
    /// Of the page, the measures with this in their names; all if it is empty.
    only: String,
    /// Cases that the Doctor's bench makes at random.
    n_variants: u32,
    /// What they are drawn by.
    variants_seed: u32,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            parts: Vec::new(),
            hardware: false,
            with_torch: false,
            n_rounds: 7,
            heap_minutes: 30,
            only: String::new(),
            n_variants: 60,
            variants_seed: 1,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--hardware" => options.hardware = true,
                "--with-torch" => options.with_torch = true,
                "--rounds" => {
                    let value = crate::value_of(argument, &mut arguments)?;
                    options.n_rounds = number(&value, "rounds")?;
                }
                "--minutes" => {
                    let value = crate::value_of(argument, &mut arguments)?;
                    options.heap_minutes = number(&value, "minutes")?;
                }
                "--only" => options.only = crate::value_of(argument, &mut arguments)?,
                "--variants" => {
                    let value = crate::value_of(argument, &mut arguments)?;
                    options.n_variants = number(&value, "variants")?;
                }
                "--seed" => {
                    let value = crate::value_of(argument, &mut arguments)?;
                    options.variants_seed = number(&value, "seed")?;
                }
                name => match PARTS.iter().find(|part| part.name() == name) {
                    Some(&part) => options.parts.push(part),
                    None => return Err(crate::unknown_option(argument)),
                },
            }
        }
        if options.parts.is_empty() {
            options.parts = PARTS[..4].to_vec();
        }
        Ok(options)
    }

    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}

fn number(value: &str, what: &str) -> Result<u32> {
    let number = value.parse().ok().filter(|n| (1..=1000).contains(n));
    number.with_context(|| format!("`{value}` is not a number of {what}"))
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Native => "native",
            Self::Scale => "scale",
            Self::Criterion => "criterion",
            Self::Page => "page",
            Self::Doctor => "doctor",
        }
    }
}

pub fn bench(options: &Options) -> Result<()> {
    if options.has(Part::Web) || options.has(Part::Native) || options.has(Part::Scale) {
        let ready = prepare::prepare(options)?;
        let about = machine::about(&ready.peaks);
        println!("\n{}", machine::describe(&about));
        if options.has(Part::Web) || options.has(Part::Native) {
            compare(options, &ready, &about)?;
        }
        if options.has(Part::Scale) {
            grow(options, &ready, &about)?;
        }
    }
    if options.has(Part::Criterion) {
        println!("\nbench: criterion, about 5 minutes after its build of some minutes");
        run(cargo()
            .args(["bench", "-p", "actiscope-core", "-p", "actiscope-engine"])
            .args(["--bench", "*"]))?;
    }
    if options.has(Part::Page) {
        page::measure(options)?;
    }
    if options.has(Part::Doctor) {
        doctor::measure(options)?;
    }
    Ok(())
}

/// The networks of the budgets on every contender.
fn compare(options: &Options, ready: &Ready, about: &Value) -> Result<()> {
    let networks = include_str!("../../../bench/networks.json");
    let networks: Value = serde_json::from_str(networks).context("bench/networks.json")?;
    let plan = Plan::of_comparison(options, &networks)?;
    let results = measure("compare", &plan, ready)?;
    let verdicts = budget::verdicts(&results);
    println!("{}", table::of_results(&results, &networks));
    println!("{}", table::of_verdicts(&verdicts));
    write("bench", about, &results, table::verdicts_json(&verdicts))
}

/// Time against width, depth, batch and lanes.
fn grow(options: &Options, ready: &Ready, about: &Value) -> Result<()> {
    let plan = Plan::of_scale(options);
    let results = measure("scale", &plan, ready)?;
    println!("{}", scale::table(&results, options.hardware));
    write("scale", about, &results, Value::Null)
}

fn measure(name: &str, plan: &Plan, ready: &Ready) -> Result<Results> {
    let folder = prepare::folder();
    let plan_path = folder.join(format!("{name}-plan.json"));
    let raw_path = folder.join(format!("{name}-raw.json"));
    std::fs::write(&plan_path, format!("{:#}\n", plan.json(ready)))
        .with_context(|| format!("cannot write {}", plan_path.display()))?;
    println!(
        "\nbench: {} rows, about {}",
        plan.n_rows(),
        human(plan.takes())
    );
    let start = Instant::now();
    run(program("node")
        .arg(workspace::root().join("bench/run.mjs"))
        .args([&plan_path, &raw_path]))?;
    println!("bench: measured in {}", human(start.elapsed()));
    let raw = std::fs::read_to_string(&raw_path)
        .with_context(|| format!("cannot read {}", raw_path.display()))?;
    Results::parse(&raw)
}

/// Writes what was measured to `target/bench/NAME.json`.
fn write(name: &str, about: &Value, results: &Results, budgets: Value) -> Result<()> {
    let path: PathBuf = prepare::folder().join(format!("{name}.json"));
    let all = json!({
        "machine": about,
        "page": results.page,
        "rows": results.json(),
        "budgets": budgets,
    });
    std::fs::write(&path, format!("{all:#}\n"))
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!("bench: written to {}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Options, PARTS, Part};

    fn parse(text: &str) -> Result<Options, String> {
        let arguments: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        Options::parse(&arguments).map_err(|error| error.to_string())
    }

    #[test]
    fn parts_and_options_are_read() {
        assert_eq!(parse("").unwrap().parts, PARTS[..4]);
        assert_eq!(parse("page --minutes 2").unwrap().heap_minutes, 2);
        let options = parse("web scale --hardware --rounds 3").unwrap();
        assert_eq!(options.parts, [Part::Web, Part::Scale]);
        assert!(options.hardware && !options.with_torch);
        assert_eq!(options.n_rounds, 3);
    }

    #[test]
    fn wrong_options_are_named() {
        for (text, part) in [
            ("wob", "unknown option `wob`"),
            ("--rounds", "--rounds needs a value"),
            ("--rounds 0", "`0` is not a number of rounds"),
        ] {
            let error = parse(text).err().unwrap();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
