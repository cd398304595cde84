//! The address that a step puts the page to: what a teacher copies from the browser's own.

use crate::scenario::{Scenario, Setting, link};

/// Where the page is to stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// What follows the `#`, as the file has it.
    pub link: String,
    pub scenario: Scenario,
    /// `at=60`: the step at which the run rests; 0 where the link has none.
    pub at: u64,
    pub page: Page,
}

/// The part of an address that is the page's and not the scenario's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// `w=map`: the view's id; none for the first.
    pub view: Option<String>,
    /// What is chosen in that view. The page knows which keys there are.
    pub chosen: Vec<(String, String)>,
}

impl Place {
    /// # Errors
    /// What of the scenario's part could not be used. Keys that no setting has are the page's.
    pub fn new(link: &str) -> Result<Self, String> {
        let link = link.trim().trim_start_matches('#');
        let mut of_scenario = Vec::new();
        let mut page = Page::default();
        let mut at = 0;
        for pair in link.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = || link::percent::decode(value).unwrap_or_else(|| value.to_owned());
            match key {
                "w" => page.view = Some(value()),
                "at" => {
                    let wrong = |_| format!("at={}: a step is a whole number", value());
                    at = value().parse().map_err(wrong)?;
                }
                "v" => of_scenario.push(pair),
                _ if Setting::all().any(|setting| setting.key() == key) => of_scenario.push(pair),
                _ => page.chosen.push((key.to_owned(), value())),
            }
        }
        let (scenario, problems) = link::from_link(&of_scenario.join("&"));
        match &problems[..] {
            [] => Ok(Self {
                link: link.to_owned(),
                scenario,
                at,
                page,
            }),
            problems => {
                let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
                Err(texts.join("; "))
            }
        }
    }
}
