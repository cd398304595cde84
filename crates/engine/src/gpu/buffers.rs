//! The buffers of a population, and how kernels are bound to them.

use actiscope_core::data::Dataset;
use bytemuck::{cast_slice, pod_read_unaligned};
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{
    BindGroup, BindGroupDescriptor, BindGroupEntry, BindGroupLayout, BindGroupLayoutDescriptor,
    BindGroupLayoutEntry, BindingType, Buffer, BufferBindingType, BufferDescriptor, BufferUsages,
    Device, ShaderStages,
};

use super::GpuError;
use super::layout::{Dispatch, Rule, Shape, Status};
use super::memory::Memory;
use super::readback::staging_buffer;
use super::shader::has_layer_rules;
use crate::cpu::LaneSpec;

/// Most steps of one dispatch.
const MAX_DISPATCH_STEPS: usize = 4_096;
/// Most sample indices of one dispatch.
const MAX_DISPATCH_INDICES: usize = 1 << 18;
/// Dispatches that are under way at the most.
pub const MAX_IN_FLIGHT: usize = 2;

#[derive(Debug)]
pub struct Buffers {
    pub dispatch: Buffer,
    pub layers: Buffer,
    pub samples: Buffer,
    pub targets: Buffer,
    pub batches: Buffer,
    pub rules: Buffer,
    pub state: Buffer,
    pub statuses: Buffer,
    pub scratch: Buffer,
    pub read_statuses: [Buffer; MAX_IN_FLIGHT],
    pub read_lane: Buffer,
}

impl Buffers {
    pub fn new(
        device: &Device,
        data: &Dataset,
        shape: &Shape,
        memory: &Memory,
        lanes: &[LaneSpec],
    ) -> Self {
        let n_lanes = lanes.len();
        let n_layer_rules = match has_layer_rules(lanes) {
            true => shape.params.hidden().len(),
            false => 0,
        };
        let n_rules = n_lanes * (1 + n_layer_rules);
        let filled = |label, contents: &[u8], usage| {
            device.create_buffer_init(&BufferInitDescriptor {
                label: Some(label),
                contents,
                usage,
            })
        };
        let empty = |label, n_values: usize, usage| {
            device.create_buffer(&BufferDescriptor {
                label: Some(label),
                // A binding cannot be empty.
                size: 4 * n_values.max(1) as u64,
                usage,
                mapped_at_creation: false,
            })
        };
        let n_indices = max_batches(shape) * shape.batch_stride();
        let n_status = size_of::<Status>() / 4 * n_lanes;
        let n_lane = 4 * shape.state_size() as u64 + size_of::<Status>() as u64;
        let storage = BufferUsages::STORAGE;
        let written = BufferUsages::STORAGE | BufferUsages::COPY_DST;
        let both_ways = written | BufferUsages::COPY_SRC;
        Self {
            dispatch: empty(
                "dispatch",
                size_of::<Dispatch>() / 4,
                BufferUsages::UNIFORM | BufferUsages::COPY_DST,
            ),
            layers: filled("layers", cast_slice(&shape.layers()), BufferUsages::UNIFORM),
            samples: filled("samples", cast_slice(&data.x_train), storage),
            targets: filled("targets", cast_slice(&data.y_train), storage),
            batches: empty("batches", n_indices, written),
            rules: empty("rules", size_of::<Rule>() / 4 * n_rules, written),
            state: empty("state", shape.state_size() * n_lanes, both_ways),
            statuses: empty("statuses", n_status, both_ways),
            scratch: empty("scratch", memory.scratch_size * n_lanes, storage),
            read_statuses: [0, 1].map(|_| staging_buffer(device, 4 * n_status as u64)),
            read_lane: staging_buffer(device, n_lane),
        }
    }

    /// By binding.
    pub fn in_order(&self) -> [&Buffer; 9] {
        [
            &self.dispatch,
            &self.layers,
            &self.samples,
            &self.targets,
            &self.batches,
            &self.rules,
            &self.state,
            &self.statuses,
            &self.scratch,
        ]
    }
}

/// What kernels do with the buffers of their bindings; results come last.
const KINDS: [BufferBindingType; 10] = {
    const UNIFORM: BufferBindingType = BufferBindingType::Uniform;
    const READ: BufferBindingType = BufferBindingType::Storage { read_only: true };
    const READ_WRITE: BufferBindingType = BufferBindingType::Storage { read_only: false };
    [
        UNIFORM, UNIFORM, READ, READ, READ, READ, READ_WRITE, READ_WRITE, READ_WRITE, READ_WRITE,
    ]
};

/// Layout and group of a kernel's bindings.
pub fn bind(device: &Device, buffers: &[&Buffer]) -> (BindGroupLayout, BindGroup) {
    let layout = bind_layout(device, buffers.len());
    let entries: Vec<BindGroupEntry<'_>> = (0..)
        .zip(buffers)
        .map(|(binding, buffer)| BindGroupEntry {
            binding,
            resource: buffer.as_entire_binding(),
        })
        .collect();
    let group = device.create_bind_group(&BindGroupDescriptor {
        label: None,
        layout: &layout,
        entries: &entries,
    });
    (layout, group)
}

/// Layout of the first bindings.
pub fn bind_layout(device: &Device, n_bindings: usize) -> BindGroupLayout {
    let entries: Vec<BindGroupLayoutEntry> = (0..)
        .zip(&KINDS[..n_bindings])
        .map(|(binding, &ty)| BindGroupLayoutEntry {
            binding,
            visibility: ShaderStages::COMPUTE,
            ty: BindingType::Buffer {
                ty,
                has_dynamic_offset: false,
                min_binding_size: None,
            },
            count: None,
        })
        .collect();
    device.create_bind_group_layout(&BindGroupLayoutDescriptor {
        label: None,
        entries: &entries,
    })
}

/// Most steps whose batches the device holds.
pub fn max_batches(shape: &Shape) -> usize {
    let fitting = MAX_DISPATCH_INDICES / shape.batch_stride();
    fitting.clamp(1, MAX_DISPATCH_STEPS)
}

/// Most steps of one dispatch.
pub fn max_dispatch_steps(shape: &Shape) -> usize {
    max_batches(shape).min(shape.max_steps())
}

/// Refuses a population that is larger than the device allows.
pub fn check_size(
    shape: &Shape,
    memory: &Memory,
    n_lanes: usize,
    limits: &wgpu::Limits,
) -> Result<(), GpuError> {
    let allowed = limits
        .max_buffer_size
        .min(limits.max_storage_buffer_binding_size);
    for (what, n_values) in [
        (
            "parameters and their optimizer's state in bytes",
            shape.state_size(),
        ),
        ("activations in bytes", memory.scratch_size),
    ] {
        let needed_each = 4 * n_values as u64;
        let needed = needed_each * n_lanes as u64;
        if needed > allowed {
            return Err(GpuError::TooLarge {
                what,
                n_lanes,
                needed,
                allowed,
                n_fitting: allowed / needed_each,
            });
        }
    }
    Ok(())
}

pub fn f32s(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(pod_read_unaligned).collect()
}
