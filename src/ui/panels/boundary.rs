use actiscope_core::protocol::{Loaded, Snapshot};
use leptos::prelude::*;

use super::canvas::Canvas;
use super::panel::Panel;
use crate::plot::field::{FieldData, describe_field, field_scene};
use crate::plot::geometry::Size;
use crate::plot::scene::Scene;
use crate::plot::theme::Theme;
use crate::state::Store;
use crate::text;
use crate::ui::throttle::throttled;

/// What the network answers over the plane of its first two inputs, and the samples.
#[component]
pub fn BoundaryPanel() -> impl IntoView {
    let store = expect_context::<Store>();
    let draw = move |size: Size, theme: &Theme| {
        with_field(store, |data| field_scene(size, theme, data)).unwrap_or_else(|| Scene::new(size))
    };
    let depends = move || {
        store.snapshot.track();
        store.loaded.track();
        store.look.track();
    };
    let label = Signal::derive(move || {
        depends();
        with_field(store, describe_field).unwrap_or_else(|| "No answers yet.".into())
    });
    let title = Signal::derive(move || {
        let is_regression = store
            .loaded
            .with(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.n_classes == 0));
        if is_regression {
            "Answer"
        } else {
            "Decision boundary"
        }
        .to_owned()
    });
    let stats = throttled(
        Signal::derive(move || {
            store
                .snapshot
                .with(|snapshot| snapshot.as_ref().map_or_else(Vec::new, |s| stats_of(s)))
        }),
        150,
    );
    let aside = Signal::derive(move || {
        store.snapshot.with(|snapshot| {
            snapshot.as_ref().map_or_else(String::new, |snapshot| {
                format!("epoch {}", text::decimals(snapshot.epoch, 1))
            })
        })
    });
    let aside = throttled(aside, 150);
    let item = |(name, value): (&'static str, String)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! {
        <Panel name="boundary" title=title aside=aside>
            <div class="picture">
                <Canvas label=throttled(label, 2_000) depends=depends draw=draw />
            </div>
            <dl class="stats">{move || stats.get().into_iter().map(item).collect_view()}</dl>
        </Panel>
    }
}

fn with_field<T>(store: Store, then: impl FnOnce(&FieldData) -> T) -> Option<T> {
    let (snapshot, loaded) = (
        store.snapshot.get_untracked()?,
        store.loaded.get_untracked()?,
    );
    let Loaded {
        n_inputs,
        x,
        y,
        n_train,
        n_classes,
        ..
    } = &*loaded;
    Some(then(&FieldData {
        field: &snapshot.field,
        extent: f64::from(store.look.with_untracked(|look| look.extent)),
        x,
        y,
        n_inputs: *n_inputs,
        n_train: *n_train,
        n_classes: *n_classes,
        accuracy: snapshot.accuracy.map(f64::from),
    }))
}

fn stats_of(snapshot: &Snapshot) -> Vec<(&'static str, String)> {
    let percent = |share: f32| format!("{} %", text::decimals(100.0 * f64::from(share), 1));
    let loss = |loss: f32| text::fixed(f64::from(loss), 3);
    let mut stats = Vec::new();
    if let Some(accuracy) = snapshot.accuracy {
        stats.push(("accuracy", percent(accuracy)));
    }
    stats.push(("loss", loss(snapshot.loss)));
    if let Some(accuracy) = snapshot.test_accuracy {
        stats.push(("test accuracy", percent(accuracy)));
    }
    if let Some(test_loss) = snapshot.test_loss {
        stats.push(("test loss", loss(test_loss)));
    }
    stats
}
