//! `xtask-split MODULE OUT_DIR NAME`: writes `NAME.wasm`, what a program starts with, its chunks, and
//! `NAME_link.js`, which loads them, into a folder, and prints the chunks' paths. A package of its own, because
//! only a published page needs it and it takes long to compile.

use anyhow::{Context, Result, anyhow, bail};
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

    let mut options = Options::new(&code);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = &script;
    options.link_name = &link_module;
    let done = transform(options).map_err(|error| anyhow!("{error:#}"))?;
    for chunk in &done.split_modules {
        println!("{}", chunk.display());
    }
    Ok(())
}
