//! What a worker or a shell holds: no session or one, and the GPU if there is one.

use actiscope_core::protocol::{Command, EngineChoice, EngineInfo, Event, Fault, Look};

use crate::backend::cpu_engine;
use crate::gpu::{GpuDevice, GpuError};
use crate::session::{Progress, Session, SessionError};
use crate::wait::wait;

/// Takes commands from the first `Load` on. Trains on the CPU until told otherwise, and until there is
/// a device: opening one may take long, so that whoever holds the engine does it beside; see
/// [`Engine::wants_device`].
#[derive(Debug)]
pub struct Engine {
    session: Option<Session>,
    look: Look,
    n_runs: u32,
    choice: EngineChoice,
    device: Device,
    /// What the page knows.
    told: Option<EngineInfo>,
    events: Vec<Event>,
}

#[derive(Debug)]
enum Device {
    /// Not asked for, or lost.
    None,
    Wanted,
    /// Somebody opens it.
    Opening,
    Open(GpuDevice),
}

impl Engine {
    /// Its first event is `Ready`.
    pub fn new() -> Self {
        Self {
            session: None,
            look: Look {
                unit_map_cells: 0,
                field_cells: 0,
                weights: false,
                weights_of: None,
                extent: 1.0,
            },
            n_runs: 0,
            choice: EngineChoice::Cpu,
            device: Device::None,
            told: None,
            events: vec![Event::Ready],
        }
    }

    /// [`Engine::handle_async`], and the opening of a device, for a caller that can wait; see
    /// [`crate::wait`].
    ///
    /// # Panics
    /// If asked to, by `Fault::Panic`.
    pub fn handle(&mut self, command: Command) {
        wait(self.handle_async(command));
        if self.wants_device() {
            self.take_device(wait(GpuDevice::open()));
        }
    }

    /// [`Engine::advance_async`] for a caller that can wait; see [`crate::wait`].
    pub fn advance(&mut self, budget_ms: f64, now_ms: &mut dyn FnMut() -> f64) -> Progress {
        wait(self.advance_async(budget_ms, now_ms))
    }

    /// Takes a command; what cannot be done becomes an event `Problem`.
    ///
    /// # Panics
    /// If asked to, by `Fault::Panic`.
    pub async fn handle_async(&mut self, command: Command) {
        match command {
            Command::Load(scenario) => {
                let session = Session::new(*scenario, self.look.clone(), self.n_runs + 1);
                self.take_session(session);
            }
            Command::Resume {
                scenario,
                checkpoint,
            } => {
                let look = self.look.clone();
                let session = Session::resume(*scenario, &checkpoint, look, self.n_runs + 1).await;
                self.take_session(session);
            }
            Command::Use(choice) => self.choose(choice),
            Command::Fault(fault) => self.misbehave(fault),
            command => {
                if let Command::Look(look) = &command {
                    self.look = look.clone();
                }
                if let Some(session) = &mut self.session {
                    session.handle_async(command).await;
                    self.n_runs = session.run_number();
                }
            }
        }
    }

    /// See [`Session::advance_async`].
    pub async fn advance_async(
        &mut self,
        budget_ms: f64,
        now_ms: &mut dyn FnMut() -> f64,
    ) -> Progress {
        match &mut self.session {
            Some(session) => session.advance_async(budget_ms, now_ms).await,
            None => Progress::Idle,
        }
    }

    /// True once whenever a device is wanted: open one, and give it to [`Engine::take_device`]. The engine
    /// works meanwhile.
    pub fn wants_device(&mut self) -> bool {
        let is_wanted = matches!(self.device, Device::Wanted);
        if is_wanted {
            self.device = Device::Opening;
        }
        is_wanted
    }

    /// Whether a software adapter would train as well.
    pub fn takes_software(&self) -> bool {
        self.choice == EngineChoice::Gpu
    }

    /// The device that was wanted, or why there is none.
    pub fn take_device(&mut self, device: Result<GpuDevice, GpuError>) {
        match device {
            Ok(device) => {
                self.device = Device::Open(device);
                self.place();
            }
            // It was asked for meanwhile.
            Err(GpuError::OnlySoftware) if self.takes_software() => self.device = Device::Wanted,
            Err(error) => {
                self.device = Device::None;
                if self.choice == EngineChoice::Gpu {
                    let message = no_device(&error);
                    self.events.push(Event::Notice { message });
                }
            }
        }
    }

    /// What there is to tell since the last call, in its order.
    pub fn take_events(&mut self) -> Vec<Event> {
        let mut events = std::mem::take(&mut self.events);
        let session = self.session.as_mut();
        events.extend(session.map(Session::take_events).unwrap_or_default());
        let engine = self
            .session
            .as_ref()
            .map_or_else(cpu_engine, Session::engine);
        if self.told.as_ref() != Some(&engine) {
            self.told = Some(engine.clone());
            events.push(Event::Engine(engine));
        }
        events
    }

    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    fn take_session(&mut self, session: Result<Session, SessionError>) {
        match session {
            Ok(session) => {
                self.n_runs = session.run_number();
                self.session = Some(session);
                self.place();
            }
            Err(error) => self.events.push(Event::Problem {
                message: error.to_string(),
            }),
        }
    }

    fn choose(&mut self, choice: EngineChoice) {
        self.choice = choice;
        let is_lost = matches!(&self.device, Device::Open(device) if device.lost().is_some());
        let is_missing = is_lost || matches!(self.device, Device::None);
        if is_missing && choice != EngineChoice::Cpu {
            self.device = Device::Wanted;
        }
        self.place();
    }

    /// Has the session train where it is to.
    fn place(&mut self) {
        let device = match (&self.device, self.choice) {
            (Device::Open(device), EngineChoice::Gpu) => Some(device),
            (Device::Open(device), EngineChoice::Auto) => {
                Some(device).filter(|device| !device.adapter().is_software)
            }
            _ => None,
        };
        // A run that begins after a loss is no reason to tell of it again.
        let device = device.filter(|device| device.lost().is_none()).cloned();
        if let Some(session) = &mut self.session {
            session.train_on(device);
        }
    }

    fn misbehave(&mut self, fault: Fault) {
        match (fault, &self.device) {
            (Fault::Panic, _) => panic!("asked to panic by a command"),
            (Fault::Hang, _) => loop {
                std::hint::spin_loop();
            },
            (Fault::DeviceLost, Device::Open(device)) => device.destroy(),
            (Fault::OutOfMemory, Device::Open(device)) => device.pretend_out_of_memory(),
            (Fault::InvalidWork, Device::Open(device)) => device.spoil_work(),
            (Fault::DeviceLost | Fault::OutOfMemory | Fault::InvalidWork, _) => {
                self.events.push(Event::Notice {
                    message: "There is no GPU that could fail: choose it as the engine first."
                        .into(),
                })
            }
        }
    }
}

/// Why the CPU goes on, and what to do.
fn no_device(error: &GpuError) -> String {
    match error {
        GpuError::NoAdapter(_) => {
            "There is no GPU that can be used here, and the CPU goes on. In a browser, WebGPU needs a recent \
             version with hardware acceleration on."
                .into()
        }
        error => format!("The CPU goes on: {error}."),
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}
