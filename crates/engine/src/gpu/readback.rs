//! Bytes from the device. In a browser the future waits; natively the device is polled, so that it is
//! ready at the first poll.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

use wgpu::{Buffer, BufferDescriptor, BufferUsages, Device, MapMode};

use super::{GpuDevice, GpuError};

/// A buffer that the host can read.
pub fn staging_buffer(device: &Device, n_bytes: u64) -> Buffer {
    device.create_buffer(&BufferDescriptor {
        label: Some("readback"),
        size: n_bytes,
        usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// The answer to a map request.
#[derive(Default)]
struct Answer {
    result: Option<Result<(), String>>,
    waker: Option<Waker>,
}

/// All bytes of a [`staging_buffer`], once the work that fills it is done.
///
/// # Errors
/// If the device is lost, or cannot say why it failed.
pub async fn read(gpu: &GpuDevice, staging: &Buffer) -> Result<Vec<u8>, GpuError> {
    gpu.count_readback();
    let answer = Arc::new(Mutex::new(Answer::default()));
    let callback = Arc::clone(&answer);
    staging.slice(..).map_async(MapMode::Read, move |result| {
        let mut answer = callback.lock().unwrap_or_else(PoisonError::into_inner);
        answer.result = Some(result.map_err(|error| error.to_string()));
        if let Some(waker) = answer.waker.take() {
            waker.wake();
        }
    });
    #[cfg(not(target_family = "wasm"))]
    if let Err(error) = gpu.device().poll(wgpu::PollType::wait_indefinitely()) {
        return Err(GpuError::Lost(error.to_string()));
    }
    let result = std::future::poll_fn(|context| {
        let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
        match answer.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                answer.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    })
    .await;
    if let Err(error) = result {
        return Err(GpuError::Lost(gpu.lost().unwrap_or(error)));
    }
    let bytes = match staging.slice(..).get_mapped_range() {
        Ok(range) => range.to_vec(),
        Err(error) => {
            return Err(GpuError::Lost(
                gpu.lost().unwrap_or_else(|| error.to_string()),
            ));
        }
    };
    staging.unmap();
    Ok(bytes)
}
