use actiscope_core::classify::Sample;
use leptos::prelude::*;

use super::sample::shown_sample;
use super::{pixels, side};
use crate::memo::Memo;
use crate::plot::charts::classify::{PictureKind, picture_scene, share_text};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::theme::Theme;
use crate::text;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::panel::Panel;
use crate::views::classify::store::Classify;

/// Samples that are shown at the most.
const MAX_SHOWN: usize = 60;

/// Samples that are said to be what they are not, the surest first; or those of the cell that is chosen.
#[component]
pub fn Misread() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let samples = Memo::new(move |_| {
        let cell = classify.cell.get();
        classify
            .with_judged(|judged| {
                let many = judged.many()?;
                Some(match cell {
                    None => many.misread(1.0),
                    Some(pair) => {
                        let mut samples = many.samples(1.0);
                        samples.retain(|sample| (sample.truth, sample.said) == pair);
                        samples.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
                        samples
                    }
                })
            })
            .flatten()
            .unwrap_or_default()
    });
    // Which are shown, apart from how sure it is of them: a tile is not made anew at every step.
    let shown = Memo::new(move |_| {
        samples.with(|samples| {
            let shown = samples.iter().take(MAX_SHOWN);
            shown
                .map(|s| (s.index, s.truth, s.said))
                .collect::<Vec<_>>()
        })
    });
    let has_picture = Memo::new(move |_| side(classify).is_some());
    let name = move |class: usize| {
        let name = classify.with_judged(|judged| judged.names.get(class).cloned());
        name.flatten().unwrap_or_else(|| class.to_string())
    };
    let confidence = move |index: usize| {
        samples.with(|samples| {
            let of = samples
                .iter()
                .find(|sample: &&Sample| sample.index == index);
            of.map_or(0.0, |sample| sample.confidence)
        })
    };
    let tile = move |(index, truth, said): (usize, usize, usize)| {
        let draw = move |size: Size, theme: &Theme| {
            let pixels = untrack(|| pixels(classify, index));
            let darkest = pixels.iter().copied().fold(1e-6, f32::max);
            let side = untrack(|| side(classify)).unwrap_or(1);
            picture_scene(size, theme, &pixels, side, PictureKind::Ink { darkest })
        };
        let is_chosen = Memo::new(move |_| shown_sample(classify) == Some(index));
        let (is, taken) = (untrack(|| name(truth)), untrack(|| name(said)));
        let has_picture = has_picture.get_untracked();
        let sure = Memo::new(move |_| share_text(confidence(index)));
        let seen = match has_picture {
            true => format!("{is}, {taken}"),
            false => format!("{is}, said {taken}"),
        };
        // It begins with what the tile shows.
        let words = move || match has_picture {
            true => format!("{seen}: sample {}", index + 1),
            false => format!("{seen} {}: sample {}", sure.get(), index + 1),
        };
        view! {
            <button
                type="button"
                class="misread"
                class:line=!has_picture
                aria-pressed=move || is_chosen.get().to_string()
                aria-label=words
                title=move || format!("{} sure", sure.get())
                on:click=move |_| classify.sample.set(Some(index))
                on:keydown=move |event: web_sys::KeyboardEvent| walk(&event)
            >
                {has_picture
                    .then(|| {
                        view! {
                            <span class="picture">
                                <Canvas label="" depends=|| {} draw=draw />
                            </span>
                        }
                    })}
                <i class="sure" style:--share=move || format!("{:.3}", confidence(index)) aria-hidden="true"></i>
                <span class="names">
                    {is}
                    {if has_picture { ", " } else { ", said " }}
                    <b class:wrong={truth != said}>{taken}</b>
                </span>
                {(!has_picture).then(|| view! { <span>{move || sure.get()}</span> })}
            </button>
        }
    };
    let title = Memo::new(move |_| match classify.cell.get() {
        None => "Misread, most confident first".to_owned(),
        Some((truth, said)) => format!("{} said to be {}", name(truth), name(said)),
    });
    let aside = Memo::new(move |_| {
        let n = samples.with(Vec::len);
        match n {
            0 => String::new(),
            n if n > MAX_SHOWN => format!("{MAX_SHOWN} of {}", text::count(n as u64)),
            n => text::count(n as u64),
        }
    });
    let is_empty = move || samples.with(Vec::is_empty);
    let empty = move || match classify.cell.get() {
        None => "None is misread.",
        Some(_) => "There are none of these any more.",
    };
    view! {
        <Panel name="misreads" title=title aside=aside>
            <p class="empty" hidden=move || !is_empty()>{empty}</p>
            <div
                class="gallery"
                class:of-lines=move || !has_picture.get()
                role="group"
                aria-label="Misread samples"
            >
                {move || shown.get().into_iter().map(tile).collect_view()}
            </div>
        </Panel>
    }
}

/// Arrow keys go from tile to tile.
fn walk(event: &web_sys::KeyboardEvent) {
    use wasm_bindgen::JsCast;
    let now = event
        .current_target()
        .and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    let next = now.and_then(|now| match &*event.key() {
        "ArrowRight" | "ArrowDown" => now.next_element_sibling(),
        "ArrowLeft" | "ArrowUp" => now.previous_element_sibling(),
        _ => None,
    });
    let next = next.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(next) = next {
        event.prevent_default();
        // Fails for no element that is in the page.
        let _ = next.focus();
        next.click();
    }
}
