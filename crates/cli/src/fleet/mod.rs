//! A fleet from a shell: its networks in blocks, which threads train one after the other.
//!
//! | file | does |
//! |---|---|
//! | [`block`] | one block, on either engine |
//! | [`pool`] | all blocks, on all cores |
//! | [`progress`] | a bar, or now and then a line |
//! | [`saved`] | what is done, in a file: of a sweep that was interrupted, or of a part |
//! | [`interrupt`] | Ctrl-C |

pub mod block;
pub mod interrupt;
pub mod pool;
pub mod progress;
pub mod saved;

use std::path::Path;

use actiscope_core::protocol::{FleetSpec, Lanes};
use actiscope_core::scenario::Edit;

use crate::failure::Failure;

/// Refuses a fleet of which a lane cannot be run, before any is.
pub fn check(spec: &FleetSpec) -> Result<(), Failure> {
    let most = |flag: &str, n: u64, max: u64| match (1..=max).contains(&n) {
        true => Ok(()),
        false => Err(Failure::new(format!("{flag}: {n}: choose 1 to {max}"))),
    };
    most("--seeds", u64::from(spec.seeds), 64)?;
    most("--steps", spec.n_steps, 100_000_000)?;
    if spec.lanes.is_empty() {
        return Err(Failure::new("there is no lane to train"));
    }
    for lane in 0..spec.lanes.len() {
        if let Err(errors) = spec.scenario(lane).check() {
            let place = match (&spec.lanes, &spec.lanes.edits(lane)[..]) {
                (Lanes::Grid { .. }, [Edit::Set(x, a), Edit::Set(y, b)]) => {
                    let (x, y) = (x.name_in(&spec.base), y.name_in(&spec.base));
                    format!("at {x} {a}, {y} {b}")
                }
                _ => format!("lane {}", lane + 1),
            };
            let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
            return Err(Failure::new(texts.join("; ")).at(place));
        }
    }
    Ok(())
}

/// Writes a file whole or not at all: whoever reads it never sees a part of it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".tmp");
    std::fs::write(&draft, bytes)
        .and_then(|()| std::fs::rename(&draft, path))
        .map_err(|error| Failure::new(error.to_string()).at(path.display()))
}
