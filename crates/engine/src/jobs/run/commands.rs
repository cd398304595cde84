//! What a run does when it is told to.

use actiscope_core::protocol::{RunCommand, RunEvent};
use actiscope_core::scenario::{Edit, Effect};

use super::course::Run;
use super::log::Change;
use super::teller::Teller;
use super::{Activity, RunError, RunJob, check};
use crate::wait::wait;

impl RunJob {
    /// Whether a command need not wait for a journey to end. One that need not is a new journey, looks on, or begins
    /// anew; any other acts where the run arrives, and [`RunJob::handle_async`] would go there without a pause.
    pub fn is_ready_for(&self, command: &RunCommand) -> bool {
        let is_on_the_way = matches!(self.activity, Activity::Seeking(..));
        !is_on_the_way
            || matches!(
                command,
                RunCommand::Seek(_)
                    | RunCommand::Load(_)
                    | RunCommand::Look(_)
                    | RunCommand::Ask(_)
                    | RunCommand::Shown
                    | RunCommand::Explain(_)
                    | RunCommand::Resume(_)
            )
    }

    /// Takes a command. What cannot be done becomes an event `Problem`, and all is as it was.
    pub async fn handle_async(&mut self, command: RunCommand) {
        let is_asked = matches!(
            command,
            RunCommand::Shown | RunCommand::Explain(_) | RunCommand::HandOver
        );
        self.is_news |= !is_asked;
        let changes_scenario = matches!(command, RunCommand::Edit(_) | RunCommand::Load(_));
        if let Err(error) = self.try_handle(command).await {
            self.tell_problem(&error);
            self.owes_scenario |= changes_scenario;
        }
        self.tell_happened();
        self.tell_scenario();
    }

    /// [`RunJob::handle_async`] for a caller that can wait; see [`crate::wait`].
    pub fn handle(&mut self, command: RunCommand) {
        wait(self.handle_async(command));
    }

    async fn try_handle(&mut self, command: RunCommand) -> Result<(), RunError> {
        match command {
            RunCommand::Load(scenario) => {
                check(&scenario)?;
                self.begin(*scenario)?;
                self.pause();
                self.may_show = true;
            }
            RunCommand::Edit(edit) => self.edit(edit).await?,
            RunCommand::Train => self.start(Activity::Training).await?,
            RunCommand::Pause => {
                self.arrive().await?;
                self.pause();
            }
            RunCommand::Step(n) => {
                // Keys may come faster than steps: each of them counts.
                let under_way = match self.activity {
                    Activity::Stepping(left) => left,
                    _ => 0,
                };
                let n = under_way + u64::from(n);
                self.start(Activity::Stepping(n)).await?;
            }
            RunCommand::Reset => {
                self.arrive().await?;
                self.begin(self.run.scenario.clone())?;
                self.pause();
            }
            RunCommand::Seek(step) => self.seek(step)?,
            RunCommand::ReviveDead => {
                self.arrive().await?;
                self.run.revive_dead().await?;
                self.is_unsaved = true;
            }
            RunCommand::SetParams(values) => {
                self.arrive().await?;
                self.run.set_params(values).await?;
                self.is_unsaved = true;
            }
            RunCommand::TakeBackRevival => self.take_back_revival().await?,
            RunCommand::Explain(request) => match Teller::new(&self.run, request) {
                Ok(teller) => self.teller = Some(teller),
                Err(why) => self.tell_story(request, Err(why)),
            },
            RunCommand::HandOver => {
                self.arrive().await?;
                self.tell(RunEvent::HandedOver(Box::new(self.run.hand_over())));
            }
            RunCommand::Resume(bytes) => {
                let run = Run::from_bytes(&bytes).await?;
                self.take(run);
                self.pause();
                self.may_show = true;
                self.owes_scenario = true;
            }
            RunCommand::Look(look) => self.viewer.set_look(look),
            RunCommand::Ask(inputs) => self.viewer.set_asked(inputs),
            RunCommand::Shown => self.may_show = true,
        }
        Ok(())
    }

    async fn edit(&mut self, edit: Edit) -> Result<(), RunError> {
        self.arrive().await?;
        let mut scenario = self.run.scenario.clone();
        let effect = edit.apply(&mut scenario);
        if scenario == self.run.scenario {
            return Ok(());
        }
        check(&scenario)?;
        match effect {
            Effect::View => self.run.look_at(scenario.view),
            Effect::Live => {
                self.run.change(Change::Edit(edit)).await?;
                self.is_unsaved = true;
            }
            Effect::Restart => self.begin(scenario)?,
        }
        Ok(())
    }

    /// Sets out for a step, in place of another journey that is under way.
    fn seek(&mut self, step: u64) -> Result<(), RunError> {
        let known = match std::mem::replace(&mut self.activity, Activity::Paused) {
            Activity::Seeking(_, known) => known,
            _ => Box::new(self.run.scenario.clone()),
        };
        self.pause();
        self.activity = Activity::Seeking(self.run.begin_seek(step)?, known);
        Ok(())
    }

    async fn take_back_revival(&mut self) -> Result<(), RunError> {
        self.arrive().await?;
        let known = self.run.scenario.clone();
        match self.run.last_revival() {
            None => return Ok(()),
            Some(0) => self.begin(known.clone())?,
            Some(_) => self.run.take_back_revival().await?,
        }
        self.is_unsaved = true;
        self.owes_scenario |= self.run.scenario != known;
        Ok(())
    }

    async fn start(&mut self, activity: Activity) -> Result<(), RunError> {
        self.arrive().await?;
        if self.run.has_diverged() {
            return Err(RunError::Diverged {
                step: self.run.step(),
            });
        }
        self.activity = activity;
        Ok(())
    }

    /// Ends a journey at once.
    async fn arrive(&mut self) -> Result<(), RunError> {
        if let Activity::Seeking(seek, _) = &mut self.activity {
            self.run.continue_seek(seek, u64::MAX).await?;
            self.end_seek();
        }
        Ok(())
    }
}
