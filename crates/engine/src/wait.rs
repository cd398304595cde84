//! Asynchronous work for callers that can wait.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Waits for a future of this crate. Natively every one is ready at the first poll: the CPU computes
/// when asked, and the GPU's device is polled within the future.
///
/// # Panics
/// In a browser, if the future waits for the GPU: a browser's GPU answers only when the caller has
/// returned.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending if cfg!(target_family = "wasm") => {
                panic!("a browser's GPU cannot be waited for: call the asynchronous form")
            }
            Poll::Pending => std::thread::yield_now(),
        }
    }
}
