//! The release page, as it is published.

use crate::command::{human, program, run};
use crate::setup::{self, Tools};
use crate::workspace;
use anyhow::Result;
use std::process::Command;
use std::time::Instant;

/// `cargo xtask build`.
pub fn build() -> Result<()> {
    let tools = setup::prepare(setup::PAGE)?;
    println!("page: building for release (2 to 4 minutes the first time)");
    let start = Instant::now();
    run(trunk(&tools)?.args(["build", "--release"]))?;
    println!("page: built into dist/ in {}", human(start.elapsed()));
    Ok(())
}

/// Trunk, with the tools that it calls.
pub fn trunk(tools: &Tools) -> Result<Command> {
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
