//! What the user does to a run, edits apart.

use actiscope_core::protocol::{JobSpec, Look, ParamValue, RunCommand, ToEngine};
use actiscope_core::scenario::{Edit, Scenario};
use leptos::prelude::*;

use super::seeking::Seeking;
use super::unheard::{Change, Unheard};
use super::{Followed, Run, RunLog, Start, Undo, axes};

impl Run {
    /// The one way to change anything: the scenario by an edit, the run by the rest.
    pub fn dispatch(self, command: RunCommand) {
        match command {
            RunCommand::Look(_)
            | RunCommand::Ask(_)
            | RunCommand::Explain(_)
            | RunCommand::Edit(_) => {}
            // Another run, to be begun like the one before.
            RunCommand::Load(_) if self.start.get_value() == Start::WhenSeen => {}
            // From now on it is where the user has it go.
            _ => self.start.set_value(Start::At(0)),
        }
        match command {
            RunCommand::Edit(edit) => self.edit(edit),
            RunCommand::Load(scenario) => self.load(scenario),
            RunCommand::Seek(step) => self.seek(step),
            RunCommand::Look(look) => self.set_look(look),
            RunCommand::Train => {
                self.wants_training.set(true);
                self.send_training();
            }
            RunCommand::Pause | RunCommand::Step(_) => {
                self.wants_training.set(false);
                let number = self.send(command);
                self.wanted_since.set_value(number);
            }
            RunCommand::Reset => {
                let number = self.send(RunCommand::Reset);
                self.begin_anew(number);
                self.send_training();
            }
            RunCommand::ReviveDead => self.revive(),
            RunCommand::SetParams(values) => self.set_params(values),
            command => {
                self.send(command);
            }
        }
    }

    /// Until the last revival is shown, how many are dead is not: what is pressed then is no deed of its own.
    fn revive(self) {
        if self.shown.get_value() < self.revived.get_value() {
            return;
        }
        if untrack(|| self.health_counts()).0 > 0 {
            self.scenario.with_untracked(|scenario| {
                self.undo.update(|undo| undo.record_revival(scenario));
            });
        }
        self.send_revival(RunCommand::ReviveDead);
    }

    /// What is not on show cannot be undone: it is not recorded, and set all the same.
    fn set_params(self, after: Vec<ParamValue>) {
        let before = self.snapshot.with_untracked(|snapshot| {
            let snapshot = snapshot.as_ref()?;
            let value = |of: &ParamValue| {
                let value = snapshot.param(of.at)?;
                Some(ParamValue { value, ..*of })
            };
            after.iter().map(value).collect::<Option<Vec<_>>>()
        });
        if let Some(before) = before.filter(|before| *before != after) {
            let (step, now_ms) = (
                self.shown_step(),
                self.host.with_value(|host| host.now_ms()),
            );
            let values = [before, after.clone()];
            self.scenario.with_untracked(|scenario| {
                self.undo
                    .update(|undo| undo.record_params(scenario, step, values, now_ms));
            });
        }
        self.send(RunCommand::SetParams(after));
    }

    /// The step on show.
    pub(super) fn shown_step(self) -> u64 {
        self.snapshot
            .with_untracked(|snapshot| snapshot.as_ref().map_or(0, |s| s.step))
    }

    /// Revives, or takes that back.
    pub(super) fn send_revival(self, command: RunCommand) {
        let number = self.send(command);
        self.revived.set_value(number);
    }

    /// Another run begins with the message of this number: nothing that is told of the one before is of it.
    pub(super) fn begin_anew(self, number: u64) {
        self.began.set_value(number);
        self.checkpoint.set_value(None);
        self.story.set(None);
        self.log.update(RunLog::expect_restart);
        self.undo.update(Undo::forget_params);
        self.course
            .update(|course| *course = course.wrapping_add(1));
    }

    /// Several commands, or deeds of a remedy, that are one to the user, and to [`Run::undo`].
    pub fn dispatch_all(self, commands: Vec<impl Into<RunCommand>>) {
        self.begin_gesture();
        for command in commands {
            self.dispatch(command.into());
        }
        self.end_gesture();
    }

    /// Train or pause, whichever it is not.
    pub fn toggle_training(self) {
        let command = if self.wants_training.get_untracked() {
            RunCommand::Pause
        } else {
            RunCommand::Train
        };
        self.dispatch(command);
    }

    pub fn set_look(self, look: Look) {
        if self.look.with_untracked(|now| *now != look) {
            self.look.set(look);
            self.send(RunCommand::Look(self.asked_look()));
        }
    }

    /// Has the network answer for these inputs, too, with each snapshot; for none where they are empty. A run that begins
    /// anew has forgotten it.
    pub fn ask(self, inputs: Vec<f32>) {
        self.send(RunCommand::Ask(inputs));
    }

    /// What of the run is on show: what a view looks at, or nothing. It goes on all the same, but is asked for no pictures
    /// that nobody sees; one that is to train when it is seen does so now.
    pub fn set_seen(self, seen: Option<Look>) {
        if self.seen.with_value(|now| *now != seen) {
            self.seen.set_value(seen.clone());
            self.send(RunCommand::Look(self.asked_look()));
        }
        if seen.is_some() && self.start.get_value() == Start::WhenSeen {
            self.dispatch(RunCommand::Train);
        }
    }

    /// As fine as the panels have room for, and of that what is on show.
    pub(super) fn asked_look(self) -> Look {
        let look = self.look.get_untracked();
        let cells = |fine: usize, seen: usize| if seen > 0 { fine } else { 0 };
        let seen = self.seen.get_value();
        let is_seen = seen.is_some();
        let is_following = self.followed.get_untracked() != Followed::Nothing;
        let seen = seen.unwrap_or(crate::views::NOTHING);
        Look {
            unit_map_cells: cells(look.unit_map_cells, seen.unit_map_cells),
            field_cells: cells(look.field_cells, seen.field_cells),
            // All that a sample meets on its way, whatever is drawn.
            weights: is_seen && (look.weights && seen.weights || is_following),
            weights_of: look.weights_of.filter(|_| is_seen),
            answers: seen.answers,
            extent: look.extent,
        }
    }

    /// Everything that an engine must know that knows nothing of the run: the run begins there, or goes on from its
    /// last checkpoint.
    pub fn open(self) {
        self.seeking.set_value(Seeking::default());
        self.unheard.set_value(Unheard::default());
        self.wanted_since.set_value(0);
        self.began.set_value(0);
        self.revived.set_value(0);
        self.shown.set_value(0);
        let checkpoint = self.checkpoint.get_value().map(|(_, bytes)| bytes);
        let begins = checkpoint.is_none();
        if !begins {
            self.log.update(RunLog::expect_resume);
        }
        let spec = JobSpec::Run {
            scenario: Box::new(self.scenario.get_untracked()),
            look: self.asked_look(),
            checkpoint,
        };
        self.send_out(ToEngine::Open {
            job: self.job,
            spec,
        });
        match self.start.get_value() {
            _ if self.wants_training.get_untracked() => self.send_training(),
            Start::At(step) if begins && step > 0 => {
                let step = u32::try_from(step).unwrap_or(u32::MAX);
                self.send(RunCommand::Step(step));
            }
            _ => {}
        }
        self.ask_for_takers();
    }

    /// Another scenario in place of this one.
    fn load(self, scenario: Box<Scenario>) {
        let entry = self.scenario.with_untracked(|before| {
            self.record(&Edit::Whole(scenario.clone()), before, &scenario)
        });
        self.scenario.set((*scenario).clone());
        let number = self.send(RunCommand::Load(scenario.clone()));
        self.begin_anew(number);
        self.unheard.update_value(|unheard| {
            unheard.push(number, Change::Load(scenario), entry);
        });
        self.send_training();
    }

    fn seek(self, step: u64) {
        self.wants_training.set(false);
        let step = step.min(self.last_step());
        if self.seeking.try_update_value(|seeking| seeking.ask(step)) == Some(true) {
            self.send_seek(step);
        }
    }

    pub(super) fn send_seek(self, step: u64) {
        let number = self.send_out(ToEngine::Run(self.job, RunCommand::Seek(step)));
        self.seeking.update_value(|seeking| seeking.sent(number));
        self.wanted_since.set_value(number);
    }

    /// Sends a command of the run, and gives its number.
    pub(super) fn send(self, command: RunCommand) -> u64 {
        let is_apart = matches!(
            command,
            RunCommand::Shown | RunCommand::Look(_) | RunCommand::Ask(_) | RunCommand::Explain(_)
        );
        // The user scrubbed first, and then did this.
        if !is_apart && let Some(step) = self.seeking.try_update_value(Seeking::hasten).flatten() {
            self.send_seek(step);
        }
        self.send_out(ToEngine::Run(self.job, command))
    }

    fn send_out(self, message: ToEngine) -> u64 {
        self.port.with_value(|port| port.send(message))
    }

    pub(super) fn send_training(self) {
        let number = self.send(if self.wants_training.get_untracked() {
            RunCommand::Train
        } else {
            RunCommand::Pause
        });
        self.wanted_since.set_value(number);
    }

    /// Has the pictures of the inputs reach as far as the samples do.
    pub(super) fn fit_extent(self) {
        let axes = self.scenario.with_untracked(|scenario| scenario.view.axes);
        let extent = self
            .loaded
            .with_untracked(|loaded| Some(axes::extent_of(loaded.as_ref()?, axes)));
        if let Some(extent) = extent {
            self.set_look(Look {
                extent,
                ..self.look.get_untracked()
            });
        }
    }
}
