//! The default scenario, its checks, ranges and edits.

use actiscope_core::activation::{ActivationSpec, Function};
use actiscope_core::data::{DataSource, DataSpec};
use actiscope_core::nn::schedule::{Annealing, Schedule};
use actiscope_core::nn::spec::{Initializer, Loss, Optimizer, Order, PreluSharing};
use actiscope_core::scenario::{
    Chosen, Edit, Effect, Scenario, Setting, near_names, ranges, unknown_name,
};
use expect_test::{Expect, expect};

fn leaky(alpha: f64) -> ActivationSpec {
    ActivationSpec {
        function: Function::Catalogue("leaky_relu".into()),
        params: vec![alpha],
    }
}

#[test]
fn the_default_passes_and_fits_its_data() {
    let scenario = Scenario::default();
    scenario.check().expect("the default is a scenario");
    let mut fitted = scenario.clone();
    assert!(!fitted.fit_to_data());
    assert_eq!(fitted, scenario);
}

/// What `Scenario::check` says of the default with one change.
fn check(change: impl FnOnce(&mut Scenario), expect: Expect) {
    let mut scenario = Scenario::default();
    change(&mut scenario);
    let text = match scenario.check() {
        Ok(()) => "ok".into(),
        Err(errors) => {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            lines.join("\n")
        }
    };
    expect.assert_eq(&text);
}

#[test]
fn every_range_is_kept() {
    check(
        |s| s.training.learning_rate = 12.0,
        expect!["Learning rate: 12 is out of range: choose 0.0001 to 10"],
    );
    check(
        |s| s.training.learning_rate = f64::NAN,
        expect!["Learning rate: NaN is out of range: choose 0.0001 to 10"],
    );
    check(
        |s| s.training.batch_size = 0,
        expect!["Batch size: 0 is out of range: choose a whole number from 1 to 256"],
    );
    check(
        |s| s.data.n_samples = 20_000,
        expect!["Samples: 20000 is out of range: choose a whole number from 10 to 10000"],
    );
    check(
        |s| s.data.noise = -0.1,
        expect!["Noise: -0.1 is out of range: choose 0 to 0.5"],
    );
    check(
        |s| s.data.test_share = 1.0,
        expect!["Test share: 1 is out of range: choose 0 to 0.9"],
    );
    check(
        |s| s.network.hidden = vec![8, 0, 200],
        expect![[r#"
        Layers and units: 0 units in layer 2 is out of range: choose a whole number from 1 to 128
        Layers and units: 200 units in layer 3 is out of range: choose a whole number from 1 to 128"#]],
    );
    check(
        |s| s.network.hidden = vec![8; 33],
        expect!["Layers and units: 33 layers is out of range: choose a whole number from 1 to 32"],
    );
    check(
        |s| s.network.hidden = vec![],
        expect!["Layers and units: 0 layers is out of range: choose a whole number from 1 to 32"],
    );
    check(
        |s| s.network.gain = 0.0,
        expect!["Gain: 0 is out of range: choose 0.01 to 10"],
    );
    check(
        |s| s.network.initializer = Initializer::Uniform { a: -1.0 },
        expect!["Initializer: a -1 is out of range: choose 0.001 to 10"],
    );
    check(
        |s| s.network.activation = leaky(f64::INFINITY),
        expect!["Activation: alpha inf is out of range: choose 0 to 1"],
    );
    check(
        |s| s.network.activation.params = vec![1.0],
        expect!["Activation: 1 values for the parameters []: give one each"],
    );
    check(
        |s| s.training.optimizer = Optimizer::Momentum { momentum: 1.0 },
        expect!["Optimizer: momentum 1 is out of range: choose 0 to 0.999"],
    );
    check(
        |s| {
            s.training.loss = Loss::Focal {
                gamma: -1.0,
                alpha: 2.0,
            }
        },
        expect![[r#"
            Loss: gamma -1 is out of range: choose 0 to 10
            Loss: alpha 2 is out of range: choose 0 to 1"#]],
    );
    check(
        |s| s.training.l1 = 2.0,
        expect!["L1: 2 is out of range: choose 0 to 1"],
    );
    check(
        |s| s.training.l2 = -1.0,
        expect!["L2: -1 is out of range: choose 0 to 1"],
    );
    check(
        |s| s.training.clip_norm = Some(0.0),
        expect!["Gradient norm limit: 0 is out of range: choose 0.001 to 1000"],
    );
    check(
        |s| s.training.dropout = 1.0,
        expect!["Dropout: 1 is out of range: choose 0 to 0.9"],
    );
    check(
        |s| {
            s.training.schedule = Schedule {
                warm_up: 1_000_000,
                annealing: Annealing::Step {
                    every: 2.5,
                    factor: 0.0,
                },
            };
        },
        expect![[r#"
            Schedule: every 2.5 is out of range: choose a whole number from 1 to 1000000
            Schedule: factor 0 is out of range: choose 0.01 to 1
            Warm-up: 1000000 is out of range: choose a whole number from 0 to 100000"#]],
    );
    check(
        |s| s.network.layer_activations = vec![None, Some(leaky(3.0))],
        expect!["Activations by layer: alpha 3 is out of range: choose 0 to 1"],
    );
    check(
        |s| s.view.steps_per_second = Some(1e9),
        expect!["Steps a second: 1e9 is out of range: choose a whole number from 1 to 100000"],
    );
}

#[test]
fn parts_must_fit_each_other() {
    check(
        |s| s.data.source = DataSource::Sine,
        expect![[r#"
        Data set: the network has 2 inputs and 1 outputs, but data and loss ask for 1 and 1: set them so
        Loss: Binary cross-entropy cannot judge numbers: choose Mean squared error"#]],
    );
    check(
        |s| s.network.n_inputs = 3,
        expect![
            "Data set: the network has 3 inputs and 1 outputs, but data and loss ask for 2 and 1: set them so"
        ],
    );
    check(
        |s| s.training.class_weights = vec![1.0; 3],
        expect!["Class weights: 3 weights: give one to each of 2 classes"],
    );
    check(
        |s| s.training.class_weights = vec![0.0, 0.0],
        expect!["Class weights: all are 0, so that no sample counts: make one larger"],
    );
    check(
        |s| {
            s.training.loss = Loss::Mse;
            s.training.class_weights = vec![1.0, 2.0];
        },
        expect!["Class weights: Mean squared error takes none: leave them out"],
    );
    check(
        |s| {
            s.network.batch_norm = true;
            s.training.batch_size = 1;
        },
        expect![
            "Batch size: BatchNorm has no variance to divide by in batches of 1: choose 2 or more"
        ],
    );
    check(
        |s| s.view.layer = 3,
        expect!["Layer shown: there is no layer 4: choose 1 to 3"],
    );
    check(
        |s| s.view.unit = Some(8),
        expect!["Unit shown: there is no unit 9: choose 1 to 8"],
    );
    check(
        |s| s.data.source = DataSource::Csv("a,b,label\n1,2,0\n1,x,1\n1,3,1".into()),
        expect![
            "Table: 1 row of 3 cannot be used whole, the first because line 3 has 'x' in b: leave such rows out, or fill the gaps"
        ],
    );
    check(
        |s| s.data.source = DataSource::Csv("a,b,label\n1,2,0\n1,3,1".into()),
        expect!["ok"],
    );
    check(
        |s| s.network.activation.function = Function::Catalogue("rely".into()),
        expect!["Activation: there is no such function: did you mean relu?"],
    );
    check(
        |s| s.network.activation.function = Function::Formula("where(z".into()),
        expect![
            "Formula: column 8: a comma or a closing parenthesis is missing here: the formula ends too early"
        ],
    );
    check(
        |s| s.network.activation.function = Function::Formula("z".repeat(2_001)),
        expect![
            "Formula: column 1: the formula has 2001 bytes, 2000 are allowed: shorten it or give a part of it up"
        ],
    );
}

#[test]
fn every_choice_is_in_its_table_with_values_in_range() {
    fn walk<T: Chosen + std::fmt::Debug + PartialEq>() {
        for entry in T::table() {
            assert_eq!(T::from_id(entry.id).as_ref(), Some(&entry.value));
            assert_eq!(entry.value.id(), entry.id, "each variant stands once");
            for (setting, value) in entry.value.params() {
                let name = setting.key();
                assert!(
                    setting.range().contains(value),
                    "{}: {name} {value}",
                    entry.id
                );
            }
        }
    }
    walk::<Optimizer>();
    walk::<Loss>();
    walk::<Initializer>();
    // `Chosen::entry` relies on it: a variant that is added here must be added there.
    let (optimizers, losses, initializers) = (
        |o| match o {
            Optimizer::Sgd | Optimizer::Momentum { .. } | Optimizer::Nesterov { .. } => 6,
            Optimizer::RmsProp { .. } | Optimizer::Adam { .. } | Optimizer::AdamW { .. } => 6,
        },
        |l| match l {
            Loss::Mse | Loss::BceLogits | Loss::SoftmaxCrossEntropy => 7,
            Loss::Focal { .. } | Loss::Huber { .. } => 7,
            Loss::SigmoidMse | Loss::ReluMse => 7,
        },
        |i| match i {
            Initializer::HeNormal | Initializer::HeUniform | Initializer::GlorotNormal => 9,
            Initializer::GlorotUniform | Initializer::LecunNormal => 9,
            Initializer::LecunUniform | Initializer::Uniform { .. } => 9,
            Initializer::Zeros | Initializer::Orthogonal => 9,
        },
    );
    assert_eq!(Optimizer::table().len(), optimizers(Optimizer::Sgd));
    assert_eq!(Loss::table().len(), losses(Loss::Mse));
    assert_eq!(Initializer::table().len(), initializers(Initializer::Zeros));
}

const NUMBERS: [Setting; 23] = [
    Setting::Samples,
    Setting::Noise,
    Setting::TestShare,
    Setting::Depth,
    Setting::Width,
    Setting::Gain,
    Setting::Bound,
    Setting::LearningRate,
    Setting::BatchSize,
    Setting::L1,
    Setting::L2,
    Setting::ClipNorm,
    Setting::Dropout,
    Setting::Momentum,
    Setting::SquareDecay,
    Setting::Beta1,
    Setting::Beta2,
    Setting::Eps,
    Setting::WeightDecay,
    Setting::FocalGamma,
    Setting::FocalAlpha,
    Setting::HuberDelta,
    Setting::Speed,
];

#[test]
fn slider_stops_rise_from_end_to_end() {
    let numbers = NUMBERS.map(|setting| (setting.label(), setting.range()));
    for (label, range) in numbers
        .into_iter()
        .chain([("weight", ranges::CLASS_WEIGHT)])
    {
        let stops = range.stops();
        assert!(stops.is_sorted_by(|a, b| a < b), "{}: {stops:?}", label);
        assert_eq!((stops[0], stops[stops.len() - 1]), (range.low, range.high));
        for (i, &stop) in stops.iter().enumerate() {
            assert!(range.contains(stop), "{}: {stop}", label);
            assert_eq!(range.nearest_stop(stop), i, "{}: {stop}", label);
        }
    }
}

#[test]
fn defaults_stand_on_slider_stops() {
    let scenario = Scenario::default();
    for (setting, value) in [
        (Setting::LearningRate, scenario.training.learning_rate),
        (Setting::Noise, scenario.data.noise),
        (Setting::BatchSize, scenario.training.batch_size as f64),
        (Setting::Gain, scenario.network.gain),
    ] {
        assert!(
            setting.range().stops().contains(&value),
            "{}: {value}",
            setting.label()
        );
    }
}

#[test]
fn stops_are_round_numbers() {
    let decade: Vec<f64> = Setting::LearningRate
        .range()
        .stops()
        .into_iter()
        .filter(|v| (0.01..0.1).contains(v))
        .collect();
    expect!["[0.01, 0.011, 0.012, 0.014, 0.016, 0.018, 0.02, 0.022, 0.025, 0.028, 0.03, 0.035, 0.04, 0.045, 0.05, 0.055, 0.06, 0.07, 0.08, 0.09]"]
        .assert_eq(&format!("{decade:?}"));
    expect![["[0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9]"]]
        .assert_eq(&format!("{:?}", Setting::TestShare.range().stops()));
    expect!["[10.0, 11.0, 12.0, 14.0, 16.0, 18.0, 20.0, 22.0, 25.0, 28.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 70.0, 80.0, 90.0, 100.0, 110.0, 120.0, 140.0, 160.0, 180.0, 200.0, 220.0, 250.0, 280.0, 300.0, 350.0, 400.0, 450.0, 500.0, 550.0, 600.0, 700.0, 800.0, 900.0, 1000.0, 1100.0, 1200.0, 1400.0, 1600.0, 1800.0, 2000.0, 2200.0, 2500.0, 2800.0, 3000.0, 3500.0, 4000.0, 4500.0, 5000.0, 5500.0, 6000.0, 7000.0, 8000.0, 9000.0, 10000.0]"].assert_eq(&format!("{:?}", Setting::Samples.range().stops()));
    let check = |setting: Setting, value: f64, stop: f64| {
        let range = setting.range();
        assert_eq!(range.stops()[range.nearest_stop(value)], stop, "{value}");
    };
    check(Setting::LearningRate, 0.0307, 0.03);
    check(Setting::LearningRate, 99.0, 10.0);
    check(Setting::LearningRate, f64::NAN, 1e-4);
    check(Setting::L1, 1e-9, 0.0);
    check(Setting::BatchSize, 16.4, 16.0);
}

#[test]
fn edits_in_words() {
    let check =
        |edit: Edit, expect: Expect| expect.assert_eq(&edit.describe_in(&Scenario::default()));
    check(
        Edit::Set(Setting::LearningRate, 0.03),
        expect!["learning rate 0.03"],
    );
    check(
        Edit::Activation(leaky(0.01)),
        expect!["activation Leaky ReLU, alpha 0.01"],
    );
    check(
        Edit::LayerActivations(vec![None, Some(leaky(0.1))]),
        expect!["layer 2: Leaky ReLU, alpha 0.1"],
    );
    check(
        Edit::LayerActivations(Vec::new()),
        expect!["one activation for all layers"],
    );
    check(Edit::Set(Setting::Dropout, 0.5), expect!["dropout 0.5"]);
    check(Edit::Set(Setting::WarmUp, 200.0), expect!["warm-up 200"]);
    let step = Annealing::Step {
        every: 500.0,
        factor: 0.5,
    };
    check(
        Edit::Annealing(step),
        expect!["schedule Step, steps between falls 500, factor of a fall 0.5"],
    );
    check(
        Edit::Set(Setting::StepFactor, 0.3),
        expect!["factor of a fall 0.3"],
    );
    check(
        Edit::Optimizer(Optimizer::ADAM),
        expect!["optimizer Adam, beta 1 0.9, beta 2 0.999, epsilon 1e-8"],
    );
    check(
        Edit::Loss(Loss::Focal {
            gamma: 2.0,
            alpha: 0.25,
        }),
        expect!["loss Focal, focus 2, weight of positives 0.25"],
    );
    check(
        Edit::Initializer(Initializer::HeNormal),
        expect!["initializer He normal"],
    );
    check(
        Edit::Set(Setting::ClipNorm, 1.0),
        expect!["gradient norm at most 1"],
    );
    check(
        Edit::Order(Order::Sequential),
        expect!["samples in their own order"],
    );
    check(
        Edit::PreluSharing(PreluSharing::Unit),
        expect!["one alpha a unit"],
    );
    check(Edit::Hidden(vec![16, 4]), expect!["hidden layers 16-4"]);
    check(Edit::Unit(Some(0)), expect!["looking at unit 1"]);
    check(
        Edit::Data(DataSpec {
            source: DataSource::Moons,
            test_share: 0.3,
            standardize: true,
            ..Scenario::default().data
        }),
        expect!["data Moons, 256 samples, noise 0.1, 30 % for testing, standardized"],
    );
    let param = Edit::Set(Setting::Param(0), 0.2);
    check(param.clone(), expect!["parameter 1 of the activation 0.2"]);
    let mut scenario = Scenario::default();
    scenario.network.activation = leaky(0.01);
    assert_eq!(param.describe_in(&scenario), "alpha 0.2");
}

#[test]
fn edits_say_what_they_ask_of_a_run() {
    let check = |edit: Edit, effect: Effect| {
        let mut scenario = Scenario::default();
        assert_eq!(edit.apply(&mut scenario), effect, "{edit:?}");
        assert_ne!(scenario, Scenario::default(), "{edit:?}");
        scenario
            .check()
            .unwrap_or_else(|errors| panic!("{edit:?}: {errors:?}"));
    };
    check(Edit::Set(Setting::LearningRate, 0.5), Effect::Live);
    check(Edit::Order(Order::Sequential), Effect::Live);
    check(Edit::Activation(leaky(0.1)), Effect::Live);
    check(Edit::LayerActivations(vec![Some(leaky(0.1))]), Effect::Live);
    check(Edit::Set(Setting::Dropout, 0.5), Effect::Live);
    check(Edit::Loss(Loss::Mse), Effect::Live);
    check(Edit::Loss(Loss::SoftmaxCrossEntropy), Effect::Restart);
    check(Edit::Hidden(vec![4]), Effect::Restart);
    check(Edit::Set(Setting::Seed, 3.0), Effect::Restart);
    check(Edit::Layer(2), Effect::View);
    check(
        Edit::Data(DataSpec {
            source: DataSource::Sine,
            ..Scenario::default().data
        }),
        Effect::Restart,
    );
}

#[test]
fn resetting_any_setting_of_the_default_changes_nothing() {
    for setting in Setting::all() {
        let mut scenario = Scenario::default();
        setting.reset(&mut scenario);
        assert_eq!(scenario, Scenario::default(), "{setting:?}");
    }
}

#[test]
fn near_names_are_near() {
    let names = ["relu", "relu6", "leaky_relu", "tanh", "hard_tanh", "gelu"];
    let check =
        |wanted: &str, expect: Expect| expect.assert_eq(&near_names(wanted, names).join(" "));
    check("relu", expect!["relu gelu relu6"]);
    check("Leaky-ReLU", expect!["leaky_relu relu"]);
    check("leakyrelu", expect!["leaky_relu relu"]);
    check("tahn", expect!["tanh"]);
    check("", expect![""]);
    check("banana", expect![""]);
    let unknown =
        |wanted: &str, expect: Expect| expect.assert_eq(&unknown_name("function", wanted, names));
    unknown(
        "banana",
        expect!["there is no such function: choose relu, relu6, leaky_relu, tanh, hard_tanh, gelu"],
    );
    unknown(
        "tanhh",
        expect!["there is no such function: did you mean tanh?"],
    );
    unknown(
        "elu",
        expect!["there is no such function: did you mean gelu or relu or relu6?"],
    );
}
