//! What comes from npm: wasm-opt (binaryen, itself compiled to WebAssembly), esbuild, and the packages of the
//! browser tests and of the bench.

use super::{install_folder, tool_folder};
use crate::command::{Log, on_path, output};
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

const NODE_MAJOR: u32 = 20;

pub struct NpmTool {
    package: &'static str,
    pub version: &'static str,
    program: &'static str,
    /// What `--version` says.
    says: &'static str,
}

pub const WASM_OPT: NpmTool = NpmTool {
    package: "binaryen",
    version: "132.0.0",
    program: "wasm-opt",
    says: "wasm-opt version 132 (version_132)",
};

pub const ESBUILD: NpmTool = NpmTool {
    package: "esbuild",
    version: "0.28.2",
    program: "esbuild",
    says: "0.28.2",
};

impl NpmTool {
    /// The program, on PATH or in the cache, if it is of this version.
    pub fn find(&self) -> Result<Option<PathBuf>> {
        let bin = tool_folder(self.package, self.version)?.join("node_modules/.bin");
        let is_right = |program: &PathBuf| {
            output(Command::new(program).arg("--version"))
                .is_some_and(|text| text.trim() == self.says)
        };
        Ok([on_path(self.program), Some(bin.join(self.program))]
            .into_iter()
            .flatten()
            .find(is_right))
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
