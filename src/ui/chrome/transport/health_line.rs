use leptos::prelude::*;

use crate::memo::Memo;
use crate::text;
use crate::ui::chrome::caption::Said;

/// `Dead units: 3 of 24 (12 %). Saturated: 2 of 24 (8 %).`, as seldom as the caption changes, so that a screen
/// reader keeps up.
#[component]
pub fn HealthLine() -> impl IntoView {
    let said = expect_context::<Said>();
    let counts = Memo::new(move |_| said.counts.get());
    let dead = move || counts.with(|counts| text::share(counts.n_dead, counts.n_units));
    let saturated = move || counts.with(|counts| text::share(counts.n_saturated, counts.n_units));
    view! {
        <p class="health" role="status" aria-label="Health" aria-atomic="true">
            <span>
                "Dead units: "
                <b class:some-dead=move || counts.with(|c| c.n_dead != 0)>{dead}</b>
                "."
            </span>
            " "
            <span>
                "Saturated: "
                <b class:some-saturated=move || counts.with(|c| c.n_saturated != 0)>{saturated}</b>
                "."
            </span>
        </p>
    }
}
