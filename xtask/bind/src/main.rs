//! `xtask-bind MODULE OUT_DIR NAME [--debug]`: writes `NAME.js` and `NAME_bg.wasm` into a folder, made of a linked
//! program. The library does it, and not the tool of the same name, because the library is of the page's own version
//! by Cargo.lock and compiles in a third of the time.
//!
//! `--debug` keeps what the browser's debugger can use, and adds assertions to the script.

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (module, out_dir, name, is_debug) = match arguments.as_slice() {
        [module, out_dir, name] => (module, out_dir, name, false),
        [module, out_dir, name, flag] if flag == "--debug" => (module, out_dir, name, true),
        _ => bail!("usage: xtask-bind MODULE OUT_DIR NAME [--debug]"),
    };
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .debug(is_debug)
        // The script names the module, which is given a hash in its name after that.
        .omit_default_module_path(false)
        // A chunk is linked with the table of functions, an export of the linker's.
        .keep_lld_exports(!is_debug)
        .generate(out_dir)
        .with_context(|| format!("{module} cannot be bound"))
}
