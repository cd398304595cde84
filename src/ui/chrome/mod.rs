//! What stands around every view: header, sentence on top, transport, notices, help.

pub mod caption;
pub mod embedded;
pub mod header;
pub mod help_sheet;
pub mod notices;
mod symptoms;
pub mod transport;
