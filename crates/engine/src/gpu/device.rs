//! A device: found, described, watched.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wgpu::{
    BindGroupLayout, BufferDescriptor, BufferUsages, ComputePipeline, ComputePipelineDescriptor,
    Device, DeviceDescriptor, DeviceType, ErrorFilter, Instance, InstanceDescriptor, Limits,
    PipelineCompilationOptions, PipelineLayoutDescriptor, PowerPreference, Queue,
    RequestAdapterOptions, ShaderModuleDescriptor, ShaderSource,
};

use super::{GpuError, Later};

/// Kernels that are kept compiled.
const MAX_PIPELINES: usize = 16;

/// What computes behind a [`GpuDevice`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterInfo {
    /// "NVIDIA H100", or what the browser tells.
    pub name: String,
    /// "WebGPU" or "Vulkan".
    pub api: &'static str,
    /// Shaders run on the CPU.
    pub is_software: bool,
}

/// An open device. Clones are the same device.
#[derive(Clone, Debug)]
pub struct GpuDevice {
    shared: Rc<Shared>,
}

#[derive(Debug)]
struct Shared {
    device: Device,
    queue: Queue,
    adapter: AdapterInfo,
    /// By the text of the kernel; the one used last at the end.
    pipelines: RefCell<Vec<(String, ComputePipeline)>>,
    n_readbacks: Cell<u64>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Why, once the device is lost.
    lost: Option<String>,
    pretends_out_of_memory: bool,
    spoils_work: bool,
    passes_for_hardware: bool,
}

impl GpuDevice {
    /// Opens the fastest adapter there is, a software one if that is all.
    ///
    /// # Errors
    /// If there is none, or it gives no device, or the code for it cannot be loaded.
    pub async fn open() -> Result<Self, GpuError> {
        open().await
    }

    async fn find() -> Result<Self, GpuError> {
        let instance = Instance::new(InstanceDescriptor::new_without_display_handle());
        let options = RequestAdapterOptions {
            power_preference: PowerPreference::HighPerformance,
            ..RequestAdapterOptions::default()
        };
        let adapter = instance
            .request_adapter(&options)
            .await
            .map_err(|error| GpuError::NoAdapter(error.to_string()))?;
        let descriptor = DeviceDescriptor {
            label: Some("actiscope"),
            required_limits: wanted_limits(&adapter.limits()),
            ..DeviceDescriptor::default()
        };
        let (device, queue) = adapter
            .request_device(&descriptor)
            .await
            .map_err(|error| GpuError::NoAdapter(error.to_string()))?;
        let state = Arc::new(Mutex::new(State::default()));
        let when_lost = Arc::clone(&state);
        device.set_device_lost_callback(move |reason, message| {
            let text = match message.is_empty() {
                true => format!("{reason:?}"),
                false => message,
            };
            lock(&when_lost).lost.get_or_insert(text);
        });
        // Errors are asked for where they can arise; one that comes by another way ends the device's use.
        let on_error = Arc::clone(&state);
        device.on_uncaptured_error(Arc::new(move |error| {
            lock(&on_error).lost.get_or_insert(error.to_string());
        }));
        let info = adapter.get_info();
        Ok(Self {
            shared: Rc::new(Shared {
                adapter: AdapterInfo {
                    name: name_of(&info, &device),
                    api: match info.backend {
                        wgpu::Backend::BrowserWebGpu => "WebGPU",
                        backend => backend.to_str(),
                    },
                    is_software: info.device_type == DeviceType::Cpu,
                },
                device,
                queue,
                pipelines: RefCell::default(),
                n_readbacks: Cell::new(0),
                state,
            }),
        })
    }

    pub fn adapter(&self) -> &AdapterInfo {
        &self.shared.adapter
    }

    /// Why the device can be used no more, once it cannot.
    pub fn lost(&self) -> Option<String> {
        lock(&self.shared.state).lost.clone()
    }

    /// Gives the device up. All that uses it fails from now on, as if the GPU had gone.
    pub fn destroy(&self) {
        self.shared.device.destroy();
        lock(&self.shared.state)
            .lost
            .get_or_insert_with(|| "the device was destroyed".into());
    }

    /// The next work on the device is answered as if there were no memory for it.
    pub fn pretend_out_of_memory(&self) {
        lock(&self.shared.state).pretends_out_of_memory = true;
    }

    /// The next work on the device goes with something that is invalid: the device's own validation
    /// finds it.
    pub fn spoil_work(&self) {
        lock(&self.shared.state).spoils_work = true;
    }

    /// Whether it is worth a choice: an adapter that is no software, or was told to pass for one.
    pub fn is_hardware(&self) -> bool {
        !self.adapter().is_software || lock(&self.shared.state).passes_for_hardware
    }

    /// Counts as hardware from now on, where software is told apart from it by whoever chooses.
    pub fn pass_for_hardware(&self) {
        lock(&self.shared.state).passes_for_hardware = true;
    }

    /// Times that the host has read from the device.
    pub fn n_readbacks(&self) -> u64 {
        self.shared.n_readbacks.get()
    }

    pub(super) fn count_readback(&self) {
        self.shared.n_readbacks.update(|n| n + 1);
    }

    /// For what natively has to be polled.
    #[cfg(not(target_family = "wasm"))]
    pub(super) fn device(&self) -> &Device {
        &self.shared.device
    }

    pub(super) fn queue(&self) -> &Queue {
        &self.shared.queue
    }

    pub(super) fn limits(&self) -> Limits {
        self.shared.device.limits()
    }

    /// Runs `work` and waits for what the device has to say of it.
    pub(super) async fn watched<T>(&self, work: impl FnOnce(&Device) -> T) -> Result<T, GpuError> {
        self.check()?;
        let device = &self.shared.device;
        let memory = device.push_error_scope(ErrorFilter::OutOfMemory);
        let validation = device.push_error_scope(ErrorFilter::Validation);
        let internal = device.push_error_scope(ErrorFilter::Internal);
        let value = work(device);
        if std::mem::take(&mut lock(&self.shared.state).spoils_work) {
            spoil(device);
        }
        let (internal, validation, memory) = (internal.pop(), validation.pop(), memory.pop());
        let refused = internal.await.or(validation.await);
        if memory.await.is_some() {
            return Err(GpuError::OutOfMemory);
        }
        self.check()?;
        match refused {
            Some(error) => Err(GpuError::Refused(error.to_string())),
            None => Ok(value),
        }
    }

    /// The kernel with this text, compiled once.
    pub(super) async fn pipeline(
        &self,
        text: &str,
        entry: &str,
        bindings: &BindGroupLayout,
    ) -> Result<ComputePipeline, GpuError> {
        if let Some(found) = self.shared.known_pipeline(text) {
            return Ok(found);
        }
        let pipeline = self
            .watched(|device| {
                let module = device.create_shader_module(ShaderModuleDescriptor {
                    label: Some(entry),
                    source: ShaderSource::Wgsl(text.into()),
                });
                let layout = device.create_pipeline_layout(&PipelineLayoutDescriptor {
                    label: Some(entry),
                    bind_group_layouts: &[Some(bindings)],
                    immediate_size: 0,
                });
                device.create_compute_pipeline(&ComputePipelineDescriptor {
                    label: Some(entry),
                    layout: Some(&layout),
                    module: &module,
                    entry_point: Some(entry),
                    compilation_options: PipelineCompilationOptions {
                        constants: &[],
                        // Every array is written before it is read.
                        zero_initialize_workgroup_memory: false,
                    },
                    cache: None,
                })
            })
            .await?;
        let mut pipelines = self.shared.pipelines.borrow_mut();
        pipelines.push((text.to_owned(), pipeline.clone()));
        if pipelines.len() > MAX_PIPELINES {
            pipelines.remove(0);
        }
        Ok(pipeline)
    }

    fn check(&self) -> Result<(), GpuError> {
        let mut state = lock(&self.shared.state);
        if let Some(why) = &state.lost {
            return Err(GpuError::Lost(why.clone()));
        }
        match std::mem::take(&mut state.pretends_out_of_memory) {
            true => Err(GpuError::OutOfMemory),
            false => Ok(()),
        }
    }
}

impl Shared {
    fn known_pipeline(&self, text: &str) -> Option<ComputePipeline> {
        let mut pipelines = self.pipelines.borrow_mut();
        let at = pipelines.iter().position(|(known, _)| known == text)?;
        let found = pipelines.remove(at);
        pipelines.push(found.clone());
        Some(found.1)
    }
}

#[cfg_attr(split, wasm_split_helpers::wasm_split(
    gpu,
    fallible,
    return_wrapper(let device = _; { device.await } -> Result<GpuDevice, GpuError>)
))]
fn open() -> Later<'static, GpuDevice> {
    Box::pin(GpuDevice::find())
}

/// A buffer that no device allows: what the host reads cannot be a kernel's.
fn spoil(device: &Device) {
    let _ = device.create_buffer(&BufferDescriptor {
        label: Some("invalid on purpose"),
        size: 4,
        usage: BufferUsages::MAP_READ | BufferUsages::STORAGE,
        mapped_at_creation: false,
    });
}

/// What the adapter has of that which a large population needs; the defaults for all else.
fn wanted_limits(of_adapter: &Limits) -> Limits {
    Limits {
        max_buffer_size: of_adapter.max_buffer_size,
        max_storage_buffer_binding_size: of_adapter.max_storage_buffer_binding_size,
        max_compute_workgroup_storage_size: of_adapter.max_compute_workgroup_storage_size,
        max_compute_invocations_per_workgroup: of_adapter.max_compute_invocations_per_workgroup,
        max_compute_workgroup_size_x: of_adapter.max_compute_workgroup_size_x,
        ..Limits::default()
    }
}

#[cfg(not(target_family = "wasm"))]
fn name_of(info: &wgpu::AdapterInfo, _: &Device) -> String {
    info.name.clone()
}

/// Browsers tell a description, or at least a vendor and an architecture.
#[cfg(target_family = "wasm")]
fn name_of(info: &wgpu::AdapterInfo, device: &Device) -> String {
    use js_sys::Reflect;
    let told = |key: &str| {
        let of_device = Reflect::get(device.as_webgpu()?, &"adapterInfo".into()).ok()?;
        let text = Reflect::get(&of_device, &key.into()).ok()?.as_string()?;
        (!text.is_empty()).then_some(text)
    };
    if !info.name.is_empty() {
        return info.name.clone();
    }
    let parts: Vec<String> = ["vendor", "architecture"]
        .into_iter()
        .filter_map(told)
        .collect();
    match parts.is_empty() {
        true => "unnamed adapter".into(),
        false => parts.join(" "),
    }
}

/// A panic while the lock is held cannot leave the state half changed: every change is one assignment.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
