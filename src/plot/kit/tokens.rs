//! The style sheet's colours are written from the palette: a test writes www/styles/tokens.css, and checks it.

use std::fmt::Write as _;

use super::theme::Theme;

const HEAD: &str = "\
/* Written from src/plot/kit/theme.rs by `UPDATE_EXPECT=1 cargo test -p actiscope-page tokens`: charts paint with the
   same values. The first line of all says which layer goes before which. */
@layer tokens, base, kit, chrome, controls, views, modes;
";

/// A media query and the colours under it, as the theme chosen on the page and as that of the system.
struct Block {
    media: Option<&'static str>,
    selector: &'static str,
    scheme: Option<&'static str>,
    theme: Theme,
}

const CONTRAST: &str = "(prefers-contrast: more), (forced-colors: active)";
const DARK: &str = "(prefers-color-scheme: dark)";
const DARK_CONTRAST: &str = "(prefers-color-scheme: dark) and (prefers-contrast: more), (prefers-color-scheme: dark) and (forced-colors: active)";
const CHOSEN_DARK: &str = ":root[data-theme=\"dark\"]";
const NOT_CHOSEN: &str = ":root:not([data-theme])";

const BLOCKS: [Block; 6] = [
    Block::new(None, ":root", Some("light"), Theme::LIGHT),
    Block::new(None, CHOSEN_DARK, Some("dark"), Theme::DARK),
    Block::new(Some(DARK), NOT_CHOSEN, Some("dark"), Theme::DARK),
    Block::new(Some(CONTRAST), ":root", None, Theme::LIGHT_CONTRAST),
    Block::new(Some(CONTRAST), CHOSEN_DARK, None, Theme::DARK_CONTRAST),
    Block::new(Some(DARK_CONTRAST), NOT_CHOSEN, None, Theme::DARK_CONTRAST),
];

impl Block {
    const fn new(
        media: Option<&'static str>,
        selector: &'static str,
        scheme: Option<&'static str>,
        theme: Theme,
    ) -> Self {
        Self {
            media,
            selector,
            scheme,
            theme,
        }
    }

    fn css(&self) -> String {
        let indent = if self.media.is_some() { "    " } else { "  " };
        let mut css = String::new();
        let mut line = |depth: &str, text: &str| {
            writeln!(css, "{indent}{depth}{text}").expect("a text takes all that is written");
        };
        line("", &format!("{} {{", self.selector));
        if let Some(scheme) = self.scheme {
            line("  ", &format!("color-scheme: {scheme};"));
        }
        for (name, color) in self.theme.css_tokens() {
            line("  ", &format!("{name}: {};", color.css()));
        }
        line("", "}");
        match self.media {
            Some(media) => format!("  @media {media} {{\n{css}  }}\n"),
            None => css,
        }
    }
}

#[test]
fn tokens_are_those_of_the_theme() {
    let blocks: String = BLOCKS.iter().map(Block::css).collect();
    let css = format!("{HEAD}@layer tokens {{\n{blocks}}}\n");
    expect_test::expect_file!["../../../www/styles/tokens.css"].assert_eq(&css);
}
