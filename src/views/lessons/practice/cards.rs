//! Flash cards: a front, what is behind it, and whether one knew it.

use actiscope_core::activation::{Activation, ActivationSpec, Entry, entry};
use actiscope_core::expr::print::mathml_definition;
use leptos::prelude::*;

use super::super::progress::BOX_DAYS;
use super::super::state::Page;
use super::super::store::Lessons;
use super::curves::twins;
use super::deck::{Front, MOST_NEW, Session, Standing, ahead, deck, todays};
use super::keys::{focus_on, listen, place_of};
use super::picture::{PictureView, curve};
use super::side::{Side, row};
use super::{LARGE, counted, have_come, today};
use crate::held::Held;
use crate::memo::Memo;
use crate::ui::kit::erased::{Show, effect};

/// Id of what takes the focus.
const CARD: &str = "flash-card";

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
struct Desk {
    lessons: Lessons,
    /// `None` while files are fetched.
    deck: Memo<Option<Vec<Front>>>,
    session: Held<Session>,
    today: u32,
}

/// All cards there are; `None` while files are fetched.
pub fn all_cards(lessons: Lessons) -> Option<Vec<Front>> {
    if !have_come(lessons) {
        return None;
    }
    let of_lesson = |id: String| {
        let lesson = lessons.file(&id)?;
        Some((id, lesson.cards.len()))
    };
    let of_lessons: Vec<(String, usize)> =
        lessons.ids().into_iter().filter_map(of_lesson).collect();
    Some(deck(&of_lessons))
}

#[component]
pub fn CardsPage() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let desk = Desk {
        lessons,
        deck: Memo::new(move |_| all_cards(lessons)),
        session: Held::new(Session::default()),
        today: today(),
    };
    effect(move || {
        desk.deck.track();
        untrack(|| desk.begin(false));
    });
    listen(lessons.app, move |key| desk.press(key));
    view! {
        <Side
            title=Signal::stored("Flash cards".to_owned())
            about="Say the back to yourself, then turn the card. What you knew comes back later each time; what you did not comes back today."
        >
            <Boxes desk />
        </Side>
        <main class="lessons practice cards" aria-label="Flash cards">
            {move || desk.shown()}
        </main>
    }
}

impl Desk {
    fn begin(self, is_ahead: bool) {
        let draw = if is_ahead { ahead } else { todays };
        let deck = self.deck.get_untracked().unwrap_or_default();
        let cards = self
            .lessons
            .progress
            .with_untracked(|progress| draw(&deck, progress, self.today));
        self.session.set(Session::begin(cards));
    }

    fn begin_again(self, is_ahead: bool) {
        self.begin(is_ahead);
        focus_on(CARD);
    }

    fn turn(self) {
        self.session.update(Session::turn);
        focus_on(CARD);
    }

    fn judge(self, was_known: bool) {
        let mut session = self.session.get_untracked();
        let Some(card) = session.judge(was_known) else {
            return;
        };
        self.session.set(session);
        self.lessons
            .change_progress(|progress| progress.meet_card(&card.key(), was_known, self.today));
        focus_on(CARD);
    }

    fn press(self, key: &str) -> bool {
        let is_on_show = self
            .session
            .with_untracked(|session| session.card().is_some());
        match (key, place_of(key)) {
            _ if !is_on_show => return false,
            (" " | "Enter", _) => self.turn(),
            (_, Some(0)) => self.judge(true),
            (_, Some(1)) => self.judge(false),
            _ => return false,
        }
        true
    }

    fn standing(self) -> Standing {
        let deck = self.deck.get().unwrap_or_default();
        self.lessons
            .progress
            .with(|progress| Standing::of(&deck, progress, self.today))
    }

    fn shown(self) -> AnyView {
        let has_card = Memo::new(move |_| self.session.with(|session| session.card().is_some()));
        match (self.deck.with(Option::is_some), has_card.get()) {
            (false, _) => {
                view! { <p class="empty" role="status">"The cards are being fetched …"</p> }
                    .into_any()
            }
            (true, true) => view! { <CardOnShow desk=self /> }.into_any(),
            (true, false) => view! { <Rest desk=self /> }.into_any(),
        }
    }
}

/// How many are due, and how many are in each box.
#[component]
fn Boxes(desk: Desk) -> impl IntoView {
    let standing = Memo::new(move |_| desk.standing());
    let due = move || standing.get().n_due.to_string();
    let new = move || standing.get().n_new().to_string();
    let session = move || match desk.session.with(Session::place) {
        (_, 0) => "no card".to_owned(),
        (at, n) => format!("card {at} of {n}"),
    };
    let in_box = move |level: usize| {
        let days = BOX_DAYS[level] as usize;
        let n = move || {
            desk.lessons
                .progress
                .with(|progress| progress.boxes()[level])
                .to_string()
        };
        view! {
            <tr>
                <th scope="row">{counted(days, "day")}</th>
                <td>{n}</td>
            </tr>
        }
    };
    view! {
        <dl>
            {row("Due", due)}
            {row("Never met", new)}
            {row("Now", session)}
        </dl>
        <table class="boxes">
            <thead>
                <tr>
                    <th scope="col">"box"</th>
                    <th scope="col">"cards"</th>
                </tr>
            </thead>
            <tbody>{(0..BOX_DAYS.len()).map(in_box).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn CardOnShow(desk: Desk) -> impl IntoView {
    let session = desk.session;
    let card = Memo::new(move |_| session.with(|session| session.card().cloned()));
    let is_turned = Memo::new(move |_| session.with(Session::is_turned));
    let can_be_judged = Memo::new(move |_| session.with(Session::can_be_judged));
    let name = move || {
        let (at, n) = session.with(Session::place);
        let side = if is_turned.get() { "back" } else { "front" };
        format!("Card {at} of {n}, {side}")
    };
    let front = move || card.get().and_then(|card| front(desk.lessons, &card));
    let back = move || {
        let shown = is_turned.get().then(|| card.get()).flatten();
        shown.and_then(|card| back(desk.lessons, &card))
    };
    let turn = move || {
        if is_turned.get() {
            "Turn back"
        } else {
            "Turn the card"
        }
    };
    view! {
        <article id=CARD class="flash" tabindex="-1" aria-label=name on:click=move |_| desk.turn()>
            <div class="front" aria-live="polite">{front}</div>
            <div class="back" aria-live="polite">{back}</div>
        </article>
        <div class="ways">
            <Show
                when=move || can_be_judged.get()
                fallback=move || {
                    view! {
                        <button type="button" class="primary" aria-keyshortcuts="Space" on:click=move |_| desk.turn()>
                            "Turn the card"
                        </button>
                    }
                }
            >
                <button type="button" class="primary" aria-keyshortcuts="1" on:click=move |_| desk.judge(true)>
                    "Knew it"
                </button>
                <button type="button" class="quiet" aria-keyshortcuts="2" on:click=move |_| desk.judge(false)>
                    "Not yet"
                </button>
                <button type="button" class="quiet" aria-keyshortcuts="Space" on:click=move |_| desk.turn()>
                    {turn}
                </button>
            </Show>
        </div>
        <p class="hint">
            {move || match can_be_judged.get() {
                true => "1 knew it, 2 not yet, space turns it.",
                false => "Space or a click turns it.",
            }}
        </p>
    }
}

fn front(lessons: Lessons, card: &Front) -> Option<AnyView> {
    Some(match card {
        Front::Curve(id) => view! {
            <h2>"Which function is this?"</h2>
            {picture_of(id)}
        }
        .into_any(),
        Front::Formula(id) => view! {
            <h2>"Which function is this, and how does its curve run?"</h2>
            {formula_of(entry(id)?)}
        }
        .into_any(),
        Front::Lesson { lesson, index } => {
            let lesson = lessons.file(lesson)?;
            let card = lesson.cards.get(*index)?.clone();
            let (width, height) = LARGE;
            view! {
                <h2>{card.front}</h2>
                {card.picture.map(|picture| view! { <PictureView picture width height /> })}
            }
            .into_any()
        }
    })
}

fn back(lessons: Lessons, card: &Front) -> Option<AnyView> {
    Some(match card {
        Front::Curve(id) => {
            let entry = entry(id)?;
            view! {
                {name_of(entry)}
                {formula_of(entry)}
                <p>{entry.about().intuition}</p>
            }
            .into_any()
        }
        Front::Formula(id) => view! {
            {name_of(entry(id)?)}
            {picture_of(id)}
        }
        .into_any(),
        Front::Lesson { lesson, index } => {
            let lesson = lessons.file(lesson)?;
            let back = lesson.cards.get(*index)?.back.clone();
            view! { <p>{back}</p> }.into_any()
        }
    })
}

fn picture_of(id: &str) -> AnyView {
    curve(&ActivationSpec::new(id), LARGE.0, LARGE.1)
}

/// As in a book.
fn formula_of(entry: &Entry) -> Option<AnyView> {
    let activation = Activation::resolve(&ActivationSpec::new(entry.id)).ok()?;
    let markup = mathml_definition(0, &activation.f);
    Some(
        view! { <div class="formula-of" tabindex="0" role="group" aria-label="Formula" inner_html=markup></div> }
            .into_any(),
    )
}

/// And of those that have the same curve.
fn name_of(entry: &Entry) -> AnyView {
    let twins = twins(entry.id);
    let others = (!twins.is_empty()).then(|| {
        view! { <span class="twins">{format!("as it stands the same curve: {}", twins.join(", "))}</span> }
    });
    view! {
        <p class="name">
            <b>{entry.name}</b>
            " "
            {others}
        </p>
    }
    .into_any()
}

/// Nothing is on show: what was done, when the next one is due, and how to go on.
#[component]
fn Rest(desk: Desk) -> impl IntoView {
    let standing = untrack(|| desk.standing());
    let (n, n_known) = desk
        .session
        .with_untracked(|session| (session.place().1, session.n_known_at_once()));
    let title = match desk.session.with_untracked(Session::is_over) {
        true => format!("{} done, {n_known} known at once", counted(n, "card")),
        false => "Nothing is due".to_owned(),
    };
    let next = match (standing.is_learnt_for_now(), standing.next_in) {
        (true, Some(days)) => format!("The next one is due in {}.", counted(days as usize, "day")),
        _ => format!("{} due, {} never met.", standing.n_due, standing.n_new()),
    };
    let is_ahead = standing.is_learnt_for_now();
    let label = match is_ahead {
        true => "Go through the next ones anyway".to_owned(),
        false => {
            let n = standing.n_due + standing.n_new().min(MOST_NEW);
            format!("Go on with {}", counted(n, "card"))
        }
    };
    view! {
        <div id=CARD tabindex="-1" class="rest">
            <h2>{title}</h2>
            <p>{next}</p>
        </div>
        <div class="ways">
            <button type="button" class="primary" on:click=move |_| desk.lessons.page.set(Page::Map)>
                "All lessons"
            </button>
            <button type="button" class="quiet" on:click=move |_| desk.begin_again(is_ahead)>
                {label}
            </button>
        </div>
    }
}
