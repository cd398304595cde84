//! Tools that come as crates: a prebuilt one where `cargo binstall` can get it, else compiled.

use super::{install_folder, tool_folder};
use crate::command::{Log, cargo, on_path, output};
use crate::workspace;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct CargoTool {
    krate: &'static str,
    /// The programs that have to be there; the first one tells its version.
    programs: &'static [&'static str],
    version: Version,
}

enum Version {
    Fixed(&'static str),
    /// The same as this package's in Cargo.lock.
    LockedAs(&'static str),
}

/// Bundles the page. Newer ones ask for a newer compiler.
pub const TRUNK: CargoTool = CargoTool {
    krate: "trunk",
    programs: &["trunk"],
    version: Version::Fixed("0.21.14"),
};

/// Has to be of exactly the library's version, or it refuses to work.
pub const WASM_BINDGEN: CargoTool = CargoTool {
    krate: "wasm-bindgen-cli",
    programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    version: Version::LockedAs("wasm-bindgen"),
};

impl CargoTool {
    pub fn version(&self) -> Result<String> {
        match self.version {
            Version::Fixed(version) => Ok(version.to_owned()),
            Version::LockedAs(package) => workspace::locked_version(package),
        }
    }

    /// The first program, on PATH or in the cache, if it is of the right version.
    pub fn find(&self) -> Result<Option<PathBuf>> {
        let version = self.version()?;
        let installed = tool_folder(self.krate, &version)?.join("bin");
        Ok([
            on_path(self.programs[0]),
            Some(installed.join(self.programs[0])),
        ]
        .into_iter()
        .flatten()
        .find(|program| self.is_version(program, &version)))
    }

    fn is_version(&self, program: &Path, version: &str) -> bool {
        self.programs
            .iter()
            .all(|name| program.with_file_name(name).is_file())
            && output(Command::new(program).arg("--version"))
                .is_some_and(|text| text.split_whitespace().nth(1) == Some(version))
    }

    pub fn install(&self, log: &Log) -> Result<()> {
        let version = self.version()?;
        install_folder(&tool_folder(self.krate, &version)?, |folder| {
            if cargo_has("binstall") && self.fetch_prebuilt(log, folder, &version).is_ok() {
                return Ok(());
            }
            // A crate's own lock file can name a version that its registry has withdrawn.
            self.compile(log, folder, &version, true)
                .or_else(|_| self.compile(log, folder, &version, false))
        })
    }

    fn fetch_prebuilt(&self, log: &Log, folder: &Path, version: &str) -> Result<()> {
        let bin = folder.join("bin");
        std::fs::create_dir_all(&bin)?;
        log.run(
            cargo()
                .current_dir(folder)
                .args(["binstall", "--no-confirm", "--no-track"])
                .args(["--disable-strategies", "compile", "--install-path"])
                .arg(&bin)
                .arg(format!("{}@{version}", self.krate)),
        )?;
        self.is_version(&bin.join(self.programs[0]), version)
            .then_some(())
            .context("the prebuilt program is of another version")
    }

    fn compile(&self, log: &Log, folder: &Path, version: &str, locked: bool) -> Result<()> {
        // These tools wait for files most of their time: a quick build is worth more than a fast tool.
        log.run(
            cargo()
                .current_dir(folder)
                .args(["install", self.krate, "--no-default-features"])
                .args(["--version", &format!("={version}")])
                .args(locked.then_some("--locked"))
                .arg("--root")
                .arg(folder)
                .env("CARGO_TARGET_DIR", folder.join("target"))
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
                .env("CARGO_PROFILE_RELEASE_DEBUG", "0"),
        )?;
        std::fs::remove_dir_all(folder.join("target")).context("cannot tidy up after the build")
    }
}

fn cargo_has(subcommand: &str) -> bool {
    on_path(&format!("cargo-{subcommand}")).is_some()
}
