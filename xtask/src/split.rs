//! Splits the program of the release page: what it starts with, and chunks that are loaded when a function in them is
//! first called. Such functions are marked by `wasm_split` (see ARCHITECTURE.md).

use crate::optimize::optimize;
use crate::programs::{Bind, Split};
use crate::workspace;
use anyhow::{Context, Result, ensure};
use std::path::Path;

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
    let bound = folder.join("bound");
    Bind::build()?.bind(&start, &bound, NAME, false)?;
    let mut modules = chunks.clone();
    modules.push(bound.join(format!("{NAME}_bg.wasm")));
    optimize(&modules, staging)?;
    copy(&bound, staging, &format!("{NAME}.js"))?;
    // Where nothing is marked there is nothing to load.
    if !chunks.is_empty() {
        copy(&folder, staging, &format!("{NAME}_link.js"))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, name: &str) -> Result<()> {
    let from = from.join(name);
    std::fs::copy(&from, to.join(name))
        .with_context(|| format!("{} cannot be copied", from.display()))?;
    Ok(())
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
