//! All that a page draws of the whole run, made once. What depends on the record that is shown is [`Rows`](super::Rows).

use super::compared::{Tried, compare};
use super::{Chart, Event, Finding, Remedy, Trace};
use crate::observe::Health;
use crate::text::count;

#[derive(Clone, Debug, PartialEq)]
pub struct TraceView {
    /// What happened in the whole run.
    pub caption: Caption,
    /// What the caption's button copies; none where nothing is amiss.
    pub fix: Option<Remedy>,
    /// The record that it opens at: the middle of the first mass death, or the end.
    pub opens_at: usize,
    /// "Trace of your model · 5,000 steps".
    pub chip: String,
    pub facts: Vec<Facts>,
    /// The latest first.
    pub events: Vec<Event>,
    pub findings: Vec<Finding>,
    /// Other traces of the same model.
    pub others: Vec<Tried>,
    /// Always said of remedies that were not tried.
    pub untried: &'static str,
    pub ticks: Vec<Tick>,
    /// Along the timeline and the charts: 0 to 1, and the step.
    pub marks: Vec<(f32, String)>,
    pub charts: [Chart; 5],
    /// Drawn as a dotted line.
    pub loss_peak: Option<usize>,
    /// The axis of z is from minus this to this.
    pub z_end: f32,
}

/// A sentence in three parts, of which the middle one is emphasized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    pub before: String,
    pub emphasis: String,
    pub after: String,
    /// The emphasis tells of harm.
    pub is_bad: bool,
}

/// A group of the panel on the left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub name: &'static str,
    pub facts: Vec<Fact>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub what: String,
    pub value: String,
}

/// A record on the timeline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    pub record: usize,
    pub step: u64,
    /// Along the axis of steps, which is logarithmic from step 1 on: 0 to 1.
    pub at: f32,
    /// Units that died since the record before.
    pub died: usize,
    /// Units that came back since the record before.
    pub came_back: usize,
    /// Heights of both bars: 0 to 1.
    pub bars: (f32, f32),
    /// Something is not finite.
    pub is_ruined: bool,
}

const UNTRIED: &str = "A trace holds no weights and no data, so these could not be tried here. Record again with one of them, and drop the file: it joins this table.";

impl TraceView {
    /// `others`: further traces, of which those of the same model are told.
    pub fn new(trace: &Trace, others: &[&Trace]) -> Self {
        let mut events = trace.events();
        let others: Vec<Tried> = others
            .iter()
            .filter_map(|other| compare(trace, other))
            .collect();
        let mut findings = trace.findings();
        if let Some(first) = findings.first_mut() {
            first.remedies = trace.with_tried(std::mem::take(&mut first.remedies), &others);
        }
        let last = trace.last();
        let opens_at = trace
            .mass_death(&events)
            .map_or(last, |death| (death.first + death.last) / 2);
        events.reverse();
        Self {
            caption: caption(&findings),
            fix: findings
                .iter()
                .find(|finding| !finding.is_harmless)
                .and_then(|f| f.remedies.first().cloned()),
            opens_at,
            chip: format!("Trace of your model · {} steps", trace.step(last)),
            facts: trace.facts(),
            events,
            findings,
            others,
            untried: UNTRIED,
            ticks: trace.ticks(),
            marks: trace.marks(),
            charts: trace.charts(),
            loss_peak: trace.loss_peak(),
            z_end: trace.z_end(),
        }
    }
}

fn caption(findings: &[Finding]) -> Caption {
    match findings.first() {
        Some(finding) => Caption {
            before: finding.before.clone(),
            emphasis: finding.emphasis.clone(),
            after: finding.after.clone(),
            is_bad: !finding.is_harmless,
        },
        None => Caption {
            before: String::new(),
            emphasis: String::new(),
            after: String::new(),
            is_bad: false,
        },
    }
}

impl Trace {
    /// Along the axis of steps, which is logarithmic from step 1 on: 0 to 1.
    pub fn along(&self, step: u64) -> f32 {
        let last = self.steps.last().copied().unwrap_or_default();
        if last == 0 {
            return 0.0;
        }
        (libm::log1p(step as f64) / libm::log1p(last as f64)) as f32
    }

    fn ticks(&self) -> Vec<Tick> {
        let mut ticks: Vec<Tick> = (0..self.n_records())
            .map(|record| self.tick(record))
            .collect();
        let most = ticks
            .iter()
            .map(|tick| tick.died.max(tick.came_back))
            .max()
            .unwrap_or(0)
            .max(1);
        for tick in &mut ticks {
            // By the root, so that a single death is seen beside a hundred.
            let height = |n: usize| libm::sqrtf(n as f32 / most as f32);
            tick.bars = (height(tick.died), height(tick.came_back));
        }
        ticks
    }

    fn tick(&self, record: usize) -> Tick {
        let (mut died, mut came_back) = (0, 0);
        if let Some(before) = record.checked_sub(1) {
            for (_, layer) in self.hidden() {
                for unit in 0..layer.about.n_units {
                    let was_dead = layer.health(before, unit) == Health::Dead;
                    let is_dead = layer.health(record, unit) == Health::Dead;
                    died += usize::from(is_dead && !was_dead);
                    came_back += usize::from(was_dead && !is_dead);
                }
            }
        }
        let step = self.steps.get(record).copied().unwrap_or_default();
        let is_finite = self
            .layers
            .iter()
            .all(|layer| layer.is_finite.get(record) != Some(&false));
        Tick {
            record,
            step,
            at: self.along(step),
            died,
            came_back,
            bars: (0.0, 0.0),
            is_ruined: !is_finite || self.loss.get(record).is_some_and(|loss| !loss.is_finite()),
        }
    }

    /// 0, powers of ten, and the end.
    fn marks(&self) -> Vec<(f32, String)> {
        let last = self.steps.last().copied().unwrap_or_default();
        let powers = std::iter::successors(Some(1_u64), |power| power.checked_mul(10));
        // The end has its own, and needs room.
        let inner = powers.take_while(|&power| power <= last / 2);
        let mut steps: Vec<u64> = std::iter::once(0).chain(inner).collect();
        if last > 0 {
            steps.push(last);
        }
        steps
            .into_iter()
            .map(|step| (self.along(step), count(step)))
            .collect()
    }

    fn facts(&self) -> Vec<Facts> {
        let about = &self.about;
        let mut trace = vec![fact("Size", size(self.bytes.len()))];
        trace.push(fact(
            "Model",
            match about.n_params {
                Some(n) => format!("{}, {} parameters", about.model, count(n)),
                None => about.model.clone(),
            },
        ));
        trace.push(fact(
            "Framework",
            format!("{} {}", about.framework.label(), about.framework_version),
        ));
        trace.extend(self.cut.as_ref().map(|cut| fact("Cut off", cut)));
        let layers = self
            .layers
            .iter()
            .map(|layer| fact(layer.about.name(), layer.about.described()));
        let last = self.last();
        let mut recorded = vec![fact(
            "Steps",
            format!(
                "{}, {} of them recorded",
                self.step(last),
                count(self.n_records() as u64)
            ),
        )];
        if let Some(layer) = self.layers.first() {
            let n = layer.about.n_samples / layer.about.n_positions.max(1);
            recorded.push(fact("Probe batch", format!("{} samples", count(n.into()))));
        }
        if let Some(optimizer) = &about.optimizer {
            let mut text = optimizer.name.clone();
            let momentum = optimizer
                .number("momentum")
                .filter(|&momentum| momentum != 0.0);
            text.extend(momentum.map(|momentum| format!(" {}", super::code::python(momentum))));
            let rate = optimizer.learning_rate();
            text.extend(
                rate.map(|rate| format!(", {}", super::code::rate_label(about.framework, rate))),
            );
            recorded.push(fact("Optimizer", text));
        }
        if let Some(cost) = about.cost {
            let share = (cost.probe_seconds / cost.total_seconds.max(1e-9)) as f32;
            let text = format!(
                "{:.1} of {:.1} s ({})",
                cost.probe_seconds,
                cost.total_seconds,
                super::words::percent(share)
            );
            recorded.push(fact("Cost", text));
        }
        vec![
            Facts {
                name: "Trace",
                facts: trace,
            },
            Facts {
                name: "Layers",
                facts: layers.collect(),
            },
            Facts {
                name: "Recorded",
                facts: recorded,
            },
        ]
    }
}

fn fact(what: impl Into<String>, value: impl Into<String>) -> Fact {
    Fact {
        what: what.into(),
        value: value.into(),
    }
}

fn size(n_bytes: usize) -> String {
    match n_bytes {
        n if n < 1_000_000 => format!("{} kB", n.div_ceil(1000)),
        n => format!("{:.1} MB", n as f64 / 1e6),
    }
}
