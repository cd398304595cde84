//! A classifier seen from its outputs: what its answers for the samples that judge it amount to. Page and shell show
//! these numbers; neither computes any.

mod many;
mod outputs;
mod temperature;
mod two;
mod verdict;
mod weights;
mod words;

pub use many::{ManyClasses, Sample};
pub use outputs::{Outputs, Pairing, Squash};
pub use temperature::{Fitted, T_RANGE, fit_temperature};
pub use two::{Scores, TwoClasses};
pub use verdict::{Remedy, SURE, Situation, Verdict, judge_many, judge_two};
pub use weights::{balanced_weights, shift_logits};
pub use words::{caption, probability};
