//! The SIMD trainer against PyTorch's runs and against the f64 oracle.

mod common;

use common::cases::{Case, every_feature, every_function_loss_and_optimizer, populations};
use common::engine::{Kind, check_against_oracle, ready};
use common::reference::{check_reference, dropout_layer_and_schedule_cases, training_cases};
use fearless_simd::Level;

fn check(cases: &[Case]) {
    assert!(!cases.is_empty());
    for case in cases {
        ready(check_against_oracle(&Kind::Cpu(Level::new()), case));
    }
}

#[test]
fn runs_agree_with_pytorch() {
    let cases = training_cases();
    assert_eq!(cases.len(), 15);
    for case in &cases {
        ready(check_reference(&Kind::Cpu(Level::new()), case));
    }
}

#[test]
fn dropout_layers_and_schedules_agree_with_pytorch() {
    let cases = dropout_layer_and_schedule_cases();
    assert_eq!(cases.len(), 13);
    for case in &cases {
        ready(check_reference(&Kind::Cpu(Level::new()), case));
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
