use std::collections::BTreeMap;

use actiscope_core::activation::cost::{BLOCK, Timed, elsewhere_ns};
use actiscope_core::activation::{Activation, ActivationSpec, catalogue};
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::slices::in_slices;
use super::state::Id;
use super::store::Atlas;
use crate::app::App;
use crate::app::theme::Colours;
use crate::browser::now_ms;
use crate::memo::Memo;
use crate::plot::charts::atlas::Look;
use crate::ui::kit::lazy::chunk;

/// What was measured on this device: nanoseconds for f and f' of one value, by id.
#[derive(Clone, Copy)]
pub struct Measured(RwSignal<BTreeMap<&'static str, f64>>);

impl Measured {
    pub fn none() -> Self {
        Self(RwSignal::new(BTreeMap::new()))
    }

    pub fn of(self, id: &str) -> Option<f64> {
        self.0
            .with(|known| (known.len() == catalogue().len()).then(|| known.get(id).copied())?)
    }

    fn is_done(self) -> bool {
        self.0
            .with_untracked(|known| known.len() == catalogue().len())
    }
}

chunk! {
    atlas_cost,
    /// Measures all functions, a few milliseconds at a time. It takes the vector machine, which nothing else of the
    /// page does, hence a chunk of its own.
    fn measure(measured: Measured) -> () {
        const N_RUNS: u32 = 5;
        /// A run is as long as it takes the browser's clock to tell it.
        const RUN_MS: f64 = 2.0;
        let mut found = BTreeMap::new();
        let mut timed: Option<(&'static str, Timed, u32, f64)> = None;
        let mut left = catalogue().iter();
        let mut kept = 0.0_f32;
        in_slices(move || {
            if timed.is_none() {
                let Some(entry) = left.next() else {
                    // What was computed is used, so that computing it is not left out.
                    if !kept.is_nan() {
                        measured.0.try_set(std::mem::take(&mut found));
                    }
                    return false;
                };
                if let Ok(activation) = Activation::resolve(&ActivationSpec::new(entry.id)) {
                    timed = Some((entry.id, Timed::new(&activation), 0, f64::INFINITY));
                }
            }
            if let Some((id, of, n, least)) = &mut timed {
                let begin = now_ms();
                let mut n_blocks = 0.0;
                while now_ms() - begin < RUN_MS {
                    kept = kept.max(of.run_as_built());
                    n_blocks += 1.0;
                }
                let ns = 1e6 * (now_ms() - begin) / (n_blocks * BLOCK as f64);
                *least = least.min(ns);
                *n += 1;
                if *n == N_RUNS {
                    found.insert(*id, *least);
                    timed = None;
                }
            }
            true
        });
    }
}

/// What each function costs to compute, measured here when this is first opened.
#[component]
pub fn Cost(aside: RwSignal<String>, measured: Measured) -> impl IntoView {
    let app = expect_context::<App>();
    if !measured.is_done() {
        spawn_local_scoped_with_cancellation(async move {
            if let Err(error) = measure(measured).await {
                app.notices.problem("atlas", error.to_string());
            }
        });
    }
    let rows = Memo::new(move |_| {
        let here = measured.of("relu").is_some();
        let ns = |id: &str| {
            if here {
                measured.of(id)
            } else {
                elsewhere_ns(id)
            }
        };
        let relu = ns("relu").unwrap_or(1.0);
        let known = catalogue()
            .iter()
            .filter_map(|entry| Some((entry.id, entry.name, ns(entry.id)?)));
        let mut rows: Vec<(&'static str, &'static str, f64, f64)> = known
            .map(|(id, name, ns)| (id, name, ns, ns / relu))
            .collect();
        rows.sort_by(|a, b| a.2.total_cmp(&b.2));
        (here, rows)
    });
    Effect::new(move |_| {
        aside.set(match rows.with(|rows| rows.0) {
            true => "ns for f and f′ of one value in this browser, one core, and against ReLU"
                .to_owned(),
            false => "ns for f and f′ of one value elsewhere, one core, AVX2; measuring here …"
                .to_owned(),
        });
    });
    let shown = move || {
        rows.with(|(_, rows)| {
            let most = rows.last().map_or(1.0, |row| row.2);
            rows.iter()
                .map(|row| view! { <CostRow row=*row most /> })
                .collect_view()
        })
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Cost of all functions">
            <ol class="costs">{shown}</ol>
        </div>
    }
}

#[component]
fn CostRow(row: (&'static str, &'static str, f64, f64), most: f64) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let colours = expect_context::<Colours>();
    let (id, name, ns, ratio) = row;
    let slot = Memo::new(move |_| atlas.state.with(|state| state.slot_of(Id::Known(id))));
    let is_focused = move || {
        atlas
            .state
            .with(|state| state.focused == Some(Id::Known(id)))
    };
    let color = move || {
        colours.version.track();
        slot.get()
            .map(|slot| Look::of(&colours.drawn(), Some(slot)).text.css())
    };
    view! {
        <li class:chosen=move || slot.get().is_some() class:focused=is_focused style:color=color>
            <span class="name">{name}</span>
            <span class="bar">
                <i style:width=format!("{:.2}%", 100.0 * ns / most)></i>
            </span>
            <b>{format!("{ns:.2}")}</b>
            <span class="ratio">{format!("{ratio:.1} ×")}</span>
        </li>
    }
}
