//! The developer's only door. Each command installs what it needs first, so that a fresh clone on
//! a fresh machine takes one command to a running page and one to a finished test run.

mod artifact;
mod bench;
mod command;
mod interop;
mod optimize;
mod page;
mod post_build;
mod programs;
mod serve;
mod setup;
mod split;
mod test;
mod workspace;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask <command> [options]

  serve [--release] [--port N] [--open]
        Builds the page, serves it at 127.0.0.1 and rebuilds it on every change.
  test [--quick] [--interop] [--only STAGE] [--filter TEXT] [-- PLAYWRIGHT'S OPTIONS]
        Runs every check and every test; stops at the first stage that fails.
        --quick   format, lints and native tests only
        --interop what leaves the page, run by PyTorch, Keras, scikit-learn, onnxruntime and TensorBoard, and
                  nothing else (installs them, some gigabytes)
        --only    one stage of: format, lint, lint-wasm, doc, native, wasm, page, browser
                  (browser builds the page first)
        --filter  only the tests whose name contains TEXT
        --        the rest goes to the browser tests: --repeat-each=10, --update-snapshots (takes the pictures anew)
  build
        Builds the page for publication into dist/.
  bench [web] [native] [scale] [criterion] [page] [doctor]
        [--rounds N] [--minutes N] [--only TEXT] [--hardware] [--with-torch] [--variants N] [--seed N]
        Measures the engines beside their peers (all parts but page and doctor if none is named) and
        prints ratios, the page beside an empty one, and the Doctor against networks with a planted
        fault; BENCH.md explains them. Installs the peers first.
        --rounds      windows measured of each contender, 7 if left out
        --minutes     for how long page watches the heap, 30 if left out
        --only        of page, the budgets with this in their names
        --hardware    lets the browser use the machine's GPU, not the software adapter
        --with-torch  installs PyTorch too (some gigabytes)
        --variants    cases that doctor makes at random, 60 if left out; --seed draws others
  setup
        Installs everything the other commands need, and nothing else.

Tools are installed in the user's cache folder (ACTISCOPE_CACHE overrides it), never in the clone.";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Err(error) = Task::parse(&arguments).and_then(Task::run) {
        eprintln!("\nxtask: {error:#}");
        std::process::exit(1);
    }
}

/// What was asked for, read whole before any of it is done.
enum Task {
    Serve(serve::Options),
    Test(test::Options),
    Build,
    Bench(bench::Options),
    Setup,
    /// Called by Trunk (see Trunk.toml), not by people.
    PostBuild,
    Help,
}

impl Task {
    fn parse(arguments: &[String]) -> Result<Self> {
        let Some((command, rest)) = arguments.split_first() else {
            bail!("a command is missing\n\n{USAGE}");
        };
        Ok(match command.as_str() {
            "serve" => Self::Serve(serve::Options::parse(rest)?),
            "test" => Self::Test(test::Options::parse(rest)?),
            "build" => no_arguments(rest).map(|()| Self::Build)?,
            "bench" => Self::Bench(bench::Options::parse(rest)?),
            "setup" => no_arguments(rest).map(|()| Self::Setup)?,
            "post-build" => no_arguments(rest).map(|()| Self::PostBuild)?,
            "help" | "--help" | "-h" => Self::Help,
            other => bail!("there is no command `{other}`\n\n{USAGE}"),
        })
    }

    fn run(self) -> Result<()> {
        match self {
            Self::Serve(options) => serve::serve(&options),
            Self::Test(options) => test::test(&options),
            Self::Build => page::build(),
            Self::Bench(options) => bench::bench(&options),
            Self::Setup => setup::prepare(setup::ALL).map(drop),
            Self::PostBuild => post_build::run_as_hook(),
            Self::Help => {
                println!("{USAGE}");
                Ok(())
            }
        }
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

#[cfg(test)]
mod tests {
    use super::Task;

    /// Every `cargo xtask ...` of a text: between backticks, or at the beginning of a line up to a comment or to
    /// two spaces; with a value for each word in capitals.
    fn commands(text: &str) -> Vec<Vec<String>> {
        const CALL: &str = "cargo xtask";
        let in_line = text.split('`').skip(1).step_by(2);
        let own_line = text.lines();
        let calls = in_line
            .chain(own_line)
            .filter_map(|text| text.strip_prefix(CALL));
        let value = |word: &str| match word {
            "STAGE" => "native".to_owned(),
            "TEXT" => "tanh".to_owned(),
            "N" => "3".to_owned(),
            word => word.to_owned(),
        };
        calls
            .filter_map(|call| call.trim_start().split("  ").next())
            .filter_map(|call| call.split('#').next())
            .map(|call| call.split_whitespace().map(value).collect::<Vec<_>>())
            .filter(|words| !words.is_empty())
            .collect()
    }

    #[test]
    fn commands_are_found() {
        let text = "Say `cargo xtask test --only STAGE` or\n```sh\ncargo xtask serve    # builds\n\
                    cargo xtask bench web native      the table\n```\n`cargo xtask` is the door.\n";
        let found: Vec<String> = commands(text).iter().map(|words| words.join(" ")).collect();
        for command in ["test --only native", "serve", "bench web native"] {
            assert!(
                found.iter().any(|found| found == command),
                "{command}: {found:?}"
            );
        }
    }

    /// What README and BENCH tell people to type is understood.
    #[test]
    fn commands_of_the_documents_are_understood() {
        for (name, text, at_least) in [
            ("README.md", include_str!("../../README.md"), 7),
            ("BENCH.md", include_str!("../../BENCH.md"), 5),
        ] {
            let commands = commands(text);
            assert!(commands.len() >= at_least, "{name}: {commands:?}");
            for words in commands {
                // `cargo xtask serve, test, build, bench` is a list of them.
                let words: Vec<String> = words.iter().map(|word| word.replace(',', "")).collect();
                if let Err(error) = Task::parse(&words) {
                    panic!("{name}: cargo xtask {}: {error:#}", words.join(" "));
                }
            }
        }
    }

    /// Each option that a document lists is one of the command it is listed under.
    #[test]
    fn options_of_the_documents_are_understood() {
        let bench = include_str!("../../BENCH.md");
        let listed = bench.lines().filter_map(|line| line.strip_prefix("    --"));
        let listed: Vec<&str> = listed.filter_map(|line| line.split("  ").next()).collect();
        assert!(!listed.is_empty());
        for option in listed {
            let option = format!("bench --{}", option.replace(" N", " 3"));
            let words: Vec<String> = option.split(' ').map(str::to_owned).collect();
            if let Err(error) = Task::parse(&words) {
                panic!("BENCH.md: {option}: {error:#}");
            }
        }
    }
}
