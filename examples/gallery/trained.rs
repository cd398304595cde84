//! Runs of the engine, so that the pictures show what really happens.

use actiscope_core::health::HealthEvent;
use actiscope_core::protocol::{Event, JobId, Loaded, Look, RunCommand, RunEvent, Snapshot};
use actiscope_core::scenario::Scenario;
use actiscope_core::scenario::link::from_link;
use actiscope_engine::{Progress, RunJob};

/// Half the side of the square that decision fields and maps cover.
pub const EXTENT: f32 = 1.2;

const FIELD_CELLS: usize = 72;

/// What a run has told, all of it together.
pub struct Run {
    pub loaded: Loaded,
    pub snapshot: Snapshot,
    pub events: Vec<HealthEvent>,
}

/// The scenario of a link.
pub fn scenario(link: &str) -> Scenario {
    let (scenario, problems) = from_link(link);
    assert!(problems.is_empty(), "{link}: {problems:?}");
    scenario
}

/// A scenario after `n_steps`, with maps of `map_cells` a side.
pub fn train(scenario: Scenario, n_steps: u32, map_cells: usize) -> Run {
    let look = Look {
        unit_map_cells: map_cells,
        field_cells: FIELD_CELLS,
        weights: true,
        extent: EXTENT,
        ..Look::NOTHING
    };
    let mut job =
        RunJob::new(JobId(1), scenario, look).expect("the gallery's scenarios can be run");
    job.handle(RunCommand::Step(n_steps));
    let (mut loaded, mut snapshot, mut events) = (None, None::<Box<Snapshot>>, Vec::new());
    let mut history = Vec::new();
    loop {
        let progress = job.advance(f64::INFINITY, &mut || 0.0);
        let told = job.take_events();
        let is_done = told.is_empty() && progress != Progress::Busy;
        for event in told {
            let Event::Run(_, event) = event else {
                continue;
            };
            match event {
                RunEvent::Loaded(told) => loaded = Some(*told),
                RunEvent::Happened(more) => events.extend(more),
                RunEvent::Snapshot(told) => {
                    history.extend_from_slice(&told.history);
                    snapshot = Some(told);
                    job.handle(RunCommand::Shown);
                }
                _ => {}
            }
        }
        if is_done {
            break;
        }
    }
    let mut snapshot = *snapshot.expect("a run at rest has been shown");
    snapshot.history = history;
    Run {
        loaded: loaded.expect("a run tells of its data"),
        snapshot,
        events,
    }
}
