use actiscope_core::metrics::Counts;
use leptos::prelude::*;

use super::scores::{cell_strength, share_or};
use super::store::Classify;
use crate::app::theme::Colours;
use crate::memo::Memo;
use crate::plot::kit::look::Look;
use crate::text;
use crate::ui::kit::panel::Panel;

/// What is what, and what it is said to be; each class by itself.
#[component]
pub fn Confusion() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let counts = Memo::new(move |_| {
        let threshold = classify.threshold.get();
        classify
            .with_judged(|judged| judged.two().map(|two| two.at(threshold)))
            .flatten()
            .unwrap_or_default()
    });
    let names = Memo::new(move |_| {
        classify
            .with_judged(|judged| judged.names.clone())
            .unwrap_or_default()
    });
    let name = move |class: usize| {
        names.with(|names| {
            names
                .get(class)
                .cloned()
                .unwrap_or_else(|| format!("class {class}"))
        })
    };
    let aside = Memo::new(move |_| {
        classify
            .with_judged(|judged| match judged.are_of_test {
                true => format!("{} tested", text::count(judged.n() as u64)),
                false => format!(
                    "{} trained on: nothing is held out",
                    text::count(judged.n() as u64)
                ),
            })
            .unwrap_or_default()
    });
    let cell = move |truth: usize, said: usize| {
        let n = move || counts.with(|counts| count_of(counts, truth, said));
        let of = move || {
            counts.with(|counts| {
                if truth == 1 {
                    counts.n_rare()
                } else {
                    counts.n_common()
                }
            })
        };
        let share = move || n() as f64 / of().max(1) as f64;
        let word = match (truth, said) {
            (0, 1) => "alarm",
            (1, 0) => "miss",
            (1, 1) => "hit",
            _ => "",
        };
        let is_chosen = move || classify.cell.get() == Some((truth, said));
        view! {
            <td>
                <button
                    type="button"
                    class="cell"
                    class:wrong={truth != said}
                    class:none=move || n() == 0
                    style:--strength=move || cell_strength(share())
                    aria-pressed=move || is_chosen().to_string()
                    title="Rings these samples in the boundary"
                    on:click=move |_| {
                        let chosen = (!is_chosen()).then_some((truth, said));
                        classify.cell.set(chosen);
                    }
                >
                    <i class="unseen">{move || format!("{} said to be {}: ", name(truth), name(said))}</i>
                    <b>{move || text::count(n() as u64)}</b>
                    " "
                    <span>{move || format!("{} {word}", share_or(Some(share()).filter(|_| of() > 0), "–"))}</span>
                </button>
            </td>
        }
    };
    let row = move |truth: usize| {
        let n = move || {
            counts.with(|counts| {
                if truth == 1 {
                    counts.n_rare()
                } else {
                    counts.n_common()
                }
            })
        };
        view! {
            <tr>
                <th scope="row">
                    <Mark class_index=truth />
                    <b>{move || name(truth)}</b>
                    <span>{move || text::count(n() as u64)}</span>
                </th>
                {cell(truth, 0)}
                {cell(truth, 1)}
            </tr>
        }
    };
    let of_class = move |class: usize| {
        let of = move || counts.with(|counts| scores_of(counts, class));
        view! {
            <tr>
                <th scope="row">
                    <Mark class_index=class />
                    {move || name(class)}
                </th>
                <td>{move || share_or(of().precision, "none said")}</td>
                <td>{move || share_or(of().recall, "none")}</td>
                <td>{move || text::decimals(of().f1, 3)}</td>
                <td>{move || text::count(of().n as u64)}</td>
            </tr>
        }
    };
    let mean = move || {
        let both = counts.with(|counts| [scores_of(counts, 0), scores_of(counts, 1)]);
        let mean = |of: fn(&ClassScores) -> Option<f64>| {
            let values: Vec<f64> = both.iter().filter_map(of).collect();
            (values.len() == 2).then(|| values.iter().sum::<f64>() / 2.0)
        };
        (
            mean(|c| c.precision),
            mean(|c| c.recall),
            mean(|c| Some(c.f1)),
            both[0].n + both[1].n,
        )
    };
    let majority = move || {
        counts.with(|counts| {
            let (class, n) = match counts.n_rare() > counts.n_common() {
                true => (1, counts.n_rare()),
                false => (0, counts.n_common()),
            };
            format!(
                "all {}: {}",
                name(class),
                share_or(Some(n as f64 / counts.n().max(1) as f64), "–")
            )
        })
    };
    view! {
        <Panel name="confusion" title=Signal::derive(|| "Confusion matrix".to_owned()) aside=aside>
            <table class="matrix">
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{move || format!("said {}", name(0))}</th>
                        <th scope="col">{move || format!("said {}", name(1))}</th>
                    </tr>
                </thead>
                <tbody>{row(0)} {row(1)}</tbody>
            </table>
            <table class="by-class">
                <thead>
                    <tr>
                        <th scope="col">"class"</th>
                        <th scope="col">"precision"</th>
                        <th scope="col">"recall"</th>
                        <th scope="col">"F1"</th>
                        <th scope="col">"n"</th>
                    </tr>
                </thead>
                <tbody>
                    {of_class(0)} {of_class(1)}
                    <tr>
                        <th scope="row">"mean"</th>
                        <td>{move || share_or(mean().0, "–")}</td>
                        <td>{move || share_or(mean().1, "–")}</td>
                        <td>{move || mean().2.map_or_else(|| "–".to_owned(), |f1| text::decimals(f1, 3))}</td>
                        <td>{move || text::count(mean().3 as u64)}</td>
                    </tr>
                </tbody>
            </table>
            <p class="beats">
                <span>
                    "accuracy "
                    <b>{move || share_or(Some(counts.with(Counts::accuracy)), "–")}</b>
                </span>
                <span>{majority}</span>
            </p>
        </Panel>
    }
}

/// The colour and the shape of a class, as everywhere.
#[component]
pub fn Mark(class_index: usize) -> impl IntoView {
    let colours = expect_context::<Colours>();
    let color = move || Look::of(&colours.drawn(), Some(class_index)).color.css();
    view! { <i class=format!("class-mark m{}", class_index % 8) style:--series=color aria-hidden="true"></i> }
}

struct ClassScores {
    precision: Option<f64>,
    recall: Option<f64>,
    f1: f64,
    n: usize,
}

fn count_of(counts: &Counts, truth: usize, said: usize) -> usize {
    match (truth, said) {
        (0, 0) => counts.rejections,
        (0, _) => counts.false_alarms,
        (_, 0) => counts.misses,
        (_, _) => counts.hits,
    }
}

/// Of class 1, or with the two in each other's place of class 0.
fn scores_of(counts: &Counts, class: usize) -> ClassScores {
    let counts = match class {
        1 => *counts,
        _ => Counts {
            hits: counts.rejections,
            misses: counts.false_alarms,
            false_alarms: counts.misses,
            rejections: counts.hits,
        },
    };
    ClassScores {
        precision: counts.precision(),
        recall: counts.recall(),
        f1: counts.f1(),
        n: counts.n_rare(),
    }
}
