use actiscope_core::data::DataSource;
use actiscope_core::scenario::{Edit, Scenario, Setting};
use leptos::prelude::*;

use super::desk::Desk;
use crate::run::Start;
use crate::run::points::{self, Points};

/// Three inputs and two classes, a row a line.
fn table(n_rows: usize) -> String {
    let row = |i: usize| {
        let [a, b, c] = [7, 11, 13].map(|k| ((i * k) % 40) as f64 / 20.0 - 1.0);
        format!("{a},{b},{c},{}\n", usize::from(a + b > 0.0))
    };
    let rows: String = (0..n_rows).map(row).collect();
    format!("width,height,depth,label\n{rows}")
}

fn with_table(n_rows: usize) -> Scenario {
    let mut scenario = Scenario::default();
    scenario.data.source = DataSource::Csv(table(n_rows).into());
    scenario.fit_to_data();
    scenario
}

#[test]
fn a_table_is_trained_on_like_generated_data() {
    let desk = Desk::at("#v=1", 20);
    let generated = desk.scenario();
    desk.run.edit(Edit::Data(with_table(120).data));
    desk.settle();
    desk.assert_agreed();
    let loaded = desk.run.loaded.get_untracked();
    let names = loaded.map(|loaded| loaded.input_names.clone());
    assert_eq!(names.unwrap_or_default(), ["width", "height", "depth"]);
    desk.step_on(50);
    desk.run.edit(Edit::Set(Setting::LearningRate, 0.2));
    desk.step_on(50);
    desk.seek(49);
    desk.assert_agreed();
    assert_eq!(
        desk.scenario().training.learning_rate,
        generated.training.learning_rate
    );
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.scenario().data, generated.data);
}

#[test]
fn a_slider_moves_with_a_table_open() {
    let desk = Desk::open(with_table(1_500), Start::At(10));
    desk.settle();
    desk.run.begin_gesture();
    for i in 1..=50 {
        desk.run
            .edit(Edit::Set(Setting::LearningRate, 0.01 * f64::from(i)));
        desk.turn();
    }
    desk.run.end_gesture();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.undo_texts().0.as_deref(), Some("learning rate 0.5"));
}

#[test]
fn points_are_added_and_taken_away_by_hand() {
    let desk = Desk::at("#v=1", 10);
    let generated = desk.scenario();
    let n_samples = |desk: &Desk| match desk.scenario().data.source {
        DataSource::Points(points) => points.len(),
        _ => 0,
    };
    let editor = Points::new();
    editor.begin();
    editor.add(desk.run, [0.5, 0.5], 1);
    desk.settle();
    desk.assert_agreed();
    let n = n_samples(&desk);
    assert!(n > 1);
    desk.wait(1e3);
    editor.remove(desk.run, [0.5, 0.5], 0.1);
    assert_eq!(n_samples(&desk), n - 1);
    desk.run.undo();
    assert_eq!(n_samples(&desk), n);
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.scenario(), generated);
    assert!(untrack(|| points::kind(desk.run)).is_some());
}
