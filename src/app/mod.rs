//! The page as such: its address, what it keeps, its colours, keys and notices.

pub mod address;
pub mod embed;
pub mod idle;
pub mod last_visit;
pub mod notices;
pub mod presenting;
pub mod shortcuts;
pub mod theme;
