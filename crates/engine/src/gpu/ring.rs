//! Lanes trained and looked at many times in one submission, with one readback.
//!
//! Every look is a dispatch of `train`, which ends after the step that is to be looked at, and one of `probe`, which puts
//! what it sees into the ring: health, loss, how far the lane has come, and the verdicts on its units. All dispatches are
//! alike: kernels know from the lanes' statuses where they are.

use actiscope_core::health::Health;
use bytemuck::{bytes_of, cast_slice, pod_read_unaligned};
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{BindGroup, BufferDescriptor, BufferUsages, Device};

use super::GpuError;
use super::buffers::{f32s, max_batches};
use super::layout::{Dispatch, Status};
use super::look::Looker;
use super::probe::{LaneHealth, health_of};
use super::readback::{read, staging_buffer};
use super::trainer::{GpuTrainer, LaneReading, LaneStatus, divergence_of};

/// As `probe.wgsl` has it.
const RING_VALUES: usize = 8;
/// `Dispatch::is_whole` of a probe into the ring.
const INTO_RING: u32 = 3;
/// Most looks of a submission, and most values of a ring.
const MAX_LOOKS: usize = 512;
const MAX_RING_VALUES: usize = 1 << 21;

/// A lane as a look found it.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneLook {
    pub status: LaneStatus,
    pub health: LaneHealth,
    /// Of the hidden units, layer by layer; empty unless asked for.
    pub verdicts: Vec<Health>,
}

/// What came of [`GpuTrainer::train_and_judge`].
#[derive(Clone, Debug)]
pub struct Ring {
    /// For each look, each lane.
    pub looks: Vec<Vec<LaneLook>>,
    /// Where the lane that was asked for stands now.
    pub reading: Option<LaneReading>,
}

impl GpuTrainer {
    /// How many of these looks, at rising steps beyond the present one, go into one submission.
    pub fn n_fitting_looks(&self, stops: &[u64], with_verdicts: bool) -> usize {
        let most_steps = max_batches(&self.shape) as u64;
        let most_between = self.shape.max_steps() as u64;
        let n_values = self.lanes().len() * self.values_of_look(with_verdicts);
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
    /// As many as [`GpuTrainer::n_fitting_looks`] at the most. `lane` is read, too.
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn train_and_judge(
        &mut self,
        stops: &[u64],
        with_verdicts: bool,
        lane: Option<usize>,
    ) -> Result<Ring, GpuError> {
        if stops.is_empty() {
            let (looks, reading) = (Vec::new(), None);
            return Ok(Ring { looks, reading });
        }
        let looker = self.probe_looker().await?;
        self.tell_small_slopes()?;
        let first_step = self.step;
        let n_steps = stops.last().map_or(0, |&last| last - first_step);
        let batches = self.batches(n_steps, stops);
        let n_ring = self.lanes().len() * self.values_of_look(with_verdicts) * stops.len();
        let n_lane = 4 * self.shape.state_size() as u64 + size_of::<Status>() as u64;
        let n_ring_bytes = 4 * n_ring as u64;
        let staging = self
            .device()
            .watched(|device| {
                let read_bytes = if lane.is_some() { n_lane } else { 0 };
                let staging = staging_buffer(device, n_ring_bytes + read_bytes);
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
                let probes = self.ring_probes(device, &looker, &results, with_verdicts);
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
                if let Some(lane) = lane {
                    let n_state = 4 * self.shape.state_size() as u64;
                    let n_status = size_of::<Status>() as u64;
                    let (state, status) = (&self.buffers.state, &self.buffers.statuses);
                    let (from, to) = (lane as u64 * n_state, n_ring_bytes);
                    encoder.copy_buffer_to_buffer(state, from, &staging, to, n_state);
                    let (from, to) = (lane as u64 * n_status, to + n_state);
                    encoder.copy_buffer_to_buffer(status, from, &staging, to, n_status);
                }
                queue.submit([encoder.finish()]);
                staging
            })
            .await?;
        self.step += n_steps;
        self.n_ring_looks = self.n_ring_looks.wrapping_add(stops.len() as u32);
        let bytes = read(self.device(), &staging).await?;
        let (ring, of_lane) = bytes.split_at(n_ring_bytes as usize);
        let looks = self.looks_of(&f32s(ring), stops.len());
        if let Some(last) = looks.last() {
            let statuses: Vec<LaneStatus> = last.iter().map(|look| look.status).collect();
            self.arrive(n_steps, &statuses)?;
        }
        let reading = lane.map(|lane| {
            let (state, status) = of_lane.split_at(4 * self.shape.state_size());
            self.reading_of(lane, &f32s(state), &pod_read_unaligned(status))
        });
        if let (Some(reading), 1) = (&reading, self.lanes().len()) {
            self.step = reading.status.step;
        }
        Ok(Ring { looks, reading })
    }

    /// Values of a lane in a look.
    fn values_of_look(&self, with_verdicts: bool) -> usize {
        RING_VALUES + self.n_verdicts(with_verdicts)
    }

    fn n_verdicts(&self, is_asked: bool) -> usize {
        if is_asked {
            self.shape.n_hidden_units
        } else {
            0
        }
    }

    /// The bindings of a look at all lanes, with the number of workgroups of each.
    fn ring_probes(
        &self,
        device: &Device,
        looker: &Looker,
        results: &wgpu::Buffer,
        with_verdicts: bool,
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
                n_verdicts: self.n_verdicts(with_verdicts) as u32,
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

    fn looks_of(&self, values: &[f32], n_looks: usize) -> Vec<Vec<LaneLook>> {
        let n_lanes = self.lanes().len();
        let per_lane = values.len() / (n_looks * n_lanes).max(1);
        let look = |(i, values): (usize, &[f32])| {
            let n_done = ((values[4] as u32) << 16) | values[5] as u32;
            LaneLook {
                status: LaneStatus {
                    step: self.step_of(i % n_lanes, n_done),
                    batch_loss: values[6],
                    divergence: divergence_of(values[7] as u32),
                },
                health: health_of(values),
                verdicts: values[RING_VALUES..].iter().map(verdict_of).collect(),
            }
        };
        let looks: Vec<LaneLook> = values
            .chunks_exact(per_lane.max(1))
            .enumerate()
            .map(look)
            .collect();
        looks
            .chunks(n_lanes.max(1))
            .map(<[LaneLook]>::to_vec)
            .collect()
    }
}

fn verdict_of(number: &f32) -> Health {
    match *number as u32 {
        0 => Health::Alive,
        1 => Health::Saturated,
        _ => Health::Dead,
    }
}
