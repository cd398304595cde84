//! A fleet: populations trained side by side, measured now and then, told at the pace of the page.
//!
//! | file | does |
//! |---|---|
//! | [`mod@plan`] | lanes as groups that can be trained together; the steps at which they are measured |
//! | [`population`] | networks of one group on either engine, with their health |
//! | [`trial`] | which engine is faster, measured on this device |
//! | `gpu` | the way into the code of the GPU |
//! | [`mod@chunk`] | the way into the code of all of these, which the page's worker loads with the first fleet |
//!
//! All populations are brought to one look before any goes on to the next, so that a fleet can be seen as a
//! whole while it trains, on the GPU to as many looks as it takes in a turn, in one round trip; but a grid is trained
//! coarse first, one population after the other to its end, and each is given up when it is done. Every network is on the
//! CPU what a run of its scenario is, bit by bit, whatever else is in the fleet.

pub mod chunk;
mod gpu;
pub mod plan;
mod population;
mod trial;

use std::collections::BTreeMap;

use actiscope_core::protocol::{
    EngineInfo, EngineKind, Event, FleetCommand, FleetEvent, FleetNews, FleetProgress, FleetSpec,
    JobId, Measure, Rates, Why,
};

use super::pacing::Pacer;
use super::{Placing, Progress};
use crate::backend::{cpu_engine, gpu_engine};
use crate::choice::decide;
use crate::cpu::activate::Functions;
use crate::gpu::{GpuDevice, GpuError};
pub use plan::FleetError;
use plan::{Group, look_steps, plan};
use population::Population;

/// Multiply-adds of one step of a population on the CPU: what is done between two looks at the clock at the
/// least.
const MAX_CPU_STEP_WORK: usize = 1_000_000;
/// Networks of a population on the CPU, which share what gathering a batch costs.
const MAX_CPU_LANES: usize = 32;

/// Trains and measures a fleet.
#[derive(Debug)]
pub struct FleetJob {
    id: JobId,
    keeps_curves: bool,
    /// One population at a time.
    is_coarse_first: bool,
    /// Networks of populations that are done and were given up.
    n_given_up: u64,
    n_steps: u64,
    /// Steps at which all are measured.
    looks: Vec<u64>,
    /// Not yet begun, the next one last.
    waiting: Vec<Group>,
    populations: Vec<Population>,
    /// The population that is trained now; those before it have one look more than those after it, or on the GPU some.
    at: usize,
    is_paused: bool,
    placing: Placing,
    engine: EngineInfo,
    /// The engine is decided on.
    is_placed: bool,
    /// Why the GPU cannot train it, if it cannot.
    refusal: Option<String>,
    pacer: Pacer,
    /// Of all populations on the CPU.
    functions: Functions,
    n_networks: u32,
    /// The page can take news.
    may_tell: bool,
    is_news: bool,
    /// Measured and not yet told, by network.
    news: BTreeMap<u32, Vec<Measure>>,
    /// Not yet told.
    events: Vec<Event>,
}

impl FleetJob {
    /// A fleet at step 0, which trains when it is given time.
    ///
    /// # Errors
    /// If nothing of it can be trained, or it is too large.
    pub fn new(id: JobId, spec: FleetSpec) -> Result<Self, FleetError> {
        let (plan, groups) = plan(&spec)?;
        let n_networks = plan.n_networks;
        Ok(Self {
            id,
            keeps_curves: spec.keeps_curves,
            is_coarse_first: spec.is_coarse_first(),
            n_given_up: 0,
            n_steps: spec.n_steps,
            looks: look_steps(spec.n_steps, spec.n_looks),
            waiting: groups.into_iter().rev().collect(),
            populations: Vec::new(),
            at: 0,
            is_paused: false,
            placing: Placing::default(),
            engine: cpu_engine(),
            is_placed: false,
            refusal: None,
            pacer: Pacer::new(),
            functions: Functions::default(),
            n_networks,
            may_tell: true,
            is_news: true,
            news: BTreeMap::new(),
            events: vec![Event::Fleet(id, FleetEvent::Begun(plan))],
        })
    }

    pub fn handle(&mut self, command: FleetCommand) {
        match command {
            FleetCommand::Train => self.is_paused = false,
            FleetCommand::Pause => {
                self.is_paused = true;
                self.pacer.rest();
            }
            FleetCommand::Shown => self.may_tell = true,
        }
    }

    /// Says where the fleet is to train. What is not done begins anew there, if that is another engine.
    pub fn train_on(&mut self, placing: Placing) {
        self.placing = placing;
        self.refusal = None;
        self.is_placed = false;
    }

    /// What trains.
    pub fn engine(&self) -> EngineInfo {
        self.engine.clone()
    }

    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Nothing is done or waits to be told.
    pub fn is_at_rest(&self) -> bool {
        (self.is_paused || self.is_done()) && !self.is_news
    }

    fn is_done(&self) -> bool {
        let n_looks = self.looks.len();
        self.waiting.is_empty() && self.populations.iter().all(|p| p.n_looks == n_looks)
    }

    /// Works for about `budget_ms`, by the clock `now_ms`, and tells what came of it.
    pub async fn advance_async(
        &mut self,
        budget_ms: f64,
        now_ms: &mut dyn FnMut() -> f64,
    ) -> Progress {
        let deadline_ms = now_ms() + budget_ms;
        while !self.is_paused && !self.is_done() {
            if let Err(error) = chunk::work(self, now_ms).await {
                self.fail(&error);
            }
            if now_ms() >= deadline_ms {
                break;
            }
        }
        self.tell_news(now_ms());
        match self.is_paused || self.is_done() {
            true => Progress::Idle,
            false => Progress::Busy,
        }
    }

    /// A piece of work: a population begins, or makes some steps towards its next look, or is measured.
    async fn work(&mut self, now_ms: &mut dyn FnMut() -> f64) -> Result<(), GpuError> {
        if !self.is_placed {
            self.settle(now_ms).await?;
        }
        let may_begin = !self.is_coarse_first || self.populations.is_empty();
        if let Some(group) = self.waiting.pop_if(|_| may_begin) {
            return self.begin(group).await;
        }
        let Some(population) = self.populations.get_mut(self.at) else {
            self.at = 0;
            return Ok(());
        };
        let Some(&look_at) = self.looks.get(population.n_looks) else {
            self.at += 1;
            return Ok(());
        };
        let n_lanes = population.group.lanes.len() as u64;
        let before = population.step();
        let stretch = population.pacer.stretch();
        let ahead = population.looks_ahead(&self.looks, self.keeps_curves, stretch);
        if !ahead.is_empty() {
            let began_ms = now_ms();
            let measures = population.train_and_measure(ahead).await?;
            if !measures.is_empty() {
                let n_made = population.step() - before;
                population.pacer.learn(n_made, now_ms() - began_ms);
                self.pacer.count(n_made * n_lanes);
                self.is_news = true;
                self.take_look(measures, n_lanes);
                return Ok(());
            }
        }
        if before < look_at && !population.has_diverged() {
            let n = stretch.min(look_at - before);
            let began_ms = now_ms();
            population.train(n).await?;
            population.pacer.learn(n, now_ms() - began_ms);
            let n_made = population.step() - before;
            self.pacer.count(n_made * n_lanes);
        }
        self.is_news = true;
        let stands_still = population.has_diverged();
        if population.step() == look_at || stands_still {
            let look = population.n_looks;
            // One that stands still is at its last look.
            let last = self.looks.len() - 1;
            let look = if stands_still { last } else { look };
            if self.is_coarse_first && look < last && population.watch_deaths() {
                // Of these looks nothing is kept: a network is told once, when it is done.
                return Ok(());
            }
            let in_full = population.sees_in_full(look, &self.looks, self.keeps_curves);
            let measures = population.measure(in_full).await?;
            population.n_looks = match stands_still {
                // Nothing will change any more.
                true => self.looks.len(),
                false => population.n_looks + 1,
            };
            self.take_look(measures, n_lanes);
        }
        Ok(())
    }

    /// A population was looked at: the next is trained. Coarse first it goes on itself, is told when it is done, and
    /// given up.
    fn take_look(&mut self, measures: Vec<Measure>, n_lanes: u64) {
        if !self.is_coarse_first {
            self.keep(measures);
            self.at += 1;
            return;
        }
        let n_looks = self.looks.len();
        if self.populations.iter().all(|p| p.n_looks == n_looks) {
            self.keep(measures);
            self.populations.clear();
            self.n_given_up += n_lanes;
        }
    }

    fn keep(&mut self, measures: Vec<Measure>) {
        for measure in measures {
            let of_network = self.news.entry(measure.network).or_default();
            if !self.keeps_curves {
                of_network.clear();
            }
            // One that stands still is the same at each look.
            of_network.pop_if(|last| last.step == measure.step);
            of_network.push(measure);
        }
    }

    /// Has a group train from step 0.
    async fn begin(&mut self, group: Group) -> Result<(), GpuError> {
        let device = self.device();
        match &device {
            None => {
                let n_lanes = MAX_CPU_STEP_WORK / group.work_per_step().max(1);
                let n_lanes = n_lanes.clamp(1, MAX_CPU_LANES);
                if self.is_coarse_first && group.lanes.len() > n_lanes {
                    for first in (0..group.lanes.len()).step_by(n_lanes).rev() {
                        let end = (first + n_lanes).min(group.lanes.len());
                        self.waiting.push(group.part(first..end));
                    }
                    return Ok(());
                }
                for first in (0..group.lanes.len()).step_by(n_lanes) {
                    let end = (first + n_lanes).min(group.lanes.len());
                    let part = group.part(first..end);
                    let population = Population::on_cpu(part, &mut self.functions)?;
                    self.populations.push(population);
                }
            }
            Some(device) => match Population::on_gpu(device, group.clone()).await {
                Ok(population) => self.populations.push(population),
                Err(GpuError::TooLarge { n_fitting, .. })
                    if (1..group.lanes.len() as u64).contains(&n_fitting) =>
                {
                    let n_fitting = n_fitting as usize;
                    self.waiting.push(group.part(n_fitting..group.lanes.len()));
                    self.waiting.push(group.part(0..n_fitting));
                }
                Err(error) => {
                    self.waiting.push(group);
                    return Err(error);
                }
            },
        }
        Ok(())
    }

    /// The GPU, if it is to train.
    fn device(&self) -> Option<GpuDevice> {
        match (&self.placing, self.engine.kind) {
            (Placing::Gpu(device) | Placing::Free(device), EngineKind::Gpu) => Some(device.clone()),
            _ => None,
        }
    }

    /// Decides on the engine, and begins anew what is not done and on the other.
    async fn settle(&mut self, now_ms: &mut dyn FnMut() -> f64) -> Result<(), GpuError> {
        let (device, why, rates) = match (&self.placing, &self.refusal) {
            (_, Some(refusal)) => (None, Why::Refused(refusal.clone()), Rates::default()),
            (Placing::Cpu(why), _) => (None, why.clone(), Rates::default()),
            (Placing::Gpu(device), _) => (Some(device), Why::Chosen, Rates::default()),
            (Placing::Free(device), _) => {
                let groups = self.populations.iter().map(|population| &population.group);
                let largest = self.waiting.iter().chain(groups);
                match largest.max_by_key(|group| group.lanes.len() * group.work_per_step()) {
                    None => (None, Why::Faster, Rates::default()),
                    Some(group) => {
                        let rates = trial::measure(group, device, now_ms).await?;
                        // What has not begun leans to the GPU, which has room for it.
                        let trains = match self.populations.is_empty() {
                            true => EngineKind::Gpu,
                            false => self.engine.kind,
                        };
                        let (kind, why) = decide(None, rates, trains);
                        ((kind == EngineKind::Gpu).then_some(device), why, rates)
                    }
                }
            }
        };
        let engine = device.map_or_else(cpu_engine, gpu_engine);
        self.engine = EngineInfo {
            n_lanes: self.n_networks,
            why,
            rates,
            ..engine
        };
        self.is_placed = true;
        let goes_to_gpu = self.engine.kind == EngineKind::Gpu;
        self.begin_anew(|population| population.is_on_gpu() != goes_to_gpu);
        Ok(())
    }

    /// Has populations that are not done begin anew.
    fn begin_anew(&mut self, is_meant: impl Fn(&Population) -> bool) {
        let n_looks = self.looks.len();
        let (meant, kept) = std::mem::take(&mut self.populations)
            .into_iter()
            .partition(|p| is_meant(p) && p.n_looks < n_looks);
        let meant: Vec<Population> = meant;
        self.populations = kept;
        self.at = 0;
        let groups = meant.into_iter().map(|population| population.group);
        let groups: Vec<Group> = groups.collect();
        let networks: Vec<u32> = groups.iter().flat_map(|g| g.numbers.clone()).collect();
        if networks.is_empty() {
            return;
        }
        for network in &networks {
            self.news.remove(network);
        }
        self.waiting.extend(groups);
        self.tell(FleetEvent::Restarted { networks });
    }

    /// The CPU goes on.
    fn fail(&mut self, error: &GpuError) {
        self.refusal = Some(error.to_string());
        self.is_placed = false;
        self.engine.kind = EngineKind::Cpu;
        self.events.push(Event::Notice {
            message: format!("The CPU goes on with these networks: {error}."),
        });
    }

    fn progress(&mut self, now_ms: f64) -> FleetProgress {
        let n_looks = self.looks.len();
        let steps = self.populations.iter().map(|population| {
            let step = match population.n_looks == n_looks {
                true => self.n_steps,
                false => population.step(),
            };
            step * population.group.lanes.len() as u64
        });
        FleetProgress {
            lane_steps: steps.sum::<u64>() + self.n_given_up * self.n_steps,
            n_lane_steps: self.n_steps * u64::from(self.n_networks),
            is_done: self.is_done(),
            lane_steps_per_second: self.pacer.measure(now_ms) as f32,
        }
    }

    fn tell_news(&mut self, now_ms: f64) {
        let progress = self.progress(now_ms);
        if !self.may_tell || !self.is_news {
            return;
        }
        let news = std::mem::take(&mut self.news);
        let measures = news.into_values().flatten().collect();
        self.tell(FleetEvent::News(Box::new(FleetNews { measures, progress })));
        (self.may_tell, self.is_news) = (false, false);
    }

    fn tell(&mut self, event: FleetEvent) {
        self.events.push(Event::Fleet(self.id, event));
    }
}
