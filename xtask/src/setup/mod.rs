//! Installs what a command needs and does not find. Every piece is looked for first, so that a
//! second run, or a second clone, installs nothing.

mod apt;
mod cargo_tools;
mod chromium;
mod debian;
mod node;
mod small_std;
mod std_source;
mod vulkan;
mod wasm_target;

use crate::command::{Log, human};
use crate::{programs, workspace};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Something that a command needs on the machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece {
    WasmTarget,
    /// std as the published page has it.
    SmallStd,
    /// What makes a page of what the compiler linked; see [`programs`].
    Programs,
    Trunk,
    WasmBindgen,
    Binaryen,
    /// Makes scripts and style sheets smaller.
    Esbuild,
    NodeModules,
    /// The peers of `cargo xtask bench`.
    BenchModules,
    Chromium,
    /// The same without windows, in which the browser tests take two thirds of the time.
    HeadlessShell,
    /// What drives the browser in wasm-bindgen's tests, of its very version.
    ChromeDriver,
    /// A driver for the native tests of the GPU engine.
    Vulkan,
}

/// What the debug page takes.
pub const DEBUG_PAGE: &[Piece] = &[Piece::WasmTarget];
/// What the release page takes.
pub const PAGE: &[Piece] = &[
    Piece::WasmTarget,
    Piece::SmallStd,
    Piece::Programs,
    Piece::Trunk,
    Piece::WasmBindgen,
    Piece::Binaryen,
    Piece::Esbuild,
];
/// What the whole test run takes; the bench installs its peers itself. Node's packages come first: they can fetch a Chromium.
pub const ALL: &[Piece] = &[
    Piece::WasmTarget,
    Piece::SmallStd,
    Piece::Programs,
    Piece::Trunk,
    Piece::WasmBindgen,
    Piece::Binaryen,
    Piece::Esbuild,
    Piece::NodeModules,
    Piece::Chromium,
    Piece::ChromeDriver,
    Piece::HeadlessShell,
    Piece::Vulkan,
];

/// Where the pieces were found.
#[derive(Default)]
pub struct Tools {
    folders: Vec<PathBuf>,
    /// The browser, once [`Piece::Chromium`] was asked for.
    pub chromium: Option<PathBuf>,
    /// The browser without windows, if there is one, once [`Piece::HeadlessShell`] was asked for.
    pub headless_shell: Option<PathBuf>,
    /// Its driver, once [`Piece::ChromeDriver`] was asked for.
    pub chrome_driver: Option<PathBuf>,
    /// The sysroot of the published page, if there is one.
    pub small_std: Option<PathBuf>,
}

impl Tools {
    /// A PATH on which the tools come before everything else.
    pub fn path(&self) -> Result<OsString> {
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned();
        std::env::join_paths(folders.chain(std::env::split_paths(&inherited)))
            .context("the tools' folders cannot be put on PATH")
    }
}

/// Finds the pieces, says which are missing, and installs these.
pub fn prepare(pieces: &[Piece]) -> Result<Tools> {
    let start = Instant::now();
    let labels = pieces.iter().map(|piece| piece.label());
    let labels: Vec<String> = labels.collect::<Result<_>>()?;
    println!("set-up: looking for {}", labels.join(", "));
    let found = pieces.iter().map(|piece| piece.find());
    let mut found: Vec<Option<PathBuf>> = found.collect::<Result<_>>()?;
    let missing: Vec<usize> = (0..pieces.len()).filter(|&i| found[i].is_none()).collect();
    if !missing.is_empty() {
        println!("set-up: these are missing, and are installed first:");
        for &i in &missing {
            println!("    {} ({})", labels[i], pieces[i].takes());
        }
    }
    for &i in &missing {
        found[i] = match install(pieces[i], &labels[i]) {
            Err(error) if pieces[i].is_optional() => {
                println!("set-up: going on without: {error:#}");
                None
            }
            installed => Some(installed?),
        };
    }
    let mut tools = Tools::default();
    for (&piece, found) in pieces.iter().zip(found) {
        match piece {
            // Asked for again: one that came with its driver is the better.
            Piece::Chromium => tools.chromium = piece.find()?,
            Piece::ChromeDriver => tools.chrome_driver = found,
            Piece::HeadlessShell => tools.headless_shell = found,
            Piece::SmallStd => tools.small_std = found,
            Piece::Trunk | Piece::WasmBindgen | Piece::Esbuild => {
                let folder = found.as_deref().and_then(Path::parent);
                tools.folders.extend(folder.map(Path::to_owned));
            }
            Piece::WasmTarget
            | Piece::Programs
            | Piece::Binaryen
            | Piece::NodeModules
            | Piece::BenchModules
            | Piece::Vulkan => {}
        }
    }
    println!("set-up: ready ({})", human(start.elapsed()));
    Ok(tools)
}

fn install(piece: Piece, label: &str) -> Result<PathBuf> {
    let _turn = take_turn()?;
    // Another clone may have installed it while this one waited.
    if let Some(found) = piece.find()? {
        return Ok(found);
    }
    println!("set-up: installing {label} ({})", piece.takes());
    let start = Instant::now();
    let log = Log::create(&workspace::cache()?.join("log"), piece.name())?;
    let by_hand = format!("To install it by hand: {}.", piece.by_hand());
    if let Err(error) = piece.install(&log) {
        bail!("{label} could not be installed: {error:#}\n\n{by_hand}");
    }
    let Some(found) = piece.find()? else {
        bail!("{label} was installed without an error, and yet it does not work.\n\n{by_hand}");
    };
    println!("set-up: {label} installed in {}", human(start.elapsed()));
    Ok(found)
}

impl Piece {
    fn name(self) -> &'static str {
        match self {
            Self::WasmTarget => "wasm-target",
            Self::SmallStd => "small-std",
            Self::Programs => "programs",
            Self::Trunk => "trunk",
            Self::WasmBindgen => "wasm-bindgen",
            Self::Binaryen => "binaryen",
            Self::Esbuild => "esbuild",
            Self::NodeModules => "node-modules",
            Self::BenchModules => "bench-modules",
            Self::Chromium => "chromium",
            Self::ChromeDriver => "chromedriver",
            Self::HeadlessShell => "headless-shell",
            Self::Vulkan => "vulkan",
        }
    }

    fn label(self) -> Result<String> {
        Ok(match self {
            Self::WasmTarget => "the wasm32-unknown-unknown target".to_owned(),
            Self::SmallStd => "a small std".to_owned(),
            Self::Programs => "wasm-bindgen and splitter of this workspace".to_owned(),
            Self::Trunk => format!("trunk {}", cargo_tools::TRUNK.version()?),
            Self::WasmBindgen => format!("wasm-bindgen {}", cargo_tools::WASM_BINDGEN.version()?),
            Self::Binaryen => format!("binaryen {}", node::BINARYEN.version),
            Self::Esbuild => format!("esbuild {}", node::ESBUILD.version),
            Self::NodeModules => "the packages of tests/".to_owned(),
            Self::BenchModules => "the packages of bench/".to_owned(),
            Self::Chromium => "Chromium".to_owned(),
            Self::ChromeDriver => "Chromium's driver".to_owned(),
            Self::HeadlessShell => "Chromium's headless shell".to_owned(),
            Self::Vulkan => "a Vulkan driver".to_owned(),
        })
    }

    /// Something takes its place, or the tests that need it say so themselves.
    fn is_optional(self) -> bool {
        matches!(self, Self::Vulkan | Self::SmallStd | Self::HeadlessShell)
    }

    /// How long installing takes on two cores.
    fn takes(self) -> &'static str {
        match self {
            Self::WasmTarget => "seconds with rustup, else about a minute",
            Self::SmallStd => "about half a minute",
            Self::Programs => "about 1 minute",
            Self::Trunk => "about 3 minutes where it has to be compiled",
            Self::WasmBindgen => "about 1 minute where it has to be compiled",
            Self::Binaryen
            | Self::Esbuild
            | Self::NodeModules
            | Self::BenchModules
            | Self::HeadlessShell
            | Self::Vulkan => "some seconds",
            Self::Chromium | Self::ChromeDriver => "about 1 minute",
        }
    }

    fn by_hand(self) -> &'static str {
        match self {
            Self::WasmTarget => {
                "`rustup target add wasm32-unknown-unknown`, or your distribution's package of \
                 that target for the same compiler, or set RUST_LIBRARY_TAR to a tar of the \
                 `library` folder of the compiler's own source"
            }
            Self::SmallStd => {
                "`rustup component add rust-src`, or set RUST_LIBRARY_TAR as for the target; without it \
                 the published page is a tenth larger than it may be"
            }
            Self::Programs => "`cargo build --package xtask-bind --package xtask-split` says why",
            Self::Trunk => "`cargo install trunk` in the version above, on PATH",
            Self::WasmBindgen => "`cargo install wasm-bindgen-cli` in the version above, on PATH",
            Self::Esbuild => "Node.js 20 or newer with npm, whose package `esbuild` it is",
            Self::Binaryen => "Node.js 20 or newer with npm, whose package `binaryen` it is",
            Self::NodeModules => "Node.js 20 or newer with npm, then `npm ci` in tests/",
            Self::BenchModules => "Node.js 20 or newer with npm, then `npm ci` in bench/",
            Self::Chromium => "Chromium or Chrome, on PATH or named by the variable CHROMIUM",
            Self::HeadlessShell => {
                "Debian's package chromium-headless-shell; without it the browser tests run in Chromium and \
                 take half as long again"
            }
            Self::ChromeDriver => {
                "the chromedriver of your browser's version (your distribution's chromium-driver, or its \
                 makers'), on PATH or named by the variable CHROMEDRIVER"
            }
            Self::Vulkan => {
                "your graphics card's Vulkan driver, or Mesa's software driver (the package \
                 mesa-vulkan-drivers); without one the tests of the GPU engine are skipped, or fail \
                 where the variable CI is set"
            }
        }
    }

    /// The program (or, for the target, its folder) if it is there and works.
    fn find(self) -> Result<Option<PathBuf>> {
        match self {
            Self::WasmTarget => wasm_target::find(),
            Self::SmallStd => small_std::find(),
            Self::Programs => programs::find(),
            Self::Trunk => cargo_tools::TRUNK.find(),
            Self::WasmBindgen => cargo_tools::WASM_BINDGEN.find(),
            Self::Binaryen => node::BINARYEN.find(),
            Self::Esbuild => node::ESBUILD.find(),
            Self::NodeModules => node::find_modules("tests"),
            Self::BenchModules => node::find_modules("bench"),
            Self::Chromium => chromium::find(),
            Self::ChromeDriver => chromium::find_driver(),
            Self::HeadlessShell => chromium::find_headless_shell(),
            Self::Vulkan => vulkan::find(),
        }
    }

    fn install(self, log: &Log) -> Result<()> {
        match self {
            Self::WasmTarget => wasm_target::install(log),
            Self::SmallStd => small_std::install(log),
            Self::Programs => programs::install(),
            Self::Trunk => cargo_tools::TRUNK.install(log),
            Self::WasmBindgen => cargo_tools::WASM_BINDGEN.install(log),
            Self::Binaryen => node::BINARYEN.install(log),
            Self::Esbuild => node::ESBUILD.install(log),
            Self::NodeModules => node::install_modules(log, "tests"),
            Self::BenchModules => node::install_modules(log, "bench"),
            Self::Chromium => chromium::install(log),
            Self::ChromeDriver => chromium::install_driver(log),
            Self::HeadlessShell => chromium::install_headless_shell(log),
            Self::Vulkan => vulkan::install(log),
        }
    }
}

/// Binaryen's library for Node.js, if it is installed.
pub fn binaryen() -> Result<Option<PathBuf>> {
    node::BINARYEN.find()
}

/// Where a tool of this name and version is installed.
fn tool_folder(name: &str, version: &str) -> Result<PathBuf> {
    Ok(workspace::cache()?
        .join("tools")
        .join(format!("{name}-{version}")))
}

/// Lets `fill` make a folder's content beside its place and then moves it there in one step, so
/// that the folder is either whole or not there.
fn install_folder(place: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let parent = place.parent().context("a tool's folder has a parent")?;
    std::fs::create_dir_all(parent)
        .with_context(|| format!("cannot create {}", parent.display()))?;
    let scratch = Scratch::new(parent)?;
    fill(scratch.path())?;
    remove_if_there(place)?;
    std::fs::rename(scratch.path(), place)
        .with_context(|| format!("cannot create {}", place.display()))
}

fn remove_if_there(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

/// A folder that goes when its owner does.
struct Scratch(PathBuf);

impl Scratch {
    fn new(parent: &Path) -> Result<Self> {
        let path = parent.join(format!(".new-{}", std::process::id()));
        remove_if_there(&path)?;
        std::fs::create_dir_all(&path)
            .with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It was moved to its place, or what is left is of no use; a leftover does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Waits until no other xtask of this user installs anything.
fn take_turn() -> Result<File> {
    let cache = workspace::cache()?;
    std::fs::create_dir_all(&cache)
        .with_context(|| format!("cannot create {}", cache.display()))?;
    let path = cache.join("installing.lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    if file.try_lock().is_err() {
        println!("set-up: waiting for another set-up to finish");
        file.lock()
            .with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(file)
}
