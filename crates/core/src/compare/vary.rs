//! What lanes differ in, as a text: `a=sigmoid,tanh,relu`, in the words of links.

use crate::activation::{Function, entry};
use crate::nn::spec::Initializer;
use crate::scenario::{Edit, Effect, Scenario, Setting, link, unknown_name};

/// Why a text does not tell lanes, and what would.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VaryError {
    #[error("'{text}': write a setting and its values as key=value,value")]
    NoValues { text: String },
    #[error("{key}: {problem}")]
    UnknownKey { key: String, problem: String },
    #[error("{key}={value}: {problem}")]
    Value {
        key: String,
        value: String,
        problem: String,
    },
}

/// A lane for each value of `text`: `key=value,value`. A key is that of a link, `width`, `depth`, or a parameter of
/// what the base has chosen (`alpha`); a value is as in a link. What stands after a comma and has a colon
/// belongs to the value before it: `leaky_relu,alpha:0.1` is one value.
///
/// # Errors
/// The first thing that is wrong.
pub fn vary(base: &Scenario, text: &str) -> Result<Vec<Vec<Edit>>, VaryError> {
    let no_values = || VaryError::NoValues { text: text.into() };
    let (key, values) = text.split_once('=').ok_or_else(no_values)?;
    let key = key.trim();
    let joined = values_of(values);
    if joined.iter().any(String::is_empty) {
        return Err(no_values());
    }
    let setting = setting(base, key)?;
    let lanes = joined.into_iter().map(|value| {
        let wrong = |problem| VaryError::Value {
            key: key.into(),
            value: value.clone(),
            problem,
        };
        let edit = edit(base, setting, &value).map_err(wrong)?;
        let mut lane = base.clone();
        edit.apply(&mut lane);
        match lane.check() {
            Ok(()) => Ok(vec![edit]),
            Err(errors) => {
                let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
                Err(wrong(texts.join("; ")))
            }
        }
    });
    lanes.collect()
}

/// The values that stand in a text between commas. What has a colon belongs to the value before it.
pub fn values_of(text: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for piece in text.split(',').map(str::trim) {
        match values.last_mut() {
            Some(last) if piece.contains(':') => *last = format!("{last},{piece}"),
            _ => values.push(piece.into()),
        }
    }
    values
}

/// Lanes for each pair of one of `lanes` and one of `others`.
pub fn product(lanes: &[Vec<Edit>], others: &[Vec<Edit>]) -> Vec<Vec<Edit>> {
    let pairs = lanes.iter().flat_map(|lane| {
        let with =
            move |other: &Vec<Edit>| lane.iter().chain(other).cloned().collect::<Vec<Edit>>();
        others.iter().map(with)
    });
    pairs.collect()
}

/// Each lane with the initializer that its function is paired with in the catalogue; a formula keeps the base's.
pub fn with_own_initializers(base: &Scenario, lanes: &[Vec<Edit>]) -> Vec<Vec<Edit>> {
    let paired = |lane: &Vec<Edit>| {
        let mut scenario = base.clone();
        for edit in lane {
            edit.apply(&mut scenario);
        }
        let pair = paired_initializer(&scenario).map(Edit::Initializer);
        lane.iter().cloned().chain(pair).collect()
    };
    lanes.iter().map(paired).collect()
}

/// The initializer that the scenario's function is paired with.
pub fn paired_initializer(scenario: &Scenario) -> Option<Initializer> {
    match &scenario.network.activation.function {
        Function::Catalogue(id) => entry(id).map(|entry| entry.initializer),
        Function::Formula(_) => None,
    }
}

/// The setting that goes by a key.
fn setting(base: &Scenario, key: &str) -> Result<Setting, VaryError> {
    let can_vary = |setting: &Setting| {
        let is_own_data = matches!(setting, Setting::Csv | Setting::Reading | Setting::Points);
        setting.effect() != Effect::View && !is_own_data
    };
    let named = Setting::from_key(key).filter(can_vary);
    named.or_else(|| Setting::named(key, base)).ok_or_else(|| {
        let numbers = Setting::numbers_of(base).into_iter();
        let all = Setting::all().filter(can_vary).chain(numbers);
        let mut names: Vec<String> = Vec::new();
        for name in all.map(|setting| setting.name_in(base)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let names = names.iter().map(String::as_str);
        VaryError::UnknownKey {
            key: key.into(),
            problem: unknown_name("setting", key, names),
        }
    })
}

fn edit(base: &Scenario, setting: Setting, value: &str) -> Result<Edit, String> {
    // Those without a key of their own are numbers.
    if Setting::all().any(|with_key| with_key == setting) {
        return link::read_edit(base, setting, value);
    }
    let range = setting.range_in(base);
    match crate::number::parse_f64(value).filter(|number| range.contains(*number)) {
        Some(number) => Ok(Edit::Set(setting, number)),
        None => Err(format!("choose {}", range.describe())),
    }
}

/// A comparison that is often asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preset {
    pub id: &'static str,
    pub label: &'static str,
    /// As [`vary`] takes it.
    pub vary: &'static str,
    /// Each function has the initializer that it is paired with.
    pub own_initializers: bool,
}

impl Preset {
    /// Its lanes for a base.
    ///
    /// # Errors
    /// As [`vary`].
    pub fn lanes(&self, base: &Scenario) -> Result<Vec<Vec<Edit>>, VaryError> {
        let lanes = vary(base, self.vary)?;
        Ok(match self.own_initializers {
            true => with_own_initializers(base, &lanes),
            false => lanes,
        })
    }
}

const fn preset(id: &'static str, label: &'static str, vary: &'static str) -> Preset {
    Preset {
        id,
        label,
        vary,
        own_initializers: false,
    }
}

/// In the order of a menu.
pub static PRESETS: [Preset; 7] = [
    Preset {
        own_initializers: true,
        ..preset("three", "Sigmoid, tanh, ReLU", "a=sigmoid,tanh,relu")
    },
    Preset {
        own_initializers: true,
        ..preset(
            "eight",
            "Eight functions",
            "a=sigmoid,tanh,relu,leaky_relu,elu,selu,gelu,silu",
        )
    },
    preset(
        "init",
        "Initializers",
        "i=he_normal,glorot_normal,lecun_normal,orthogonal,uniform,zeros",
    ),
    preset(
        "opt",
        "Optimizers",
        "o=sgd,momentum,nesterov,rmsprop,adam,adamw",
    ),
    preset("lr", "Learning rates", "lr=0.003,0.01,0.03,0.1,0.3,1,3"),
    preset("bn", "BatchNorm", "bn=0,1"),
    preset("depth", "Depth", "depth=1,2,4,8,16"),
];
