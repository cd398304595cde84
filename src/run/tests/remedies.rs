//! Every button that the Doctor offers, pressed in a real run.

use actiscope_core::health::diagnosis::Deed;
use leptos::prelude::*;

use super::desk::Desk;

/// Runs with something amiss, and the step at which it shows.
const CASES: [(&str, u64); 7] = [
    ("#v=1", 300),
    ("#v=1&lr=3", 300),
    ("#v=1&a=tanh&g=10&lr=3", 200),
    ("#v=1&lr=10&o=momentum&l=mse", 400),
    ("#v=1&h=8-8-8-8-8-8-8-8-8-8&a=sigmoid&lr=0.3", 40),
    ("#v=1&h=8-8-8-8-8-8&i=zeros", 20),
    ("#v=1&a=tanh&lr=0.0001", 700),
];

#[test]
fn each_can_be_pressed_undone_and_pressed_again() {
    let mut n_pressed = 0;
    for (link, step) in CASES {
        let labels = labels(&Desk::at(link, step));
        for label in labels {
            press_undo_and_press_again(link, step, &label);
            n_pressed += 1;
        }
    }
    assert!(n_pressed >= 15, "{n_pressed}");
}

fn labels(desk: &Desk) -> Vec<String> {
    let remedies = desk
        .findings()
        .into_iter()
        .flat_map(|finding| finding.remedies);
    let mut labels: Vec<String> = remedies.map(|remedy| remedy.label).collect();
    labels.sort_unstable();
    labels.dedup();
    labels
}

fn press_undo_and_press_again(link: &str, step: u64, label: &str) {
    let desk = Desk::at(link, step);
    let before = desk.scenario();
    let remedy = desk.remedy(label);
    for time in ["first", "second"] {
        let what = format!("{label} of {link}, {time}");
        desk.run.dispatch_all(remedy.deeds.clone());
        desk.pause();
        desk.step_on(3);
        desk.assert_agreed();
        assert!(desk.told().is_empty(), "{what}: {:?}", desk.told());
        let can_undo = desk.undo_texts().0.is_some();
        let changes = remedy
            .deeds
            .iter()
            .any(|deed| matches!(deed, Deed::Edit(_) | Deed::ReviveDead));
        assert_eq!(can_undo, changes, "{what}");
        desk.run.undo();
        desk.settle();
        desk.assert_agreed();
        assert!(desk.scenario().is_same_run(&before), "{what}");
        // The timeline is alive.
        desk.seek(0);
        let end = desk.run.last_step();
        desk.seek(end);
        desk.assert_agreed();
        assert_eq!(desk.undo_texts().0, None, "{what}");
        if !desk.snapshot().has_diverged {
            desk.step_on(step.saturating_sub(end) as u32 + 1);
        }
    }
}

#[test]
fn a_remedy_is_undone_as_one() {
    let desk = Desk::training("#v=1");
    desk.until("units die", |desk| desk.n_dead() >= 3);
    desk.pause();
    desk.press("Rescue with Leaky ReLU");
    desk.settle();
    assert_eq!(desk.n_dead(), 0);
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert!(desk.n_dead() >= 3);
    assert_eq!(desk.undo_texts().0, None);
}

#[test]
fn a_rescue_by_dragging_alpha_is_told_as_one() {
    use actiscope_core::activation::ActivationSpec;
    use actiscope_core::health::diagnosis::Verdict;
    use actiscope_core::scenario::Edit;
    let desk = Desk::training("#v=1");
    desk.until("units die", |desk| desk.n_dead() >= 3);
    desk.run.begin_gesture();
    for i in 1..=20 {
        let mut leaky = ActivationSpec::new("leaky_relu");
        leaky.params = vec![0.01 * f64::from(i)];
        desk.run.edit(Edit::Activation(leaky));
        desk.turn();
    }
    desk.run.end_gesture();
    desk.pause();
    let findings = desk.findings();
    let rescued = findings
        .iter()
        .find(|found| found.verdict == Verdict::Rescued);
    let rescued = rescued.map(|finding| finding.sentence());
    assert!(
        rescued.as_ref().is_some_and(|text| text.contains("back")),
        "{rescued:?} in {:?}",
        desk.edits()
    );
    assert!(!desk.run.wants_training.get_untracked());
}
