//! The Doctor as the page has it, over the real engine in process.

use std::sync::Arc;

use actiscope_core::health::diagnosis::{Cause, Finding, Standing};
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::{Edit, Setting};
use actiscope_engine::doctor::{Care, consult};
use leptos::prelude::*;

use super::handed::{Handed, HandedOver};
use super::{Doctor, Offer, State, Table, Told, mind};
use crate::app::idle;
use crate::run::Start;
use crate::run::tests::desk::{Desk, assert_same, scenario};

/// Does not learn: all units of a layer begin alike.
const SICK: &str =
    "#v=1&s=11&d=moons&n=200&nz=0.05&h=8-8&b=32&a=tanh&i=zeros&o=adam&lr=0.01&sp=none";
const HEALTHY: &str =
    "#v=1&s=11&d=moons&n=200&nz=0.05&h=8-8&b=32&a=tanh&i=glorot_normal&o=adam&lr=0.03&sp=none";
const STEPS: u64 = 500;
/// After which a test has failed.
const MAX_ROUNDS: usize = 2_000;

struct Practice {
    desk: Desk,
    doctor: Doctor,
}

impl Practice {
    fn of(desk: Desk) -> Self {
        let doctor = desk.engine.new_doctor(desk.run);
        doctor.mind.set_value(Some(mind::MIND));
        Self { desk, doctor }
    }

    fn at(link: &str, step: u64) -> Self {
        Self::of(Desk::at(link, step))
    }

    /// What the page's effects do when something has changed.
    fn attend(&self) {
        let first = self.desk.findings().first().map(|first| first.verdict);
        self.doctor.attend(first);
    }

    /// A turn of the engine, and what the page makes of it.
    fn turn(&self) {
        self.desk.turn();
        self.attend();
    }

    fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..MAX_ROUNDS {
            if is_so(self) {
                return;
            }
            self.turn();
        }
        panic!("never: {what}; told {:?}", self.told());
    }

    /// Until there is nothing left to examine or to try.
    fn settle(&self) {
        self.attend();
        for _ in 0..MAX_ROUNDS {
            self.desk.settle();
            self.attend();
            if idle::is_at_rest() {
                return;
            }
        }
        panic!("it never comes to rest; told {:?}", self.told());
    }

    fn told(&self) -> Option<Arc<Told>> {
        self.doctor.told.get_untracked()
    }

    fn table_now(&self) -> Option<Table> {
        self.told().and_then(|told| told.table.clone())
    }

    fn table(&self) -> Table {
        let told = self.told().expect("it was examined");
        told.table.clone().expect("something was tried")
    }
}

/// Cause and what was tried, as the shell has it.
fn of_shell(link: &str) -> Finding {
    let care = Care::Trials { n_steps: STEPS };
    let found = consult(&scenario(link), STEPS as u32, care, &mut || 0.0);
    found.expect("it can be run").remove(0)
}

#[test]
fn it_concludes_what_the_shell_does_and_leaves_the_run_as_it_is() {
    let practice = Practice::at(SICK, STEPS);
    let (before, events) = (practice.desk.state(), practice.desk.events());
    practice.settle();
    let told = practice.told().expect("it was examined");
    let (first, shell) = (&told.causes[0], of_shell(SICK));
    assert_eq!(first.cause, Cause::WeightsEqual);
    assert_eq!(
        (first.cause, &first.remedies),
        (shell.cause, &shell.remedies)
    );
    let Some(Offer::Remedy(offered)) = &told.offer else {
        panic!("{:?}", told.offer);
    };
    assert_eq!(*offered, shell.remedies[0]);
    assert!(
        offered.offer().ends_with(": 3 of 3 learn"),
        "{}",
        offered.offer()
    );
    // The table has the best first, and a curve for each network.
    let table = practice.table();
    assert!(!table.is_trying && table.n_in == table.rows.len());
    let labels: Vec<&str> = table.rows.iter().map(|row| &*row.remedy.label).collect();
    let ranked: Vec<&str> = shell.remedies.iter().map(|remedy| &*remedy.label).collect();
    assert_eq!(labels, ranked);
    for row in &table.rows {
        assert_eq!(row.curves.len(), 3, "{}", row.remedy.label);
        assert!(
            row.curves.iter().all(|curve| !curve.is_empty()),
            "{}",
            row.remedy.label
        );
    }
    assert_same("the run", &practice.desk.state(), &before);
    assert_eq!(practice.desk.events(), events);
    assert_eq!(practice.desk.undo_texts(), (None, None));
}

#[test]
fn results_come_in_one_by_one_and_rows_stay_where_they_are() {
    let practice = Practice::at(SICK, STEPS);
    let labels = |table: &Table| -> Vec<String> {
        table
            .rows
            .iter()
            .map(|row| row.remedy.label.clone())
            .collect()
    };
    practice.until("something is tried", |practice| {
        practice.told().is_some_and(|told| told.table.is_some())
    });
    let before = labels(&practice.table());
    practice.until("two are in", |practice| practice.table().n_in == 2);
    let table = practice.table();
    assert!(table.is_trying && untrack(|| practice.doctor.is_trying()));
    assert_eq!(labels(&table), before);
    let states: Vec<State> = table.rows.iter().map(|row| row.state).collect();
    assert!(matches!(
        states[..3],
        [State::In { .. }, State::In { .. }, State::Training]
    ));
    assert!(states[3..].iter().all(|state| *state == State::Waiting));
    // What is in counts when it is stopped.
    practice.doctor.stop();
    practice.settle();
    let table = practice.table();
    assert_eq!((table.n_in, table.is_trying), (2, false));
    assert!(!table.rows.iter().any(|row| row.state == State::Training));
    let told = practice.told().expect("it was examined");
    assert_eq!(told.causes[0].remedies.len(), 2);
}

#[test]
fn an_edit_or_a_reset_gives_up_what_is_tried() {
    let check = |change: fn(&Desk)| {
        let practice = Practice::at(SICK, STEPS);
        practice.until("one is in", |practice| {
            let table = practice.told().and_then(|told| told.table.clone());
            table.is_some_and(|table| table.n_in == 1)
        });
        change(&practice.desk);
        practice.attend();
        assert_eq!(practice.told(), None);
        practice.settle();
        practice.desk.assert_agreed();
    };
    check(|desk| desk.run.edit(Edit::Set(Setting::LearningRate, 0.02)));
    check(|desk| desk.run.dispatch(RunCommand::Reset));
}

#[test]
fn how_it_is_looked_at_is_no_edit() {
    let practice = Practice::at(SICK, STEPS);
    practice.settle();
    let before = practice.told();
    practice.desk.run.edit(Edit::Layer(1));
    practice.desk.seek(20);
    practice.settle();
    assert_eq!(practice.told(), before, "going back unsays nothing");
}

#[test]
fn a_lost_engine_changes_nothing_of_the_conclusion() {
    let practice = Practice::at(SICK, STEPS);
    practice.attend();
    // While the start is asked for.
    practice.desk.lose_engine();
    practice.until("one is in", |practice| {
        let table = practice.told().and_then(|told| told.table.clone());
        table.is_some_and(|table| table.n_in == 1)
    });
    practice.desk.lose_engine();
    practice.settle();
    let told = practice.told().expect("it was examined");
    assert_eq!(told.causes[0].remedies, of_shell(SICK).remedies);
    practice.desk.assert_agreed();
}

#[test]
fn a_run_that_does_well_is_left_alone() {
    let practice = Practice::at(HEALTHY, STEPS);
    practice.settle();
    let told = practice.told().expect("it was examined");
    assert!(told.is_well() && told.table.is_none(), "{told:?}");
    assert_eq!(told.standing, Standing::Well);
    assert_eq!(told.offer, Some(Offer::SeeChecked));
    assert!(told.checks.iter().any(|check| check.name == "Inputs"));
    assert_eq!(
        practice.doctor.fleet.spec.get_untracked(),
        None,
        "nothing was tried"
    );
}

#[test]
fn a_run_that_trains_is_examined_when_a_finding_stands() {
    let practice = Practice::of(Desk::training(SICK));
    practice.until("it trains", |practice| practice.desk.step() > 0);
    assert_eq!(practice.doctor.asked.get_value(), None);
    practice.until("it is examined", |practice| practice.told().is_some());
    assert!(practice.desk.step() >= super::STABLE_STEPS);
    // At once where somebody looks.
    let practice = Practice::of(Desk::open(scenario(SICK), Start::At(0)));
    practice.desk.settle();
    practice.settle();
    assert_eq!(practice.told(), None);
    practice.doctor.is_open.set(true);
    practice.settle();
    assert!(practice.told().is_some());
}

/// Looks from step 501 on, `s` where the run stands as it stood at 500 and `l` where it seems to learn; what counts
/// after each.
#[track_caller]
fn check_looks(looks: &str, expect: &str, stands: bool) {
    let practice = Practice::at(SICK, STEPS);
    practice.settle();
    let mut visit = practice.doctor.visit.get_value().expect("it was examined");
    let sick = visit.known_at(STEPS).expect("it was examined here");
    assert_eq!(sick.standing, Standing::Sick);
    let mut learning = (*sick).clone();
    learning.standing = Standing::Learning;
    let learning = Arc::new(learning);
    let steps = STEPS + 1..;
    let told = looks.chars().zip(steps).map(|(look, step)| {
        let found = if look == 's' { &sick } else { &learning };
        // Another look at the same step is none.
        visit.take(step, found.clone(), stands);
        match visit.take(step, found.clone(), stands).standing {
            Standing::Sick => 's',
            _ => 'l',
        }
    });
    assert_eq!(told.collect::<String>(), expect);
}

#[test]
fn how_a_run_stands_that_trains_is_told_when_it_was_seen_thrice() {
    check_looks("lsllsl", "ssssss", false);
    check_looks("lllssls", "sslllll", false);
    check_looks("llsllsss", "ssssssss", false);
    check_looks("lllsssl", "sslllss", false);
}

#[test]
fn how_a_run_stands_that_rests_is_told_at_once() {
    check_looks("lsl", "lsl", true);
}

#[test]
fn trials_leave_a_run_nine_tenths_of_its_time() {
    let steps_in = |practice: &Practice, n_turns: usize| {
        let before = practice.desk.step();
        (0..n_turns).for_each(|_| practice.turn());
        practice.desk.step() - before
    };
    let practice = Practice::of(Desk::training(SICK));
    practice.until("something is tried", |practice| {
        practice.table_now().is_some_and(|table| table.is_trying)
    });
    let with = steps_in(&practice, 60);
    assert!(
        practice.table_now().is_some_and(|table| table.is_trying),
        "still"
    );
    practice.doctor.stop();
    practice.turn();
    let without = steps_in(&practice, 60);
    let share = with as f64 / without as f64;
    assert!(share > 0.85, "{with} of {without} steps");
}

#[test]
fn a_remedy_begins_anew_as_one_edit() {
    let practice = Practice::at(SICK, STEPS);
    practice.settle();
    let before = practice.desk.scenario();
    let table = practice.table();
    for row in &table.rows {
        let practice = Practice::at(SICK, 40);
        let run = practice.desk.state();
        practice.doctor.told.set(Some(told_with(&table)));
        practice.doctor.apply(&row.remedy);
        practice.desk.pause();
        let what = &row.remedy.label;
        assert!(practice.desk.step() < 40, "{what}: it began anew");
        assert!(
            practice.desk.told().is_empty(),
            "{what}: {:?}",
            practice.desk.told()
        );
        practice.desk.assert_agreed();
        practice.desk.run.undo();
        practice.attend();
        practice.desk.settle();
        assert_same(what, &practice.desk.state(), &run);
        assert!(practice.desk.scenario().is_same_run(&before), "{what}");
        assert_eq!(practice.desk.undo_texts().0, None, "{what}: it is one");
    }
}

/// As it is told of a run with this table.
fn told_with(table: &Table) -> Arc<Told> {
    Arc::new(Told {
        step: STEPS,
        standing: Standing::Sick,
        causes: Vec::new(),
        well: None,
        checks: Vec::new(),
        table: Some(table.clone()),
        offer: None,
        none_helps: None,
        may_try_longer: false,
        longer: None,
    })
}

#[test]
fn remedies_can_be_compared_with_the_run() {
    let practice = Practice::at(SICK, STEPS);
    practice.settle();
    let table = practice.table();
    let base = practice.desk.scenario();
    let handed = Handed::of(&table, &base);
    assert_eq!(handed.names[0], "As it is");
    assert_eq!(handed.lanes.len(), (table.rows.len() + 1).min(8));
    assert!(handed.lanes[0].is_empty() && !handed.lanes[1].is_empty());
    let over = HandedOver::none();
    over.0.set(Some(Arc::new(handed)));
    assert!(over.of(&base).is_some());
    let mut other = base.clone();
    Edit::Set(Setting::LearningRate, 0.5).apply(&mut other);
    assert!(over.of(&other).is_none(), "another run has other remedies");
    over.drop_it();
    assert!(over.of(&base).is_none());
}

/// Two classes by chance: nothing tells them apart.
fn chance() -> String {
    let mut link =
        String::from("#v=1&s=11&d=csv&h=4&b=32&a=tanh&i=glorot_normal&lr=0.1&sp=none&csv=a,b,y");
    for i in 0..80_u32 {
        let (a, b) = (i * 37 % 80, i * 53 % 79);
        let label = i.wrapping_mul(2_654_435_761) >> 31;
        link.push_str(&format!("%0A{a},{b},{label}"));
    }
    link
}

#[test]
fn where_nothing_helps_more_units_are_tried_for_longer_when_asked() {
    let practice = Practice::at(&chance(), STEPS);
    practice.settle();
    let told = practice.told().expect("it was examined");
    assert!(told.none_helps.is_some(), "{:?}", told.offer);
    assert!(told.may_try_longer && told.longer.is_none());
    let said = told.causes[0].sentence();
    assert!(
        said.contains("no better than the commonest class"),
        "{said}"
    );
    let before = practice.desk.state();
    practice.doctor.try_longer();
    practice.settle();
    let told = practice.told().expect("it was examined");
    let longer = told.longer.as_ref().expect("it was tried");
    let first = told.table.as_ref().expect("it was tried before");
    assert!(!told.may_try_longer && !longer.is_trying);
    assert_eq!((longer.rows.len(), longer.n_in), (1, 1));
    assert!(longer.n_steps > first.n_steps, "{}", longer.n_steps);
    assert!(longer.rows[0].remedy.label.starts_with("Use more units"));
    assert_eq!(told.none_helps.is_some(), !longer.rows[0].state.cures());
    assert_same("the run", &practice.desk.state(), &before);
}

fn labels_of(table: &Table) -> Vec<&str> {
    let labels = table.rows.iter().map(|row| &*row.remedy.label);
    labels.collect()
}

#[test]
fn what_would_mend_another_finding_is_tried_when_that_is_opened() {
    let practice = Practice::at(SICK, STEPS);
    practice.settle();
    let before = practice.table();
    let cause = Cause::TooFewUnits;
    assert!(before.of_cause(cause).is_none(), "{:?}", labels_of(&before));
    practice.doctor.try_for(cause);
    practice.settle();
    let after = practice.table();
    let mine = after.of_cause(cause).expect("more units were tried");
    assert_eq!(mine.n_in, mine.rows.len());
    // What was tried before was not tried again, and leads as it did.
    assert_eq!(after.rows.len(), before.rows.len() + mine.rows.len());
    assert_eq!(labels_of(&after)[0], labels_of(&before)[0]);
    let told = practice.told().expect("it was examined");
    assert_eq!(told.causes[0].cause, Cause::WeightsEqual);
}
