//! The WebGPU trainer against PyTorch's runs and against the f64 oracle: the same body as the CPU's.
//!
//! Natively on Vulkan: a GPU where there is one, Mesa's software driver otherwise.

mod common;

use actiscope_engine::gpu::GpuDevice;
use common::cases::{Case, every_feature, every_function_loss_and_optimizer, populations};
use common::engine::{Kind, check_against_oracle, ready};
use common::reference::{check_reference, training_cases};

/// Without an adapter a test says so, and fails where CI is set.
fn gpu() -> Option<Kind> {
    match ready(GpuDevice::open()) {
        Ok(gpu) => Some(Kind::Gpu(gpu)),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{error}");
            eprintln!("NOT TESTED: {error}");
            None
        }
    }
}

fn check(cases: &[Case]) {
    assert!(!cases.is_empty());
    let Some(gpu) = gpu() else { return };
    for case in cases {
        ready(check_against_oracle(&gpu, case));
    }
}

#[test]
fn runs_agree_with_pytorch() {
    let cases = training_cases();
    assert_eq!(cases.len(), 15);
    let Some(gpu) = gpu() else { return };
    for case in &cases {
        ready(check_reference(&gpu, case));
    }
}

#[test]
fn every_function_loss_and_optimizer_agrees_with_the_oracle() {
    check(&every_function_loss_and_optimizer());
}

#[test]
fn every_feature_agrees_with_the_oracle() {
    check(&every_feature());
}

#[test]
fn populations_agree_with_the_oracle() {
    check(&populations());
}
