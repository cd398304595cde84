//! Which engine trains where the engine is left to choose. A software adapter passes for hardware here, and by the
//! clock of these tests it is the GPU alone that takes time.

use actiscope_core::protocol::{
    EngineChoice, EngineInfo, EngineKind, Event, JobId, JobSpec, Look, RunCommand, Sent, ToEngine,
    Why,
};
use actiscope_core::scenario::{Edit, Scenario, Setting};
use actiscope_engine::Engine;
use actiscope_engine::gpu::GpuDevice;
use actiscope_engine::wait::wait;

/// Milliseconds that each answer of the GPU takes, and each look at the clock.
const ANSWER_MS: f64 = 3.0;
const LOOK_MS: f64 = 0.001;

/// An engine with a device that passes for hardware.
struct Choosing {
    engine: Engine,
    device: GpuDevice,
    n_looks: u64,
    n_sent: u64,
    info: Option<EngineInfo>,
}

const RUN: JobId = JobId(1);

impl Choosing {
    /// `None` where there is no adapter at all.
    fn new(scenario: &Scenario) -> Option<Self> {
        let device = match wait(GpuDevice::open()) {
            Ok(device) => device,
            Err(error) if std::env::var_os("CI").is_some() => panic!("{error}"),
            Err(error) => {
                eprintln!("SKIPPED, for this machine has no adapter: {error}");
                return None;
            }
        };
        device.pass_for_hardware();
        let mut choosing = Self {
            engine: Engine::new(),
            device: device.clone(),
            n_looks: 0,
            n_sent: 0,
            info: None,
        };
        let spec = JobSpec::Run {
            scenario: Box::new(scenario.clone()),
            look: Look {
                extent: 1.0,
                ..Look::NOTHING
            },
            checkpoint: None,
        };
        choosing.send(ToEngine::Open { job: RUN, spec });
        choosing.send(ToEngine::Use(EngineChoice::Auto));
        assert!(choosing.engine.wants_device());
        choosing.advance();
        assert_eq!(choosing.info().why, Why::Looking);
        choosing.engine.take_device(Ok(device));
        Some(choosing)
    }

    fn send(&mut self, message: ToEngine) {
        self.n_sent += 1;
        let number = self.n_sent;
        wait(self.engine.handle_async(Sent { number, message }));
    }

    fn step(&mut self, n: u32) {
        self.send(ToEngine::Run(RUN, RunCommand::Step(n)));
        while self.engine.run(RUN).is_some_and(|run| run.is_training()) {
            self.advance();
        }
    }

    fn advance(&mut self) {
        let (device, n_looks) = (&self.device, &mut self.n_looks);
        self.engine.advance(20.0, &mut || {
            *n_looks += 1;
            ANSWER_MS * device.n_readbacks() as f64 + LOOK_MS * *n_looks as f64
        });
    }

    /// What was told last of the engine.
    fn info(&mut self) -> EngineInfo {
        for told in self.engine.take_events() {
            if let Event::Engine(info) = told.event {
                self.info = Some(info);
            }
        }
        self.info.clone().expect("what trains is told")
    }
}

fn scenario(steps_per_second: Option<f64>) -> Scenario {
    let mut scenario = Scenario::default();
    scenario.network.hidden = vec![4];
    scenario.view.steps_per_second = steps_per_second;
    scenario
}

#[test]
fn at_full_speed_the_faster_engine_takes_the_job() {
    let Some(mut choosing) = Choosing::new(&scenario(None)) else {
        return;
    };
    choosing.step(300);
    let info = choosing.info();
    assert_eq!((info.kind, &info.why), (EngineKind::Cpu, &Why::Faster));
    let (cpu, gpu) = (info.rates.cpu, info.rates.gpu);
    assert!(
        gpu.is_some_and(|gpu| gpu > 0.0) && cpu > gpu,
        "{cpu:?} {gpu:?}"
    );
    // It was asked whether it keeps up, and no more.
    let n_asked = choosing.device.n_readbacks();
    assert!((1..20).contains(&n_asked), "{n_asked}");

    // Known by now: another run of this shape asks no more.
    choosing.send(ToEngine::Run(RUN, RunCommand::Reset));
    choosing.step(20);
    assert_eq!(choosing.device.n_readbacks(), n_asked);

    choosing.send(ToEngine::Use(EngineChoice::Gpu));
    choosing.step(3);
    let info = choosing.info();
    assert_eq!((info.kind, &info.why), (EngineKind::Gpu, &Why::Chosen));

    // Each of these steps is probed, and the GPU is read a few times.
    let n_asked = choosing.device.n_readbacks();
    choosing.step(300);
    let n_asked = choosing.device.n_readbacks() - n_asked;
    assert!((1..100).contains(&n_asked), "{n_asked}");
}

#[test]
fn a_gpu_that_keeps_the_speed_asked_for_stays() {
    let Some(mut choosing) = Choosing::new(&scenario(Some(1.0))) else {
        return;
    };
    choosing.advance();
    let info = choosing.info();
    let keeps_up = Why::KeepsUp { asked: 1.0 };
    assert_eq!((info.kind, &info.why), (EngineKind::Gpu, &keeps_up));
    assert!(info.rates.cpu.is_some() && info.rates.gpu.is_some());

    choosing.send(ToEngine::Run(
        RUN,
        RunCommand::Edit(Edit::Set(Setting::Speed, f64::INFINITY)),
    ));
    choosing.advance();
    let info = choosing.info();
    assert_eq!((info.kind, &info.why), (EngineKind::Cpu, &Why::Faster));
}
