use actiscope_core::activation::ActivationSpec;
use actiscope_core::expr::{Expr, ParseError, ParseErrorKind};
use leptos::prelude::*;
use std::time::Duration;

use super::store::Atlas;
use crate::held::Held;
use crate::memo::Memo;
use crate::ui::kit::erased::Show;

/// A formula is read when nothing was typed for so long.
const REST: Duration = Duration::from_millis(150);

/// The user's own function: drawn while it is written, added to the list when it is finished.
#[component]
pub fn OwnFormula() -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let text = RwSignal::new(String::new());
    let problem = Held::new(None::<ParseError>);
    let n_typed = StoredValue::new(0_u32);
    let read = move || {
        let formula = text.get_untracked();
        if formula.trim().is_empty() {
            problem.set(None);
            atlas.draft.set(None);
            return;
        }
        match Expr::parse(&formula) {
            Ok(_) => {
                problem.set(None);
                atlas.draft.set(Some(ActivationSpec::formula(&formula)));
            }
            // The last form that could be read stays drawn.
            Err(error) => problem.set(Some(error)),
        }
    };
    let typed = move |formula: String| {
        text.set(formula);
        let n = n_typed.get_value() + 1;
        n_typed.set_value(n);
        set_timeout(
            move || {
                if n_typed.try_get_value() == Some(n) {
                    read();
                }
            },
            REST,
        );
    };
    let can_add = move || problem.with(Option::is_none) && atlas.draft.with(Option::is_some);
    let add = move || {
        // What was typed in the last moment counts.
        read();
        let Some(draft) = atlas
            .draft
            .get_untracked()
            .filter(|_| problem.with_untracked(Option::is_none))
        else {
            return;
        };
        let before = atlas.state.with_untracked(|state| state.own.len());
        atlas.try_to(|state| state.add_own(draft));
        if atlas.state.with_untracked(|state| state.own.len()) > before {
            atlas.draft.set(None);
            text.set(String::new());
        }
    };
    let mark = Signal::derive(move || {
        problem.with(|problem| problem.as_ref().map_or_else(String::new, mark_of))
    });
    let sentence =
        Signal::derive(move || problem.with(|p| p.as_ref().map_or_else(String::new, sentence_of)));
    let suggestion = Memo::new(move |_| problem.with(|p| p.as_ref().and_then(suggestion_of)));
    let word = Signal::derive(move || {
        suggestion.with(|s| s.as_ref().map_or_else(String::new, |s| s.1.clone()))
    });
    let take = move |_| {
        if let Some((range, word)) = suggestion.get_untracked() {
            let mut formula = text.get_untracked();
            formula.replace_range(range, &word);
            text.set(formula);
            read();
        }
    };
    view! {
        <form
            class="field formula own"
            on:submit=move |event| {
                event.prevent_default();
                add();
            }
        >
            <div class="row">
                <label for="atlas-formula">"Your own f(z)"</label>
                <button type="submit" class="quiet mini" disabled=move || !can_add()>"Add"</button>
            </div>
            <div class="typed">
                <input
                    id="atlas-formula"
                    type="text"
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    placeholder="z * sigmoid(beta * z)"
                    aria-describedby="atlas-formula-problem"
                    aria-invalid=move || problem.with(Option::is_some).then_some("true")
                    prop:value=text
                    on:input=move |event| typed(event_target_value(&event))
                />
                <pre class="mark" aria-hidden="true">{mark}</pre>
            </div>
            <p id="atlas-formula-problem" class="field-problem" role="alert">
                {sentence}
                <Show when=move || suggestion.with(Option::is_some)>
                    " Did you mean "
                    <button type="button" class="link" on:click=take>
                        {word}
                    </button> "?"
                </Show>
            </p>
        </form>
    }
}

/// Carets under the characters at fault.
fn mark_of(problem: &ParseError) -> String {
    let n_marked = problem.text[problem.span.clone()].chars().count().max(1);
    format!("{}{}", " ".repeat(problem.column - 1), "^".repeat(n_marked))
}

fn sentence_of(problem: &ParseError) -> String {
    format!("Column {}: {}", problem.column, without_suggestion(problem))
}

/// The message without the name that the button beside it puts in.
fn without_suggestion(problem: &ParseError) -> String {
    let text = problem.kind.to_string().replace('`', "");
    match text.split_once(": did you mean") {
        Some((what, _)) => format!("{what}."),
        None => text,
    }
}

/// What to put where, if the message names one thing.
fn suggestion_of(problem: &ParseError) -> Option<(std::ops::Range<usize>, String)> {
    let (ParseErrorKind::UnknownFunction { advice, .. }
    | ParseErrorKind::UnknownName { advice, .. }) = &problem.kind
    else {
        return None;
    };
    let word = advice.strip_prefix("did you mean ")?.strip_suffix('?')?;
    Some((problem.span.clone(), word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggestion_mends_the_formula() {
        let error = Expr::parse("z * sigmod(beta*z)").expect_err("a slip");
        assert_eq!(mark_of(&error), "    ^^^^^^");
        assert_eq!(without_suggestion(&error), "unknown function sigmod.");
        let (range, word) = suggestion_of(&error).expect("one is near");
        let mut formula = error.text.clone();
        formula.replace_range(range, &word);
        assert_eq!(formula, "z * sigmoid(beta*z)");
        let error = Expr::parse("max(z").expect_err("it ends too early");
        assert_eq!(suggestion_of(&error), None);
    }
}
