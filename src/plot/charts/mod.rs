//! Charts: data to a scene, one a folder, tested natively.

pub mod atlas;
pub mod classify;
pub mod compare;
pub mod curve;
pub mod depth;
pub mod field;
pub mod histogram;
pub mod history;
pub mod layers;
pub mod lessons;
pub mod map;
pub mod network;
pub mod schedule;
pub mod small_losses;
pub mod story;
pub mod terms;
pub mod timeline;
pub mod trace;
pub mod unit;
