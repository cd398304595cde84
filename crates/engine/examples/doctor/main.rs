//! The Doctor against networks with a planted fault: does its first finding name the cause, does its first remedy
//! cure, and does it leave the healthy alone?
//!
//! `doctor CASES.json OUT.json [--only N]`, or `doctor --variants N SEED OUT.json` with cases of its own making.
//! `cargo xtask bench doctor` calls it; BENCH.md explains the table.

mod case;
mod score;
mod variants;

use std::process::ExitCode;
use std::sync::Mutex;

use case::Case;
use score::Score;
use serde_json::{Value, json};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (cases, out) = match args[..] {
        ["--variants", n, seed, out] => match (n.parse(), seed.parse()) {
            (Ok(n), Ok(seed)) => (variants::make(n, seed), out),
            _ => return fail("--variants N SEED OUT.json: two whole numbers and a path"),
        },
        [cases, out, ..] => match case::read(cases) {
            Ok(cases) => (cases, out),
            Err(error) => return fail(&format!("{cases}: {error}")),
        },
        _ => return fail("doctor CASES.json OUT.json, or --variants N SEED OUT.json"),
    };
    let scores = in_threads(&cases, score::score);
    print!("{}", score::table(&cases, &scores));
    let all: Vec<Value> = cases.iter().zip(&scores).map(|(c, s)| s.json(c)).collect();
    let text = format!("{:#}\n", json!({ "cases": all, "table": score::summary(&cases, &scores) }));
    match std::fs::write(out, text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{out}: {error}")),
    }
}

fn fail(what: &str) -> ExitCode {
    eprintln!("doctor: {what}");
    ExitCode::FAILURE
}

/// Each case by one of as many threads as there are processors, in their order.
pub fn in_threads<T: Send>(cases: &[Case], of: impl Fn(&Case) -> T + Sync) -> Vec<T> {
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = Mutex::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                loop {
                    let at = {
                        let Ok(mut next) = next.lock() else { return };
                        *next += 1;
                        *next - 1
                    };
                    let Some(case) = cases.get(at) else { return };
                    let result = of(case);
                    if let Ok(mut done) = done.lock() {
                        done.push((at, result));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
