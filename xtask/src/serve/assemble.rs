//! What Trunk would make of index.html, for the debug page: its tags marked `data-trunk` become those that a browser
//! knows, and the files that they name are copied, under their own names.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace;

/// The page's folder, but for what wasm-bindgen makes.
#[derive(Debug, Default)]
pub struct Assembled {
    /// From the workspace's root to a name in the folder.
    pub copies: Vec<(PathBuf, String)>,
    /// The text of its index.html.
    pub html: String,
}

/// Reads index.html, and in Trunk.toml how the page names its program.
pub fn assemble(html: &str, trunk_toml: &str) -> Result<Assembled> {
    let mut assembled = Assembled::default();
    let mut page = String::new();
    let mut rest = html;
    while let Some(start) = rest.find(MARK_LINK).or_else(|| rest.find(MARK_SCRIPT)) {
        let start = rest
            .find(MARK_SCRIPT)
            .map_or(start, |script| start.min(script));
        let length = rest[start..]
            .find('>')
            .context("index.html has a tag without an end")?;
        page.push_str(&rest[..start]);
        let tag = &rest[start..=start + length];
        page.push_str(&replaced(tag, trunk_toml, &mut assembled)?);
        rest = &rest[start + length + 1..];
    }
    page.push_str(rest);
    assembled.html = page;
    Ok(assembled)
}

const MARK_LINK: &str = "<link data-trunk ";
const MARK_SCRIPT: &str = "<script data-trunk ";

/// What stands for a tag.
fn replaced(tag: &str, trunk_toml: &str, assembled: &mut Assembled) -> Result<String> {
    let attributes = attributes(tag);
    let get = |name: &str| {
        let value = attributes.get(name).copied();
        value.with_context(|| format!("index.html: {tag} has no {name}"))
    };
    if tag.starts_with(MARK_SCRIPT) {
        let src = get("src")?;
        let name = assembled.copy(src)?;
        let tag = tag.replacen("data-trunk ", "", 1);
        return Ok(tag.replace(src, &format!("./{name}")).replace(
            "data-worker=\"unnamed\"",
            "data-worker=\"./page_worker.js\"",
        ));
    }
    match get("rel")? {
        "copy-file" => assembled.copy(get("href")?).map(|_| String::new()),
        "copy-dir" => assembled.copy_folder(get("href")?).map(|()| String::new()),
        "css" => {
            let name = assembled.copy(get("href")?)?;
            Ok(format!("<link rel=\"stylesheet\" href=\"./{name}\">"))
        }
        "rust" => {
            let name = get("data-bin")?;
            let pattern = pattern(trunk_toml).context("Trunk.toml has no pattern_script")?;
            Ok(pattern
                .replace("{js}", &format!("{name}.js"))
                .replace("{wasm}", &format!("{name}_bg.wasm")))
        }
        other => bail!(
            "index.html: the debug page knows no rel=\"{other}\"; teach xtask/src/serve/assemble.rs"
        ),
    }
}

impl Assembled {
    /// Has a file copied; returns its name in the page's folder.
    fn copy(&mut self, path: &str) -> Result<String> {
        let name = Path::new(path).file_name().and_then(|name| name.to_str());
        let name = name.with_context(|| format!("index.html: {path} names no file"))?;
        self.copies.push((PathBuf::from(path), name.to_owned()));
        Ok(name.to_owned())
    }

    /// Has all files of a folder copied, into one of the same name.
    fn copy_folder(&mut self, path: &str) -> Result<()> {
        let folder = workspace::root().join(path);
        let name = Path::new(path).file_name().and_then(|name| name.to_str());
        let name = name.with_context(|| format!("index.html: {path} names no folder"))?;
        let entries = fs::read_dir(&folder);
        for entry in entries.with_context(|| format!("cannot read {}", folder.display()))? {
            let file = entry?.file_name();
            let file = file.to_string_lossy();
            let copy = format!("{name}/{file}");
            self.copies.push((Path::new(path).join(&*file), copy));
        }
        Ok(())
    }
}

/// Those with a value in double quotes.
fn attributes(tag: &str) -> BTreeMap<&str, &str> {
    let mut attributes = BTreeMap::new();
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once("=\"") {
        let name = before
            .rsplit(char::is_whitespace)
            .next()
            .unwrap_or_default();
        let Some((value, after)) = after.split_once('"') else {
            break;
        };
        attributes.insert(name, value);
        rest = after;
    }
    attributes
}

/// Trunk's `pattern_script`, which puts the names of script and module into the page.
fn pattern(trunk_toml: &str) -> Option<&str> {
    let line = trunk_toml
        .lines()
        .find_map(|line| line.strip_prefix("pattern_script = '"))?;
    line.strip_suffix('\'')
}

#[cfg(test)]
mod tests {
    use super::assemble;

    const TRUNK: &str =
        "[build]\npattern_script = '<link data-js=\"./{js}\" data-wasm=\"./{wasm}\">'\n";

    #[test]
    fn tags_become_those_that_a_browser_knows() {
        let html = "<head><link data-trunk rel=\"copy-file\" href=\"www/icon.svg\">\
            <link rel=\"icon\" href=\"./icon.svg\">\
            <link data-trunk rel=\"css\" href=\"www/ui/kit.css\">\
            <link data-trunk rel=\"rust\" href=\"Cargo.toml\" data-bin=\"page\">\
            <script data-trunk type=\"module\" src=\"www/boot.js\" data-worker=\"unnamed\"></script></head>";
        let assembled = assemble(html, TRUNK).unwrap();
        let copies: Vec<&str> = assembled
            .copies
            .iter()
            .map(|(_, name)| name.as_str())
            .collect();
        assert_eq!(copies, ["icon.svg", "kit.css", "boot.js"]);
        assert_eq!(
            assembled.html,
            "<head><link rel=\"icon\" href=\"./icon.svg\">\
             <link rel=\"stylesheet\" href=\"./kit.css\">\
             <link data-js=\"./page.js\" data-wasm=\"./page_bg.wasm\">\
             <script type=\"module\" src=\"./boot.js\" data-worker=\"./page_worker.js\"></script></head>"
        );
    }

    #[test]
    fn what_only_trunk_knows_is_refused() {
        let error = assemble("<link data-trunk rel=\"scss\" href=\"a.scss\">", TRUNK).unwrap_err();
        assert!(error.to_string().contains("scss"), "{error}");
        assert!(assemble("<link data-trunk rel=\"css\"", TRUNK).is_err());
    }

    /// The page's own index.html has no tag that only Trunk knows, and names files that are there.
    #[test]
    fn the_page_can_be_assembled() {
        let root = crate::workspace::root();
        let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
        let assembled = assemble(&read("index.html"), &read("Trunk.toml")).unwrap();
        for (path, _) in &assembled.copies {
            assert!(root.join(path).is_file(), "{}", path.display());
        }
        let html = assembled.html;
        for part in [
            "./page.js",
            "./page_bg.wasm",
            "data-worker=\"./page_worker.js\"",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("data-trunk"), "{html}");
    }
}
