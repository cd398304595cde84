//! An axis as a text: `lr:1e-3:10:64:log`.

use crate::number::parse_f64;
use crate::scenario::{Axis, AxisError, AxisScale, Scenario, Setting, unknown_name};

/// Why a text is no axis, and what would be one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AxisTextError {
    #[error("'{text}': write an axis as setting:from:to:n, with :log for equal factors")]
    Form { text: String },
    #[error("{name}: {problem}")]
    UnknownSetting { name: String, problem: String },
    #[error("'{text}' is no {what}")]
    Number { text: String, what: &'static str },
    #[error("there is no scale '{0}': choose linear or log")]
    UnknownScale(String),
    #[error("{0}")]
    Axis(#[from] AxisError),
}

/// `setting:from:to:n` with `:log` or `:linear` (the default) after it, in a base that it can vary.
///
/// # Errors
/// The first thing that is wrong.
pub fn axis(base: &Scenario, text: &str) -> Result<Axis, AxisTextError> {
    let parts: Vec<&str> = text.split(':').map(str::trim).collect();
    let (name, from, to, n, scale) = match parts[..] {
        [name, from, to, n] => (name, from, to, n, "linear"),
        [name, from, to, n, scale] => (name, from, to, n, scale),
        _ => return Err(AxisTextError::Form { text: text.into() }),
    };
    let scale = match scale {
        "linear" => AxisScale::Linear,
        "log" => AxisScale::Log,
        other => return Err(AxisTextError::UnknownScale(other.into())),
    };
    let setting = Setting::named(name, base).ok_or_else(|| {
        let numbers = Setting::numbers_of(base).into_iter();
        let names: Vec<String> = numbers.map(|setting| setting.name_in(base)).collect();
        let names = names.iter().map(String::as_str);
        AxisTextError::UnknownSetting {
            name: name.into(),
            problem: unknown_name("number of this scenario", name, names),
        }
    })?;
    let number = |text: &str| {
        let finite = parse_f64(text).filter(|value| value.is_finite());
        finite.ok_or_else(|| AxisTextError::Number {
            text: text.into(),
            what: "number",
        })
    };
    let axis = Axis {
        setting,
        from: number(from)?,
        to: number(to)?,
        n: n.parse().map_err(|_| AxisTextError::Number {
            text: n.into(),
            what: "number of values",
        })?,
        scale,
    };
    axis.check(base)?;
    Ok(axis)
}
