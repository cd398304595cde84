//! What a file is, by its content, and what becomes of it.

use actiscope_core::interop::adopt::adopt;
use actiscope_core::interop::incoming::{Incoming, from_safetensors};
use actiscope_core::interop::kind::Kind;
use actiscope_core::interop::onnx;
use actiscope_core::interop::run_file::RunFile;
use actiscope_core::interop::safetensors::File;
use actiscope_core::interop::trace::Trace;
use actiscope_core::scenario::Scenario;
use actiscope_core::scenario::link::from_link;
use actiscope_core::text::count;

use super::disk::Opened;
use crate::run::Resumed;

/// More than the largest run or trace has.
pub const MAX_BYTES: f64 = 300e6;

/// What a file holds.
pub enum Content {
    /// A run that was saved, to be gone on with.
    Run(Box<Resumed>),
    /// A network, as a run that begins with its weights.
    Network(Box<Scenario>),
    /// Text: a table, as far as can be told.
    Text,
}

/// A file that was understood, and what is to be said of it: a sentence each.
pub struct Understood {
    pub content: Content,
    pub said: Vec<String>,
}

/// Whether a file that begins like this is a trace of somebody's own model.
pub fn is_trace(start: &[u8]) -> bool {
    Trace::is_one(start)
}

/// Of files that were given together the one that counts; another can hold its weights. `present` is what the page has.
///
/// # Errors
/// What is wrong, in words.
pub fn understand(files: &[Opened], present: &Scenario) -> Result<Understood, String> {
    let is_part = |file: &&Opened| file.name.ends_with(".onnx.data");
    let Some(file) = files.iter().find(|file| !is_part(file)) else {
        return Err("These are the weights of an ONNX file: drop it together with them.".into());
    };
    let external = files.iter().find(is_part).map(|file| &file.bytes[..]);
    let name = &*file.name;
    let at = |error: String| format!("{name}: {error}.");
    let kind = Kind::of(name, &file.bytes).map_err(|error| at(error.to_string()))?;
    let incoming = match kind {
        Kind::Run => {
            let run = RunFile::read(&file.bytes).map_err(|error| at(error.to_string()))?;
            return of_run(name, run, &file.bytes);
        }
        // Whoever reads traces takes them before.
        Kind::Trace | Kind::Text => {
            return Ok(Understood {
                content: Content::Text,
                said: Vec::new(),
            });
        }
        Kind::Parameters(tensors) => from_safetensors(&tensors, &present.network.activation)
            .map_err(|error| at(error.to_string()))?,
        Kind::Onnx => onnx::read(&file.bytes, external).map_err(|error| at(error.to_string()))?,
    };
    of_network(name, incoming, present)
}

fn of_run(name: &str, file: RunFile, bytes: &[u8]) -> Result<Understood, String> {
    let (scenario, problems) = from_link(&file.link);
    let mut said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let step = count(file.step);
    let Some(run) = file.run else {
        // Its parameters are there whatever the version.
        let at = |error: String| format!("{name}: {error}.");
        let tensors = File::read(bytes).map_err(|error| at(error.to_string()))?;
        let incoming = from_safetensors(&tensors, &scenario.network.activation);
        let incoming = incoming.map_err(|error| at(error.to_string()))?;
        let mut understood = of_network(name, incoming, &scenario)?;
        let why = format!(
            "Another version of this page saved {name} at step {step}: it cannot go on from there, and begins anew with the weights of that step."
        );
        understood.said.insert(0, why);
        return Ok(understood);
    };
    said.insert(
        0,
        format!("{name} is open, at step {step}, as it was saved."),
    );
    Ok(Understood {
        content: Content::Run(Box::new(Resumed {
            scenario,
            step: file.step,
            run,
            events: file.events,
        })),
        said,
    })
}

fn of_network(name: &str, incoming: Incoming, present: &Scenario) -> Result<Understood, String> {
    let (own, here) = (
        layers(&incoming.network.hidden),
        layers(&present.network.hidden),
    );
    let adopted = adopt(incoming, name, present).map_err(|error| format!("{name}: {error}."))?;
    let mut said = vec![match own == here {
        true => format!("{name} is open: {own}, in a run of its own that begins with its weights."),
        false => format!(
            "{name} is open: the file has {own}, the network here had {here}, so it is a run of its own, which begins with its weights."
        ),
    }];
    said.extend(adopted.notes);
    Ok(Understood {
        content: Content::Network(Box::new(adopted.scenario)),
        said,
    })
}

/// "3 layers of 8", "layers of 8 and 4".
fn layers(hidden: &[usize]) -> String {
    let all_are = |units: usize| hidden.iter().all(|&n| n == units);
    match hidden {
        [] => "no hidden layer".into(),
        [units] => format!("1 layer of {units}"),
        [units, ..] if all_are(*units) => format!("{} layers of {units}", hidden.len()),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(usize::to_string).collect();
            format!("layers of {} and {last}", first.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::layers;

    #[test]
    fn layers_are_counted_as_one_says_them() {
        let check = |hidden: &[usize], expect: &str| assert_eq!(layers(hidden), expect);
        check(&[], "no hidden layer");
        check(&[8], "1 layer of 8");
        check(&[8, 8, 8], "3 layers of 8");
        check(&[16, 8, 4], "layers of 16, 8 and 4");
    }
}
