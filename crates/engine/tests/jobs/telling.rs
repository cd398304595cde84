//! When something is told: snapshots by credit, checkpoints now and then, speed as asked.

use actiscope_core::data::DataSource;
use actiscope_core::protocol::{Event, Look, RunCommand, RunEvent};
use actiscope_core::scenario::{Edit, Scenario, Setting};
use actiscope_engine::Progress;

use super::desk::{Desk, FAST, RUN, SLOW};

fn n_snapshots(desk: &mut Desk) -> usize {
    desk.take(|event| matches!(event, Event::Run(_, RunEvent::Snapshot(_))))
        .len()
}

#[test]
fn an_engine_says_that_it_is_ready_and_waits() {
    let mut desk = Desk::empty(FAST);
    assert_eq!(desk.advance(), Progress::Idle);
    let told = desk.take(|_| true);
    let [Event::Ready, Event::Engine(engine), Event::Idle] = &told[..] else {
        panic!("{told:?}");
    };
    assert!(engine.name.starts_with("CPU, "), "{}", engine.name);
    desk.open(RUN, &Scenario::default(), None);
    let told = desk.take(|_| true);
    assert!(matches!(told[0], Event::Run(RUN, RunEvent::Loaded(_))));
}

#[test]
fn a_snapshot_waits_until_the_last_one_was_shown() {
    let mut desk = Desk::new(&Scenario::default(), SLOW);
    desk.send(RunCommand::Train);
    for _ in 0..10 {
        desk.advance();
    }
    assert_eq!(n_snapshots(&mut desk), 1);
    desk.send(RunCommand::Shown);
    for _ in 0..10 {
        desk.advance();
    }
    assert_eq!(n_snapshots(&mut desk), 1);

    // Nothing new: nothing to show, also if it could be.
    desk.send(RunCommand::Pause);
    desk.send(RunCommand::Shown);
    desk.settle();
    assert_eq!(n_snapshots(&mut desk), 1);
    desk.send(RunCommand::Shown);
    desk.settle();
    assert_eq!(n_snapshots(&mut desk), 0);
}

#[test]
fn how_a_run_begins_is_told_however_fast_it_goes_on() {
    let mut desk = Desk::empty(FAST);
    desk.open(RUN, &Scenario::default(), None);
    desk.send(RunCommand::Train);
    desk.advance();
    let told = desk.take(|event| matches!(event, Event::Run(_, RunEvent::Snapshot(_))));
    let [Event::Run(_, RunEvent::Snapshot(first))] = &told[..] else {
        panic!("{} snapshots", told.len());
    };
    assert_eq!((first.step, first.layers.is_empty()), (0, false));
    desk.send(RunCommand::Shown);
    desk.advance();
    assert!(desk.snapshot().step > 0);
}

#[test]
fn increments_of_history_add_up() {
    let mut scenario = Scenario::default();
    scenario.view.steps_per_second = None;
    let mut desk = Desk::new(&scenario, SLOW);
    let mut page = Vec::new();
    desk.send(RunCommand::Train);
    for _ in 0..300 {
        let snapshot = desk.snapshot();
        if snapshot.history_is_whole {
            page.clear();
        }
        page.extend(snapshot.history);
    }
    assert!(page.len() > 100);
    assert!(page.is_sorted_by_key(|point| point.step));
    desk.send(RunCommand::Pause);
    // All there is.
    let step = desk.snapshot().step;
    desk.seek(step);
    let whole = desk.snapshot().history;
    assert_eq!(page.last().map(|p| p.step), whole.last().map(|p| p.step));
    assert_eq!(page.len(), whole.len());
}

#[test]
fn a_speed_limit_is_kept() {
    let mut desk = Desk::new(&Scenario::default(), SLOW);
    desk.edit(Edit::Set(Setting::Speed, 20.0));
    desk.send(RunCommand::Train);
    let mut n_waits = 0;
    while n_waits < 100 {
        match desk.advance() {
            Progress::Wait { ms } => {
                assert!(ms <= 51.0, "{ms}");
                desk.wait(ms);
                n_waits += 1;
            }
            Progress::Busy => {}
            Progress::Idle => panic!("it trains"),
        }
    }
    let step = desk.snapshot().step;
    assert!((90..=105).contains(&step), "{step} steps in 100 waits");
    desk.edit(Edit::Set(Setting::Speed, f64::INFINITY));
    for _ in 0..50 {
        desk.advance();
    }
    assert!(desk.snapshot().step > step + 50);
}

#[test]
fn checkpoints_come_now_and_then_and_only_if_something_changed() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    let n_checkpoints = |desk: &mut Desk| {
        desk.take(|event| matches!(event, Event::Run(_, RunEvent::Checkpoint { .. })))
            .len()
    };
    desk.step(100);
    assert_eq!(n_checkpoints(&mut desk), 0);
    // Idle but for the checkpoint.
    let Progress::Wait { ms } = desk.advance() else {
        panic!("a checkpoint is to come");
    };
    desk.wait(ms);
    desk.settle();
    assert_eq!(n_checkpoints(&mut desk), 1);
    desk.wait(60_000.0);
    assert_eq!(desk.advance(), Progress::Idle);
    assert_eq!(n_checkpoints(&mut desk), 0);
}

#[test]
fn what_is_looked_at_is_computed() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.send(RunCommand::Look(Look {
        unit_map_cells: 16,
        field_cells: 50,
        extent: 1.5,
        ..Look::NOTHING
    }));
    desk.step(200);
    let snapshot = desk.snapshot();
    assert_eq!(snapshot.field.len(), 50 * 50);
    assert!(snapshot.field.iter().all(|p| (0.0..=1.0).contains(p)));
    assert!(snapshot.layers.iter().all(|layer| layer.weights.is_empty()));
    for layer in &snapshot.layers[..3] {
        assert_eq!(layer.unit_maps.len(), 8 * 16 * 16);
        assert_eq!(layer.unit_maps.iter().map(|a| a.abs()).max(), Some(127));
    }
    assert!(snapshot.layers[3].unit_maps.is_empty());
    assert!(
        snapshot
            .layers
            .iter()
            .all(|layer| layer.z_of_unit.is_none())
    );

    desk.edit(Edit::Layer(1));
    desk.edit(Edit::Unit(Some(3)));
    let snapshot = desk.snapshot();
    let of_unit = snapshot.layers[1]
        .z_of_unit
        .as_ref()
        .expect("it is looked at");
    assert_eq!(of_unit.counts.iter().sum::<u32>(), 256);
    assert!(snapshot.layers[0].z_of_unit.is_none());
}

/// The field of a network that is a plane: x1 grows to the right, x2 upwards.
#[test]
fn the_field_is_the_right_way_up() {
    let mut scenario = Scenario::default();
    scenario.data.source = DataSource::Plane;
    scenario.data.noise = 0.0;
    scenario.fit_to_data();
    scenario.network.activation = actiscope_core::activation::ActivationSpec::new("identity");
    scenario.training.learning_rate = 0.05;
    let mut desk = Desk::new(&scenario, FAST);
    desk.send(RunCommand::Look(Look {
        field_cells: 4,
        extent: 1.0,
        ..Look::NOTHING
    }));
    desk.step(3_000);
    let data = scenario
        .data
        .generate(scenario.seed)
        .expect("a generated set");
    // The targets are a linear function of the inputs: fit it by its corners.
    let slope = |input: usize| {
        let pairs = data.x_train.chunks_exact(2).zip(&data.y_train);
        let (mut xy, mut xx) = (0.0, 0.0);
        for (x, y) in pairs {
            xy += f64::from(x[input] * y);
            xx += f64::from(x[input] * x[input]);
        }
        xy / xx
    };
    let field = desk.snapshot().field;
    let across = f64::from(field[3] - field[0]);
    let down = f64::from(field[12] - field[0]);
    assert!(across * slope(0) > 0.0, "x1: {across} against {}", slope(0));
    assert!(down * slope(1) < 0.0, "x2: {down} against {}", slope(1));
}

#[test]
fn a_network_of_one_input_has_a_field_of_equal_rows() {
    let mut scenario = Scenario::default();
    scenario.data.source = DataSource::Sine;
    scenario.fit_to_data();
    let mut desk = Desk::new(&scenario, FAST);
    desk.send(RunCommand::Look(Look {
        unit_map_cells: 5,
        field_cells: 9,
        extent: 1.0,
        ..Look::NOTHING
    }));
    let snapshot = desk.snapshot();
    assert_eq!(snapshot.field.len(), 81);
    assert_eq!(snapshot.field[..9], snapshot.field[72..]);
    assert_eq!(snapshot.layers[0].unit_maps.len(), 8 * 25);
    assert_eq!(snapshot.accuracy, None);
}

#[test]
fn large_networks_are_drawn_coarser() {
    let mut scenario = Scenario::default();
    scenario.network.hidden = vec![128; 32];
    let mut desk = Desk::new(&scenario, FAST);
    desk.send(RunCommand::Look(Look {
        unit_map_cells: 100,
        field_cells: 100,
        extent: 1.0,
        ..Look::NOTHING
    }));
    let snapshot = desk.snapshot();
    assert_eq!(snapshot.field.len(), 64);
    assert_eq!(snapshot.layers[0].unit_maps.len(), 128 * 64);
}

#[test]
fn the_test_set_is_judged_apart() {
    let mut scenario = Scenario::default();
    scenario.data.test_share = 0.3;
    let mut desk = Desk::new(&scenario, FAST);
    desk.step(10);
    let snapshot = desk.snapshot();
    let (loss, accuracy) = (snapshot.test_loss, snapshot.test_accuracy);
    assert!(loss.is_some_and(|loss| loss.is_finite() && loss != snapshot.loss));
    assert!(accuracy.is_some_and(|accuracy| (0.0..=1.0).contains(&accuracy)));
    let loaded = desk.take(|event| matches!(event, Event::Run(_, RunEvent::Loaded(_))));
    let Event::Run(_, RunEvent::Loaded(loaded)) = &loaded[0] else {
        panic!("a run was loaded");
    };
    assert_eq!((loaded.y.len(), loaded.n_train), (256, 179));
}
