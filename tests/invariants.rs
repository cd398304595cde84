//! The invariants of ARCHITECTURE.md that a compiler does not see: who may name what.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

const BROWSER: &[&str] = &["web-sys", "js-sys", "wasm-bindgen"];
const UI: &[&str] = &["leptos", "plotters", "plotters-canvas"];
const GPU: &[&str] = &["wgpu", "naga"];

fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().expect("xtask lies in the repository")
}

/// Package name -> names of all packages that it pulls in outside of tests, on any target.
fn dependency_closures() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(root())
        .output()
        .expect("cargo runs, for it runs this test");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();

    let name_of: BTreeMap<String, String> = list(&metadata["packages"])
        .iter()
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    let mut direct: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let deps = direct
            .entry(name_of[&text(&node["id"])].clone())
            .or_default();
        for dep in list(&node["deps"]) {
            // `kind` is null for what is linked in, "dev" or "build" for the rest.
            if list(&dep["dep_kinds"])
                .iter()
                .any(|kind| kind["kind"].is_null())
            {
                deps.insert(name_of[&text(&dep["pkg"])].clone());
            }
        }
    }
    let closure = |package: &str| {
        let mut seen = BTreeSet::new();
        let mut todo = vec![package.to_string()];
        while let Some(next) = todo.pop() {
            for dep in direct.get(&next).into_iter().flatten() {
                if seen.insert(dep.clone()) {
                    todo.push(dep.clone());
                }
            }
        }
        seen
    };
    [
        "actiscope-core",
        "actiscope-vector",
        "actiscope-cpu",
        "actiscope-engine",
        "actiscope-cli",
        "actiscope-page",
    ]
    .into_iter()
    .map(|package| (package.to_string(), closure(package)))
    .collect()
}

#[test]
fn layers_know_nothing_above_them() {
    let closures = dependency_closures();
    let check = |package: &str, forbidden: &[&[&str]]| {
        let deps = &closures[package];
        assert!(
            !deps.is_empty(),
            "{package} has no dependencies: is its name still right?"
        );
        for name in forbidden.concat() {
            assert!(!deps.contains(name), "{package} must not depend on {name}");
        }
    };
    check(
        "actiscope-core",
        &[BROWSER, UI, GPU, &["actiscope-engine", "actiscope-page"]],
    );
    check(
        "actiscope-vector",
        &[BROWSER, UI, GPU, &["actiscope-core", "actiscope-page"]],
    );
    check(
        "actiscope-cpu",
        &[BROWSER, UI, GPU, &["actiscope-engine", "actiscope-page"]],
    );
    check("actiscope-engine", &[UI, &["actiscope-page"]]);
    check("actiscope-cli", &[UI, &["actiscope-page"]]);
    check(
        "actiscope-page",
        &[GPU, &["actiscope-cpu", "actiscope-engine"]],
    );
}

/// Rust files under `folder`.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut todo = vec![root().join(folder)];
    let mut files = Vec::new();
    while let Some(path) = todo.pop() {
        for entry in std::fs::read_dir(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    assert!(
        !files.is_empty(),
        "{folder} has no Rust files: is its name still right?"
    );
    files
}

/// No line of code under `folder` (tests and comments apart) names one of `words`.
fn check_absent(folder: &str, but_not_in: &[&str], words: &[&str]) {
    for file in sources(folder) {
        let name = file
            .strip_prefix(root())
            .expect("below the root")
            .display()
            .to_string();
        if but_not_in.iter().any(|part| name.contains(part)) {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("a readable source");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (index, line) in code.lines().enumerate() {
            let line = line.split("//").next().unwrap_or_default();
            for word in words {
                assert!(!line.contains(word), "{name}:{} names {word}", index + 1);
            }
        }
    }
}

#[test]
fn core_and_engine_have_no_clock() {
    let clocks = ["Instant::now", "SystemTime", "Date::now", "performance()"];
    check_absent("crates/core/src", &[], &clocks);
    check_absent("crates/vector/src", &[], &clocks);
    check_absent("crates/cpu/src", &[], &clocks);
    check_absent("crates/engine/src", &["worker"], &clocks);
}

/// A fused multiply-add rounds once where two instructions round twice: bits would differ by machine.
#[test]
fn nothing_that_trains_fuses_multiply_and_add() {
    check_absent("crates/core/src", &[], &["mul_add", "mul_sub"]);
    check_absent("crates/vector/src", &[], &["mul_add", "mul_sub"]);
    check_absent("crates/cpu/src", &[], &["mul_add", "mul_sub"]);
    check_absent("crates/engine/src", &[], &["mul_add", "mul_sub"]);
}

/// The standard library's transcendentals are the platform's; `libm`'s and our own are the same everywhere.
#[test]
fn what_trains_uses_no_platform_mathematics() {
    let methods = [
        ".exp()",
        ".ln()",
        ".tanh()",
        ".sin()",
        ".cos()",
        ".powf(",
        ".powi(",
        ".exp_m1()",
        ".ln_1p()",
        ".log10()",
        ".log2()",
        ".exp2()",
        ".cosh()",
        ".sinh()",
    ];
    for folder in [
        "core/src/nn",
        "core/src/data",
        "core/src/health",
        "vector/src",
        "cpu/src",
        "engine/src",
    ] {
        check_absent(&format!("crates/{folder}"), &[], &methods);
    }
}

#[test]
fn only_the_gpu_trainer_names_wgpu() {
    for folder in [
        "crates/core/src",
        "crates/vector/src",
        "crates/cpu/src",
        "crates/cli/src",
        "src",
        "xtask/src",
    ] {
        check_absent(folder, &[], &["wgpu::", "use wgpu"]);
    }
    check_absent("crates/engine/src", &["src/gpu"], &["wgpu::", "use wgpu"]);
}

#[test]
fn only_the_page_names_leptos() {
    for folder in ["crates", "xtask/src", "src/plot"] {
        check_absent(folder, &[], &["leptos::", "use leptos"]);
    }
}

/// std reads floats by tables of powers of five, 10 kB of what is downloaded. Where the kind of number is inferred, the
/// build of the published page sees it.
#[test]
fn the_page_reads_floats_by_its_own_reader() {
    let readers = [
        "parse::<f64>",
        "parse::<f32>",
        "f64::from_str",
        "f32::from_str",
    ];
    for folder in ["src", "crates/core/src", "crates/engine/src"] {
        check_absent(folder, &[], &readers);
    }
}
