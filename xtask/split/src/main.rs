//! `xtask-split MODULE OUT_DIR NAME`: writes `NAME.wasm`, what a program starts with, its chunks, `NAME_CHUNK.wasm`, and
//! `NAME_link.js`, which loads them, into a folder, and prints the chunks' paths. A package of its own, because
//! only a published page needs it and it takes long to compile.
//!
//! `wasm_split_cli_support` makes one chunk of what just the same ways in reach: hundreds, most of a few hundred bytes. Those that
//! are mostly loaded together are put together here, and loaded by a script of our own.

mod groups;
mod link;
mod merge;

use anyhow::{Context, Result, anyhow, bail};
use groups::{Part, groups};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use wasm_split_cli_support::{Options, transform};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, out_dir, name] = arguments.as_slice() else {
        bail!("usage: xtask-split MODULE OUT_DIR NAME");
    };
    let folder = Path::new(out_dir);
    let code = std::fs::read(module).with_context(|| format!("{module} cannot be read"))?;
    let main = folder.join(format!("{name}.wasm"));
    let script = format!("./{name}.js");
    let link = format!("{name}_link.js");
    let link_module = format!("./{link}");
    // What the splitter writes beside the main module is not what is loaded.
    let parts = folder.join("parts");

    let mut options = Options::new(&code);
    options.output_dir = &parts;
    options.main_out_path = &main;
    options.main_module = &script;
    options.link_name = &link_module;
    let done = transform(options).map_err(|error| anyhow!("{error:#}"))?;

    let mut splits_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (split, files) in &done.prefetch_map {
        for file in files {
            splits_of
                .entry(file.clone())
                .or_default()
                .insert(split.clone());
        }
    }
    let read = |file: &str| {
        let path = parts.join(format!("{file}.wasm"));
        std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let mut all = Vec::new();
    for (name, splits) in splits_of {
        let n_bytes = merge::n_bytes(&read(&name)?)?;
        all.push(Part {
            name,
            splits,
            n_bytes,
        });
    }

    let mut files = Vec::new();
    let mut shared = BTreeSet::new();
    for group in groups(all)? {
        let codes: Vec<Vec<u8>> = group
            .iter()
            .map(|part| read(&part.name))
            .collect::<Result<_>>()?;
        let file = format!("{name}_{}.wasm", group[0].name);
        let merged = merge::merge(&codes).with_context(|| format!("{file} cannot be made"))?;
        shared.extend(merge::imports(&merged)?);
        let path = folder.join(&file);
        std::fs::write(&path, merged)?;
        println!("{}", path.display());
        let splits = group.into_iter().flat_map(|part| part.splits).collect();
        files.push((file, splits));
    }
    let splits = done.prefetch_map.into_keys().collect();
    let text = link::script(&script, &shared, &splits, &files);
    std::fs::write(folder.join(link), text)?;
    Ok(())
}
