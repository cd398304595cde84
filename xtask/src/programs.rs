//! The programs of this workspace that make a page of what the compiler linked. They are packages of their own, so
//! that xtask itself compiles in seconds and each command waits for those alone that it calls.

use crate::artifact;
use crate::command::{cargo, output_of, program};
use crate::workspace;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

const BIND: &str = "xtask-bind";
const SPLIT: &str = "xtask-split";

/// wasm-bindgen.
pub struct Bind(PathBuf);

/// The splitter of published pages.
pub struct Split(PathBuf);

impl Bind {
    pub fn build() -> Result<Self> {
        build(BIND).map(Self)
    }

    /// Writes `NAME.js` and `NAME_bg.wasm` into `folder`.
    pub fn bind(&self, module: &Path, folder: &Path, name: &str, is_debug: bool) -> Result<()> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let mut bind = program(&self.0);
        bind.arg(module).arg(folder).arg(name);
        output_of(bind.args(is_debug.then_some("--debug"))).map(drop)
    }
}

impl Split {
    pub fn build() -> Result<Self> {
        build(SPLIT).map(Self)
    }

    /// Writes `NAME.wasm`, `NAME_link.js` and the chunks into `folder`; returns the chunks.
    pub fn split(&self, module: &Path, folder: &Path, name: &str) -> Result<Vec<PathBuf>> {
        let mut split = program(&self.0);
        let chunks = output_of(split.arg(module).arg(folder).arg(name))?;
        Ok(chunks.lines().map(PathBuf::from).collect())
    }
}

/// The folder of both, if they were ever compiled: cargo compiles them again where they have changed.
pub fn find() -> Result<Option<PathBuf>> {
    let folder = target()?.join("debug");
    let is_there = |package: &&str| {
        let program = format!("{package}{}", std::env::consts::EXE_SUFFIX);
        folder.join(program).is_file()
    };
    Ok([BIND, SPLIT].iter().all(is_there).then_some(folder))
}

pub fn install() -> Result<()> {
    Bind::build()?;
    Split::build().map(drop)
}

/// Compiles a package's program, quickly and without a word if it is there.
fn build(package: &str) -> Result<PathBuf> {
    let mut cargo = cargo();
    cargo
        .args(["build", "--quiet", "--package", package])
        .env("CARGO_TARGET_DIR", target()?)
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    artifact::build(&mut cargo, package, std::env::consts::EXE_SUFFIX)
}

/// A target folder of their own, in the cache: the page compiles at the same time, and the next clone finds their
/// dependencies compiled.
fn target() -> Result<PathBuf> {
    Ok(workspace::cache()?.join("programs"))
}
