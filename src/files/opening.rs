//! What becomes of files that were given.

use actiscope_core::protocol::RunCommand;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::incoming::{Content, MAX_BYTES, is_trace, understand};
use super::{Files, disk};
use crate::app::idle::{self, Source};
use crate::app::tables::bring_reader;
use crate::trace::growing;
use crate::trace::reading::{self, Given};
use crate::ui::kit::lazy::chunk;
use crate::views::View;

chunk! {
    files,
    /// Reads files and does with them what they are for.
    pub fn open(to: Files, files: Vec<File>, promised: Vec<JsFuture>) -> () {
        let reading = idle::hold(Source::Lazy);
        spawn_local(async move {
            if let Err(error) = open_all(to, &files, promised).await {
                to.app.notices.problem("files", error);
            }
            drop(reading);
        });
    }
}

async fn open_all(to: Files, files: &[File], promised: Vec<JsFuture>) -> Result<(), String> {
    let Some(first) = files.first() else {
        return Ok(());
    };
    if let Some(large) = files.iter().find(|file| file.size() > MAX_BYTES) {
        let name = large.name();
        return Err(format!(
            "{name} is larger than 300 MB, more than anything that opens here."
        ));
    }
    let traces = traces_among(files, promised).await?;
    if !traces.is_empty() {
        to.is_open.set(false);
        let read = reading::read(to.traces, to.app, traces).await;
        return read.map_err(|error| error.to_string());
    }
    let mut opened = Vec::new();
    for file in files {
        opened.push(disk::read(file).await?);
    }
    // A network for which there are no data gets a table.
    bring_reader().await.map_err(|error| error.to_string())?;
    let present = to.run.scenario.get_untracked();
    let understood = understand(&opened, &present)?;
    match understood.content {
        Content::Text => {
            to.is_open.set(false);
            to.table.open_file(to.run, first.clone());
            return Ok(());
        }
        Content::Run(run) => to.run.resume(*run),
        Content::Network(scenario) => {
            to.run.dispatch(RunCommand::Pause);
            to.run.dispatch(RunCommand::Load(scenario));
        }
    }
    if !to.app.view.get_untracked().shows_run {
        to.app.view.set(View::first());
    }
    to.is_open.set(false);
    let said = understood.said.join(" ");
    to.app
        .notices
        .info("files", format!("{said} Ctrl+Z takes it back."));
    Ok(())
}

/// The traces of these files. They are known by their beginning, for a trace may be large, and is read in pieces.
async fn traces_among(files: &[File], promised: Vec<JsFuture>) -> Result<Vec<Given>, String> {
    let handles = growing::handles(promised).await;
    let mut traces = Vec::new();
    for file in files {
        if is_trace(&disk::start(file).await?) {
            let again = growing::handle_of(&handles, file);
            traces.push(Given::File(file.clone(), again));
        }
    }
    Ok(traces)
}
