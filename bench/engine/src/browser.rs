//! The contender in a browser's worker.

use std::cell::RefCell;

use actiscope_engine::gpu::GpuDevice;
use fearless_simd::Level;
use wasm_bindgen::prelude::*;

use crate::{Network, Population, describe, peak};

thread_local! {
    static DEVICE: RefCell<Option<GpuDevice>> = const { RefCell::new(None) };
}

/// A population in training.
#[wasm_bindgen]
pub struct BrowserPopulation {
    population: Population,
    note: String,
}

#[wasm_bindgen]
impl BrowserPopulation {
    /// `network`: JSON, as in `bench/networks.json`.
    pub fn on_cpu(network: &str) -> Result<Self, JsError> {
        let network: Network = serde_json::from_str(network)?;
        Ok(Self {
            population: network.on_cpu(Level::new())?,
            note: "SIMD128, in a worker".to_owned(),
        })
    }

    /// On the worker's one device, opened when it is first needed.
    pub async fn on_gpu(network: String) -> Result<Self, JsError> {
        let network: Network = serde_json::from_str(&network)?;
        let device = match DEVICE.with_borrow(Clone::clone) {
            Some(device) => device,
            None => GpuDevice::open().await?,
        };
        DEVICE.set(Some(device.clone()));
        Ok(Self {
            population: network.on_gpu(&device).await?,
            note: describe(&device),
        })
    }

    /// Trains, and returns the loss once all is done.
    pub async fn train(&mut self, n_steps: u32) -> Result<f64, JsError> {
        let loss = self.population.train(u64::from(n_steps)).await;
        loss.map_err(|problem| JsError::new(&problem))
    }

    /// How the population is trained.
    pub fn note(&self) -> String {
        self.note.clone()
    }
}

/// Makes multiplications and additions in registers, and returns how many.
#[wasm_bindgen]
pub fn multiply_and_add(n_rounds: u32) -> f64 {
    let (n_operations, total) = peak::multiply_and_add(Level::new(), u64::from(n_rounds));
    std::hint::black_box(total);
    n_operations as f64
}
