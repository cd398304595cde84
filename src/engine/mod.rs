//! The page's end of the line to its engine: a worker, which of its engines trains, and what to do when it is lost.

pub mod choice;
pub mod faults;
pub mod line;
pub mod recovery;
