//! From what is known of a run to what is found, and to what is tried next. A part of the Doctor's chunk: the page
//! starts without it, and has it through the one function that [`fetch`] gives.

use std::sync::Arc;

use actiscope_core::health::diagnosis::{
    Brief, Cause, Evidence, Examination, Finding, Remedy, Standing, Start, Trials, checked_start,
    none_helps, trial_steps,
};
use actiscope_core::protocol::{FleetResults, Measure};
use actiscope_core::scenario::Scenario;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::visit::{Trying, Visit};
use super::{Doctor, Offer, State, Table, Told, Tried};
use crate::app::idle::{self, Source};
use crate::ui::kit::lazy::chunk;

/// What the chunk holds.
#[derive(Clone, Copy)]
pub struct Mind {
    pub consider: fn(Doctor),
}

chunk! {
    doctor,
    pub fn mind() -> Mind {
        MIND
    }
}

pub const MIND: Mind = Mind { consider };

/// Fetches the chunk; `None` where that fails.
pub fn fetch(then: impl FnOnce(Option<Mind>) + 'static) {
    let loading = idle::hold(Source::Lazy);
    spawn_local(async move {
        let found = mind().await;
        then(found.ok());
        drop(loading);
    });
}

/// Examines the run, has the next remedy tried, and says what is known.
fn consider(doctor: Doctor) {
    let Some(mut visit) = doctor.visit.get_value() else {
        return;
    };
    let Some(start) = visit.start.clone() else {
        return;
    };
    let Some(examination) = examine(doctor, &mut visit, &start) else {
        return;
    };
    if visit.trying.is_none() {
        let n_steps = doctor.run.scenario.with_untracked(trial_steps);
        visit.trying = examination.trials(n_steps).map(Trying::new);
    }
    if !go_on_with_all(doctor, &mut visit, &examination) {
        doctor.fleet.close();
    }
    let told = doctor
        .run
        .scenario
        .with_untracked(|scenario| told(doctor, &visit, scenario, &examination, &start));
    doctor.visit.set_value(Some(visit));
    let told = Some(Arc::new(told));
    if doctor.told.with_untracked(|now| *now != told) {
        doctor.told.set(told);
    }
}

/// The run as it stands, once for each step that it was seen at.
fn examine(doctor: Doctor, visit: &mut Visit, start: &Start) -> Option<Arc<Examination>> {
    let snapshot = doctor.run.snapshot.get_untracked()?;
    if let Some(known) = visit.known_at(snapshot.step) {
        return Some(known);
    }
    let found = doctor.run.log.with_untracked(|log| {
        doctor.run.scenario.with_untracked(|scenario| {
            let evidence = Evidence {
                scenario,
                snapshot: &snapshot,
                events: &log.events,
                history: &log.history,
            };
            Arc::new(Examination::new(evidence, start))
        })
    });
    Some(visit.take(
        snapshot.step,
        found,
        doctor.stands(&snapshot) || snapshot.has_diverged,
    ))
}

/// Has the next be tried, of what there is to try first, and of a longer trial if that was asked for. There is one fleet:
/// what trains is brought to its end before the other goes on. `false` where nothing is left.
fn go_on_with_all(doctor: Doctor, visit: &mut Visit, examination: &Examination) -> bool {
    let Visit {
        trying: Some(trying),
        longer,
        asked_for,
        wants_longer,
        ..
    } = visit
    else {
        return false;
    };
    if let Some(longer) = longer.as_mut().filter(|longer| longer.at.is_some())
        && go_on(doctor, longer, examination, &[])
    {
        return true;
    }
    if go_on(doctor, trying, examination, asked_for) {
        return true;
    }
    if *wants_longer && longer.is_none() {
        *longer = examination.longer_trials().map(Trying::last);
    }
    longer
        .as_mut()
        .is_some_and(|longer| go_on(doctor, longer, examination, &[]))
}

/// Takes what is in, and has the next lane trained; when all are, whatever else there is to try, once, and what would
/// mend these causes. `false` where nothing is left.
fn go_on(
    doctor: Doctor,
    trying: &mut Trying,
    examination: &Examination,
    asked_for: &[Cause],
) -> bool {
    let fleet = doctor.fleet;
    if let Some(lane) = trying.at {
        let is_refused = fleet.refusal.with_untracked(Option::is_some);
        let is_done = fleet
            .results
            .with_untracked(|results| results.progress().is_done);
        if trying.is_stopped {
            trying.at = None;
        } else if is_refused || is_done {
            let curves = fleet
                .results
                .with_untracked(|results| results.curves.clone());
            trying.take(lane, curves);
            trying.at = None;
        }
    }
    if trying.is_stopped || trying.at.is_some() {
        return trying.at.is_some();
    }
    if trying.next().is_none() && !trying.is_last_round {
        match examination.more_trials(&trying.trials, &trying.results) {
            Some(more) => *trying = trying.more(more),
            None => trying.is_last_round = true,
        }
    }
    if trying.next().is_none() {
        let mut asked_for = asked_for.iter();
        let more = asked_for.find_map(|&cause| examination.trials_for(cause, &trying.trials));
        if let Some(more) = more {
            *trying = trying.more(more);
        }
    }
    let Some(lane) = trying.next() else {
        return false;
    };
    trying.at = Some(lane);
    fleet.open(trying.trials.fleet_of(lane));
    true
}

fn told(
    doctor: Doctor,
    visit: &Visit,
    scenario: &Scenario,
    examination: &Examination,
    start: &Start,
) -> Told {
    let step = visit.examined_at();
    let known = visit.trying.as_ref().map(Trying::known);
    let known = known.filter(|(trials, _)| !trials.candidates.is_empty());
    let concluded = known
        .as_ref()
        .map(|(trials, results)| examination.conclude(trials, results));
    let is_trying = visit.trying.as_ref().is_some_and(Trying::is_under_way);
    // Until all is in, nothing is concluded but which remedy leads.
    let findings = match &concluded {
        Some(concluded) if !is_trying => concluded.clone(),
        _ => examination.findings(),
    };
    let causes = examination.causes_among(&findings);
    let is_settled = matches!(examination.standing, Standing::Well | Standing::Learning)
        || (examination.standing == Standing::Doubtful && !is_trying);
    let well = (causes.is_empty() && is_settled).then(|| Arc::new(findings.clone()));
    let ranked = concluded.as_deref().and_then(<[Finding]>::first);
    let ranked = ranked.map_or(&[][..], |finding| &finding.remedies);
    let longer = visit.longer.as_ref().map(|longer| {
        let known = longer.known();
        let tried = known.0.outcomes(&known.1);
        let remedies = known.0.candidates.iter().zip(tried);
        let ranked: Vec<Remedy> = remedies
            .map(|(candidate, trial)| Remedy {
                trial: Some(trial),
                ..candidate.remedy.clone()
            })
            .collect();
        let table = table_of(doctor, longer, Some(&known), &ranked, scenario, start);
        (table, ranked)
    });
    let of_longer = longer.iter().flat_map(|(_, ranked)| ranked);
    let leader = ranked
        .iter()
        .chain(of_longer)
        .find(|remedy| cures_some(remedy));
    let table = visit.trying.as_ref().filter(|_| well.is_none());
    let is_none = table.is_some() && !is_trying && leader.is_none() && !ranked.is_empty();
    let offer = match (leader, well.is_some()) {
        (_, true) => Some(Offer::SeeChecked),
        (Some(leader), _) => Some(Offer::Remedy(leader.clone())),
        _ if is_none => Some(Offer::SeeTable),
        _ => {
            let first = causes.first().and_then(|cause| cause.remedies.first());
            first.cloned().map(Offer::Remedy)
        }
    };
    let loss = doctor
        .run
        .snapshot
        .with_untracked(|now| now.as_ref().map(|now| now.loss));
    Told {
        step,
        standing: examination.standing,
        none_helps: is_none.then(|| none_helps(ranked.len(), f64::from(loss.unwrap_or(f32::NAN)))),
        checks: checked_start(scenario, start),
        table: table
            .map(|trying| table_of(doctor, trying, known.as_ref(), ranked, scenario, start)),
        may_try_longer: is_none && longer.is_none(),
        longer: longer.map(|(table, _)| table),
        causes,
        well,
        offer,
    }
}

/// More than half of its networks are as good as the best.
fn cures_some(remedy: &Remedy) -> bool {
    let trial = remedy.trial.as_ref();
    trial.is_some_and(|trial| 2 * trial.cured > trial.seeds)
}

fn table_of(
    doctor: Doctor,
    trying: &Trying,
    known: Option<&(Trials, FleetResults)>,
    ranked: &[Remedy],
    scenario: &Scenario,
    start: &Start,
) -> Table {
    let spec = &trying.trials.spec;
    let mut outcomes = known
        .map(|(trials, results)| trials.outcomes(results))
        .unwrap_or_default()
        .into_iter();
    let mut rows: Vec<Tried> = Vec::new();
    for (lane, candidate) in trying.trials.candidates.iter().enumerate() {
        let trial = trying.is_in[lane].then(|| outcomes.next()).flatten();
        let remedy = Remedy {
            trial,
            ..candidate.remedy.clone()
        };
        rows.push(Tried {
            brief: Brief::new(&remedy, scenario),
            state: match trial {
                Some(trial) => State::In {
                    cures: trial.cures(),
                },
                None if trying.at == Some(lane) && !trying.is_stopped => State::Training,
                None => State::Waiting,
            },
            curves: trying
                .curves(lane)
                .iter()
                .map(|curve| losses(curve))
                .collect(),
            causes: candidate.causes.clone(),
            remedy,
        });
    }
    let is_trying = trying.is_under_way();
    if !is_trying {
        let place = |row: &Tried| {
            let at = ranked
                .iter()
                .position(|remedy| remedy.label == row.remedy.label);
            at.unwrap_or(usize::MAX)
        };
        rows.sort_by_key(place);
    }
    let own = doctor.run.log.with_untracked(|log| {
        let points = log
            .history
            .iter()
            .filter(|point| point.step <= spec.n_steps);
        points.map(|point| (point.step, point.loss)).collect()
    });
    Table {
        rows,
        n_in: trying.n_in(),
        is_trying,
        n_seeds: spec.seeds,
        n_steps: spec.n_steps,
        bar: known.map_or_else(String::new, |(trials, results)| trials.bar(results)),
        own,
        top: (1.5 * start.base_loss) as f32,
    }
}

fn losses(curve: &[Measure]) -> Vec<(u64, f32)> {
    curve
        .iter()
        .map(|measure| (measure.step, measure.loss))
        .collect()
}
