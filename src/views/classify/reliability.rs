use actiscope_core::classify::{Scores, T_RANGE, shift_logits};
use actiscope_core::csv::{CsvWriter, field};
use actiscope_core::metrics::ReliabilityBin;
use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::*;

use super::judged::{Classes, Judged};
use super::scores::share_or;
use super::store::Classify;
use crate::memo::Memo;
use crate::plot::charts::classify::{
    ReliabilityData, describe_reliability, probability_text, reliability_scene,
};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::text;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::Show;
use crate::ui::kit::fields::{Slider, Stops};
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::save::{Chart, SaveMenu};
use crate::ui::kit::throttle::throttled;

/// Share of the samples that is held out where nothing is.
const HELD_OUT: f64 = 0.2;

/// Bins at temperature 1 and at the one that is set, with the scores of both.
#[derive(Clone, Debug, PartialEq)]
struct Both {
    bins: [Vec<ReliabilityBin>; 2],
    scores: [Scores; 2],
    is_top_class: bool,
    name: String,
    /// Surely wrong, of many classes.
    n_sure: Option<[usize; 2]>,
}

/// Whether a probability means what it says, and the temperature that mends it.
#[component]
pub fn Reliability() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let temperature = Memo::new(move |_| classify.state.with(|state| state.temperature));
    let both = Memo::new(move |_| {
        let temperature = temperature.get();
        classify.with_judged(|judged| both_of(judged, temperature))
    });
    let is_set = move || temperature.get() != 1.0;
    let draw = move |size: Size, theme: &Theme| {
        both.with_untracked(|both| match both {
            Some(both) => {
                reliability_scene(size, theme, &data_of(both, temperature.get_untracked()))
            }
            None => Scene::new(size),
        })
    };
    let depends = move || {
        both.track();
        temperature.track();
    };
    let label = throttled(2_000, move || {
        let temperature = temperature.get();
        both.with(|both| {
            let both = both.as_ref();
            both.map_or_else(
                || "No answers yet.".into(),
                |both| describe_reliability(&data_of(both, temperature)),
            )
        })
    });
    let title = Signal::derive(move || match classify.n_classes.get() {
        2 => "Is a probability of 0.3 right in 3 of 10 cases?".to_owned(),
        _ => "Is 90 % sure right in 9 of 10?".to_owned(),
    });
    let aside = Memo::new(move |_| {
        let weights = classify
            .run
            .scenario
            .with(|s| s.training.class_weights.clone());
        let shift = shift_logits(&weights).filter(|shift| shift.abs() > 0.005);
        shift.map_or_else(String::new, |shift| {
            format!("weighted: shifted by {} logits", text::decimals(shift, 2))
        })
    });
    let row = move |name: &'static str, of: fn(&Both, usize) -> String, about: &'static str| {
        let value =
            move |k: usize| both.with(|both| both.as_ref().map_or("–".into(), |b| of(b, k)));
        view! {
            <tr title=about>
                <th scope="row">{name}</th>
                <td>{move || value(0)}</td>
                <td hidden=move || !is_set()>
                    <b>{move || value(1)}</b>
                </td>
            </tr>
        }
    };
    let is_many = move || classify.n_classes.get() > 2;
    let rows = move || {
        let ece = match is_many() {
            true => "Expected calibration error of the likeliest class, over 15 bins",
            false => "Expected calibration error of the probability of class 1, over 10 bins",
        };
        view! {
            {row("ECE", |both, k| share_or(Some(both.scores[k].ece), "–"), ece)}
            {row("Brier", |both, k| text::decimals(both.scores[k].brier, 4), "Mean squared error of the probabilities")}
            {row("log loss", |both, k| text::decimals(both.scores[k].log_loss, 3), "Mean surprise at the true class")}
            {is_many().then(|| row("> 90 % sure, wrong", |both, k| {
                both.n_sure.map_or_else(|| "–".into(), |n| text::count(n[k] as u64))
            }, "Misread samples of which it is surer than that"))}
        }
    };
    let chart = Chart {
        panel: "reliability",
        picture: None,
        table: Box::new(move || Box::pin(table(classify))),
    };
    view! {
        <Panel
            name="reliability"
            title=title
            aside=aside
            tools=view! { <SaveMenu title=title chart=chart /> }.into_any()
        >
            <div class="beside">
                <div class="picture">
                    <Canvas label=label depends=depends draw=draw />
                </div>
                <div class="numbers">
                    <TemperatureSlider />
                    <FitButton />
                    <table class="scores">
                        <thead>
                            <tr>
                                <td></td>
                                <th scope="col">"T = 1"</th>
                                <th scope="col" hidden=move || !is_set()>
                                    {move || text::decimals(temperature.get(), 2)}
                                </th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                    <p class="key" aria-hidden="true" hidden=move || !is_set()>
                        <span>"□ T = 1"</span>
                        <span>"● " {move || text::decimals(temperature.get(), 2)}</span>
                    </p>
                    <Show when=move || classify.n_classes.get() == 2>
                        <BayesNote />
                    </Show>
                    <p class="note">"Hollow: under 10 samples. Bars: 95 % interval."</p>
                </div>
            </div>
        </Panel>
    }
}

/// The temperature of all probabilities of the page.
#[component]
pub fn TemperatureSlider() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let value = Memo::new(move |_| classify.state.with(|state| state.temperature));
    // Equal steps of its logarithm, 1 among them.
    let n = 60;
    let stops: Vec<f64> = (0..=n)
        .map(|i| {
            let share = f64::from(i) / f64::from(n);
            let t = T_RANGE[0] * libm::pow(T_RANGE[1] / T_RANGE[0], share);
            (100.0 * t).round() / 100.0
        })
        .collect();
    view! {
        <Slider
            label="Temperature"
            stops=Stops::of(&stops)
            value=value
            text=Signal::derive(move || text::decimals(value.get(), 2))
            usual=Some(1.0)
            hint="All logits are divided by it. It changes no answer, only how sure it is."
            on_input=move |value: f64| classify.set_temperature(value)
        />
    }
}

/// Fits the temperature on the validation set, or has one held out.
#[component]
fn FitButton() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let n_validation = Memo::new(move |_| {
        classify.run.loaded.with(|loaded| {
            loaded
                .as_ref()
                .map_or(0, |loaded| loaded.y_validation.len())
        })
    });
    let said = RwSignal::new(String::new());
    let fit = move |_| match classify.fitted() {
        Some(fitted) => {
            classify.set_temperature((100.0 * fitted.temperature).round() / 100.0);
            let [before, after] = fitted.log_loss.map(|loss| text::decimals(loss, 3));
            said.set(match (fitted.is_at_bound, before == after) {
                (true, _) => format!("{n} samples ask for more than the slider has: this is its end. Log loss {before} → {after}.", n = n_validation.get_untracked()),
                (false, true) => format!("{} samples ask for no other: log loss stays {before}.", n_validation.get_untracked()),
                (false, false) => format!("On {} validation samples: log loss {before} → {after}.", n_validation.get_untracked()),
            });
        }
        None => said.set("Outputs that are no logits have no temperature.".to_owned()),
    };
    let hold_out = move |_| {
        classify
            .run
            .edit(Edit::Set(Setting::ValidationShare, HELD_OUT));
        said.set(String::new());
    };
    view! {
        <Show when=move || { n_validation.get() > 0 }>
            <button type="button" class="quiet wide" on:click=fit>
                "Fit on validation"
            </button>
        </Show>
        <Show when=move || n_validation.get() == 0>
            <button
                type="button"
                class="quiet wide"
                title="A temperature is fitted on samples that neither trained the network nor judge it. The run begins anew."
                on:click=hold_out
            >
                "Hold out 20 % to fit it"
            </button>
        </Show>
        <p class="note" role="status">{said}</p>
    }
}

/// The cheapest threshold beside the one that is right where probabilities are.
#[component]
fn BayesNote() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let words = Memo::new(move |_| {
        let state = classify.state.get();
        let cheapest = classify.with_judged(|judged| {
            let two = judged.two()?;
            Some(two.ranked.cheapest(state.miss_cost).threshold_logit)
        });
        let Some(cheapest) = cheapest.flatten() else {
            return String::new();
        };
        let at = |logit: f64| probability_text(logit);
        let bayes = 1.0 / (1.0 + state.miss_cost);
        let softened = match state.temperature == 1.0 {
            true => at(cheapest),
            false => format!(
                "{} (before {})",
                at(cheapest / state.temperature),
                at(cheapest)
            ),
        };
        format!(
            "The cheapest threshold is {softened}; where probabilities are right it is 1/(1+{}) = {}.",
            actiscope_core::scenario::shortest(state.miss_cost),
            text::decimals(bayes, 3)
        )
    });
    view! { <p class="note">{move || words.get()}</p> }
}

fn both_of(judged: &Judged, temperature: f64) -> Both {
    let both = [1.0, temperature];
    match &judged.classes {
        Classes::Two(two) => Both {
            bins: both.map(|t| two.reliability(t)),
            scores: both.map(|t| two.scores(t)),
            is_top_class: false,
            name: judged.names.get(1).cloned().unwrap_or_default(),
            n_sure: None,
        },
        Classes::Many(many) => Both {
            bins: both.map(|t| many.reliability(t)),
            scores: both.map(|t| many.scores(t)),
            is_top_class: true,
            name: String::new(),
            n_sure: Some(both.map(|t| many.n_sure_and_wrong(t, actiscope_core::classify::SURE))),
        },
    }
}

fn data_of(both: &Both, temperature: f64) -> ReliabilityData<'_> {
    ReliabilityData {
        before: &both.bins[0],
        after: (temperature != 1.0).then_some(&both.bins[1]),
        is_top_class: both.is_top_class,
        name: &both.name,
    }
}

chunk! {
    saving,
    fn table(classify: Classify) -> String {
        bins_csv(classify)
    }
}

/// Bins before and after the temperature.
fn bins_csv(classify: Classify) -> String {
    let temperature = classify.state.with_untracked(|state| state.temperature);
    let names = ["temperature", "low", "high", "n", "probability", "share"];
    let mut csv = CsvWriter::new(names);
    let both = classify
        .judged
        .with_untracked(|judged| judged.as_ref().map(|judged| both_of(judged, temperature)));
    if let Some(both) = both {
        for (t, bins) in [1.0, temperature].into_iter().zip(&both.bins) {
            for bin in bins {
                csv.row([
                    field(t),
                    field(bin.low),
                    field(bin.high),
                    bin.n.to_string(),
                    field(bin.confidence),
                    field(bin.accuracy),
                ]);
            }
            if temperature == 1.0 {
                break;
            }
        }
    }
    csv.into_text()
}
