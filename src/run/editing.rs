//! What the user edits, takes back, and makes again.

use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::{Edit, Effect, Scenario};
use leptos::prelude::*;

use super::undo::{EntryId, Moment, Way};
use super::unheard::Change;
use super::{Run, Undo};

/// What makes several edits one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gesture {
    /// Counts presses and groups.
    number: u32,
    is_under_way: bool,
}

impl Run {
    /// [`Run::dispatch`] of an edit. An edit that the scenario cannot take is reported and has no effect.
    pub fn edit(self, edit: Edit) {
        let before = self.scenario.get_untracked();
        let Some((after, effect)) = self.after(&before, &edit) else {
            return;
        };
        let entry = self.record(&edit, &before, &after);
        self.make(edit, after, effect, entry);
    }

    /// Takes the last edit back. The run goes on with its weights where these fit.
    pub fn undo(self) {
        let step = self.shown_step();
        self.go_to(|undo, now| undo.undo(now, step));
    }

    /// Makes the edit again that was undone last.
    pub fn redo(self) {
        self.go_to(Undo::redo);
    }

    /// From now on edits are one, until [`Run::end_gesture`].
    pub fn begin_gesture(self) {
        self.gesture.update_value(|gesture| {
            gesture.number = gesture.number.wrapping_add(1);
            gesture.is_under_way = true;
        });
    }

    pub fn end_gesture(self) {
        self.gesture
            .update_value(|gesture| gesture.is_under_way = false);
    }

    fn go_to(self, to: impl FnOnce(&mut Undo, &Scenario) -> Option<Way>) {
        let mut way = None;
        self.scenario.with_untracked(|now| {
            self.undo.update(|undo| way = to(undo, now));
        });
        let scenario = match way {
            None => return,
            Some(Way::Become(scenario)) => scenario,
            Some(Way::TakeBackRevival) => {
                self.send_revival(RunCommand::TakeBackRevival);
                return;
            }
            Some(Way::Revive) => {
                self.send_revival(RunCommand::ReviveDead);
                return;
            }
            Some(Way::SetParams(values)) => {
                self.send(RunCommand::SetParams(values));
                return;
            }
        };
        let view = scenario.view.clone();
        self.make_again(Edit::Whole(scenario));
        if self.scenario.with_untracked(|now| now.view != view) {
            self.make_again(Edit::View(view));
        }
    }

    /// An edit that undoing knows of already.
    fn make_again(self, edit: Edit) {
        let before = self.scenario.get_untracked();
        if let Some((after, effect)) = self.after(&before, &edit) {
            self.make(edit, after, effect, None);
        }
    }

    pub(super) fn record(
        self,
        edit: &Edit,
        before: &Scenario,
        after: &Scenario,
    ) -> Option<EntryId> {
        let Gesture {
            number,
            is_under_way,
        } = self.gesture.get_value();
        let moment = Moment {
            now_ms: self.host.with_value(|host| host.now_ms()),
            gesture: is_under_way.then_some(number),
        };
        let mut entry = None;
        self.undo
            .update(|undo| entry = undo.record(edit, before, after, moment));
        entry
    }

    /// What an edit makes of a scenario; none if that cannot be run, which is reported.
    fn after(self, before: &Scenario, edit: &Edit) -> Option<(Scenario, Effect)> {
        let mut after = before.clone();
        let effect = edit.apply(&mut after);
        match after.check() {
            Ok(()) => {
                self.notices.clear("edit");
                Some((after, effect))
            }
            Err(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                self.notices.problem("edit", lines.join("\n"));
                None
            }
        }
    }

    /// Has scenario and run be what the edit makes of them.
    fn make(self, edit: Edit, after: Scenario, effect: Effect, entry: Option<EntryId>) {
        self.host.with_value(|host| host.hurry());
        let axes = after.view.axes;
        let before = self.scenario.with_untracked(|before| before.view.axes);
        self.scenario.set(after);
        let number = self.send(RunCommand::Edit(edit.clone()));
        self.unheard.update_value(|unheard| {
            unheard.push(number, Change::Edit(edit), entry);
        });
        if axes != before {
            self.fit_extent();
        }
        if effect == Effect::Restart {
            self.begin_anew(number);
            self.send_training();
        }
    }
}
