//! Light, dark, or as the system has it. The style sheet does the rest.

use std::time::Duration;

use leptos::prelude::*;

use crate::browser;
use crate::plot::kit::theme::Theme as Palette;

const STORED_AS: &str = "actiscope.theme";
const PREFERS_DARK: &str = "(prefers-color-scheme: dark)";
const HIGH_CONTRAST: [&str; 2] = ["(prefers-contrast: more)", "(forced-colors: active)"];

/// How often the pixels of the screen are looked at.
const PIXELS_EVERY: Duration = Duration::from_millis(500);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub fn label(self) -> &'static str {
        match self {
            Self::System => "as the system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn stored() -> Self {
        match browser::stored(STORED_AS).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// Keeps the choice and puts it on the document, where the style sheet finds it.
    pub fn apply(self) {
        browser::store(STORED_AS, self.id());
        let root = browser::root_element();
        // Neither can fail: the name is a valid attribute name.
        let _ = match self {
            Self::System => root.remove_attribute("data-theme"),
            Self::Light | Self::Dark => root.set_attribute("data-theme", self.id()),
        };
    }
}

/// The chosen theme, and a counter that goes up when the colours may have changed: charts that
/// paint colours themselves depend on it.
#[derive(Clone, Copy)]
pub struct Colours {
    pub theme: RwSignal<Theme>,
    pub version: RwSignal<u32>,
    scale: RwSignal<f64>,
    /// Asked for when it changes, not with every painting.
    media: StoredValue<Media>,
}

/// What the system asks of the colours.
#[derive(Clone, Copy, Debug)]
struct Media {
    prefers_dark: bool,
    has_contrast: bool,
}

impl Media {
    fn now() -> Self {
        let matches = |query: &&str| browser::matches_media(query);
        Self {
            prefers_dark: matches(&PREFERS_DARK),
            has_contrast: HIGH_CONTRAST.iter().any(matches),
        }
    }
}

/// Has charts painted anew when the page comes to a screen with other pixels, or is zoomed. Not every browser
/// tells of it, so it is looked at.
fn follow_pixels(version: RwSignal<u32>) {
    let ratio = || web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
    let known = StoredValue::new(ratio());
    let look = move || {
        if known.get_value() != ratio() {
            known.set_value(ratio());
            version.update(|version| *version += 1);
        }
    };
    set_interval(look, PIXELS_EVERY);
}

impl Colours {
    /// The stored choice, applied from now on.
    pub fn follow() -> Self {
        let theme = RwSignal::new(Theme::stored());
        let version = RwSignal::new(0);
        Effect::new(move |_| {
            theme.get().apply();
            version.update(|version| *version += 1);
        });
        let media = StoredValue::new(Media::now());
        for query in [PREFERS_DARK].iter().chain(&HIGH_CONTRAST) {
            browser::on_media_change(query, move || {
                media.set_value(Media::now());
                version.update(|version| *version += 1);
            });
        }
        follow_pixels(version);
        let scale = RwSignal::new(1.0);
        Self {
            theme,
            version,
            scale,
            media,
        }
    }

    /// Charts write so many times as large from now on.
    pub fn set_scale(self, scale: f64) {
        self.scale.set(scale);
        self.version.update(|version| *version += 1);
    }

    /// The colours that charts paint with, the same as the style sheet's.
    pub fn drawn(self) -> Palette {
        let Media {
            prefers_dark,
            has_contrast,
        } = self.media.get_value();
        let is_dark = match self.theme.get_untracked() {
            Theme::System => prefers_dark,
            theme => theme == Theme::Dark,
        };
        let palette = match (is_dark, has_contrast) {
            (false, false) => Palette::LIGHT,
            (true, false) => Palette::DARK,
            (false, true) => Palette::LIGHT_CONTRAST,
            (true, true) => Palette::DARK_CONTRAST,
        };
        palette.at_scale(self.scale.get_untracked())
    }
}
