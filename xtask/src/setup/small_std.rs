//! std for the published page: as small as it gets. A sysroot of its own, for the target alone.

use super::std_source::{Build, TARGET, compiles, rustc_release};
use super::{install_folder, tool_folder};
use crate::command::Log;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// A panic is a trap without a text, and no code is left that would make one: a tenth of the page's bytes.
/// Told so by the condition that std itself asks, for the compiler's own option of that name would have to be
/// given to all crates, and is not stable.
const SMALL: Build = Build {
    flags: &[
        "--cfg=panic=\"immediate-abort\"",
        "-Aexplicit_builtin_cfgs_in_flags",
    ],
    opt_level: "z",
    features: &["--no-default-features", "--features=optimize_for_size"],
};

/// The sysroot, if it is this compiler's.
pub fn find() -> Result<Option<PathBuf>> {
    let sysroot = place()?;
    if !sysroot.is_dir() {
        return Ok(None);
    }
    let options = [
        "-Cpanic=abort".as_ref(),
        "--sysroot".as_ref(),
        sysroot.as_os_str(),
    ];
    Ok(compiles(&options)?.then_some(sysroot))
}

pub fn install(log: &Log) -> Result<()> {
    install_folder(&place()?, |folder| SMALL.make(log, &lib(folder)))
}

fn place() -> Result<PathBuf> {
    tool_folder("small-std", &rustc_release()?)
}

fn lib(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}
