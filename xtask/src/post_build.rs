//! What is left to do when Trunk has built the page: its program is split, and all its files get one hash.

use crate::command::{program, run};
use crate::{page, split, workspace};
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// Called by Trunk before it moves the staging folder to its place.
pub fn run_as_hook() -> Result<()> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .with_context(|| format!("{name} is not set: `post-build` is called by Trunk"))
    };
    let staging = variable("TRUNK_STAGING_DIR")?;
    let staging = Path::new(&staging);
    let flags = std::env::var(page::FLAGS).unwrap_or_default();
    ensure!(
        flags.contains(page::SPLIT),
        "Trunk alone gives the compiler no flags: use `cargo xtask build`, or `cargo xtask serve` for a debug page"
    );
    split::split_program(staging)?;
    minify(staging)?;
    finish(staging)
}

/// Gives the files of the program their names, and puts it in the place of the one that Trunk bound.
fn finish(staging: &Path) -> Result<()> {
    let index = staging.join("index.html");
    let html = read(&index)?;
    let of_trunk = html
        .split_once("data-js=\"./")
        .and_then(|(_, rest)| rest.split_once(".js\""))
        .map(|(base, _)| base)
        .context("index.html has to name the page's script by data-js")?;
    if html.matches(UNNAMED).count() != 1 {
        bail!("index.html has to name the worker once, by {UNNAMED}");
    }
    for end in [".js", "_bg.wasm"] {
        let path = staging.join(format!("{of_trunk}{end}"));
        fs::remove_file(&path).with_context(|| cannot("remove", &path))?;
    }
    let base = name_files(staging, "page", "page_worker.js")?;
    let html = styles_to_come(&without_comments(&html))?
        .replace(of_trunk, &base)
        .replace(UNNAMED, &format!("data-worker=\"./{base}_worker.js\""))
        // The script imports it: without a word of it the browser would ask for it a round trip later.
        .replace(
            "</head>",
            &format!("<link rel=\"modulepreload\" href=\"./{base}_link.js\" crossorigin=\"anonymous\"></head>"),
        );
    write(&index, html.as_bytes())
}

/// What is told to who reads the source is not sent.
fn without_comments(html: &str) -> String {
    let mut parts = html.split("<!--");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |html, part| {
        let after = part.split_once("-->").map_or("", |(_, after)| after);
        html + after.trim_start()
    })
}

/// The style sheets of all views but the first, the Scope, are asked for when a view is first opened (src/browser.rs):
/// until then their links, which keep their places in the order of the sheets, are of no kind that browsers fetch.
fn styles_to_come(html: &str) -> Result<String> {
    let mut html = html.to_owned();
    let views = workspace::root().join("www/styles/views");
    for entry in fs::read_dir(&views).with_context(|| cannot("read", &views))? {
        let path = entry?.path();
        let view = path.file_stem().and_then(|stem| stem.to_str());
        let Some(view) = view.filter(|view| *view != "scope") else {
            continue;
        };
        let asked = format!("<link rel=\"stylesheet\" href=\"./{view}-");
        let to_come = asked.replace("stylesheet", "style-to-come");
        html = html.replace(&asked, &to_come);
    }
    Ok(html)
}

/// How index.html names the script that starts the worker.
const UNNAMED: &str = "data-worker=\"unnamed\"";

/// Makes scripts and style sheets smaller.
fn minify(staging: &Path) -> Result<()> {
    let mut esbuild = program("esbuild");
    esbuild.args(["--minify", "--charset=utf8", "--legal-comments=none"]);
    // What it warns of is wasm-bindgen's: keys of an object that are written twice.
    esbuild.args(["--log-level=error", "--allow-overwrite"]);
    let mut outdir = OsString::from("--outdir=");
    outdir.push(staging);
    esbuild.arg(outdir);
    for entry in fs::read_dir(staging).with_context(|| cannot("read", staging))? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|end| end == "js" || end == "css")
        {
            esbuild.arg(path);
        }
    }
    run(&mut esbuild)
}

/// What stands before the name of a file in a script, written by a program or made small.
const BEFORE_NAMES: [&str; 6] = [
    "from './",
    "from \"./",
    "from\"./",
    "URL('",
    "URL(\"",
    "URL(\"./",
];

/// Puts a hash of the content of all files of a program (`NAME.js`, `NAME_bg.wasm`, ...) after NAME, in
/// their names and where they name each other, which all but `first` have to be. Returns `NAME-HASH`.
fn name_files(staging: &Path, name: &str, first: &str) -> Result<String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(staging).with_context(|| cannot("read", staging))? {
        let path = entry?.path();
        let file = path.file_name().and_then(|file| file.to_str());
        let end = file.and_then(|file| file.strip_prefix(name));
        if let Some(end) = end.filter(|end| end.starts_with(['.', '_'])) {
            let content = fs::read(&path).with_context(|| cannot("read", &path))?;
            fs::remove_file(&path).with_context(|| cannot("remove", &path))?;
            files.insert(end.to_owned(), content);
        }
    }
    let base = format!("{name}-{}", hash(files.values()));
    let mut unnamed: BTreeSet<String> = files.keys().map(|end| format!("{name}{end}")).collect();
    unnamed.remove(first);
    let ends: Vec<String> = files.keys().cloned().collect();
    for (end, mut content) in files {
        if end.ends_with(".js") {
            let mut text = String::from_utf8(content).with_context(|| format!("{name}{end}"))?;
            for other in &ends {
                // Elsewhere a name is that of an import of the module, which stays.
                for before in BEFORE_NAMES {
                    let old = format!("{before}{name}{other}");
                    if text.contains(&old) {
                        text = text.replace(&old, &format!("{before}{base}{other}"));
                        unnamed.remove(&format!("{name}{other}"));
                    }
                }
            }
            content = text.into_bytes();
        }
        write(&staging.join(format!("{base}{end}")), &content)?;
    }
    ensure!(unnamed.is_empty(), "no script names {unnamed:?}");
    Ok(base)
}

/// 64-bit FNV-1a over the parts, as 16 hexadecimal digits: a name for content, no more.
fn hash<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> String {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.as_ref() {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
    format!("{state:016x}")
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| cannot("read", path))
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    fs::write(path, content).with_context(|| cannot("write", path))
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

    /// As Trunk leaves them.
    const FILES: [(&str, &str); 4] = [
        (
            "index.html",
            "<link data-js=\"./page-1a2b.js\" data-wasm=\"./page-1a2b_bg.wasm\">\
             <link rel=\"preload\" href=\"./page-1a2b_bg.wasm\"></head>\
             <script src=\"boot.js\" data-worker=\"unnamed\"></script>",
        ),
        ("page-1a2b.js", "of Trunk"),
        ("page-1a2b_bg.wasm", "of Trunk"),
        ("page_worker.js", "import init from \"./page.js\";"),
    ];

    /// What the program was split into.
    const SPLIT: [(&str, &str); 4] = [
        (
            "page.js",
            "import * as chunks from \"./page_link.js\"; \
             link({ \"./page_link.js\": chunks }, new URL('page_bg.wasm', import.meta.url))",
        ),
        ("page_bg.wasm", "main"),
        (
            "page_link.js",
            "import { initSync } from \"./page.js\"; \
             fetch(new URL(\"./page_split_rare.wasm\", import.meta.url))",
        ),
        ("page_split_rare.wasm", "chunk"),
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
    fn all_files_of_a_page_that_was_split_are_named_by_their_content() {
        let mut all = [FILES, SPLIT].concat();
        let files = finished(&all, "split").unwrap();
        let base = base_of(&files);
        assert_eq!(base.len(), "page-".len() + 16);
        let of = |end: &str| &files[&format!("{base}{end}")];
        expect_in(
            of("_link.js"),
            &[
                &format!("URL(\"./{base}_split_rare.wasm\""),
                &format!("from \"./{base}.js\""),
            ],
        );
        // What the module imports is named within it, and is not renamed.
        expect_in(
            of(".js"),
            &[
                &format!("from \"./{base}_link.js\""),
                "{ \"./page_link.js\": chunks }",
                &format!("URL('{base}_bg.wasm'"),
            ],
        );
        expect_in(of("_worker.js"), &[&format!("from \"./{base}.js\"")]);
        expect_in(
            &files["index.html"],
            &[
                &format!("data-js=\"./{base}.js\" data-wasm=\"./{base}_bg.wasm\""),
                &format!("href=\"./{base}_bg.wasm\""),
                &format!("<link rel=\"modulepreload\" href=\"./{base}_link.js\""),
                &format!("data-worker=\"./{base}_worker.js\""),
            ],
        );
        assert!(!files.keys().any(|name| name.starts_with("page-1a2b")));

        let mut changed = all.clone();
        changed.last_mut().unwrap().1 = "other code";
        assert_ne!(base_of(&finished(&changed, "changed").unwrap()), base);

        all.push(("page_split_lost.wasm", "chunk"));
        let error = finished(&all, "lost").unwrap_err();
        assert!(error.contains("page_split_lost.wasm"), "{error}");
    }

    #[test]
    fn comments_are_not_sent() {
        let html = "<a><!-- of a -->\n<b><!--\nand b --><c>";
        assert_eq!(super::without_comments(html), "<a><b><c>");
    }

    #[test]
    fn names_are_found_in_small_scripts_too() {
        let mut small = [FILES, SPLIT].concat();
        small[3].1 = "import e from\"./page.js\"";
        small[4].1 =
            "import*as c from\"./page_link.js\";fetch(new URL(\"page_bg.wasm\",import.meta.url))";
        let files = finished(&small, "small").unwrap();
        let base = base_of(&files);
        let of = |end: &str| &files[&format!("{base}{end}")];
        expect_in(of(".js"), &[&format!("\"{base}_bg.wasm\"")]);
        expect_in(of("_worker.js"), &[&format!("\"./{base}.js\"")]);
    }

    /// `page-HASH` of a page that was split.
    fn base_of(files: &BTreeMap<String, String>) -> String {
        let chunk = "_split_rare.wasm";
        let base = files.keys().find_map(|name| name.strip_suffix(chunk));
        base.unwrap().to_owned()
    }

    #[track_caller]
    fn expect_in(text: &str, parts: &[&str]) {
        for part in parts {
            assert!(text.contains(part), "{part} is not in: {text}");
        }
    }

    #[test]
    fn a_page_that_names_no_worker_is_refused() {
        let mut files = FILES;
        files[0].1 = "<link data-js=\"./page-1a2b.js\">";
        let error = finished(&files, "refused").unwrap_err();
        assert!(error.contains("has to name the worker"), "{error}");
    }

    #[test]
    fn hash_is_fnv_1a() {
        // Test vectors of Fowler, Noll and Vo.
        assert_eq!(hash([""]), "cbf29ce484222325");
        assert_eq!(hash(["foo", "bar"]), "85944171f73967e8");
    }
}
