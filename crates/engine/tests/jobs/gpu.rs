//! Runs on the GPU, and between engines. Natively that is Vulkan, on a software adapter where there is no
//! other.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::health::{HealthEvent, What};
use actiscope_core::nn::spec::{Loss, Optimizer};
use actiscope_core::protocol::{
    EngineChoice, EngineInfo, EngineKind, Event, Fault, HistoryPoint, Look, RunCommand, RunEvent,
    Sent, ToEngine, Told, UnitSnapshot,
};
use actiscope_core::scenario::{Edit, Scenario, Setting};
use actiscope_engine::Engine;
use actiscope_engine::gpu::{GpuDevice, GpuError};
use actiscope_engine::wait::wait;

use super::desk::{Desk, FAST, assert_same};

/// Runs `test` if there is a GPU, or software that stands in for one. A run of all tests must have one.
fn with_gpu(test: impl FnOnce()) {
    match wait(GpuDevice::open()) {
        Ok(_) => test(),
        Err(error) if std::env::var_os("CI").is_some() => panic!("{error}"),
        Err(error) => eprintln!("SKIPPED, for this machine has no adapter: {error}"),
    }
}

/// A network that is quickly trained, and that engines train alike for some hundred steps.
fn small() -> Scenario {
    let mut scenario = Scenario::default();
    for edit in [
        Edit::Hidden(vec![4]),
        Edit::Activation(ActivationSpec::new("tanh")),
        Edit::Set(Setting::LearningRate, 0.1),
    ] {
        edit.apply(&mut scenario);
    }
    scenario
}

impl Desk {
    fn choose(&mut self, choice: EngineChoice) {
        self.tell(ToEngine::Use(choice));
        self.settle();
    }

    /// What was told last of the engine.
    fn take_engine(&mut self) -> Option<EngineInfo> {
        match self.take(|event| matches!(event, Event::Engine(_))).pop() {
            Some(Event::Engine(engine)) => Some(engine),
            _ => None,
        }
    }

    fn take_kind(&mut self) -> Option<EngineKind> {
        self.take_engine().map(|engine| engine.kind)
    }

    fn take_notices(&mut self) -> Vec<String> {
        let events = self.take(|event| matches!(event, Event::Notice { .. }));
        let messages = events.into_iter().filter_map(|event| match event {
            Event::Notice { message } => Some(message),
            _ => None,
        });
        messages.collect()
    }

    /// A checkpoint of now.
    fn checkpoint(&mut self) -> Vec<u8> {
        self.take_checkpoint();
        // Whatever was done since the last checkpoint is due after some seconds.
        self.wait(3_000.0);
        self.settle();
        self.take_checkpoint().expect("a checkpoint was due")
    }
}

/// Diverges after a few updates.
fn too_fast() -> Scenario {
    let mut scenario = Scenario::default();
    for edit in [
        Edit::Set(Setting::LearningRate, 10.0),
        Edit::Optimizer(Optimizer::Momentum { momentum: 0.9 }),
        Edit::Loss(Loss::Mse),
    ] {
        edit.apply(&mut scenario);
    }
    scenario.view.steps_per_second = None;
    scenario
}

fn divergence(desk: &mut Desk) -> Option<HealthEvent> {
    let mut events = desk.take_happened().into_iter();
    events.find(|event| matches!(event.what, What::Diverged { .. }))
}

#[test]
fn the_update_before_the_gpu_took_over_is_known_to_have_made_a_run_diverge() {
    with_gpu(|| {
        let mut desk = Desk::new(&too_fast(), FAST);
        desk.send(RunCommand::Train);
        desk.settle();
        let on_cpu = divergence(&mut desk).expect("it diverges");
        let cause = on_cpu.cause.expect("an update did it");
        assert!(on_cpu.step > 0);

        let mut desk = Desk::new(&too_fast(), FAST);
        for _ in 0..on_cpu.step {
            desk.send(RunCommand::Step(1));
            desk.settle();
        }
        assert_eq!(divergence(&mut desk), None, "not yet");
        desk.choose(EngineChoice::Gpu);
        assert_eq!(desk.take_kind(), Some(EngineKind::Gpu));
        desk.send(RunCommand::Train);
        desk.settle();
        let on_gpu = divergence(&mut desk).expect("it diverges");
        assert_eq!((on_gpu.step, on_gpu.cause), (on_cpu.step, Some(cause)));
    });
}

fn use_of(number: u64, choice: EngineChoice) -> Sent {
    let message = ToEngine::Use(choice);
    Sent { number, message }
}

#[test]
fn a_software_adapter_that_is_chosen_while_one_is_looked_for_is_opened() {
    let mut engine = Engine::new();
    wait(engine.handle_async(use_of(1, EngineChoice::Auto)));
    assert!(engine.wants_device() && !engine.takes_software());
    wait(engine.handle_async(use_of(2, EngineChoice::Gpu)));
    engine.take_device(Err(GpuError::OnlySoftware));
    assert!(engine.wants_device() && engine.takes_software());
    let is_notice = |told: &Told| matches!(told.event, Event::Notice { .. });
    assert!(!engine.take_events().iter().any(is_notice));

    engine.take_device(Err(GpuError::NotLoaded));
    assert!(!engine.wants_device());
    assert!(engine.take_events().iter().any(is_notice));
}

fn on_gpu(scenario: &Scenario) -> Desk {
    let mut desk = Desk::new(scenario, FAST);
    desk.choose(EngineChoice::Gpu);
    assert_eq!(desk.take_kind(), Some(EngineKind::Gpu));
    desk
}

/// `left` is as far from `right` as f32 arithmetic in another order may lead in some hundred steps.
fn assert_close(what: &str, left: f32, right: f32) {
    let tolerance = 1e-4 * right.abs().max(1e-2);
    assert!(
        (left - right).abs() <= tolerance,
        "{what}: {left} and {right}"
    );
}

#[test]
fn a_run_moves_between_engines_and_stays_where_it_is() {
    with_gpu(|| {
        let mut cpu = Desk::new(&small(), FAST);
        let mut desk = Desk::new(&small(), FAST);
        assert_eq!(desk.take_kind(), Some(EngineKind::Cpu));
        let mut is_on_gpu = false;
        // Probes lie 10 steps apart beyond 2,000: some moves fall between two of them.
        for n_steps in [0, 7, 1_994, 12, 3] {
            desk.step(n_steps);
            cpu.step(n_steps);
            let before = desk.state();
            is_on_gpu = !is_on_gpu;
            let (choice, kind) = match is_on_gpu {
                true => (EngineChoice::Gpu, EngineKind::Gpu),
                false => (EngineChoice::Cpu, EngineKind::Cpu),
            };
            desk.choose(choice);
            assert_eq!(desk.take_kind(), Some(kind));
            assert_same("a move", &before, &desk.state());
            assert_close("loss", before.loss, cpu.state().loss);
        }
        assert!(desk.take_notices().is_empty());
    });
}

#[test]
fn what_trains_is_told() {
    with_gpu(|| {
        let mut desk = on_gpu(&small());
        desk.choose(EngineChoice::Cpu);
        let engine = desk.take_engine().expect("the engine is another one");
        assert_eq!((engine.kind, engine.adapter), (EngineKind::Cpu, None));
        assert!(engine.name.starts_with("CPU, "), "{}", engine.name);
        desk.choose(EngineChoice::Gpu);
        let gpu = desk.take_engine().expect("the engine is another one");
        let adapter = gpu.adapter.expect("a GPU has an adapter");
        assert!(gpu.name.ends_with(&format!(", {adapter}")), "{}", gpu.name);
        // Left to itself, the engine leaves a software adapter. What it makes of hardware is a matter of rates.
        desk.choose(EngineChoice::Auto);
        let kind = desk.take_kind();
        if gpu.is_software {
            assert_eq!(kind, Some(EngineKind::Cpu));
        }
    });
}

#[test]
fn live_edits_reach_a_run_on_the_gpu() {
    with_gpu(|| {
        let mut cpu = Desk::new(&small(), FAST);
        let mut gpu = on_gpu(&small());
        let run = gpu.snapshot().run;
        for edit in [
            Edit::Set(Setting::LearningRate, 0.03),
            Edit::Activation(ActivationSpec::new("elu")),
            Edit::Activation(ActivationSpec {
                params: vec![0.5],
                ..ActivationSpec::new("elu")
            }),
            Edit::Activation(ActivationSpec::new("prelu")),
            Edit::Optimizer(Optimizer::ADAM),
            Edit::Set(Setting::LearningRate, 0.01),
            Edit::ClassWeights(vec![1.0, 3.0]),
            Edit::Loss(Loss::Focal {
                gamma: 1.5,
                alpha: 0.6,
            }),
            Edit::Set(Setting::ClipNorm, 0.5),
        ] {
            for desk in [&mut cpu, &mut gpu] {
                desk.step(15);
                desk.edit(edit.clone());
                assert!(desk.take_problems().is_empty(), "{edit:?}");
            }
            assert_close(&format!("{edit:?}"), gpu.state().loss, cpu.state().loss);
        }
        gpu.step(15);
        cpu.step(15);
        assert_close("at the end", gpu.state().loss, cpu.state().loss);
        assert_eq!(gpu.snapshot().run, run, "no edit began a new run");
        assert_eq!(gpu.take_kind(), None, "the GPU trained throughout");
    });
}

#[test]
fn a_seek_and_a_fork_on_the_gpu_lead_to_exact_states() {
    with_gpu(|| {
        let mut desk = on_gpu(&small());
        desk.step(130);
        let at_130 = desk.state();
        desk.edit(Edit::Set(Setting::LearningRate, 0.3));
        desk.step(100);
        let at_230 = desk.state();
        desk.seek(130 - 1);
        desk.seek(230);
        assert_same("a seek forward", &at_230, &desk.state());
        desk.seek(130 - 1);
        // To train on from the past is a fork: the later edit is forgotten.
        desk.step(1);
        assert_same("a fork", &at_130, &desk.state());
        assert_eq!(desk.take_kind(), None);
    });
}

#[test]
fn a_new_run_begins_on_the_gpu_too() {
    with_gpu(|| {
        let mut desk = on_gpu(&small());
        desk.step(5);
        desk.edit(Edit::Hidden(vec![3, 2]));
        desk.step(5);
        desk.send(RunCommand::Load(Box::new(small())));
        desk.step(5);
        assert_eq!(desk.take_kind(), Some(EngineKind::Gpu));
        let loss = desk.state().loss;
        let mut cpu = Desk::new(&small(), FAST);
        cpu.step(5);
        assert_close("loss", loss, cpu.state().loss);
    });
}

/// A fault strikes a run on the GPU after `struck_at` of `n_steps`. Whatever happens, the run ends as the
/// CPU ends it that goes on from the state before the fault.
fn check_fault(fault: Fault, scenario: &Scenario, struck_at: u32, n_steps: u32) -> f32 {
    let mut desk = on_gpu(scenario);
    desk.step(struck_at);
    let checkpoint = desk.checkpoint();
    desk.tell(ToEngine::Fault(fault));
    desk.step(n_steps - struck_at);

    let notices = desk.take_notices();
    let place = format!("At step {struck_at}, ");
    assert!(
        notices.len() == 1 && notices[0].starts_with(&place),
        "{notices:?}"
    );
    assert_eq!(desk.take_kind(), Some(EngineKind::Cpu));

    let mut other = Desk::empty(FAST);
    other.resume(scenario, checkpoint);
    other.step(n_steps - struck_at);
    let state = desk.state();
    assert_same("after the fault", &other.state(), &state);
    state.loss
}

#[test]
fn a_run_outlives_its_gpu() {
    with_gpu(|| {
        let n_steps = 40;
        let mut healthy = Desk::new(&small(), FAST);
        healthy.step(n_steps);
        let loss = healthy.state().loss;
        for struck_at in 1..n_steps {
            let end = check_fault(Fault::DeviceLost, &small(), struck_at, n_steps);
            assert_close("without a fault", end, loss);
        }
    });
}

#[test]
fn a_run_outlives_a_lack_of_memory_and_invalid_work() {
    with_gpu(|| {
        for struck_at in [1, 30] {
            check_fault(Fault::OutOfMemory, &small(), struck_at, 40);
            check_fault(Fault::InvalidWork, &small(), struck_at, 40);
        }
    });
}

/// Beyond 2,000 steps probes lie 10 apart: the CPU makes the whole stretch in which the GPU is lost.
#[test]
fn a_loss_between_two_probes_is_no_loss() {
    with_gpu(|| {
        check_fault(Fault::DeviceLost, &small(), 2_004, 2_016);
    });
}

#[test]
fn a_gpu_that_is_not_there_cannot_fail() {
    let mut desk = Desk::new(&small(), FAST);
    desk.tell(ToEngine::Fault(Fault::DeviceLost));
    assert_eq!(desk.take_notices().len(), 1);
    desk.step(3);
    assert_eq!(desk.state().step, 3);
}

/// A network so large that the GPU that trains it looks at it too: what it tells is what the CPU tells of
/// the same state, and the CPU tells it where the GPU has no memory to.
#[test]
fn what_the_gpu_sees_of_a_large_network_the_cpu_sees_too() {
    with_gpu(|| {
        let mut scenario = small();
        for edit in [
            Edit::Hidden(vec![48, 48]),
            Edit::Activation(ActivationSpec::new("leaky_relu")),
        ] {
            edit.apply(&mut scenario);
        }
        scenario.data.test_share = 0.25;
        let mut desk = on_gpu(&scenario);
        desk.send(RunCommand::Look(Look {
            unit_map_cells: 12,
            field_cells: 20,
            weights: true,
            extent: 1.0,
            ..Look::NOTHING
        }));
        desk.step(6);
        let by_gpu = desk.state();
        desk.tell(ToEngine::Fault(Fault::OutOfMemory));
        let without_memory = desk.state();
        assert_eq!(desk.take_notices().len(), 1);
        assert_eq!(desk.take_kind(), Some(EngineKind::Cpu));
        let by_cpu = desk.state();
        assert_same("without memory", &without_memory, &by_cpu);

        assert_close("loss", by_gpu.loss, by_cpu.loss);
        assert_eq!(by_gpu.accuracy, by_cpu.accuracy);
        assert_close(
            "loss of the test set",
            by_gpu.test_loss.unwrap(),
            by_cpu.test_loss.unwrap(),
        );
        assert_eq!(by_gpu.field.len(), 400);
        for (a, b) in by_gpu.field.iter().zip(&by_cpu.field) {
            assert_close("field", *a, *b);
        }
        assert_eq!(by_gpu.layers.len(), 3);
        for (a, b) in by_gpu.layers.iter().zip(&by_cpu.layers) {
            assert_eq!((&a.weights, &a.biases), (&b.weights, &b.biases));
            assert_close("update ratio", a.update_ratio, b.update_ratio);
            assert_close("deviation of z", a.z_std, b.z_std);
            let health =
                |units: &[UnitSnapshot]| -> Vec<_> { units.iter().map(|u| u.health).collect() };
            assert_eq!(health(&a.units), health(&b.units));
            assert_eq!(a.unit_maps.len(), b.unit_maps.len());
            // Rounding to 1 / 127 may fall either way.
            let is_near = |(a, b): (&i8, &i8)| a.abs_diff(*b) <= 1;
            assert!(a.unit_maps.iter().zip(&b.unit_maps).all(is_near));
        }
    });
}

/// The GPU is asked once for many steps, each of which is probed, and tells of them what the CPU does.
#[test]
fn a_run_on_the_gpu_is_probed_there_at_every_step() {
    with_gpu(|| {
        let mut scenario = Scenario::default();
        // Units die and saturate at nearly every step. It is chaotic: engines part after some tens of steps.
        Edit::Set(Setting::LearningRate, 1.0).apply(&mut scenario);
        let told = |desk: &mut Desk| {
            desk.step(50);
            let is_snapshot = |event: &Event| matches!(event, Event::Run(_, RunEvent::Snapshot(_)));
            let shown = desk.take(is_snapshot).into_iter();
            let mut history: Vec<HistoryPoint> = shown
                .flat_map(|event| match event {
                    Event::Run(_, RunEvent::Snapshot(snapshot)) => snapshot.history,
                    _ => Vec::new(),
                })
                .collect();
            history.extend(desk.snapshot().history);
            (desk.take_happened(), history)
        };
        let (events, history) = told(&mut Desk::new(&scenario, FAST));
        let (events_of_gpu, history_of_gpu) = told(&mut on_gpu(&scenario));
        let of_units = |events: &[HealthEvent]| -> Vec<(u64, String)> {
            let pairs = events.iter().map(|e| (e.step, format!("{:?}", e.what)));
            pairs.collect()
        };
        assert!(events.len() > 20, "{events:?}");
        assert_eq!(of_units(&events_of_gpu), of_units(&events));
        assert_eq!(history.len(), 51);
        assert_eq!(history_of_gpu.len(), 51);
        for (a, b) in history_of_gpu.iter().zip(&history) {
            assert_eq!((a.step, a.dead, a.saturated), (b.step, b.dead, b.saturated));
            assert_close("loss", a.loss, b.loss);
            if a.step > 0 {
                assert_close("loss of the batch", a.batch_loss, b.batch_loss);
            }
        }
    });
}

/// What the GPU refuses the CPU does: here a function with more parameters than the GPU's rules hold.
#[test]
fn what_the_gpu_refuses_the_cpu_does() {
    with_gpu(|| {
        let mut desk = on_gpu(&small());
        desk.step(4);
        let before = desk.state();
        let formula = "tanh(z) + (a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9) * 0.001 * z";
        let formula = ActivationSpec::formula(formula);
        assert_eq!(formula.params.len(), 9);
        desk.edit(Edit::Activation(formula.clone()));
        assert!(desk.take_problems().is_empty());
        desk.step(4);
        let notices = desk.take_notices();
        assert!(
            notices.len() == 1 && notices[0].contains("a function of 9 parameters"),
            "{notices:?}"
        );
        assert_eq!(desk.take_kind(), Some(EngineKind::Cpu));
        let after = desk.state();
        assert_eq!((before.step, after.step), (4, 8));

        let mut cpu = Desk::new(&small(), FAST);
        cpu.step(4);
        cpu.edit(Edit::Activation(formula));
        cpu.step(4);
        assert_close("loss", after.loss, cpu.state().loss);
    });
}
