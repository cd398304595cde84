//! What reads tables. Few visits to the page see one, so that there the code comes when a table does: whoever takes a text
//! that may be one installs the reader first. Elsewhere it is always here.

use std::sync::OnceLock;

use super::dialect::Dialect;
use super::error::CsvError;
use super::reading::Reading;
use super::samples::{self, Samples};
use super::sheet::Sheet;

/// The two stages that a [`CsvTable`](super::CsvTable) asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    pub sheet: fn(&str, Dialect) -> Result<Sheet, CsvError>,
    pub samples: fn(&str, &Sheet, &Reading) -> Result<Samples, CsvError>,
}

static INSTALLED: OnceLock<Reader> = OnceLock::new();

/// From now on tables are read. In a program that is split, what calls this and nothing else holds the code.
pub fn install_reader() {
    INSTALLED.get_or_init(|| Reader {
        sheet: Sheet::read,
        samples: samples::read,
    });
}

/// # Errors
/// If nobody has installed it.
pub(super) fn reader() -> Result<Reader, CsvError> {
    #[cfg(not(split))]
    install_reader();
    INSTALLED.get().copied().ok_or(CsvError::NotHere)
}
