use actiscope_core::activation::{entropy_bits, softmax, softmax_jacobian, softmax_naive_f32};
use actiscope_core::number::parse_f64;
use leptos::prelude::*;

use crate::app::theme::Colours;
use crate::held::Held;
use crate::memo::Memo;
use crate::text;
use crate::ui::kit::erased::Show;
use crate::ui::kit::lazy::chunk;

const N_MIN: usize = 2;
const N_MAX: usize = 10;
const OPENING: [f64; 5] = [3.2, 1.4, 0.6, -0.8, 2.1];
/// How far a logit's slider goes, and where the naive form overflows.
const REACH: f64 = 10.0;
const FAR: f64 = 1000.0;

chunk! {
    atlas_softmax,
    /// Logits, the probabilities that they become, and how each depends on each: one row a class through all three.
    pub fn softmax_tab(aside: RwSignal<String>) -> AnyView {
        aside.set("one row a class, through all three".to_owned());
        view! { <Softmax /> }.into_any()
    }
}

#[component]
fn Softmax() -> impl IntoView {
    let logits = Held::new(OPENING.to_vec());
    let temperature = RwSignal::new(1.0);
    let is_far = RwSignal::new(false);
    let pointed = Held::new(None::<(usize, usize)>);
    let scaled = move || {
        let unit = if is_far.get() { FAR / REACH } else { 1.0 };
        logits.with(|logits| logits.iter().map(|x| x * unit).collect::<Vec<f64>>())
    };
    let p = Memo::new(move |_| softmax(&scaled(), temperature.get()));
    let naive = Memo::new(move |_| softmax_naive_f32(&scaled(), temperature.get()));
    let jacobian = Memo::new(move |_| softmax_jacobian(&scaled(), temperature.get()));
    let n = Memo::new(move |_| logits.with(Vec::len));
    let row = move |i: usize| {
        let name = class_name(i);
        let logit = move || scaled().get(i).copied().unwrap_or(0.0);
        let share = move || p.with(|p| p.get(i).copied().unwrap_or(0.0));
        let naive_share = move || naive.with(|naive| naive.get(i).copied().unwrap_or(0.0));
        view! {
            <tr>
                <th scope="row">{name.clone()}</th>
                <td class="logit">
                    <span class="track" style:--at=move || {
                        let at = logits.with(|l| l.get(i).copied().unwrap_or(0.0));
                        format!("{:.4}", (at + REACH) / (2.0 * REACH))
                    }>
                        <input
                            type="range"
                            min=-REACH
                            max=REACH
                            step="0.1"
                            aria-label=format!("Logit of {name}")
                            aria-valuetext=move || text::decimals(logit(), 1)
                            prop:value=move || logits.with(|l| l.get(i).copied().unwrap_or(0.0).to_string())
                            on:input=move |event| {
                                if let Some(value) = parse_f64(&event_target_value(&event)) {
                                    logits.update(|logits| logits[i] = value);
                                }
                            }
                        />
                    </span>
                    <b>{move || text::decimals(logit(), if is_far.get() { 0 } else { 1 })}</b>
                </td>
                <td class="share">
                    <i style:width=move || format!("{:.2}%", 70.0 * share())></i>
                    <b>{move || percent(share())}</b>
                </td>
                <td class="naive" class:broken=move || naive_share().is_nan()>
                    {move || match naive_share() {
                        p if p.is_nan() => "NaN".to_owned(),
                        p => percent(f64::from(p)),
                    }}
                </td>
                {move || (0..n.get()).map(|j| view! { <Cell i j jacobian pointed /> }).collect_view()}
            </tr>
        }
    };
    let effect = move || {
        let Some((i, j)) = pointed.get() else {
            return "each row sums to 0".to_owned();
        };
        let slope = jacobian.with(|jacobian| jacobian.get(i).and_then(|row| row.get(j)).copied());
        effect_words(i, j, slope.unwrap_or(0.0))
    };
    let entropy = move || {
        p.with(|p| {
            let most = libm::log2(p.len() as f64);
            format!("entropy {:.2} of {most:.2} bits", entropy_bits(p))
        })
    };
    let is_broken = move || naive.with(|naive| naive.iter().any(|p| p.is_nan()));
    view! {
        <div class="softmax" tabindex="0" role="region" aria-label="Softmax">
            <table>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">"logit"</th>
                        <th scope="col">"softmax"</th>
                        <th scope="col" title="exp of the logits over their sum, in f32">"as written"</th>
                        {move || (0..n.get()).map(|j| view! { <th scope="col">{class_name(j)}</th> }).collect_view()}
                    </tr>
                </thead>
                <tbody>{move || (0..n.get()).map(row).collect_view()}</tbody>
            </table>
            <div class="softmax-foot">
                <label class="temperature">
                    "Temperature"
                    <span class="track" style:--at=move || {
                        format!("{:.4}", (libm::log10(temperature.get()) + 1.0) / 2.0)
                    }>
                        <input
                            type="range"
                            min="-1"
                            max="1"
                            step="0.02"
                            aria-valuetext=move || text::fixed(temperature.get(), 3)
                            prop:value=move || libm::log10(temperature.get()).to_string()
                            on:input=move |event| {
                                if let Some(value) = parse_f64(&event_target_value(&event)) {
                                    temperature.set(libm::pow(10.0, value));
                                }
                            }
                        />
                    </span>
                    <b>{move || text::fixed(temperature.get(), 3)}</b>
                </label>
                <button
                    type="button"
                    class="quiet mini"
                    disabled={move || n.get() <= N_MIN}
                    on:click=move |_| logits.update(|l| _ = l.pop())
                >
                    "Fewer classes"
                </button>
                <button
                    type="button"
                    class="quiet mini"
                    disabled={move || n.get() >= N_MAX}
                    on:click=move |_| logits.update(|l| l.push(0.0))
                >
                    "More classes"
                </button>
                <button
                    type="button"
                    class="quiet mini"
                    aria-pressed=move || if is_far.get() { "true" } else { "false" }
                    on:click=move |_| is_far.update(|is_far| *is_far = !*is_far)
                >
                    "Logits × 100"
                </button>
                <span>{entropy}</span>
                <span role="status">{effect}</span>
                <Show when=is_broken>
                    <span class="broken">
                        "as written: exp overflows in f32 over 88.7, and ∞ / ∞ is no number; softmax takes the largest logit off first"
                    </span>
                </Show>
            </div>
        </div>
    }
}

#[component]
fn Cell(
    i: usize,
    j: usize,
    jacobian: Memo<Vec<Vec<f64>>>,
    pointed: Held<Option<(usize, usize)>>,
) -> impl IntoView {
    let colours = expect_context::<Colours>();
    let value = move || {
        jacobian.with(|jacobian| {
            jacobian
                .get(i)
                .and_then(|row| row.get(j))
                .copied()
                .unwrap_or(0.0)
        })
    };
    let ground = move || {
        colours.version.track();
        let theme = colours.drawn();
        let v = value();
        let color = if v < 0.0 { theme.neg } else { theme.pos };
        color.fade((2.4 * v.abs()).min(0.55)).css()
    };
    view! {
        <td
            class="cell"
            style:background-color=ground
            on:pointerenter=move |_| pointed.set(Some((i, j)))
            on:pointerleave=move |_| pointed.set(None)
        >
            {move || short(value())}
        </td>
    }
}

fn class_name(i: usize) -> String {
    char::from(b'A' + i as u8).to_string()
}

/// `.233`, `−.065`.
fn short(value: f64) -> String {
    text::decimals(value, 3).replacen("0.", ".", 1)
}

fn percent(share: f64) -> String {
    match 100.0 * share {
        p if p > 0.0 && p < 0.05 => "<0.1 %".to_owned(),
        p => format!("{p:.1} %"),
    }
}

/// What a small step of one logit does to one probability.
fn effect_words(i: usize, j: usize, slope: f64) -> String {
    const STEP: f64 = 0.1;
    let (cause, on) = (class_name(j), class_name(i));
    let change = text::decimals((STEP * slope).abs(), 4);
    match slope < 0.0 {
        true => format!("raising {cause} by {STEP} takes {change} from {on}"),
        false => format!("raising {cause} by {STEP} gives {on} {change} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_who_loses() {
        assert_eq!(
            effect_words(0, 4, -0.132),
            "raising E by 0.1 takes 0.0132 from A"
        );
        assert_eq!(
            effect_words(1, 1, 0.093),
            "raising B by 0.1 gives B 0.0093 more"
        );
        assert_eq!(
            [short(0.233), short(-0.065), short(0.0)].join(" "),
            ".233 −.065 .000"
        );
    }
}
