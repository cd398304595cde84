//! Keys of the page as a whole.

use actiscope_core::protocol::RunCommand;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::app::App;
use crate::app::presenting::Presenting;
use crate::app::theme::Colours;
use crate::files::Files;
use crate::run::{Followed, Run};
use crate::views::View;

/// Listens as long as the reactive owner lives. `remedy` does what the caption offers.
pub fn listen(
    app: App,
    run: Run,
    colours: Colours,
    presenting: Presenting,
    is_help_open: RwSignal<bool>,
    files: Files,
    remedy: Callback<()>,
) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.alt_key() || event.default_prevented() {
            return;
        }
        let key = event.key();
        if event.ctrl_key() || event.meta_key() {
            if shows_run(app) {
                undo_or_redo(run, &event, &key);
            }
            // In place of the browser's own, which know nothing of runs.
            if matches!(&*key, "s" | "S" | "o" | "O") && !app.is_embedded() {
                event.prevent_default();
                files.is_open.set(true);
            }
            return;
        }
        if is_for_the_focused(&event, &key) {
            return;
        }
        let is_done = shows_run(app) && act_on_run(run, &key, remedy);
        if is_done {
            event.prevent_default();
            return;
        }
        match &*key {
            "t" | "T" if untrack(|| app.room()) == View::first() && !app.is_embedded() => {
                run.follow(Followed::Worst);
            }
            "c" | "C" => colours.theme.update(|theme| *theme = theme.next()),
            "f" | "F" => presenting.toggle(),
            "Escape" if presenting.is_on.get_untracked() => presenting.leave(),
            "?" => is_help_open.set(true),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || handle.remove());
    group_drags(run);
}

fn shows_run(app: App) -> bool {
    untrack(|| app.room()).shows_run
}

/// Keys of a view that shows the run. False for a key that is none of them.
fn act_on_run(run: Run, key: &str, remedy: Callback<()>) -> bool {
    match key {
        " " => run.toggle_training(),
        "ArrowRight" => run.dispatch(RunCommand::Step(1)),
        "r" | "R" => run.dispatch(RunCommand::Reset),
        "l" | "L" => remedy.run(()),
        "d" | "D" => run.dispatch(RunCommand::ReviveDead),
        _ => return false,
    }
    true
}

/// Ctrl (or Cmd) with Z, with Shift and Z, or with Y. A field of text undoes its own typing.
fn undo_or_redo(run: Run, event: &KeyboardEvent, key: &str) {
    let is_redo = match key {
        "z" | "Z" => event.shift_key(),
        "y" | "Y" => true,
        _ => return,
    };
    // Whatever types a letter takes its own.
    if is_for_the_focused(event, key) {
        return;
    }
    event.prevent_default();
    if is_redo {
        run.redo();
    } else {
        run.undo();
    }
}

/// What a slider does while it is held is one edit to undo.
fn group_drags(run: Run) {
    let down = window_event_listener(leptos::ev::pointerdown, move |_| run.begin_gesture());
    let up = window_event_listener(leptos::ev::pointerup, move |_| run.end_gesture());
    let cancel = window_event_listener(leptos::ev::pointercancel, move |_| run.end_gesture());
    on_cleanup(move || {
        down.remove();
        up.remove();
        cancel.remove();
    });
}

/// Whether the element with the focus has a use for the key itself.
pub fn is_for_the_focused(event: &KeyboardEvent, key: &str) -> bool {
    let Some(element) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return false;
    };
    let within = |selector: &str| matches!(element.closest(selector), Ok(Some(_)));
    if within("dialog") {
        return true;
    }
    match key {
        // A button or switch takes the space bar.
        " " => within("input, select, textarea, button, a, summary"),
        "ArrowRight" => within("input, select, textarea, [role=grid], .log"),
        _ => within("input:not([type=range], [type=checkbox]), select, textarea"),
    }
}
