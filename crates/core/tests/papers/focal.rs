//! Lin et al. 2017, "Focal Loss for Dense Object Detection", arXiv 1708.02002.

use actiscope_core::nn::loss::loss_and_gradient;
use actiscope_core::nn::spec::Loss;

use crate::assert_within;

#[test]
fn focal_loss_plays_down_what_is_well_classified() {
    let logit = libm::log(0.9 / 0.1);
    let of = |loss| loss_and_gradient(loss, &[], 1, &[logit], &[1.0]).loss;
    // alpha = 1 weighs a positive sample as no alpha does.
    let focal = of(Loss::Focal {
        gamma: 2.0,
        alpha: 1.0,
    });
    assert_within("focal loss at p = 0.9", focal, 0.001_053_55, 0.001_053_65);
    assert_within(
        "cross-entropy at p = 0.9",
        of(Loss::BceLogits),
        0.105_355,
        0.105_365,
    );
}
