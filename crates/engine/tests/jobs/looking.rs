//! Undoing edits, and looking at a run through other axes.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::data::{Axes, DataSource, PointKind, PointSet};
use actiscope_core::nn::spec::Optimizer;
use actiscope_core::protocol::{Event, Loaded, Look, RunCommand, RunEvent, Snapshot};
use actiscope_core::scenario::{Edit, Scenario, Setting};

use super::desk::{Desk, FAST, assert_same};

/// y grows with x3 and falls with x1, which lies about 3; x2 is nothing to it.
fn three_inputs() -> Scenario {
    let mut text = String::from("x1,x2,x3,y\n");
    for i in 0..80 {
        let (a, b, c) = (i % 5, i % 4, i % 16);
        let x1 = 2.0 + 0.5 * f64::from(a);
        let (x2, x3) = (f64::from(b) / 2.0 - 0.75, f64::from(c) / 8.0 - 1.0);
        text.push_str(&format!("{x1},{x2},{x3},{}\n", x3 - 0.5 * (x1 - 3.0)));
    }
    let mut scenario = Scenario::default();
    scenario.data.source = DataSource::Csv(text.into());
    scenario.fit_to_data();
    scenario.network.activation = ActivationSpec::new("identity");
    scenario.network.hidden = vec![4];
    scenario.training.optimizer = Optimizer::ADAM;
    scenario.training.learning_rate = 0.01;
    scenario
}

fn loaded(desk: &mut Desk) -> Loaded {
    let told = desk.take(|event| matches!(event, Event::Run(_, RunEvent::Loaded(_))));
    match told.into_iter().next_back() {
        Some(Event::Run(_, RunEvent::Loaded(loaded))) => *loaded,
        other => panic!("a run was due, not {other:?}"),
    }
}

#[test]
fn pictures_are_of_the_plane_of_the_axes() {
    let mut desk = Desk::new(&three_inputs(), FAST);
    let told = loaded(&mut desk);
    assert_eq!(told.centers, [3.0, 0.0, 0.0]);
    assert_eq!(told.input_names, ["x1", "x2", "x3"]);
    let principal = told.principal.expect("there are more than two inputs");
    desk.send(RunCommand::Look(Look {
        unit_map_cells: 3,
        field_cells: 3,
        extent: 1.0,
        ..Look::NOTHING
    }));
    desk.step(5_000);
    // [top left, top right, bottom left]
    let mut corners = |axes: Axes| {
        desk.edit(Edit::Axes(axes));
        let snapshot = desk.snapshot();
        assert_eq!(snapshot.run, told.run, "to look begins nothing anew");
        assert_eq!(snapshot.layers[0].unit_maps.len(), 4 * 9);
        [0, 2, 6].map(|i| f64::from(snapshot.field[i]))
    };
    let check = |[left, right, below]: [f64; 3], across: f64, upwards: f64| {
        assert!(
            (right - left - across).abs() < 0.05,
            "{left} to {right}: not {across}"
        );
        assert!(
            (left - below - upwards).abs() < 0.05,
            "{below} up to {left}: not {upwards}"
        );
    };
    // Cells lie 4/3 apart from end to end.
    let end = 4.0 / 3.0;
    check(corners(Axes::Inputs(2, 0)), end, -0.5 * end);
    check(corners(Axes::Inputs(0, 1)), -0.5 * end, 0.0);
    check(corners(Axes::Inputs(1, 2)), 0.0, end);
    let along = |d: &[f32]| end * (f64::from(d[2]) - 0.5 * f64::from(d[0]));
    check(
        corners(Axes::Principal),
        along(&principal.u),
        along(&principal.v),
    );
}

#[test]
fn weights_of_one_unit_are_told_alone() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.step(20);
    let all = desk.state();
    let look = |weights_of| {
        RunCommand::Look(Look {
            weights_of,
            extent: 1.0,
            ..Look::NOTHING
        })
    };
    desk.send(look(Some((1, 3))));
    let one = desk.state();
    assert!(one.layers.iter().all(|layer| layer.weights.is_empty()));
    let told = one.unit_weights.expect("it was asked for");
    assert_eq!((told.layer, told.unit), (1, 3));
    let n_in = all.layers[0].units.len();
    assert_eq!(told.weights, all.layers[1].weights[3 * n_in..4 * n_in]);
    desk.send(look(Some((1, 800))));
    assert_eq!(desk.state().unit_weights, None);
}

#[test]
fn undoing_a_live_edit_keeps_the_weights_and_can_be_sought_across() {
    let before = Scenario::default();
    let mut desk = Desk::new(&before, FAST);
    desk.step(50);
    desk.edit(Edit::Set(Setting::LearningRate, 0.2));
    desk.step(50);
    let weights = |snapshot: &Snapshot| {
        let layers = snapshot.layers.iter();
        layers
            .flat_map(|layer| [&layer.weights[..], &layer.biases[..]].concat())
            .collect::<Vec<f32>>()
    };
    let at_undo = desk.state();
    desk.edit(Edit::Whole(Box::new(before.clone())));
    let undone = desk.state();
    assert_eq!((undone.step, weights(&undone)), (100, weights(&at_undo)));
    desk.step(50);
    let end = desk.state();
    desk.seek(20);
    desk.seek(75);
    desk.seek(150);
    assert_same("there and back", &desk.state(), &end);

    // The same as if the edits had been made by hand.
    let mut other = Desk::new(&before, FAST);
    other.step(50);
    other.edit(Edit::Set(Setting::LearningRate, 0.2));
    other.step(50);
    other.edit(Edit::Set(
        Setting::LearningRate,
        before.training.learning_rate,
    ));
    other.step(50);
    assert_same("by hand", &other.state(), &end);
}

#[test]
fn undoing_a_change_of_shape_begins_anew() {
    let before = Scenario::default();
    let mut desk = Desk::new(&before, FAST);
    let first = desk.state();
    desk.edit(Edit::Hidden(vec![3]));
    desk.step(10);
    desk.edit(Edit::Whole(Box::new(before)));
    let again = desk.snapshot();
    assert_eq!(again.step, 0);
    assert_same("anew", &desk.state(), &first);
}

#[test]
fn few_points_of_one_class_give_numbers() {
    for n in [1, 3] {
        for batch_norm in [false, true] {
            let mut points = PointSet::new(PointKind::Classes { n_classes: 2 });
            for i in 0..n {
                points
                    .add(&[0.1 * f64::from(i), 0.3], 1.0)
                    .expect("there is room");
            }
            let mut scenario = Scenario::default();
            scenario.training.learning_rate = 0.1;
            scenario.network.batch_norm = batch_norm;
            scenario.data.source = DataSource::Points(points);
            let mut desk = Desk::new(&scenario, FAST);
            assert_eq!(desk.take_problems(), [""; 0]);
            desk.step(200);
            let snapshot = desk.snapshot();
            assert_eq!(snapshot.step, 200);
            assert!(
                snapshot.loss.is_finite() && snapshot.loss < 0.5,
                "{n}: {}",
                snapshot.loss
            );
            assert_eq!(snapshot.accuracy, Some(1.0));
        }
    }
}
