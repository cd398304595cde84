//! What is left to do when Trunk has built the page: Trunk gives the worker's files no hash and
//! the page no name for them, and writes its reload script inline, which the page's policy forbids.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// Called by Trunk before it moves the staging folder to its place.
pub fn run_as_hook() -> Result<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR")
        .context("TRUNK_STAGING_DIR is not set: `post-build` is called by Trunk")?;
    finish(Path::new(&staging))
}

fn finish(staging: &Path) -> Result<()> {
    let index = staging.join("index.html");
    let html = read(&index)?;
    let html = name_worker(staging, &html)?;
    let html = move_inline_scripts(staging, html)?;
    write(&index, &html)
}

/// Puts a hash of the three files' content into their names and into `data-worker`.
fn name_worker(staging: &Path, html: &str) -> Result<String> {
    const UNNAMED: &str = "data-worker=\"unnamed\"";
    if html.matches(UNNAMED).count() != 1 {
        bail!("index.html has to name the worker once, by {UNNAMED}");
    }
    let script = read(&staging.join("worker.js"))?;
    let loader = read(&staging.join("worker_loader.js"))?;
    let wasm_path = staging.join("worker_bg.wasm");
    let wasm = fs::read(&wasm_path).with_context(|| cannot("read", &wasm_path))?;

    let hash = hash([script.as_bytes(), loader.as_bytes(), &wasm]);
    let base = format!("worker-{hash}");
    let script = replace_some(&script, "worker_bg.wasm", &format!("{base}_bg.wasm"))?;
    let loader = replace_some(&loader, "./worker.js", &format!("./{base}.js"))?;
    write(&staging.join(format!("{base}.js")), &script)?;
    write(&staging.join(format!("{base}_loader.js")), &loader)?;
    fs::rename(&wasm_path, staging.join(format!("{base}_bg.wasm")))
        .with_context(|| cannot("rename", &wasm_path))?;
    for name in ["worker.js", "worker_loader.js"] {
        let path = staging.join(name);
        fs::remove_file(&path).with_context(|| cannot("remove", &path))?;
    }
    Ok(html.replace(UNNAMED, &format!("data-worker=\"{base}_loader.js\"")))
}

/// Moves the text of each inline script into a file beside the page.
fn move_inline_scripts(staging: &Path, mut html: String) -> Result<String> {
    const OPEN: &str = "<script>";
    const CLOSE: &str = "</script>";
    while let Some(start) = html.find(OPEN) {
        let text_start = start + OPEN.len();
        let text_end = html[text_start..]
            .find(CLOSE)
            .map(|length| text_start + length)
            .context("index.html has a script without an end")?;
        // Trunk's server fills these in within HTML only.
        let text = html[text_start..text_end]
            .replace("'{{__TRUNK_ADDRESS__}}'", "window.location.host")
            .replace("{{__TRUNK_WS_BASE__}}", "/");
        let name = format!("inline-{}.js", hash([text.as_bytes()]));
        write(&staging.join(&name), &text)?;
        let tag = format!("<script src=\"./{name}\">");
        html.replace_range(start..text_end, &tag);
    }
    Ok(html)
}

/// Like `str::replace`, but an error where there is nothing to replace.
fn replace_some(text: &str, from: &str, to: &str) -> Result<String> {
    if !text.contains(from) {
        bail!("`{from}` is not named where Trunk is expected to name it");
    }
    Ok(text.replace(from, to))
}

/// 64-bit FNV-1a over the parts, as 16 hexadecimal digits: a name for content, no more.
fn hash<const N: usize>(parts: [&[u8]; N]) -> String {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in parts.into_iter().flatten() {
        state = (state ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    }
    format!("{state:016x}")
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| cannot("read", path))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| cannot("write", path))
}

fn cannot(verb: &str, path: &Path) -> String {
    format!("cannot {verb} {}", path.display())
}

#[cfg(test)]
mod tests {
    use super::{finish, hash};
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::PathBuf;

    const FILES: [(&str, &str); 4] = [
        (
            "index.html",
            "<script src=\"boot.js\" data-worker=\"unnamed\"></script>\
             <script>connect('{{__TRUNK_ADDRESS__}}', '{{__TRUNK_WS_BASE__}}')</script>",
        ),
        (
            "worker.js",
            "fetch(new URL('worker_bg.wasm', import.meta.url))",
        ),
        ("worker_loader.js", "import init from './worker.js'"),
        ("worker_bg.wasm", "code"),
    ];

    /// Writes the files into a folder, finishes it, and returns what is there then, or the error.
    fn finished(files: &[(&str, &str)], name: &str) -> Result<BTreeMap<String, String>, String> {
        let folder: PathBuf =
            std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in files {
            fs::write(folder.join(name), text).unwrap();
        }
        let result = finish(&folder).map_err(|error| error.to_string());
        let files = fs::read_dir(&folder).unwrap().map(|entry| {
            let entry = entry.unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        });
        let files = files.collect();
        fs::remove_dir_all(&folder).unwrap();
        result.map(|()| files)
    }

    #[test]
    fn worker_is_named_by_its_content_everywhere() {
        let files = finished(&FILES, "names").unwrap();
        let loader = files
            .keys()
            .find(|name| name.ends_with("_loader.js"))
            .unwrap();
        let base = loader.strip_suffix("_loader.js").unwrap();
        assert_eq!(files[&format!("{base}_bg.wasm")], "code");
        assert!(files[&format!("{base}.js")].contains(&format!("'{base}_bg.wasm'")));
        assert!(files[loader].contains(&format!("'./{base}.js'")));
        assert!(files["index.html"].contains(&format!("data-worker=\"{loader}\"")));
        assert!(!files.contains_key("worker.js"));

        let mut changed = FILES;
        changed[3].1 = "other code";
        assert!(!finished(&changed, "changed").unwrap().contains_key(loader));
    }

    #[test]
    fn no_script_stays_inline() {
        let files = finished(&FILES, "inline").unwrap();
        assert!(!files["index.html"].contains("<script>"));
        let moved = files
            .iter()
            .find(|(name, _)| name.starts_with("inline-"))
            .unwrap();
        assert_eq!(moved.1, "connect(window.location.host, '/')");
        assert!(files["index.html"].contains(&format!("<script src=\"./{}\"></script>", moved.0)));
    }

    #[test]
    fn a_page_that_names_no_worker_is_refused() {
        let mut files = FILES;
        files[0].1 = "<p>";
        let error = finished(&files, "refused").unwrap_err();
        assert!(error.contains("has to name the worker"), "{error}");
    }

    #[test]
    fn hash_is_fnv_1a() {
        // Test vectors of Fowler, Noll and Vo.
        assert_eq!(hash([b""]), "cbf29ce484222325");
        assert_eq!(hash([b"foo", b"bar"]), "85944171f73967e8");
    }
}
