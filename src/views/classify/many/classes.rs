use leptos::prelude::*;

use crate::memo::Memo;
use crate::text;
use crate::ui::kit::panel::Panel;
use crate::views::classify::scores::{cell_strength, share_or};
use crate::views::classify::store::Classify;

/// A share below this is told as one that is bad.
const POOR: f64 = 0.88;

/// Counts of what is what and said to be what, and what follows of each class, a row for both.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    name: String,
    counts: Vec<u64>,
    recall: Option<f64>,
    precision: Option<f64>,
    f1: f64,
    n: u64,
}

/// The confusion matrix with each class's recall, precision and F1 on its row.
#[component]
pub fn ByClass() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let rows = Memo::new(move |_| {
        classify
            .with_judged(|judged| {
                let matrix = judged.many()?.confusion();
                let counts = &matrix.counts;
                let said = |class: usize| counts.iter().map(|row| row[class]).sum::<u64>();
                let row = |(class, row): (usize, &Vec<u64>)| {
                    let n = row.iter().sum::<u64>();
                    Row {
                        name: judged.names.get(class).cloned().unwrap_or_default(),
                        counts: row.clone(),
                        recall: (n > 0).then(|| matrix.recall(class)),
                        precision: (said(class) > 0).then(|| matrix.precision(class)),
                        f1: matrix.f1(class),
                        n,
                    }
                };
                Some(counts.iter().enumerate().map(row).collect::<Vec<Row>>())
            })
            .flatten()
            .unwrap_or_default()
    });
    let accuracy = Memo::new(move |_| {
        let of = |judged: &crate::views::classify::judged::Judged| {
            let many = judged.many()?;
            Some((many.confusion().accuracy(), many.majority_share()))
        };
        classify.with_judged(of).flatten()
    });
    let aside = Memo::new(move |_| {
        classify
            .with_judged(|judged| {
                let n = text::count(judged.n() as u64);
                match judged.are_of_test {
                    true => format!("{n} tested"),
                    false => format!("{n} trained on: nothing is held out"),
                }
            })
            .unwrap_or_default()
    });
    let cell = move |truth: usize, said: usize, n: u64, of: u64| {
        let is_chosen = move || classify.cell.get() == Some((truth, said));
        let words = rows.with_untracked(|rows| {
            let name = |class: usize| rows.get(class).map_or("", |row| &*row.name);
            format!("{} said to be {}: {n}", name(truth), name(said))
        });
        let text = if n == 0 {
            String::new()
        } else {
            text::count(n)
        };
        view! {
            <td>
                <button
                    type="button"
                    class="cell"
                    class:wrong={truth != said}
                    class:none={n == 0}
                    disabled={n == 0}
                    style:--strength=cell_strength(n as f64 / of.max(1) as f64)
                    aria-pressed=move || is_chosen().to_string()
                    aria-label=words
                    on:click=move |_| {
                        let chosen = (!is_chosen()).then_some((truth, said));
                        classify.cell.set(chosen);
                    }
                >
                    {text}
                </button>
            </td>
        }
    };
    let row = move |(truth, row): (usize, Row)| {
        let of = row.n;
        let poor = |share: Option<f64>| share.is_some_and(|share| share < POOR);
        let (poor_recall, poor_precision) = (poor(row.recall), poor(row.precision));
        let counts = row.counts.iter().enumerate();
        let cells = counts
            .map(|(said, n)| cell(truth, said, *n, of))
            .collect_view();
        view! {
            <tr>
                <th scope="row">{row.name}</th>
                {cells}
                <td class="of-class" class:poor=poor_recall>{share_or(row.recall, "none")}</td>
                <td class="of-class" class:poor=poor_precision>{share_or(row.precision, "none said")}</td>
                <td class="of-class">{text::decimals(row.f1, 3)}</td>
                <td class="of-class">{text::count(row.n)}</td>
            </tr>
        }
    };
    let heads = move || {
        rows.with(|rows| {
            let head = |row: &Row| view! { <th scope="col">{row.name.clone()}</th> };
            rows.iter().map(head).collect_view()
        })
    };
    let body = move || rows.get().into_iter().enumerate().map(row).collect_view();
    let beats = move || {
        accuracy.get().map(|(accuracy, majority)| {
            view! {
                <span>
                    "accuracy "
                    <b>{share_or(Some(accuracy), "–")}</b>
                </span>
                <span>"always the most frequent: " {share_or(Some(majority), "–")}</span>
            }
        })
    };
    view! {
        <Panel name="by-class" title=Signal::derive(|| "Confusion, and each class".to_owned()) aside=aside>
            <div class="table-scroll" tabindex="0" role="group" aria-label="Confusion, scrolls">
                <table class="matrix wide">
                    <thead>
                        <tr>
                            <td aria-hidden="true">"is \\ said"</td>
                            {heads}
                            <th scope="col">"recall"</th>
                            <th scope="col">"precision"</th>
                            <th scope="col">"F1"</th>
                            <th scope="col">"n"</th>
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            <p class="beats">{beats}</p>
        </Panel>
    }
}
