//! Every sentence on units and runs. Pure: what is known in, words out.
//!
//! | file | says |
//! |---|---|
//! | this one | names, and what an update moved |
//! | [`event`] | what happened, as a line of the log and as an announcement |
//! | [`mod@unit`] | the story of a unit |
//!
//! Findings and what would mend them have their words in [`diagnosis`](super::diagnosis), and how far a unit is from
//! coming back in [`recovery`](super::recovery).

use super::{Cause, Health, Moved};
use crate::text::number;

mod event;
mod unit;

pub use event::{
    Sentence, announcement, divergence_headline, divergence_rows, has_story, request_of, sentence,
};
pub use unit::{describe_z, headline, update_rows};

pub fn unit_name(layer: usize, unit: usize) -> String {
    format!("Layer {} unit {}", layer + 1, unit + 1)
}

/// Hidden layers by number; what comes after them is the output layer.
pub fn layer_name(layer: usize, n_hidden: usize) -> String {
    if layer < n_hidden {
        format!("layer {}", layer + 1)
    } else {
        "the output layer".into()
    }
}

pub fn health_name(health: Health) -> &'static str {
    match health {
        Health::Alive => "alive",
        Health::Saturated => "saturated",
        Health::Dead => "dead",
    }
}

/// "moved its bias by −0.66"; where its own moved too little, how: "hardly moved".
pub(super) fn deed(cause: &Cause) -> Result<String, &'static str> {
    Ok(match cause.moved() {
        Moved::Nothing => return Err("stood still"),
        Moved::NextToNothing => return Err("hardly moved"),
        Moved::Bias(change) => format!("moved its bias by {}", number(change, 2)),
        Moved::Weights(norm) => format!("moved its weights by {}", number(norm, 2)),
        Moved::Norm(norm) => format!("moved its scale and shift by {}", number(norm, 2)),
    })
}
