//! The wasm32-unknown-unknown target of the installed compiler: from rustup, or, where rustup
//! cannot download, std built once from the compiler's own source and put into the toolchain.

use super::{Scratch, debian, remove_if_there};
use crate::command::{Log, cargo, on_path, output};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const TARGET: &str = "wasm32-unknown-unknown";

/// The target's folder in the toolchain, if a program that uses std compiles and links.
pub fn find() -> Result<Option<PathBuf>> {
    let folder = target_folder()?;
    if !folder.join("lib").is_dir() {
        return Ok(None);
    }
    let scratch = Scratch::new(&std::env::temp_dir())?;
    let source = scratch.path().join("probe.rs");
    std::fs::write(
        &source,
        "fn main() { println!(\"{:?}\", std::env::args()) }",
    )?;
    let works = output(
        rustc()
            .args(["--target", TARGET, "-o"])
            .arg(scratch.path().join("probe.wasm"))
            .arg(&source),
    );
    Ok(works.map(|_| folder))
}

pub fn install(log: &Log) -> Result<()> {
    let mut reasons = Vec::new();
    for way in [Way::Rustup, Way::Component, Way::Tar, Way::Debian] {
        match way.install(log) {
            Ok(true) if find()?.is_some() => return Ok(()),
            Ok(true) => reasons.push(format!("{}: done, but no program links", way.name())),
            Ok(false) => {}
            Err(error) => reasons.push(format!("{}: {error:#}", way.name())),
        }
    }
    bail!("no way led to the target:\n{}", reasons.join("\n"))
}

#[derive(Clone, Copy)]
enum Way {
    /// The normal one.
    Rustup,
    /// The toolchain's own rust-src component.
    Component,
    /// The file that RUST_LIBRARY_TAR names.
    Tar,
    /// Debian's rust-src package of the compiler's very version.
    Debian,
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Self::Rustup => "rustup target add",
            Self::Component => "the toolchain's rust-src",
            Self::Tar => "RUST_LIBRARY_TAR",
            Self::Debian => "Debian's rust-src",
        }
    }

    /// Whether this way was open and has been gone to its end.
    fn install(self, log: &Log) -> Result<bool> {
        let temporary = Scratch::new(&std::env::temp_dir())?;
        let scratch = temporary.path();
        let library = match self {
            Self::Rustup => {
                if on_path("rustup").is_none() {
                    return Ok(false);
                }
                let mut rustup = Command::new("rustup");
                log.run_for(
                    rustup.args(["target", "add", TARGET]),
                    Duration::from_secs(300),
                )?;
                return Ok(true);
            }
            Self::Component => {
                let library = sysroot()?.join("lib/rustlib/src/rust/library");
                if !library.is_dir() {
                    return Ok(false);
                }
                library
            }
            Self::Tar => {
                let Some(tar) = std::env::var_os("RUST_LIBRARY_TAR") else {
                    return Ok(false);
                };
                log.run(
                    Command::new("tar")
                        .arg("-xf")
                        .arg(tar)
                        .arg("-C")
                        .arg(scratch),
                )?;
                find_library(scratch)?
            }
            Self::Debian => {
                if on_path("apt-get").is_none() || on_path("dpkg-deb").is_none() {
                    return Ok(false);
                }
                debian::unpack_rust_src(log, scratch, &rustc_release()?)?;
                find_library(scratch)?
            }
        };
        println!("set-up: building std from {} (half a minute)", self.name());
        build_std(log, scratch, &library)?;
        Ok(true)
    }
}

/// Compiles std and puts it where rustc looks for it.
fn build_std(log: &Log, scratch: &Path, library: &Path) -> Result<()> {
    let out = scratch.join("out");
    let flags = format!(
        "-Zforce-unstable-if-unmarked -Cembed-bitcode=yes --remap-path-prefix={}=/rust/library",
        library.display()
    );
    log.run(
        cargo()
            .current_dir(library)
            .args(["build", "--release", "--locked", "--target", TARGET])
            .arg("--manifest-path")
            .arg(library.join("sysroot/Cargo.toml"))
            // std is written in the unstable language that its own compiler knows.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", flags)
            .env("CARGO_TARGET_DIR", &out)
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    )?;
    let built = out.join(TARGET).join("release/deps");
    let place = target_folder()?;
    let rustlib = place.parent().context("the sysroot has a rustlib")?;
    // Beside its place, for a rename works within one file system only.
    let staged = Scratch::new(rustlib)?;
    let lib = staged.path().join("lib");
    std::fs::create_dir(&lib)?;
    let mut n_copied = 0;
    for entry in std::fs::read_dir(&built)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "rlib")
        {
            let name = path.file_name().context("a file has a name")?;
            std::fs::copy(&path, lib.join(name))?;
            n_copied += 1;
        }
    }
    if n_copied == 0 {
        bail!("the build left no library in {}", built.display());
    }
    remove_if_there(&place)?;
    std::fs::rename(staged.path(), &place)
        .with_context(|| format!("cannot create {}", place.display()))
}

/// The `library` folder with std's own workspace, at most five levels down.
fn find_library(folder: &Path) -> Result<PathBuf> {
    let mut level = vec![folder.to_owned()];
    for _ in 0..6 {
        let mut next = Vec::new();
        for folder in level {
            if folder.ends_with("library") && folder.join("sysroot/Cargo.toml").is_file() {
                return Ok(folder);
            }
            for entry in std::fs::read_dir(&folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    next.push(entry.path());
                }
            }
        }
        level = next;
    }
    bail!("the source has no folder `library` with std in it")
}

fn rustc() -> Command {
    Command::new("rustc")
}

fn sysroot() -> Result<PathBuf> {
    let text = output(rustc().args(["--print", "sysroot"])).context("rustc does not run")?;
    Ok(PathBuf::from(text.trim()))
}

fn target_folder() -> Result<PathBuf> {
    Ok(sysroot()?.join("lib/rustlib").join(TARGET))
}

/// The compiler's version, such as `1.95.0`.
fn rustc_release() -> Result<String> {
    let text = output(rustc().arg("-vV")).context("rustc does not run")?;
    text.lines()
        .find_map(|line| line.strip_prefix("release: "))
        .map(str::to_owned)
        .context("rustc does not tell its version")
}
