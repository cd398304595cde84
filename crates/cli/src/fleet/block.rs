//! Some networks of a fleet, trained to their end.

use std::collections::BTreeMap;

use actiscope_core::protocol::{
    Event, FleetCommand, FleetEvent, FleetNews, FleetSpec, JobId, Measure, Part,
};
use actiscope_engine::gpu::GpuDevice;
use actiscope_engine::wait::wait;
use actiscope_engine::{FleetJob, Placing, sets};

use crate::failure::Failure;

/// Milliseconds between two looks at what a block tells.
const BUDGET_MS: f64 = 50.0;

/// What came of a block: the measures of its networks, by network and step. `None` if `goes_on`, which is told now
/// and then how many updates were made so far, put an end to it.
pub fn train(
    spec: &FleetSpec,
    part: Part,
    device: Option<GpuDevice>,
    now_ms: &mut dyn FnMut() -> f64,
    goes_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Option<Vec<Measure>>, Failure> {
    let mut spec = spec.clone();
    spec.part = part;
    wait(sets::bring_fleet(&mut spec));
    let keeps_curves = spec.keeps_curves;
    let job = FleetJob::new(JobId(1), spec);
    let mut job = job.map_err(|error| Failure::new(error.to_string()))?;
    if let Some(device) = device {
        job.train_on(Placing::Gpu(device));
    }
    let mut block = Block {
        keeps_curves,
        ..Block::default()
    };
    while !block.is_done {
        wait(job.advance_async(BUDGET_MS, now_ms));
        for event in job.take_events() {
            block.take(event)?;
        }
        job.handle(FleetCommand::Shown);
        if !goes_on(block.lane_steps) {
            return Ok(None);
        }
    }
    Ok(Some(block.measures.into_values().flatten().collect()))
}

/// What a block has told.
#[derive(Default)]
struct Block {
    keeps_curves: bool,
    measures: BTreeMap<u32, Vec<Measure>>,
    lane_steps: u64,
    is_done: bool,
}

impl Block {
    fn take(&mut self, event: Event) -> Result<(), Failure> {
        match event {
            Event::Fleet(_, FleetEvent::Begun(plan)) => {
                if let Some((lane, why)) = plan.refused.into_iter().next() {
                    return Err(Failure::new(why).at(format!("lane {}", lane + 1)));
                }
            }
            Event::Fleet(_, FleetEvent::News(news)) => self.take_news(&news),
            Event::Fleet(_, FleetEvent::Restarted { networks }) => {
                for network in networks {
                    self.measures.remove(&network);
                }
            }
            Event::Notice { message } => eprintln!("actiscope: {message}"),
            Event::Problem { message, .. } => return Err(Failure::new(message)),
            _ => {}
        }
        Ok(())
    }

    fn take_news(&mut self, news: &FleetNews) {
        for measure in &news.measures {
            let of_network = self.measures.entry(measure.network).or_default();
            if !self.keeps_curves {
                of_network.clear();
            }
            of_network.pop_if(|last| last.step == measure.step);
            of_network.push(*measure);
        }
        self.lane_steps = news.progress.lane_steps;
        self.is_done = news.progress.is_done;
    }
}
