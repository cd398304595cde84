//! A chunk that did not come.

/// A chunk of the engine could not be fetched.
#[derive(Debug, thiserror::Error)]
#[error("a part of the engine could not be loaded: is the network there?")]
pub struct NotLoaded;

#[cfg(split)]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}
