//! Notices that a file of which the page is made has changed. It looks at all of them, four times a second: they are
//! some hundred, and every system can do it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What the page is made of.
const WATCHED: [&str; 7] = [
    "src",
    "crates",
    "www",
    "index.html",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
];
const PERIOD: Duration = Duration::from_millis(250);

pub struct Watch {
    root: PathBuf,
    seen: Vec<(PathBuf, SystemTime)>,
}

impl Watch {
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            seen: files(root),
        }
    }

    /// Returns when files have changed, and have then rested for a period.
    pub fn wait(&mut self) {
        while !self.has_changed() {
            std::thread::sleep(PERIOD);
        }
        loop {
            std::thread::sleep(PERIOD);
            if !self.has_changed() {
                return;
            }
        }
    }

    /// Whether a file came, went or was written since this was last asked.
    fn has_changed(&mut self) -> bool {
        let now = files(&self.root);
        let has_changed = now != self.seen;
        self.seen = now;
        has_changed
    }
}

/// All watched files with the time they were last written, sorted.
fn files(root: &Path) -> Vec<(PathBuf, SystemTime)> {
    let mut files = Vec::new();
    let mut todo: Vec<PathBuf> = WATCHED.iter().map(|name| root.join(name)).collect();
    while let Some(path) = todo.pop() {
        // What is gone between two looks is simply not there.
        if let Ok(entries) = std::fs::read_dir(&path) {
            todo.extend(entries.flatten().map(|entry| entry.path()));
        } else if let Ok(written) = std::fs::metadata(&path).and_then(|about| about.modified()) {
            files.push((path, written));
        }
    }
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::Watch;
    use std::fs::{self, File};
    use std::time::SystemTime;

    #[test]
    fn a_file_that_comes_goes_or_is_written_is_a_change() {
        let root = std::env::temp_dir().join(format!("xtask-watch-{}", std::process::id()));
        fs::create_dir_all(root.join("src/ui")).unwrap();
        let file = root.join("src/ui/mod.rs");
        fs::write(&file, "a").unwrap();
        let mut watch = Watch::new(&root);
        assert!(!watch.has_changed());
        let written = File::options().append(true).open(&file).unwrap();
        written.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert!(watch.has_changed());
        assert!(!watch.has_changed());
        fs::write(root.join("index.html"), "").unwrap();
        assert!(watch.has_changed());
        fs::remove_file(&file).unwrap();
        assert!(watch.has_changed());
        fs::write(root.join("README.md"), "").unwrap();
        assert!(!watch.has_changed());
        fs::remove_dir_all(&root).unwrap();
    }
}
