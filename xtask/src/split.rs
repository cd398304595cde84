//! Splits the program of the release page: what it starts with, and chunks that are loaded when a function in them is
//! first called. Such functions are marked by `wasm_split` (see ARCHITECTURE.md).

use crate::command::{Log, program};
use crate::programs::{Bind, Split};
use crate::workspace;
use anyhow::{Context, Result, ensure};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The program of index.html, and the profile that it is built with.
const NAME: &str = "page";
const PROFILE: &str = "page";

/// Puts `page.js`, `page_bg.wasm` and, if the program has chunks, `page_link.js`, which loads them, and a
/// `page_CHUNK.wasm` each into `staging`.
pub fn split_program(staging: &Path) -> Result<()> {
    let linked = workspace::target()
        .join("wasm32-unknown-unknown")
        .join(PROFILE)
        .join(format!("{NAME}.wasm"));
    split(&linked, staging).with_context(|| format!("cannot split the {NAME}"))
}

fn split(linked: &Path, staging: &Path) -> Result<()> {
    let folder = workspace::target().join("split");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let chunks = Split::build()?.split(linked, &folder, NAME)?;
    let start = folder.join(format!("{NAME}.wasm"));
    let code =
        std::fs::read(&start).with_context(|| format!("{} cannot be read", start.display()))?;
    refuse_tables(&code)?;
    Bind::build()?.bind(&start, staging, NAME, false)?;
    std::thread::scope(|scope| {
        let chunks = scope.spawn(|| finish_chunks(&chunks, &folder, staging));
        // What these tools have to say is of use only where they fail.
        let log = Log::create(&folder, NAME)?;
        let bound = staging.join(format!("{NAME}_bg.wasm"));
        optimize(&log, &bound, &bound)?;
        chunks.join().expect("chunks are finished without a panic")
    })
}

/// Puts the chunks and what loads them into `staging`.
fn finish_chunks(chunks: &[PathBuf], folder: &Path, staging: &Path) -> Result<()> {
    if chunks.is_empty() {
        return Ok(());
    }
    let link = format!("{NAME}_link.js");
    let mut loader = std::fs::read_to_string(folder.join(&link))?;
    let mut wanted = Vec::new();
    for chunk in chunks {
        let old = file_name(chunk)?;
        let new = format!("{NAME}_{old}");
        let quoted = format!("\"./{old}\"");
        // One that would be empty is written, and not loaded.
        if loader.contains(&quoted) {
            loader = loader.replace(&quoted, &format!("\"./{new}\""));
            wanted.push((chunk, staging.join(new)));
        }
    }
    optimize_all(&wanted, folder)?;
    std::fs::write(staging.join(link), loader)?;
    Ok(())
}

/// Each in turn, as many at a time as there are cores: most are so small that starting the optimizer is what takes the time.
fn optimize_all(chunks: &[(&PathBuf, PathBuf)], folder: &Path) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = |log: &Log| -> Result<()> {
        while let Some((chunk, to)) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
            optimize(log, chunk, to)?;
        }
        Ok(())
    };
    let n_workers = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..n_workers)
            .map(|worker| {
                let log = Log::create(folder, &format!("chunks-{worker}"));
                let work = &work;
                scope.spawn(move || work(&log?))
            })
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().expect("chunks are finished without a panic"))
    })
}

/// Code of std that brings tables and is seldom meant, by a part of its names, and what to call in its place. The
/// compiler does not see them: a number's kind may be inferred.
const TABLES: [(&str, &str); 2] = [
    (
        "7dec2flt6lemire",
        "a number is read by `str::parse`, which brings 10 kB of powers of five: use `core::number::parse_f64`",
    ),
    (
        "12unicode_data11conversions",
        "a text's case is changed by Unicode's rules, which brings 10 kB of tables: compare as ASCII",
    ),
];

/// Refuses one of [`TABLES`] in what a program starts with. A chunk may have one: what reads TOML does.
fn refuse_tables(code: &[u8]) -> Result<()> {
    for (name, advice) in TABLES {
        let is_in = code
            .windows(name.len())
            .any(|bytes| bytes == name.as_bytes());
        ensure!(!is_in, "{advice}");
    }
    Ok(())
}

fn optimize(log: &Log, module: &Path, to: &Path) -> Result<()> {
    log.run(
        program("wasm-opt")
            .args(["-O3", "--strip-producers", "--output"])
            .arg(to)
            .arg(module),
    )
}

fn file_name(path: &Path) -> Result<&str> {
    path.file_name()
        .and_then(|name| name.to_str())
        .with_context(|| format!("{} has no name", path.display()))
}

#[cfg(test)]
mod tests {
    use super::refuse_tables;

    #[test]
    fn tables_are_known_by_their_names() {
        let name = b"_RNvNtNtNtCs_4core3num7dec2flt6lemire17POWER_OF_FIVE_128";
        assert!(
            refuse_tables(name)
                .unwrap_err()
                .to_string()
                .contains("parse_f64")
        );
        // Printing a number takes this one, which is no table.
        refuse_tables(b"_RNvYdNtNtNtNtCs_4core3num7dec2flt5float8RawFloat14integer_decode")
            .unwrap();
    }
}
