//! The trainers in a browser's worker, compiled to WebAssembly: the bodies of `trainer.rs` and `gpu.rs`,
//! with WebGPU on the adapter that the browser gives.

#![cfg(target_family = "wasm")]

mod common;

use actiscope_engine::gpu::GpuDevice;
use common::cases::{Case, every_feature, every_function_loss_and_optimizer, populations};
use common::engine::{Kind, check_against_oracle};
use common::looks::{check_health, check_judged_population, check_looks};
use common::reference::{
    check_reference, dropout_layer_and_schedule_cases, health_cases, training_cases,
};
use fearless_simd::Level;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn cpu() -> Kind {
    Kind::Cpu(Level::new())
}

async fn gpu() -> Kind {
    let gpu = GpuDevice::open().await;
    let gpu = gpu.expect("the browser of the tests has WebGPU on, with a software adapter");
    assert_eq!(gpu.adapter().api, "WebGPU");
    Kind::Gpu(gpu)
}

async fn check(kind: Kind, cases: Vec<Case>) {
    assert!(!cases.is_empty());
    for case in &cases {
        check_against_oracle(&kind, case).await;
    }
}

async fn check_references(kind: Kind) {
    let mut cases = training_cases();
    cases.extend(dropout_layer_and_schedule_cases());
    assert_eq!(cases.len(), 15 + 13);
    for case in &cases {
        check_reference(&kind, case).await;
    }
}

#[wasm_bindgen_test]
async fn cpu_runs_agree_with_pytorch() {
    check_references(cpu()).await;
}

#[wasm_bindgen_test]
async fn gpu_runs_agree_with_pytorch() {
    check_references(gpu().await).await;
}

#[wasm_bindgen_test]
async fn every_function_loss_and_optimizer_on_the_cpu() {
    check(cpu(), every_function_loss_and_optimizer()).await;
}

#[wasm_bindgen_test]
async fn every_function_loss_and_optimizer_on_the_gpu() {
    check(gpu().await, every_function_loss_and_optimizer()).await;
}

#[wasm_bindgen_test]
async fn every_feature_on_the_cpu() {
    check(cpu(), every_feature()).await;
}

#[wasm_bindgen_test]
async fn every_feature_on_the_gpu() {
    check(gpu().await, every_feature()).await;
}

#[wasm_bindgen_test]
async fn populations_on_the_cpu() {
    check(cpu(), populations()).await;
}

#[wasm_bindgen_test]
async fn populations_on_the_gpu() {
    check(gpu().await, populations()).await;
}

#[wasm_bindgen_test]
async fn verdicts_on_the_gpu_are_those_of_pytorch() {
    let gpu = gpu().await;
    for case in &health_cases() {
        check_health(&gpu, case).await;
    }
}

#[wasm_bindgen_test]
async fn the_cpu_sees_what_the_gpu_sees() {
    let gpu = gpu().await;
    check_looks(&gpu, Level::new()).await;
    check_judged_population(&gpu, Level::new()).await;
}
