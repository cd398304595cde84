//! What makes a run what it is.

use serde::{Deserialize, Serialize};

/// Why a run does not learn, in the order of time: what is wrong of the data is there before the first weights, those
/// before the first update, and units die last. Of two that are seen the earlier one explains the later.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// There is nothing to explain.
    #[default]
    Healthy,
    /// The inputs' mean is far from 0, measured in their own spread.
    InputsOffset,
    /// The inputs are far larger or smaller than 1, or than each other.
    InputsScale,
    /// Targets that are numbers are far from 0 or far larger or smaller than 1.
    TargetsScale,
    /// All units of a layer begin with the same weights.
    WeightsEqual,
    WeightsSmall,
    WeightsLarge,
    /// The gradient dies out on its way down.
    DepthVanishing,
    /// The gradient, or the signal, grows from layer to layer.
    DepthExploding,
    TooFewUnits,
    /// The same network with other first weights learns.
    UnluckyDraw,
    /// L1, L2 or AdamW's decay outweighs the data.
    WeightDecay,
    /// The gradient's norm limit leaves next to nothing of each update.
    ClipTight,
    LearningRateHigh,
    LearningRateLow,
    DeadUnits,
    SaturatedUnits,
    /// Wrong answers are given with too much confidence.
    Overconfident,
    /// It does not learn, and nothing that was looked at says why.
    Unexplained,
}

impl Cause {
    pub const ALL: [Self; 19] = [
        Self::Healthy,
        Self::InputsOffset,
        Self::InputsScale,
        Self::TargetsScale,
        Self::WeightsEqual,
        Self::WeightsSmall,
        Self::WeightsLarge,
        Self::DepthVanishing,
        Self::DepthExploding,
        Self::TooFewUnits,
        Self::UnluckyDraw,
        Self::WeightDecay,
        Self::ClipTight,
        Self::LearningRateHigh,
        Self::LearningRateLow,
        Self::DeadUnits,
        Self::SaturatedUnits,
        Self::Overconfident,
        Self::Unexplained,
    ];

    /// `learning_rate_high`: stable, for the shell.
    pub fn id(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::InputsOffset => "inputs_offset",
            Self::InputsScale => "inputs_scale",
            Self::TargetsScale => "targets_scale",
            Self::WeightsEqual => "weights_equal",
            Self::WeightsSmall => "weights_small",
            Self::WeightsLarge => "weights_large",
            Self::DepthVanishing => "depth_vanishing",
            Self::DepthExploding => "depth_exploding",
            Self::TooFewUnits => "too_few_units",
            Self::UnluckyDraw => "unlucky_draw",
            Self::WeightDecay => "weight_decay",
            Self::ClipTight => "clip_tight",
            Self::LearningRateHigh => "learning_rate_high",
            Self::LearningRateLow => "learning_rate_low",
            Self::DeadUnits => "dead_units",
            Self::SaturatedUnits => "saturated_units",
            Self::Overconfident => "overconfident",
            Self::Unexplained => "unexplained",
        }
    }
}
