use std::sync::Arc;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::activation::depth::{DepthWalk, N_LAYERS, N_UNITS, depth_theory};
use actiscope_core::nn::spec::Initializer;
use actiscope_core::scenario::{Chosen, Setting};
use leptos::prelude::*;

use super::slices::in_slices;
use super::store::{Atlas, Ready};
use crate::app::theme::Colours;
use crate::held::Held;
use crate::memo::Memo;
use crate::plot::charts::atlas::{
    DepthChartData, DepthGeometry, DepthLine, depth_csv, depth_scene, describe_depth,
};
use crate::plot::kit::geometry::{Size, point};
use crate::plot::kit::theme::Theme;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::effect;
use crate::ui::kit::fields::{Choice, ChoiceGroup, Select, Slider, Stops};
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::save::{Chart, SaveMenu};

const PAIRED: &str = "paired";
const OFFERED: [Initializer; 7] = [
    Initializer::HeNormal,
    Initializer::HeUniform,
    Initializer::GlorotNormal,
    Initializer::GlorotUniform,
    Initializer::LecunNormal,
    Initializer::LecunUniform,
    Initializer::Orthogonal,
];

/// With which weights.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Weights {
    /// `None` for those that each function is paired with.
    initializer: Option<Initializer>,
    gain: f64,
}

impl Weights {
    fn initializer_of(self, ready: &Ready) -> Initializer {
        let paired = ready.activation.entry.map(|entry| entry.initializer);
        self.initializer.or(paired).unwrap_or(Initializer::HeNormal)
    }
}

/// What was found by walking.
#[derive(Clone, Debug, PartialEq)]
struct Walked {
    spec: ActivationSpec,
    weights: Weights,
    rms: Vec<f64>,
    theory: Vec<f64>,
    dies_forward: bool,
}

/// No more than this is remembered.
const MAX_WALKED: usize = 64;

/// What is left of a gradient after each of many layers.
#[component]
pub fn Depth(aside: RwSignal<String>) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let weights = Held::new(Weights {
        initializer: None,
        gain: 1.0,
    });
    let walked = Held::new(Vec::<Walked>::new());
    walk_what_is_shown(atlas, weights, walked);
    let lines = Memo::new(move |_| {
        let weights = weights.get();
        let focused = atlas.state.with(|state| state.focused);
        atlas.drawn.with(|drawn| {
            let line = |ready: &Arc<Ready>| {
                let found = walked.with(|walked| {
                    let same = |w: &&Walked| w.spec == ready.spec && w.weights == weights;
                    walked.iter().find(same).cloned()
                });
                DepthLine {
                    name: ready.name.clone(),
                    slot: ready.slot,
                    is_focused: ready.id.is_some() && ready.id == focused,
                    rms: found.as_ref().map_or_else(Vec::new, |w| w.rms.clone()),
                    dies_forward: found.as_ref().is_some_and(|w| w.dies_forward),
                    theory: found.map_or_else(Vec::new, |w| w.theory),
                }
            };
            drawn.iter().map(line).collect::<Vec<_>>()
        })
    });
    aside.set(format!(
        "gradient RMS, passed back through layers of {N_UNITS} units; dotted: mean-field theory"
    ));
    view! {
        <Picture lines />
        <WeightControls weights />
    }
}

#[component]
fn Picture(lines: Memo<Vec<DepthLine>>) -> impl IntoView {
    let colours = expect_context::<Colours>();
    let size = RwSignal::new(Size::default());
    let pointed = Held::new(None::<usize>);
    let draw = move |size: Size, theme: &Theme| {
        lines
            .with_untracked(|lines| depth_scene(size, theme, &data(lines, pointed.get_untracked())))
    };
    let depends = move || {
        lines.track();
        pointed.track();
    };
    let label = Signal::derive(move || lines.with(|lines| describe_depth(&data(lines, None))));
    let layer_at = move |x: f64, y: f64| {
        lines.with_untracked(|lines| {
            let g = DepthGeometry::new(size.get_untracked(), &colours.drawn(), &data(lines, None));
            g.layer_at(point(x, y))
        })
    };
    let words = move || {
        let layer = pointed.get().unwrap_or(N_LAYERS);
        let values = lines.with(|lines| {
            let value = |line: &DepthLine| match line.rms.get(layer - 1) {
                Some(v) => format!("{} {}", line.name, crate::plot::charts::atlas::reading(*v)),
                None => format!("{} no signal", line.name),
            };
            lines.iter().map(value).collect::<Vec<_>>().join("; ")
        });
        format!("after {layer} layers: {values}")
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let now = pointed.get_untracked().unwrap_or(N_LAYERS);
        let to = match &*event.key() {
            "ArrowLeft" | "ArrowDown" => now - 1,
            "ArrowRight" | "ArrowUp" => now + 1,
            "Home" => 1,
            "End" => N_LAYERS,
            _ => return,
        };
        event.prevent_default();
        pointed.set(Some(to.clamp(1, N_LAYERS)));
    };
    let place = move |event: &web_sys::PointerEvent| {
        pointed.set(layer_at(
            f64::from(event.offset_x()),
            f64::from(event.offset_y()),
        ));
    };
    let chart = Chart {
        panel: "depth",
        picture: Some(Box::new(move || {
            (
                draw(size.get_untracked(), &colours.drawn()),
                colours.drawn().bg,
            )
        })),
        table: Box::new(move || Box::pin(table(lines))),
    };
    view! {
        <div class="picture depth-picture">
            <Canvas label=label depends=depends draw=draw size=size />
            <div
                class="crosshair"
                role="slider"
                tabindex="0"
                aria-label="Layers passed back through"
                aria-valuemin="1"
                aria-valuemax=N_LAYERS
                aria-valuenow=move || pointed.get().unwrap_or(N_LAYERS)
                aria-valuetext=words
                on:pointerdown=move |event: web_sys::PointerEvent| place(&event)
                on:pointermove=move |event: web_sys::PointerEvent| place(&event)
                on:pointerleave=move |event: web_sys::PointerEvent| {
                    if event.pointer_type() == "mouse" {
                        pointed.set(None);
                    }
                }
                on:keydown=on_key
            ></div>
        </div>
        <div class="depth-save">
            <SaveMenu title=Signal::derive(|| "gradient through depth".to_owned()) chart=chart />
        </div>
    }
}

chunk! {
    saving,
    fn table(lines: Memo<Vec<DepthLine>>) -> String {
        lines.with_untracked(|lines| depth_csv(&data(lines, None)))
    }
}

fn data(lines: &[DepthLine], pointed: Option<usize>) -> DepthChartData<'_> {
    DepthChartData {
        lines,
        n_layers: N_LAYERS,
        pointed,
    }
}

#[component]
fn WeightControls(weights: Held<Weights>) -> impl IntoView {
    let paired = Choice::new(PAIRED, "paired with each");
    let one_for_all = OFFERED.map(|initializer| Choice::new(initializer.id(), initializer.label()));
    let groups = vec![ChoiceGroup {
        heading: "",
        choices: [paired].into_iter().chain(one_for_all).collect(),
    }];
    let value = move || match weights.get().initializer {
        Some(initializer) => initializer.id().to_owned(),
        None => PAIRED.to_owned(),
    };
    let choose = move |id: String| {
        weights.update(|weights| weights.initializer = Initializer::from_id(&id));
    };
    let gain = Signal::derive(move || weights.get().gain);
    view! {
        <div class="depth-weights">
            <Select
                label="Weights"
                groups=groups
                value=Signal::derive(value)
                on_choose=choose
                inline=true
            />
            <Slider
                label="Gain of the weights"
                stops=Stops::of_range(&Setting::Gain.range())
                value=gain
                text=Signal::derive(move || crate::text::fixed(gain.get(), 3))
                on_input=move |gain: f64| weights.update(|weights| weights.gain = gain)
                usual=Some(1.0)
            />
        </div>
    }
}

/// Walks what is shown and not known, a layer a step. What is asked for meanwhile comes after it.
fn walk_what_is_shown(atlas: Atlas, weights: Held<Weights>, walked: Held<Vec<Walked>>) {
    let is_walking = StoredValue::new(false);
    let walk = move || {
        if is_walking.get_value() {
            return;
        }
        is_walking.set_value(true);
        let mut current: Option<(ActivationSpec, Weights, Vec<f64>, DepthWalk)> = None;
        in_slices(Box::new(move || {
            // Gone with the tab.
            if is_walking.try_get_value().is_none() {
                return false;
            }
            if current.is_none() {
                current = begin(atlas, weights.get_untracked(), walked);
            }
            let Some((spec, weights, theory, walk)) = &mut current else {
                is_walking.set_value(false);
                return false;
            };
            walk.step();
            if walk.is_done() {
                let found = Walked {
                    spec: spec.clone(),
                    weights: *weights,
                    rms: walk.rms.clone(),
                    theory: std::mem::take(theory),
                    dies_forward: walk.dies_forward,
                };
                walked.update(|walked| {
                    if walked.len() >= MAX_WALKED {
                        walked.remove(0);
                    }
                    walked.push(found);
                });
                current = None;
            }
            true
        }));
    };
    effect(move || {
        atlas.drawn.track();
        weights.track();
        walk();
    });
}

/// The next walk to be made; the focused function's comes first.
fn begin(
    atlas: Atlas,
    weights: Weights,
    walked: Held<Vec<Walked>>,
) -> Option<(ActivationSpec, Weights, Vec<f64>, DepthWalk)> {
    let focused = atlas.state.with_untracked(|state| state.focused);
    let drawn = atlas.drawn.get_untracked();
    let is_known = |ready: &Ready| {
        walked.with_untracked(|walked| {
            let mut all = walked.iter();
            all.any(|w| w.spec == ready.spec && w.weights == weights)
        })
    };
    let mut unknown = drawn.iter().filter(|ready| !is_known(ready));
    let of_card = unknown.clone().find(|ready| ready.id == focused);
    let ready = of_card.or_else(|| unknown.next())?;
    let initializer = weights.initializer_of(ready);
    let theory = depth_theory(&ready.activation, initializer, weights.gain);
    let walk = DepthWalk::new(ready.activation.clone(), initializer, weights.gain);
    Some((ready.spec.clone(), weights, theory, walk))
}
