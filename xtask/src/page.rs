//! The release page, as it is published.

use crate::command::{human, program, run};
use crate::setup::{self, Tools};
use crate::workspace;
use anyhow::Result;
use std::path::PathBuf;
use std::time::Instant;

/// `cargo xtask build`.
pub fn build() -> Result<()> {
    let tools = setup::prepare(setup::PAGE)?;
    println!("page: building for release (2 to 4 minutes the first time)");
    let start = Instant::now();
    run_trunk(&tools)?;
    println!("page: built into dist/ in {}", human(start.elapsed()));
    Ok(())
}

/// Has Trunk build the release page into dist/, with the tools that it calls. Its hook splits the program into
/// chunks (see [`crate::post_build`]).
pub fn run_trunk(tools: &Tools) -> Result<()> {
    let split = [SPLIT, "-Clink-args=--emit-relocs"];
    run(program("trunk")
        .current_dir(workspace::root())
        .args(["build", "--release"])
        .env("PATH", tools.path()?)
        // Its own stack trace hides the compiler's message.
        .env("RUST_BACKTRACE", "0")
        // Trunk takes this variable for a flag and refuses the usual value 1.
        .env_remove("NO_COLOR")
        .env(FLAGS, published(tools, &split)))
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
