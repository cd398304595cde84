//! std for WebAssembly, built from the compiler's own source.

use super::{Scratch, debian};
use crate::command::{Log, cargo, on_path, output};
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// How std is built.
pub struct Build {
    /// Of the compiler, beside those that every build of std takes.
    pub flags: &'static [&'static str],
    pub opt_level: &'static str,
    /// Of std's own workspace, beside or instead of its usual features.
    pub features: &'static [&'static str],
}

impl Build {
    /// As rustup gives it.
    pub const USUAL: Self = Self {
        flags: &[],
        opt_level: "3",
        features: &[],
    };

    /// Compiles std and leaves its libraries in the new folder `lib`.
    pub fn make(&self, log: &Log, lib: &Path) -> Result<()> {
        let mut reasons = Vec::new();
        for source in [Source::Component, Source::Tar, Source::Debian] {
            let scratch = Scratch::new(&std::env::temp_dir())?;
            match source.library(log, scratch.path()) {
                Ok(Some(library)) => {
                    println!(
                        "set-up: building std from {} (half a minute)",
                        source.name()
                    );
                    return self.compile(log, scratch.path(), &library, lib);
                }
                Ok(None) => {}
                Err(error) => reasons.push(format!("\n{}: {error:#}", source.name())),
            }
        }
        bail!(
            "the source of the compiler's std was not found{}",
            reasons.concat()
        )
    }

    fn compile(&self, log: &Log, scratch: &Path, library: &Path, lib: &Path) -> Result<()> {
        let out = scratch.join("out");
        let mut flags = vec![
            "-Zforce-unstable-if-unmarked".to_owned(),
            "-Cembed-bitcode=yes".to_owned(),
            format!("--remap-path-prefix={}=/rust/library", library.display()),
        ];
        flags.extend(self.flags.iter().map(|&flag| flag.to_owned()));
        log.run(
            cargo()
                .current_dir(library)
                .args(["build", "--release", "--locked", "--target", TARGET])
                .arg("--manifest-path")
                .arg(library.join("sysroot/Cargo.toml"))
                .args(self.features)
                // std is written in the unstable language that its own compiler knows.
                .env("RUSTC_BOOTSTRAP", "1")
                .env_remove("RUSTFLAGS")
                .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
                .env("CARGO_TARGET_DIR", &out)
                .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level)
                .env("CARGO_PROFILE_RELEASE_PANIC", "abort"),
        )?;
        let built = out.join(TARGET).join("release/deps");
        std::fs::create_dir_all(lib)?;
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
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Source {
    /// The toolchain's own rust-src component.
    Component,
    /// The file that RUST_LIBRARY_TAR names.
    Tar,
    /// Debian's rust-src package of the compiler's very version.
    Debian,
}

impl Source {
    fn name(self) -> &'static str {
        match self {
            Self::Component => "the toolchain's rust-src",
            Self::Tar => "RUST_LIBRARY_TAR",
            Self::Debian => "Debian's rust-src",
        }
    }

    /// The folder `library` of the source, unpacked into `scratch` if need be; nothing if this way is closed.
    fn library(self, log: &Log, scratch: &Path) -> Result<Option<PathBuf>> {
        match self {
            Self::Component => {
                let library = sysroot()?.join("lib/rustlib/src/rust/library");
                if library.is_dir() {
                    return Ok(Some(library));
                }
                if on_path("rustup").is_none() {
                    return Ok(None);
                }
                log.run(Command::new("rustup").args(["component", "add", "rust-src"]))?;
                Ok(library.is_dir().then_some(library))
            }
            Self::Tar => {
                let Some(tar) = std::env::var_os("RUST_LIBRARY_TAR") else {
                    return Ok(None);
                };
                log.run(
                    Command::new("tar")
                        .arg("-xf")
                        .arg(tar)
                        .arg("-C")
                        .arg(scratch),
                )?;
                find_library(scratch).map(Some)
            }
            Self::Debian => {
                if on_path("apt-get").is_none() || on_path("dpkg-deb").is_none() {
                    return Ok(None);
                }
                debian::unpack_rust_src(log, scratch, &rustc_release()?)?;
                find_library(scratch).map(Some)
            }
        }
    }
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

/// Whether a program that uses std compiles and links for the target with these options.
pub fn compiles<O: AsRef<OsStr>>(options: &[O]) -> Result<bool> {
    let scratch = Scratch::new(&std::env::temp_dir())?;
    let source = scratch.path().join("probe.rs");
    std::fs::write(
        &source,
        "fn main() { println!(\"{:?}\", std::env::args()) }",
    )?;
    let compiled = output(
        rustc()
            .args(["--target", TARGET])
            .args(options)
            .arg("-o")
            .arg(scratch.path().join("probe.wasm"))
            .arg(&source),
    );
    Ok(compiled.is_some())
}

pub fn rustc() -> Command {
    Command::new("rustc")
}

pub fn sysroot() -> Result<PathBuf> {
    let text = output(rustc().args(["--print", "sysroot"])).context("rustc does not run")?;
    Ok(PathBuf::from(text.trim()))
}

/// The compiler's version, such as `1.95.0`.
pub fn rustc_release() -> Result<String> {
    let text = output(rustc().arg("-vV")).context("rustc does not run")?;
    text.lines()
        .find_map(|line| line.strip_prefix("release: "))
        .map(str::to_owned)
        .context("rustc does not tell its version")
}
