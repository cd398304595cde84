//! Puts modules together into one that does what they do when they are instantiated one after the other.
//!
//! A module that the splitter wrote imports the main module's memory, table and globals, puts its functions at their places in
//! that table and its data at theirs in that memory, and exports nothing that anybody uses: what calls it goes through the table.
//! So functions, elements and data follow each other, and only indices move.

use anyhow::{Context, Result, bail, ensure};
use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::Range;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, CustomSection, DataCountSection, DataSection, ElementSection, FunctionSection,
    GlobalSection, ImportSection, Module, RawSection, SectionId,
};
use wasmparser::{Parser, Payload, TypeRef};

/// All of `modules`, in their order.
///
/// # Errors
/// There is none, or one has what the splitter does not write.
pub fn merge<T: AsRef<[u8]>>(modules: &[T]) -> Result<Vec<u8>> {
    let parsed = modules.iter().map(|code| Parsed::of(code.as_ref()));
    let parsed = parsed.collect::<Result<Vec<_>>>()?;
    let first = parsed.first().context("there is nothing to merge")?;
    ensure!(
        parsed.iter().all(|module| module.types == first.types),
        "the modules are not of one program: their types differ"
    );
    let mut merged = Merged::default();
    for module in &parsed {
        merged.import(module)?;
    }
    let mut places = merged.n_imported;
    for module in &parsed {
        places = merged.append(module, places).map_err(own)?;
    }
    Ok(merged.finish(first))
}

/// Names of what a module imports of the main one.
pub fn imports(code: &[u8]) -> Result<Vec<String>> {
    let imports = Parsed::of(code)?.imports;
    let names = imports.iter().map(|import| import.name.to_owned());
    Ok(names.collect())
}

/// Bytes of what a module does not share with all others.
pub fn n_bytes(code: &[u8]) -> Result<u64> {
    let parsed = Parsed::of(code)?;
    let bodies: u64 = parsed.code.iter().map(|body| length(body.range())).sum();
    let elements = parsed.elements.map_or(0, |section| length(section.range()));
    let data = parsed.data.map_or(0, |section| length(section.range()));
    Ok(bodies + elements + data)
}

fn length(range: Range<u64>) -> u64 {
    range.end - range.start
}

/// What the code may use, for the optimizer.
const FEATURES: &str = "target_features";

/// The parts of a module.
#[derive(Default)]
struct Parsed<'a> {
    /// As they stand: all modules of a program have the same.
    types: &'a [u8],
    imports: Vec<wasmparser::Import<'a>>,
    functions: Option<wasmparser::FunctionSectionReader<'a>>,
    globals: Option<wasmparser::GlobalSectionReader<'a>>,
    elements: Option<wasmparser::ElementSectionReader<'a>>,
    code: Vec<wasmparser::FunctionBody<'a>>,
    data: Option<wasmparser::DataSectionReader<'a>>,
    features: &'a [u8],
}

impl<'a> Parsed<'a> {
    fn of(code: &'a [u8]) -> Result<Self> {
        let mut parsed = Self::default();
        for payload in Parser::new(0).parse_all(code) {
            match payload? {
                Payload::TypeSection(section) => {
                    let range = section.range();
                    parsed.types = &code[range.start as usize..range.end as usize];
                }
                Payload::ImportSection(section) => {
                    parsed.imports = section.into_imports().collect::<Result<_, _>>()?;
                }
                Payload::FunctionSection(section) => parsed.functions = Some(section),
                Payload::GlobalSection(section) => parsed.globals = Some(section),
                Payload::ElementSection(section) => parsed.elements = Some(section),
                Payload::CodeSectionEntry(body) => parsed.code.push(body),
                Payload::DataSection(section) => parsed.data = Some(section),
                Payload::CustomSection(section) if section.name() == FEATURES => {
                    parsed.features = section.data();
                }
                Payload::Version { .. }
                | Payload::ExportSection(_)
                | Payload::DataCountSection { .. }
                | Payload::CodeSectionStart { .. }
                | Payload::CustomSection(_)
                | Payload::End(_) => {}
                other => bail!("a chunk has what none was seen to have: {other:?}"),
            }
        }
        Ok(parsed)
    }
}

/// An index of each kind that a module has its own of.
#[derive(Clone, Copy, Debug, Default)]
struct Indices {
    function: u32,
    table: u32,
    memory: u32,
    global: u32,
    data: u32,
    element: u32,
}

impl Indices {
    fn of(&mut self, kind: TypeRef) -> Result<&mut u32> {
        match kind {
            TypeRef::Func(_) => Ok(&mut self.function),
            TypeRef::Table(_) => Ok(&mut self.table),
            TypeRef::Memory(_) => Ok(&mut self.memory),
            TypeRef::Global(_) => Ok(&mut self.global),
            other => bail!("a chunk imports what none was seen to import: {other:?}"),
        }
    }
}

/// What was put together so far.
#[derive(Default)]
struct Merged {
    imports: ImportSection,
    /// Index of what has been imported, by module and name.
    imported: HashMap<(String, String), u32>,
    n_imported: Indices,
    functions: FunctionSection,
    globals: GlobalSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
}

impl Merged {
    /// What several modules import is imported once.
    fn import(&mut self, module: &Parsed) -> Result<()> {
        for &import in &module.imports {
            let name = (import.module.to_owned(), import.name.to_owned());
            if self.imported.contains_key(&name) {
                continue;
            }
            let next = self.n_imported.of(import.ty)?;
            self.imported.insert(name, *next);
            *next += 1;
            Moved::default()
                .parse_import(&mut self.imports, import)
                .map_err(own)?;
        }
        Ok(())
    }

    /// Puts what a module defines at `places` and after; returns where what follows has its own.
    fn append(
        &mut self,
        module: &Parsed,
        mut places: Indices,
    ) -> Result<Indices, Error<Infallible>> {
        let mut moved = Moved {
            places,
            ..Moved::default()
        };
        for import in &module.imports {
            let name = (import.module.to_owned(), import.name.to_owned());
            let index = self.imported[&name];
            match import.ty {
                TypeRef::Func(_) => moved.functions.push(index),
                TypeRef::Table(_) => moved.tables.push(index),
                TypeRef::Memory(_) => moved.memories.push(index),
                _ => moved.globals.push(index),
            }
        }
        if let Some(section) = &module.functions {
            places.function += section.count();
            moved.parse_function_section(&mut self.functions, section.clone())?;
        }
        if let Some(section) = &module.globals {
            places.global += section.count();
            moved.parse_global_section(&mut self.globals, section.clone())?;
        }
        if let Some(section) = &module.elements {
            places.element += section.count();
            moved.parse_element_section(&mut self.elements, section.clone())?;
        }
        for body in &module.code {
            moved.parse_function_body(&mut self.code, body.clone())?;
        }
        if let Some(section) = &module.data {
            places.data += section.count();
            moved.parse_data_section(&mut self.data, section.clone())?;
        }
        Ok(places)
    }

    fn finish(self, first: &Parsed) -> Vec<u8> {
        let mut module = Module::new();
        module
            .section(&RawSection {
                id: SectionId::Type.into(),
                data: first.types,
            })
            .section(&self.imports)
            .section(&self.functions)
            .section(&self.globals)
            .section(&self.elements)
            .section(&DataCountSection {
                count: self.data.len(),
            })
            .section(&self.code)
            .section(&self.data)
            .section(&CustomSection {
                name: FEATURES.into(),
                data: first.features.into(),
            });
        module.finish()
    }
}

/// Where what a module names by its own indices is in the merged one.
#[derive(Default)]
struct Moved {
    /// Of what it imports.
    functions: Vec<u32>,
    tables: Vec<u32>,
    memories: Vec<u32>,
    globals: Vec<u32>,
    /// Of the first that it defines.
    places: Indices,
}

/// Imports come first among a module's indices, then what it defines.
fn place(index: u32, imported: &[u32], first: u32) -> u32 {
    match imported.get(index as usize) {
        Some(&index) => index,
        None => first + (index - imported.len() as u32),
    }
}

impl Reencode for Moved {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        Ok(place(index, &self.functions, self.places.function))
    }

    fn table_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        Ok(place(index, &self.tables, self.places.table))
    }

    fn memory_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        Ok(place(index, &self.memories, self.places.memory))
    }

    fn global_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        Ok(place(index, &self.globals, self.places.global))
    }

    fn data_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        Ok(place(index, &[], self.places.data))
    }

    fn element_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        Ok(place(index, &[], self.places.element))
    }
}

fn own(error: Error<Infallible>) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module as the splitter writes them: a function that calls another through the table, a place in it, and data.
    fn chunk(at: i32, result: i32) -> Vec<u8> {
        let text = format!(
            "(module
               (type $number (func (result i32)))
               (import \"main\" \"table\" (table 8 funcref))
               (import \"main\" \"memory\" (memory 1))
               (import \"main\" \"base\" (global $base i32))
               (global $own (mut i32) (i32.const {result}))
               (func $first (type $number) (i32.add (global.get $base) (global.get $own)))
               (func $second (type $number) (i32.add (call $first) (i32.load8_u (i32.const {at}))))
               (elem (i32.const {at}) func $second)
               (data (i32.const {at}) \"\\{result:02x}\"))"
        );
        wat::parse_str(text).unwrap()
    }

    #[test]
    fn a_merged_module_does_what_its_parts_do() {
        let (a, b) = (chunk(2, 5), chunk(3, 7));
        let merged = merge(&[&a, &b]).unwrap();
        wasmparser::validate(&merged).unwrap();
        assert_eq!(imports(&merged).unwrap(), ["table", "memory", "base"]);
        let text = wasmprinter::print_bytes(&merged).unwrap();
        expect_test::expect![[r#"
            (module
              (type (;0;) (func (result i32)))
              (import "main" "table" (table (;0;) 8 funcref))
              (import "main" "memory" (memory (;0;) 1))
              (import "main" "base" (global (;0;) i32))
              (global (;1;) (mut i32) i32.const 5)
              (global (;2;) (mut i32) i32.const 7)
              (elem (;0;) (i32.const 2) func 1)
              (elem (;1;) (i32.const 3) func 3)
              (func (;0;) (type 0) (result i32)
                global.get 0
                global.get 1
                i32.add
              )
              (func (;1;) (type 0) (result i32)
                call 0
                i32.const 2
                i32.load8_u
                i32.add
              )
              (func (;2;) (type 0) (result i32)
                global.get 0
                global.get 2
                i32.add
              )
              (func (;3;) (type 0) (result i32)
                call 2
                i32.const 3
                i32.load8_u
                i32.add
              )
              (data (;0;) (i32.const 2) "\05")
              (data (;1;) (i32.const 3) "\07")
              (@custom "target_features" (after data) "")
            )
        "#]]
        .assert_eq(&text);
    }

    #[test]
    fn modules_of_other_programs_are_refused() {
        let other = wat::parse_str("(module (type (func (param i64))))").unwrap();
        let error = merge(&[&chunk(2, 5), &other]).unwrap_err().to_string();
        assert!(error.contains("not of one program"), "{error}");
    }

    #[test]
    fn what_the_splitter_does_not_write_is_refused() {
        let own_memory = wat::parse_str("(module (memory 1))").unwrap();
        let error = merge(&[&own_memory]).unwrap_err().to_string();
        assert!(error.contains("none was seen to have"), "{error}");
    }
}
