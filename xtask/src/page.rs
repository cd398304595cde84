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
    let mut flags = "--cfg=split -Clink-args=--emit-relocs".to_owned();
    // Errors name places in files: without the folders of this machine, which are no reader's business.
    let packages = workspace::cargo_home().map(|home| home.join("registry").join("src"));
    for folder in packages
        .iter()
        .map(PathBuf::as_path)
        .chain([workspace::root()])
    {
        let folder = folder.display().to_string();
        // The variable separates flags by spaces.
        if !folder.contains(char::is_whitespace) {
            flags += &format!(" --remap-path-prefix={folder}=");
        }
    }
    // Cargo adds them to those of .cargo/config.toml.
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
    Ok(trunk)
}
