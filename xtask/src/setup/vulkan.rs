//! A Vulkan driver for the native tests of the GPU engine: the machine's own, or Mesa's, which comes with
//! one in software.

use super::apt;
use crate::command::Log;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Where the loader looks for drivers' descriptions.
const FOLDERS: &[&str] = &[
    "/usr/share/vulkan/icd.d",
    "/usr/local/share/vulkan/icd.d",
    "/etc/vulkan/icd.d",
];
/// Where Linux distributions have the loader.
const LOADERS: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu/libvulkan.so.1",
    "/usr/lib/aarch64-linux-gnu/libvulkan.so.1",
    "/usr/lib64/libvulkan.so.1",
    "/usr/lib/libvulkan.so.1",
];

/// The description of a driver, where there is a loader that reads it.
pub fn find() -> Result<Option<PathBuf>> {
    let has_loader = LOADERS.iter().any(|loader| Path::new(loader).exists());
    let drivers = FOLDERS.iter().filter_map(|folder| first_file(folder));
    Ok(drivers.into_iter().next().filter(|_| has_loader))
}

pub fn install(log: &Log) -> Result<()> {
    apt::install(log, &["libvulkan1", "mesa-vulkan-drivers"])
}

fn first_file(folder: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    files.into_iter().next()
}
