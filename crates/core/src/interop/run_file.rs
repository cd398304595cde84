//! A run as one file: everything to go on from exactly where it stood, and its parameters for whoever knows nothing of this
//! project.
//!
//! It is the file of [`safetensors_of`] with two tensors more: `run`, the bytes that an engine takes, and `events`, what had
//! happened. Its metadata hold the scenario as a whole link and the step, so that a file of another version, whose run
//! cannot be gone on with, still opens as a new run that begins with its parameters.

use thiserror::Error;

use super::ModelError;
use super::incoming::safetensors_of;
use super::safetensors::{Dtype, File, SafetensorsError, Tensor, write};
use crate::health::HealthEvent;
use crate::protocol::{HandedOver, RUN_VERSION};
use crate::scenario::link::to_whole_link;

const RUN: &str = "run";
const EVENTS: &str = "events";
const VERSION: &str = "actiscope_run";
const LINK: &str = "link";
const STEP: &str = "step";
const SUM: &str = "checksum";

/// What a file of [`save`] holds beside the parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFile {
    /// Of the scenario, whole.
    pub link: String,
    pub step: u64,
    /// What `RunCommand::Resume` takes; `None` where another version has written it.
    pub run: Option<Vec<u8>>,
    pub events: Vec<HealthEvent>,
}

#[derive(Clone, Debug, PartialEq, Error)]
pub enum RunFileError {
    #[error("{0}")]
    Container(#[from] SafetensorsError),
    #[error("this is a file of parameters, and no run: it has no `{0}`")]
    NoRun(&'static str),
    #[error("the run in the file is damaged: its bytes are not those that were written")]
    Damaged,
}

/// The file of a run, and of what had happened in it.
///
/// # Errors
/// If parameters and scenario are not of one network, which no engine hands over.
pub fn save(run: &HandedOver, events: &[HealthEvent]) -> Result<Vec<u8>, ModelError> {
    let parameters = safetensors_of(&run.model()?);
    let parameters = File::read(&parameters).expect("it was just written");
    let mut tensors = parameters.tensors.clone();
    let events = postcard::to_stdvec(events).expect("plain data, and memory is the only limit");
    tensors.push(Tensor::new(RUN, Dtype::U8, &[run.run.len()], &run.run));
    tensors.push(Tensor::new(EVENTS, Dtype::U8, &[events.len()], &events));

    let own = [
        (VERSION, RUN_VERSION.to_string()),
        (LINK, to_whole_link(&run.scenario)),
        (STEP, run.step.to_string()),
        (SUM, checksum(&[&run.run, &events]).to_string()),
    ];
    let own = own.iter().map(|(key, value)| (*key, &**value));
    let of_model = parameters.metadata.iter();
    let of_model = of_model.map(|(key, value)| (&**key, &**value));
    let metadata: Vec<(&str, &str)> = of_model.chain(own).collect();
    Ok(write(&metadata, &tensors))
}

impl RunFile {
    /// Whether a file holds a run, of whatever version.
    pub fn is_one(file: &File<'_>) -> bool {
        file.metadata(VERSION).is_some()
    }

    /// # Errors
    /// If it is no file of a run, or not as it was written.
    pub fn read(bytes: &[u8]) -> Result<Self, RunFileError> {
        let file = File::read(bytes)?;
        let told = |key: &'static str| file.metadata(key).ok_or(RunFileError::NoRun(key));
        let held = |name: &'static str| {
            let tensor = file.tensor(name).ok_or(RunFileError::NoRun(name))?;
            Ok::<&[u8], RunFileError>(tensor.bytes.as_ref())
        };
        let version = told(VERSION)?;
        let link = told(LINK)?.to_owned();
        let step = told(STEP)?.parse().map_err(|_| RunFileError::Damaged)?;
        let (run, events) = (held(RUN)?, held(EVENTS)?);
        if told(SUM)? != checksum(&[run, events]).to_string() {
            return Err(RunFileError::Damaged);
        }
        let is_readable = version == RUN_VERSION.to_string();
        let events = match is_readable {
            true => postcard::from_bytes(events).map_err(|_| RunFileError::Damaged)?,
            false => Vec::new(),
        };
        Ok(Self {
            link,
            step,
            run: is_readable.then(|| run.to_vec()),
            events,
        })
    }
}

/// FNV-1a (Fowler, Noll, Vo) of all bytes, 64 bits: tells a file that was cut or changed by accident.
fn checksum(parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().copied().flatten();
    bytes.fold(0xcbf2_9ce4_8422_2325, |sum, &byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}
