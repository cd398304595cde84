//! What cargo has built and where: asked of cargo, which alone knows how profile, target and target folder make
//! a path.

use crate::command::describe;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Runs a `cargo build` in the user's view and returns the file that ends in `ending` of the target `name`
/// (a library's or a program's).
pub fn build(cargo: &mut Command, name: &str, ending: &str) -> Result<PathBuf> {
    let built = build_all(cargo)?;
    find(&built, name, ending)
        .with_context(|| format!("`{}` built no {name}{ending}", describe(cargo)))
}

/// Runs a `cargo build` in the user's view and returns cargo's messages, a line each.
pub fn build_all(cargo: &mut Command) -> Result<String> {
    cargo.arg("--message-format=json-render-diagnostics");
    let line = describe(cargo);
    let output = cargo
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("`{line}` cannot be started"))?;
    if !output.status.success() {
        bail!("`{line}` failed ({})", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The file of the target `name` that ends in `ending`, of the messages of a build.
pub fn find(messages: &str, name: &str, ending: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| {
            message["reason"] == "compiler-artifact" && message["target"]["name"] == name
        })
        .flat_map(|message| {
            let files = message["filenames"].as_array().cloned().unwrap_or_default();
            files
                .into_iter()
                .filter_map(|file| file.as_str().map(PathBuf::from))
        })
        .find(|path| path.to_string_lossy().ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::{build, find};
    use crate::command::program;
    use std::path::PathBuf;

    const MESSAGES: &str = r#"
{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"bench"},"filenames":["/t/page/libbench.rlib"]}
{"reason":"build-script-executed","package_id":"x"}
{"reason":"compiler-artifact","target":{"kind":["cdylib","rlib"],"name":"bench"},"filenames":["/t/worker/bench.wasm","/t/worker/libbench.rlib"]}
{"reason":"build-finished","success":true}"#;

    #[test]
    fn the_file_is_the_one_that_cargo_names() {
        let found = find(MESSAGES, "bench", ".wasm");
        assert_eq!(found, Some(PathBuf::from("/t/worker/bench.wasm")));
        assert_eq!(find(MESSAGES, "bench", ".so"), None);
        assert_eq!(find(MESSAGES, "other", ".wasm"), None);
    }

    /// Whatever the profile and wherever the target folder: the path read is the path written.
    #[test]
    fn what_was_built_is_found_where_it_was_built() {
        let folder = std::env::temp_dir().join(format!("xtask-artifact-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("src")).unwrap();
        let manifest = "[package]\nname = \"probe\"\nedition = \"2024\"\n\
                        [profile.small]\ninherits = \"release\"\n[workspace]\n";
        std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        std::fs::write(folder.join("src/main.rs"), "fn main() {}\n").unwrap();
        let mut cargo = program("cargo");
        cargo
            .current_dir(&folder)
            .args(["build", "--quiet", "--offline", "--profile", "small"])
            .env("CARGO_TARGET_DIR", folder.join("elsewhere"));
        let built = build(&mut cargo, "probe", std::env::consts::EXE_SUFFIX).unwrap();
        assert!(built.is_file(), "{}", built.display());
        assert!(
            built.ends_with("elsewhere/small/probe"),
            "{}",
            built.display()
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
