use leptos::prelude::*;

use super::judged::Judged;
use super::scores::thresholds_csv;
use super::store::Classify;
use crate::app::theme::Colours;
use crate::memo::Memo;
use crate::plot::charts::classify::{
    Ghost, RankingData, RankingGeometry, describe_ranking, pr_scene, roc_scene,
};
use crate::plot::kit::geometry::{Size, point};
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::text;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::save::{Chart, SaveMenu};
use crate::ui::kit::throttle::throttled;

/// How near to a curve the pointer has to be, CSS pixels.
const REACH_PX: f64 = 40.0;

/// Which of the two pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Roc,
    Pr,
}

impl Kind {
    /// Of x and of y.
    const fn axes(self) -> [&'static str; 2] {
        match self {
            Self::Roc => ["false positive rate", "true positive rate"],
            Self::Pr => ["recall", "precision"],
        }
    }

    fn scene(self, size: Size, theme: &Theme, data: &RankingData) -> Scene {
        match self {
            Self::Roc => roc_scene(size, theme, data),
            Self::Pr => pr_scene(size, theme, data),
        }
    }
}

/// Points of a curve with their thresholds, and the area under it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Curve {
    points: Vec<(f64, f64, f64)>,
    area: Option<f64>,
}

/// Both classes told apart at every threshold at once: ROC and precision over recall.
#[component]
pub fn Ranking() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let title = Signal::derive(|| "Ranking, at every threshold".to_owned());
    let chart = Chart {
        panel: "ranking",
        picture: None,
        table: Box::new(move || Box::pin(table(classify))),
    };
    view! {
        <Panel name="ranking" title=title tools=view! { <SaveMenu title=title chart=chart /> }.into_any()>
            <div class="both">
                <Picture kind=Kind::Roc />
                <Picture kind=Kind::Pr />
            </div>
        </Panel>
    }
}

chunk! {
    saving,
    fn table(classify: Classify) -> String {
        thresholds_csv(classify)
    }
}

#[component]
fn Picture(kind: Kind) -> impl IntoView {
    let classify = expect_context::<Classify>();
    let colours = expect_context::<Colours>();
    let size = RwSignal::new(Size::default());
    let pointed = RwSignal::new(None::<usize>);
    let curve = Memo::new(move |_| {
        classify
            .with_judged(|judged| curve_of(judged, kind))
            .unwrap_or_default()
    });
    let before = Memo::new(move |_| {
        classify.before.with(|before| {
            let before = before.as_ref()?;
            let curve = curve_of(&before.judged, kind);
            let label = match curve.area {
                Some(area) => format!("{} {}", before.label, text::decimals(area, 3)),
                None => before.label.clone(),
            };
            let points = curve
                .points
                .iter()
                .map(|(x, y, _)| (*x, *y))
                .collect::<Vec<_>>();
            Some((points, label))
        })
    });
    let with_data = move |then: &mut dyn FnMut(&RankingData)| {
        untrack(|| {
            let threshold = classify.threshold.get();
            let miss_cost = classify.state.with(|state| state.miss_cost);
            let (now, cheapest, base, undefined) = classify.judged.with(|judged| {
                let two = judged.as_ref().and_then(|judged| judged.two());
                let Some((judged, two)) = judged.as_ref().zip(two) else {
                    return (None, None, 0.0, Some("no answers yet".to_owned()));
                };
                let place = |counts: actiscope_core::metrics::Counts| match kind {
                    Kind::Roc => Some((1.0 - counts.specificity()?, counts.recall()?)),
                    Kind::Pr => Some((counts.recall()?, counts.precision()?)),
                };
                let base = two.n_rare() as f64 / two.n() as f64;
                let undefined = (two.n_rare() == 0 || two.n_rare() == two.n()).then(|| {
                    let only = usize::from(two.n_rare() > 0);
                    let name = judged.names.get(only).map_or("one class", String::as_str);
                    format!("not defined: only {name} here")
                });
                let cheapest = two.ranked.cheapest(miss_cost);
                (
                    place(two.at(threshold)),
                    place(cheapest.counts),
                    base,
                    undefined,
                )
            });
            curve.with(|curve| {
                before.with(|before| {
                    then(&RankingData {
                        points: &curve.points,
                        now,
                        cheapest,
                        ghost: before
                            .as_ref()
                            .map(|(points, label)| Ghost { points, label }),
                        base,
                        undefined: undefined.as_deref(),
                    });
                });
            });
        });
    };
    let draw = move |size: Size, theme: &Theme| {
        let mut scene = None;
        with_data(&mut |data| {
            // What is pointed at stands for the present one.
            let at = pointed
                .get_untracked()
                .and_then(|i| data.points.get(i).copied());
            let now = at.map(|(x, y, _)| (x, y)).or(data.now);
            scene = Some(kind.scene(
                size,
                theme,
                &RankingData {
                    now,
                    ..data.clone()
                },
            ));
        });
        scene.unwrap_or_else(|| Scene::new(size))
    };
    let depends = move || {
        curve.track();
        before.track();
        pointed.track();
        classify.threshold.track();
        classify.state.track();
    };
    let words = move |i: usize| {
        let mut words = String::new();
        with_data(&mut |data| words = describe_ranking(data, kind.axes(), i));
        words
    };
    let label = throttled(2_000, move || {
        let name = match kind {
            Kind::Roc => "ROC",
            Kind::Pr => "Precision over recall",
        };
        let area = curve.with(|curve| curve.area);
        let mut label = match area {
            Some(area) => format!("{name}, area {}", text::decimals(area, 3)),
            None => format!("{name}: not defined"),
        };
        before.with(|before| {
            if let Some((_, ghost)) = before {
                label.push_str("; beside it ");
                label.push_str(&ghost.replace('\n', " "));
            }
        });
        label
    });
    let heading = move || {
        let area = curve.with(|curve| curve.area);
        let area = area.map_or_else(|| "–".to_owned(), |area| text::decimals(area, 3));
        match kind {
            Kind::Roc => ("ROC", format!("AUC {area}")),
            Kind::Pr => ("PR", format!("AP {area}")),
        }
    };
    let at_pointer = move |event: &web_sys::PointerEvent| {
        let at = point(f64::from(event.offset_x()), f64::from(event.offset_y()));
        let mut found = None;
        with_data(&mut |data| {
            let geometry = RankingGeometry::new(size.get_untracked(), &colours.drawn());
            found = geometry.point_at(data, at, REACH_PX);
        });
        found
    };
    let choose = move |i: usize| {
        let threshold = curve.with_untracked(|curve| curve.points.get(i).map(|(_, _, t)| *t));
        if let Some(threshold) = threshold.filter(|t| t.is_finite()) {
            // A little below the sample, so that it counts.
            classify.set_threshold(threshold - 1e-3);
        }
    };
    let value_text = move || {
        pointed
            .get()
            .map_or_else(|| "off; arrow keys move it".to_owned(), words)
    };
    let n_points = move || curve.with_untracked(|curve| curve.points.len());
    let name = match kind {
        Kind::Roc => "Values of ROC",
        Kind::Pr => "Values of precision over recall",
    };
    view! {
        <figure class="ranked">
            <figcaption>
                <span>{move || heading().0}</span>
                <b>{move || heading().1}</b>
            </figcaption>
            <div class="picture">
                <Canvas label=label depends=depends draw=draw size=size />
                <div
                    class="crosshair"
                    role="slider"
                    tabindex="0"
                    aria-label=name
                    aria-valuemin="0"
                    aria-valuemax=move || curve.with(|curve| curve.points.len().max(1) - 1)
                    aria-valuenow=move || pointed.get().unwrap_or(0)
                    aria-valuetext=value_text
                    title="A click takes the threshold there"
                    on:pointermove=move |event: web_sys::PointerEvent| pointed.set(at_pointer(&event))
                    on:pointerleave=move |_| pointed.set(None)
                    on:click=move |_| {
                        if let Some(i) = pointed.get_untracked() {
                            choose(i);
                        }
                    }
                    on:blur=move |_| pointed.set(None)
                    on:keydown=move |event: web_sys::KeyboardEvent| {
                        if event.ctrl_key() || event.alt_key() || event.meta_key() || n_points() == 0 {
                            return;
                        }
                        let last = n_points() - 1;
                        let now = pointed.get_untracked();
                        let far = (n_points() / 20).max(1);
                        let by = if event.shift_key() { far } else { 1 };
                        let to = match &*event.key() {
                            "ArrowRight" | "ArrowUp" => now.map_or(last / 2, |i| (i + by).min(last)),
                            "ArrowLeft" | "ArrowDown" => now.map_or(last / 2, |i| i.saturating_sub(by)),
                            "Home" => 0,
                            "End" => last,
                            "Enter" => {
                                if let Some(i) = now {
                                    choose(i);
                                }
                                event.prevent_default();
                                return;
                            }
                            _ => return,
                        };
                        event.prevent_default();
                        pointed.set(Some(to));
                    }
                ></div>
                <p class="read-out" aria-hidden="true">{move || pointed.get().map(words)}</p>
            </div>
        </figure>
    }
}

fn curve_of(judged: &Judged, kind: Kind) -> Curve {
    let Some(two) = judged.two() else {
        return Curve::default();
    };
    match kind {
        Kind::Roc => {
            let points = two.ranked.roc().unwrap_or_default().into_iter();
            Curve {
                points: points
                    .map(|p| (p.false_positive_rate, p.true_positive_rate, p.threshold))
                    .collect(),
                area: two.ranked.roc_auc(),
            }
        }
        Kind::Pr => {
            let points = two.ranked.pr().unwrap_or_default().into_iter();
            Curve {
                points: points
                    .map(|p| (p.recall, p.precision, p.threshold))
                    .collect(),
                area: two.ranked.average_precision(),
            }
        }
    }
}
