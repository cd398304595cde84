//! How a scenario's run begins, looked at once: what the Doctor needs, and what is not for the thread that paints.

use actiscope_core::health::diagnosis::Start;
use actiscope_core::protocol::{Event, JobId};
use actiscope_core::scenario::Scenario;

use super::Progress;
use super::fleet::chunk;

/// A look at the start of a scenario. Its work is bounded ([`Start::of`]) and done in one turn.
#[derive(Debug)]
pub struct StartJob {
    id: JobId,
    /// Not yet looked at.
    scenario: Option<Box<Scenario>>,
    event: Option<Event>,
}

impl StartJob {
    /// Looks when it is given time.
    pub fn new(id: JobId, scenario: Box<Scenario>) -> Self {
        Self {
            id,
            scenario: Some(scenario),
            event: None,
        }
    }

    /// Looks, if it has not yet.
    pub async fn advance(&mut self) -> Progress {
        if self.scenario.is_some()
            && let Err(error) = chunk::look(self).await
        {
            self.scenario = None;
            self.event = Some(Event::Problem {
                job: Some(self.id),
                message: error.to_string(),
            });
        }
        Progress::Idle
    }

    /// Looks.
    pub fn look(&mut self) {
        if let Some(scenario) = self.scenario.take() {
            self.event = Some(match Start::of(&scenario) {
                Ok(start) => Event::Start(self.id, Box::new(start)),
                Err(error) => Event::Problem {
                    job: Some(self.id),
                    message: error.to_string(),
                },
            });
        }
    }

    pub fn is_at_rest(&self) -> bool {
        self.scenario.is_none() && self.event.is_none()
    }

    pub fn take_events(&mut self) -> Vec<Event> {
        self.event.take().into_iter().collect()
    }
}
