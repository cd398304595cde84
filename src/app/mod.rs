//! The page as such: which view is shown, its address, what it keeps, its colours, keys and notices.

use actiscope_core::scenario::link::LinkProblem;
use leptos::prelude::*;

pub mod address;
pub mod embed;
pub mod idle;
pub mod last_visit;
pub mod navigation;
pub mod notices;
pub mod presenting;
pub mod shortcuts;
pub mod tables;
pub mod theme;

use crate::views::View;
use address::{Address, Kept};
use embed::Embed;
use notices::Notices;

/// The page's own state. Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct App {
    pub view: RwSignal<&'static View>,
    /// Where the view is the lessons': the room that the lesson stands in.
    pub guest: RwSignal<Option<&'static View>>,
    /// Names of the panels that a lesson speaks of, in the order of their numbers.
    pub marked: RwSignal<Vec<String>>,
    pub notices: Notices,
    /// The scenario is that of the last visit, and the user has not yet said whether to keep it.
    pub is_restored: RwSignal<bool>,
    /// What views keep in the address; see [`App::kept`].
    kept: RwSignal<Kept>,
    /// See [`Address::is_view_in_query`].
    is_view_in_query: bool,
    /// What is shown within another's page; `None` where the page stands alone.
    embed: StoredValue<Option<Embed>>,
    /// Marks the entries of the history between which one goes without loading a scenario.
    era: StoredValue<f64>,
    has_told_storage: StoredValue<bool>,
}

impl App {
    /// The page at an address.
    pub fn new(address: &Address) -> Self {
        Self {
            view: RwSignal::new(address.view),
            guest: RwSignal::new(None),
            marked: RwSignal::new(Vec::new()),
            notices: Notices::none(),
            is_restored: RwSignal::new(false),
            kept: RwSignal::new(address.kept.clone()),
            is_view_in_query: address.is_view_in_query,
            embed: StoredValue::new(address.embed),
            era: StoredValue::new(0.0),
            has_told_storage: StoredValue::new(false),
        }
    }

    /// The room on show: the view's own or, in a lesson, the one that it stands in.
    pub fn room(self) -> &'static View {
        let view = self.view.get();
        self.guest.get().filter(|_| view.has_guests).unwrap_or(view)
    }

    /// Whether a view is on show, or the room of one.
    pub fn shows(self, view: &View) -> bool {
        self.view.get() == view || self.room() == view
    }

    pub fn embed(self) -> Option<Embed> {
        self.embed.get_value()
    }

    /// Within another's page.
    pub fn is_embedded(self) -> bool {
        self.embed.with_value(Option::is_some)
    }

    /// What a view keeps in the address under one of its [`View::keys`]. Tracked: it changes when another address is
    /// opened.
    pub fn kept(self, key: &'static str) -> Option<String> {
        self.kept.with(|kept| kept.get(key).cloned())
    }

    /// Keeps a text in the address, and for the next visit; `None` for what is as usual.
    pub fn keep(self, key: &'static str, text: Option<String>) {
        if self
            .kept
            .with_untracked(|kept| kept.get(key) != text.as_ref())
        {
            self.kept.update(|kept| match text {
                Some(text) => _ = kept.insert(key, text),
                None => _ = kept.remove(key),
            });
        }
    }

    /// The choices of the view on show are now these.
    fn take_kept(self, of_view: Kept) {
        let keys = untrack(|| self.keys_on_show());
        let mut now = self.kept.get_untracked();
        now.retain(|key, _| !keys.contains(key));
        now.extend(of_view);
        if self.kept.with_untracked(|kept| *kept != now) {
            self.kept.set(now);
        }
    }

    /// Keys of the address that the view on show has, and its guest.
    fn keys_on_show(self) -> Vec<&'static str> {
        let (view, room) = (self.view.get(), self.room());
        let guest = if room == view { &[] } else { room.keys };
        view.keys.iter().chain(guest).copied().collect()
    }

    /// Tells what of an address was not used.
    pub fn report(self, own: &[String], of_scenario: &[LinkProblem]) {
        if own.is_empty() && of_scenario.is_empty() {
            self.notices.clear("link");
            return;
        }
        let mut text = String::from("Not all of this link could be used.");
        let of_scenario = of_scenario.iter().map(ToString::to_string);
        for problem in of_scenario.chain(own.iter().cloned()) {
            text.push('\n');
            text.push_str(&problem);
        }
        self.notices.problem("link", text);
    }
}
