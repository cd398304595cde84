//! The settings of a scenario: one table. A row says what links and messages call a setting, what it may
//! be, how to read and write it, and what its change asks of a run. Links, checks, words, undo, sliders and
//! the axes of maps all go by it.
//!
//! To add a number is a row here and its place in the scenario. What is no number (a data set, an optimizer)
//! has a row too, an [`Edit`] of its own, and its text in [`link`](super::link).

use serde::{Deserialize, Serialize};

use super::choices::Chosen;
use super::link::NONE;
use super::ranges::{LAYER_RATE, Range, Scale, shortest};
use super::{Edit, Effect, FunctionParam, Scenario, function_params};
use crate::data::TargetKind;
use crate::nn::spec::limits;

/// A row of the table.
struct Row {
    key: &'static str,
    label: &'static str,
    unit: &'static str,
    effect: Effect,
    range: Range,
    lens: Lens,
    /// The part of a link that holds it, where it has none of its own.
    part_of: Option<Setting>,
}

/// How a setting is read and written.
enum Lens {
    /// It is no number.
    None,
    Number(fn(&Scenario) -> f64, fn(&mut Scenario, f64)),
    Switch(fn(&Scenario) -> bool, fn(&mut Scenario, bool)),
    /// A number or nothing, which stands for no limit.
    Limit(fn(&Scenario) -> Option<f64>, fn(&mut Scenario, Option<f64>)),
    /// A parameter of what is chosen by name.
    OfChoice,
    /// A parameter of the activation.
    OfFunction,
    /// The learning rate of a layer.
    OfLayer,
}

const WHOLE: Scale = Scale::Linear { step: 1.0 };
const NO_RANGE: Range = Range::new(0.0, 0.0, WHOLE);
const ON_OR_OFF: Range = Range::new(0.0, 1.0, WHOLE);

const fn choice(key: &'static str, label: &'static str, effect: Effect) -> Row {
    Row {
        key,
        label,
        unit: "",
        effect,
        range: NO_RANGE,
        lens: Lens::None,
        part_of: None,
    }
}

const fn number(
    key: &'static str,
    label: &'static str,
    effect: Effect,
    (low, high, scale): (f64, f64, Scale),
    lens: Lens,
) -> Row {
    Row {
        range: Range::new(low, high, scale),
        lens,
        ..choice(key, label, effect)
    }
}

const fn switch(key: &'static str, label: &'static str, effect: Effect, lens: Lens) -> Row {
    Row {
        range: ON_OR_OFF,
        lens,
        ..choice(key, label, effect)
    }
}

/// A parameter of an optimizer, a loss or an initializer. Links have it in their part as `key:value`.
const fn param(
    part_of: Setting,
    key: &'static str,
    label: &'static str,
    effect: Effect,
    range: (f64, f64, Scale),
) -> Row {
    number(key, label, effect, range, Lens::OfChoice).part_of(part_of)
}

impl Row {
    const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    const fn part_of(self, part_of: Setting) -> Self {
        Self {
            part_of: Some(part_of),
            ..self
        }
    }
}

/// A number at a place of the scenario, of the place's own kind.
macro_rules! at {
    ($($place:ident).+) => {
        Lens::Number(|s| s.$($place).+, |s, value| s.$($place).+ = value)
    };
    // `as` saturates, and makes 0 of NaN: `Scenario::check` judges the result.
    ($($place:ident).+ as $kind:ty) => {
        Lens::Number(|s| s.$($place).+ as f64, |s, value| s.$($place).+ = value as $kind)
    };
}

macro_rules! switch_at {
    ($($place:ident).+) => {
        Lens::Switch(|s| s.$($place).+, |s, is_on| s.$($place).+ = is_on)
    };
}

macro_rules! limit_at {
    ($($place:ident).+) => {
        Lens::Limit(|s| s.$($place).+, |s, limit| s.$($place).+ = limit)
    };
}

macro_rules! settings {
    ($($(#[$about:meta])* $setting:ident = $row:expr;)*) => {
        /// One number or choice of a scenario: a row of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Setting {
            $($(#[$about])* $setting,)*
            /// The value of the activation's parameter at this index.
            Param(usize),
            /// The learning rate of this layer, hidden or output.
            LayerRate(usize),
        }

        /// All but the activation's parameters and the rates of layers, in the order of a link.
        const ALL: &[Setting] = &[$(Setting::$setting),*];

        impl Setting {
            fn row(self) -> &'static Row {
                match self {
                    $(Self::$setting => {
                        static ROW: Row = $row;
                        &ROW
                    })*
                    Self::Param(_) => &OF_FUNCTION,
                    Self::LayerRate(_) => &OF_LAYER,
                }
            }
        }
    };
}

use Effect::{Live, Restart, View};
use Scale::{Linear, Log, WholeLog};

settings! {
    /// Of data, first weights and order.
    Seed = number("s", "Seed", Restart, (0.0, u32::MAX as f64, WHOLE), at!(seed as u32));
    DataSet = choice("d", "Data set", Restart);
    Csv = choice("csv", "Table", Restart);
    /// How the table is read.
    Reading = choice("rd", "Reading", Restart);
    Points = choice("pts", "Points", Restart);
    Samples = number("n", "Samples", Restart, (10.0, limits::SAMPLES as f64, WholeLog), at!(data.n_samples as usize));
    Noise = number("nz", "Noise", Restart, (0.0, 0.5, Linear { step: 0.01 }), at!(data.noise));
    TestShare = number("t", "Test share", Restart, (0.0, 0.9, Linear { step: 0.05 }), at!(data.test_share));
    ValidationShare = number("vs", "Validation share", Restart, (0.0, 0.5, Linear { step: 0.05 }), at!(data.validation_share));
    /// So many common samples for a rare one.
    Imbalance = number("im", "Imbalance", Restart, (1.0, 99.0, Log { first: 1.0 }), at!(data.imbalance));
    Resampling = choice("rs", "Resampling", Restart);
    Standardize = switch("std", "Standardize", Restart, switch_at!(data.standardize));
    StandardizeTargets = switch("stdy", "Standardize targets", Restart, switch_at!(data.standardize_targets));
    /// The units of each hidden layer.
    Hidden = choice("h", "Layers and units", Restart);
    Activation = choice("a", "Activation", Live);
    Formula = choice("f", "Formula", Live);
    FormulaParams = choice("p", "Formula's parameters", Live);
    /// Of layers that have one of their own.
    LayerActivations = choice("as", "Activations by layer", Live);
    PreluSharing = choice("pr", "PReLU's alpha", Restart);
    BatchNorm = switch("bn", "BatchNorm", Restart, switch_at!(network.batch_norm));
    Initializer = choice("i", "Initializer", Restart);
    /// Weights that came from a file, in place of drawn ones.
    Given = choice("iw", "First weights", Restart);
    Gain = number("g", "Gain", Restart, (0.01, 10.0, Log { first: 0.01 }), at!(network.gain));
    Loss = choice("l", "Loss", Live);
    ClassWeights = choice("cw", "Class weights", Live);
    Optimizer = choice("o", "Optimizer", Live);
    LearningRate = number("lr", "Learning rate", Live, (1e-4, 10.0, Log { first: 1e-4 }), at!(training.learning_rate));
    /// Of layers that have one of their own.
    LayerRates = choice("lrs", "Learning rates by layer", Live);
    /// How it falls.
    Annealing = choice("sch", "Schedule", Live);
    WarmUp = number("wu", "Warm-up", Live, (0.0, 100_000.0, WholeLog), at!(training.schedule.warm_up as u32)).unit("steps");
    BatchSize = number("b", "Batch size", Live, (1.0, 256.0, WHOLE), at!(training.batch_size as usize)).unit("samples");
    Order = choice("or", "Order", Live);
    L1 = number("l1", "L1", Live, (0.0, 1.0, Log { first: 1e-6 }), at!(training.l1));
    L2 = number("l2", "L2", Live, (0.0, 1.0, Log { first: 1e-6 }), at!(training.l2));
    ClipNorm = number("clip", "Gradient norm limit", Live, (1e-3, 1e3, Log { first: 1e-3 }), limit_at!(training.clip_norm));
    Dropout = number("dr", "Dropout", Live, (0.0, 0.9, Linear { step: 0.05 }), at!(training.dropout));
    /// The layer on show.
    Layer = choice("vl", "Layer shown", View);
    /// The unit on show.
    Unit = choice("vu", "Unit shown", View);
    Axes = choice("ax", "Axes shown", View);
    Speed = number("sp", "Steps a second", View, (1.0, 100_000.0, WholeLog), limit_at!(view.steps_per_second)).unit("steps/s");
    StopStep = number("st", "Stop at step", View, (1.0, 1e9, WHOLE), limit_at!(view.stop.step));
    StopLoss = number("sl", "Stop at loss", View, (1e-6, 100.0, Log { first: 1e-6 }), limit_at!(view.stop.loss));
    StopSolved = switch("ss", "Stop when solved", View, switch_at!(view.stop.when_solved));
    Threshold = number("th", "Threshold", View, (1e-5, 0.999_99, Linear { step: 0.01 }), at!(view.threshold));
    /// Units of every hidden layer.
    Width = number("width", "Units a layer", Restart, (1.0, limits::UNITS_PER_LAYER as f64, WHOLE), Lens::Number(widest, set_width)).part_of(Setting::Hidden);
    /// Hidden layers. New ones are as wide as the last.
    Depth = number("depth", "Layers", Restart, (1.0, limits::HIDDEN_LAYERS as f64, WHOLE), Lens::Number(depth, set_depth)).part_of(Setting::Hidden);
    StepLength = param(Setting::Annealing, "every", "Steps between falls", Live, (1.0, 1e6, WholeLog));
    StepFactor = param(Setting::Annealing, "factor", "Factor of a fall", Live, (0.01, 1.0, Linear { step: 0.01 }));
    CosineLength = param(Setting::Annealing, "over", "Steps of the fall", Live, (1.0, 1e6, WholeLog));
    CosineFloor = param(Setting::Annealing, "floor", "Floor of the fall", Live, (0.0, 1.0, Linear { step: 0.01 }));
    Bound = param(Setting::Initializer, "a", "Bound", Restart, (0.001, 10.0, Log { first: 0.001 }));
    Momentum = param(Setting::Optimizer, "momentum", "Momentum", Live, (0.0, 0.999, Linear { step: 0.01 }));
    SquareDecay = param(Setting::Optimizer, "alpha", "Decay of squares", Live, (0.0, 0.9999, Linear { step: 0.01 }));
    Beta1 = param(Setting::Optimizer, "beta1", "Beta 1", Live, (0.0, 0.999, Linear { step: 0.01 }));
    Beta2 = param(Setting::Optimizer, "beta2", "Beta 2", Live, (0.0, 0.9999, Linear { step: 0.001 }));
    Eps = param(Setting::Optimizer, "eps", "Epsilon", Live, (1e-10, 1.0, Log { first: 1e-10 }));
    WeightDecay = param(Setting::Optimizer, "decay", "Weight decay", Live, (0.0, 1.0, Log { first: 1e-5 }));
    FocalGamma = param(Setting::Loss, "gamma", "Focus", Live, (0.0, 10.0, Linear { step: 0.1 }));
    FocalAlpha = param(Setting::Loss, "alpha", "Weight of positives", Live, (0.0, 1.0, Linear { step: 0.05 }));
    HuberDelta = param(Setting::Loss, "delta", "Delta", Live, (0.01, 10.0, Log { first: 0.01 }));
}

static OF_FUNCTION: Row = Row {
    lens: Lens::OfFunction,
    range: FunctionParam::RANGE_IN_FORMULA,
    part_of: Some(Setting::Activation),
    ..choice("", "Parameter", Live)
};

static OF_LAYER: Row = Row {
    lens: Lens::OfLayer,
    range: LAYER_RATE,
    part_of: Some(Setting::LayerRates),
    ..choice("", "Learning rate of a layer", Live)
};

fn widest(scenario: &Scenario) -> f64 {
    scenario.network.hidden.iter().copied().max().unwrap_or(0) as f64
}

fn set_width(scenario: &mut Scenario, n_units: f64) {
    scenario.network.hidden.fill(n_units as usize);
    scenario.clamp_view();
}

/// A rate that is the common one is none of the layer's own.
fn set_layer_rate(scenario: &mut Scenario, layer: usize, rate: f64) {
    if layer > scenario.network.hidden.len() {
        return;
    }
    let training = &mut scenario.training;
    let own = (rate != training.learning_rate).then_some(rate);
    let rates = &mut training.layer_rates;
    rates.resize(rates.len().max(layer + 1), None);
    rates[layer] = own;
    let n_used = rates
        .iter()
        .rposition(Option::is_some)
        .map_or(0, |last| last + 1);
    rates.truncate(n_used);
}

fn depth(scenario: &Scenario) -> f64 {
    scenario.network.hidden.len() as f64
}

fn set_depth(scenario: &mut Scenario, n_layers: f64) {
    let hidden = &mut scenario.network.hidden;
    let n_units = hidden.last().copied().unwrap_or(1);
    // One more than there may be is enough for `Scenario::check` to refuse it.
    hidden.resize((n_layers as usize).min(limits::HIDDEN_LAYERS + 1), n_units);
    scenario.clamp_view();
}

impl Setting {
    /// Those that a link has under a key of their own, in its order.
    pub fn all() -> impl Iterator<Item = Self> {
        let all = ALL.iter().copied();
        all.filter(|setting| setting.row().part_of.is_none())
    }

    /// The numbers that have an effect in a scenario: those that can be an axis.
    pub fn numbers_of(scenario: &Scenario) -> Vec<Self> {
        let params = 0..scenario.network.activation.params.len();
        let layers = 0..=scenario.network.hidden.len();
        let numbers = ALL.iter().copied().chain(params.map(Self::Param));
        let numbers = numbers.chain(layers.map(Self::LayerRate));
        numbers
            .filter(|setting| setting.applies_to(scenario))
            .collect()
    }

    /// The number of this name: the key of a link, `width`, `depth`, a parameter of the activation or of what
    /// else is chosen.
    pub fn named(name: &str, scenario: &Scenario) -> Option<Self> {
        let numbers = Self::numbers_of(scenario);
        let of_function = |setting: &Self| matches!(setting, Self::Param(_));
        // Where the activation and the optimizer both have an alpha the activation's is meant.
        let (functions, others): (Vec<Self>, Vec<Self>) =
            numbers.into_iter().partition(of_function);
        let mut all = functions.into_iter().chain(others);
        all.find(|setting| setting.name_in(scenario) == name)
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::all().find(|setting| setting.key() == key)
    }

    /// `lr`: what links call it, alone or as a parameter of its part.
    pub fn key(self) -> &'static str {
        self.row().key
    }

    /// [`Setting::key`], or what the activation calls its parameter, or `lr1` for the learning rate of layer 1: the
    /// output layer counts as the last.
    pub fn name_in(self, scenario: &Scenario) -> String {
        if let Self::LayerRate(layer) = self {
            return format!("lr{}", layer + 1);
        }
        self.function_param(scenario)
            .map_or_else(|| self.key().to_owned(), |param| param.name)
    }

    /// "Learning rate": what the page and messages call it.
    pub fn label(self) -> &'static str {
        self.row().label
    }

    /// "steps/s"; empty for a bare number.
    pub fn unit(self) -> &'static str {
        self.row().unit
    }

    /// What its change asks of a run.
    pub fn effect(self) -> Effect {
        self.row().effect
    }

    /// What it may be; a switch is 0 or 1. Nothing but 0 for what is no number.
    pub fn range(self) -> Range {
        self.row().range
    }

    /// [`Setting::range`], or that of the activation's parameter.
    pub fn range_in(self, scenario: &Scenario) -> Range {
        self.function_param(scenario)
            .map_or(self.range(), |param| param.range)
    }

    pub(super) fn is_switch(self) -> bool {
        matches!(self.row().lens, Lens::Switch(..))
    }

    /// It may have no limit, which stands as infinity.
    pub(super) fn is_limit(self) -> bool {
        matches!(self.row().lens, Lens::Limit(..))
    }

    /// Its number in a scenario: 0 or 1 for a switch, infinity for no limit. `None` for what is no number, and
    /// for a parameter of what is not chosen.
    pub fn get(self, scenario: &Scenario) -> Option<f64> {
        match self.row().lens {
            Lens::None => None,
            Lens::Number(get, _) => Some(get(scenario)),
            Lens::Switch(get, _) => Some(f64::from(u8::from(get(scenario)))),
            Lens::Limit(get, _) => Some(get(scenario).unwrap_or(f64::INFINITY)),
            Lens::OfChoice => {
                let mut scenario = scenario.clone();
                self.place(&mut scenario).map(|place| *place)
            }
            Lens::OfFunction => {
                let Self::Param(index) = self else {
                    return None;
                };
                scenario.network.activation.params.get(index).copied()
            }
            Lens::OfLayer => {
                let Self::LayerRate(layer) = self else {
                    return None;
                };
                let has_it = layer <= scenario.network.hidden.len();
                has_it.then(|| scenario.training.rate_of(layer))
            }
        }
    }

    /// Sets its number, as [`Setting::get`] gives it, and says what that asks of a run. The value is taken as it
    /// is: [`Scenario::check`] judges the result. Nothing happens where the scenario has no such number.
    pub fn set(self, scenario: &mut Scenario, value: f64) -> Effect {
        match self.row().lens {
            Lens::None => {}
            Lens::Number(_, set) => set(scenario, value),
            Lens::Switch(_, set) => set(scenario, value != 0.0),
            Lens::Limit(_, set) => set(scenario, (value != f64::INFINITY).then_some(value)),
            Lens::OfLayer => {
                if let Self::LayerRate(layer) = self {
                    set_layer_rate(scenario, layer, value);
                }
            }
            Lens::OfChoice | Lens::OfFunction => {
                if let Some(place) = self.place(scenario) {
                    *place = value;
                }
            }
        }
        self.effect()
    }

    /// Where a parameter stands, if there is one.
    fn place(self, scenario: &mut Scenario) -> Option<&mut f64> {
        let Scenario {
            network, training, ..
        } = scenario;
        let params = match (self, self.row().part_of) {
            (Self::Param(index), _) => return network.activation.params.get_mut(index),
            (_, Some(Self::Optimizer)) => training.optimizer.params_mut(),
            (_, Some(Self::Annealing)) => training.schedule.annealing.params_mut(),
            (_, Some(Self::Loss)) => training.loss.params_mut(),
            (_, Some(Self::Initializer)) => network.initializer.params_mut(),
            _ => return None,
        };
        let mut params = params.into_iter();
        params
            .find(|(setting, _)| *setting == self)
            .map(|(_, place)| place)
    }

    fn applies_to(self, scenario: &Scenario) -> bool {
        let has_effect = match self {
            // Other data are used as they are.
            Self::Samples | Self::Noise => scenario.data.source.is_generated(),
            Self::StandardizeTargets => scenario.data.shape().target == TargetKind::Number,
            Self::Imbalance => scenario.data.shape().target != TargetKind::Number,
            _ => self.effect() != View,
        };
        has_effect && self.get(scenario).is_some()
    }

    fn function_param(self, scenario: &Scenario) -> Option<FunctionParam> {
        let Self::Param(index) = self else {
            return None;
        };
        let params = function_params(&scenario.network.activation.function).ok()?;
        params.into_iter().nth(index)
    }

    /// "learning rate 0.03". A parameter of the activation goes by its number: [`Edit::describe_in`] knows its
    /// name.
    pub(super) fn words(self, value: f64) -> String {
        let number = self.text(value);
        match self {
            Self::ClipNorm if value == f64::INFINITY => "gradient norm without limit".into(),
            Self::ClipNorm => format!("gradient norm at most {number}"),
            Self::Speed if value == f64::INFINITY => "full speed".into(),
            Self::Speed => format!("{number} steps a second"),
            Self::Width => format!("{number} units a layer"),
            Self::Depth => format!("{number} hidden layers"),
            Self::Param(index) => format!("parameter {} of the activation {number}", index + 1),
            Self::LayerRate(layer) => format!("learning rate of layer {} {number}", layer + 1),
            _ if self.is_switch() => {
                format!(
                    "{} {}",
                    self.label(),
                    if value == 0.0 { "off" } else { "on" }
                )
            }
            _ => format!("{} {number}", self.label_within()),
        }
    }

    /// "learning rate", but "L1": the label within a sentence.
    pub(super) fn label_within(self) -> String {
        let label = self.label();
        let is_word = label.chars().nth(1).is_some_and(|c| c.is_ascii_lowercase());
        if is_word {
            label.to_ascii_lowercase()
        } else {
            label.to_owned()
        }
    }

    /// A number as it stands in links and sentences.
    pub(super) fn text(self, value: f64) -> String {
        if value == f64::INFINITY && self.is_limit() {
            NONE.into()
        } else if self.range().is_whole() {
            value.to_string()
        } else {
            shortest(value)
        }
    }

    /// The edit that sets it to what it is in a scenario.
    pub fn edit_of(self, scenario: &Scenario) -> Edit {
        let Scenario {
            data,
            network,
            training,
            view,
            ..
        } = scenario;
        match self {
            Self::DataSet | Self::Csv | Self::Reading | Self::Points => Edit::Data(data.clone()),
            Self::Resampling => Edit::Resampling(data.resampling),
            Self::Hidden => Edit::Hidden(network.hidden.clone()),
            Self::Activation | Self::Formula | Self::FormulaParams => {
                Edit::Activation(network.activation.clone())
            }
            Self::LayerActivations => Edit::LayerActivations(network.layer_activations.clone()),
            Self::PreluSharing => Edit::PreluSharing(network.prelu_sharing),
            Self::Initializer => Edit::Initializer(network.initializer),
            Self::Given => Edit::Given(network.given.clone()),
            Self::Loss => Edit::Loss(training.loss),
            Self::ClassWeights => Edit::ClassWeights(training.class_weights.clone()),
            Self::LayerRates => Edit::LayerRates(training.layer_rates.clone()),
            Self::Optimizer => Edit::Optimizer(training.optimizer),
            Self::Annealing => Edit::Annealing(training.schedule.annealing),
            Self::Order => Edit::Order(training.order),
            Self::Layer => Edit::Layer(view.layer),
            Self::Unit => Edit::Unit(view.unit),
            Self::Axes => Edit::Axes(view.axes),
            number => Edit::Set(number, number.get(scenario).unwrap_or_default()),
        }
    }

    /// Puts it back to what it is in [`Scenario::default`]. The loss becomes one that can judge the data.
    pub fn reset(self, scenario: &mut Scenario) {
        let default = Scenario::default();
        match self {
            Self::DataSet | Self::Csv | Self::Points => {
                scenario.data.source = default.data.source;
                scenario.data.reading = default.data.reading;
                scenario.fit_to_data();
            }
            Self::Reading => {
                scenario.data.reading = default.data.reading;
                scenario.fit_to_data();
            }
            // The unit may be one of the other layer too.
            Self::Layer => scenario.view.layer = default.view.layer,
            _ => {
                self.edit_of(&default).apply(scenario);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written is read, and what is read again is the same scenario.
    #[test]
    fn every_number_is_read_as_it_was_set() {
        let mut scenario = Scenario::default();
        scenario.network.activation = crate::activation::ActivationSpec::new("leaky_relu");
        scenario.training.optimizer = crate::nn::spec::Optimizer::ADAMW;
        let numbers = Setting::numbers_of(&scenario);
        assert!(numbers.contains(&Setting::WeightDecay) && !numbers.contains(&Setting::Momentum));
        for setting in numbers {
            let before = setting.get(&scenario).expect("it applies");
            let range = setting.range_in(&scenario);
            for stop in [range.low, range.high] {
                let mut after = scenario.clone();
                assert_eq!(setting.set(&mut after, stop), setting.effect());
                assert_eq!(setting.get(&after), Some(stop), "{setting:?}");
                let effect = scenario.effect_of_becoming(&after);
                assert!(effect <= setting.effect(), "{setting:?} {effect:?}");
                setting.set(&mut after, before);
                assert_eq!(after, scenario, "{setting:?}");
            }
            assert_eq!(
                Setting::named(&setting.name_in(&scenario), &scenario),
                Some(setting)
            );
        }
    }

    #[test]
    fn no_two_have_one_key_in_a_link() {
        for setting in Setting::all() {
            assert_eq!(Setting::from_key(setting.key()), Some(setting));
        }
        for (i, setting) in Setting::all().enumerate() {
            assert_eq!(ALL[i], setting, "those with a key of their own come first");
        }
    }

    #[test]
    fn what_is_no_number_of_the_scenario_stays_as_it_is() {
        let settings = [
            Setting::Momentum,
            Setting::FocalGamma,
            Setting::Bound,
            Setting::Param(0),
            Setting::Loss,
        ];
        for setting in settings {
            let mut scenario = Scenario::default();
            setting.set(&mut scenario, 0.5);
            assert_eq!(scenario, Scenario::default());
            assert_eq!(setting.get(&scenario), None);
        }
    }
}
