//! The release page, as it is published.

use crate::command::{human, program, run};
use crate::setup::{self, Tools};
use crate::workspace;
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// `cargo xtask build`.
pub fn build() -> Result<()> {
    let tools = setup::prepare(setup::PAGE)?;
    println!("page: building for release (2 to 4 minutes the first time)");
    let start = Instant::now();
    run(release(&tools)?.args(["build", "--release"]))?;
    println!("page: built into dist/ in {}", human(start.elapsed()));
    Ok(())
}

/// Trunk for the debug page, with the tools that it calls.
pub fn debug(tools: &Tools) -> Result<Command> {
    let mut trunk = program("trunk");
    trunk
        .current_dir(workspace::root())
        .env("PATH", tools.path()?)
        // Its own stack trace hides the compiler's message.
        .env("RUST_BACKTRACE", "0")
        // Trunk takes this variable for a flag and refuses the usual value 1.
        .env_remove("NO_COLOR");
    Ok(trunk)
}

/// Trunk for the release page, whose programs are split into chunks once they are built.
pub fn release(tools: &Tools) -> Result<Command> {
    let mut trunk = debug(tools)?;
    let split = [SPLIT, "-Clink-args=--emit-relocs"];
    trunk.env(FLAGS, published(tools, &split));
    Ok(trunk)
}

/// Marks the functions that lead into chunks.
pub const SPLIT: &str = "--cfg=split";

/// Cargo adds the flags of this variable to those of .cargo/config.toml.
pub const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// The compiler's flags for a program that is published, with some of its own.
pub fn published(tools: &Tools, own: &[&str]) -> String {
    let mut flags: Vec<String> = own.iter().map(|&flag| flag.to_owned()).collect();
    // Without the folders of this machine, which are no reader's business.
    let packages = workspace::cargo_home().map(|home| home.join("registry").join("src"));
    for folder in packages
        .iter()
        .map(PathBuf::as_path)
        .chain([workspace::root()])
    {
        flags.push(format!("--remap-path-prefix={}=", folder.display()));
    }
    if let Some(sysroot) = &tools.small_std {
        flags.push(format!("--sysroot={}", sysroot.display()));
    }
    // The variable separates flags by spaces: a page from a folder with one in its name is a larger page.
    flags.retain(|flag| !flag.contains(char::is_whitespace));
    flags.join(" ")
}
