//! What comes from npm: binaryen (itself compiled to WebAssembly), esbuild, and the packages of the
//! browser tests and of the bench.

use super::{install_folder, tool_folder};
use crate::command::{Log, output};
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

const NODE_MAJOR: u32 = 20;

/// A package of its own folder in the cache.
pub struct NpmTool {
    package: &'static str,
    pub version: &'static str,
    /// What is called of it, in its folder.
    entry: &'static str,
}

/// Called as a library: see [`crate::optimize`].
pub const BINARYEN: NpmTool = NpmTool {
    package: "binaryen",
    version: "132.0.0",
    entry: "node_modules/binaryen/index.js",
};

/// Called as a program.
pub const ESBUILD: NpmTool = NpmTool {
    package: "esbuild",
    version: "0.28.2",
    entry: "node_modules/.bin/esbuild",
};

impl NpmTool {
    /// Its folder has the version in its name, and is there as a whole or not at all.
    pub fn find(&self) -> Result<Option<PathBuf>> {
        let entry = tool_folder(self.package, self.version)?.join(self.entry);
        Ok(entry.is_file().then_some(entry))
    }

    pub fn install(&self, log: &Log) -> Result<()> {
        check_node()?;
        install_folder(&tool_folder(self.package, self.version)?, |folder| {
            std::fs::write(folder.join("package.json"), "{\"private\": true}\n")?;
            log.run(
                Command::new("npm")
                    .current_dir(folder)
                    .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"])
                    .arg(format!("{}@{}", self.package, self.version)),
            )
        })
    }
}

/// The file that says which lock file `node_modules` of a folder was made from, if it is the present one.
pub fn find_modules(folder: &str) -> Result<Option<PathBuf>> {
    let stamp = stamp(folder);
    let installed = std::fs::read(&stamp).ok();
    let wanted = std::fs::read(workspace::root().join(folder).join("package-lock.json"))
        .with_context(|| format!("{folder}/package-lock.json is missing"))?;
    Ok((installed.as_deref() == Some(&wanted)).then_some(stamp))
}

pub fn install_modules(log: &Log, folder: &str) -> Result<()> {
    check_node()?;
    let place = workspace::root().join(folder);
    log.run(Command::new("npm").current_dir(&place).args([
        "ci",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
    ]))?;
    std::fs::copy(place.join("package-lock.json"), stamp(folder))
        .with_context(|| format!("cannot write into {folder}/node_modules"))?;
    Ok(())
}

fn stamp(folder: &str) -> PathBuf {
    workspace::root()
        .join(folder)
        .join("node_modules/.installed-lock.json")
}

fn check_node() -> Result<()> {
    let version = output(Command::new("node").arg("--version"));
    let major = version.as_deref().and_then(|text| {
        let digits = text.trim().strip_prefix('v')?.split('.').next()?;
        digits.parse::<u32>().ok()
    });
    match major {
        Some(major) if major >= NODE_MAJOR => Ok(()),
        Some(major) => bail!("Node.js {major} is too old, {NODE_MAJOR} or newer is needed"),
        None => bail!("there is no Node.js on PATH, {NODE_MAJOR} or newer is needed"),
    }
}
