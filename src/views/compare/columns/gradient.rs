use leptos::prelude::*;

use super::store::{Columns, Lane, gradients_of};
use crate::memo::Memo;
use crate::plot::charts::compare::{gradient_names_scene, gradient_scene};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::short;
use crate::ui::kit::canvas::Canvas;

/// The names of the layers, at the left of all columns.
#[component]
pub fn GradientNames() -> impl IntoView {
    let columns = expect_context::<Columns>();
    let rows = columns.rows;
    let draw = move |size: Size, theme: &Theme| {
        rows.with_untracked(|rows| gradient_names_scene(size, theme, rows))
    };
    view! {
        <div class="picture">
            <Canvas label="" depends=move || rows.track() draw=draw />
        </div>
    }
}

/// The gradient of each layer of the lane's network.
#[component]
pub fn Gradient(lane: Lane, name: Memo<String>) -> impl IntoView {
    let columns = expect_context::<Columns>();
    let rows = columns.rows;
    let gradients = Memo::new(move |_| {
        let sitter = lane.portrait.sitter.get();
        sitter.map_or_else(Vec::new, |sitter| gradients_of(&sitter))
    });
    let draw = move |size: Size, theme: &Theme| {
        let rows = rows.get_untracked();
        let (slot, _) = (columns.compare.shown).with_untracked(|shown| shown.look_of(lane.at));
        gradients.with_untracked(|all| gradient_scene(size, theme, &rows, all, slot))
    };
    let depends = move || {
        rows.track();
        gradients.track();
    };
    let label = Signal::derive(move || {
        let all = gradients.with(|all| all.iter().map(|rms| short(*rms)).collect::<Vec<_>>());
        match all.is_empty() {
            true => format!("{}: gradient by layer, not known yet", name.get()),
            false => format!(
                "{}: RMS of the gradient by layer, the output last: {}",
                name.get(),
                all.join(", ")
            ),
        }
    });
    view! {
        <div class="picture of-gradient">
            <Canvas label=label depends=depends draw=draw />
        </div>
    }
}
