//! One sample on its way through the network and back, in the place of the middle panels. What is computed and said of it is
//! core's ([`actiscope_core::terms`]).
//!
//! | file | shows or does |
//! |---|---|
//! | [`state`] | which sample, path and stage; what follows of them |
//! | [`caption`], [`stepper`] | the sentence on top, the four stages below |
//! | [`drawing`], [`card`], [`layout`] | the units, their numbers, and where they stand |
//! | [`chain`] | the product along the path, and what other paths add |
//! | [`checked`] | the gradient beside its difference, and the update |
//! | [`keys`] | what keys do meanwhile |
//! | [`overlay`] | the ring in the picture of the boundary, and how a sample is chosen there |

mod caption;
mod card;
mod chain;
mod checked;
mod drawing;
mod keys;
mod layout;
mod overlay;
mod state;
mod stepper;

use leptos::prelude::*;

use crate::ui::kit::lazy::chunk;
pub use overlay::{Offered, offer, ring};
use state::Trace;

chunk! {
    terms,
    /// All of it but what lies over the picture of the boundary.
    pub fn terms() -> AnyView {
        let trace = Trace::follow();
        provide_context(trace);
        keys::listen(trace);
        view! {
            <caption::Caption />
            <div
                class="terms"
                role="region"
                aria-label="One sample, term by term"
                on:pointerover=move |event| trace.point_at(&event)
                on:focusin=move |event| trace.point_at(&event)
            >
                <drawing::Drawing />
                <chain::Chain />
                <checked::CheckedPanel />
            </div>
            <stepper::Stepper />
        }
        .into_any()
    }
}
