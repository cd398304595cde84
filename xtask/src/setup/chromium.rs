//! A Chromium for the browser tests: the user's own, the distribution's, or Playwright's download; and its driver, for
//! wasm-bindgen's tests.

use super::apt;
use crate::command::{Log, on_path, output};
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const HEADLESS_SHELL: &str = "chromium-headless-shell";
const MAC_PLACES: &[&str] = &[
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// One that has its driver, if there is one: what drives it must be of its version.
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
    let found: Vec<PathBuf> = usual.chain(mac).filter(|path| works(path)).collect();
    if let Some(driven) = found.iter().find(|browser| driver_of(browser).is_some()) {
        return Ok(Some(driven.clone()));
    }
    match found.into_iter().next() {
        Some(first) => Ok(Some(first)),
        None => Ok(playwrights()?.filter(|path| works(path))),
    }
}

/// The driver of the browser that is found.
pub fn find_driver() -> Result<Option<PathBuf>> {
    Ok(find()?.and_then(|browser| driver_of(&browser)))
}

/// The browser without windows. One that CHROMIUM names does everything.
pub fn find_headless_shell() -> Result<Option<PathBuf>> {
    match std::env::var_os("CHROMIUM").filter(|value| !value.is_empty()) {
        Some(_) => find(),
        None => Ok(on_path(HEADLESS_SHELL).filter(|path| works(path))),
    }
}

pub fn install_headless_shell(log: &Log) -> Result<()> {
    apt::install(log, &[HEADLESS_SHELL])
}

pub fn install_driver(log: &Log) -> Result<()> {
    let browser = find()?.context("there is no Chromium that it could drive")?;
    // The distribution's driver and browser are of one version.
    apt::install(log, &["chromium", "chromium-driver"])?;
    if find_driver()?.is_none() {
        bail!(
            "{} is {}, and no chromedriver of that version is known here",
            browser.display(),
            version(&browser).unwrap_or_else(|| "of an unknown version".to_owned())
        );
    }
    Ok(())
}

/// A driver of the browser's version: the one that CHROMEDRIVER names, on PATH, or beside the browser.
fn driver_of(browser: &Path) -> Option<PathBuf> {
    let wanted = version(browser)?;
    let named = std::env::var_os("CHROMEDRIVER").map(PathBuf::from);
    let candidates = [
        named,
        on_path("chromedriver"),
        Some(browser.with_file_name("chromedriver")),
    ];
    let mut candidates = candidates.into_iter().flatten();
    candidates.find(|driver| version(driver).is_some_and(|version| is_of(&version, &wanted)))
}

/// What a browser or driver says of its version, such as `156.0.8078.108`.
fn version(program: &Path) -> Option<String> {
    let text = output(Command::new(program).arg("--version"))?;
    version_in(&text).map(str::to_owned)
}

fn version_in(text: &str) -> Option<&str> {
    let is_version =
        |word: &&str| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit());
    text.split_whitespace().find(is_version)
}

/// A driver serves the browsers of its first three numbers.
fn is_of(driver: &str, browser: &str) -> bool {
    let build = |version: &str| {
        version
            .split('.')
            .take(3)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    build(driver) == build(browser)
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
    // The driver is of its version only if both are installed together; the fonts are for text on a bare machine.
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

#[cfg(test)]
mod tests {
    use super::{is_of, version_in};

    #[test]
    fn a_driver_is_known_by_its_build() {
        let says = "ChromeDriver 156.0.8078.108 (730482a940ce-refs/branch-heads/8078@{#2244})\n";
        assert_eq!(version_in(says), Some("156.0.8078.108"));
        let says = "Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)\n";
        assert_eq!(version_in(says), Some("156.0.8078.79"));
        assert_eq!(version_in("no such thing"), None);
        assert!(is_of("156.0.8078.108", "156.0.8078.79"));
        assert!(!is_of("155.0.8001.2", "156.0.8078.79"));
    }
}
