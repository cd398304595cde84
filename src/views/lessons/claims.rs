//! The claims of a step, measured in the reader's own page: each network that they speak of is trained once more, unseen.

use std::collections::BTreeMap;

use actiscope_core::lessons::{Claim, Condition, Held as Outcome, Measured, Quantity, Seen};
use actiscope_core::observe::{Health, HistoryPoint};
use actiscope_core::protocol::{FleetSpec, Lanes, Measure, Part};
use actiscope_core::scenario::{Edit, Scenario};
use leptos::prelude::*;

use crate::engine::Engine;
use crate::fleet::Fleet;
use crate::held::Held;
use crate::plot::charts::lessons::{Proof, Series};
use crate::portrait::{Portrait, Sitter};
use crate::ui::kit::erased::effect;

/// A claim, a condition of it, and the network or the other.
type Key = (usize, usize, usize);

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Claims {
    /// What was measured so far. `None` where there is no such number.
    measured: Held<BTreeMap<Key, Option<Measured>>>,
    open: StoredValue<Vec<Work>>,
    portrait: Portrait,
    /// The claim whose course is drawn: what of it, and the courses that have come.
    drawn: Held<Option<Drawn>>,
    /// The same networks with other seeds.
    others: Fleet,
}

/// Seeds beside the run's, where they are quickly trained, and at least.
const N_SEEDS: u32 = 50;
const LEAST_SEEDS: u32 = 8;
/// Multiply-adds that they may take together: about a second of a worker's time.
const MOST_WORK: f64 = 2e9;

/// A claim whose numbers have a course over the steps.
#[derive(Clone, Debug, PartialEq)]
struct Drawn {
    claim: usize,
    course: Course,
    n_steps: u64,
    /// 0 where others would take too long.
    n_seeds: u32,
    /// Of each condition.
    courses: Vec<Vec<(u64, f64)>>,
}

/// What has a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    Dead,
    Saturated,
    Loss,
}

impl Course {
    fn of(quantity: Quantity) -> Option<Self> {
        match quantity {
            Quantity::Units(Health::Dead, None) => Some(Self::Dead),
            Quantity::Units(Health::Saturated, None) => Some(Self::Saturated),
            Quantity::Loss => Some(Self::Loss),
            _ => None,
        }
    }

    /// As the chart is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dead => "dead units",
            Self::Saturated => "saturated units",
            Self::Loss => "loss",
        }
    }

    fn at(self, point: &HistoryPoint) -> f64 {
        match self {
            Self::Dead => f64::from(point.dead),
            Self::Saturated => f64::from(point.saturated),
            Self::Loss => f64::from(point.loss),
        }
    }

    fn of_measure(self, measure: &Measure) -> f64 {
        match self {
            Self::Dead => f64::from(measure.n_dead),
            Self::Saturated => f64::from(measure.n_saturated),
            Self::Loss => f64::from(measure.loss),
        }
    }
}

#[derive(Clone, Debug)]
struct Work {
    key: Key,
    quantity: Quantity,
    scenario: Scenario,
    step: u64,
}

/// What is known of a claim.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    Measuring,
    /// All of it holds here; the measured values in words.
    Holds(String),
    /// It does not hold here.
    Fails(String),
}

impl Claims {
    pub fn new(engine: Engine) -> Self {
        let claims = Self {
            measured: Held::new(BTreeMap::new()),
            open: StoredValue::new(Vec::new()),
            portrait: engine.new_portrait(),
            drawn: Held::new(None),
            others: engine.new_fleet(),
        };
        let portrait = claims.portrait;
        effect(move || {
            portrait.sitter.track();
            portrait.refusal.track();
            untrack(|| claims.go_on());
        });
        claims
    }

    /// Measures these, one network after the other.
    pub fn begin(self, claims: &[Claim]) {
        self.close();
        let mut open = Vec::new();
        for (at, claim) in claims.iter().enumerate() {
            for (condition_at, condition) in claim.conditions.iter().enumerate() {
                for (network, scenario) in condition.networks().enumerate() {
                    open.push(Work {
                        key: (at, condition_at, network),
                        quantity: condition.quantity,
                        scenario: scenario.clone(),
                        step: condition.step,
                    });
                }
            }
        }
        self.open.set_value(open);
        self.draw(claims);
        self.go_on();
    }

    /// What the first claim that can be drawn is drawn of; `None` before a course has come.
    pub fn proof(self) -> Option<(usize, Course, Proof)> {
        let drawn = self.drawn.get()?;
        let lanes = drawn.courses.len();
        let n_seeds = drawn.n_seeds as usize;
        let seeds = |lane: usize| {
            self.others.results.with(|results| {
                let networks = lane * n_seeds..(lane + 1) * n_seeds;
                let ends = networks.filter_map(|network| results.newest(network));
                ends.filter(|end| end.step == drawn.n_steps || end.diverged_at.is_some())
                    .map(|end| drawn.course.of_measure(end))
                    .collect()
            })
        };
        let proof = Proof {
            n_steps: drawn.n_steps,
            series: (0..lanes)
                .map(|lane| Series {
                    course: drawn.courses[lane].clone(),
                    seeds: seeds(lane),
                })
                .collect(),
        };
        proof
            .has_course()
            .then_some((drawn.claim, drawn.course, proof))
    }

    /// The first claim of at most two networks whose number has a course, measured after some steps.
    fn draw(self, claims: &[Claim]) {
        let course_of = |claim: &Claim| {
            let first = claim.conditions.first()?;
            let course = Course::of(first.quantity)?;
            let is_alike = |other: &Condition| {
                other.against.is_none()
                    && other.step == first.step
                    && Course::of(other.quantity) == Some(course)
            };
            let fits = claim.conditions.len() <= 2
                && first.step > 0
                && claim.conditions.iter().all(is_alike);
            fits.then_some((course, first.step))
        };
        let mut claims = claims.iter().enumerate();
        let found = claims.find_map(|(at, claim)| Some((at, claim, course_of(claim)?)));
        let Some((at, claim, (course, n_steps))) = found else {
            return;
        };
        let whole = |condition: &Condition| vec![Edit::Whole(Box::new(condition.with.clone()))];
        let mut spec = FleetSpec {
            base: claim.conditions[0].with.clone(),
            lanes: Lanes::List(claim.conditions.iter().map(whole).collect()),
            seeds: 1,
            n_steps,
            n_looks: 1,
            keeps_curves: false,
            part: Part::WHOLE,
        };
        let affordable = (MOST_WORK / spec.work().max(1.0)) as u32;
        let n_seeds = Some(affordable.min(N_SEEDS)).filter(|n| *n >= LEAST_SEEDS);
        self.drawn.set(Some(Drawn {
            claim: at,
            course,
            n_steps,
            n_seeds: n_seeds.unwrap_or(0),
            courses: vec![Vec::new(); claim.conditions.len()],
        }));
        if let Some(n_seeds) = n_seeds {
            spec.seeds = n_seeds;
            self.others.open(spec);
        }
    }

    /// Keeps the course of a network that is drawn.
    fn take_course(self, (claim, condition, _): Key, sitter: &Sitter) {
        let is_of = |drawn: &Option<Drawn>| drawn.as_ref().is_some_and(|d| d.claim == claim);
        if !self.drawn.with_untracked(is_of) {
            return;
        }
        self.drawn.update(|drawn| {
            if let Some(drawn) = drawn
                && let Some(course) = drawn.courses.get_mut(condition)
            {
                let points = sitter.history.iter();
                let points = points.filter(|point| point.step <= sitter.step);
                *course = points
                    .map(|point| (point.step, drawn.course.at(point)))
                    .collect();
            }
        });
    }

    pub fn close(self) {
        self.open.set_value(Vec::new());
        self.portrait.clear();
        self.measured.set(BTreeMap::new());
        self.others.close();
        self.drawn.set(None);
    }

    pub fn standing(self, at: usize, claim: &Claim) -> Standing {
        self.measured.with(|measured| {
            let outcome = |(condition_at, condition): (usize, &Condition)| {
                let of = |network| measured.get(&(at, condition_at, network));
                let own = of(0)?;
                let other = match condition.against {
                    Some(_) => of(1).copied()?,
                    None => None,
                };
                Some(condition.judge(*own, other))
            };
            let outcomes: Option<Vec<Outcome>> =
                claim.conditions.iter().enumerate().map(outcome).collect();
            match outcomes {
                None => Standing::Measuring,
                Some(outcomes) => {
                    let values = values(claim, &outcomes);
                    match outcomes.iter().all(|outcome| outcome.holds) {
                        true => Standing::Holds(values),
                        false => Standing::Fails(values),
                    }
                }
            }
        })
    }

    fn go_on(self) {
        while let Some(work) = self.open.with_value(|open| open.first().cloned()) {
            let Work {
                key,
                quantity,
                scenario,
                step,
            } = work;
            self.portrait.show(scenario.clone(), step, Quantity::look());
            let is_refused = self.portrait.refusal.with_untracked(Option::is_some);
            let value = self.portrait.sitter.with_untracked(|sitter| {
                let sitter = sitter
                    .as_ref()
                    .filter(|sitter| sitter.is_of(&scenario, step))?;
                self.take_course(key, sitter);
                Some(measure(quantity, sitter))
            });
            let value = match value {
                Some(value) => value,
                None if is_refused => None,
                // It comes.
                None => return,
            };
            self.open.update_value(|open| _ = open.remove(0));
            self.measured
                .update(|measured| _ = measured.insert(key, value));
        }
    }
}

fn measure(quantity: Quantity, sitter: &Sitter) -> Option<Measured> {
    quantity.of(&Seen {
        scenario: &sitter.scenario,
        loaded: &sitter.loaded,
        snapshot: &sitter.snapshot,
        history: &sitter.history,
    })
}

/// "7 and 0"; "0.02 against 0.6".
fn values(claim: &Claim, outcomes: &[Outcome]) -> String {
    let value = |(condition, outcome): (&Condition, &Outcome)| {
        let say = |of: Option<Measured>| {
            of.map_or_else(|| "nothing".to_owned(), |of| condition.quantity.say(of))
        };
        match condition.against {
            Some(_) => format!("{} against {}", say(outcome.measured), say(outcome.other)),
            None => say(outcome.measured),
        }
    };
    let values: Vec<String> = claim.conditions.iter().zip(outcomes).map(value).collect();
    match &values[..] {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        values => values.concat(),
    }
}
