use leptos::html;
use leptos::prelude::*;

use crate::plot::kit::geometry::Point;
use crate::run::{Followed, Run};
use crate::ui::kit::lazy::chunk;

/// A sample under the pointer, and where: CSS pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offered {
    pub sample: usize,
    pub px: Point,
}

chunk! {
    terms,
    /// About the sample that is followed, where it is drawn.
    pub fn ring(at: Signal<Option<Point>>) -> AnyView {
        let px = |value: Option<f64>| value.map_or_else(|| "-99px".to_owned(), |v| format!("{v:.1}px"));
        view! {
            <i
                class="sample-ring"
                aria-hidden="true"
                style:left=move || px(at.get().map(|at| at.x))
                style:top=move || px(at.get().map(|at| at.y))
            ></i>
        }
        .into_any()
    }
}

chunk! {
    terms,
    /// The way to a sample that was pressed long.
    pub fn offer(offered: RwSignal<Option<Offered>>) -> AnyView {
        view! { <Offer offered /> }.into_any()
    }
}

#[component]
fn Offer(offered: RwSignal<Option<Offered>>) -> impl IntoView {
    let run = expect_context::<Run>();
    let button = NodeRef::<html::Button>::new();
    button.on_load(|button| {
        // A button that is there can take the focus.
        let _ = button.focus();
    });
    let follow = move |event: leptos::ev::MouseEvent| {
        // The picture below follows what is pressed there.
        event.stop_propagation();
        if let Some(Offered { sample, .. }) = offered.get_untracked() {
            run.follow(Followed::Sample(sample));
        }
        offered.set(None);
    };
    let close = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            offered.set(None);
        }
    };
    let px = move |of: fn(Point) -> f64| {
        move || {
            offered
                .get()
                .map(|offered| format!("{:.1}px", of(offered.px)))
        }
    };
    view! {
        <div class="offer" style:left=px(|px| px.x) style:top=px(|px| px.y)>
            <button
                node_ref=button
                type="button"
                class="quiet"
                on:click=follow
                on:blur=move |_| offered.set(None)
                on:keydown=close
            >
                "Follow this sample"
            </button>
        </div>
    }
}
