//! Edits of a scenario: what a slider, a select or a link's reader does to it.

use serde::{Deserialize, Serialize};

use super::{Scenario, Setting, View};
use crate::activation::ActivationSpec;
use crate::data::{Axes, DataSpec, Resampling, TargetKind};
use crate::nn::given::Given;
use crate::nn::schedule::Annealing;
use crate::nn::spec::{Initializer, Loss, NetworkSpec, Optimizer, Order, PreluSharing};

/// One change. The page and the engine apply the same edit to their own copy of the scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// A number, as [`Setting::set`] takes it: 1 or 0 for a switch, infinity for no limit.
    Set(Setting, f64),
    /// Of the layers that have none of their own.
    Activation(ActivationSpec),
    /// Of hidden layers: `None` for the common one.
    LayerActivations(Vec<Option<ActivationSpec>>),
    Optimizer(Optimizer),
    Annealing(Annealing),
    Order(Order),
    Loss(Loss),
    ClassWeights(Vec<f64>),
    /// Of hidden layers, then the output: `None` for the common one.
    LayerRates(Vec<Option<f64>>),
    PreluSharing(PreluSharing),
    Initializer(Initializer),
    /// Weights to begin with in place of drawn ones.
    Given(Option<Given>),
    Hidden(Vec<usize>),
    Data(DataSpec),
    Resampling(Resampling),
    Layer(usize),
    Unit(Option<usize>),
    Axes(Axes),
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
        let effect = self.make(scenario);
        scenario.network.keep_given_that_fit();
        effect
    }

    fn make(&self, scenario: &mut Scenario) -> Effect {
        let Scenario {
            network,
            training,
            view,
            data,
            ..
        } = scenario;
        match self.clone() {
            Self::Set(setting, value) => {
                if matches!(setting, Setting::Gain | Setting::Bound) {
                    network.given = None;
                }
                return setting.set(scenario, value);
            }
            // PReLU's alphas are parameters of the network, so that gaining or losing them is a change of
            // shape that an engine makes without touching the weights.
            Self::Activation(value) => network.activation = value,
            Self::LayerActivations(value) => network.layer_activations = value,
            Self::Annealing(value) => training.schedule.annealing = value,
            Self::Optimizer(value) => training.optimizer = value,
            Self::Order(value) => training.order = value,
            Self::ClassWeights(value) => training.class_weights = value,
            Self::LayerRates(value) => training.layer_rates = value,
            Self::PreluSharing(value) => network.prelu_sharing = value,
            // Who chooses how weights are drawn has them drawn.
            Self::Initializer(value) => {
                (network.initializer, network.given) = (value, None);
            }
            Self::Given(value) => network.given = value,
            Self::Hidden(value) => network.hidden = value,
            Self::Loss(value) => {
                training.loss = value;
                scenario.fit_weights();
                // A loss that needs another number of outputs changes the shape.
                if scenario.fit_to_data() {
                    return Effect::Restart;
                }
            }
            Self::Data(mut value) => {
                value.source.share(&data.source);
                value.forget_reading();
                *data = value;
                training.loss = training.loss.usual_for(data.shape());
                scenario.fit_to_data();
                scenario.fit_weights();
            }
            Self::Resampling(value) => data.resampling = value,
            Self::Layer(value) => (view.layer, view.unit) = (value, None),
            Self::Unit(value) => view.unit = value,
            Self::Axes(value) => view.axes = value,
            Self::View(value) => *view = value,
            Self::Whole(mut value) => {
                value.data.source.share(&scenario.data.source);
                let effect = scenario.effect_of_becoming(&value);
                let view = std::mem::take(&mut scenario.view);
                *scenario = Scenario { view, ..*value };
                scenario.clamp_view();
                return effect;
            }
        }
        scenario.clamp_view();
        self.setting().map_or(Effect::View, Setting::effect)
    }

    /// What it sets; `None` for more than one setting.
    fn setting(&self) -> Option<Setting> {
        Some(match self {
            Self::Set(setting, _) => *setting,
            Self::Activation(_) => Setting::Activation,
            Self::LayerActivations(_) => Setting::LayerActivations,
            Self::Optimizer(_) => Setting::Optimizer,
            Self::Annealing(_) => Setting::Annealing,
            Self::Order(_) => Setting::Order,
            Self::Loss(_) => Setting::Loss,
            Self::ClassWeights(_) => Setting::ClassWeights,
            Self::LayerRates(_) => Setting::LayerRates,
            Self::PreluSharing(_) => Setting::PreluSharing,
            Self::Initializer(_) => Setting::Initializer,
            Self::Given(_) => Setting::Given,
            Self::Hidden(_) => Setting::Hidden,
            Self::Data(_) => Setting::DataSet,
            Self::Resampling(_) => Setting::Resampling,
            Self::Layer(_) => Setting::Layer,
            Self::Unit(_) => Setting::Unit,
            Self::Axes(_) => Setting::Axes,
            Self::View(_) | Self::Whole(_) => return None,
        })
    }
}

impl Edit {
    /// What gives all layers of a scenario one function.
    pub fn one_activation(scenario: &Scenario, activation: ActivationSpec) -> Vec<Self> {
        let mut edits = vec![Self::Activation(activation)];
        if !scenario.network.layer_activations.is_empty() {
            edits.push(Self::LayerActivations(Vec::new()));
        }
        edits
    }

    /// What gives a hidden layer of a scenario a function of its own, or the common one.
    pub fn activation_of_layer(
        scenario: &Scenario,
        layer: usize,
        activation: Option<ActivationSpec>,
    ) -> Self {
        let mut all = scenario.network.layer_activations.clone();
        all.resize(all.len().max(layer + 1), None);
        all[layer] = activation;
        let last = all.iter().rposition(Option::is_some);
        all.truncate(last.map_or(0, |last| last + 1));
        Self::LayerActivations(all)
    }
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

    /// Leaves out class weights that are of other classes, or that the loss does not take.
    fn fit_weights(&mut self) {
        let wanted = self.n_class_weights();
        let weights = &mut self.training.class_weights;
        if wanted != Some(weights.len()) {
            weights.clear();
        }
    }

    /// How many class weights there can be: `None` where the loss takes none.
    pub(super) fn n_class_weights(&self) -> Option<usize> {
        let TargetKind::Class { n_classes } = self.data.shape().target else {
            return None;
        };
        match self.training.loss {
            Loss::SoftmaxCrossEntropy | Loss::Focal { .. } => Some(n_classes.max(2)),
            // Of several outputs each is judged against all others.
            Loss::BceLogits if n_classes <= 2 => Some(2),
            _ => None,
        }
    }

    /// What it asks of a run of this scenario to become one of `other`: `View` if they are the same but
    /// for what is looked at, `Live` if weights can be kept.
    pub fn effect_of_becoming(&self, other: &Self) -> Effect {
        let with_live = Self {
            network: NetworkSpec {
                activation: other.network.activation.clone(),
                layer_activations: other.network.layer_activations.clone(),
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
    pub(super) fn clamp_view(&mut self) {
        let hidden = &self.network.hidden;
        self.view.layer = self.view.layer.min(hidden.len().saturating_sub(1));
        let n_units = hidden.get(self.view.layer).copied().unwrap_or(0);
        self.view.unit = self.view.unit.filter(|&unit| unit < n_units);
        if !self.view.axes.fit(self.network.n_inputs) {
            self.view.axes = Axes::default();
        }
    }
}
