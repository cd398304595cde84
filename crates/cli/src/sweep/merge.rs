//! Parts of a sweep, put together.

use std::path::PathBuf;

use actiscope_core::protocol::Part;

use crate::failure::Failure;
use crate::fleet::saved::Saved;

/// The whole of which the files are the parts.
///
/// # Errors
/// If a file is no part, or is not whole, or they are not of one sweep; if one is there twice, or missing.
pub fn merge(paths: &[PathBuf]) -> Result<Saved, Failure> {
    let mut parts: Vec<(&PathBuf, Saved)> = Vec::new();
    for path in paths {
        let part = Saved::read(path)?;
        let failure = |text: String| Err(Failure::new(text).at(path.display()));
        let n_missing = part.n_missing();
        if n_missing > 0 {
            return failure(format!(
                "{n_missing} of its networks are missing: let it be trained to its end"
            ));
        }
        if let Some((first, other)) = parts.first() {
            if !part.is_of_the_same_sweep(other) {
                let first = first.display();
                return failure(format!("it is a part of another sweep than {first}"));
            }
            if part.spec.part.of != other.spec.part.of {
                let (a, b) = (part.spec.part.of, other.spec.part.of);
                let first = first.display();
                return failure(format!("it is one of {a} parts, and {first} is one of {b}"));
            }
        }
        let same = parts
            .iter()
            .find(|(_, other)| other.spec.part == part.spec.part);
        if let Some((first, _)) = same {
            let (name, first) = (name(part.spec.part), first.display());
            return failure(format!("it is part {name}, and so is {first}"));
        }
        parts.push((path, part));
    }
    let Some((_, first)) = parts.first() else {
        return Err(Failure::new("--merge: name the files of the parts"));
    };
    let of = first.spec.part.of;
    let is_there = |index| parts.iter().any(|(_, part)| part.spec.part.index == index);
    let missing = (0..of).filter(|&index| !is_there(index));
    let missing: Vec<String> = missing.map(|index| name(Part { index, of })).collect();
    if !missing.is_empty() {
        let text = format!("parts are missing: {}", missing.join(", "));
        return Err(Failure::new(text).at("--merge"));
    }
    let mut whole = first.clone();
    whole.spec.part = Part::WHOLE;
    whole.done = parts.into_iter().flat_map(|(_, part)| part.done).collect();
    whole.done.sort_by_key(|measure| measure.network);
    Ok(whole)
}

/// `3/16`.
fn name(part: Part) -> String {
    format!("{}/{}", part.index + 1, part.of)
}
