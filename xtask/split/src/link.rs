//! The script that loads chunks. Which order they come in does not matter: what one calls of another it finds in the table,
//! and a way in is told when all of its files are there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// `files`: each with the ways in that need it. `shared`: what chunks import of `main`, the program's script.
pub fn script(
    main: &str,
    shared: &BTreeSet<String>,
    splits: &BTreeSet<String>,
    files: &[(String, BTreeSet<String>)],
) -> String {
    let shared: Vec<&str> = shared.iter().map(String::as_str).collect();
    let mut script = include_str!("loader.js")
        .replace("MAIN", main)
        .replace("SHARED", &shared.join(", "));
    let mut needed: BTreeMap<&str, Vec<String>> = splits
        .iter()
        .map(|split| (&split[..], Vec::new()))
        .collect();
    for (index, (file, splits)) in files.iter().enumerate() {
        let _ = writeln!(
            script,
            "const file{index} = file(() => new URL(\"./{file}\", import.meta.url));"
        );
        for split in splits {
            needed
                .entry(split)
                .or_default()
                .push(format!("file{index}"));
        }
    }
    for (split, files) in needed {
        // The name that `wasm_split` asks for.
        let _ = writeln!(
            script,
            "export const __wasm_split_load_{split} = way({});",
            files.join(", ")
        );
    }
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_in_loads_its_files() {
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let text = script(
            "./page.js",
            &set(&["__indirect_function_table", "memory"]),
            &set(&["atlas", "map", "nothing"]),
            &[
                ("page_a.wasm".to_owned(), set(&["atlas", "map"])),
                ("page_b.wasm".to_owned(), set(&["map"])),
            ],
        );
        for part in [
            "import { initSync } from \"./page.js\";",
            "const { __indirect_function_table, memory } = initSync",
            "const file1 = file(() => new URL(\"./page_b.wasm\", import.meta.url));",
            "export const __wasm_split_load_atlas = way(file0);",
            "export const __wasm_split_load_map = way(file0, file1);",
            "export const __wasm_split_load_nothing = way();",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
