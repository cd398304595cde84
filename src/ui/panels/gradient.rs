use leptos::prelude::*;

use super::canvas::Canvas;
use super::panel::Panel;
use crate::plot::geometry::Size;
use crate::plot::layers::{LayersData, describe_layers, layers_scene};
use crate::plot::theme::Theme;
use crate::state::Store;
use crate::ui::throttle::throttled;

/// How much gradient each layer gets, and how wide its z spreads.
#[component]
pub fn GradientPanel() -> impl IntoView {
    let store = expect_context::<Store>();
    let data = move || {
        let layers = store.snapshot.with(|snapshot| {
            snapshot
                .as_ref()
                .map_or_else(Vec::new, |snapshot| LayersData::new(&snapshot.layers).rows)
        });
        LayersData {
            rows: layers,
            selected: Some(store.scenario.with(|scenario| scenario.view.layer)),
        }
    };
    let draw = move |size: Size, theme: &Theme| layers_scene(size, theme, &untrack(data));
    let depends = move || {
        store.snapshot.track();
        store.scenario.track();
    };
    let label = throttled(Signal::derive(move || describe_layers(&data())), 2_000);
    view! {
        <Panel name="gradient" title="Gradient by layer" aside="RMS of ∂L/∂z, log">
            <div class="picture">
                <Canvas label=label depends=depends draw=draw />
            </div>
        </Panel>
    }
}
