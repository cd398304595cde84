//! A user's own table, from the bytes of a file to samples. Each stage is a file, and knows none that comes after:
//!
//! | file | does |
//! |---|---|
//! | [`text`] | bytes -> text: byte order marks, UTF-16, Latin-1 |
//! | [`dialect`] | what stands before the rows, and what separates cells |
//! | [`grid`] | text -> cells |
//! | [`cell`] | what a cell says: a number, a word, or nothing |
//! | [`header`] | whether the first row names the columns |
//! | [`mod@column`] | cells -> columns: their kind, and what is odd about them |
//! | [`sheet`] | all of that for one text |
//! | [`reading`] | what one chooses: target, columns, gaps |
//! | [`samples`] | columns and choices -> samples |
//! | [`reader`] | where the code of all that is |
//! | [`table`] | the text, shared, with what was read of it |
//! | [`preview`] | what one sees of it before it is used |
//! | [`error`] | what is wrong, one message a table, and what mends it |

mod cell;
mod column;
mod dialect;
mod error;
mod grid;
mod header;
mod preview;
mod reader;
mod reading;
mod samples;
mod sheet;
mod table;
mod text;

pub use cell::Decimal;
pub use column::ColumnKind;
pub use dialect::Dialect;
pub use error::{CsvError, FirstGap, Mend};
pub use grid::Separator;
pub use preview::{ColumnPreview, Outcome, Preview};
pub use reader::install_reader;
pub use reading::{ColumnUse, Gaps, Reading, ReadingProblem};
pub use table::CsvTable;
pub use text::{Encoding, decode};
