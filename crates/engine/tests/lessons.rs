//! Every claim of every lesson, measured; and that one which is false does not hold.

use std::path::{Path, PathBuf};

use actiscope_core::lessons::{Condition, Course, Lesson, read_lesson};
use actiscope_engine::lessons::try_condition;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/lessons")
}

fn lessons() -> Vec<(String, Lesson)> {
    let text = std::fs::read_to_string(folder().join("course.toml")).expect("it is there");
    let course = Course::read(&text).expect("it can be read");
    let read = |id: &str| {
        let text = std::fs::read_to_string(folder().join(format!("{id}.toml")));
        let text = text.unwrap_or_else(|error| panic!("{id}: {error}"));
        read_lesson(&text).unwrap_or_else(|errors| panic!("{id}: {errors:?}"))
    };
    let nodes = course.lessons.iter();
    nodes
        .map(|node| (node.id.clone(), read(&node.id)))
        .collect()
}

/// What a condition's seeds measured, where it does not hold.
fn failure(condition: &Condition) -> Option<String> {
    // A clock that goes on whenever it is looked at.
    let mut time_ms = 0.0;
    let mut now_ms = || {
        time_ms += 1.0;
        time_ms
    };
    let tried = try_condition(condition, &mut now_ms).expect("it can be run");
    let told = tried.seeds.iter().map(|on| {
        let value = |of: Option<actiscope_core::lessons::Measured>| of.map(|of| of.value);
        format!(
            "seed {}: {:?} {:?}",
            on.seed,
            value(on.held.measured),
            value(on.held.other)
        )
    });
    (!tried.holds).then(|| {
        format!(
            "{}: {}",
            condition.text,
            told.collect::<Vec<_>>().join(", ")
        )
    })
}

#[test]
fn all_claims_hold() {
    let mut conditions: Vec<(String, Condition)> = Vec::new();
    for (id, lesson) in lessons() {
        for claim in lesson.steps.iter().flat_map(|step| &step.claims) {
            let named = claim
                .conditions
                .iter()
                .map(|c| (format!("{id}: {}", claim.says), c.clone()));
            conditions.extend(named);
        }
    }
    assert!(!conditions.is_empty());
    let failures: Vec<String> = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            let own = conditions.iter().skip(half).step_by(2);
            let own: Vec<_> = own.collect();
            scope.spawn(move || {
                let failed = own.into_iter().filter_map(|(says, condition)| {
                    failure(condition).map(|told| format!("{says}\n    {told}"))
                });
                failed.collect::<Vec<_>>()
            })
        });
        halves
            .into_iter()
            .flat_map(|half| half.join().expect("no panic"))
            .collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_claim_that_is_made_false_fails() {
    let lessons = lessons();
    let dies = &lessons
        .iter()
        .find(|(id, _)| id == "relu-dies")
        .expect("it is there")
        .1;
    let step = dies
        .steps
        .iter()
        .find(|step| !step.claims.is_empty())
        .expect("it claims something");
    let check = |text: &str, holds: bool| {
        let condition = Condition::new(text, &step.place.scenario, 60).expect(text);
        assert_eq!(failure(&condition).is_none(), holds, "{text}");
    };
    check("dead 5 to 9 with lr=1.6", true);
    check("dead >= 23 with lr=1.6", false);
    check("dead = 0 with lr=1.6", false);
    check("dead in layer 9 = 0", false);
}

#[test]
fn what_a_lesson_needs_is_there() {
    let lessons = lessons();
    for (id, lesson) in &lessons {
        for needed in &lesson.needs {
            assert!(
                lessons.iter().any(|(other, _)| other == needed),
                "{id} needs {needed}"
            );
        }
    }
}
