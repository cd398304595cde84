//! Edits of a scenario: what a slider, a select or a link's reader does to it.

use serde::{Deserialize, Serialize};

use super::{Scenario, View};
use crate::activation::ActivationSpec;
use crate::data::{Axes, DataSpec};
use crate::nn::spec::{Initializer, Loss, NetworkSpec, Optimizer, Order, PreluSharing};

/// One change. The page and the engine apply the same edit to their own copy of the scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    Activation(ActivationSpec),
    /// Value of the activation's `index`-th parameter.
    ActivationParam {
        index: usize,
        value: f64,
    },
    LearningRate(f64),
    Optimizer(Optimizer),
    BatchSize(usize),
    Order(Order),
    Loss(Loss),
    ClassWeights(Vec<f64>),
    L1(f64),
    L2(f64),
    ClipNorm(Option<f64>),
    BatchNorm(bool),
    PreluSharing(PreluSharing),
    Initializer(Initializer),
    Gain(f64),
    Hidden(Vec<usize>),
    Data(DataSpec),
    Seed(u32),
    Layer(usize),
    Unit(Option<usize>),
    Axes(Axes),
    Speed(Option<f64>),
    /// All that is looked at, at once.
    View(View),
    /// Another scenario in place of this one, but for the view: what undoing does.
    Whole(Box<Scenario>),
}

/// What an edit asks of a running engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Effect {
    /// Only what is shown changes.
    View,
    /// The run goes on with its weights.
    Live,
    /// Shape, data or initial weights changed: the run begins anew.
    Restart,
}

impl Edit {
    /// Changes `scenario` and says what that asks of a run of it. Values are taken as they are:
    /// `Scenario::check` judges the result.
    pub fn apply(&self, scenario: &mut Scenario) -> Effect {
        let Scenario {
            network,
            training,
            view,
            data,
            seed,
        } = scenario;
        match self.clone() {
            Self::Activation(activation) => {
                // PReLU's alphas are parameters of the network, so that gaining or losing them is a
                // change of shape that an engine makes without touching the weights.
                network.activation = activation;
                Effect::Live
            }
            Self::ActivationParam { index, value } => {
                if let Some(param) = network.activation.params.get_mut(index) {
                    *param = value;
                }
                Effect::Live
            }
            Self::LearningRate(value) => live(&mut training.learning_rate, value),
            Self::Optimizer(value) => live(&mut training.optimizer, value),
            Self::BatchSize(value) => live(&mut training.batch_size, value),
            Self::Order(value) => live(&mut training.order, value),
            Self::ClassWeights(value) => live(&mut training.class_weights, value),
            Self::L1(value) => live(&mut training.l1, value),
            Self::L2(value) => live(&mut training.l2, value),
            Self::ClipNorm(value) => live(&mut training.clip_norm, value),
            Self::Loss(value) => {
                training.loss = value;
                // A loss that needs another number of outputs changes the shape.
                if scenario.fit_to_data() {
                    Effect::Restart
                } else {
                    Effect::Live
                }
            }
            Self::BatchNorm(value) => restart(&mut network.batch_norm, value),
            Self::PreluSharing(value) => restart(&mut network.prelu_sharing, value),
            Self::Initializer(value) => restart(&mut network.initializer, value),
            Self::Gain(value) => restart(&mut network.gain, value),
            Self::Hidden(value) => {
                network.hidden = value;
                scenario.clamp_view();
                Effect::Restart
            }
            Self::Data(mut value) => {
                value.source.share(&data.source);
                *data = value;
                scenario.fit_to_data();
                scenario.clamp_view();
                Effect::Restart
            }
            Self::Seed(value) => restart(seed, value),
            Self::Layer(value) => {
                view.layer = value;
                view.unit = None;
                scenario.clamp_view();
                Effect::View
            }
            Self::Unit(value) => {
                view.unit = value;
                scenario.clamp_view();
                Effect::View
            }
            Self::Axes(value) => {
                view.axes = value;
                scenario.clamp_view();
                Effect::View
            }
            Self::Speed(value) => {
                view.steps_per_second = value;
                Effect::View
            }
            Self::View(value) => {
                *view = value;
                scenario.clamp_view();
                Effect::View
            }
            Self::Whole(mut value) => {
                value.data.source.share(&scenario.data.source);
                let effect = scenario.effect_of_becoming(&value);
                let view = std::mem::take(&mut scenario.view);
                *scenario = Scenario { view, ..*value };
                scenario.clamp_view();
                effect
            }
        }
    }
}

fn live<T>(place: &mut T, value: T) -> Effect {
    *place = value;
    Effect::Live
}

fn restart<T>(place: &mut T, value: T) -> Effect {
    *place = value;
    Effect::Restart
}

impl Scenario {
    /// Sets `n_inputs` and `n_outputs` from the data and mends a loss that cannot judge its targets
    /// (classes need a cross-entropy or focal loss or MSE on 0/1, numbers need MSE or Huber).
    /// Returns whether the shape changed.
    pub fn fit_to_data(&mut self) -> bool {
        let shape = self.data.shape();
        self.training.loss = self.training.loss.fit_to(shape);
        let n_outputs = shape.n_outputs(self.training.loss);
        let before = (self.network.n_inputs, self.network.n_outputs);
        (self.network.n_inputs, self.network.n_outputs) = (shape.n_inputs, n_outputs);
        before != (shape.n_inputs, n_outputs)
    }

    /// What it asks of a run of this scenario to become one of `other`: `View` if they are the same but
    /// for what is looked at, `Live` if weights can be kept.
    pub fn effect_of_becoming(&self, other: &Self) -> Effect {
        let with_live = Self {
            network: NetworkSpec {
                activation: other.network.activation.clone(),
                ..self.network.clone()
            },
            training: other.training.clone(),
            ..self.clone()
        };
        if !with_live.is_same_run(other) {
            Effect::Restart
        } else if !self.is_same_run(other) {
            Effect::Live
        } else {
            Effect::View
        }
    }

    /// Equal but for what is looked at.
    pub fn is_same_run(&self, other: &Self) -> bool {
        let Self {
            seed,
            data,
            network,
            training,
            view: _,
        } = self;
        (seed, data, network, training)
            == (&other.seed, &other.data, &other.network, &other.training)
    }

    /// Keeps the view on a layer, a unit and inputs that exist.
    fn clamp_view(&mut self) {
        let hidden = &self.network.hidden;
        self.view.layer = self.view.layer.min(hidden.len().saturating_sub(1));
        let n_units = hidden.get(self.view.layer).copied().unwrap_or(0);
        self.view.unit = self.view.unit.filter(|&unit| unit < n_units);
        if !self.view.axes.fit(self.network.n_inputs) {
            self.view.axes = Axes::default();
        }
    }
}
