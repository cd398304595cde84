use leptos::prelude::*;

use crate::browser;
use crate::views::scope::depth::DepthChart;

/// How the charts are shown: kept from visit to visit.
#[derive(Clone, Copy)]
pub struct ChartPrefs {
    /// Decades of loss.
    pub is_log_loss: RwSignal<bool>,
    /// Decades of steps, in all charts over steps.
    pub is_log_steps: RwSignal<bool>,
    pub depth: RwSignal<DepthChart>,
}

impl ChartPrefs {
    pub fn stored() -> Self {
        Self {
            is_log_loss: flag("actiscope.log-loss"),
            is_log_steps: flag("actiscope.log-steps"),
            depth: kept("actiscope.depth", DepthChart::of_id, DepthChart::id),
        }
    }
}

fn flag(key: &'static str) -> RwSignal<bool> {
    kept(
        key,
        |id| id == "on",
        |is_on| if is_on { "on" } else { "off" },
    )
}

/// A setting that is what was stored at first, and stored when it changes.
fn kept<T>(key: &'static str, of_id: fn(&str) -> T, id: fn(T) -> &'static str) -> RwSignal<T>
where
    T: Copy + Send + Sync + 'static,
{
    let value = RwSignal::new(of_id(&browser::stored(key).unwrap_or_default()));
    Effect::new(move |before: Option<()>| {
        let value = value.get();
        if before.is_some() {
            browser::store(key, id(value));
        }
    });
    value
}
