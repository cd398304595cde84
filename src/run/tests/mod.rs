//! A run as the page has it, over the real engine in process. Time is counted, not waited for; a test goes on when the
//! engine says that it is at rest.

mod data;
pub mod desk;
mod edits;
mod following;
mod forks;
mod handing;
mod log;
mod lost;
mod opening;
mod remedies;
mod revival;
mod stories;
mod timeline;
mod typed;
