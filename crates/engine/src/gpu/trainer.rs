//! Trains a population of lanes on one data set, as [`crate::cpu::CpuTrainer`] does.

use std::sync::Arc;

use actiscope_core::data::Dataset;
use actiscope_core::nn::batches::EpochOrder;
use bytemuck::{bytes_of, cast_slice, pod_read_unaligned};
use wgpu::{BindGroup, BindGroupLayout, Buffer, ComputePipeline, Device};

use super::buffers::{Buffers, MAX_IN_FLIGHT, bind, check_size, f32s, max_dispatch_steps};
use super::layout::{
    BATCH_HEADER, Dispatch, MAX_FUNCTION_PARAMS, Purpose, Rule, Shape, StateArray, Status,
};
use super::look::Lookers;
use super::memory::Memory;
use super::probe::small_slopes;
use super::readback::read;
use super::shader::{Traits, entry, has_layer_rules, shader};
use super::{GpuDevice, GpuError};
use crate::cpu::{Divergence, LaneSpec, LaneState, check_lanes};

/// How far a lane has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneStatus {
    /// Updates made.
    pub step: u64,
    /// Loss of the batch of the last update, before it; NaN if there was none since the lane was written.
    pub batch_loss: f32,
    pub divergence: Option<Divergence>,
}

/// All that there is to know of a lane.
#[derive(Clone, Debug)]
pub struct LaneReading {
    pub status: LaneStatus,
    pub state: LaneState,
    /// Parameters before the last update; those of now if there was none since the lane was written.
    pub previous: Vec<f32>,
    /// Gradient of the last update: regularised and clipped.
    pub gradient: Vec<f32>,
}

/// A population on a device.
#[derive(Debug)]
pub struct GpuTrainer {
    gpu: GpuDevice,
    data: Arc<Dataset>,
    order: EpochOrder,
    lanes: Vec<LaneSpec>,
    pub(super) shape: Shape,
    pub(super) kernel: Kernel,
    pub(super) buffers: Buffers,
    /// Updates of each lane when it was written last.
    written_at: Vec<u64>,
    /// Updates made by the lanes that have not diverged.
    pub(super) step: u64,
    /// Looks that went to a ring, beginning again at 2^32.
    pub(super) n_ring_looks: u32,
    pub(super) keeps_previous: bool,
    /// Whether the rules on the device say which slopes are small.
    knows_small_slopes: bool,
    pub(super) lookers: Lookers,
}

#[derive(Debug)]
pub(super) struct Kernel {
    pub pipeline: ComputePipeline,
    pub bind_group: BindGroup,
}

impl GpuTrainer {
    /// A population at step 0. `order_seed` fixes the order of samples, the same for all lanes.
    ///
    /// # Errors
    /// As `CpuTrainer::new`; if the population is larger than the device allows, with the number of lanes
    /// that would fit; if the device has no memory for it, or is lost.
    pub async fn new(
        gpu: &GpuDevice,
        data: Arc<Dataset>,
        order_seed: u64,
        lanes: Vec<LaneSpec>,
    ) -> Result<Self, GpuError> {
        check_lanes(&data, &lanes)?;
        check_rules(&lanes)?;
        let first = &lanes[0];
        let batch_size = first.training.batch_size.clamp(1, data.n_train());
        let is_software = gpu.adapter().is_software;
        let shape_of =
            |lane: &LaneSpec| Shape::new(&lane.network, batch_size, Purpose::Train, is_software);
        let shape = shape_of(first);
        for (lane, spec) in lanes.iter().enumerate() {
            if shape_of(spec) != shape {
                let what = "BatchNorm or learned alphas";
                return Err(crate::cpu::TrainerError::Mixed { lane, what }.into());
            }
        }
        let limits = gpu.limits();
        let workgroup_bytes = limits.max_compute_workgroup_storage_size as usize;
        let memory = Memory::plan(&shape, workgroup_bytes);
        check_size(&shape, &memory, lanes.len(), &limits)?;

        let buffers = gpu
            .watched(|device| Buffers::new(device, &data, &shape, &memory, &lanes))
            .await?;
        let kernel = Kernel::new(gpu, &shape, &memory, &lanes, &buffers).await?;
        let mut trainer = Self {
            gpu: gpu.clone(),
            order: EpochOrder::new(data.n_train(), first.training.order, order_seed),
            data,
            written_at: vec![0; lanes.len()],
            keeps_previous: lanes.len() == 1,
            lanes,
            shape,
            kernel,
            buffers,
            step: 0,
            n_ring_looks: 0,
            knows_small_slopes: false,
            lookers: Lookers::default(),
        };
        trainer.write_rules(&[]);
        for lane in 0..trainer.lanes.len() {
            let state = LaneState::new(&trainer.lanes[lane], &trainer.shape.params);
            trainer.write_lane(lane, 0, &state);
        }
        Ok(trainer)
    }

    /// Other rules from now on, with parameters, optimizer state and step kept. Returns `false`, and does
    /// nothing, if the population would need other arrays: then make a new one. A kernel is compiled only
    /// for functions that the population did not use before.
    ///
    /// # Errors
    /// As [`GpuTrainer::new`].
    pub async fn change(&mut self, lanes: Vec<LaneSpec>) -> Result<bool, GpuError> {
        check_lanes(&self.data, &lanes)?;
        check_rules(&lanes)?;
        let batch_size = lanes[0].training.batch_size.clamp(1, self.data.n_train());
        let is_software = self.gpu.adapter().is_software;
        let shape_of =
            |lane: &LaneSpec| Shape::new(&lane.network, batch_size, Purpose::Train, is_software);
        let is_same_shape = lanes.len() == self.lanes.len()
            && has_layer_rules(&lanes) == has_layer_rules(&self.lanes)
            && lanes[0].training.order == self.lanes[0].training.order
            && lanes.iter().all(|lane| shape_of(lane) == self.shape);
        if !is_same_shape {
            return Ok(false);
        }
        let workgroup_bytes = self.gpu.limits().max_compute_workgroup_storage_size as usize;
        let memory = Memory::plan(&self.shape, workgroup_bytes);
        self.kernel = Kernel::new(&self.gpu, &self.shape, &memory, &lanes, &self.buffers).await?;
        self.lanes = lanes;
        self.write_rules(&[]);
        self.knows_small_slopes = false;
        // Their functions are those of the kernels.
        self.lookers = Lookers::default();
        Ok(true)
    }

    /// Puts a lane into a state that it was in after `step` updates. All lanes of a population stand at
    /// the same step.
    pub fn write_lane(&mut self, lane: usize, step: u64, state: &LaneState) {
        let shape = &self.shape;
        let mut values = vec![0.0_f32; shape.state_size()];
        let mut put = |array: StateArray, from: &[f32]| {
            values[array.offset(shape)..][..from.len()].copy_from_slice(from);
        };
        put(StateArray::Params, &state.params);
        put(StateArray::Previous, &state.params);
        put(StateArray::First, &state.first);
        put(StateArray::Second, &state.second);
        put(StateArray::Running, &state.running);
        let status = Status {
            n_done: step as u32,
            n_updates: state.n_updates as u32,
            batch_loss: f32::NAN,
            first_loss: state.first_loss.unwrap_or_default(),
            has_first_loss: u32::from(state.first_loss.is_some()),
            divergence: 0,
            n_looks: self.n_ring_looks,
        };
        let queue = self.gpu.queue();
        let at = (lane * size_of_val(&values[..])) as u64;
        queue.write_buffer(&self.buffers.state, at, cast_slice(&values));
        let at = (lane * size_of::<Status>()) as u64;
        queue.write_buffer(&self.buffers.statuses, at, bytes_of(&status));
        self.written_at[lane] = step;
        self.step = step;
    }

    /// Makes `n_steps` updates of every lane that has not diverged.
    ///
    /// # Errors
    /// If the device is lost, has no memory, or refuses the work.
    pub async fn train(&mut self, n_steps: u64) -> Result<Vec<LaneStatus>, GpuError> {
        self.dispatch(n_steps).await?;
        let statuses = self.statuses().await?;
        self.arrive(n_steps, &statuses)?;
        Ok(statuses)
    }

    /// [`GpuTrainer::train`], and what it made of one lane, in one round trip.
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn train_and_read(
        &mut self,
        n_steps: u64,
        lane: usize,
    ) -> Result<LaneReading, GpuError> {
        self.dispatch(n_steps).await?;
        let reading = self.read_lane(lane).await?;
        self.arrive(n_steps, std::slice::from_ref(&reading.status))?;
        if self.lanes.len() == 1 {
            self.step = reading.status.step;
        }
        Ok(reading)
    }

    /// All that there is to know of a lane.
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn read_lane(&mut self, lane: usize) -> Result<LaneReading, GpuError> {
        let n_state = (4 * self.shape.state_size()) as u64;
        let n_status = size_of::<Status>() as u64;
        let buffers = &self.buffers;
        self.gpu
            .watched(|device| {
                let mut encoder = device.create_command_encoder(&Default::default());
                let to = &buffers.read_lane;
                let from = lane as u64 * n_state;
                encoder.copy_buffer_to_buffer(&buffers.state, from, to, 0, n_state);
                let from = lane as u64 * n_status;
                encoder.copy_buffer_to_buffer(&buffers.statuses, from, to, n_state, n_status);
                self.gpu.queue().submit([encoder.finish()]);
            })
            .await?;
        let bytes = read(&self.gpu, &self.buffers.read_lane).await?;
        let (state, status) = bytes.split_at(n_state as usize);
        let status: Status = pod_read_unaligned(status);
        Ok(self.reading_of(lane, &f32s(state), &status))
    }

    /// How far each lane has come.
    ///
    /// # Errors
    /// As [`GpuTrainer::train`].
    pub async fn statuses(&mut self) -> Result<Vec<LaneStatus>, GpuError> {
        self.copy_statuses(0).await?;
        let statuses = self.read_statuses(0).await?;
        Ok((0..self.lanes.len())
            .map(|lane| self.status_of(lane, &statuses[lane]))
            .collect())
    }

    /// Updates made by the lanes that have not diverged.
    pub fn step(&self) -> u64 {
        self.step
    }

    pub fn lanes(&self) -> &[LaneSpec] {
        &self.lanes
    }

    pub fn device(&self) -> &GpuDevice {
        &self.gpu
    }

    pub(super) fn data(&self) -> &Dataset {
        &self.data
    }

    pub(super) fn samples(&self) -> &Buffer {
        &self.buffers.samples
    }

    pub(super) fn traits(&self) -> Traits {
        Traits::of(&self.lanes)
    }

    /// Bindings of a kernel that looks at the lanes: `own` in place of the trainer's.
    pub(super) fn bind(
        &self,
        device: &Device,
        own: &[(usize, &Buffer)],
    ) -> (BindGroupLayout, BindGroup) {
        let mut buffers: Vec<&Buffer> = self.buffers.in_order().to_vec();
        for &(binding, buffer) in own {
            match buffers.get_mut(binding) {
                Some(slot) => *slot = buffer,
                None => buffers.push(buffer),
            }
        }
        bind(device, &buffers)
    }

    /// Lets the device know which slopes are small, which takes a while and only probes need.
    ///
    /// # Errors
    /// If a function cannot be resolved.
    pub(super) fn tell_small_slopes(&mut self) -> Result<(), GpuError> {
        if !self.knows_small_slopes {
            let slopes = small_slopes(&self.lanes)?;
            self.write_rules(&slopes);
            self.knows_small_slopes = true;
        }
        Ok(())
    }

    /// Sends the work of `n_steps` steps out, and waits until all but the last dispatches are done.
    async fn dispatch(&mut self, n_steps: u64) -> Result<(), GpuError> {
        let most = max_dispatch_steps(&self.shape) as u64;
        let (mut left, mut n_sent) = (n_steps, 0);
        while left > 0 {
            let n = left.min(most);
            self.send(n).await?;
            left -= n;
            self.step += n;
            // Reading how far one dispatch has come, before the next but one is sent, bounds the queue.
            if left > 0 {
                let slot = n_sent % MAX_IN_FLIGHT;
                self.copy_statuses(slot).await?;
                if n_sent + 1 >= MAX_IN_FLIGHT {
                    self.read_statuses((slot + 1) % MAX_IN_FLIGHT).await?;
                }
            }
            n_sent += 1;
        }
        Ok(())
    }

    async fn send(&mut self, n_steps: u64) -> Result<(), GpuError> {
        let batches = self.batches(n_steps, &[]);
        let dispatch = Dispatch {
            n_steps: n_steps as u32,
            keeps_previous: u32::from(self.keeps_previous),
            first_done: self.step as u32,
            ..Dispatch::default()
        };
        let queue = self.gpu.queue();
        let (kernel, buffers) = (&self.kernel, &self.buffers);
        self.gpu
            .watched(|device| {
                queue.write_buffer(&buffers.batches, 0, cast_slice(&batches));
                queue.write_buffer(&buffers.dispatch, 0, bytes_of(&dispatch));
                let mut encoder = device.create_command_encoder(&Default::default());
                {
                    let mut pass = encoder.begin_compute_pass(&Default::default());
                    pass.set_pipeline(&kernel.pipeline);
                    pass.set_bind_group(0, &kernel.bind_group, &[]);
                    pass.dispatch_workgroups(self.lanes.len() as u32, 1, 1);
                }
                queue.submit([encoder.finish()]);
            })
            .await
    }

    /// The samples of the next `n_steps` steps, as kernels read them. `looks`: steps after which lanes are looked at.
    pub(super) fn batches(&mut self, n_steps: u64, looks: &[u64]) -> Vec<u32> {
        let stride = self.shape.batch_stride();
        let mut batches = vec![0_u32; n_steps as usize * stride];
        for (step, slot) in (self.step..).zip(batches.chunks_exact_mut(stride)) {
            let samples = self.order.batch(step, self.shape.batch_size);
            slot[0] = samples.len() as u32;
            slot[1] = u32::from(looks.contains(&(step + 1)));
            slot[BATCH_HEADER..][..samples.len()].copy_from_slice(samples);
        }
        batches
    }

    async fn copy_statuses(&self, slot: usize) -> Result<(), GpuError> {
        let (from, to) = (&self.buffers.statuses, &self.buffers.read_statuses[slot]);
        self.gpu
            .watched(|device| {
                let mut encoder = device.create_command_encoder(&Default::default());
                encoder.copy_buffer_to_buffer(from, 0, to, 0, to.size());
                self.gpu.queue().submit([encoder.finish()]);
            })
            .await
    }

    async fn read_statuses(&self, slot: usize) -> Result<Vec<Status>, GpuError> {
        let bytes = read(&self.gpu, &self.buffers.read_statuses[slot]).await?;
        let parts = bytes.chunks_exact(size_of::<Status>());
        Ok(parts.map(pod_read_unaligned).collect())
    }

    /// A device that drops work without an error must not pass for one that has done it.
    pub(super) fn arrive(&self, n_steps: u64, statuses: &[LaneStatus]) -> Result<(), GpuError> {
        for status in statuses {
            if status.divergence.is_none() && status.step != self.step {
                let n_done = (status.step + n_steps).saturating_sub(self.step);
                let why = format!("it made {n_done} of {n_steps} steps");
                return Err(GpuError::Refused(why));
            }
        }
        Ok(())
    }

    pub(super) fn status_of(&self, lane: usize, status: &Status) -> LaneStatus {
        LaneStatus {
            step: self.step_of(lane, status.n_done),
            batch_loss: status.batch_loss,
            divergence: divergence_of(status.divergence),
        }
    }

    /// Updates made, of which `n_done` are the lower bits.
    fn step_of(&self, lane: usize, n_done: u32) -> u64 {
        let written_at = self.written_at[lane];
        written_at + u64::from(n_done.wrapping_sub(written_at as u32))
    }

    pub(super) fn reading_of(&self, lane: usize, state: &[f32], status: &Status) -> LaneReading {
        let shape = &self.shape;
        let array = |array: StateArray, is_used: bool| match is_used {
            true => state[array.offset(shape)..][..shape.n_padded()].to_vec(),
            false => Vec::new(),
        };
        let mut blank = LaneState::new(&self.lanes[lane], &shape.params);
        let (has_first, has_second) = (!blank.first.is_empty(), !blank.second.is_empty());
        blank.params = array(StateArray::Params, true);
        blank.first = array(StateArray::First, has_first);
        blank.second = array(StateArray::Second, has_second);
        blank.running = state[StateArray::Running.offset(shape)..].to_vec();
        blank.n_updates = u64::from(status.n_updates);
        blank.first_loss = (status.has_first_loss != 0).then_some(status.first_loss);
        LaneReading {
            status: self.status_of(lane, status),
            state: blank,
            previous: array(StateArray::Previous, true),
            gradient: array(StateArray::Gradient, true),
        }
    }

    /// `small_slopes`: of each activation of each lane, or empty where nobody looks at them.
    fn write_rules(&self, small_slopes: &[Vec<f32>]) {
        let traits = self.traits();
        let rule = |i: usize, l: usize| {
            let lane = &self.lanes[i];
            let activation = lane.network.activation_of(l);
            // One for all layers, or one each.
            let small = small_slopes.get(i).and_then(|of| of.get(l).or(of.first()));
            Rule {
                small_slope: small.copied().unwrap_or_default(),
                ..Rule::new(lane, activation, traits.index_of(activation))
            }
        };
        let lanes = 0..self.lanes.len();
        let n_layers = match traits.has_layer_rules {
            true => self.shape.params.hidden().len(),
            false => 0,
        };
        let of_layers = lanes
            .clone()
            .flat_map(|i| (0..n_layers).map(move |l| (i, l)));
        let rules = lanes
            .map(|i| (i, 0))
            .chain(of_layers)
            .map(|(i, l)| rule(i, l));
        let rules: Vec<Rule> = rules.collect();
        let queue = self.gpu.queue();
        queue.write_buffer(&self.buffers.rules, 0, cast_slice(&rules));
    }
}

/// Refuses what the kernels' rules cannot hold, before a kernel is made of it.
fn check_rules(lanes: &[LaneSpec]) -> Result<(), GpuError> {
    let max = MAX_FUNCTION_PARAMS;
    for lane in lanes {
        let functions = lane.network.activations();
        let n = functions.iter().map(|of| of.params.len()).max();
        if let Some(n) = n.filter(|&n| n > max) {
            return Err(GpuError::Params { n, max });
        }
        if lane.training.layer_rates.iter().any(Option::is_some) {
            return Err(GpuError::LayerRates);
        }
    }
    Ok(())
}

/// As the kernels number them.
fn divergence_of(number: u32) -> Option<Divergence> {
    match number {
        0 => None,
        1 => Some(Divergence::Loss),
        _ => Some(Divergence::Parameter),
    }
}

impl Kernel {
    async fn new(
        gpu: &GpuDevice,
        shape: &Shape,
        memory: &Memory,
        lanes: &[LaneSpec],
        buffers: &Buffers,
    ) -> Result<Self, GpuError> {
        let text =
            shader(shape, memory, &Traits::of(lanes)).map_err(crate::cpu::TrainerError::from)?;
        let (layout, bind_group) = gpu
            .watched(|device| bind(device, &buffers.in_order()))
            .await?;
        let pipeline = gpu.pipeline(&text, entry(shape.purpose), &layout).await?;
        Ok(Self {
            pipeline,
            bind_group,
        })
    }
}
