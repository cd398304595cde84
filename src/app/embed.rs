//! The page within another: `embed=1` in the address, beside `panels=curve,loss` for which panels. Both may
//! stand in the query or, as the rest of a link does, after the `#`.

use crate::browser;

/// The panels that can be asked for, by the names of the address.
pub const PANELS: [&str; 6] = ["curve", "network", "boundary", "loss", "gradient", "events"];
const DEFAULT_PANELS: &str = "curve,network,boundary,loss";

/// What is shown within another page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embed {
    /// In the order of [`PANELS`]; one at least.
    panels: Vec<&'static str>,
    /// Names that go by no panel.
    unknown: Vec<String>,
}

impl Embed {
    /// From the address; `None` where the page stands alone.
    pub fn of_address() -> Option<Self> {
        let hash = browser::hash();
        let of = |key: &str| value_of(&hash, key).or_else(|| browser::query(key));
        Self::new(of("embed").as_deref(), of("panels").as_deref())
    }

    fn new(embed: Option<&str>, panels: Option<&str>) -> Option<Self> {
        if embed != Some("1") {
            return None;
        }
        let names = |text: &str| -> Vec<String> {
            let names = text.split(',').map(|name| name.trim().to_ascii_lowercase());
            names.filter(|name| !name.is_empty()).collect()
        };
        let asked = names(&panels.unwrap_or_default().replace("%2C", ","));
        let is_known = |name: &String| PANELS.contains(&&**name);
        let (mut known, unknown): (Vec<_>, Vec<_>) = asked.into_iter().partition(is_known);
        if known.is_empty() {
            known = names(DEFAULT_PANELS);
        }
        let panels = PANELS.into_iter();
        Some(Self {
            panels: panels
                .filter(|panel| known.iter().any(|name| name == panel))
                .collect(),
            unknown,
        })
    }

    pub fn shows(&self, panel: &str) -> bool {
        self.panels.contains(&panel)
    }

    /// What of the names could not be used.
    pub fn problem(&self) -> Option<String> {
        let (first, rest) = self.unknown.split_first()?;
        let names = rest
            .iter()
            .fold(first.clone(), |names, name| format!("{names}, {name}"));
        let short: String = names.chars().take(60).collect();
        Some(format!(
            "panels: there is no panel {short}. Choose among {}.",
            PANELS.join(", ")
        ))
    }
}

fn value_of(hash: &str, key: &str) -> Option<String> {
    let pairs = hash.split('&').filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(name, _)| *name == key);
    values.next().map(|(_, value)| value.to_owned())
}

/// The part of a link that is the scenario's.
pub fn without_embed(hash: &str) -> String {
    let is_of_scenario = |pair: &&str| {
        let key = pair.split('=').next().unwrap_or_default();
        key != "embed" && key != "panels"
    };
    let pairs: Vec<&str> = hash.split('&').filter(is_of_scenario).collect();
    pairs.join("&")
}

/// What a page puts in to show this scenario. `page` is the address without `#` and query, `link` that of the
/// scenario.
pub fn snippet(page: &str, link: &str) -> String {
    let link = link.trim_start_matches('#').replace('&', "&amp;");
    format!(
        "<iframe src=\"{page}#{link}&amp;embed=1&amp;panels={DEFAULT_PANELS}\" title=\"Actiscope\" width=\"960\" height=\"640\" style=\"border:0;max-width:100%\" loading=\"lazy\" allow=\"fullscreen\"></iframe>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(embed: &str, panels: Option<&str>, expect: Option<&[&str]>) {
        let found = Embed::new(Some(embed), panels);
        let panels = found.as_ref().map(|embed| &embed.panels[..]);
        assert_eq!(panels, expect, "{embed} {panels:?}");
    }

    #[test]
    fn panels_are_chosen_by_name() {
        check("1", Some("loss, Curve"), Some(&["curve", "loss"]));
        check("1", Some("loss%2Cevents"), Some(&["loss", "events"]));
        check("1", None, Some(&["curve", "network", "boundary", "loss"]));
        check(
            "1",
            Some("sofa"),
            Some(&["curve", "network", "boundary", "loss"]),
        );
        check("0", Some("loss"), None);
        assert_eq!(Embed::new(None, Some("loss")), None);
    }

    #[test]
    fn unknown_names_are_told() {
        let told = |panels| Embed::new(Some("1"), Some(panels)).and_then(|embed| embed.problem());
        assert_eq!(told("curve"), None);
        assert_eq!(
            told("curve,sofa,chair").as_deref(),
            Some(
                "panels: there is no panel sofa, chair. Choose among curve, network, boundary, loss, gradient, events."
            )
        );
    }

    #[test]
    fn the_scenario_is_read_from_the_rest() {
        let rest = without_embed("v=1&embed=1&lr=0.1&panels=curve,loss");
        assert_eq!(rest, "v=1&lr=0.1");
        assert_eq!(
            value_of("v=1&panels=curve", "panels").as_deref(),
            Some("curve")
        );
    }

    #[test]
    fn the_snippet_is_one_frame() {
        let text = snippet("https://a.example/x/", "#v=1&lr=0.1");
        assert!(text.starts_with(
            "<iframe src=\"https://a.example/x/#v=1&amp;lr=0.1&amp;embed=1&amp;panels="
        ));
        assert!(text.ends_with("></iframe>"));
    }
}
