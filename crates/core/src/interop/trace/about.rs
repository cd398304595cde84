//! What a trace says of the model: metadata of the file.

use super::read::TraceError;
use crate::interop::json::Json;
use crate::interop::safetensors::File;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Framework {
    #[default]
    PyTorch,
    Keras,
}

impl Framework {
    pub const ALL: [Self; 2] = [Self::PyTorch, Self::Keras];

    pub fn id(self) -> &'static str {
        match self {
            Self::PyTorch => "pytorch",
            Self::Keras => "keras",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::PyTorch => "PyTorch",
            Self::Keras => "Keras",
        }
    }
}

/// Of the whole run.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    pub framework: Framework,
    /// "2.15.0".
    pub framework_version: String,
    /// The model's class, or its name in Keras.
    pub model: String,
    pub n_params: Option<u64>,
    pub optimizer: Option<Optimizer>,
    pub cost: Option<Cost>,
}

/// By its name in the framework, with its arguments there.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimizer {
    pub name: String,
    pub args: Vec<(String, Json)>,
}

impl Optimizer {
    pub fn number(&self, name: &str) -> Option<f64> {
        let found = self.args.iter().find(|(other, _)| other == name);
        found.and_then(|(_, value)| value.number())
    }

    /// As it was when the optimizer was made.
    pub fn learning_rate(&self) -> Option<f64> {
        self.number("lr").or_else(|| self.number("learning_rate"))
    }
}

/// What recording took of the training's time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    pub probe_seconds: f64,
    pub total_seconds: f64,
    pub n_left_out: u64,
}

/// Of a layer: an activation, and the layer with weights before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayerAbout {
    pub framework: Framework,
    /// The activation's name in the code ("net.1"), or that of the module whose forward calls it; empty for the model itself.
    pub module: String,
    /// The class of that module.
    pub class: String,
    /// It is a module of its own, and not a call within a forward.
    pub is_module: bool,
    /// Which call of this function within the module, from 1.
    pub call: u64,
    /// `relu`, as the framework calls it.
    pub function: String,
    /// Beside z.
    pub args: Vec<(String, Json)>,
    /// The normalization between weights and activation; empty where there is none.
    pub normalized: String,
    /// The layer with weights, by its name in the code; empty where it has none of its own.
    pub weights: String,
    /// What kind of layer that is: `linear`, `conv2d`, `Dense` ...
    pub kind: String,
    /// Of its weights.
    pub shape: Vec<usize>,
    /// That each unit was looked at on; positions of a convolution among them.
    pub n_samples: u32,
    /// Of each sample of the probe batch.
    pub n_positions: u32,
    /// That were recorded.
    pub n_units: usize,
    /// That the layer has.
    pub of: usize,
    /// No layer with weights comes after it: its units are not judged.
    pub is_output: bool,
}

impl LayerAbout {
    /// One is recorded of so many.
    pub fn every(&self) -> usize {
        self.of.div_ceil(self.n_units.max(1)).max(1)
    }

    /// A number that the function was given, by any of these names.
    pub fn number(&self, names: &[&str]) -> Option<f64> {
        let is_named = |(name, _): &&(String, Json)| names.contains(&name.as_str());
        self.args
            .iter()
            .find(is_named)
            .and_then(|(_, value)| value.number())
    }

    fn read(framework: Framework, value: &Json) -> Result<Self, TraceError> {
        let text = |name: &str| {
            value
                .get(name)
                .and_then(Json::text)
                .unwrap_or_default()
                .to_owned()
        };
        let bool = |name: &str| value.get(name).and_then(Json::bool).unwrap_or_default();
        let whole = |name: &'static str| {
            let found = value.get(name).and_then(Json::whole);
            found.ok_or(TraceError::Field(name))
        };
        let small = |name: &'static str| {
            let found = u32::try_from(whole(name)?).ok().filter(|&n| n > 0);
            found.ok_or(TraceError::Field(name))
        };
        let shape = value.get("shape").and_then(Json::list).unwrap_or_default();
        let shape = shape.iter().filter_map(Json::whole).map(|n| n as usize);
        let args = value.get("args").and_then(Json::fields).unwrap_or_default();
        Ok(Self {
            framework,
            module: text("module"),
            class: text("class"),
            is_module: bool("is_module"),
            call: whole("call").unwrap_or(1),
            function: text("activation"),
            args: args.to_vec(),
            normalized: text("normalized"),
            weights: text("weights"),
            kind: text("kind"),
            shape: shape.collect(),
            n_samples: small("samples")?,
            n_positions: small("positions").unwrap_or(1),
            n_units: small("units")? as usize,
            of: small("of").or_else(|_| small("units"))? as usize,
            is_output: bool("output"),
        })
    }
}

/// What the file says of the run and of its layers.
pub(super) fn read(file: &File<'_>) -> Result<(About, Vec<LayerAbout>), TraceError> {
    if file.metadata("format") != Some("actiscope-trace") {
        return Err(TraceError::NoTrace);
    }
    match file.metadata("version") {
        Some("1") => {}
        version => return Err(TraceError::Version(version.unwrap_or("none").to_owned())),
    }
    let framework = file.metadata("framework").unwrap_or_default();
    let named = Framework::ALL
        .into_iter()
        .find(|other| other.id() == framework);
    let framework = named.ok_or_else(|| TraceError::Framework(framework.to_owned()))?;
    let json = |field: &'static str| match file.metadata(field) {
        None => Ok(None),
        Some(text) => match Json::parse(text) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(TraceError::Json { field, error }),
        },
    };
    let text = |name| file.metadata(name).unwrap_or_default().to_owned();
    let args = json("optimizer_args")?;
    let args = args.as_ref().and_then(Json::fields).unwrap_or_default();
    let optimizer = file.metadata("optimizer").filter(|name| !name.is_empty());
    let about = About {
        framework,
        framework_version: text("framework_version"),
        model: text("model"),
        n_params: file
            .metadata("parameters")
            .and_then(|text| text.parse().ok()),
        optimizer: optimizer.map(|name| Optimizer {
            name: name.to_owned(),
            args: args.to_vec(),
        }),
        cost: json("cost")?.as_ref().and_then(cost),
    };
    let layers = json("layers")?.ok_or(TraceError::Field("layers"))?;
    let layers = layers.list().ok_or(TraceError::Field("layers"))?;
    let layers: Result<Vec<_>, _> = layers
        .iter()
        .map(|layer| LayerAbout::read(framework, layer))
        .collect();
    Ok((about, layers?))
}

fn cost(value: &Json) -> Option<Cost> {
    Some(Cost {
        probe_seconds: value.get("probe_seconds")?.number()?,
        total_seconds: value.get("total_seconds")?.number()?,
        n_left_out: value.get("probes_left_out")?.whole()?,
    })
}
