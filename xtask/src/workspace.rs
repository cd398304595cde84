//! Where things are: the clone, the user's cache, and what Cargo.lock pins.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The root of the clone.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the workspace's root")
}

/// Cargo's folder for what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .unwrap_or_else(|| root().join("target"))
}

/// Where Cargo keeps the packages that it has fetched.
pub fn cargo_home() -> Option<PathBuf> {
    let of_user = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo"));
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(of_user)
}

/// The folder that keeps tools and logs from one clone to the next:
/// `$ACTISCOPE_CACHE`, else `actiscope` in the platform's cache folder.
pub fn cache() -> Result<PathBuf> {
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    if let Some(path) = absolute("ACTISCOPE_CACHE") {
        return Ok(path);
    }
    if let Some(path) = absolute("XDG_CACHE_HOME") {
        return Ok(path.join("actiscope"));
    }
    let home = absolute("HOME").context(
        "no place to keep tools in: set HOME, XDG_CACHE_HOME or ACTISCOPE_CACHE to an absolute path",
    )?;
    let caches = if cfg!(target_os = "macos") {
        "Library/Caches"
    } else {
        ".cache"
    };
    Ok(home.join(caches).join("actiscope"))
}

/// The version of `package` in Cargo.lock.
pub fn locked_version(package: &str) -> Result<String> {
    let path = root().join("Cargo.lock");
    let lock = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    version_in_lock(&lock, package)
        .with_context(|| format!("Cargo.lock names no package `{package}`"))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::version_in_lock;

    const LOCK: &str = "\
version = 4

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.130\"
dependencies = [
 \"wasm-bindgen-shared\",
]

[[package]]
name = \"wasm-bindgen-shared\"
version = \"0.2.131\"
";

    #[track_caller]
    fn check(package: &str, expect: Option<&str>) {
        assert_eq!(version_in_lock(LOCK, package).as_deref(), expect);
    }

    #[test]
    fn finds_the_whole_name_only() {
        check("wasm-bindgen", Some("0.2.130"));
        check("wasm-bindgen-shared", Some("0.2.131"));
        check("wasm", None);
    }
}
