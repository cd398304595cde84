//! The distribution's packages, installed by apt-get as root or by way of sudo without a password.

use crate::command::{Log, on_path, output};
use anyhow::{Context, Result, bail};
use std::process::Command;

pub fn install(log: &Log, packages: &[&str]) -> Result<()> {
    if on_path("apt-get").is_none() {
        bail!("there is no apt-get here");
    }
    let apt = |arguments: &[&str]| {
        let mut command = if is_root() {
            Command::new("env")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "env"]);
            sudo
        };
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .args(arguments);
        log.run(&mut command)
    };
    apt(&["update"]).context("apt-get has no package lists")?;
    let install = ["install", "-y", "--no-install-recommends"];
    apt(&[&install, packages].concat())
        .with_context(|| format!("apt-get cannot install {}", packages.join(", ")))
}

pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}
