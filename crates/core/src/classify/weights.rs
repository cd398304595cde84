//! Weights of classes.

/// n / (k n_c): each class counts as much as any other, and the mean over samples stays 1 (King and Zeng 2001; scikit-learn's
/// `balanced`). A class without samples gets 1. `sizes`: training samples of each class.
pub fn balanced_weights(sizes: &[u32]) -> Vec<f64> {
    let n: u32 = sizes.iter().sum();
    let k = sizes.len().max(1) as f64;
    let weight = |&size: &u32| match size {
        0 => 1.0,
        size => f64::from(n) / (k * f64::from(size)),
    };
    sizes.iter().map(weight).collect()
}

/// ln(w_1 / w_0): by how much weights of two classes move every logit of class 1, where the network can say all that there
/// is to say. Weighting multiplies the odds that the samples show by the ratio of the weights. `None` without weights.
pub fn shift_logits(weights: &[f64]) -> Option<f64> {
    match weights {
        [zero, one] if *zero > 0.0 && *one > 0.0 => Some(libm::log(one / zero)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_weights_are_those_of_scikit_learn() {
        // compute_class_weight("balanced", classes=[0, 1], y=[0] * 884 + [1] * 116)
        let weights = balanced_weights(&[884, 116]);
        assert!(
            (weights[0] - 0.565_610_859_728_506_8).abs() < 1e-15,
            "{weights:?}"
        );
        assert!(
            (weights[1] - 4.310_344_827_586_207).abs() < 1e-14,
            "{weights:?}"
        );
        assert_eq!(balanced_weights(&[10, 0, 10]), [2.0 / 3.0, 1.0, 2.0 / 3.0]);
        assert!(balanced_weights(&[]).is_empty());
    }

    #[test]
    fn the_shift_is_the_logarithm_of_the_ratio() {
        let shift = shift_logits(&balanced_weights(&[950, 50])).expect("two weights");
        assert!((shift - libm::log(19.0)).abs() < 1e-12);
        assert_eq!(shift_logits(&[]), None);
        assert_eq!(shift_logits(&[1.0, 0.0]), None);
    }
}
