//! A scenario from a link or a file.
//!
//! A file holds a link, or JSON with the fields of [`Scenario`]; those left out have their defaults.

use std::path::Path;

use actiscope_core::scenario::{Scenario, link, unknown_name};
use actiscope_engine::sets;
use actiscope_engine::wait::wait;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::input::read_text;

/// The parts whose fields are merged one by one. Every other value is replaced as a whole.
const PARTS: [&str; 5] = ["data", "network", "network.activation", "training", "view"];

/// With its samples, where they are of a collected set.
pub fn read(text: &str) -> Result<Scenario, Failure> {
    let mut scenario = read_alone(text)?;
    wait(sets::bring(&mut scenario));
    Ok(scenario)
}

fn read_alone(text: &str) -> Result<Scenario, Failure> {
    let path = Path::new(text);
    if path.exists() {
        let content = read_text(path)?;
        let content = content.trim();
        if content.starts_with('{') {
            return read_json(content).map_err(|failure| failure.at(path.display()));
        }
        if is_link(content) {
            return Ok(read_link(content));
        }
        let problem =
            "this is no link (one line with #v=1), no scenario (JSON), no run and no network";
        return Err(Failure::new(problem).at(path.display()));
    }
    if is_link(text) {
        return Ok(read_link(text));
    }
    let problem = "there is no such file, and it is no link either: a link holds #v=1";
    Err(Failure::new(problem).at(format!("'{text}'")))
}

fn is_link(text: &str) -> bool {
    let is_one_line = !text.contains(['\n', '\r']);
    is_one_line && (text.starts_with("v=") || text.contains('#'))
}

/// What the link has wrong is told on standard error, and replaced by the default.
fn read_link(text: &str) -> Scenario {
    let (scenario, problems) = link::from_link(text);
    for problem in problems {
        eprintln!("actiscope: link: {problem}");
    }
    scenario
}

fn read_json(text: &str) -> Result<Scenario, Failure> {
    let failure = |error: serde_json::Error| Failure::new(error.to_string());
    let given: Map<String, Value> = serde_json::from_str(text).map_err(failure)?;
    let mut whole = serde_json::to_value(Scenario::default()).map_err(failure)?;
    merge(&given, "", &mut whole)?;
    let mut scenario: Scenario = serde_json::from_value(whole).map_err(failure)?;

    let loss = scenario.training.loss;
    scenario.fit_to_data();
    let names_loss = given
        .get("training")
        .and_then(|training| training.get("loss"));
    if names_loss.is_some() {
        scenario.training.loss = loss;
    }
    match scenario.check() {
        Ok(()) => Ok(scenario),
        Err(errors) => {
            let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Err(Failure::new(texts.join("; ")))
        }
    }
}

/// Puts the given fields into `whole`, a scenario as JSON, one by one, so that one that does not fit is
/// named.
fn merge(given: &Map<String, Value>, part: &str, whole: &mut Value) -> Result<(), Failure> {
    for (key, value) in given {
        let path = match part {
            "" => key.clone(),
            _ => format!("{part}.{key}"),
        };
        let Some(place) = fields_of(part, whole).and_then(|fields| fields.get_mut(key)) else {
            let fields = fields_of(part, whole).map(|fields| &*fields);
            let names = fields.into_iter().flat_map(Map::keys).map(String::as_str);
            let names: Vec<&str> = names.collect();
            return Err(Failure::new(unknown_name("field", key, names)).at(path));
        };
        match value.as_object() {
            Some(fields) if PARTS.contains(&&*path) => merge(fields, &path, whole)?,
            None if PARTS.contains(&&*path) => {
                return Err(Failure::new("write its fields in braces: {\"name\": value}").at(path));
            }
            _ => {
                *place = value.clone();
                serde_json::from_value::<Scenario>(whole.clone())
                    .map_err(|error| Failure::new(error.to_string()).at(path))?;
            }
        }
    }
    Ok(())
}

/// The fields of `network.activation`.
fn fields_of<'a>(part: &str, whole: &'a mut Value) -> Option<&'a mut Map<String, Value>> {
    let mut names = part.split('.').filter(|name| !name.is_empty());
    let value = names.try_fold(whole, |value, name| value.get_mut(name));
    value?.as_object_mut()
}
