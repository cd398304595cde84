//! A Chromium for the browser tests: the user's own, the distribution's, or Playwright's download.

use super::apt;
use crate::command::{Log, on_path, output};
use crate::workspace;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const MAC_PLACES: &[&str] = &[
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

pub fn find() -> Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os("CHROMIUM").filter(|value| !value.is_empty()) {
        let named = PathBuf::from(named);
        if works(&named) {
            return Ok(Some(named));
        }
        bail!(
            "the variable CHROMIUM names {}, which does not start",
            named.display()
        );
    }
    let usual = NAMES.iter().filter_map(|name| on_path(name));
    let mac = MAC_PLACES.iter().map(PathBuf::from);
    if let Some(found) = usual.chain(mac).find(|path| works(path)) {
        return Ok(Some(found));
    }
    Ok(playwrights()?.filter(|path| works(path)))
}

/// A distribution's stand-in that only says where to get the browser does not pass for one.
fn works(program: &Path) -> bool {
    program.is_file() && output(Command::new(program).arg("--version")).is_some()
}

pub fn install(log: &Log) -> Result<()> {
    let by_apt = install_by_apt(log);
    if by_apt.is_ok() && find()?.is_some() {
        return Ok(());
    }
    let by_playwright = log.run(
        Command::new("node")
            .current_dir(workspace::root().join("tests"))
            .args([
                "node_modules/playwright-core/cli.js",
                "install",
                "--no-shell",
            ])
            // The libraries that it needs are the distribution's, and installed by apt-get too.
            .args((apt::is_root() && on_path("apt-get").is_some()).then_some("--with-deps"))
            .arg("chromium")
            .env("PLAYWRIGHT_BROWSERS_PATH", browsers()?),
    );
    match (by_playwright, by_apt) {
        (Ok(()), _) => Ok(()),
        (Err(error), Ok(())) => Err(error.context("the distribution's Chromium does not start")),
        (Err(error), Err(apt)) => bail!("{apt:#}\nPlaywright's download failed too: {error:#}"),
    }
}

fn install_by_apt(log: &Log) -> Result<()> {
    // The driver serves wasm-bindgen's browser tests; the fonts, text on a bare machine.
    apt::install(log, &["chromium", "chromium-driver", "fonts-dejavu-core"])
}

fn browsers() -> Result<PathBuf> {
    Ok(workspace::cache()?.join("browsers"))
}

/// The browser that Playwright has downloaded, if it has.
fn playwrights() -> Result<Option<PathBuf>> {
    if !browsers()?.is_dir() {
        return Ok(None);
    }
    let script = "console.log(require('playwright-core').chromium.executablePath())";
    let path = output(
        Command::new("node")
            .current_dir(workspace::root().join("tests"))
            .args(["-e", script])
            .env("PLAYWRIGHT_BROWSERS_PATH", browsers()?),
    );
    Ok(path.map(|path| PathBuf::from(path.trim())))
}
