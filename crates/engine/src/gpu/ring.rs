//! Lanes trained and looked at many times in one submission, with one readback.
//!
//! Every look is a dispatch of `train`, which ends after the step that is to be looked at, and one of `probe`, which puts
//! what it sees into the ring: health, loss, how far the lane has come, and where lanes are kept, the verdicts on their
//! units and their state. All dispatches are alike: kernels know from the lanes' statuses where they are.

use actiscope_core::health::Health;
use bytemuck::{bytes_of, cast_slice};
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{BindGroup, BufferDescriptor, BufferUsages, Device};

use super::GpuError;
use super::buffers::{f32s, max_batches};
use super::layout::{Dispatch, Status};
use super::look::Looker;
use super::probe::{LaneHealth, health_of};
use super::readback::{read, staging_buffer};
use super::trainer::{GpuTrainer, LaneReading, LaneStatus};

/// As `probe.wgsl` has it: the values of health, then those of the status.
const HEALTH_VALUES: usize = 4;
const RING_VALUES: usize = 12;
/// `Dispatch::is_whole` of a probe into the ring.
const INTO_RING: u32 = 3;
/// Most looks of a submission, and most values of a ring.
const MAX_LOOKS: usize = 512;
const MAX_RING_VALUES: usize = 1 << 21;

/// A lane as a look found it.
#[derive(Clone, Debug)]
pub struct LaneLook {
    pub status: LaneStatus,
    pub health: LaneHealth,
    /// Where lanes are kept.
    pub kept: Option<KeptLane>,
}

#[derive(Clone, Debug)]
pub struct KeptLane {
    /// Of the hidden units, layer by layer.
    pub verdicts: Vec<Health>,
    pub reading: LaneReading,
}

/// For each look, each lane.
pub type Ring = Vec<Vec<LaneLook>>;

impl GpuTrainer {
    /// How many of these looks, at rising steps beyond the present one, go into one submission.
    pub fn n_fitting_looks(&self, stops: &[u64], keeps_lanes: bool) -> usize {
        let most_steps = max_batches(&self.shape) as u64;
        let most_between = self.shape.max_steps() as u64;
        let n_values = self.lanes().len() * self.values_of_look(keeps_lanes);
        let most = MAX_LOOKS.min(MAX_RING_VALUES / n_values.max(1)).max(1);
        let mut before = self.step;
        let fitting = stops.iter().take(most).take_while(|&&stop| {
            let is_near = stop > before && stop - before <= most_between;
            before = stop;
            is_near && stop - self.step <= most_steps
        });
        fitting.count()
    }

    /// Trains every lane that has not diverged up to the last of these steps, and looks at all lanes at each of them.
    /// As many as [`GpuTrainer::n_fitting_looks`] at the most.
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn train_and_judge(
        &mut self,
        stops: &[u64],
        keeps_lanes: bool,
    ) -> Result<Ring, GpuError> {
        if stops.is_empty() {
            return Ok(Vec::new());
        }
        let looker = self.probe_looker().await?;
        self.tell_small_slopes()?;
        let first_step = self.step;
        let n_steps = stops.last().map_or(0, |&last| last - first_step);
        let batches = self.batches(n_steps, stops);
        let n_ring = self.lanes().len() * self.values_of_look(keeps_lanes) * stops.len();
        let n_ring_bytes = 4 * n_ring as u64;
        let staging = self
            .device()
            .watched(|device| {
                let staging = staging_buffer(device, n_ring_bytes);
                let queue = self.device().queue();
                queue.write_buffer(&self.buffers.batches, 0, cast_slice(&batches));
                let training = Dispatch {
                    n_steps: n_steps as u32,
                    keeps_previous: u32::from(self.keeps_previous),
                    first_done: first_step as u32,
                    ..Dispatch::default()
                };
                queue.write_buffer(&self.buffers.dispatch, 0, bytes_of(&training));
                let results = device.create_buffer(&BufferDescriptor {
                    label: Some("ring"),
                    size: n_ring_bytes,
                    usage: BufferUsages::STORAGE | BufferUsages::COPY_SRC,
                    mapped_at_creation: false,
                });
                let probes = self.ring_probes(device, &looker, &results, keeps_lanes);
                let mut encoder = device.create_command_encoder(&Default::default());
                {
                    let mut pass = encoder.begin_compute_pass(&Default::default());
                    for _ in stops {
                        pass.set_pipeline(&self.kernel.pipeline);
                        pass.set_bind_group(0, &self.kernel.bind_group, &[]);
                        pass.dispatch_workgroups(self.lanes().len() as u32, 1, 1);
                        pass.set_pipeline(&looker.pipeline);
                        for (group, n_groups) in &probes {
                            pass.set_bind_group(0, group, &[]);
                            pass.dispatch_workgroups(*n_groups, 1, 1);
                        }
                    }
                }
                encoder.copy_buffer_to_buffer(&results, 0, &staging, 0, n_ring_bytes);
                queue.submit([encoder.finish()]);
                staging
            })
            .await?;
        self.step += n_steps;
        self.n_ring_looks = self.n_ring_looks.wrapping_add(stops.len() as u32);
        let bytes = read(self.device(), &staging).await?;
        let ring = self.ring_of(&f32s(&bytes), stops.len());
        if let Some(last) = ring.last() {
            let statuses: Vec<LaneStatus> = last.iter().map(|look| look.status).collect();
            self.arrive(n_steps, &statuses)?;
            if let [status] = statuses[..] {
                self.step = status.step;
            }
        }
        Ok(ring)
    }

    /// Values of a lane in a look.
    fn values_of_look(&self, keeps_lanes: bool) -> usize {
        let n_kept = self.shape.n_hidden_units + self.shape.state_size();
        RING_VALUES + if keeps_lanes { n_kept } else { 0 }
    }

    /// The bindings of a look at all lanes, with the number of workgroups of each.
    fn ring_probes(
        &self,
        device: &Device,
        looker: &Looker,
        results: &wgpu::Buffer,
        keeps_lanes: bool,
    ) -> Vec<(BindGroup, u32)> {
        let n_lanes = self.lanes().len();
        let first_lanes = (0..n_lanes).step_by(looker.n_groups);
        let probes = first_lanes.map(|first_lane| {
            let dispatch = Dispatch {
                first_lane: first_lane as u32,
                is_whole: INTO_RING,
                view_layer: u32::MAX,
                first_done: self.step as u32,
                first_look: self.n_ring_looks,
                keeps_lane: u32::from(keeps_lanes),
                ..Dispatch::default()
            };
            let dispatch = device.create_buffer_init(&BufferInitDescriptor {
                label: Some("dispatch"),
                contents: bytes_of(&dispatch),
                usage: BufferUsages::UNIFORM,
            });
            let own = [
                (0, &dispatch),
                (1, &looker.layers),
                (8, &looker.scratch),
                (9, results),
            ];
            let n_groups = looker.n_groups.min(n_lanes - first_lane);
            (self.bind(device, &own).1, n_groups as u32)
        });
        probes.collect()
    }

    fn ring_of(&self, values: &[f32], n_looks: usize) -> Ring {
        let n_lanes = self.lanes().len();
        let looks = values.chunks_exact(values.len() / n_looks);
        looks
            .map(|values| {
                let lanes = values.chunks_exact(values.len() / n_lanes).enumerate();
                lanes
                    .map(|(lane, values)| self.look_of(lane, values))
                    .collect()
            })
            .collect()
    }

    fn look_of(&self, lane: usize, values: &[f32]) -> LaneLook {
        let (header, kept) = values.split_at(RING_VALUES);
        let status = status_of(&header[HEALTH_VALUES..]);
        let (verdicts, state) = kept.split_at(kept.len().min(self.shape.n_hidden_units));
        LaneLook {
            status: self.status_of(lane, &status),
            health: health_of(header),
            kept: (!state.is_empty()).then(|| KeptLane {
                verdicts: verdicts.iter().map(verdict_of).collect(),
                reading: self.reading_of(lane, state, &status),
            }),
        }
    }
}

/// As `keep_status` of the kernel writes it.
fn status_of(values: &[f32]) -> Status {
    let whole = |i: usize| ((values[i] as u32) << 16) | values[i + 1] as u32;
    Status {
        n_done: whole(0),
        n_updates: whole(2),
        batch_loss: values[4],
        first_loss: values[5],
        has_first_loss: values[6] as u32,
        divergence: values[7] as u32,
        n_looks: 0,
    }
}

fn verdict_of(number: &f32) -> Health {
    match *number as u32 {
        0 => Health::Alive,
        1 => Health::Saturated,
        _ => Health::Dead,
    }
}
