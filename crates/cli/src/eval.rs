//! `eval`: f(z) and f'(z), or softmax and its Jacobian.

use actiscope_core::activation::{Activation, Function, softmax, softmax_jacobian};
use serde_json::{Value, json};

use crate::args::Eval;
use crate::failure::Failure;
use crate::function::specify;
use crate::input::{number, numbers};

pub fn run(args: &Eval) -> Result<Value, Failure> {
    let z = numbers("--z", &args.z)?;
    let function = match (&args.activation, &args.formula) {
        (Some(id), _) => Function::Catalogue(id.clone()),
        (None, Some(text)) => Function::Formula(text.clone()),
        (None, None) => {
            let text = args.temperature.as_deref().unwrap_or("1");
            let temperature = number("--temperature", text)?;
            return eval_softmax(&z, temperature);
        }
    };
    let values = args.param.iter().map(|text| name_and_value(text));
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let activation = Activation::resolve(&specify(function, values)?)?;
    let f: Vec<f64> = z.iter().map(|&z| activation.f(z)).collect();
    let df: Vec<f64> = z.iter().map(|&z| activation.slope(z)).collect();
    Ok(json!({ "f": f, "df": df }))
}

fn eval_softmax(z: &[f64], temperature: f64) -> Result<Value, Failure> {
    if temperature <= 0.0 {
        let text = format!("--temperature: {temperature} is not above 0");
        return Err(Failure::new(text));
    }
    let p = softmax(z, temperature);
    Ok(json!({ "p": p, "jacobian": softmax_jacobian(z, temperature) }))
}

fn name_and_value(text: &str) -> Result<(&str, f64), Failure> {
    let (name, value) = text.split_once('=').ok_or_else(|| {
        Failure::new(format!(
            "--param: '{text}': write a parameter as name=value"
        ))
    })?;
    Ok((name.trim(), number(&format!("--param {name}"), value)?))
}
