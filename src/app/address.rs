//! What an address says, all of it read in one place: the scenario, which view is shown and what is chosen there, and
//! how the page is to behave. The page's own keys may stand in the query as well as after the `#`, which wins: where it
//! names the view, the query says nothing of the view and of what is chosen there.

use std::collections::BTreeMap;

use actiscope_core::protocol::EngineChoice;
use actiscope_core::scenario::link::percent;

use super::embed::Embed;
use crate::browser;
use crate::engine::choice::{self, CHOICES};
use crate::views::{VIEWS, View};

/// Keys that are neither the scenario's nor a view's.
pub const OWN_KEYS: [&str; 7] = ["w", "at", "embed", "panels", "engine", "throttle", "fault"];

/// What views keep in the address, by key.
pub type Kept = BTreeMap<&'static str, String>;

/// What an address says.
#[derive(Clone)]
pub struct Address {
    /// The scenario's part, as it stands. Empty where the address holds none.
    pub scenario: String,
    pub view: &'static View,
    /// Whether it names that view, instead of leaving it open.
    pub names_view: bool,
    /// Whether view or choices stand in the query, which stays: what follows the `#` has to name the view then.
    pub is_view_in_query: bool,
    pub kept: Kept,
    /// `at=120`: the run is opened there and rests, instead of training from its first step on.
    pub step: Option<u64>,
    pub embed: Option<Embed>,
    pub engine: Option<EngineChoice>,
    /// Which fault is asked for, as it stands.
    pub fault: Option<String>,
    /// `throttle=off`: words are shown as fast as they change.
    pub is_throttled: bool,
    /// What of the page's own keys could not be used.
    pub problems: Vec<String>,
}

impl Address {
    /// That of the page.
    pub fn now() -> Self {
        Self::new(&browser::search(), &browser::hash())
    }

    /// Of a query and what follows the `#`, each without its first character.
    pub fn new(query: &str, fragment: &str) -> Self {
        let mut problems = Vec::new();
        let mut own = BTreeMap::new();
        let mut kept = Kept::new();
        let mut of_scenario = Vec::new();
        let (mut is_view_in_fragment, mut is_view_in_query) = (false, false);
        let in_fragment = pairs(fragment).map(|pair| (true, pair));
        let in_query = pairs(query).map(|pair| (false, pair));
        for (is_in_fragment, pair) in in_fragment.chain(in_query) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if key == "w" || key_of_a_view(key).is_some() {
                is_view_in_fragment |= is_in_fragment && key == "w";
                is_view_in_query |= !is_in_fragment;
                if !is_in_fragment && is_view_in_fragment {
                    continue;
                }
            }
            let value = || percent::decode(value).unwrap_or_else(|| value.to_owned());
            if let Some(key) = OWN_KEYS.into_iter().find(|own| *own == key) {
                own.entry(key).or_insert_with(value);
            } else if let Some(key) = key_of_a_view(key) {
                kept.entry(key).or_insert_with(value);
            } else if is_in_fragment {
                of_scenario.push(pair);
            }
        }
        let mut take = |key: &str| own.remove(key);
        let named = take("w").and_then(|id| {
            let view = View::of_id(&id.to_ascii_lowercase());
            if view.is_none() {
                let known: Vec<&str> = VIEWS.iter().map(|view| view.id).collect();
                problems.push(unknown("w", "view", &id, &known));
            }
            view
        });
        let view = named.unwrap_or_else(View::first);
        let step = take("at").and_then(|text| {
            let step = text.parse().ok();
            if step.is_none() {
                let text = short(&text);
                problems.push(format!(
                    "at={text}: a step is a whole number; it is left out"
                ));
            }
            step
        });
        let panels = take("panels");
        let embed = take("embed").filter(|embed| embed == "1").map(|_| {
            let (embed, problem) = Embed::new(view, panels.as_deref());
            problems.extend(problem);
            embed
        });
        let is_throttled = take("throttle").is_none_or(|text| {
            if text != "off" && text != "on" {
                problems.push(unknown("throttle", "such word", &text, &["on", "off"]));
            }
            text != "off"
        });
        let engine = take("engine").and_then(|text| {
            let choice = choice::of_id(&text);
            if choice.is_none() {
                problems.push(unknown("engine", "engine", &text, &CHOICES.map(choice::id)));
            }
            choice
        });
        Self {
            scenario: of_scenario.join("&"),
            view,
            names_view: named.is_some(),
            is_view_in_query,
            kept,
            step,
            embed,
            engine,
            fault: take("fault"),
            is_throttled,
            problems,
        }
    }

    /// Whether it names a view and nothing else that the page would have to open.
    pub fn is_of_view_alone(&self) -> bool {
        self.names_view && self.scenario.is_empty() && self.step.is_none()
    }
}

fn pairs(text: &str) -> impl Iterator<Item = &str> {
    text.split('&').filter(|pair| !pair.is_empty())
}

fn key_of_a_view(key: &str) -> Option<&'static str> {
    let keys = VIEWS.iter().flat_map(|view| view.keys.iter().copied());
    keys.into_iter().find(|known| *known == key)
}

/// Says of a key's value that there is no such thing.
pub fn unknown(key: &str, what: &str, text: &str, known: &[&str]) -> String {
    let known = known.join(", ");
    format!(
        "{key}: there is no {what} {}. Choose among {known}.",
        short(text)
    )
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// What follows the `#` where a scenario has this link. The first view is named only where it `must_name` it.
pub fn fragment<'a>(
    link: &str,
    view: &View,
    must_name: bool,
    kept: impl Iterator<Item = (&'a &'static str, &'a String)>,
) -> String {
    let mut fragment = link.trim_start_matches('#').to_owned();
    if must_name || view != View::first() {
        fragment.push_str(&format!("&w={}", view.id));
    }
    for (key, value) in kept {
        fragment.push_str(&format!("&{key}={}", percent::encode(value)));
    }
    fragment
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of an address on one line, those that are as usual left out.
    fn summary(address: &Address) -> String {
        let mut parts = vec![address.scenario.clone(), address.view.id.to_owned()];
        parts.extend(address.step.map(|step| format!("at {step}")));
        parts.extend(address.embed.map(|embed| {
            let panels: Vec<&str> = embed.panels().map(|panel| panel.id).collect();
            format!("embeds {}", panels.join(" "))
        }));
        let engine = address.engine.map(choice::id);
        parts.extend(engine.map(|id| format!("on {id}")));
        parts.extend(address.fault.clone().map(|fault| format!("fault {fault}")));
        parts.extend((!address.is_throttled).then(|| "unthrottled".to_owned()));
        parts.extend(address.problems.iter().map(|text| format!("! {text}")));
        parts.join("; ")
    }

    fn check(query: &str, fragment: &str, expect: &str) {
        let address = Address::new(query, fragment);
        assert_eq!(summary(&address), expect, "?{query}#{fragment}");
    }

    #[test]
    fn the_scenario_is_what_is_left() {
        check("", "", "; scope");
        check("", "v=1&lr=0.1", "v=1&lr=0.1; scope");
        check(
            "",
            "v=1&embed=1&lr=0.1&panels=curve,loss",
            "v=1&lr=0.1; scope; embeds curve loss",
        );
        // Its own reader tells what it does not know.
        check("", "v=1&sofa=1&b", "v=1&sofa=1&b; scope");
    }

    #[test]
    fn own_keys_stand_in_query_or_fragment() {
        check("w=atlas", "v=1", "v=1; atlas");
        check("w=atlas", "v=1&w=scope", "v=1; scope");
        check(
            "engine=cpu&fault=worker-panic@7",
            "",
            "; scope; on cpu; fault worker-panic@7",
        );
        check(
            "embed=1&panels=loss%2Cevents&utm=x",
            "v=1",
            "v=1; scope; embeds loss events",
        );
        check("", "at=120&throttle=off", "; scope; at 120; unthrottled");
        check("embed=0", "panels=loss", "; scope");
    }

    #[test]
    fn what_cannot_be_used_is_told() {
        check(
            "",
            "w=sofa",
            "; scope; ! w: there is no view sofa. Choose among scope, compare, map, atlas, classify, lessons.",
        );
        check(
            "",
            "at=soon",
            "; scope; ! at=soon: a step is a whole number; it is left out",
        );
        check(
            "",
            "engine=abacus",
            "; scope; ! engine: there is no engine abacus. Choose among auto, cpu, gpu.",
        );
        check(
            "",
            "throttle=half",
            "; scope; ! throttle: there is no such word half. Choose among on, off.",
        );
    }

    #[test]
    fn an_address_says_what_was_written() {
        let kept = Kept::new();
        let check = |view: &'static View, expect: &str| {
            let text = fragment("#v=1&lr=0.1", view, false, kept.iter());
            assert_eq!(text, expect);
            let read = Address::new("", &text);
            assert_eq!((&*read.scenario, read.view), ("v=1&lr=0.1", view));
        };
        check(&VIEWS[0], "v=1&lr=0.1");
        check(
            View::of_id("atlas").expect("it is there"),
            "v=1&lr=0.1&w=atlas",
        );
    }

    #[test]
    fn what_the_query_says_of_the_view_can_be_left() {
        let atlas = View::of_id("atlas").expect("it is there");
        let key = atlas.keys[0];
        let query = format!("w=atlas&{key}=x&engine=cpu");
        let opened = Address::new(&query, "v=1");
        assert!(opened.is_view_in_query);
        assert_eq!((opened.view, opened.kept.len()), (atlas, 1));
        for view in VIEWS {
            let kept = Kept::new();
            let written = fragment("#v=1", view, opened.is_view_in_query, kept.iter());
            let again = Address::new(&query, &written);
            assert_eq!((again.view, again.kept), (view, kept), "{written}");
            assert_eq!(again.engine, Some(EngineChoice::Cpu));
        }
        assert!(!Address::new("engine=cpu", "w=atlas").is_view_in_query);
    }

    #[test]
    fn a_link_to_a_view_asks_for_no_scenario() {
        let check = |query: &str, fragment: &str, expect: bool| {
            let is_of_view_alone = Address::new(query, fragment).is_of_view_alone();
            assert_eq!(is_of_view_alone, expect, "?{query}#{fragment}");
        };
        check("", "w=atlas", true);
        check("", "w=scope", true);
        check("w=atlas", "", true);
        check("", "", false);
        check("", "w=sofa", false);
        check("", "v=1&w=atlas", false);
        check("", "w=scope&at=120", false);
    }
}
