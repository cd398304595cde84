//! The catalogue: what functions there are and what there is to say about each. It is data; adding an
//! entry touches no logic.

/// One activation function. Its formula is its only definition.
#[derive(Debug, PartialEq)]
pub struct Entry {
    /// As in links and files: `leaky_relu`.
    pub id: &'static str,
    /// As people call it: `Leaky ReLU`.
    pub name: &'static str,
    /// f(z) in the grammar of [`crate::expr`].
    pub formula: &'static str,
    /// Where PyTorch's f64 slope is not the formula's derivative to the last digit.
    pub slope_in_torch: Option<&'static str>,
    /// Parameters in the order of the values in a specification.
    pub params: &'static [ParamEntry],
}

/// A parameter, the value it usually has and those that a slider offers.
#[derive(Debug, PartialEq)]
pub struct ParamEntry {
    pub name: &'static str,
    pub default: f64,
    pub min: f64,
    pub max: f64,
    pub scale: ParamScale,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamScale {
    Linear,
    Log,
}

const fn linear(name: &'static str, default: f64, min: f64, max: f64) -> ParamEntry {
    ParamEntry {
        name,
        default,
        min,
        max,
        scale: ParamScale::Linear,
    }
}

const fn log(name: &'static str, default: f64, min: f64, max: f64) -> ParamEntry {
    ParamEntry {
        name,
        default,
        min,
        max,
        scale: ParamScale::Log,
    }
}

/// An entry without parameters.
const fn plain(id: &'static str, name: &'static str, formula: &'static str) -> Entry {
    Entry {
        id,
        name,
        formula,
        slope_in_torch: None,
        params: &[],
    }
}

/// All functions.
pub fn catalogue() -> &'static [Entry] {
    CATALOGUE
}

/// The entry with this id.
pub fn entry(id: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.id == id)
}

/// What to say of an id that there is not.
pub(super) fn near_ids(id: &str) -> String {
    let bare = |id: &str| -> String {
        let letters = id.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    let wanted = bare(id);
    match CATALOGUE.iter().find(|entry| {
        let known = bare(entry.id);
        known == wanted || bare(entry.name) == wanted
    }) {
        Some(entry) => format!("did you mean {}?", entry.id),
        None => {
            let ids: Vec<&str> = CATALOGUE.iter().map(|entry| entry.id).collect();
            format!("there are {}", ids.join(", "))
        }
    }
}

static CATALOGUE: &[Entry] = &[
    plain("identity", "Identity", "z"),
    plain("sigmoid", "Sigmoid", "sigmoid(z)"),
    plain("tanh", "Tanh", "tanh(z)"),
    plain("relu", "ReLU", "max(z, 0)"),
    Entry {
        params: &[linear("alpha", 0.01, 0.0, 1.0)],
        ..plain("leaky_relu", "Leaky ReLU", "where(z > 0, z, alpha * z)")
    },
    Entry {
        params: &[linear("alpha", 0.25, -1.0, 2.0)],
        ..plain("prelu", "PReLU", "where(z > 0, z, alpha * z)")
    },
    Entry {
        params: &[linear("alpha", 1.0, 0.0, 4.0)],
        ..plain("elu", "ELU", "where(z > 0, z, alpha * expm1(z))")
    },
    Entry {
        params: &[log("alpha", 1.0, 0.1, 10.0)],
        ..plain("celu", "CELU", "where(z > 0, z, alpha * expm1(z / alpha))")
    },
    plain(
        "selu",
        "SELU",
        "1.0507009873554805 * where(z > 0, z, 1.6732632423543772 * expm1(z))",
    ),
    plain("gelu", "GELU", "z * (1 + erf(z / sqrt(2))) / 2"),
    plain(
        "gelu_tanh",
        "GELU (tanh)",
        "z * (1 + tanh(sqrt(2 / pi) * (z + 0.044715 * z^3))) / 2",
    ),
    plain("silu", "SiLU", "z * sigmoid(z)"),
    Entry {
        params: &[linear("beta", 1.0, 0.0, 10.0)],
        ..plain("swish", "Swish", "z * sigmoid(beta * z)")
    },
    plain("mish", "Mish", "z * tanh(softplus(z))"),
    Entry {
        params: &[log("beta", 1.0, 0.1, 10.0)],
        ..plain("softplus", "Softplus", "softplus(beta * z) / beta")
    },
    plain("softsign", "Softsign", "z / (1 + abs(z))"),
    plain("hard_tanh", "HardTanh", "min(max(z, -1), 1)"),
    Entry {
        slope_in_torch: Some("where(abs(z) < 3, 0.1666666716337204, 0)"),
        ..plain("hard_sigmoid", "HardSigmoid", "min(max(z + 3, 0), 6) / 6")
    },
    plain("hard_swish", "HardSwish", "z * min(max(z + 3, 0), 6) / 6"),
    plain("relu6", "ReLU6", "min(max(z, 0), 6)"),
    plain("log_sigmoid", "LogSigmoid", "-softplus(-z)"),
    plain("tanh_shrink", "TanhShrink", "z - tanh(z)"),
    Entry {
        params: &[log("omega", 1.0, 0.1, 30.0)],
        ..plain("sine", "Sine", "sin(omega * z)")
    },
];
