//! What happened in a run, as JSON. Layers and units count from 0, as in the lists of `health`.

use actiscope_core::health::{Cause, Health, HealthEvent, What};
use serde_json::{Value, json};

pub fn to_json(event: &HealthEvent) -> Value {
    let mut answer = match &event.what {
        What::Unit {
            layer,
            unit,
            from,
            to,
        } => json!({
            "layer": layer,
            "unit": unit,
            "what": change(*from, *to),
            "from": word(*from),
            "to": word(*to),
        }),
        What::BornDead { layer } => json!({ "layer": layer, "what": "born dead" }),
        What::Diverged { layer } => json!({ "layer": layer, "what": "diverged" }),
        What::Edited { text } => json!({ "what": "edited", "text": text }),
    };
    answer["step"] = json!(event.step);
    answer["cause"] = event.cause.as_ref().map_or(Value::Null, cause);
    answer
}

fn cause(cause: &Cause) -> Value {
    json!({
        "learning_rate": cause.learning_rate,
        "gradient_norm": cause.gradient_norm,
        "bias_change": cause.bias_change,
        "weight_change_norm": cause.weight_change_norm,
        "norm_change": cause.norm_change,
        "below_change": cause.below_change,
    })
}

fn change(from: Health, to: Health) -> &'static str {
    match (from, to) {
        (_, Health::Dead) => "died",
        (Health::Dead, _) => "revived",
        (_, Health::Saturated) => "saturated",
        (_, Health::Alive) => "recovered",
    }
}

fn word(health: Health) -> &'static str {
    match health {
        Health::Alive => "alive",
        Health::Saturated => "saturated",
        Health::Dead => "dead",
    }
}
