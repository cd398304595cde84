//! `actiscope`: the engine from a shell.
//!
//! Prints JSON on standard output and messages on standard error. Exits 0, or 2 with one line that says
//! what is wrong; 1 where `health --fail-on` finds what it names.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;

mod args;
mod case;
mod compare;
mod cpu;
mod doctor;
mod eval;
mod export;
mod failure;
mod fleet;
mod function;
mod gpu;
mod health;
mod input;
mod lesson;
mod metrics;
mod run;
mod saved;
mod scenario;
mod sweep;
mod train;

use args::{Args, Command};
use failure::Failure;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) if error.use_stderr() => return fail(&Failure::from(error)),
        Err(help) => {
            // Help and version are what was asked for. If standard output is gone, nobody reads them.
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    let mut code = ExitCode::SUCCESS;
    let answer = match args.command {
        Command::Eval(args) => eval::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Health(args) => health::run(&args).map(|(answer, ending)| {
            code = ending;
            answer
        }),
        Command::Metrics(args) => metrics::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Sweep(args) => sweep::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Lesson(args) => lesson::run(&args),
        Command::Export(args) => export::run(&args),
    };
    match answer {
        Ok(answer) => match writeln!(std::io::stdout(), "{answer}") {
            // A reader that has read enough, as `head` does, is no failure.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                fail(&Failure::new(error.to_string()).at("standard output"))
            }
            _ => code,
        },
        Err(failure) => fail(&failure),
    }
}

fn fail(failure: &Failure) -> ExitCode {
    eprintln!("actiscope: {failure}");
    ExitCode::from(2)
}
