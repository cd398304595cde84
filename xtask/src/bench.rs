//! `cargo xtask bench`.

use crate::command::{cargo, run};
use anyhow::Result;

/// Runs every criterion bench; further arguments go to `cargo bench`.
pub fn bench(arguments: &[String]) -> Result<()> {
    run(cargo()
        .args(["bench", "--workspace", "--bench", "*"])
        .args(arguments))
}
