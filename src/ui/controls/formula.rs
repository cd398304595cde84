use actiscope_core::activation::{ActivationSpec, Function};
use actiscope_core::expr::Expr;
use leptos::prelude::*;

use super::activation::{set_activation, with_params_of};
use crate::memo::Memo;
use crate::run::Run;

/// A user's own formula. While it cannot be read the last one that could stays in use.
#[component]
pub fn FormulaField(activation: Memo<ActivationSpec>) -> impl IntoView {
    let run = expect_context::<Run>();
    let in_use = move || {
        activation.with(|spec| match &spec.function {
            Function::Formula(text) => text.clone(),
            Function::Catalogue(_) => String::new(),
        })
    };
    let text = RwSignal::new(untrack(in_use));
    let problem = RwSignal::new(None::<String>);
    // A link or a remedy may bring another formula.
    Effect::new(move |_| {
        let formula = in_use();
        if problem.with_untracked(Option::is_none) && text.with_untracked(|text| *text != formula) {
            text.set(formula);
        }
    });
    let take = move |formula: String| {
        text.set(formula.clone());
        match Expr::parse(&formula) {
            Ok(_) => {
                problem.set(None);
                let spec = activation.with_untracked(|before| with_params_of(before, &formula));
                set_activation(run, spec);
            }
            Err(error) => problem.set(Some(error.to_string())),
        }
    };
    view! {
        <div class="field formula">
            <label for="field-formula">"Formula in z"</label>
            <input
                id="field-formula"
                type="text"
                spellcheck="false"
                autocapitalize="off"
                autocomplete="off"
                aria-describedby="formula-problem"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                prop:value=text
                on:input=move |event| take(event_target_value(&event))
            />
            <pre id="formula-problem" role="alert">
                {move || problem.get().unwrap_or_default()}
            </pre>
        </div>
    }
}
