//! The contender in a browser's worker.

use actiscope_engine::cpu::CpuTrainer;
use fearless_simd::Level;
use wasm_bindgen::prelude::*;

use crate::{Network, mean_loss, peak};

/// A population in training on the CPU engine.
#[wasm_bindgen]
pub struct CpuPopulation(CpuTrainer);

#[wasm_bindgen]
impl CpuPopulation {
    /// `network`: JSON, as in `bench/networks.json`.
    #[wasm_bindgen(constructor)]
    pub fn new(network: &str) -> Result<Self, JsError> {
        let network: Network = serde_json::from_str(network)?;
        Ok(Self(network.trainer(Level::new())?))
    }

    pub fn train(&mut self, n_steps: u32) {
        self.0.train(u64::from(n_steps));
    }

    /// Mean loss of the lanes' last batches.
    pub fn loss(&self) -> Result<f64, JsError> {
        mean_loss(&self.0).map_err(|problem| JsError::new(&problem))
    }
}

/// Makes multiplications and additions in registers, and returns how many.
#[wasm_bindgen]
pub fn multiply_and_add(n_rounds: u32) -> f64 {
    let (n_operations, total) = peak::multiply_and_add(Level::new(), u64::from(n_rounds));
    std::hint::black_box(total);
    n_operations as f64
}
