//! The edge of chaos: Poole et al. 2016, arXiv 1606.05340; Schoenholz et al. 2017, arXiv 1611.01232.

use actiscope_core::health::mean_field::{critical_weight_variance, mean_field};

use crate::common::activation;
use crate::{assert_within, resolve};

#[test]
fn tanh_has_its_edge_of_chaos_where_the_papers_say() {
    let tanh = resolve(activation("tanh", &[]));
    let check = |sb2, expected: f64| {
        let critical = critical_weight_variance(|z| tanh.f(z), |z| tanh.slope(z), sb2, 1.0, 3.0)
            .expect("chi1 crosses 1 between weight variances 1 and 3");
        assert_within(
            "critical weight variance",
            critical,
            expected - 5e-4,
            expected + 5e-4,
        );
    };
    check(0.01, 1.424);
    check(0.05, 1.761);
}

#[test]
fn relu_has_its_edge_of_chaos_at_weight_variance_2() {
    let relu = resolve(activation("relu", &[]));
    let at = mean_field(|z| relu.f(z), |z| relu.slope(z), 2.0, 0.0)
        .expect("any variance is a fixed point");
    assert_within("chi1", at.chi1, 1.0 - 1e-12, 1.0 + 1e-12);
    assert_within("q*", at.q, 1.0 - 1e-3, 1.0 + 1e-3);
    assert_eq!(mean_field(|z| relu.f(z), |z| relu.slope(z), 2.1, 0.0), None);
}
