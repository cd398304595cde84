//! Whatever comes, nothing panics.

use actiscope_core::activation::{ActivationSpec, Function};
use actiscope_core::data::DataSource;
use actiscope_core::health::Health;
use actiscope_core::health::story::StoryRequest;
use actiscope_core::nn::spec::{Initializer, Loss, Optimizer, PreluSharing};
use actiscope_core::protocol::{Look, RunCommand};
use actiscope_core::scenario::{Edit, Scenario, Setting};
use proptest::prelude::*;

use super::desk::{Desk, FAST, SLOW};

/// Trains a little, looks, goes back, revives; a scenario that is refused is fine too.
fn check(scenario: Scenario, n_steps: u32) {
    let mut desk = Desk::new(&scenario, FAST);
    desk.send(RunCommand::Look(Look {
        unit_map_cells: 3,
        field_cells: 3,
        weights: true,
        extent: 2.0,
        ..Look::NOTHING
    }));
    if !desk.take_problems().is_empty() {
        return;
    }
    desk.step(n_steps);
    desk.snapshot();
    desk.send(RunCommand::ReviveDead);
    desk.seek(u64::from(n_steps / 2));
    desk.snapshot();
    desk.edit(Edit::Activation(ActivationSpec::new("prelu")));
    desk.step(2);
    desk.snapshot();
}

#[test]
fn odd_scenarios() {
    let scenario = |change: &dyn Fn(&mut Scenario)| {
        let mut scenario = Scenario::default();
        change(&mut scenario);
        scenario.fit_to_data();
        scenario
    };
    check(scenario(&|s| s.network.hidden = vec![1]), 50);
    check(scenario(&|s| s.training.batch_size = 1), 50);
    check(scenario(&|s| s.training.batch_size = 10_000), 50);
    check(scenario(&|s| s.data.n_samples = 2), 50);
    check(scenario(&|s| s.data.n_samples = 10_000), 5);
    check(scenario(&|s| s.network.hidden = vec![128; 32]), 2);
    check(
        scenario(&|s| s.network.initializer = Initializer::Zeros),
        50,
    );
    for learning_rate in [0.0, 1e-30, 10.0, 1e30, f64::INFINITY, f64::NAN] {
        for optimizer in [Optimizer::Sgd, Optimizer::ADAM, Optimizer::RMSPROP] {
            check(
                scenario(&|s| {
                    s.training.learning_rate = learning_rate;
                    s.training.optimizer = optimizer;
                }),
                50,
            );
        }
    }
    for formula in [
        "1 / z",
        "log(z)",
        "exp(exp(z))",
        "z * z * z",
        "floor(z)",
        "0",
        "1e30 * z",
    ] {
        check(
            scenario(&|s| {
                s.network.activation = ActivationSpec {
                    function: Function::Formula(formula.into()),
                    params: Vec::new(),
                };
            }),
            50,
        );
    }
    let csv = "a,b,c,y\n1,2,3,x\n4,5,6,y\n7,8,9,z\n1,0,2,x\n";
    check(
        scenario(&|s| s.data.source = DataSource::Csv(csv.into())),
        50,
    );
    check(
        scenario(&|s| s.data.source = DataSource::Csv("not a table".into())),
        50,
    );
    check(
        scenario(&|s| {
            s.network.batch_norm = true;
            s.training.batch_size = 2;
            s.data.n_samples = 3;
        }),
        50,
    );
}

fn edits() -> impl Strategy<Value = Edit> {
    let number = prop_oneof![
        Just(0.0),
        Just(-1.0),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(1e-300),
        Just(1e300),
        0.0..2.0,
    ];
    let number = || number.clone();
    prop_oneof![
        number().prop_map(|value| Edit::Set(Setting::LearningRate, value)),
        (0_usize..300).prop_map(|n| Edit::Set(Setting::BatchSize, n as f64)),
        (0_usize..3, number()).prop_map(|(index, value)| Edit::Set(Setting::Param(index), value)),
        prop::sample::select(vec!["relu", "prelu", "elu", "sine", "swish", "nothing"])
            .prop_map(|id| Edit::Activation(ActivationSpec::new(id))),
        prop::collection::vec(0_usize..6, 0..4).prop_map(Edit::Hidden),
        prop::sample::select(vec![
            Loss::Mse,
            Loss::BceLogits,
            Loss::SoftmaxCrossEntropy,
            Loss::Huber { delta: 1.0 },
        ])
        .prop_map(Edit::Loss),
        prop::sample::select(vec![Optimizer::Sgd, Optimizer::ADAM, Optimizer::RMSPROP])
            .prop_map(Edit::Optimizer),
        prop::collection::vec(number(), 0..4).prop_map(Edit::ClassWeights),
        number().prop_map(|value| Edit::Set(Setting::L1, value)),
        number().prop_map(|value| Edit::Set(Setting::Gain, value)),
        number().prop_map(|value| Edit::Set(Setting::ClipNorm, value)),
        any::<bool>().prop_map(|is_on| Edit::Set(Setting::BatchNorm, f64::from(u8::from(is_on)))),
        any::<u32>().prop_map(|seed| Edit::Set(Setting::Seed, f64::from(seed))),
        (0_usize..9).prop_map(Edit::Layer),
        prop::option::of(0_usize..9).prop_map(Edit::Unit),
        number().prop_map(|value| Edit::Set(Setting::Speed, value)),
        Just(Edit::PreluSharing(PreluSharing::Unit)),
    ]
}

fn commands() -> impl Strategy<Value = RunCommand> {
    prop_oneof![
        6 => edits().prop_map(RunCommand::Edit),
        2 => (0_u32..120).prop_map(RunCommand::Step),
        1 => Just(RunCommand::Train),
        1 => Just(RunCommand::Pause),
        1 => Just(RunCommand::Reset),
        2 => (0_u64..400).prop_map(RunCommand::Seek),
        1 => Just(RunCommand::ReviveDead),
        1 => Just(RunCommand::TakeBackRevival),
        1 => Just(RunCommand::Shown),
        2 => (0_usize..4, 0_usize..5, 0_u64..400, any::<bool>()).prop_map(|(layer, unit, step, dead)| {
            let to = dead.then_some(Health::Dead);
            RunCommand::Explain(StoryRequest { layer, unit, step, to })
        }),
        1 => (0_usize..400, 0_usize..400, any::<f32>()).prop_map(|(maps, field, extent)| {
            RunCommand::Look(Look {
                unit_map_cells: maps,
                field_cells: field,
                weights: maps % 2 == 0,
                extent,
                ..Look::NOTHING
            })
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn any_commands_in_any_order(commands in prop::collection::vec(commands(), 1..40)) {
        let mut scenario = Scenario::default();
        scenario.network.hidden = vec![4, 3];
        let mut desk = Desk::new(&scenario, SLOW);
        for command in commands {
            desk.send(command);
            desk.advance();
            desk.advance();
        }
        desk.send(RunCommand::Pause);
        desk.settle();
        desk.snapshot();
    }
}

/// Keys come faster than steps are made.
#[test]
fn steps_asked_for_at_once_are_all_made() {
    let mut desk = Desk::new(&Scenario::default(), SLOW);
    for n in [1, 2, 1] {
        desk.send(RunCommand::Step(n));
    }
    desk.settle();
    assert_eq!(desk.state().step, 4);
}
