//! What becomes of files that were given.

use actiscope_core::protocol::RunCommand;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use super::incoming::{Content, MAX_BYTES, understand};
use super::{Files, disk};
use crate::app::idle::{self, Source};
use crate::app::tables::bring_reader;
use crate::ui::kit::lazy::chunk;
use crate::views::View;

chunk! {
    files,
    /// Reads files and does with them what they are for.
    pub fn open(to: Files, files: Vec<File>) -> () {
        let reading = idle::hold(Source::Lazy);
        spawn_local(async move {
            if let Err(error) = open_all(to, &files).await {
                to.app.notices.problem("files", error);
            }
            drop(reading);
        });
    }
}

async fn open_all(to: Files, files: &[File]) -> Result<(), String> {
    let Some(first) = files.first() else {
        return Ok(());
    };
    if let Some(large) = files.iter().find(|file| file.size() > MAX_BYTES) {
        let name = large.name();
        return Err(format!(
            "{name} is larger than 300 MB, more than anything that opens here."
        ));
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
