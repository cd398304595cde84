use actiscope_core::terms::check::{AGREES, Checked, Verdict};
use actiscope_core::terms::words::{self, Saying, Stage};
use leptos::prelude::*;

use super::card::walk;
use super::state::{Told, Trace};
use crate::text::{count, decimals, number};

/// The gradient of the path's parameters by backpropagation and by a difference, and what an update makes of them.
#[component]
pub fn CheckedPanel() -> impl IntoView {
    let trace = expect_context::<Trace>();
    let rows = move || {
        let told = trace.told.get().ok()?;
        let is_back = trace.stage.get() >= Stage::Backward;
        let rows = told.checked.iter().enumerate();
        Some(
            rows.map(|(i, checked)| row(&told, checked, i == 0, is_back))
                .collect_view(),
        )
    };
    let update = move || {
        let told = trace.told.get().ok()?;
        (trace.stage.get() == Stage::Update).then(|| update(trace, &told))
    };
    let notes = move || Some(notes(trace, &*trace.told.get().ok()?));
    view! {
        <section class="panel terms-check" aria-labelledby="check-title">
            <h2>
                <span class="title" id="check-title">
                    "Gradient, checked twice"
                </span>
                <span class="aside">"h = 10⁻⁴"</span>
            </h2>
            <div class="check-room" role="group" aria-label="Check and update" tabindex="0" on:keydown=walk>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"∂L / ∂…"</th>
                            <th scope="col">"backprop"</th>
                            <th scope="col">"difference"</th>
                            <th scope="col">"rel. error"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                {update}
                <p class="fine">
                    "Difference: (L(w + h) − L(w − h)) / 2h, two forward passes, no calculus. Both must agree to about 10⁻⁶. In 64 bits, with the parameters of this step; the engine trains in 32."
                    {notes}
                </p>
            </div>
        </section>
    }
}

fn row(told: &Told, checked: &Checked, is_of_path: bool, is_back: bool) -> AnyView {
    let terms = &told.pass.terms;
    let what = match checked.verdict {
        Verdict::Error(_) => Saying::Check,
        Verdict::BothZero => Saying::BothZero,
        Verdict::Rounding => Saying::Rounding,
        Verdict::Corner => Saying::Corner,
    };
    let not_yet = || "…".to_owned();
    let analytic = match is_back {
        true => words::gradient(checked.analytic),
        false => not_yet(),
    };
    let rest = match checked.verdict {
        Verdict::Corner => view! { <td colspan="2">"at a corner: no derivative"</td> }.into_any(),
        verdict => {
            let (error, agrees) = match verdict {
                _ if !is_back => (not_yet(), false),
                Verdict::BothZero => ("both 0".to_owned(), true),
                Verdict::Error(error) => (words::error(error), error < AGREES),
                _ => ("rounding".to_owned(), true),
            };
            view! {
                <td>{words::gradient(checked.numeric)}</td>
                <td class:agrees=agrees && is_back>{error}</td>
            }
            .into_any()
        }
    };
    view! {
        <tr class:on=is_of_path tabindex="-1" data-says=what.text(terms, "")>
            <th scope="row">{words::param_name(terms, checked.param)}</th>
            <td>{analytic}</td>
            {rest}
        </tr>
    }
    .into_any()
}

/// The path's weights, before and after.
fn update(trace: Trace, told: &Told) -> AnyView {
    let terms = &told.pass.terms;
    let oracle = &told.pass.oracle;
    let rate = oracle.training.rate_at(oracle.step);
    let moves = told.moves();
    let moves = moves.into_iter().map(|(checked, [before, after])| {
        view! {
            <div>
                <dt>{words::param_name(terms, checked.param)}</dt>
                <dd>{format!("{} → {}", decimals(before, 4), decimals(after, 4))}</dd>
            </div>
        }
    });
    let moved = (terms.n_hidden() > 0).then(|| words::moved(told.moved()));
    let done = match trace.n_updates() {
        0 => String::new(),
        1 => " 1 is made already.".to_owned(),
        n => format!(" {} are made already.", count(u64::from(n))),
    };
    view! {
        <div class="update">
            <h3>{format!("Update, learning rate {}", number(rate, 3))}</h3>
            <dl>{moves.collect_view()}</dl>
            <p>
                <strong>{moved}</strong>
            </p>
            <p class="fine">
                "By this sample alone, with the run's optimizer. It is a run of its own: closing brings the run back."
                {done}
            </p>
        </div>
    }
    .into_any()
}

/// What is otherwise than one may think.
fn notes(trace: Trace, told: &Told) -> String {
    let (oracle, one) = (&told.pass.oracle, &told.pass.one);
    let mut notes = String::new();
    if one.n > 1 {
        notes += &format!(
            " Batch normalization takes mean and SD of {} samples.",
            count(one.n as u64)
        );
    }
    if oracle.training.dropout > 0.0 {
        notes += " Without dropout.";
    }
    if oracle.training.l1 > 0.0 || oracle.training.l2 > 0.0 {
        notes += " Penalties of weights come with the update.";
    }
    if oracle.training.optimizer.n_slots() > 0 && trace.stage.get() == Stage::Update {
        notes += " What the optimizer remembers begins empty.";
    }
    notes += " Choose a point of the boundary to follow it.";
    notes
}
