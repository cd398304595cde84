//! Jobs: what a run does is a function of its scenario, its edits and the steps at which they were
//! made, whatever the machine's pace, and whatever was looked at, sought or resumed.

mod desk;
mod doctor;
mod edits;
mod engine_choice;
mod events;
mod fleets;
mod going_back;
mod gpu;
mod handing;
mod looking;
mod numbers;
mod odd;
mod remedies;
mod starts;
mod stopping;
mod story;
mod telling;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::data::DataSource;
use actiscope_core::nn::spec::{Loss, Optimizer};
use actiscope_core::scenario::{Edit, Scenario, Setting};

/// A few scenarios that differ in what a state holds, at learning rates that let them live through any
/// edit of these tests.
fn scenarios() -> Vec<Scenario> {
    let mut default = Scenario::default();
    default.training.learning_rate = 0.2;
    let with = |edits: &[Edit]| {
        let mut scenario = default.clone();
        for edit in edits {
            edit.apply(&mut scenario);
        }
        scenario
    };
    vec![
        default.clone(),
        with(&[
            Edit::Activation(ActivationSpec::new("prelu")),
            Edit::Optimizer(Optimizer::ADAM),
            Edit::Set(Setting::LearningRate, 0.02),
            Edit::Hidden(vec![5, 3]),
        ]),
        with(&[
            Edit::Set(Setting::BatchNorm, 1.0),
            Edit::Optimizer(Optimizer::RMSPROP),
            Edit::Set(Setting::LearningRate, 0.01),
            Edit::Set(Setting::BatchSize, 30.0),
            Edit::Set(Setting::ClipNorm, 1.0),
        ]),
        with(&[
            Edit::Activation(ActivationSpec::new("tanh")),
            Edit::Optimizer(Optimizer::NESTEROV),
            Edit::Loss(Loss::SoftmaxCrossEntropy),
            Edit::Set(Setting::LearningRate, 0.05),
            Edit::Set(Setting::L2, 0.001),
        ]),
        {
            let mut sine = default.clone();
            sine.data.source = DataSource::Sine;
            sine.data.test_share = 0.25;
            sine.fit_to_data();
            sine.training.learning_rate = 0.05;
            sine
        },
    ]
}
