//! `cargo xtask bench doctor`: the Doctor against networks with a planted fault. Does its first finding name the cause,
//! does its first remedy cure, and does it leave the healthy alone?
//!
//! | file | holds |
//! |---|---|
//! | [`shell`] | `actiscope`, asked as anybody would ask it |
//! | [`case`] | a case: a scenario, its cause, and what a healthy network reaches |
//! | [`variants`] | cases made at random, of other kinds than those of the file |
//! | [`score`] | what is said of a case, judged, and the table |
//!
//! BENCH.md explains the table and holds that of the Doctor before.

mod case;
mod score;
mod shell;
mod variants;

use super::{Options, prepare};
use crate::command::human;
use crate::workspace;
use anyhow::{Context, Result};
use case::Case;
use score::Score;
use serde_json::{Value, json};
use shell::Shell;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

/// Cases with a known cause; `$ACTISCOPE_CASES` names another file.
const CASES: &str = "bench/doctor/cases.json";

pub fn measure(options: &Options) -> Result<()> {
    let shell = Shell::find()?;
    let path = std::env::var_os("ACTISCOPE_CASES").map(PathBuf::from);
    let path = path.unwrap_or_else(|| workspace::root().join(CASES));
    let cases = case::read(&path)?;
    println!(
        "\nbench: the Doctor, {} cases of {}",
        cases.len(),
        path.display()
    );
    examine(&shell, "doctor", &cases)?;

    let (n, seed) = (options.n_variants, options.variants_seed);
    println!("\nbench: the Doctor, {n} cases at random (seed {seed})");
    let drafts = variants::drafts(n, seed);
    let cases = in_threads(&drafts, |draft| draft.grow(&shell))?;
    let cases: Vec<Case> = cases.into_iter().flatten().collect();
    println!(
        "bench: {} of {n} are fit: healthy ones learn, sick ones fail",
        cases.len()
    );
    examine(&shell, "doctor-variants", &cases)
}

fn examine(shell: &Shell, name: &str, cases: &[Case]) -> Result<()> {
    let start = Instant::now();
    let scores = in_threads(cases, |case| Score::of(shell, case))?;
    println!("{}", score::table(&scores));
    let folder = prepare::folder();
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    let path = folder.join(format!("{name}.json"));
    let all: Vec<Value> = scores.iter().map(Score::json).collect();
    let all = json!({ "table": score::summary(&scores), "cases": all });
    std::fs::write(&path, format!("{all:#}\n"))
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!(
        "bench: written to {}; took {}",
        path.display(),
        human(start.elapsed())
    );
    Ok(())
}

/// Each by one of as many threads as there are processors; the answers in the order of what was asked.
fn in_threads<T: Sync, U: Send>(all: &[T], of: impl Fn(&T) -> Result<U> + Sync) -> Result<Vec<U>> {
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = Mutex::new(0..all.len());
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                while let Some(at) = next.lock().ok().and_then(|mut next| next.next()) {
                    let answer = of(&all[at]);
                    if let Ok(mut done) = done.lock() {
                        done.push((at, answer));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answer)| answer).collect()
}
