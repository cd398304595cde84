//! What our own files say in words: texts by name, the same in all kinds of files that have room for such.
//!
//! | key | value |
//! |---|---|
//! | `format` | [`FORMAT`] |
//! | `hidden_1.function` | id of an entry of the catalogue |
//! | `hidden_1.formula` | f(z), of every function |
//! | `hidden_1.parameters` | `{"alpha":0.01}`, where there are any; PReLU's is the value that it began with |
//! | `input_names`, `class_names` | lists of texts |
//! | `squash` | what is made of outputs: `softmax`, `sigmoid`, `sigmoids`, `plain`, `positive` |
//! | `threshold` | of two classes with one output: the probability over which it is the second |

use crate::activation::{ActivationSpec, Function};
use crate::classify::Squash;
use crate::interop::json::{Json, quoted};
use crate::interop::{Meaning, Model};

/// The value of `format`.
pub const FORMAT: &str = "actiscope-network";

const SQUASHES: [(Squash, &str); 5] = [
    (Squash::Softmax, "softmax"),
    (Squash::Sigmoid, "sigmoid"),
    (Squash::Sigmoids, "sigmoids"),
    (Squash::Plain, "plain"),
    (Squash::Positive, "positive"),
];

/// What there is to say of a model, by key.
pub fn about(model: &Model) -> Vec<(String, String)> {
    let mut told = vec![("format".to_owned(), FORMAT.to_owned())];
    for (l, activation) in model.activations.iter().enumerate() {
        let spec = model.network.activation_of(l);
        let mut tell = |part: &str, value: String| {
            told.push((format!("hidden_{}.{part}", l + 1), value));
        };
        match &spec.function {
            Function::Catalogue(id) => {
                tell("function", id.clone());
                let formula = activation.entry.map_or("", |entry| entry.formula);
                tell("formula", formula.to_owned());
            }
            Function::Formula(text) => tell("formula", text.clone()),
        }
        if !spec.params.is_empty() {
            let named = activation.param_names.iter().zip(&spec.params);
            let named = named.map(|(name, value)| format!("{}:{value:?}", quoted(name)));
            tell("parameters", format!("{{{}}}", listed(named)));
        }
    }
    let names = |names: &[String]| format!("[{}]", listed(names.iter().map(|name| quoted(name))));
    told.push(("input_names".to_owned(), names(&model.input_names)));
    if let Some((_, name)) = SQUASHES.iter().find(|(squash, _)| *squash == model.squash) {
        told.push(("squash".to_owned(), (*name).to_owned()));
    }
    if let Meaning::Class {
        names: of,
        threshold,
    } = &model.meaning
    {
        told.push(("class_names".to_owned(), names(of)));
        told.push(("threshold".to_owned(), format!("{threshold:?}")));
    }
    told
}

/// Texts with commas between them.
fn listed(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(",")
}

/// Texts by key, of a file that may be our own.
#[derive(Clone, Debug, Default)]
pub struct Told {
    entries: Vec<(String, String)>,
}

impl Told {
    /// Those of a file; none of them where it is not our own.
    pub fn new(entries: Vec<(String, String)>) -> Self {
        let is_ours = entries
            .iter()
            .any(|(key, value)| key == "format" && value == FORMAT);
        Self {
            entries: if is_ours { entries } else { Vec::new() },
        }
    }

    /// Whether the file is our own.
    pub fn is_ours(&self) -> bool {
        !self.entries.is_empty()
    }

    fn text(&self, key: &str) -> Option<&str> {
        let found = self.entries.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| &**value)
    }

    pub fn json(&self, key: &str) -> Option<Json> {
        Json::parse(self.text(key)?).ok()
    }

    /// A list of texts; empty where there is none.
    pub fn texts(&self, key: &str) -> Vec<String> {
        let list = self.json(key);
        let list = list.as_ref().and_then(Json::list).unwrap_or_default();
        let texts = list.iter().filter_map(Json::text);
        texts.map(str::to_owned).collect()
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        self.json(key)?.number()
    }

    /// Two numbers.
    pub fn pair(&self, key: &str) -> Option<[f32; 2]> {
        let pair = self.json(key)?;
        match pair.list()? {
            [a, b] => Some([a.number()? as f32, b.number()? as f32]),
            _ => None,
        }
    }

    /// The function of a hidden layer, counted from 0; `None` where it is not told, or is none that there is.
    pub fn function(&self, layer: usize) -> Option<ActivationSpec> {
        let key = |part: &str| format!("hidden_{}.{part}", layer + 1);
        let mut spec = match self.text(&key("function")) {
            Some(id) => ActivationSpec::new(id),
            None => ActivationSpec::formula(self.text(&key("formula"))?),
        };
        let given = self.json(&key("parameters"));
        for (value, name) in spec.param_names().iter().enumerate() {
            let given = given.as_ref().and_then(|given| given.get(name)?.number());
            if let (Some(given), Some(value)) = (given, spec.params.get_mut(value)) {
                *value = given;
            }
        }
        crate::activation::Activation::resolve(&spec)
            .ok()
            .map(|_| spec)
    }

    pub fn squash(&self) -> Option<Squash> {
        let name = self.text("squash")?;
        let found = SQUASHES.iter().find(|(_, known)| *known == name);
        found.map(|&(squash, _)| squash)
    }
}
