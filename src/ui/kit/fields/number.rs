use actiscope_core::number::parse_f64;
use leptos::prelude::*;
use web_sys::{Event, KeyboardEvent};

use crate::memo::Memo;

/// A number that is typed. What is no number is put back, and what is being typed is left alone while the value changes.
#[component]
pub fn NumberInput(
    /// Accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// As it is shown; empty for none.
    #[prop(into)]
    value: Signal<String>,
    /// What the arrow keys add to it, ten times as much with the shift key; none where it is 0.
    #[prop(optional)]
    step: f64,
    /// An empty field means none.
    #[prop(optional)]
    may_be_none: bool,
    #[prop(optional, into)] placeholder: &'static str,
    /// Gets a finite number, or none.
    #[prop(into)]
    on_change: Callback<(Option<f64>,)>,
) -> impl IntoView {
    let is_typing = RwSignal::new(false);
    // What cannot be read as a number is put back.
    let refused = Trigger::new();
    let text = Memo::new(move |before: Option<&String>| match before {
        Some(before) if is_typing.get() => before.clone(),
        _ => value.get(),
    });
    let shown = move || {
        refused.track();
        text.get()
    };
    let change = move |event: Event| {
        is_typing.set(false);
        let typed = event_target_value(&event);
        match (typed.trim(), number_of(&typed)) {
            ("", _) if may_be_none => on_change.run((None,)),
            (_, Some(number)) => on_change.run((Some(number),)),
            _ => {}
        }
        refused.notify();
    };
    let press = move |event: KeyboardEvent| {
        let by = match &*event.key() {
            "ArrowUp" => step,
            "ArrowDown" => -step,
            "Escape" => {
                is_typing.set(false);
                refused.notify();
                return;
            }
            _ => return,
        };
        let number = number_of(&event_target_value(&event)).filter(|_| step != 0.0);
        let Some(number) = number else { return };
        event.prevent_default();
        is_typing.set(false);
        let by = if event.shift_key() { 10.0 * by } else { by };
        on_change.run((Some(number + by),));
    };
    view! {
        <input
            type="text"
            class="typed-number"
            inputmode="decimal"
            autocomplete="off"
            aria-label=label
            placeholder=placeholder
            prop:value=shown
            on:input=move |_| is_typing.set(true)
            on:change=change
            on:keydown=press
        />
    }
}

/// As people type them, and as the page shows them: with a decimal comma, with the sign for minus, with thousands apart.
fn number_of(text: &str) -> Option<f64> {
    let text = text.trim().replace('\u{2212}', "-");
    let mut groups = text.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    let is_whole = |group: &str| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
    let are_thousands = !first.trim_start_matches('-').starts_with('0') && groups.all(is_whole);
    let text = match (text.contains('.'), text.matches(',').count()) {
        (false, 1) if !are_thousands => text.replace(',', "."),
        _ => text.replace(',', ""),
    };
    parse_f64(&text).filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn numbers_are_read_as_they_are_typed() {
        let check = |text: &str, number: Option<f64>| assert_eq!(number_of(text), number, "{text}");
        check(" -3 ", Some(-3.0));
        check("\u{2212}0.5", Some(-0.5));
        check("0,25", Some(0.25));
        check("0,250", Some(0.25));
        check("-12,5", Some(-12.5));
        check("1,250", Some(1_250.0));
        check("1,234.5", Some(1_234.5));
        check("1,234,000", Some(1_234_000.0));
        check("1e-3", Some(0.001));
        for wrong in ["", "-", "x", "1.2.3", "inf", "nan"] {
            check(wrong, None);
        }
    }
}
