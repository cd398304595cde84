//! Activation functions as a user names them.

use actiscope_core::activation::{ActivationSpec, Function};
use actiscope_core::scenario::function_params;

use crate::failure::Failure;

/// A function with some of its parameters given by name; the others have their usual values.
pub fn specify<'a>(
    function: Function,
    values: impl IntoIterator<Item = (&'a str, f64)>,
) -> Result<ActivationSpec, Failure> {
    let place = match &function {
        Function::Catalogue(id) => format!("activation '{id}'"),
        Function::Formula(_) => "formula".into(),
    };
    let params = function_params(&function).map_err(|problem| Failure::new(problem).at(&place))?;
    let mut chosen: Vec<f64> = params.iter().map(|param| param.default).collect();
    for (name, value) in values {
        let Some(index) = params.iter().position(|param| param.name == name) else {
            let names: Vec<&str> = params.iter().map(|param| &*param.name).collect();
            let has = match &names[..] {
                [] => "none".into(),
                _ => names.join(", "),
            };
            let text = format!("there is no parameter '{name}': it has {has}");
            return Err(Failure::new(text).at(place));
        };
        chosen[index] = value;
    }
    Ok(ActivationSpec {
        function,
        params: chosen,
    })
}
