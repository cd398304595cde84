use leptos::prelude::Owner;

use super::made::Made;
use super::opened::{Became, Opened};
use super::*;

fn opened(made: &Made) -> Opened {
    let bytes = made.bytes();
    Opened::new("run.safetensors".into(), bytes.len(), made.trace())
}

fn traces() -> (Owner, Traces) {
    let owner = Owner::new();
    owner.set();
    (owner, Traces::none())
}

#[test]
fn a_trace_opens_where_the_units_died_and_is_gone_through_by_records() {
    let (_owner, traces) = traces();
    assert_eq!(traces.chip(), None);
    traces.take(opened(&Made::default()), false);
    assert!(traces.is_shown.get());
    assert_eq!(traces.record.get(), 5);
    assert_eq!(traces.chip().as_deref(), Some("200 steps"));
    let check = |by: isize, expect: usize| {
        traces.go_by(by);
        assert_eq!(traces.record.get(), expect);
    };
    check(1, 6);
    check(10, 9);
    check(-1, 8);
    check(-10, 0);
    traces.go(usize::MAX);
    assert_eq!(traces.record.get(), 9);
}

#[test]
fn playing_goes_to_the_end_and_begins_anew_from_there() {
    let (_owner, traces) = traces();
    traces.play_or_pause();
    assert!(!traces.is_playing.get(), "there is nothing to play");
    traces.take(opened(&Made::default()), false);
    traces.play_or_pause();
    for record in 6..9 {
        traces.play_on();
        assert_eq!(
            (traces.record.get(), traces.is_playing.get()),
            (record, true)
        );
    }
    traces.play_on();
    assert_eq!((traces.record.get(), traces.is_playing.get()), (9, false));
    traces.play_on();
    assert_eq!(traces.record.get(), 9, "what is not played stays");
    traces.play_or_pause();
    assert_eq!((traces.record.get(), traces.is_playing.get()), (0, true));
}

#[test]
fn another_trace_joins_follows_or_takes_the_place() {
    let base = Made::default();
    let check = |given: &Made, is_update: bool, expect: Became| {
        let (now, became) = opened(&base).take(opened(given), is_update);
        assert_eq!(became, expect, "{given:?}");
        now
    };
    let mut longer = base.clone();
    longer.steps.extend([300, 400]);
    assert_eq!(check(&longer, false, Became::Longer).last(), 11);
    check(&base, false, Became::Longer);
    let gentle = Made {
        learning_rate: 0.03,
        dies_at: 99,
        ..base.clone()
    };
    let beside = check(&gentle, false, Became::Beside);
    assert_eq!(beside.view.others.len(), 1);
    assert!(
        beside.view.findings[0]
            .remedies
            .iter()
            .any(|remedy| remedy.tried.is_some())
    );
    assert_eq!(
        beside.without_last().expect("one is beside").view.others,
        []
    );
    check(&gentle, true, Became::Longer);
    let other = Made {
        hidden: vec![8],
        ..base.clone()
    };
    check(&other, false, Became::Another);
    check(&other, true, Became::Another);
}

#[test]
fn what_grows_is_followed_at_its_end_and_left_alone_before() {
    let (_owner, traces) = traces();
    let base = Made::default();
    let mut longer = base.clone();
    longer.steps.extend([300, 400]);
    traces.take(opened(&base), false);
    traces.go(3);
    traces.take(opened(&longer), false);
    assert_eq!(traces.record.get(), 3);
    traces.take(opened(&base), true);
    traces.go(9);
    traces.take(opened(&longer), false);
    assert_eq!(traces.record.get(), 11);
}

#[test]
fn it_is_taken_back_step_by_step_and_opened_again() {
    let (_owner, traces) = traces();
    let base = Made::default();
    let gentle = Made {
        learning_rate: 0.03,
        dies_at: 99,
        ..base.clone()
    };
    traces.take(opened(&base), false);
    traces.take(opened(&gentle), false);
    traces.select((0, 3));
    assert_eq!(traces.tab.get(), Tab::Unit);
    traces.take_back();
    assert!(
        traces
            .open
            .with(|open| open.as_ref().is_some_and(|open| open.others.is_empty()))
    );
    traces.take_back();
    assert!(!traces.is_shown.get() && traces.open.with(Option::is_none));
    assert_eq!(traces.before.with(Vec::len), 1);
    traces.open_again(0);
    assert!(traces.is_shown.get() && traces.before.with(Vec::is_empty));
    assert_eq!(traces.unit.get(), None);
    traces.show_how();
    assert!(traces.is_shown.get() && traces.open.with(Option::is_none));
    traces.close();
    assert_eq!(traces.before.with(Vec::len), 1);
}
