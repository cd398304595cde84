//! A trace of somebody's own model: who is dead, since when, why, and what may mend it.

use actiscope_core::health::Health;
use actiscope_core::interop::trace::{Event, Finding, Layer, Remedy, Trace, TraceView};
use serde_json::{Value, json};

use crate::args::FailOn;
use crate::failure::Failure;

/// What is told of a trace, and whether it has what `--fail-on` names.
pub fn judge(bytes: Vec<u8>, fail_on: Option<FailOn>) -> Result<(Value, bool), Failure> {
    let trace = Trace::read(bytes).map_err(|error| Failure::new(error.to_string()))?;
    let view = TraceView::new(&trace, &[]);
    let last = trace.n_records().saturating_sub(1);
    let layers: Vec<Value> = (0..trace.layers.len())
        .map(|layer| layer_told(&trace, layer, last))
        .collect();
    let findings: Vec<Value> = view.findings.iter().map(finding).collect();
    // In the order of time, as a log.
    let events: Vec<Value> = view
        .events
        .iter()
        .rev()
        .map(|told| event(&trace, told))
        .collect();
    let caption = &view.caption;
    let caption = [&*caption.before, &*caption.emphasis, &*caption.after].concat();
    let told = json!({
        "framework": trace.about.framework.id(),
        "model": trace.about.model,
        "steps": trace.steps.last(),
        "records": trace.n_records(),
        "loss": number(trace.loss.last().copied()),
        "units": trace.n_units(),
        "dead": trace.n_dead(last),
        "saturated": trace.n_saturated(last),
        "caption": caption,
        "layers": layers,
        "events": events,
        "findings": findings,
        "cut": trace.cut,
    });
    let has_failed = match fail_on {
        None => false,
        Some(FailOn::Dead) => trace.n_dead(last) > 0,
        Some(FailOn::Saturated) => trace.n_dead(last) + trace.n_saturated(last) > 0,
        Some(FailOn::DeadLayer) => trace.hidden().any(|(_, layer)| layer.is_all_dead(last)),
        Some(FailOn::NotFinite) => trace.not_finite().is_some(),
        Some(FailOn::Finding) => view.findings.iter().any(|finding| !finding.is_harmless),
    };
    Ok((told, has_failed))
}

fn layer_told(trace: &Trace, layer: usize, last: usize) -> Value {
    let of = &trace.layers[layer];
    let of_health = |health| -> Vec<Value> {
        let units = (0..of.about.n_units).filter(|&unit| of.health(last, unit) == health);
        units.map(|unit| since(trace, layer, unit, last)).collect()
    };
    let mut told = json!({
        "name": of.about.name(),
        "shape": of.about.described(),
        "units": of.about.n_units,
        "output": of.about.is_output,
        "z_spread": number(of.z_spread.last().copied()),
        "z_gradient_rms": number(of.z_gradient_rms.last().copied()),
        "update_ratio": number(last_finite(of)),
    });
    if !of.about.is_output {
        told["dead"] = of_health(Health::Dead).into();
        told["saturated"] = of_health(Health::Saturated).into();
    }
    told
}

/// A unit, numbered from 0 as in the framework, and between which steps it became what it is.
fn since(trace: &Trace, layer: usize, unit: usize, last: usize) -> Value {
    let record = trace.since(layer, last, unit);
    let number = trace.number_of(layer, unit) - 1;
    match record {
        0 => json!({ "unit": number, "since": [Value::Null, trace.steps.first()] }),
        record => {
            let (after, by) = trace.span(record, record);
            json!({ "unit": number, "since": [after, by] })
        }
    }
}

fn event(trace: &Trace, event: &Event) -> Value {
    let (after, by) = trace.span(event.first, event.last);
    json!({
        "kind": event.kind.id(),
        "layer": event.layer.map(|layer| layer + 1),
        "after": after,
        "by": by,
        "units": event.n,
        "said": event.said,
        "note": event.note,
    })
}

fn finding(finding: &Finding) -> Value {
    let remedies: Vec<Value> = finding.remedies.iter().map(remedy).collect();
    json!({
        "cause": finding.cause.id(),
        "said": finding.sentence(),
        "harmless": finding.is_harmless,
        "evidence": finding.evidence,
        "remedies": remedies,
    })
}

fn remedy(remedy: &Remedy) -> Value {
    json!({
        "label": remedy.label,
        "place": remedy.place,
        "code": remedy.code,
        "tried": remedy.said(),
    })
}

/// The last step whose update was seen.
fn last_finite(layer: &Layer) -> Option<f32> {
    layer
        .update_ratio
        .iter()
        .copied()
        .rev()
        .find(|ratio| ratio.is_finite())
}

/// JSON has no NaN.
fn number(value: Option<f32>) -> Value {
    value
        .filter(|value| value.is_finite())
        .map_or(Value::Null, |value| json!(value))
}
