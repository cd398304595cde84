//! The wasm32-unknown-unknown target of the installed compiler: from rustup, or, where rustup
//! cannot download, std built once from the compiler's own source and put into the toolchain.

use super::std_source::{Build, TARGET, compiles, sysroot};
use super::{Scratch, remove_if_there};
use crate::command::{Log, on_path};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The target's folder in the toolchain, if a program that uses std compiles and links.
pub fn find() -> Result<Option<PathBuf>> {
    let folder = target_folder()?;
    if !folder.join("lib").is_dir() {
        return Ok(None);
    }
    let no_options: [&str; 0] = [];
    Ok(compiles(&no_options)?.then_some(folder))
}

pub fn install(log: &Log) -> Result<()> {
    if on_path("rustup").is_some() {
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", TARGET]);
        let added = log.run_for(&mut rustup, Duration::from_secs(300));
        if added.is_ok() && find()?.is_some() {
            return Ok(());
        }
    }
    // Beside its place, for a rename works within one file system only.
    let place = target_folder()?;
    let staged = Scratch::new(place.parent().context("the sysroot has a rustlib")?)?;
    Build::USUAL.make(log, &staged.path().join("lib"))?;
    remove_if_there(&place)?;
    std::fs::rename(staged.path(), &place)
        .with_context(|| format!("cannot create {}", place.display()))
}

fn target_folder() -> Result<PathBuf> {
    Ok(sysroot()?.join("lib/rustlib").join(TARGET))
}
