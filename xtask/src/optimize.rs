//! Makes WebAssembly smaller and faster, by binaryen.

use crate::command::{Log, program};
use crate::setup;
use crate::workspace;
use anyhow::{Context, Result};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Writes what becomes of `files` into `folder`, under their names, on all cores.
pub fn optimize(files: &[PathBuf], folder: &Path) -> Result<()> {
    let library = setup::binaryen()?.context("binaryen is not installed: `cargo xtask setup`")?;
    let script = workspace::root().join("xtask/src/optimize.mjs");
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    let mut sized = Vec::new();
    for file in files {
        let metadata = std::fs::metadata(file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        sized.push((metadata.len(), file));
    }
    let n_workers = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    std::thread::scope(|scope| {
        let workers: Vec<_> = shares(sized, n_workers)
            .into_iter()
            .enumerate()
            .map(|(worker, share)| {
                let mut node = program("node");
                node.arg(&script).arg(&library).arg(folder).args(share);
                scope.spawn(move || {
                    // What it has to say is of use only where it fails.
                    let folder = workspace::target().join("log");
                    Log::create(&folder, &format!("optimize-{worker}"))?.run(&mut node)
                })
            })
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().expect("optimizing does not panic"))
    })
}

/// Values with their sizes, shared out so that each share is about as large: the largest first, each to the least.
fn shares<T: Ord>(mut sized: Vec<(u64, T)>, n: usize) -> Vec<Vec<T>> {
    sized.sort_by(|a, b| b.cmp(a));
    let mut shares: Vec<(u64, Vec<T>)> = (0..n).map(|_| (0, Vec::new())).collect();
    for (size, value) in sized {
        if let Some((has, share)) = shares.iter_mut().min_by_key(|(has, _)| *has) {
            *has += size;
            share.push(value);
        }
    }
    let shares = shares.into_iter().map(|(_, share)| share);
    shares.filter(|share| !share.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn shares_are_about_as_large() {
        let sized = vec![(10, 'e'), (50, 'b'), (30, 'c'), (90, 'a'), (20, 'd')];
        assert_eq!(shares(sized, 2), [vec!['a', 'e'], vec!['b', 'c', 'd']]);
        assert_eq!(shares(vec![(1, 'a')], 4), [['a']]);
    }
}
