//! The run seen from its outputs: at one threshold, at all of them, in its probabilities; or, of many classes, sample by
//! sample.

mod boundary;
mod caption;
mod confusion;
mod controls;
mod judged;
mod many;
mod ranking;
mod reliability;
mod scores;
pub mod state;
mod store;
#[cfg(test)]
mod tests;
mod threshold;

use actiscope_core::protocol::Look;
use leptos::prelude::*;

use super::{NOTHING, Panel};
use crate::app::{App, navigation};
use crate::run::Run;
use crate::ui::chrome::transport::Transport;
use crate::ui::kit::lazy::{chunk, lazy_view};
use crate::views::View;
use store::Classify;

/// What is told of each snapshot for this view.
const ANSWERS: Look = Look {
    answers: true,
    ..NOTHING
};

/// Of two classes and of many; what a run has no use for is not shown.
pub static PANELS: &[Panel] = &[
    Panel {
        id: "threshold",
        title: "Probability of a class",
        area: "threshold",
        make: || alone_in_place(Part::Threshold),
        look: ANSWERS,
    },
    Panel {
        id: "confusion",
        title: "Confusion matrix",
        area: "confusion",
        make: || alone_in_place(Part::Confusion),
        look: ANSWERS,
    },
    Panel {
        id: "regions",
        title: "Decision boundary",
        area: "regions",
        make: || alone_in_place(Part::Regions),
        look: Look {
            field_cells: 64,
            ..ANSWERS
        },
    },
    Panel {
        id: "ranking",
        title: "Ranking, at every threshold",
        area: "ranking",
        make: || alone_in_place(Part::Ranking),
        look: ANSWERS,
    },
    Panel {
        id: "reliability",
        title: "Reliability",
        area: "reliability",
        make: || alone_in_place(Part::Reliability),
        look: Look {
            weights: true,
            ..ANSWERS
        },
    },
];

chunk! {
    classify,
    /// The whole view.
    pub fn classify() -> AnyView {
        let classify = here();
        provide_context(classify);
        let shown = move || match classify.n_classes.get() {
            0 => view! { <NoClasses /> }.into_any(),
            2 => view! {
                <main class="classify two" aria-label="Classify">
                    <threshold::Threshold />
                    <confusion::Confusion />
                    <boundary::Regions />
                    <ranking::Ranking />
                    <reliability::Reliability />
                </main>
            }
            .into_any(),
            _ => many::many().into_any(),
        };
        view! {
            <caption::Caption />
            <controls::Controls />
            {shown}
            <Transport />
        }
        .into_any()
    }
}

/// The view's state: the one that is there, or where a panel stands alone its own.
fn here() -> Classify {
    use_context::<Classify>()
        .unwrap_or_else(|| Classify::open(expect_context::<App>(), expect_context::<Run>()))
}

/// A panel that stands alone within another page.
#[derive(Clone, Copy)]
enum Part {
    Threshold,
    Confusion,
    Regions,
    Ranking,
    Reliability,
}

fn alone_in_place(part: Part) -> AnyView {
    lazy_view("classify", move || alone(part))
}

chunk! {
    classify,
    fn alone(part: Part) -> AnyView {
        provide_context(here());
        match part {
            Part::Threshold => view! { <threshold::Threshold /> }.into_any(),
            Part::Confusion => view! { <confusion::Confusion /> }.into_any(),
            Part::Regions => view! { <boundary::Regions /> }.into_any(),
            Part::Ranking => view! { <ranking::Ranking /> }.into_any(),
            Part::Reliability => view! { <reliability::Reliability /> }.into_any(),
        }
    }
}

/// What there is to see of a run that predicts numbers.
#[component]
fn NoClasses() -> impl IntoView {
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let is_known = move || run.loaded.with(Option::is_some);
    view! {
        <main class="classify none" aria-label="Classify">
            <div class="empty" hidden=move || !is_known()>
                <p>"This run predicts numbers: there are no classes to tell apart. Choose a data set of classes at the left."</p>
                <button
                    type="button"
                    class="quiet"
                    on:click=move |_| navigation::open(app, run, View::first())
                >
                    "See it in the Scope"
                </button>
            </div>
        </main>
    }
}
