//! `cargo xtask test`: every check there is, in stages from quick to slow.

use crate::command::{Log, cargo, human, program, run};
use crate::setup::{self, Tools};
use crate::{interop, page, workspace};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// Packages that are also compiled for the browser.
const WASM_PACKAGES: &[&str] = &[
    "actiscope-page",
    "actiscope-vector",
    "actiscope-core",
    "actiscope-cpu",
    "actiscope-engine",
    "actiscope-bench",
];
const WASM: &str = "wasm32-unknown-unknown";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Format,
    Lint,
    LintWasm,
    Doc,
    Native,
    Wasm,
    Page,
    Browser,
    /// Not among those that run by themselves: it installs gigabytes.
    Interop,
}

const STAGES: &[Stage] = &[
    Stage::Format,
    Stage::Lint,
    Stage::LintWasm,
    Stage::Doc,
    Stage::Native,
    Stage::Wasm,
    Stage::Page,
    Stage::Browser,
];
const QUICK: &[Stage] = &[Stage::Format, Stage::Lint, Stage::Native];

pub struct Options {
    stages: Vec<Stage>,
    filter: Option<String>,
    /// What follows `--`, for Playwright: `--repeat-each=10`, `--update-snapshots`.
    for_browser: Vec<String>,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            stages: STAGES.to_vec(),
            filter: None,
            for_browser: Vec::new(),
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--interop" => options.stages = vec![Stage::Interop],
                "--quick" => options.stages = QUICK.to_vec(),
                "--only" => {
                    let name = crate::value_of(argument, &mut arguments)?;
                    options.stages = match Stage::named(&name)? {
                        Stage::Browser => vec![Stage::Page, Stage::Browser],
                        stage => vec![stage],
                    };
                }
                "--filter" => {
                    options.filter = Some(crate::value_of(argument, &mut arguments)?);
                }
                "--" => options.for_browser = arguments.by_ref().cloned().collect(),
                _ => return Err(crate::unknown_option(argument)),
            }
        }
        if !options.for_browser.is_empty() && !options.stages.contains(&Stage::Browser) {
            bail!("what follows -- is for the browser tests, which are not among the stages");
        }
        Ok(options)
    }
}

pub fn test(options: &Options) -> Result<()> {
    let names: Vec<&str> = options.stages.iter().map(|stage| stage.name()).collect();
    println!("test: {}", names.join(", "));
    // All that any stage needs, so that none fails for want of it after half an hour.
    let tools = setup::prepare(&pieces(&options.stages))?;
    let mut times = Vec::new();
    let n_stages = options.stages.len();
    for turn in turns(&options.stages) {
        let is_last = times.len() + turn.len() == n_stages;
        if is_last && !times.is_empty() {
            // Before the last stage, so that its runner's own summary ends the output.
            println!("\ntest: so far {}", summary(&times));
        }
        for (index, stage) in turn.iter().enumerate() {
            let number = times.len() + index + 1;
            println!("\ntest: stage {number} of {n_stages}: {}", stage.name());
        }
        let took = match *turn {
            [stage] => vec![timed(stage, || stage.run(&tools, options))?],
            _ => wasm_beside_page(&tools, options)?,
        };
        if !is_last {
            for (stage, time) in &took {
                println!("test: {} passed in {}", stage.name(), human(*time));
            }
        }
        times.extend(took);
    }
    Ok(())
}

/// What runs at a time: a stage, or the tests in WebAssembly with the page. Those keep one core busy, in the browser's
/// software adapter, and so does the page's linker.
fn turns(stages: &[Stage]) -> Vec<&[Stage]> {
    let is_pair = |pair: &[Stage]| *pair == [Stage::Wasm, Stage::Page];
    match stages.windows(2).position(is_pair) {
        None => stages.chunks(1).collect(),
        Some(at) => {
            let (before, pair) = stages.split_at(at);
            let (pair, after) = pair.split_at(2);
            (before.chunks(1).chain([pair]).chain(after.chunks(1))).collect()
        }
    }
}

/// The page is in view; what the tests in WebAssembly say follows when both have ended.
fn wasm_beside_page(tools: &Tools, options: &Options) -> Result<Vec<(Stage, Duration)>> {
    let log = Log::create(&workspace::target().join("test"), "wasm")?;
    println!("test: wasm and page side by side; what wasm says follows");
    let (wasm, page) = std::thread::scope(|scope| {
        let wasm = scope.spawn(|| {
            timed(Stage::Wasm, || {
                let tests = wasm_tests(tools, options.filter.as_deref())?;
                tests.map_or(Ok(()), |mut tests| log.run(&mut tests))
            })
        });
        let page = timed(Stage::Page, || Stage::Page.run(tools, options));
        (wasm.join(), page)
    });
    print!("{}", log.text());
    let wasm = wasm.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    Ok(vec![wasm?, page?])
}

fn timed(stage: Stage, run: impl FnOnce() -> Result<()>) -> Result<(Stage, Duration)> {
    let start = Instant::now();
    run().with_context(|| format!("the stage `{}` failed", stage.name()))?;
    Ok((stage, start.elapsed()))
}

fn summary(times: &[(Stage, Duration)]) -> String {
    let each: Vec<String> = times
        .iter()
        .map(|(stage, time)| format!("{} {}", stage.name(), human(*time)))
        .collect();
    each.join(", ")
}

fn pieces(stages: &[Stage]) -> Vec<setup::Piece> {
    setup::ALL
        .iter()
        .copied()
        .filter(|piece| stages.iter().any(|stage| stage.pieces().contains(piece)))
        .collect()
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Lint => "lint",
            Self::LintWasm => "lint-wasm",
            Self::Doc => "doc",
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::Page => "page",
            Self::Browser => "browser",
            Self::Interop => "interop",
        }
    }

    fn named(name: &str) -> Result<Self> {
        let found = STAGES.iter().copied().find(|stage| stage.name() == name);
        found.with_context(|| {
            let names: Vec<&str> = STAGES.iter().map(|stage| stage.name()).collect();
            format!("there is no stage `{name}`; there are {}", names.join(", "))
        })
    }

    fn pieces(self) -> &'static [setup::Piece] {
        match self {
            Self::Format | Self::Lint | Self::Doc | Self::Interop => &[],
            // A native test may compile its WebAssembly twin, to compare the two.
            Self::Native => &[setup::Piece::WasmTarget, setup::Piece::Vulkan],
            Self::LintWasm => &[setup::Piece::WasmTarget],
            Self::Wasm => &[
                setup::Piece::WasmTarget,
                setup::Piece::WasmBindgen,
                setup::Piece::NodeModules,
                setup::Piece::Chromium,
                setup::Piece::ChromeDriver,
            ],
            Self::Page => setup::PAGE,
            Self::Browser => &[setup::Piece::NodeModules, setup::Piece::Chromium],
        }
    }

    fn run(self, tools: &Tools, options: &Options) -> Result<()> {
        let filter = options.filter.as_deref();
        match self {
            Self::Format => run(cargo().args(["fmt", "--all", "--check"])),
            Self::Lint => run(cargo()
                .args(["clippy", "--workspace", "--all-targets"])
                .args(["--features", "actiscope-page/gallery"])
                .args(["--", "-D", "warnings"])),
            Self::LintWasm => run(cargo()
                .arg("clippy")
                .args(WASM_PACKAGES.iter().flat_map(|package| ["-p", package]))
                .args(["--target", WASM, "--lib", "--bins"])
                .args(["--", "-D", "warnings"])),
            Self::Doc => run(cargo()
                .args([
                    "doc",
                    "--workspace",
                    "--no-deps",
                    "--lib",
                    "--document-private-items",
                ])
                // The documentation is read with its private parts, and links to them.
                .env(
                    "RUSTDOCFLAGS",
                    "-D warnings -A rustdoc::private_intra_doc_links",
                )),
            Self::Native => run(cargo()
                .args(["test", "--workspace"])
                // It has no tests, and is compiled for the page.
                .args(["--exclude", "xtask-bind"])
                .args(filter)
                // Mesa's driver complains where there is none, and needs nothing of it.
                .env("XDG_RUNTIME_DIR", runtime_folder())),
            Self::Wasm => wasm_tests(tools, filter)?.map_or(Ok(()), |mut tests| run(&mut tests)),
            Self::Page => page::run_trunk(tools),
            Self::Browser => browser_tests(tools, filter, &options.for_browser),
            Self::Interop => interop::test(filter),
        }
    }
}

/// The command that runs the packages' test targets whose names begin with `wasm`, in a browser's worker or in
/// Node.js, as each asks for; none where there are none.
fn wasm_tests(tools: &Tools, filter: Option<&str>) -> Result<Option<Command>> {
    let mut packages = Vec::new();
    for name in ["core", "engine"] {
        let tests = workspace::root().join("crates").join(name).join("tests");
        if !files(&tests, |file| file.starts_with("wasm"))?.is_empty() {
            packages.push(format!("actiscope-{name}"));
        }
    }
    if packages.is_empty() {
        println!("test: there are no tests named crates/*/tests/wasm*.rs");
        return Ok(None);
    }
    let driver = tools
        .chrome_driver
        .as_ref()
        .context("the set-up found no driver of the browser")?;
    let mut tests = cargo();
    tests
        .args(["test", "--target", WASM, "--test", "wasm*"])
        .args(packages.iter().flat_map(|package| ["-p", package]))
        .args(filter)
        .env("PATH", tools.path()?)
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities(tools)?)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "900")
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            "wasm-bindgen-test-runner",
        );
    Ok(Some(tests))
}

/// What the driver is to start: the engine's own wishes, and the browser that was found.
fn capabilities(tools: &Tools) -> Result<PathBuf> {
    let path = workspace::root().join("crates/engine/webdriver.json");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let mut wishes: Value =
        serde_json::from_str(&text).with_context(|| format!("{}", path.display()))?;
    wishes["goog:chromeOptions"]["binary"] = json!(tools.chromium);
    let path = workspace::target().join("webdriver.json");
    std::fs::write(&path, format!("{wishes:#}\n"))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Runs tests/e2e over dist/ with Playwright, whose own options follow.
fn browser_tests(tools: &Tools, filter: Option<&str>, options: &[String]) -> Result<()> {
    let chromium = tools
        .chromium
        .as_ref()
        .context("the set-up found no Chromium")?;
    run(program("node")
        .current_dir(workspace::root().join("tests"))
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .args(filter.map(|text| format!("--grep={text}")))
        .args(options)
        .env("CHROMIUM", chromium)
        .envs(
            tools
                .headless_shell
                .as_ref()
                .map(|shell| ("HEADLESS_SHELL", shell)),
        ))
}

/// Where programs of this user meet.
fn runtime_folder() -> std::ffi::OsString {
    std::env::var_os("XDG_RUNTIME_DIR").unwrap_or_else(|| std::env::temp_dir().into())
}

/// The files of a folder whose name passes, sorted; none where there is no folder.
fn files(folder: &std::path::Path, keep: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .file_name()
            .is_some_and(|name| keep(&name.to_string_lossy()))
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::{Options, Stage, turns};

    fn parse(text: &str) -> Result<Options, String> {
        let arguments: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        Options::parse(&arguments).map_err(|error| error.to_string())
    }

    #[test]
    fn stages_are_chosen() {
        assert_eq!(parse("").unwrap().stages.len(), 8);
        assert_eq!(parse("--interop").unwrap().stages, [Stage::Interop]);
        assert!(!parse("--quick").unwrap().stages.contains(&Stage::Page));
        assert_eq!(
            parse("--only browser").unwrap().stages,
            [Stage::Page, Stage::Browser]
        );
        let options = parse("--only native --filter philox").unwrap();
        assert_eq!(options.stages, [Stage::Native]);
        assert_eq!(options.filter.as_deref(), Some("philox"));
    }

    #[test]
    fn the_tests_in_webassembly_run_beside_the_page() {
        let names = |text: &str| {
            let stages = parse(text).unwrap().stages;
            let turn = |turn: &&[Stage]| turn.iter().map(|stage| stage.name()).collect::<Vec<_>>();
            let turns: Vec<_> = turns(&stages).iter().map(turn).collect();
            turns
                .iter()
                .map(|turn| turn.join("+"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            names(""),
            "format lint lint-wasm doc native wasm+page browser"
        );
        assert_eq!(names("--only wasm"), "wasm");
        assert_eq!(names("--only browser"), "page browser");
    }

    #[test]
    fn what_follows_two_dashes_is_playwrights() {
        let options = parse("--only browser --filter Atlas -- --repeat-each=10 -x").unwrap();
        assert_eq!(options.filter.as_deref(), Some("Atlas"));
        assert_eq!(options.for_browser, ["--repeat-each=10", "-x"]);
        let error = parse("--only native -- --repeat-each=10").err().unwrap();
        assert!(error.contains("browser tests"), "{error}");
    }

    #[test]
    fn an_unknown_stage_is_refused_with_the_known_ones() {
        let error = parse("--only browsers").err().unwrap();
        assert!(error.contains("no stage `browsers`"), "{error}");
        assert!(error.contains("browser"), "{error}");
    }
}
