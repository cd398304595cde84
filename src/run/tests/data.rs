use actiscope_core::data::{ColumnUse, DataSource, Gaps};
use actiscope_core::scenario::{Edit, Scenario, Setting};
use leptos::prelude::*;

use super::desk::Desk;
use crate::run::Start;
use crate::run::points::{self, Points};
use crate::run::table::{ColumnChoice, TableDraft};

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

/// The target first, a gap, and a name last.
const CARS: &str = "mpg;cylinders;horsepower;name
18,5;8;130;malibu
15,0;8;165;skylark
25,25;4;?;pinto
24,0;4;95;corona
";

/// What a draft says of itself: samples, inputs and classes; or what is wrong.
fn outcome(draft: TableDraft) -> Result<(usize, usize, usize), String> {
    let preview = untrack(|| draft.preview()).map_err(|error| error.to_string())?;
    let outcome = preview.outcome.map_err(|error| error.to_string())?;
    let n_classes = outcome.class_names.len();
    Ok((outcome.n_samples, outcome.n_inputs, n_classes))
}

#[test]
fn a_table_is_looked_at_mended_and_used() {
    let desk = Desk::at("#v=1", 10);
    let before = desk.scenario();
    let draft = TableDraft::new();
    draft.open(&before);
    assert!(untrack(|| draft.is_blank()));
    assert!(!draft.use_in(desk.run));
    draft.take_bytes("cars.csv", CARS.as_bytes());
    assert_eq!(draft.note.get_untracked(), None);
    let error = untrack(|| draft.preview()).expect("a table").outcome;
    let error = error.expect_err("a gap is no sample lost");
    assert!(!draft.use_in(desk.run));
    assert_eq!(desk.scenario(), before);
    let mends = untrack(|| draft.mends(&error));
    draft.reading.set(mends[0].reading.clone());
    // The names name the rows: they are no input, and no target, unless one likes.
    assert_eq!(outcome(draft), Ok((3, 2, 0)));
    draft.choose_column(3, ColumnChoice::Input(ColumnUse::Classes));
    assert_eq!(outcome(draft), Ok((3, 6, 0)));
    draft.choose_column(3, ColumnChoice::Target(None));
    assert_eq!(outcome(draft), Ok((3, 3, 3)));
    draft.choose_column(3, ColumnChoice::Input(ColumnUse::LeaveOut));
    assert_eq!(outcome(draft), Ok((3, 2, 0)));
    draft.standardize.set(true);
    assert!(draft.use_in(desk.run));
    desk.settle();
    desk.assert_agreed();
    let used = desk.scenario();
    assert!(used.data.standardize);
    assert_eq!(used.data.reading.gaps, Gaps::LeaveOut);
    let loaded = desk.run.loaded.get_untracked();
    let names = loaded.map(|loaded| loaded.input_names.clone());
    assert_eq!(names.unwrap_or_default(), ["cylinders", "horsepower"]);

    // The choices are changed later, and each change is one to undo.
    let again = TableDraft::new();
    again.open(&used);
    again.choose(|reading| reading.gaps = Gaps::Mean);
    assert_eq!(outcome(again), Ok((4, 2, 0)));
    assert!(again.use_in(desk.run));
    desk.settle();
    desk.assert_agreed();
    desk.run.undo();
    desk.settle();
    assert_eq!(desk.scenario(), used);
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.scenario(), before);
}

#[test]
fn choices_stay_with_the_text_that_they_are_of() {
    let draft = TableDraft::new();
    draft.take_text(CARS.into());
    draft.choose(|reading| reading.gaps = Gaps::Mean);
    draft.take_text(CARS.replace("165", "166"));
    assert_eq!(draft.reading.get_untracked().gaps, Gaps::Mean);
    draft.take_text("a,b\n1,2.5\n2,3.5\n".into());
    assert_eq!(draft.reading.get_untracked().gaps, Gaps::Refuse);
    draft.take_bytes("old.csv", b"gr\xf6\xdfe,b\n1,2.5\n2,3.5\n");
    assert!(
        draft
            .note
            .get_untracked()
            .is_some_and(|note| note.contains("Latin-1"))
    );
    assert_eq!(outcome(draft), Ok((2, 1, 0)));
}

#[test]
fn collected_sets_are_trained_on() {
    for (link, n_samples, n_inputs) in [
        ("#v=1&d=iris&std=1", 150, 4),
        ("#v=1&d=digits&std=1&lr=0.1", 1_797, 64),
    ] {
        let desk = Desk::at(link, 5);
        desk.settle();
        desk.assert_agreed();
        let loaded = desk
            .run
            .loaded
            .get_untracked()
            .expect("the engine brings the samples");
        assert_eq!((loaded.y.len(), loaded.n_inputs), (n_samples, n_inputs));
        desk.step_on(20);
        // What begins anew has them still, and so has another engine.
        desk.run.edit(Edit::Set(Setting::Seed, 7.0));
        desk.step_on(5);
        desk.seek(2);
        desk.assert_agreed();
    }
}
