//! What is done of a sweep, in a file. A part of a sweep and one that was interrupted are the same file, the one with all
//! networks of its part.

use std::collections::BTreeSet;
use std::path::Path;

use actiscope_core::protocol::{EngineKind, FleetSpec, Measure, decode, encode};
use serde::{Deserialize, Serialize};

use super::{pool, write};
use crate::failure::Failure;

/// What such a file begins with; the number is the version's.
const HEAD: &[u8] = b"actiscope sweep 1\n";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    pub spec: FleetSpec,
    /// What trained: both engines agree within rounding, not bit by bit.
    pub engine: EngineKind,
    /// What was asked for; of no effect on the networks.
    pub measure: String,
    /// Of networks that are done, the newest of each.
    pub done: Vec<Measure>,
}

impl Saved {
    /// # Errors
    /// If there is no such file, or it is none of these.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = std::fs::read(path)
            .map_err(|error| Failure::new(error.to_string()).at(path.display()))?;
        Self::from_bytes(&bytes).map_err(|failure| failure.at(path.display()))
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, Failure> {
        let Some(rest) = bytes.strip_prefix(HEAD) else {
            return Err(Failure::new("this is no sweep that this program has saved"));
        };
        let saved = rest.split_first_chunk().and_then(|(sum, body)| {
            let is_whole = u64::from_le_bytes(*sum) == checksum(body);
            is_whole.then(|| decode::<Self>(body).ok()).flatten()
        });
        saved.ok_or_else(|| Failure::new("the file is damaged: delete it to begin anew"))
    }

    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let body = encode(self);
        let bytes = [HEAD, &checksum(&body).to_le_bytes(), &body].concat();
        write(path, &bytes)
    }

    /// What trained the same networks in the same way, in whatever part.
    pub fn is_of_the_same_sweep(&self, other: &Self) -> bool {
        let whole = |saved: &Self| FleetSpec {
            part: actiscope_core::protocol::Part::WHOLE,
            ..saved.spec.clone()
        };
        self.engine == other.engine && whole(self) == whole(other)
    }

    pub fn networks(&self) -> BTreeSet<u32> {
        self.done.iter().map(|measure| measure.network).collect()
    }

    /// Networks of its part that are not done.
    pub fn n_missing(&self) -> usize {
        let done = self.networks();
        pool::networks(&self.spec)
            .filter(|network| !done.contains(network))
            .count()
    }
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): finds what was cut off or changed by chance.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, &byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
