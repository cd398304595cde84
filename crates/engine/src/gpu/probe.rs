//! What the lanes of a [`GpuTrainer`] do on the probe set, and what one of them predicts: the numbers of a
//! snapshot, packed into one readback each.

use actiscope_core::health::judge::{SlopeCounts, small_slope};
use actiscope_core::nn::spec::limits;
use actiscope_core::protocol::{Histogram, LayerSnapshot, UnitSnapshot};
use actiscope_core::scenario::View;
use bytemuck::{bytes_of, cast_slice};
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{Buffer, BufferDescriptor, BufferUsages, ComputePipeline};

use super::GpuError;
use super::buffers::{bind_layout, f32s};
use super::layout::{Dispatch, Purpose, Shape};
use super::memory::Memory;
use super::readback::{read, staging_buffer};
use super::shader::{entry, shader};
use super::trainer::GpuTrainer;
use crate::cpu::activate::LaneActivation;
use crate::cpu::predict::Samples;
use crate::cpu::probe::{Inspection, smallest_f32_from};

/// As `probe.wgsl` has them.
const HEADER: usize = 4;
const UNIT_VALUES: usize = 8;
const N_BINS: usize = 48;
/// Bytes of activations that one dispatch may take: larger populations are probed in turns.
const MAX_SCRATCH_BYTES: usize = 64 << 20;
/// Those of the trainer's kernel, and the results.
const N_BINDINGS: usize = 10;
/// Samples that one workgroup predicts.
const PREDICT_BATCH: usize = 64;

/// Health of a lane over the probe set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneHealth {
    pub loss: f32,
    pub n_dead: u32,
    pub n_saturated: u32,
    /// Samples whose class the outputs tell; of no meaning where targets are numbers.
    pub n_right: u32,
}

/// What [`GpuTrainer::predict`] found.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// `[n_outputs, n_samples]`.
    pub outputs: Vec<f32>,
    /// `[n_hidden_units, n_samples]`; empty unless asked for.
    pub activations: Vec<f32>,
}

/// A kernel that looks at lanes, and its memory.
#[derive(Debug)]
struct Looker {
    shape: Shape,
    pipeline: ComputePipeline,
    layers: Buffer,
    scratch: Buffer,
    dispatch: Buffer,
    /// Workgroups that the scratch buffer serves.
    n_groups: usize,
}

/// The kernels that look at lanes, made when they are first needed.
#[derive(Debug, Default)]
pub(super) struct Lookers {
    probe: Option<(Looker, Buffer)>,
    predict: Option<Looker>,
}

impl GpuTrainer {
    /// Whether the device gets to the end of a probe: a software adapter may not, if the network is large.
    pub fn can_look(&self) -> bool {
        let n = self.data().n_train().min(limits::PROBE_SAMPLES);
        self.shape_of(n, Purpose::Probe).is_within_turns()
    }

    /// Health of every lane.
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn judge(&mut self) -> Result<Vec<LaneHealth>, GpuError> {
        let n_lanes = self.lanes().len();
        let values = self.run_probe(0..n_lanes, None).await?;
        let headers = values.chunks_exact(HEADER).take(n_lanes);
        Ok(headers
            .map(|header| LaneHealth {
                loss: header[0],
                n_dead: header[1] as u32,
                n_saturated: header[2] as u32,
                n_right: header[3] as u32,
            })
            .collect())
    }

    /// Everything over the probe set, but what concerns parameters alone.
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn inspect(&mut self, lane: usize, view: &View) -> Result<Inspection, GpuError> {
        let values = self.run_probe(lane..lane + 1, Some(view)).await?;
        let n_lanes = self.lanes().len();
        let Some((looker, _)) = &self.lookers.probe else {
            unreachable!("the probe that has just run");
        };
        let shape = &looker.shape;
        let loss = values[lane * HEADER];
        let details = &values[n_lanes * HEADER..];
        let n = shape.batch_size;
        let histogram = |slot: usize| {
            let at = first_histogram(shape) + slot * (N_BINS + 1);
            Histogram {
                low: -details[at],
                high: details[at],
                counts: details[at + 1..=at + N_BINS]
                    .iter()
                    .map(|&c| c as u32)
                    .collect(),
            }
        };
        let mut units = details.chunks_exact(UNIT_VALUES);
        let n_layers = shape.params.layers.len();
        let layers = shape.params.layers.iter().enumerate().map(|(l, layout)| {
            let is_hidden = l + 1 < n_layers;
            let of_layer: Vec<&[f32]> = units.by_ref().take(layout.n_out).collect();
            let squares = &details[shape.n_units() * UNIT_VALUES + 2 * l..][..2];
            let mut layer = LayerSnapshot {
                z: histogram(l),
                z_gradient_rms: n as f32 * (squares[0] / (layout.n_out * n) as f32).sqrt(),
                weight_gradient_rms: (squares[1] / layout.weights.len() as f32).sqrt(),
                ..LayerSnapshot::default()
            };
            (layer.z_mean, layer.z_std) = moments_of_all(&of_layer);
            if is_hidden {
                let n_zero: f32 = of_layer.iter().map(|unit| unit[0]).sum();
                layer.zero_slope_share = n_zero / (layout.n_out * n) as f32;
                layer.units = of_layer.iter().map(|unit| unit_snapshot(unit, n)).collect();
                if l == view.layer && view.unit.is_some_and(|unit| unit < layout.n_out) {
                    layer.z_of_unit = Some(histogram(n_layers));
                }
            }
            layer
        });
        let layers = layers.collect();
        let outputs = &details[first_histogram(shape) + (n_layers + 1) * (N_BINS + 1)..];
        Ok(Inspection {
            loss,
            layers,
            outputs: outputs.chunks_exact(n).map(<[f32]>::to_vec).collect(),
            targets: self.data().y_train[..n].to_vec(),
        })
    }

    /// Outputs of a lane for any samples, and the activations of its hidden units if asked for.
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn predict(
        &mut self,
        lane: usize,
        samples: &Samples,
        with_activations: bool,
    ) -> Result<Prediction, GpuError> {
        if self.lookers.predict.is_none() {
            let looker = self
                .looker(PREDICT_BATCH, Purpose::Predict, usize::MAX)
                .await?;
            self.lookers.predict = Some(looker);
        }
        let Some(looker) = &self.lookers.predict else {
            unreachable!("it was made above");
        };
        let (shape, n) = (&looker.shape, samples.n);
        let n_cols = samples.n_cols();
        let mut x = vec![0.0_f32; n * shape.n_inputs];
        for (input, row) in samples.x.chunks_exact(n_cols).enumerate() {
            for (sample, &value) in row[..n].iter().enumerate() {
                x[sample * shape.n_inputs + input] = value;
            }
        }
        let n_rows = shape.n_outputs
            + if with_activations {
                shape.n_hidden_units
            } else {
                0
            };
        let n_groups = n.div_ceil(PREDICT_BATCH);
        // Not more than the scratch buffer serves at a time.
        let (mut outputs, mut activations) = (vec![0.0; shape.n_outputs * n], Vec::new());
        if with_activations {
            activations = vec![0.0; shape.n_hidden_units * n];
        }
        for first_group in (0..n_groups).step_by(looker.n_groups) {
            let first = first_group * PREDICT_BATCH;
            let n_here = (n - first).min(looker.n_groups * PREDICT_BATCH);
            let dispatch = Dispatch {
                first_lane: lane as u32,
                is_whole: u32::from(with_activations),
                n_samples: n_here as u32,
                ..Dispatch::default()
            };
            let part = &x[first * shape.n_inputs..(first + n_here) * shape.n_inputs];
            let (samples, results) = self
                .device()
                .watched(|device| {
                    let samples = device.create_buffer_init(&BufferInitDescriptor {
                        label: Some("samples"),
                        contents: cast_slice(part),
                        usage: BufferUsages::STORAGE,
                    });
                    (samples, results_buffer(device, n_rows * n_here))
                })
                .await?;
            let n_groups = n_here.div_ceil(PREDICT_BATCH);
            let values = self
                .look(looker, &dispatch, n_groups, &samples, &results)
                .await?;
            for (row, values) in values.chunks_exact(n_here).enumerate() {
                let (to, row) = match row.checked_sub(shape.n_outputs) {
                    None => (&mut outputs, row),
                    Some(row) => (&mut activations, row),
                };
                to[row * n + first..][..n_here].copy_from_slice(values);
            }
        }
        Ok(Prediction {
            outputs,
            activations,
        })
    }

    /// Runs the probe on some lanes. Returns the headers of all lanes, then the details of the last
    /// workgroups.
    async fn run_probe(
        &mut self,
        lanes: std::ops::Range<usize>,
        view: Option<&View>,
    ) -> Result<Vec<f32>, GpuError> {
        if !self.can_look() {
            let why = "this software adapter does not get to the end of so large a probe";
            return Err(GpuError::Refused(why.into()));
        }
        let n_lanes = self.lanes().len();
        if self.lookers.probe.is_none() {
            let n = self.data().n_train().min(limits::PROBE_SAMPLES);
            let looker = self.looker(n, Purpose::Probe, n_lanes).await?;
            let n_details = first_histogram(&looker.shape)
                + (looker.shape.params.layers.len() + 1) * (N_BINS + 1)
                + looker.shape.n_outputs * n;
            // Details are looked at one lane at a time.
            let n_values = n_lanes * HEADER + n_details;
            let results = self
                .device()
                .watched(|device| results_buffer(device, n_values))
                .await?;
            self.lookers.probe = Some((looker, results));
        }
        self.tell_small_slopes()?;
        let Some((looker, results)) = &self.lookers.probe else {
            unreachable!("it was made above");
        };
        let mut values = Vec::new();
        for first_lane in lanes.clone().step_by(looker.n_groups) {
            let n_groups = looker.n_groups.min(lanes.end - first_lane);
            let dispatch = Dispatch {
                first_lane: first_lane as u32,
                is_whole: u32::from(view.is_some()),
                view_layer: match view.and_then(|view| view.unit) {
                    Some(_) => view.map_or(u32::MAX, |view| view.layer as u32),
                    None => u32::MAX,
                },
                view_unit: view.and_then(|view| view.unit).unwrap_or(0) as u32,
                ..Dispatch::default()
            };
            let samples = self.samples();
            values = self
                .look(looker, &dispatch, n_groups, samples, results)
                .await?;
        }
        Ok(values)
    }

    /// One dispatch of a kernel, and all of its results.
    async fn look(
        &self,
        looker: &Looker,
        dispatch: &Dispatch,
        n_groups: usize,
        samples: &Buffer,
        results: &Buffer,
    ) -> Result<Vec<f32>, GpuError> {
        let gpu = self.device();
        let staging = gpu
            .watched(|device| {
                let own = [
                    (0, &looker.dispatch),
                    (1, &looker.layers),
                    (2, samples),
                    (8, &looker.scratch),
                    (9, results),
                ];
                let (_, group) = self.bind(device, &own);
                let staging = staging_buffer(device, results.size());
                gpu.queue()
                    .write_buffer(&looker.dispatch, 0, bytes_of(dispatch));
                let mut encoder = device.create_command_encoder(&Default::default());
                {
                    let mut pass = encoder.begin_compute_pass(&Default::default());
                    pass.set_pipeline(&looker.pipeline);
                    pass.set_bind_group(0, &group, &[]);
                    pass.dispatch_workgroups(n_groups as u32, 1, 1);
                }
                encoder.copy_buffer_to_buffer(results, 0, &staging, 0, results.size());
                gpu.queue().submit([encoder.finish()]);
                staging
            })
            .await?;
        Ok(f32s(&read(gpu, &staging).await?))
    }

    fn shape_of(&self, batch_size: usize, purpose: Purpose) -> Shape {
        let is_software = self.device().adapter().is_software;
        Shape::new(&self.lanes()[0].network, batch_size, purpose, is_software)
    }

    async fn looker(
        &self,
        batch_size: usize,
        purpose: Purpose,
        n_groups: usize,
    ) -> Result<Looker, GpuError> {
        let shape = self.shape_of(batch_size, purpose);
        let gpu = self.device();
        let workgroup_bytes = gpu.limits().max_compute_workgroup_storage_size as usize;
        let reserved = match purpose {
            // The counts of a histogram.
            Purpose::Probe => 4 * N_BINS + 64,
            Purpose::Train | Purpose::Predict => 0,
        };
        let memory = Memory::plan(&shape, workgroup_bytes - reserved);
        let fitting = MAX_SCRATCH_BYTES / (4 * memory.scratch_size).max(1);
        let n_groups = n_groups.min(fitting.clamp(1, 1_024));
        let (functions, specs) = self.functions();
        let text =
            shader(&shape, &memory, &functions, &specs).map_err(crate::cpu::TrainerError::from)?;
        let (layers, scratch, dispatch, layout) = gpu
            .watched(|device| {
                let layers = device.create_buffer_init(&BufferInitDescriptor {
                    label: Some("layers"),
                    contents: cast_slice(&shape.layers()),
                    usage: BufferUsages::UNIFORM,
                });
                let buffer = |label, size: usize, usage| {
                    device.create_buffer(&BufferDescriptor {
                        label: Some(label),
                        size: size.max(4) as u64,
                        usage,
                        mapped_at_creation: false,
                    })
                };
                let n_scratch = 4 * memory.scratch_size * n_groups;
                let scratch = buffer("scratch", n_scratch, BufferUsages::STORAGE);
                let uniform = BufferUsages::UNIFORM | BufferUsages::COPY_DST;
                let dispatch = buffer("dispatch", size_of::<Dispatch>(), uniform);
                (layers, scratch, dispatch, bind_layout(device, N_BINDINGS))
            })
            .await?;
        let pipeline = gpu.pipeline(&text, entry(purpose), &layout).await?;
        Ok(Looker {
            shape,
            pipeline,
            layers,
            scratch,
            dispatch,
            n_groups,
        })
    }
}

/// Small slopes of each lane's function, the same for lanes with the same function.
pub(super) fn small_slopes(lanes: &[crate::cpu::LaneSpec]) -> Result<Vec<f32>, GpuError> {
    let mut known: Vec<(&actiscope_core::activation::ActivationSpec, f32)> = Vec::new();
    let mut slopes = Vec::with_capacity(lanes.len());
    for lane in lanes {
        let spec = &lane.network.activation;
        let found = known.iter().find(|(other, _)| *other == spec);
        let slope = match found {
            Some(&(_, slope)) => slope,
            None => {
                let activation =
                    LaneActivation::new(spec).map_err(crate::cpu::TrainerError::from)?;
                let slope = smallest_f32_from(small_slope(activation.max_abs_slope()));
                known.push((spec, slope));
                slope
            }
        };
        slopes.push(slope);
    }
    Ok(slopes)
}

fn first_histogram(shape: &Shape) -> usize {
    shape.n_units() * UNIT_VALUES + 2 * shape.params.layers.len()
}

fn results_buffer(device: &wgpu::Device, n_values: usize) -> Buffer {
    device.create_buffer(&BufferDescriptor {
        label: Some("results"),
        size: 4 * n_values as u64,
        usage: BufferUsages::STORAGE | BufferUsages::COPY_SRC,
        mapped_at_creation: false,
    })
}

fn unit_snapshot(values: &[f32], n: usize) -> UnitSnapshot {
    let counts = SlopeCounts {
        n_samples: n as u32,
        n_zero: values[0] as u32,
        n_small: values[1] as u32,
    };
    UnitSnapshot {
        health: counts.health(),
        z_mean: values[2],
        z_std: values[3].sqrt(),
        z_min: values[4],
        z_max: values[5],
        negative_fraction: values[6] / n as f32,
        mean_abs_slope: values[7] / n as f32,
    }
}

/// Mean and standard deviation of all values of units of one length.
fn moments_of_all(units: &[&[f32]]) -> (f32, f32) {
    let n = units.len() as f32;
    let mean = units.iter().map(|unit| unit[2]).sum::<f32>() / n;
    let around = |unit: &&[f32]| unit[3] + (unit[2] - mean) * (unit[2] - mean);
    (mean, (units.iter().map(around).sum::<f32>() / n).sqrt())
}
