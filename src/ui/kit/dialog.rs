use leptos::html;
use leptos::prelude::*;

use crate::ui::kit::erased::Show;

/// A modal dialog: the browser keeps the focus inside and closes it on Escape.
#[component]
pub fn Dialog(title: &'static str, is_open: RwSignal<bool>, children: ChildrenFn) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else {
            return;
        };
        match (is_open.get(), dialog.open()) {
            (true, false) => {
                // Fails only for a dialog that is open already or not in the page.
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog
            node_ref=node
            aria-label=title
            on:close=move |_| is_open.set(false)
            // A press beside the dialog is one on its backdrop.
            on:pointerdown=move |event| {
                if event.target() == event.current_target() {
                    is_open.set(false);
                }
            }
        >
            <div class="sheet">
                <div class="sheet-head">
                    <h2>{title}</h2>
                    <button
                        type="button"
                        class="quiet square"
                        aria-label="Close"
                        on:click=move |_| is_open.set(false)
                    >
                        "×"
                    </button>
                </div>
                <Show when=move || is_open.get()>{children()}</Show>
            </div>
        </dialog>
    }
}
