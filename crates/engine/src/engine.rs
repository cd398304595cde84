//! What a worker or a shell holds: no session or one.

use actiscope_core::protocol::{Command, Event, Fault, Look};

use crate::backend::Backend;
use crate::session::{Progress, Session, SessionError};
use crate::wait::wait;

/// Takes commands from the first `Load` on.
#[derive(Debug)]
pub struct Engine {
    session: Option<Session>,
    look: Look,
    n_runs: u32,
    events: Vec<Event>,
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
                extent: 1.0,
            },
            n_runs: 0,
            events: vec![Event::Ready {
                backend: Backend::name(),
            }],
        }
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
            Command::Fault(Fault::Panic) => panic!("asked to panic by a command"),
            Command::Fault(Fault::Hang) => loop {
                std::hint::spin_loop();
            },
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

    fn take_session(&mut self, session: Result<Session, SessionError>) {
        match session {
            Ok(session) => {
                self.n_runs = session.run_number();
                self.session = Some(session);
            }
            Err(error) => self.events.push(Event::Problem {
                message: error.to_string(),
            }),
        }
    }

    /// [`Engine::handle_async`] for a caller that can wait; see [`crate::wait`].
    ///
    /// # Panics
    /// If asked to, by `Fault::Panic`.
    pub fn handle(&mut self, command: Command) {
        wait(self.handle_async(command));
    }

    /// [`Engine::advance_async`] for a caller that can wait; see [`crate::wait`].
    pub fn advance(&mut self, budget_ms: f64, now_ms: &mut dyn FnMut() -> f64) -> Progress {
        wait(self.advance_async(budget_ms, now_ms))
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

    /// What there is to tell since the last call, in its order.
    pub fn take_events(&mut self) -> Vec<Event> {
        let mut events = std::mem::take(&mut self.events);
        if let Some(session) = &mut self.session {
            events.extend(session.take_events());
        }
        events
    }

    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}
