//! The kernels that look at lanes, and how what is asked of them is answered in one readback.

use std::rc::Rc;

use bytemuck::{bytes_of, cast_slice};
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{Buffer, BufferDescriptor, BufferUsages, ComputePipeline, Device};

use super::GpuError;
use super::buffers::{bind_layout, f32s};
use super::layout::{Dispatch, Purpose, Shape};
use super::memory::Memory;
use super::probe::N_BINS;
use super::readback::{read, staging_buffer};
use super::shader::{entry, shader};
use super::trainer::GpuTrainer;

/// Bytes of activations that one dispatch may take: larger populations are looked at in turns.
const MAX_SCRATCH_BYTES: usize = 64 << 20;
/// Those of the trainer's kernel, and the results.
const N_BINDINGS: usize = 10;

/// A kernel that looks at lanes, and its memory.
#[derive(Debug)]
pub(super) struct Looker {
    pub shape: Shape,
    pub pipeline: ComputePipeline,
    pub layers: Buffer,
    pub scratch: Buffer,
    /// Workgroups that the scratch buffer serves.
    pub n_groups: usize,
}

/// Made when they are first needed.
#[derive(Debug, Default)]
pub(super) struct Lookers {
    probe: Option<Rc<Looker>>,
    predict: Option<Rc<Looker>>,
}

/// Dispatches of one kernel, which fill one array of results.
#[derive(Debug)]
pub(super) struct Job {
    pub looker: Rc<Looker>,
    /// With the number of its workgroups, for each lane.
    pub dispatches: Vec<(Dispatch, usize)>,
    /// Lanes that a dispatch asks, from its first on; a probe counts them as workgroups.
    pub n_lanes: usize,
    pub samples: JobSamples,
    pub n_results: usize,
}

#[derive(Debug)]
pub(super) enum JobSamples {
    Training,
    /// `[n, n_inputs]`.
    Given(Vec<f32>),
}

impl GpuTrainer {
    pub(super) async fn probe_looker(&mut self) -> Result<Rc<Looker>, GpuError> {
        if let Some(looker) = &self.lookers.probe {
            return Ok(Rc::clone(looker));
        }
        let looker = self
            .looker(self.n_probe_samples(), Purpose::Probe, self.lanes().len())
            .await?;
        Ok(Rc::clone(self.lookers.probe.insert(Rc::new(looker))))
    }

    pub(super) async fn predict_looker(
        &mut self,
        batch_size: usize,
    ) -> Result<Rc<Looker>, GpuError> {
        if let Some(looker) = &self.lookers.predict {
            return Ok(Rc::clone(looker));
        }
        let looker = self
            .looker(batch_size, Purpose::Predict, usize::MAX)
            .await?;
        Ok(Rc::clone(self.lookers.predict.insert(Rc::new(looker))))
    }

    /// Runs all jobs in one submission and reads their results, one after the other, in one readback.
    pub(super) async fn run(&self, jobs: &[Job]) -> Result<Vec<Vec<f32>>, GpuError> {
        let gpu = self.device();
        let n_bytes = jobs.iter().map(|job| 4 * job.n_results as u64).sum();
        let staging = gpu
            .watched(|device| {
                let staging = staging_buffer(device, n_bytes);
                let mut encoder = device.create_command_encoder(&Default::default());
                let mut at = 0;
                for job in jobs {
                    let results = self.record(device, &mut encoder, job);
                    encoder.copy_buffer_to_buffer(&results, 0, &staging, at, results.size());
                    at += results.size();
                }
                gpu.queue().submit([encoder.finish()]);
                staging
            })
            .await?;
        let values = f32s(&read(gpu, &staging).await?);
        let mut rest = &values[..];
        let parts = jobs.iter().map(|job| {
            let (of_job, others) = rest.split_at(job.n_results);
            rest = others;
            of_job.to_vec()
        });
        Ok(parts.collect())
    }

    fn record(&self, device: &Device, encoder: &mut wgpu::CommandEncoder, job: &Job) -> Buffer {
        let filled = |label, contents: &[u8], usage| {
            device.create_buffer_init(&BufferInitDescriptor {
                label: Some(label),
                contents,
                usage,
            })
        };
        let given;
        let samples = match &job.samples {
            JobSamples::Training => self.samples(),
            JobSamples::Given(x) => {
                given = filled("samples", cast_slice(x), BufferUsages::STORAGE);
                &given
            }
        };
        let results = device.create_buffer(&BufferDescriptor {
            label: Some("results"),
            size: 4 * job.n_results as u64,
            usage: BufferUsages::STORAGE | BufferUsages::COPY_SRC,
            mapped_at_creation: false,
        });
        let looker = &job.looker;
        let mut pass = encoder.begin_compute_pass(&Default::default());
        pass.set_pipeline(&looker.pipeline);
        for (dispatch, n_groups) in &job.dispatches {
            let dispatch = filled("dispatch", bytes_of(dispatch), BufferUsages::UNIFORM);
            let own = [
                (0, &dispatch),
                (1, &looker.layers),
                (2, samples),
                (8, &looker.scratch),
                (9, &results),
            ];
            let (_, group) = self.bind(device, &own);
            pass.set_bind_group(0, &group, &[]);
            pass.dispatch_workgroups(*n_groups as u32, job.n_lanes as u32, 1);
        }
        drop(pass);
        results
    }

    pub(super) fn shape_of(&self, batch_size: usize, purpose: Purpose) -> Shape {
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
        let text =
            shader(&shape, &memory, &self.traits()).map_err(crate::cpu::TrainerError::from)?;
        let (layers, scratch, layout) = gpu
            .watched(|device| {
                let layers = device.create_buffer_init(&BufferInitDescriptor {
                    label: Some("layers"),
                    contents: cast_slice(&shape.layers()),
                    usage: BufferUsages::UNIFORM,
                });
                let n_scratch = 4 * memory.scratch_size * n_groups;
                let scratch = device.create_buffer(&BufferDescriptor {
                    label: Some("scratch"),
                    size: n_scratch.max(4) as u64,
                    usage: BufferUsages::STORAGE,
                    mapped_at_creation: false,
                });
                (layers, scratch, bind_layout(device, N_BINDINGS))
            })
            .await?;
        let pipeline = gpu.pipeline(&text, entry(purpose), &layout).await?;
        Ok(Looker {
            shape,
            pipeline,
            layers,
            scratch,
            n_groups,
        })
    }
}
