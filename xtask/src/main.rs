//! The developer's only door. Each command installs what it needs first, so that a fresh clone on
//! a fresh machine takes one command to a running page and one to a finished test run.

mod bench;
mod command;
mod page;
mod post_build;
mod serve;
mod setup;
mod shrink;
mod split;
mod test;
mod workspace;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask <command> [options]

  serve [--release] [--port N] [--open]
        Builds the page, serves it at 127.0.0.1 and rebuilds it on every change.
  test [--quick] [--only STAGE] [--filter TEXT] [-- PLAYWRIGHT'S OPTIONS]
        Runs every check and every test; stops at the first stage that fails.
        --quick   format, lints and native tests only
        --only    one stage of: format, lint, lint-wasm, doc, native, wasm, page, browser
                  (browser builds the page first)
        --filter  only the tests whose name contains TEXT
        --        the rest goes to the browser tests: --repeat-each=10, --update-snapshots (takes the pictures anew)
  build
        Builds the page for publication into dist/.
  bench [web] [native] [scale] [criterion] [page]
        [--rounds N] [--minutes N] [--hardware] [--with-torch]
        Measures the engines beside their peers (all parts but page if none is named) and prints
        ratios, and the page beside an empty one; BENCH.md explains them. Installs the peers first.
        --rounds      windows measured of each contender, 7 if left out
        --minutes     for how long page watches the heap, 30 if left out
        --hardware    lets the browser use the machine's GPU, not the software adapter
        --with-torch  installs PyTorch too (some gigabytes)
  setup
        Installs everything the other commands need, and nothing else.

Tools are installed in the user's cache folder (ACTISCOPE_CACHE overrides it), never in the clone.";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Err(error) = run(&arguments) {
        eprintln!("\nxtask: {error:#}");
        std::process::exit(1);
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        bail!("a command is missing\n\n{USAGE}");
    };
    match command.as_str() {
        "serve" => serve::serve(&serve::Options::parse(rest)?),
        "test" => test::test(&test::Options::parse(rest)?),
        "build" => no_arguments(rest).and_then(|()| page::build()),
        "bench" => bench::bench(&bench::Options::parse(rest)?),
        "setup" => no_arguments(rest).and_then(|()| setup::prepare(setup::ALL).map(drop)),
        // Called by `serve` and by Trunk (see Trunk.toml), not by people.
        "announce" => serve::announce(rest),
        "post-build" => no_arguments(rest).and_then(|()| post_build::run_as_hook()),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}

fn no_arguments(rest: &[String]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(argument) => bail!("unexpected argument `{argument}`\n\n{USAGE}"),
    }
}

/// The value that follows an option, or an error that names the option.
fn value_of(option: &str, arguments: &mut std::slice::Iter<'_, String>) -> Result<String> {
    match arguments.next() {
        Some(value) => Ok(value.clone()),
        None => bail!("{option} needs a value\n\n{USAGE}"),
    }
}

fn unknown_option(argument: &str) -> anyhow::Error {
    anyhow::anyhow!("unknown option `{argument}`\n\n{USAGE}")
}
