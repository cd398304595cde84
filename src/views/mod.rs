//! The rooms of the page, and what stands in them. Header, address, embedding, layout and what is asked of the engine
//! all derive from this table: a view is its folder and its row here.

use actiscope_core::protocol::Look;
use leptos::prelude::*;

use crate::ui::kit::lazy::lazy_view;
use crate::ui::kit::panel::Area;

mod atlas;
mod classify;
mod compare;
mod kept;
mod lessons;
mod map;
pub mod scope;

/// In the order of the tabs. The first is shown where the address names none.
pub static VIEWS: &[View] = &[
    View {
        id: "scope",
        title: "Scope",
        make: scope::scope,
        panels: scope::PANELS,
        shows_run: true,
        has_guests: false,
        keys: &[],
    },
    View {
        id: "compare",
        title: "Compare",
        make: || lazy_view("compare", compare::compare),
        panels: &[],
        shows_run: false,
        has_guests: false,
        keys: &compare::state::KEYS,
    },
    View {
        id: "map",
        title: "Map",
        make: || lazy_view("map", map::map),
        panels: &[],
        shows_run: false,
        has_guests: false,
        keys: &map::state::KEYS,
    },
    View {
        id: "atlas",
        title: "Atlas",
        make: || lazy_view("atlas", atlas::atlas),
        panels: &[],
        shows_run: false,
        has_guests: false,
        keys: &atlas::state::KEYS,
    },
    View {
        id: "classify",
        title: "Classify",
        make: || lazy_view("classify", classify::classify),
        panels: classify::PANELS,
        shows_run: true,
        has_guests: false,
        keys: &classify::state::KEYS,
    },
    View {
        id: "lessons",
        title: "Lessons",
        make: || lazy_view("lessons", lessons::lessons),
        panels: &[],
        shows_run: false,
        has_guests: true,
        keys: &lessons::KEYS,
    },
];

/// A room of the page.
pub struct View {
    /// In the address: `w=atlas`.
    pub id: &'static str,
    pub title: &'static str,
    /// All of it, made when it is first opened. Its elements lie in the page's grid by their classes: `caption` on top,
    /// `controls` at the left, one `main` with a class of its own, and below them `transport` or `strip`. What a view
    /// has none of leaves its place to `main`.
    pub make: fn() -> AnyView,
    /// What can be shown alone within another page. A view without panels is shown whole there.
    pub panels: &'static [Panel],
    /// Whether the run is on show: its keys act here, and the engine tells what the panels look at.
    pub shows_run: bool,
    /// Whether it can have another view beside it, in whose room its own `controls` take the place of that one's.
    pub has_guests: bool,
    /// The keys of the address that hold what is chosen here.
    pub keys: &'static [&'static str],
}

/// A part of a view with one job.
pub struct Panel {
    /// In the address (`panels=curve,loss`) and in the style sheet.
    pub id: &'static str,
    pub title: &'static str,
    /// Of the view's grid.
    pub area: &'static str,
    pub make: fn() -> AnyView,
    /// What it needs of each snapshot beside what is always told.
    pub look: Look,
}

/// No pictures and no weights.
pub const NOTHING: Look = Look::NOTHING;

impl View {
    pub fn first() -> &'static Self {
        &VIEWS[0]
    }

    pub fn of_id(id: &str) -> Option<&'static Self> {
        VIEWS.iter().find(|view| view.id == id)
    }
}

impl Panel {
    /// The panel, in its place of the view's grid.
    pub fn in_place(&'static self) -> AnyView {
        let placed = move || {
            provide_context(Area(self.area));
            untrack(self.make)
        };
        placed.into_any()
    }

    /// Its place, before it is there.
    pub fn unmade(&'static self) -> AnyView {
        view! {
            <section class=format!("panel {}", self.id) style:grid-area=self.area aria-busy="true">
                <h2>
                    <span class="title">{self.title}</span>
                </h2>
            </section>
        }
        .into_any()
    }
}

impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// What the engine is to tell for the panels of these that are shown.
pub fn look_of(panels: impl Iterator<Item = &'static Panel>) -> Look {
    panels.fold(NOTHING, |look, panel| Look {
        unit_map_cells: look.unit_map_cells.max(panel.look.unit_map_cells),
        field_cells: look.field_cells.max(panel.look.field_cells),
        weights: look.weights || panel.look.weights,
        answers: look.answers || panel.look.answers,
        ..look
    })
}

#[cfg(test)]
mod tests {
    use actiscope_core::scenario::Setting;

    use super::*;
    use crate::app::address::OWN_KEYS;

    #[test]
    fn no_key_of_the_address_means_two_things() {
        let mut keys: Vec<&str> = Setting::all().map(Setting::key).chain(["v"]).collect();
        keys.extend(OWN_KEYS);
        keys.extend(VIEWS.iter().flat_map(|view| view.keys));
        let n_keys = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), n_keys, "{keys:?}");
    }

    #[test]
    fn a_view_asks_for_what_its_panels_show() {
        let look_of_ids = |ids: &[&str]| {
            let panels = View::first().panels.iter();
            look_of(panels.filter(|panel| ids.contains(&panel.id)))
        };
        let all = look_of(View::first().panels.iter());
        assert!(all.weights && all.unit_map_cells > 0 && all.field_cells > 0);
        assert_eq!(look_of_ids(&["curve", "loss"]), NOTHING);
        let boundary = look_of_ids(&["boundary", "events"]);
        assert_eq!(boundary.field_cells, all.field_cells);
        assert_eq!(boundary.unit_map_cells, 0);
    }
}
