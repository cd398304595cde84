use leptos::prelude::*;

use crate::ui::kit::dialog::Dialog;
use crate::ui::kit::lazy::{chunk, lazy};

const KEYS: [(&str, &str); 14] = [
    ("Space", "train or pause"),
    ("→", "one step"),
    ("R", "back to step 0"),
    ("L", "do what the button beside the sentence offers"),
    ("D", "revive dead units"),
    ("Ctrl Z", "undo the last edit (⌘ Z on a Mac)"),
    ("Ctrl Y", "do it again (also Ctrl Shift Z)"),
    ("Ctrl S", "save, open, hand over (also Ctrl O)"),
    ("F", "full screen, for a room; Escape leaves it"),
    ("T", "one sample, term by term (Scope)"),
    (
        "1 2 3, N, P, S",
        "in a lesson: predict, go on, go back, swap reader and controls",
    ),
    (
        "← →, Space, L",
        "in a trace: walk its records (Shift: ten), play them, copy the fix; Escape goes back to the run",
    ),
    ("C", "colours: light, dark, as the system has it"),
    ("?", "this sheet"),
];

const WORDS: [(&str, &str); 7] = [
    (
        "z and a",
        "A unit adds up its weighted inputs and its bias: that is z. Its activation a = f(z) is what it passes on.",
    ),
    (
        "f′(z)",
        "The slope of the curve at z. It multiplies every gradient that flows back through the unit.",
    ),
    (
        "dead",
        "f′(z) is exactly 0 on every sample. No gradient reaches the unit: it cannot learn from this data.",
    ),
    (
        "saturated",
        "Not dead, but the slope is under 5 % of its maximum on at least 95 % of the samples: it hardly learns.",
    ),
    (
        "born dead",
        "A whole layer is dead at step 0. The output is the same for every input.",
    ),
    (
        "χ (chi)",
        "What a layer does to the squared gradient on its way back. Under 1 the gradient vanishes with depth, over 1 it explodes.",
    ),
    (
        "diverged",
        "The loss or a parameter is no longer a finite number, or the loss is over a million times its first value.",
    ),
];

/// Keys and words.
#[component]
pub fn HelpSheet(is_open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog title="Keys and words" is_open=is_open>
            {lazy(words)}
        </Dialog>
    }
}

chunk! {
    dialogs,
    fn words() -> AnyView {
        view! { <Words /> }.into_any()
    }
}

#[component]
fn Words() -> impl IntoView {
    let list = |entries: &'static [(&str, &str)], is_key: bool| {
        let entry = |&(name, text): &'static (&str, &str)| {
            let name = if is_key {
                view! { <kbd>{name}</kbd> }.into_any()
            } else {
                name.into_any()
            };
            view! {
                <dt>{name}</dt>
                <dd>{text}</dd>
            }
        };
        view! { <dl>{entries.iter().map(entry).collect_view()}</dl> }
    };
    view! {
        <div class="help">
            {list(&KEYS, true)} {list(&WORDS, false)}
            <p class="fine">
                "Keys act when no field has the focus. In the network, arrow keys go from unit to unit, and Enter looks at one. On a chart they move the crosshair, and Escape takes it away."
            </p>
        </div>
    }
}
