//! `cargo xtask test --interop`: what leaves the page is run by those whom it is for, in a Python environment of its own.

use crate::command::{Log, cargo, human, on_path, output, run};
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// What is installed beside what is asked for is about this much.
const SIZE: &str = "about 8 GB, of which PyTorch is most";

pub fn test(filter: Option<&str>) -> Result<()> {
    let python = environment()?;
    run(cargo().args(["build", "--package", "actiscope-cli"]))?;
    let program = workspace::target().join("debug/actiscope");
    let tests = workspace::root().join("tests/interop");
    run(Command::new(python)
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .args(filter.map(|filter| format!("-k={filter}")))
        .arg(&tests)
        .env("ACTISCOPE", program)
        .env("KERAS_BACKEND", "torch")
        .env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// The Python of the environment, with everything that the tests import.
fn environment() -> Result<PathBuf> {
    let wanted = workspace::root().join("tests/interop/requirements.txt");
    let text = std::fs::read_to_string(&wanted)
        .with_context(|| format!("cannot read {}", wanted.display()))?;
    let place = workspace::cache()?.join("tools/interop-python");
    let python = place.join("bin/python");
    let done = place.join("installed.txt");
    if std::fs::read_to_string(&done).is_ok_and(|installed| installed == text) {
        return Ok(python);
    }
    let Some(system) = on_path("python3") else {
        bail!("there is no python3 on PATH, which the interop tests need");
    };
    println!(
        "interop: installing into {} ({SIZE}): {}",
        place.display(),
        packages(&text).join(", ")
    );
    let start = Instant::now();
    output(Command::new(system).args(["-m", "venv"]).arg(&place))
        .context("`python3 -m venv` fails: is its package for environments there?")?;
    let log = Log::create(&workspace::cache()?.join("log"), "interop-python")?;
    log.run(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(&wanted),
    )?;
    std::fs::write(&done, &text).with_context(|| format!("cannot write {}", done.display()))?;
    println!(
        "interop: {} installed in {}",
        size(&place).unwrap_or_default(),
        human(start.elapsed())
    );
    Ok(python)
}

fn packages(requirements: &str) -> Vec<&str> {
    let lines = requirements.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// "5.9G" of a folder, where the system can tell.
fn size(folder: &Path) -> Option<String> {
    let told = output(Command::new("du").arg("-sh").arg(folder))?;
    told.split_whitespace().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    #[test]
    fn comments_are_no_packages() {
        let text = "# why\n\n numpy==2.4.6\ntorch==2.15.0\n";
        assert_eq!(super::packages(text), ["numpy==2.4.6", "torch==2.15.0"]);
    }
}
