//! From bytes to a trace. All is checked from the header before anything is computed.

use thiserror::Error;

use super::about::{self, LayerAbout};
use super::numbers::{Column, Count, N_BINS, Numbers};
use super::{Layer, Trace};
use crate::health::SlopeCounts;
use crate::interop::json::JsonError;
use crate::interop::safetensors::{self, Dtype, File, SafetensorsError};
use crate::observe::Health;

/// What is opened. Far more than a page can show, and little enough to be held in a browser's memory.
pub mod limits {
    pub const LAYERS: usize = 64;
    /// Of all layers together.
    pub const UNITS: usize = 4096;
    pub const RECORDS: usize = 1000;
    pub const BYTES: usize = 256_000_000;
}

/// Why a file is not opened, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TraceError {
    #[error("This is no trace: {0}.")]
    Safetensors(SafetensorsError),
    #[error(
        "This is no trace of Actiscope's recorders: it is a safetensors file without the word \"actiscope-trace\" in its metadata."
    )]
    NoTrace,
    #[error(
        "This trace has version {0}, and version 1 is read here: record with the recorder that the page offers, or take a newer Actiscope."
    )]
    Version(String),
    #[error("This trace names the framework \"{0}\", which is none of pytorch and keras.")]
    Framework(String),
    #[error("The trace's metadata `{field}` is no JSON: {error}.")]
    Json {
        field: &'static str,
        error: JsonError,
    },
    #[error("The trace's metadata lack `{0}`, or it has another form.")]
    Field(&'static str),
    #[error("The trace has {n} {what}, and at most {most} are opened.")]
    TooMany {
        n: usize,
        what: &'static str,
        most: usize,
    },
    #[error("The trace lacks the tensor `{0}`.")]
    Missing(String),
    #[error("The trace's tensor `{name}` has the shape {shape:?} and not {expected:?}.")]
    Shape {
        name: String,
        shape: Vec<usize>,
        expected: Vec<usize>,
    },
    #[error("The trace's tensor `{name}` has numbers of type {found} and not {expected}.")]
    Dtype {
        name: String,
        found: &'static str,
        expected: &'static str,
    },
    #[error("The trace holds no record: nothing was recorded before it was saved.")]
    Empty,
    #[error("The trace's steps do not rise: {then} comes after {before}.")]
    Steps { before: i64, then: i64 },
    #[error(
        "The trace's tensor `{name}` counts more samples than the {n_samples} of the probe batch."
    )]
    Counts { name: String, n_samples: u32 },
    #[error("The file is cut off before the end of its first layer: {0}.")]
    Cut(SafetensorsError),
}

impl Trace {
    /// Reads and judges a trace. It keeps the bytes: units' numbers stay where they are.
    ///
    /// A file that is cut off is opened with the layers that are whole, and [`Trace::cut`] says so.
    pub fn read(bytes: Vec<u8>) -> Result<Self, TraceError> {
        if bytes.len() > limits::BYTES {
            return Err(TraceError::TooMany {
                n: bytes.len(),
                what: "bytes",
                most: limits::BYTES,
            });
        }
        let (mut trace, cut) = Tensors::read(&bytes)?.trace()?;
        trace.cut = cut;
        trace.bytes = bytes;
        Ok(trace)
    }

    /// Whether bytes are those of a recorder, whole or not, and not another file of safetensors.
    pub fn is_one(bytes: &[u8]) -> bool {
        let start = bytes.get(..bytes.len().min(65_536)).unwrap_or_default();
        let word = b"actiscope-trace";
        safetensors::is_one(bytes) && start.windows(word.len()).any(|window| window == word)
    }
}

/// The file's tensors, with where they begin in it.
struct Tensors<'a> {
    bytes: &'a [u8],
    file: File<'a>,
    starts: Vec<usize>,
    cut: Option<SafetensorsError>,
}

impl<'a> Tensors<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, TraceError> {
        let (file, cut) = File::read_cut(bytes).map_err(|error| match error {
            SafetensorsError::CutHeader { .. } if Trace::is_one(bytes) => TraceError::Cut(error),
            error => TraceError::Safetensors(error),
        })?;
        let mut at = file.data_start;
        let starts = file.tensors.iter().map(|tensor| {
            let start = at;
            at += tensor.bytes.len();
            start
        });
        Ok(Self {
            bytes,
            starts: starts.collect(),
            file,
            cut,
        })
    }

    fn trace(&self) -> Result<(Trace, Option<String>), TraceError> {
        let (about, layers) = about::read(&self.file)?;
        let most = |n: usize, what, most| match n > most {
            true => Err(TraceError::TooMany { n, what, most }),
            false => Ok(()),
        };
        most(layers.len(), "layers", limits::LAYERS)?;
        let n_units = layers
            .iter()
            .fold(0, |n: usize, layer| n.saturating_add(layer.n_units));
        most(n_units, "units", limits::UNITS)?;
        let steps = self
            .file
            .tensor("step")
            .ok_or_else(|| self.missing("step"))?;
        let n_records = steps.shape.first().copied().unwrap_or(0);
        most(n_records, "records", limits::RECORDS)?;
        let steps = self.steps(n_records)?;
        let n_told = layers.len();
        let mut told = Vec::with_capacity(n_told);
        for (i, layer) in layers.into_iter().enumerate() {
            match self.layer(i, layer, n_records) {
                Ok(layer) => told.push(layer),
                // The tensors of a layer lie together: what comes after it is not there either.
                Err(TraceError::Missing(_)) if self.cut.is_some() && i > 0 => break,
                Err(error) => return Err(error),
            }
        }
        if told.is_empty() {
            return Err(TraceError::Field("layers"));
        }
        let names = self
            .file
            .tensors
            .iter()
            .filter_map(|tensor| tensor.name.strip_prefix("metric."));
        let metric = |name: &str| {
            let values = self.series(&format!("metric.{name}"), n_records)?;
            Ok((name.to_owned(), values))
        };
        let metrics: Result<Vec<_>, TraceError> = names.map(metric).collect();
        let cut = self.cut.as_ref().map(|_| {
            format!(
                "The file is cut off: {} of its {n_told} layers {} whole, and shown.",
                told.len(),
                if told.len() == 1 { "is" } else { "are" }
            )
        });
        let trace = Trace {
            about,
            steps,
            loss: self.series("loss", n_records)?,
            train_loss: self.series("train_loss", n_records)?,
            learning_rate: self.series("learning_rate", n_records)?,
            metrics: metrics?,
            layers: told,
            cut: None,
            bytes: Vec::new(),
        };
        Ok((trace, cut))
    }

    fn steps(&self, n_records: usize) -> Result<Vec<u64>, TraceError> {
        self.start("step", Dtype::I64, &[n_records])?;
        let steps = self.file.tensor("step").and_then(|steps| steps.to_i64());
        let steps = steps
            .filter(|steps| !steps.is_empty())
            .ok_or(TraceError::Empty)?;
        let mut before = -1;
        for &then in &steps {
            if then <= before {
                return Err(TraceError::Steps { before, then });
            }
            before = then;
        }
        Ok(steps.into_iter().map(|step| step as u64).collect())
    }

    /// F32 `[T]`.
    fn series(&self, name: &str, n_records: usize) -> Result<Vec<f32>, TraceError> {
        self.start(name, Dtype::F32, &[n_records])?;
        let values = self.file.tensor(name).and_then(|tensor| tensor.to_f32());
        values.ok_or_else(|| self.missing(name))
    }

    /// Where a tensor begins, which must be of this type and shape.
    fn start(&self, name: &str, dtype: Dtype, shape: &[usize]) -> Result<usize, TraceError> {
        let place = self
            .file
            .tensors
            .iter()
            .position(|tensor| tensor.name == name);
        let found = place.and_then(|i| Some((self.file.tensors.get(i)?, *self.starts.get(i)?)));
        let (tensor, start) = found.ok_or_else(|| self.missing(name))?;
        if tensor.dtype != dtype {
            return Err(TraceError::Dtype {
                name: name.to_owned(),
                found: tensor.dtype.name(),
                expected: dtype.name(),
            });
        }
        if tensor.shape != shape {
            return Err(TraceError::Shape {
                name: name.to_owned(),
                shape: tensor.shape.clone(),
                expected: shape.to_vec(),
            });
        }
        Ok(start)
    }

    fn missing(&self, name: &str) -> TraceError {
        match &self.cut {
            Some(cut) if !name.starts_with("layer.") || name.starts_with("layer.1.") => {
                TraceError::Cut(cut.clone())
            }
            _ => TraceError::Missing(name.to_owned()),
        }
    }

    fn layer(&self, i: usize, about: LayerAbout, n_records: usize) -> Result<Layer, TraceError> {
        let name = |of: &str| format!("layer.{}.{of}", i + 1);
        let n_units = about.n_units;
        let shape = [n_records, n_units];
        let are_wide = about.n_samples >= 65_536;
        let kind = if are_wide { Dtype::U32 } else { Dtype::U16 };
        let mut numbers = Numbers {
            n_units,
            are_wide,
            counts: [0; 4],
            columns: [0; 8],
            histogram: self.start(&name("z_histogram"), Dtype::U32, &[n_records, N_BINS])?,
        };
        for (start, of) in numbers.counts.iter_mut().zip(Count::NAMES) {
            *start = self.start(&name(of), kind, &shape)?;
        }
        for (start, of) in numbers.columns.iter_mut().zip(Column::NAMES) {
            *start = self.start(&name(of), Dtype::F32, &shape)?;
        }
        let series = |of: &str| self.series(&name(of), n_records);
        let ratio = |(update, weight): (f32, f32)| update / weight;
        let updates = series("update_rms")?.into_iter().zip(series("weight_rms")?);
        let mut layer = Layer {
            z_gradient_rms: series("z_gradient_rms")?,
            weight_gradient_rms: series("weight_gradient_rms")?,
            update_ratio: updates.map(ratio).collect(),
            dead: Vec::with_capacity(n_records),
            saturated: Vec::with_capacity(n_records),
            is_finite: Vec::with_capacity(n_records),
            z_spread: Vec::with_capacity(n_records),
            verdicts: Vec::with_capacity(n_records * n_units),
            numbers,
            about,
        };
        for record in 0..n_records {
            if !layer.judge(self.bytes, record) {
                return Err(TraceError::Counts {
                    name: name("n_zero"),
                    n_samples: layer.about.n_samples,
                });
            }
        }
        Ok(layer)
    }
}

impl Layer {
    /// Judges the units at a record, which comes next. False if the counts cannot be of so many samples.
    fn judge(&mut self, bytes: &[u8], record: usize) -> bool {
        let (n_samples, numbers) = (self.about.n_samples, &self.numbers);
        let (mut dead, mut saturated, mut is_finite) = (0, 0, true);
        let (mut sum, mut sum_of_squares, mut within) = (0.0, 0.0, 0.0);
        for unit in 0..numbers.n_units {
            let count = |count| numbers.count(bytes, count, record, unit);
            let slopes = SlopeCounts {
                n_samples,
                n_zero: count(Count::Zero),
                n_small: count(Count::Small),
            };
            if slopes.n_zero > n_samples || slopes.n_small > n_samples {
                return false;
            }
            let health = match self.about.is_output {
                true => Health::Alive,
                false => slopes.health(),
            };
            dead += u32::from(health == Health::Dead);
            saturated += u32::from(health == Health::Saturated);
            is_finite &= count(Count::NotFinite) == 0;
            self.verdicts.push(health);
            let mean = f64::from(numbers.value(bytes, Column::ZMean, record, unit));
            let std = f64::from(numbers.value(bytes, Column::ZStd, record, unit));
            sum += mean;
            sum_of_squares += mean * mean;
            within += std * std;
        }
        // Variance of all is the mean of the units' variances and the variance of their means.
        let n_units = numbers.n_units as f64;
        let mean = sum / n_units;
        let variance = within / n_units + (sum_of_squares / n_units - mean * mean).max(0.0);
        self.dead.push(dead);
        self.saturated.push(saturated);
        self.is_finite.push(is_finite);
        self.z_spread.push(libm::sqrt(variance) as f32);
        true
    }
}
