use leptos::prelude::*;

use crate::state::Store;
use crate::text;
use crate::ui::throttle::throttled;

/// The shortest time between two readings while training, so that a screen reader keeps up.
const EVERY_MS: u64 = 500;

/// `Dead units: 3 of 24 (12 %). Saturated: 2 of 24 (8 %).`
#[component]
pub fn HealthLine() -> impl IntoView {
    let store = expect_context::<Store>();
    let counts = Memo::new(move |_| (store.health_counts(), store.n_units()));
    let counts = throttled(counts.into(), EVERY_MS);
    let dead = move || {
        let ((n_dead, _), n_units) = counts.get();
        text::share(n_dead, n_units)
    };
    let saturated = move || {
        let ((_, n_saturated), n_units) = counts.get();
        text::share(n_saturated, n_units)
    };
    view! {
        <p class="health" role="status" aria-label="Health" aria-atomic="true">
            <span>
                "Dead units: "
                <b class:some-dead=move || counts.get().0.0 != 0>{dead}</b>
                "."
            </span>
            " "
            <span>
                "Saturated: "
                <b class:some-saturated=move || counts.get().0.1 != 0>{saturated}</b>
                "."
            </span>
        </p>
    }
}
