//! `compare`: lanes beside each other, each over several seeds.

use std::collections::BTreeSet;

use actiscope_core::compare::vary::{product, with_own_initializers};
use actiscope_core::compare::{self, Column, Comparison, LaneResult, PRESETS, Spread, Target};
use actiscope_core::protocol::{FleetNews, FleetProgress, FleetResults, FleetSpec, Part};
use actiscope_core::scenario::{Edit, Scenario, unknown_name};
use serde_json::{Map, Value, json};

use crate::args::Compare;
use crate::failure::Failure;
use crate::fleet::pool::{self, Outcome};
use crate::fleet::progress::Progress;
use crate::fleet::{check, interrupt, write};
use crate::input::number;
use crate::scenario;

pub fn run(args: &Compare) -> Result<Value, Failure> {
    let target = target(&args.target)?;
    let base = scenario::read(&args.scenario)?;
    let lanes = lanes(args, &base)?;
    let spec = compare::fleet(base, lanes, args.seeds, args.steps);
    check(&spec)?;
    let results = train(&spec, args)?;
    let comparison = Comparison::new(&spec, &results, target);
    if let Some(path) = &args.csv {
        write(path, comparison.table_csv().as_bytes())?;
    }
    if let Some(path) = &args.networks {
        write(path, comparison.seeds_csv().as_bytes())?;
    }
    if let Some(path) = &args.curves {
        write(path, comparison.curves_csv().as_bytes())?;
    }
    Ok(answer(&comparison, args))
}

fn lanes(args: &Compare, base: &Scenario) -> Result<Vec<Vec<Edit>>, Failure> {
    let failure = |flag: &str, error: compare::VaryError| Failure::new(error.to_string()).at(flag);
    let lanes = match &args.preset {
        Some(id) => {
            let preset = PRESETS.iter().find(|preset| preset.id == id);
            let preset = preset.ok_or_else(|| {
                let ids = PRESETS.iter().map(|preset| preset.id);
                Failure::new(unknown_name("preset", id, ids)).at("--preset")
            })?;
            preset
                .lanes(base)
                .map_err(|error| failure("--preset", error))?
        }
        None => {
            let mut lanes = vec![Vec::new()];
            for text in &args.vary {
                let others = compare::vary(base, text).map_err(|error| failure("--vary", error))?;
                lanes = product(&lanes, &others);
            }
            lanes
        }
    };
    Ok(match args.own_initializers {
        true => with_own_initializers(base, &lanes),
        false => lanes,
    })
}

fn target(text: &str) -> Result<Target, Failure> {
    match text.split_once(':') {
        Some(("accuracy", value)) => Ok(Target::Accuracy(number("--target", value)?)),
        Some(("loss", value)) => Ok(Target::Loss(number("--target", value)?)),
        None => Ok(Target::Loss(number("--target", text)?)),
        Some((what, _)) => {
            let text = format!("--target: there is no '{what}': choose loss or accuracy");
            Err(Failure::new(text))
        }
    }
}

fn train(spec: &FleetSpec, args: &Compare) -> Result<FleetResults, Failure> {
    let mut results = FleetResults::new(spec);
    interrupt::listen()?;
    let n_networks = spec.n_networks();
    let mut progress = Progress::new(n_networks, spec.n_steps, false);
    let nothing = BTreeSet::new();
    let outcome = pool::train(
        spec,
        args.engine,
        &nothing,
        &mut progress,
        &mut |measures| {
            let news = FleetNews {
                measures,
                progress: FleetProgress::default(),
            };
            results.take(Part::WHOLE, true, &news);
            Ok(())
        },
    )?;
    match outcome {
        Outcome::Done => Ok(results),
        Outcome::Interrupted => Err(Failure::new("interrupted: nothing was kept")),
    }
}

fn answer(comparison: &Comparison, args: &Compare) -> Value {
    let best = Column::ALL.iter().map(|&column| {
        let best = comparison.best(column);
        (column.key().to_owned(), json!(best))
    });
    json!({
        "target": comparison.target.words(),
        "seeds": args.seeds,
        "steps": args.steps,
        "lanes": comparison.lanes.iter().map(lane).collect::<Vec<_>>(),
        "best": best.collect::<Map<_, _>>(),
        "unlike": comparison.unlike,
    })
}

/// The median of each column, and under `quartiles` the first and third of each.
fn lane(lane: &LaneResult) -> Value {
    let spread = |column| lane.spread(column);
    let steps = spread(Column::Steps);
    let mut answer = Map::new();
    answer.insert("changes".into(), json!(lane.changes));
    answer.insert(
        "steps_to_target".into(),
        json!({
            "median": number_of(steps, |s| s.median),
            "q1": number_of(steps, |s| s.q1),
            "q3": number_of(steps, |s| s.q3),
            "reached": lane.n_reached(),
            "of": lane.seeds.len(),
        }),
    );
    let mut quartiles = Map::new();
    for column in Column::ALL
        .into_iter()
        .filter(|column| *column != Column::Steps)
    {
        let spread = spread(column);
        answer.insert(column.key().into(), number_of(spread, |s| s.median));
        let ends = [number_of(spread, |s| s.q1), number_of(spread, |s| s.q3)];
        quartiles.insert(column.key().into(), json!(ends));
    }
    answer.insert("quartiles".into(), Value::Object(quartiles));
    answer.insert("diverged".into(), json!(lane.n_diverged()));
    Value::Object(answer)
}

/// `null` for what there is not, and for what is infinite: a target that is never reached.
fn number_of(spread: Option<Spread>, part: fn(&Spread) -> f64) -> Value {
    json!(
        spread
            .map(|spread| part(&spread))
            .filter(|value| value.is_finite())
    )
}
