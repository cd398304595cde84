//! Every number of a few runs, for `tests/native_and_wasm.rs`, which compares those of this program compiled
//! for the machine with those of the same program compiled for WebAssembly.

use std::sync::Arc;

use actiscope_core::activation::{ActivationSpec, catalogue};
use actiscope_core::data::{DataSource, DataSpec};
use actiscope_core::nn::spec::{
    Initializer, Loss, NetworkSpec, Optimizer, PreluSharing, TrainingSpec,
};
use actiscope_core::protocol::{Event, JobId, JobSpec, Look, RunCommand, Sent, ToEngine, encode};
use actiscope_core::scenario::Edit;
use actiscope_engine::cpu::{CpuTrainer, LaneSpec};
use actiscope_engine::{Engine, Progress};
use fearless_simd::Level;

const N_STEPS: usize = 120;
const LOSSES: [Loss; 4] = [
    Loss::Mse,
    Loss::BceLogits,
    Loss::Focal {
        gamma: 2.0,
        alpha: 0.25,
    },
    Loss::SoftmaxCrossEntropy,
];
const OPTIMIZERS: [Optimizer; 5] = [
    Optimizer::Sgd,
    Optimizer::NESTEROV,
    Optimizer::RMSPROP,
    Optimizer::ADAM,
    Optimizer::ADAMW,
];

/// One case for each function of the catalogue, and a run with edits.
pub fn n_cases() -> usize {
    catalogue().len() + 1
}

/// Bits of the losses before each step and then of all parameters; for the run its events as bytes.
pub fn trace(case: usize) -> Vec<u32> {
    match catalogue().get(case) {
        Some(entry) => trace_trainer(case, ActivationSpec::new(entry.id)),
        None => trace_run(),
    }
}

fn trace_trainer(case: usize, activation: ActivationSpec) -> Vec<u32> {
    let data = DataSpec {
        standardize: true,
        ..DataSpec::plain(DataSource::Moons, 90, 0.2)
    };
    let data = data.generate(case as u32).expect("numbers in their ranges");
    let loss = LOSSES[case % LOSSES.len()];
    let spec = LaneSpec {
        network: NetworkSpec {
            n_inputs: 2,
            hidden: vec![9, 6],
            n_outputs: if loss == Loss::SoftmaxCrossEntropy {
                2
            } else {
                1
            },
            activation,
            layer_activations: Vec::new(),
            prelu_sharing: PreluSharing::Unit,
            batch_norm: case % 3 == 1,
            initializer: Initializer::HeNormal,
            gain: 1.0,
            given: None,
        },
        training: TrainingSpec {
            l1: 1e-4,
            l2: 1e-3,
            clip_norm: (case % 2 == 1).then_some(1.0),
            ..TrainingSpec::plain(loss, OPTIMIZERS[case % OPTIMIZERS.len()], 0.02, 20)
        },
        seed: case as u64,
    };
    let lanes = vec![spec];
    let mut trainer =
        CpuTrainer::new(Level::new(), Arc::new(data), case as u64, lanes).expect("a good lane");
    let mut bits = Vec::new();
    for _ in 0..N_STEPS {
        trainer.train(1);
        bits.push(bits_of(trainer.lanes()[0].batch_loss));
    }
    let state = &trainer.lanes()[0].state;
    bits.extend(state.params.iter().map(|&p| bits_of(p)));
    bits
}

/// Bits of a number; every NaN is one, for its payload is not promised.
fn bits_of(value: f32) -> u32 {
    if value.is_nan() {
        f32::NAN.to_bits()
    } else {
        value.to_bits()
    }
}

fn trace_run() -> Vec<u32> {
    const RUN: JobId = JobId(1);
    let mut engine = Engine::new();
    let mut n_sent = 0;
    let mut send = |engine: &mut Engine, message: ToEngine| {
        n_sent += 1;
        let number = n_sent;
        engine.handle(Sent { number, message });
    };
    let spec = JobSpec::Run {
        scenario: Box::default(),
        look: Look {
            unit_map_cells: 6,
            field_cells: 9,
            weights: true,
            extent: 1.2,
            ..Look::NOTHING
        },
        checkpoint: None,
    };
    send(&mut engine, ToEngine::Open { job: RUN, spec });
    let leaky = Edit::Activation(ActivationSpec::new("leaky_relu"));
    let commands = [
        RunCommand::Step(300),
        RunCommand::Edit(leaky),
        RunCommand::Step(2_000),
        RunCommand::Seek(250),
        RunCommand::ReviveDead,
        RunCommand::Step(60),
    ];
    let mut now_ms = 0.0;
    let mut clock = || {
        now_ms += 0.01;
        now_ms
    };
    let mut bytes = Vec::new();
    for command in commands {
        send(&mut engine, ToEngine::Run(RUN, command));
        send(&mut engine, ToEngine::Run(RUN, RunCommand::Shown));
        while engine.advance(100.0, &mut clock) == Progress::Busy {}
        for told in engine.take_events() {
            // The name of the instruction set is what may differ.
            if !matches!(told.event, Event::Engine(_)) {
                bytes.extend(encode(&told));
            }
        }
    }
    bytes.into_iter().map(u32::from).collect()
}

/// For a host of WebAssembly: traces through memory.
#[cfg(target_family = "wasm")]
mod exports {
    use std::cell::RefCell;

    thread_local! {
        static TRACE: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    }

    #[unsafe(no_mangle)]
    extern "C" fn n_cases() -> usize {
        super::n_cases()
    }

    /// Makes the trace of a case and returns its length.
    #[unsafe(no_mangle)]
    extern "C" fn make_trace(case: usize) -> usize {
        TRACE.with_borrow_mut(|trace| {
            *trace = super::trace(case);
            trace.len()
        })
    }

    /// Where the trace made last lies.
    #[unsafe(no_mangle)]
    extern "C" fn trace_address() -> *const u32 {
        TRACE.with_borrow(Vec::as_ptr)
    }
}
