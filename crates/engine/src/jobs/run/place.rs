//! On which engine a run is, and on which it is to be.

use super::course::Run;
use crate::backend::Failure;
use crate::gpu::{GpuDevice, GpuError};

/// Where the runs of a job are to be trained.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// On the CPU where there is none.
    device: Option<GpuDevice>,
    /// The GPU cannot train the present run.
    has_refused: bool,
}

impl Place {
    pub fn choose(&mut self, device: Option<GpuDevice>) {
        self.device = device;
        self.has_refused = false;
    }

    /// Another run begins: it may fit.
    pub fn forget_refusal(&mut self) {
        self.has_refused = false;
    }

    /// Moves the run to where it is to be. Returns what the user should know of it.
    pub async fn settle(&mut self, run: &mut Run) -> Option<String> {
        let is_on_gpu = run.backend.is_on_gpu();
        match &self.device {
            Some(device) if !is_on_gpu && !self.has_refused => {
                let error = run.move_to_gpu(device).await.err()?;
                self.refuse(&error);
                Some(format!("The CPU goes on with this run: {error}."))
            }
            None if is_on_gpu => {
                run.move_to_cpu().await;
                None
            }
            _ => None,
        }
    }

    /// The CPU has taken over. Returns what the user should know of it.
    pub fn lose(&mut self, failure: &Failure) -> String {
        let Failure { step, error } = failure;
        self.refuse(error);
        format!("At step {step}, {error}. Training goes on on the CPU from there; nothing is lost.")
    }

    fn refuse(&mut self, error: &GpuError) {
        self.has_refused = true;
        if matches!(error, GpuError::Lost(_)) {
            self.device = None;
        }
    }
}
