use actiscope_core::activation::{Entry, Framework};
use leptos::prelude::*;

use super::state::Id;
use super::store::Atlas;
use crate::ui::kit::copy::CopyButton;

/// A function's name and a line of code in other libraries, with the parameters of now.
#[component]
pub fn Names(entry: &'static Entry, id: Id) -> impl IntoView {
    Framework::ALL
        .map(|framework| name(entry, id, framework))
        .collect_view()
}

fn name(entry: &'static Entry, id: Id, framework: Framework) -> AnyView {
    let atlas = expect_context::<Atlas>();
    let line = entry.elsewhere().line(framework);
    let code = Signal::derive(move || {
        let spec = atlas.state.with(|state| state.spec(id));
        line.with(&spec.param_names(), &spec.params)
    });
    let note = (!line.note.is_empty()).then(|| view! { <span class="note">{line.note}</span> });
    view! {
        <dt>{framework.name()}</dt>
        <dd class="named">
            <code>{code}</code>
            <CopyButton
                label="Copy"
                what=framework.name()
                said=atlas.said
                text=Box::new(move || Box::pin(std::future::ready(Ok(code.get_untracked()))))
            />
            {note}
        </dd>
    }
    .into_any()
}
