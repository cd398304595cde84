//! The page within another: `embed=1` in the address, beside `panels=curve,loss` for which panels of the view.

use super::address;
use crate::views::{Panel, View};

/// The panels of the Scope that are shown where the address names none.
const USUAL: &str = "curve,network,boundary,loss";

/// What is shown within another page.
#[derive(Clone, Copy)]
pub struct Embed {
    view: &'static View,
    /// Places in [`View::panels`] of those that are shown, a bit each.
    shown: u32,
}

impl Embed {
    /// `panels` as the address has it. What of it names no panel is told beside.
    pub fn new(view: &'static View, panels: Option<&str>) -> (Self, Option<String>) {
        let asked = panels.unwrap_or(USUAL).split(',').map(str::trim);
        let asked = asked.filter(|name| !name.is_empty());
        let (mut shown, mut unknown) = (0, Vec::new());
        for name in asked {
            match place_of(view, name) {
                Some(place) => shown |= 1 << place,
                None => unknown.push(name),
            }
        }
        if shown == 0 {
            let usual = USUAL.split(',').filter_map(|name| place_of(view, name));
            shown = usual.fold(0, |shown, place| shown | 1 << place);
        }
        let is_asked = panels.is_some() && !view.panels.is_empty();
        let problem = (is_asked && !unknown.is_empty()).then(|| {
            let names: Vec<&str> = view.panels.iter().map(|panel| panel.id).collect();
            address::unknown("panels", "panel", &unknown.join(", "), &names)
        });
        (Self { view, shown }, problem)
    }

    pub fn view(self) -> &'static View {
        self.view
    }

    /// In the order of the table; none where the view is shown whole.
    pub fn panels(self) -> impl Iterator<Item = &'static Panel> {
        let panels = self.view.panels.iter().enumerate();
        panels
            .filter(move |(place, _)| self.shown >> place & 1 == 1)
            .map(|(_, panel)| panel)
    }
}

fn place_of(view: &View, name: &str) -> Option<usize> {
    let is_named = |panel: &Panel| panel.id.eq_ignore_ascii_case(name);
    view.panels.iter().position(is_named)
}

/// What a page puts in to show this view. `page` is the address without `#` and query, `link` what follows the `#`.
pub fn snippet(page: &str, link: &str, view: &View) -> String {
    let link = link.trim_start_matches('#').replace('&', "&amp;");
    let panels = match view.panels.is_empty() {
        true => String::new(),
        false => format!("&amp;panels={USUAL}"),
    };
    format!(
        "<iframe src=\"{page}#{link}&amp;embed=1{panels}\" title=\"Actiscope\" width=\"960\" height=\"640\" style=\"border:0;max-width:100%\" loading=\"lazy\" allow=\"fullscreen\"></iframe>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::VIEWS;

    fn check(panels: Option<&str>, expect: &[&str], problem: Option<&str>) {
        let (embed, told) = Embed::new(View::first(), panels);
        let shown: Vec<&str> = embed.panels().map(|panel| panel.id).collect();
        assert_eq!(
            (&shown[..], told.as_deref()),
            (expect, problem),
            "{panels:?}"
        );
    }

    #[test]
    fn panels_are_chosen_by_name() {
        let usual = ["curve", "network", "boundary", "loss"];
        check(Some("loss, Curve"), &["curve", "loss"], None);
        check(None, &usual, None);
        check(
            Some("sofa"),
            &usual,
            Some(
                "panels: there is no panel sofa. Choose among curve, network, boundary, loss, gradient, events.",
            ),
        );
        check(
            Some("curve,sofa,chair"),
            &["curve"],
            Some(
                "panels: there is no panel sofa, chair. Choose among curve, network, boundary, loss, gradient, events.",
            ),
        );
    }

    #[test]
    fn the_snippet_is_one_frame() {
        let text = snippet("https://a.example/x/", "#v=1&lr=0.1", View::first());
        assert!(text.starts_with(
            "<iframe src=\"https://a.example/x/#v=1&amp;lr=0.1&amp;embed=1&amp;panels="
        ));
        assert!(text.ends_with("></iframe>"));
    }

    #[test]
    fn a_view_without_panels_is_asked_for_none() {
        let text = snippet("https://a.example/x/", "#v=1&w=atlas", &VIEWS[1]);
        assert!(text.starts_with(
            "<iframe src=\"https://a.example/x/#v=1&amp;w=atlas&amp;embed=1\" title="
        ));
    }
}
