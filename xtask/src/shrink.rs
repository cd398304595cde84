//! Makes a module that wasm-bindgen has made, and its script, smaller: what nobody calls goes, and what they
//! call each other by gets short names.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportSection, ImportSection, Module, RawSection};
use wasmparser::{Imports, Parser, Payload};

/// Streams from and to a server, which Leptos brings along: no server is asked for any.
const UNUSED_EXPORTS: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];
const UNUSED_CLASSES: &str = "IntoUnderlying";

/// The module without exports that are never called. What only they need is removed by wasm-opt.
pub fn without_unused_exports(module: &[u8]) -> Result<Vec<u8>> {
    rewritten(module, |payload| {
        let Payload::ExportSection(exports) = payload else {
            return Ok(None);
        };
        let mut kept = ExportSection::new();
        for export in exports.clone() {
            let export = export?;
            if !UNUSED_EXPORTS
                .iter()
                .any(|name| export.name.starts_with(name))
            {
                RoundtripReencoder.parse_export(&mut kept, export)?;
            }
        }
        Ok(Some(Section::Exports(kept)))
    })
}

/// The module, whose imports from the script have names of a letter or two, and the script with these names,
/// without the functions that the module does not import.
pub fn with_short_imports(module: &[u8], name: &str, script: &str) -> Result<(Vec<u8>, String)> {
    let from = format!("./{name}_bg.js");
    let mut short = BTreeMap::new();
    let module = rewritten(module, |payload| {
        let Payload::ImportSection(imports) = payload else {
            return Ok(None);
        };
        let mut renamed = ImportSection::new();
        for group in imports.clone() {
            let Imports::Single(_, mut import) = group? else {
                anyhow::bail!("imports in groups are not known here");
            };
            let letters = letters(short.len());
            if import.module == from {
                import.name = short.entry(import.name.to_owned()).or_insert(letters);
            }
            RoundtripReencoder.parse_import(&mut renamed, import)?;
        }
        Ok(Some(Section::Imports(renamed)))
    })?;
    let script = renamed_script(&without_classes(script), &mut short)?;
    ensure!(short.is_empty(), "the script does not give {short:?}");
    Ok((module, script))
}

enum Section {
    Exports(ExportSection),
    Imports(ImportSection),
}

/// The module with the sections that `change` gives in the place of its own.
fn rewritten(
    module: &[u8],
    mut change: impl FnMut(&Payload) -> Result<Option<Section>>,
) -> Result<Vec<u8>> {
    let mut new = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        match change(&payload)? {
            Some(Section::Exports(section)) => {
                new.section(&section);
            }
            Some(Section::Imports(section)) => {
                new.section(&section);
            }
            None => {
                if let Some((id, range)) = payload.as_section() {
                    let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                    let data = module.get(range).context("a section is in its module")?;
                    new.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(new.finish())
}

/// `a`, `b`, ..., `Z`, `aa`, ...
fn letters(index: usize) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let (before, last) = (index / LETTERS.len(), index % LETTERS.len());
    let mut text = match before {
        0 => String::new(),
        n => letters(n - 1),
    };
    text.push(char::from(LETTERS[last]));
    text
}

/// wasm-bindgen writes a function that is imported as `NAME: function(...) {`, up to a line `},`, each eight
/// spaces in. Takes out of `short` what was found.
fn renamed_script(script: &str, short: &mut BTreeMap<String, String>) -> Result<String> {
    const INDENT: &str = "        ";
    let mut new = String::new();
    let mut is_skipped = false;
    for line in script.lines() {
        let inner = line.strip_prefix(INDENT);
        let function = inner.and_then(|inner| inner.split_once(": function("));
        match function {
            Some((name, rest)) if !name.starts_with(' ') => match short.remove(name) {
                Some(letters) => new.push_str(&format!("{INDENT}{letters}: function({rest}\n")),
                None => is_skipped = true,
            },
            _ if is_skipped => is_skipped = inner != Some("},"),
            _ => new.extend([line, "\n"]),
        }
    }
    ensure!(!is_skipped, "a function of the script has no end");
    Ok(new)
}

/// wasm-bindgen exports a class up to the line that makes it disposable, and lets it be collected by a constant
/// of three lines.
fn without_classes(script: &str) -> String {
    let mut new = String::new();
    let mut lines = script.lines();
    while let Some(line) = lines.next() {
        if line.starts_with(&format!("export class {UNUSED_CLASSES}")) {
            lines.find(|line| line.starts_with("if (Symbol.dispose)"));
        } else if line.starts_with(&format!("const {UNUSED_CLASSES}")) {
            lines.find(|line| line.ends_with(';'));
        } else {
            new.extend([line, "\n"]);
        }
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, ExportKind, TypeSection};

    /// Imports `used` from the script and `chunk` from elsewhere, and exports functions.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./page_bg.js", "__wbg_used_0123", EntityType::Function(0));
        imports.import("./page_link.js", "chunk", EntityType::Function(0));
        let mut exports = ExportSection::new();
        for name in [
            "main",
            "intounderlyingsink_close",
            "__wbg_intounderlyingsink_free",
        ] {
            exports.export(name, ExportKind::Func, 0);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&exports);
        module.finish()
    }

    fn names(module: &[u8]) -> Vec<String> {
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        names.push(import.unwrap().name.to_owned());
                    }
                }
                Payload::ExportSection(exports) => {
                    names.extend(exports.into_iter().map(|e| e.unwrap().name.to_owned()));
                }
                _ => {}
            }
        }
        names
    }

    const SCRIPT: &str = "\
export class IntoUnderlyingSink {
    close() {
    }
}
if (Symbol.dispose) IntoUnderlyingSink.prototype[Symbol.dispose] = IntoUnderlyingSink.prototype.free;
function imports() {
    const import0 = {
        __proto__: null,
        __wbg_used_0123: function(arg0) {
            f({
                a: function() {},
            });
        },
        __wbg_unused_4567: function(arg0) {
            f({
            });
        },
    };
}
const IntoUnderlyingSinkFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_intounderlyingsink_free(ptr, 1));
";

    #[test]
    fn unused_exports_go() {
        let module = without_unused_exports(&module()).unwrap();
        assert_eq!(names(&module), ["__wbg_used_0123", "chunk", "main"]);
    }

    #[test]
    fn imports_get_letters_on_both_sides() {
        let (module, script) = with_short_imports(&module(), "page", SCRIPT).unwrap();
        assert_eq!(names(&module)[..2], ["a", "chunk"]);
        assert_eq!(
            script,
            "\
function imports() {
    const import0 = {
        __proto__: null,
        a: function(arg0) {
            f({
                a: function() {},
            });
        },
    };
}
"
        );
    }

    #[test]
    fn an_import_that_the_script_does_not_give_is_an_error() {
        let error = with_short_imports(&module(), "page", "")
            .unwrap_err()
            .to_string();
        assert!(error.contains("__wbg_used_0123"), "{error}");
    }

    #[test]
    fn letters_are_all_different() {
        let all: std::collections::BTreeSet<String> = (0..3_000).map(letters).collect();
        assert_eq!(all.len(), 3_000);
        assert_eq!(
            (letters(0), letters(51), letters(52)),
            ("a".into(), "Z".into(), "aa".into())
        );
    }
}
