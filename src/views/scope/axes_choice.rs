use actiscope_core::data::Axes;
use actiscope_core::scenario::Edit;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::Run;
use crate::ui::kit::lazy::{chunk, lazy};

const PRINCIPAL: &str = "pc";

/// Which plane of more than two inputs is shown.
#[component]
pub fn AxesChoice() -> impl IntoView {
    let run = expect_context::<Run>();
    let names = Memo::new(move |_| {
        run.loaded.with(|loaded| match loaded {
            Some(loaded) if loaded.n_inputs > 2 => loaded.input_names.clone(),
            _ => Vec::new(),
        })
    });
    move || {
        names.with(|names| {
            (!names.is_empty()).then(|| {
                let names = names.clone();
                lazy(move || selects(names.clone()))
            })
        })
    }
}

chunk! {
    points,
    fn selects(names: Vec<String>) -> AnyView {
        view! {
            <div class="axes">
                <AxisSelect label="Horizontal axis" is_second=false names=names.clone() />
                <AxisSelect label="Vertical axis" is_second=true names=names />
            </div>
        }
        .into_any()
    }
}

#[component]
fn AxisSelect(label: &'static str, is_second: bool, names: Vec<String>) -> impl IntoView {
    let run = expect_context::<Run>();
    let axes = Memo::new(move |_| run.scenario.with(|scenario| scenario.view.axes));
    let n_inputs = names.len();
    let id = move || match axes.get() {
        Axes::Principal => PRINCIPAL.to_owned(),
        Axes::Inputs(i, j) => if is_second { j } else { i }.to_string(),
    };
    let choose = move |chosen: String| {
        let axes = match chosen.parse() {
            Ok(input) => with_input(axes.get_untracked(), is_second, input, n_inputs),
            Err(_) => Axes::Principal,
        };
        run.edit(Edit::Axes(axes));
    };
    let option = move |(value, name): (String, String)| {
        let is_selected = {
            let value = value.clone();
            move || id() == value
        };
        view! {
            <option value=value prop:selected=is_selected>
                {name}
            </option>
        }
    };
    let inputs = names.into_iter().enumerate();
    let inputs = inputs.map(|(i, name)| (i.to_string(), name));
    let principal = (PRINCIPAL.to_owned(), "Principal components".to_owned());
    view! {
        <div class="field select">
            <div class="box">
                <select
                    aria-label=label
                    title=label
                    on:change=move |event| choose(event_target_value(&event))
                >
                    {inputs.chain([principal]).map(option).collect_view()}
                </select>
            </div>
        </div>
    }
}

/// The axes with another input on one of them. The other one gives way: two are never the same.
fn with_input(axes: Axes, is_second: bool, input: usize, n_inputs: usize) -> Axes {
    let (i, j) = match axes {
        Axes::Inputs(i, j) => (i, j),
        Axes::Principal => (0, 1),
    };
    let (was, other) = if is_second { (j, i) } else { (i, j) };
    let other = match other == input {
        true if was != input => was,
        true => (input + 1) % n_inputs.max(2),
        false => other,
    };
    if is_second {
        Axes::Inputs(other, input)
    } else {
        Axes::Inputs(input, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_axes_are_never_the_same() {
        let check = |axes, is_second, input, expect: (usize, usize)| {
            let found = with_input(axes, is_second, input, 4);
            assert_eq!(found, Axes::Inputs(expect.0, expect.1));
        };
        check(Axes::Inputs(0, 1), false, 3, (3, 1));
        check(Axes::Inputs(0, 1), false, 1, (1, 0));
        check(Axes::Inputs(0, 1), true, 0, (1, 0));
        check(Axes::Principal, false, 2, (2, 1));
        check(Axes::Principal, false, 1, (1, 0));
        check(Axes::Principal, true, 1, (0, 1));
    }
}
