//! The debug page: cargo, then wasm-bindgen, then what [`super::assemble`] reads in index.html.

use super::assemble::assemble;
use crate::artifact;
use crate::command::{cargo, human};
use crate::programs::Bind;
use crate::{setup, workspace};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::time::Instant;

const PACKAGE: &str = "actiscope-program";
const PROGRAM: &str = "page";

pub struct DebugPage {
    bind: Bind,
    folder: PathBuf,
}

impl DebugPage {
    /// Installs what is needed. wasm-bindgen and the page compile beside each other: the second finds most of
    /// its work done when it is asked for.
    pub fn prepare() -> Result<Self> {
        let bind = std::thread::scope(|scope| {
            let start = Instant::now();
            println!("serve: compiling wasm-bindgen beside the page, if it is not there");
            let bind = scope.spawn(Bind::build);
            setup::prepare(setup::DEBUG_PAGE)?;
            // Where it fails the build says why once more, and then waits for a change.
            let is_compiled = compile().is_ok();
            let bind = bind.join().expect("a build does not panic")?;
            if is_compiled {
                println!("serve: compiled in {}", human(start.elapsed()));
            }
            anyhow::Ok(bind)
        })?;
        Ok(Self {
            bind,
            folder: workspace::target().join("served"),
        })
    }

    /// Builds the page; returns its folder.
    pub fn make(&self) -> Result<PathBuf> {
        let messages = compile()?;
        // Of a build before: a file that index.html no longer names must not be found.
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder)
                .with_context(|| format!("cannot remove {}", self.folder.display()))?;
        }
        let module = artifact::find(&messages, PROGRAM, ".wasm")
            .with_context(|| format!("cargo built no {PROGRAM}.wasm"))?;
        self.bind.bind(&module, &self.folder, PROGRAM, true)?;
        let root = workspace::root();
        let assembled = assemble(&read(root, "index.html")?, &read(root, "Trunk.toml")?)?;
        for (from, name) in &assembled.copies {
            let (from, to) = (root.join(from), self.folder.join(name));
            if let Some(folder) = to.parent() {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("cannot create {}", folder.display()))?;
            }
            std::fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
        }
        let index = self.folder.join("index.html");
        std::fs::write(&index, &assembled.html)
            .with_context(|| format!("cannot write {}", index.display()))?;
        Ok(self.folder.clone())
    }
}

/// Compiles the program; returns cargo's messages.
fn compile() -> Result<String> {
    let mut cargo = cargo();
    cargo
        .args([
            "build",
            "--profile",
            "serve",
            "--target",
            "wasm32-unknown-unknown",
            "--package",
            PACKAGE,
            "--bin",
            PROGRAM,
        ])
        // It would replace the flags of .cargo/config.toml, which turn SIMD128 on.
        .env_remove("RUSTFLAGS");
    artifact::build_all(&mut cargo)
}

fn read(root: &Path, name: &str) -> Result<String> {
    let path = root.join(name);
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}
