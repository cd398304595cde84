//! One setting of a scenario as text, and back.

use super::{Draft, NONE, PRINCIPAL};
use crate::activation::{ActivationSpec, Function};
use crate::data::{Axes, DataSource, PointSet, Reading, ReadingProblem, Resampling, catalogue};
use crate::interop::base64::{decode_f32, encode_f32};
use crate::nn::given::Given;
use crate::nn::layout::ParamLayout;
use crate::nn::spec::{NetworkSpec, Order, PreluSharing};
use crate::number::parse_f64;
use crate::scenario::choices::Chosen;
use crate::scenario::ranges::{self, Range, shortest};
use crate::scenario::{FunctionParam, Scenario, Setting, function_params, unknown_name};

const CSV: &str = "csv";
const POINTS: &str = "points";
/// Between the functions of layers: no formula has it.
const LAYERS: &str = "~";

/// What is wrong with a `name:value`.
pub(super) enum PartProblem {
    /// Nothing goes by the name.
    Name(String),
    /// The value is not one of the name's.
    Value(String),
}

/// The text of one setting, as it stands in a link before percent-encoding. `None` where it does not
/// apply: a formula has no catalogue entry.
pub(super) fn text(scenario: &Scenario, setting: Setting) -> Option<String> {
    let Scenario {
        data,
        network,
        training,
        view,
        ..
    } = scenario;
    let text = match setting {
        Setting::DataSet => data.source.id().to_owned(),
        Setting::Csv => match &data.source {
            DataSource::Csv(table) => table.text().to_owned(),
            _ => return None,
        },
        Setting::Reading => match &data.source {
            DataSource::Csv(_) => data.reading.to_text(),
            _ => return None,
        },
        Setting::Points => match &data.source {
            DataSource::Points(points) => points.to_text(),
            _ => return None,
        },
        Setting::Resampling => resampling_id(data.resampling).into(),
        Setting::Hidden => {
            let units: Vec<String> = network.hidden.iter().map(usize::to_string).collect();
            units.join("-")
        }
        Setting::Activation => match &network.activation.function {
            Function::Catalogue(id) => format!("{id}{}", function_values(&network.activation)),
            Function::Formula(_) => return None,
        },
        Setting::Formula => match &network.activation.function {
            Function::Formula(text) => text.clone(),
            Function::Catalogue(_) => return None,
        },
        Setting::FormulaParams => match &network.activation.function {
            Function::Formula(_) => match function_values(&network.activation).get(1..) {
                Some(values) => values.to_owned(),
                None => return None,
            },
            Function::Catalogue(_) => return None,
        },
        Setting::LayerActivations => match &network.layer_activations[..] {
            [] => NONE.into(),
            all => {
                let text =
                    |own: &Option<ActivationSpec>| own.as_ref().map_or(NONE.into(), own_text);
                all.iter().map(text).collect::<Vec<String>>().join(LAYERS)
            }
        },
        Setting::PreluSharing => match network.prelu_sharing {
            PreluSharing::Layer => "layer".into(),
            PreluSharing::Unit => "unit".into(),
        },
        Setting::Initializer => chosen_text(&network.initializer),
        Setting::Given => network
            .given_weights()
            .map_or_else(|| NONE.into(), |given| given_text(given, network)),
        Setting::Loss => chosen_text(&training.loss),
        Setting::ClassWeights => match &training.class_weights[..] {
            [] => NONE.into(),
            weights => {
                let weights: Vec<String> = weights.iter().map(|&w| shortest(w)).collect();
                weights.join(",")
            }
        },
        Setting::LayerRates => match &training.layer_rates[..] {
            [] => NONE.into(),
            rates => {
                let text = |rate: &Option<f64>| rate.map_or_else(|| NONE.into(), shortest);
                rates.iter().map(text).collect::<Vec<String>>().join(",")
            }
        },
        Setting::Optimizer => chosen_text(&training.optimizer),
        Setting::Annealing => chosen_text(&training.schedule.annealing),
        Setting::Order => match training.order {
            Order::Shuffled => "shuffled".into(),
            Order::Sequential => "sequential".into(),
        },
        Setting::Layer => (view.layer + 1).to_string(),
        Setting::Unit => view.unit.map_or(NONE.into(), |unit| (unit + 1).to_string()),
        Setting::Axes => match view.axes {
            Axes::Inputs(i, j) => format!("{},{}", i + 1, j + 1),
            Axes::Principal => PRINCIPAL.into(),
        },
        number => number.text(number.get(scenario)?),
    };
    Some(text)
}

/// Reads one setting into the draft, or says what is wrong with the text and what would be right. A
/// parameter by name that cannot be used is reported through the draft, and the rest kept.
pub(super) fn read(setting: Setting, text: &str, draft: &mut Draft) -> Result<(), String> {
    let Scenario {
        data,
        network,
        training,
        view,
        ..
    } = &mut draft.scenario;
    match setting {
        Setting::DataSet if text == CSV => draft.asks_for = Some(Setting::Csv),
        Setting::DataSet if text == POINTS => draft.asks_for = Some(Setting::Points),
        Setting::DataSet => {
            data.source = DataSource::from_id(text).ok_or_else(|| {
                unknown_name("data set", text, catalogue().iter().map(|info| info.id))
            })?;
        }
        Setting::Csv => draft.own.push((setting, DataSource::Csv(text.into()))),
        Setting::Reading => {
            let mut reading = Reading::default();
            for part in text.split(',').filter(|part| !part.is_empty()) {
                let done = set_reading(&mut reading, part);
                draft.note(setting, part, done);
            }
            draft.scenario.data.reading = reading;
        }
        Setting::Points => {
            let points = PointSet::from_text(text)?;
            draft.own.push((setting, DataSource::Points(points)));
        }
        Setting::Resampling => {
            let all = [Resampling::None, Resampling::Over, Resampling::Under];
            data.resampling = one_of(text, &all.map(|one| (resampling_id(one), one)))?;
        }
        Setting::Hidden => network.hidden = hidden(text)?,
        Setting::Activation => {
            let (id, values) = split_values(text);
            let function = Function::Catalogue(id.to_owned());
            let params = function_params(&function)?;
            network.activation = ActivationSpec {
                function,
                params: params.iter().map(|param| param.default).collect(),
            };
            let mut activation = network.activation.clone();
            for value in values {
                let done = set_function_param(&params, &mut activation.params, value);
                draft.note(setting, value, done);
            }
            draft.scenario.network.activation = activation;
        }
        Setting::LayerActivations if text == NONE => network.layer_activations = Vec::new(),
        Setting::LayerActivations => {
            let all = text.split(LAYERS).map(|own| match own {
                NONE => Ok(None),
                own => read_own(own, draft).map(Some),
            });
            let all = all.collect::<Result<_, _>>()?;
            draft.scenario.network.layer_activations = all;
        }
        Setting::Formula => draft.formula = Some(text.to_owned()),
        Setting::FormulaParams => draft.formula_values = text.to_owned(),
        Setting::PreluSharing => {
            network.prelu_sharing = one_of(
                text,
                &[("layer", PreluSharing::Layer), ("unit", PreluSharing::Unit)],
            )?;
        }
        Setting::Given if text == NONE => {}
        Setting::Given => draft.weights = Some(text.to_owned()),
        Setting::Initializer => {
            let initializer = read_chosen(setting, text, draft)?;
            draft.scenario.network.initializer = initializer;
        }
        Setting::Loss => {
            let loss = read_chosen(setting, text, draft)?;
            draft.scenario.training.loss = loss;
            draft.has_loss = true;
        }
        Setting::ClassWeights if text == NONE => training.class_weights = Vec::new(),
        Setting::ClassWeights => {
            let weights = text
                .split(',')
                .map(|weight| number(weight, ranges::CLASS_WEIGHT));
            training.class_weights = weights.collect::<Result<_, _>>()?;
        }
        Setting::LayerRates if text == NONE => training.layer_rates = Vec::new(),
        Setting::LayerRates => {
            let rates = text.split(',').map(|rate| match rate {
                NONE => Ok(None),
                rate => number(rate, ranges::LAYER_RATE).map(Some),
            });
            training.layer_rates = rates.collect::<Result<_, _>>()?;
        }
        Setting::Optimizer => {
            let optimizer = read_chosen(setting, text, draft)?;
            draft.scenario.training.optimizer = optimizer;
        }
        Setting::Annealing => {
            let annealing = read_chosen(setting, text, draft)?;
            draft.scenario.training.schedule.annealing = annealing;
        }
        Setting::Order => {
            training.order = one_of(
                text,
                &[
                    ("shuffled", Order::Shuffled),
                    ("sequential", Order::Sequential),
                ],
            )?;
        }
        Setting::Layer => view.layer = number(text, Setting::Depth.range())? as usize - 1,
        Setting::Unit => {
            let unit = or_none(text, Setting::Width.range())?;
            view.unit = unit.map(|unit| unit as usize - 1);
        }
        Setting::Axes => view.axes = axes(text)?,
        setting => {
            let value = if setting.is_switch() {
                f64::from(one_of(text, &[("1", 1_u8), ("0", 0)])?)
            } else if setting.is_limit() {
                or_none(text, setting.range())?.unwrap_or(f64::INFINITY)
            } else {
                number(text, setting.range())?
            };
            setting.set(&mut draft.scenario, value);
        }
    }
    Ok(())
}

/// The formula and its parameters' values as a function of the network.
pub(super) fn formula(text: &str, values: &str, draft: &mut Draft) -> Result<(), String> {
    let function = Function::Formula(text.to_owned());
    let params = function_params(&function)?;
    let mut chosen: Vec<f64> = params.iter().map(|param| param.default).collect();
    for value in values.split(',').filter(|value| !value.is_empty()) {
        let done = set_function_param(&params, &mut chosen, value);
        draft.note(Setting::FormulaParams, value, done);
    }
    draft.scenario.network.activation = ActivationSpec {
        function,
        params: chosen,
    };
    Ok(())
}

/// The function of a layer: `leaky_relu,alpha:0.2`, a formula in brackets.
fn own_text(activation: &ActivationSpec) -> String {
    let values = function_values(activation);
    match &activation.function {
        Function::Catalogue(id) => format!("{id}{values}"),
        Function::Formula(text) => format!("({text}){values}"),
    }
}

/// Reads what [`own_text`] writes.
fn read_own(text: &str, draft: &mut Draft) -> Result<ActivationSpec, String> {
    // Parameters have no brackets.
    let formula = text
        .strip_prefix('(')
        .and_then(|text| text.rsplit_once(')'));
    let (function, values) = match formula {
        Some((formula, values)) => (Function::Formula(formula.to_owned()), values),
        None => {
            let (id, _) = text.split_once(',').unwrap_or((text, ""));
            (Function::Catalogue(id.to_owned()), &text[id.len()..])
        }
    };
    let params = function_params(&function)?;
    let mut chosen: Vec<f64> = params.iter().map(|param| param.default).collect();
    for value in values.split(',').filter(|value| !value.is_empty()) {
        let done = set_function_param(&params, &mut chosen, value);
        draft.note(Setting::LayerActivations, value, done);
    }
    Ok(ActivationSpec {
        function,
        params: chosen,
    })
}

/// `,alpha:0.2` for each parameter that is not at its default.
fn function_values(activation: &ActivationSpec) -> String {
    let params = function_params(&activation.function).unwrap_or_default();
    let given = params.iter().zip(&activation.params);
    let changed = given.filter(|(param, value)| **value != param.default);
    changed
        .map(|(param, value)| format!(",{}:{}", param.name, shortest(*value)))
        .collect()
}

fn chosen_text(chosen: &impl Chosen) -> String {
    let usual = chosen.entry().value.params();
    let changed = chosen
        .params()
        .into_iter()
        .zip(usual)
        .filter(|(a, b)| a.1 != b.1);
    let values: String = changed
        .map(|((setting, value), _)| format!(",{}:{}", setting.key(), shortest(value)))
        .collect();
    format!("{}{values}", chosen.id())
}

fn read_chosen<T: Chosen>(setting: Setting, text: &str, draft: &mut Draft) -> Result<T, String> {
    let (id, values) = split_values(text);
    let names = T::table().iter().map(|entry| entry.id);
    let what = setting.label().to_ascii_lowercase();
    let mut chosen = T::from_id(id).ok_or_else(|| unknown_name(&what, id, names))?;
    for value in values {
        let done = set_param(&mut chosen, value);
        draft.note(setting, value, done);
    }
    Ok(chosen)
}

/// Sets a parameter from `name:value`.
fn set_param(chosen: &mut impl Chosen, value: &str) -> Result<(), PartProblem> {
    let (name, value) = name_and_value(value)?;
    let mut params = chosen.params_mut();
    match params.iter_mut().find(|(setting, _)| setting.key() == name) {
        Some((setting, place)) => {
            **place = number(value, setting.range()).map_err(PartProblem::Value)?
        }
        None => {
            let names: Vec<&str> = params.iter().map(|(setting, _)| setting.key()).collect();
            return Err(no_such_param(name, &names));
        }
    }
    Ok(())
}

fn set_function_param(
    params: &[FunctionParam],
    values: &mut [f64],
    value: &str,
) -> Result<(), PartProblem> {
    let (name, value) = name_and_value(value)?;
    let Some(index) = params.iter().position(|param| param.name == name) else {
        let names: Vec<&str> = params.iter().map(|param| &*param.name).collect();
        return Err(no_such_param(name, &names));
    };
    let param = &params[index];
    values[index] = parse(value)
        .filter(|value| param.range.contains(*value))
        .ok_or_else(|| PartProblem::Value(format!("choose {}", param.range.describe())))?;
    Ok(())
}

/// Sets a choice of a reading from `name:value`.
fn set_reading(reading: &mut Reading, part: &str) -> Result<(), PartProblem> {
    let (name, value) = name_and_value(part)?;
    reading.set(name, value).map_err(|problem| match problem {
        ReadingProblem::Name => PartProblem::Name(problem.to_string()),
        ReadingProblem::Value(right) => PartProblem::Value(right),
    })
}

fn no_such_param(name: &str, names: &[&str]) -> PartProblem {
    PartProblem::Name(match names {
        [] => format!("there is no parameter {name}: it has none"),
        _ => format!("there is no parameter {name}: it has {}", names.join(", ")),
    })
}

/// `adam,beta1:0.8,eps:1e-6` -> `adam` and the rest.
fn split_values(text: &str) -> (&str, impl Iterator<Item = &str>) {
    let mut parts = text.split(',');
    (parts.next().unwrap_or_default(), parts)
}

fn name_and_value(text: &str) -> Result<(&str, &str), PartProblem> {
    text.split_once(':')
        .ok_or_else(|| PartProblem::Name("write a parameter as name:value".into()))
}

fn resampling_id(resampling: Resampling) -> &'static str {
    match resampling {
        Resampling::None => NONE,
        Resampling::Over => "over",
        Resampling::Under => "under",
    }
}

fn one_of<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let found = choices.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        format!("choose {}", names.join(" or "))
    })
}

fn axes(text: &str) -> Result<Axes, String> {
    if text == PRINCIPAL {
        return Ok(Axes::Principal);
    }
    let input = |text: &str| text.parse::<usize>().ok()?.checked_sub(1);
    let pair = text.split_once(',');
    pair.and_then(|(i, j)| Some(Axes::Inputs(input(i)?, input(j)?)))
        .ok_or_else(|| format!("write the numbers of two inputs, as 1,2, or {PRINCIPAL}"))
}

fn hidden(text: &str) -> Result<Vec<usize>, String> {
    let units = text
        .split('-')
        .map(|units| number(units, Setting::Width.range()));
    let units: Vec<f64> = units.collect::<Result<_, _>>().map_err(|_| {
        let units = Setting::Width.range().describe();
        format!("write the units of each hidden layer, as 8-8-8; for each choose {units}")
    })?;
    if !Setting::Depth.range().contains(units.len() as f64) {
        let layers = Setting::Depth.range().describe();
        return Err(format!("{} layers: choose {layers}", units.len()));
    }
    Ok(units.into_iter().map(|units| units as usize).collect())
}

fn or_none(text: &str, range: Range) -> Result<Option<f64>, String> {
    match text {
        NONE => Ok(None),
        _ => number(text, range)
            .map(Some)
            .map_err(|problem| format!("{problem}, or {NONE}")),
    }
}

fn number(text: &str, range: Range) -> Result<f64, String> {
    parse(text)
        .filter(|value| range.contains(*value))
        .ok_or_else(|| format!("choose {}", range.describe()))
}

fn parse(text: &str) -> Option<f64> {
    parse_f64(text.trim())
}

/// The numbers, and after a `~` where they are from.
fn given_text(given: &Given, network: &NetworkSpec) -> String {
    let numbers = encode_f32(&given.numbers_for(network));
    format!("{numbers}{LAYERS}{}", given.name())
}

/// What [`given_text`] has written, if it is of this network.
pub(super) fn given(text: &str, network: &NetworkSpec) -> Result<Given, String> {
    let (numbers, name) = text.split_once(LAYERS).unwrap_or((text, "a link"));
    let numbers = decode_f32(numbers)
        .ok_or("these are no weights as a link holds them: the link is cut off or damaged")?;
    let n_numbers = numbers.len();
    let layout = ParamLayout::new(network);
    Given::from_numbers(name, network, numbers).ok_or_else(|| {
        format!(
            "the link has {n_numbers} weights and the like, and its network {}",
            layout.n_params + layout.n_running
        )
    })
}
