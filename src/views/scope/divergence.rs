use actiscope_core::health::HealthEvent;
use actiscope_core::health::diagnosis::{Remedy, Verdict};
use actiscope_core::health::words::{self, Sentence};
use actiscope_core::protocol::RunCommand;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::Run;
use crate::text::{count, number};
use crate::ui::chrome::caption::Said;
use crate::ui::kit::facts::fact;
use crate::views::scope::doctor::Remedies;

/// Layers listed: the ones with the largest gradients.
const N_LAYERS: usize = 6;

/// What made training diverge: the update, the layer, the gradients before it, and the ways back.
#[component]
pub fn DivergenceStory(event: HealthEvent) -> impl IntoView {
    let run = expect_context::<Run>();
    let said = expect_context::<Said>();
    // What the Doctor offers at the end is offered at the steps before it, too.
    let remedies = Memo::new(move |known: Option<&Vec<Remedy>>| {
        let offered = said.symptoms.with(|said| {
            let found = said.iter().find(|f| f.verdict == Verdict::Diverged);
            found.map(|found| found.remedies.clone())
        });
        offered.or(known.cloned()).unwrap_or_default()
    });
    let n_hidden = run
        .scenario
        .with_untracked(|scenario| scenario.network.hidden.len());
    let Sentence { rest, .. } = words::sentence(&event, n_hidden);
    let headline = words::divergence_headline(&event);
    let (subject, why) = headline.split_once(": ").unwrap_or((&headline, ""));
    let (subject, why) = (subject.to_owned(), format!(": {why}"));
    let update = words::divergence_rows(&event)
        .into_iter()
        .map(|(name, value)| fact(name.to_owned(), value));
    let gradients = gradients_before(run, event.step, n_hidden);
    let layers = gradients.map(|(step, gradients)| {
        let rows = gradients.into_iter().map(|(name, value)| fact(name, value));
        view! {
            <p class="way-back">{format!("RMS of ∂L/∂z at step {}, the largest first:", count(step))}</p>
            <dl class="evidence">{rows.collect_view()}</dl>
        }
    });
    // Without it, after a journey there is still the way to look.
    let step_before = event.step.saturating_sub(1);
    let back = move || {
        remedies.with(Vec::is_empty).then(|| {
            view! {
                <button
                    type="button"
                    class="quiet"
                    on:click=move |_| run.dispatch(RunCommand::Seek(step_before))
                >
                    {format!("Go to the step before ({})", count(step_before))}
                </button>
            }
        })
    };
    view! {
        <p class="headline">
            <b>{subject}</b>
            {why}
        </p>
        <p class="way-back">{rest}</p>
        <dl class="evidence">{update.collect_view()}</dl>
        {layers}
        <div class="remedies">{back}</div>
        <Remedies remedies=remedies.into() />
    }
}

/// The last step before `step` that the page was shown, and its layers' gradients.
fn gradients_before(run: Run, step: u64, n_hidden: usize) -> Option<(u64, Vec<(String, String)>)> {
    run.log.with_untracked(|log| {
        let columns = log.depth.columns();
        let column = columns.iter().rfind(|column| column.step < step)?;
        let rms = |i: &usize| column.layers[*i].gradient_rms;
        let mut order: Vec<usize> = (0..column.layers.len()).collect();
        order.sort_by(|a, b| rms(b).total_cmp(&rms(a)));
        let named = order.iter().take(N_LAYERS).map(|&layer| {
            let name = words::layer_name(layer, n_hidden);
            (
                name.replace("the output layer", "output"),
                number(f64::from(rms(&layer)), 2),
            )
        });
        Some((column.step, named.collect()))
    })
}
