//! How well a classifier does: at one threshold, at all of them, in its probabilities, and of one sample. What is counted
//! is counted by core's `metrics`; here it gets its place.

mod labels;
mod picture;
mod ranking;
mod reliability;
mod softmax;
#[cfg(test)]
mod tests;
mod threshold;
mod words;
mod wrong;

pub use picture::{PictureKind, picture_scene, unit_picture_scene};
pub use ranking::{Ghost, RankingData, RankingGeometry, describe_ranking, pr_scene, roc_scene};
pub use reliability::{ReliabilityData, describe_reliability, reliability_scene};
pub use softmax::{SoftmaxData, describe_softmax, softmax_scene};
pub use threshold::{ThresholdData, ThresholdGeometry, describe_threshold, threshold_scene};
pub use words::{probability_of, probability_text, share_text};
pub use wrong::{WrongSample, wrong_scene};
