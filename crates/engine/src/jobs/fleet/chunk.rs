//! Ways into the chunk `fleet`, which a worker loads when it first opens one, or is asked how a run begins: neither is
//! what a page starts with.

use actiscope_core::protocol::{FleetSpec, JobId};
use std::pin::Pin;

use super::{FleetError, FleetJob};
use crate::gpu::Later;
use crate::jobs::{NotLoaded, StartJob};

type Opened = Pin<Box<dyn Future<Output = Result<FleetJob, FleetError>>>>;
type Looked<'a> = Pin<Box<dyn Future<Output = Result<(), NotLoaded>> + 'a>>;

/// See [`FleetJob::new`].
#[cfg_attr(split, wasm_split_helpers::wasm_split(
    fleet,
    fallible,
    return_wrapper(let job = _; { job.await } -> Result<FleetJob, FleetError>)
))]
pub fn open(id: JobId, spec: FleetSpec) -> Opened {
    Box::pin(async move { FleetJob::new(id, spec) })
}

/// A piece of a fleet's work. The chunk is there: the fleet was opened in it.
#[cfg_attr(split, wasm_split_helpers::wasm_split(
    fleet,
    fallible,
    return_wrapper(let done = _; { done.await } -> Result<(), crate::gpu::GpuError>)
))]
pub(super) fn work<'a>(
    fleet: &'a mut FleetJob,
    now_ms: &'a mut dyn FnMut() -> f64,
) -> Later<'a, ()> {
    Box::pin(fleet.work(now_ms))
}

/// See [`StartJob::look`].
#[cfg_attr(split, wasm_split_helpers::wasm_split(
    fleet,
    fallible,
    return_wrapper(let done = _; { done.await } -> Result<(), NotLoaded>)
))]
pub fn look(start: &mut StartJob) -> Looked<'_> {
    Box::pin(async move {
        start.look();
        Ok(())
    })
}

#[cfg(split)]
impl From<wasm_split_helpers::SplitLoaderError> for FleetError {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self::NotLoaded(NotLoaded)
    }
}
