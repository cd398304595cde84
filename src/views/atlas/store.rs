//! The Atlas' state as signals, and what follows from it: functions resolved and sampled, each only when it changed.

use std::sync::Arc;

use actiscope_core::activation::{Activation, ActivationSpec};
use leptos::prelude::*;

use super::state::{Id, State};
use crate::app::App;
use crate::held::Held;
use crate::memo::Memo;
use crate::plot::charts::atlas::FunctionSamples;
use crate::views::kept::{followed, is_here};

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Atlas {
    pub state: Held<State>,
    /// The chosen functions and the draft, ready to be drawn.
    pub drawn: Memo<Vec<Arc<Ready>>>,
    /// A formula that is being written, as far as it can be read.
    pub draft: Held<Option<ActivationSpec>>,
    /// Told by the status region: what was copied, why something was refused.
    pub said: RwSignal<String>,
}

/// A function that can be drawn.
#[derive(Clone, Debug)]
pub struct Ready {
    /// `None` for the draft.
    pub id: Option<Id>,
    pub slot: Option<usize>,
    pub name: String,
    pub spec: ActivationSpec,
    pub activation: Activation,
    pub samples: FunctionSamples,
    z_range: (f64, f64),
}

impl PartialEq for Ready {
    fn eq(&self, other: &Self) -> bool {
        // The rest follows from these.
        (self.id, self.slot, &self.spec) == (other.id, other.slot, &other.spec)
            && self.z_range == other.z_range
    }
}

impl Atlas {
    /// On what the address says, which follows it from now on.
    pub fn open(app: App) -> Self {
        let state = followed::<State>(app, is_here(app, "atlas"));
        let draft = Held::new(None::<ActivationSpec>);
        let drawn = Memo::new(move |before: Option<&Vec<Arc<Ready>>>| {
            let mut wanted: Vec<(Option<Id>, Option<usize>, String, ActivationSpec)> =
                state.with(|state| {
                    let chosen = state.chosen();
                    chosen
                        .map(|(slot, id)| (Some(id), Some(slot), state.name(id), state.spec(id)))
                        .collect()
                });
            if let Some(draft) = draft.get() {
                wanted.push((None, None, "Yours".to_owned(), draft));
            }
            let z_range = state.with(|state| state.z_range);
            let known = before.map_or(&[][..], Vec::as_slice);
            let ready = wanted.into_iter().filter_map(|(id, slot, name, spec)| {
                let same = known
                    .iter()
                    .find(|k| (k.id, k.slot, k.z_range) == (id, slot, z_range) && k.spec == spec);
                if let Some(same) = same {
                    return Some(Arc::clone(same));
                }
                let activation = Activation::resolve(&spec).ok()?;
                Some(Arc::new(Ready {
                    samples: FunctionSamples::of(&activation, z_range),
                    id,
                    slot,
                    name,
                    spec,
                    activation,
                    z_range,
                }))
            });
            ready.collect()
        });
        Self {
            state,
            drawn,
            draft,
            said: RwSignal::new(String::new()),
        }
    }

    /// Does something that may be refused, and says so if it is.
    pub fn try_to(self, change: impl FnOnce(&mut State) -> Result<(), &'static str>) {
        let mut now = self.state.get_untracked();
        match change(&mut now) {
            Ok(()) => self.state.set(now),
            Err(why) => self.said.set(why.to_owned()),
        }
    }

    /// The function of the card.
    pub fn focused(self) -> Option<Arc<Ready>> {
        let id = self.state.with(|state| state.focused)?;
        self.drawn
            .with(|drawn| drawn.iter().find(|ready| ready.id == Some(id)).cloned())
    }

    /// The same, told only when it is another.
    pub fn focused_memo(self) -> Memo<Option<Arc<Ready>>> {
        Memo::new(move |_| self.focused())
    }
}
