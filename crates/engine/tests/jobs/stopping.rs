//! A run stands still by itself where it is to, and goes on from there.

use actiscope_core::nn::spec::Optimizer;
use actiscope_core::protocol::{Event, RunCommand};
use actiscope_core::scenario::{Edit, Scenario, Setting};
use actiscope_engine::gpu::GpuDevice;
use actiscope_engine::wait::wait;

use super::desk::{Desk, FAST, SLOW, assert_same};

impl Desk {
    /// Trains until the run stands still, and says why it does.
    fn train_on(&mut self) -> String {
        self.send(RunCommand::Train);
        self.settle();
        let notices = self.take(|event| matches!(event, Event::Notice { .. }));
        let texts = notices.into_iter().map(|event| match event {
            Event::Notice { message } => message,
            _ => String::new(),
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

/// It learns the circle within some hundred steps.
fn learning() -> Scenario {
    let mut scenario = Scenario::default();
    for edit in [
        Edit::Optimizer(Optimizer::ADAM),
        Edit::Set(Setting::LearningRate, 0.01),
        Edit::Set(Setting::Speed, f64::INFINITY),
    ] {
        edit.apply(&mut scenario);
    }
    scenario
}

#[test]
fn at_a_step_exactly_and_whoever_goes_on_goes_on() {
    for pace in [FAST, SLOW] {
        let mut scenario = learning();
        scenario.view.stop.step = Some(137.0);
        let mut desk = Desk::new(&scenario, pace);
        let said = desk.train_on();
        assert_eq!(said, "Stopped at step 137, as it was to.");
        let state = desk.state();
        assert_eq!((state.step, state.is_training), (137, false));
        desk.edit(Edit::Set(Setting::StopStep, 150.0));
        assert_eq!(desk.train_on(), "Stopped at step 150, as it was to.");
        // Beyond it, and back before it: it stops there again.
        desk.step(100);
        assert_eq!(desk.state().step, 250);
        desk.seek(20);
        desk.train_on();
        assert_eq!(desk.state().step, 150);
        let mut straight = Desk::new(&learning(), FAST);
        straight.step(150);
        assert_same("stopped on the way", &desk.state(), &straight.state());
    }
}

#[test]
fn at_the_first_loss_that_is_low_enough() {
    let mut scenario = learning();
    scenario.view.stop.loss = Some(0.3);
    let mut desk = Desk::new(&scenario, FAST);
    let said = desk.train_on();
    let state = desk.state();
    assert!(said.starts_with(&format!("Stopped at step {}: the loss is 0.", state.step)));
    assert!(said.ends_with("at most 0.3."), "{said}");
    assert!(state.loss <= 0.3 && state.step < 2_000, "{}", state.step);
    // The first: it was higher one step before.
    desk.seek(state.step - 1);
    assert!(desk.state().loss > 0.3);
    // What is so already does not count; a lower one does.
    desk.step(1);
    desk.edit(Edit::Set(Setting::StopLoss, 0.05));
    assert!(desk.train_on().ends_with("at most 0.05."));
    assert!(desk.state().loss <= 0.05);
    desk.edit(Edit::Set(Setting::StopLoss, 0.2));
    desk.edit(Edit::Set(Setting::StopStep, 9_000.0));
    assert_eq!(desk.train_on(), "Stopped at step 9,000, as it was to.");
}

#[test]
fn when_all_is_told_rightly() {
    let mut scenario = learning();
    scenario.view.stop.when_solved = true;
    scenario.data.noise = 0.0;
    let mut desk = Desk::new(&scenario, FAST);
    let said = desk.train_on();
    assert!(
        said.ends_with("every sample of the probe set is told rightly."),
        "{said}"
    );
    assert_eq!(desk.state().accuracy, Some(1.0));
    let solved_at = desk.state().step;
    desk.seek(solved_at - 1);
    assert!(desk.state().accuracy < Some(1.0));

    let mut sine = learning();
    sine.data.source = actiscope_core::data::DataSource::Sine;
    sine.data.noise = 0.0;
    sine.fit_to_data();
    sine.view.stop.when_solved = true;
    sine.view.stop.step = Some(20_000.0);
    let mut desk = Desk::new(&sine, FAST);
    let said = desk.train_on();
    assert!(said.ends_with("99 % of the numbers' variance."), "{said}");
}

#[test]
fn steps_that_are_asked_for_are_made() {
    let mut scenario = learning();
    scenario.view.stop.step = Some(10.0);
    let mut desk = Desk::new(&scenario, FAST);
    desk.step(30);
    assert_eq!(desk.state().step, 30);
}

#[test]
fn a_gpu_stops_where_the_cpu_does() {
    let Ok(gpu) = wait(GpuDevice::open()) else {
        assert!(std::env::var_os("CI").is_none(), "there is no GPU");
        return;
    };
    drop(gpu);
    let mut scenario = learning();
    scenario.network.hidden = vec![4];
    scenario.view.stop.loss = Some(0.6);
    scenario.view.stop.step = Some(400.0);
    let stop = |choice| {
        let mut desk = Desk::new(&scenario, FAST);
        desk.tell(actiscope_core::protocol::ToEngine::Use(choice));
        desk.settle();
        desk.take(|event| matches!(event, Event::Notice { .. }));
        desk.train_on();
        desk.state().step
    };
    use actiscope_core::protocol::EngineChoice::{Cpu, Gpu};
    let (cpu, gpu) = (stop(Cpu), stop(Gpu));
    // Rounding may move it by a step.
    assert!(cpu.abs_diff(gpu) <= 1 && cpu < 400, "{cpu} {gpu}");
}
