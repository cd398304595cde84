//! Debian's rust-src package, fetched through apt with lists of its own: the system's apt is read
//! (for its mirrors), never changed, and nothing is installed.

use crate::command::{Log, output};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
/// Where a version may be found, the likeliest first.
const SUITES: &[&str] = &[
    "trixie-backports",
    "bookworm-backports",
    "forky",
    "sid",
    "experimental",
    "trixie",
    "bookworm",
];

/// Unpacks the rust-src package of upstream version `release` into `scratch`.
pub fn unpack_rust_src(log: &Log, scratch: &Path, release: &str) -> Result<()> {
    if !Path::new(KEYRING).is_file() {
        bail!("this machine has no {KEYRING}");
    }
    let mirrors = mirrors().context("apt-get tells no package mirror")?;
    let apt = Apt::new(scratch)?;
    for mirror in &mirrors {
        for suite in SUITES {
            if apt.update(log, mirror, suite).is_err() {
                continue;
            }
            if let Some(version) = apt.version_of(release) {
                println!("set-up: using rust-src {version} of {suite}");
                return apt.unpack(log, scratch, &version);
            }
        }
    }
    bail!("no suite that this machine reaches has rust-src {release}, the compiler's version")
}

fn mirrors() -> Option<Vec<String>> {
    let text = output(Command::new("apt-get").args([
        "indextargets",
        "--format",
        "$(SITE)",
        "Created-By: Packages",
    ]))?;
    let mut mirrors: Vec<String> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.contains("security"))
        .map(str::to_owned)
        .collect();
    mirrors.sort();
    mirrors.dedup();
    (!mirrors.is_empty()).then_some(mirrors)
}

struct Apt {
    options: Vec<String>,
    sources: std::path::PathBuf,
}

impl Apt {
    fn new(scratch: &Path) -> Result<Self> {
        let state = scratch.join("apt");
        for folder in ["lists/partial", "cache/archives/partial"] {
            std::fs::create_dir_all(state.join(folder))?;
        }
        let sources = state.join("sources.list");
        let state = state.display();
        let options = [
            format!("Dir::Etc::sourcelist={}", sources.display()),
            "Dir::Etc::sourceparts=-".to_owned(),
            format!("Dir::State::lists={state}/lists"),
            format!("Dir::Cache={state}/cache"),
            "Acquire::Languages=none".to_owned(),
            "Acquire::Retries=3".to_owned(),
            // The scratch folder belongs to this user, not to apt's.
            "APT::Sandbox::User=".to_owned(),
        ];
        let options = options.iter().map(|option| format!("-o{option}")).collect();
        Ok(Self { options, sources })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(&self.options);
        command
    }

    fn update(&self, log: &Log, mirror: &str, suite: &str) -> Result<()> {
        let line = format!("deb [signed-by={KEYRING}] {mirror} {suite} main\n");
        std::fs::write(&self.sources, line)?;
        log.run(self.command("apt-get").arg("update"))
    }

    /// The package's version whose upstream part is `release`.
    fn version_of(&self, release: &str) -> Option<String> {
        let text = output(self.command("apt-cache").args(["madison", "rust-src"]))?;
        text.lines()
            .filter_map(|line| line.split('|').nth(1))
            .map(str::trim)
            .find(|version| {
                version
                    .strip_prefix(release)
                    .is_some_and(|rest| rest.starts_with(['+', '-', '~']))
            })
            .map(str::to_owned)
    }

    fn unpack(&self, log: &Log, scratch: &Path, version: &str) -> Result<()> {
        log.run(
            self.command("apt-get")
                .current_dir(scratch)
                .arg("download")
                .arg(format!("rust-src={version}")),
        )?;
        let package = std::fs::read_dir(scratch)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
            .context("apt-get downloaded nothing")?;
        log.run(
            Command::new("dpkg-deb")
                .arg("-x")
                .arg(package)
                .arg(scratch.join("rust-src")),
        )
    }
}
