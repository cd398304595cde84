use leptos::prelude::*;

use crate::app::App;
use crate::app::presenting::Presenting;
use crate::memo::Memo;
use crate::plot::charts::history::{
    Ghost, HistoryData, HistoryGeometry, describe_history, forms_at, history_csv, history_scene,
    step_axis,
};
use crate::plot::kit::geometry::{Size, point};
use crate::plot::kit::marks::marks;
use crate::plot::kit::theme::Theme;
use crate::run::Run;
use crate::ui::kit::chart::ChartPanel;
use crate::ui::kit::erased::Show;
use crate::ui::kit::fields::Toggle;
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::throttle::throttled;
use crate::views::scope::prefs::ChartPrefs;

/// Loss, and the shares of dead, saturated and alive units, over the steps of the run.
#[component]
pub fn TimePanel() -> impl IntoView {
    let run = expect_context::<Run>();
    let prefs = expect_context::<ChartPrefs>();
    let draw = move |size: Size, theme: &Theme, pointer: Option<(f64, f64)>| {
        with_history(run, prefs, |data| {
            let crosshair =
                pointer.map(|(x, _)| step_axis(size, theme, data).data_clamped(x).round() as u64);
            history_scene(size, theme, &HistoryData { crosshair, ..*data })
        })
    };
    let read = move |size: Size, theme: &Theme, (x, y): (f64, f64)| {
        with_history(run, prefs, |data| {
            let step = HistoryGeometry::new(size, theme, data).step_at(point(x, y))?;
            forms_at(data, step).into_iter().next()
        })
    };
    let depends = move || {
        run.log.track();
        run.snapshot.track();
        prefs.is_log_loss.track();
        prefs.is_log_steps.track();
    };
    let label = throttled(1_000, move || {
        depends();
        with_history(run, prefs, describe_history)
    });
    let presenting = expect_context::<Presenting>();
    let app = expect_context::<App>();
    // Large type and another's page leave less room beside the buttons.
    let is_short = move || presenting.is_on.get() || app.is_embedded();
    let title = Signal::derive(move || match is_short() {
        true => "Loss and health".to_owned(),
        false => "Loss and health over steps".to_owned(),
    });
    let tools = view! {
        <Toggle label="log y" title="Loss in decades" is_on=prefs.is_log_loss />
        <Toggle label="log x" title="Steps in decades" is_on=prefs.is_log_steps />
    };
    view! {
        <ChartPanel
            name="loss"
            title=title
            tools=tools.into_any()
            above=view! { <Ghosts /> }.into_any()
            label=label
            depends=depends
            draw=draw
            read=read
            table=move || table(run, prefs)
        />
    }
}

chunk! {
    saving,
    fn table(run: Run, prefs: ChartPrefs) -> String {
        with_history(run, prefs, history_csv)
    }
}

/// What the pale curves are, and a way to be rid of them.
#[component]
fn Ghosts() -> impl IntoView {
    let run = expect_context::<Run>();
    let named = Memo::new(move |_| {
        run.log.with(|log| {
            let ghosts = log.ghosts().map(|ghost| (ghost.label, ghost.instead));
            ghosts.collect::<Vec<(String, String)>>()
        })
    });
    let item = |(i, (label, instead)): (usize, (String, String))| {
        let title = if instead.is_empty() {
            String::new()
        } else {
            format!("{label}; now {instead}")
        };
        view! {
            <li title=title>
                <i class=format!("dash{i}") aria-hidden="true"></i>
                {label}
            </li>
        }
    };
    // With one earlier run it can be said what this one has instead.
    let now = move || {
        named.with(|named| match &named[..] {
            [(_, instead)] if !instead.is_empty() => instead.clone(),
            _ => "now".into(),
        })
    };
    view! {
        <Show when=move || named.with(|named| !named.is_empty())>
            <div class="ghosts">
                <ul aria-label="Runs in this chart">
                    <li class="now">
                        <i aria-hidden="true"></i>
                        {now}
                    </li>
                    {move || named.get().into_iter().enumerate().map(item).collect_view()}
                </ul>
                <button
                    type="button"
                    class="quiet mini"
                    on:click=move |_| {
                        run.log.update(|log| log.forget_ghosts());
                    }
                >
                    "Forget earlier runs"
                </button>
            </div>
        </Show>
    }
}

fn with_history<T>(run: Run, prefs: ChartPrefs, then: impl FnOnce(&HistoryData) -> T) -> T {
    let (step, last_step) = untrack(|| run.steps());
    run.log.with_untracked(|log| {
        let shown: Vec<_> = log.ghosts().collect();
        let ghosts: Vec<Ghost> = shown
            .iter()
            .map(|ghost| Ghost {
                points: ghost.points,
                n_units: ghost.n_units,
                label: &ghost.label,
            })
            .collect();
        then(&HistoryData {
            points: &log.history,
            n_units: untrack(|| run.n_units()),
            last_step: log.domain_end(last_step),
            ghosts: &ghosts,
            marks: &marks(&log.events),
            is_log: prefs.is_log_loss.get_untracked(),
            is_log_x: prefs.is_log_steps.get_untracked(),
            cursor: (step < last_step).then_some(step),
            crosshair: None,
        })
    })
}
