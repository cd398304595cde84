//! Flash cards: which there are, which are due, and the way through some of them.

use actiscope_core::activation::catalogue;

use super::super::progress::Progress;
use super::shuffle::hash;

/// Cards that were never met, in one session at most; and cards that are gone through before their day.
pub const MOST_NEW: usize = 20;

/// What is on the front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Front {
    /// The curve of a function of the catalogue.
    Curve(&'static str),
    /// Its formula.
    Formula(&'static str),
    /// A card of a lesson.
    Lesson { lesson: String, index: usize },
}

impl Front {
    /// As progress is kept by: without spaces.
    pub fn key(&self) -> String {
        match self {
            Self::Curve(id) => format!("curve:{id}"),
            Self::Formula(id) => format!("formula:{id}"),
            Self::Lesson { lesson, index } => format!("lesson:{lesson}:{index}"),
        }
    }
}

/// All cards: of each lesson, with how many it has, and two for each function.
pub fn deck(lessons: &[(String, usize)]) -> Vec<Front> {
    let of_lesson = |(lesson, n): &(String, usize)| {
        let lesson = lesson.clone();
        (0..*n).map(move |index| Front::Lesson {
            lesson: lesson.clone(),
            index,
        })
    };
    let of_functions = catalogue()
        .iter()
        .flat_map(|entry| [Front::Curve(entry.id), Front::Formula(entry.id)]);
    lessons
        .iter()
        .flat_map(of_lesson)
        .chain(of_functions)
        .collect()
}

/// How a deck stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub n: usize,
    pub n_met: usize,
    /// Met before, and due again.
    pub n_due: usize,
    /// Days until the next one is due; none where nothing was met.
    pub next_in: Option<u32>,
}

impl Standing {
    pub fn of(deck: &[Front], progress: &Progress, today: u32) -> Self {
        let met = deck.iter().filter_map(|front| progress.card(&front.key()));
        let days: Vec<u32> = met.map(|known| known.due_day).collect();
        Self {
            n: deck.len(),
            n_met: days.len(),
            n_due: days.iter().filter(|day| **day <= today).count(),
            next_in: days.iter().min().map(|day| day.saturating_sub(today)),
        }
    }

    /// Never met.
    pub fn n_new(self) -> usize {
        self.n - self.n_met
    }

    /// Nothing is due and nothing is new.
    pub fn is_learnt_for_now(self) -> bool {
        self.n_due == 0 && self.n_new() == 0
    }
}

/// What is gone through today: what is due, the longest first, then some that are new.
pub fn todays(deck: &[Front], progress: &Progress, today: u32) -> Vec<Front> {
    let is_new = |front: &&Front| progress.card(&front.key()).is_none();
    let mut due: Vec<&Front> = deck
        .iter()
        .filter(|front| !is_new(front) && progress.is_due(&front.key(), today))
        .collect();
    sort_by_day(&mut due, progress, today);
    let mut new: Vec<&Front> = deck.iter().filter(is_new).collect();
    // Not in the order of the catalogue: a card and its neighbour would tell each other.
    new.sort_by_key(|front| hash(&front.key(), today));
    due.into_iter()
        .chain(new.into_iter().take(MOST_NEW))
        .cloned()
        .collect()
}

/// What would be due next, before its day.
pub fn ahead(deck: &[Front], progress: &Progress, today: u32) -> Vec<Front> {
    let mut met: Vec<&Front> = deck
        .iter()
        .filter(|front| progress.card(&front.key()).is_some())
        .collect();
    sort_by_day(&mut met, progress, today);
    met.into_iter().take(MOST_NEW).cloned().collect()
}

fn sort_by_day(fronts: &mut [&Front], progress: &Progress, today: u32) {
    fronts.sort_by_key(|front| {
        let key = front.key();
        (
            progress.card(&key).map(|known| known.due_day),
            hash(&key, today),
        )
    });
}

/// The way through some cards. One that was not known comes again at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The first one is on show.
    open: Vec<Front>,
    n: usize,
    n_known_at_once: usize,
    /// Keys of those that were not known.
    missed: Vec<String>,
    is_turned: bool,
    /// Its back was seen: it can be judged.
    was_turned: bool,
}

impl Session {
    pub fn begin(cards: Vec<Front>) -> Self {
        Self {
            n: cards.len(),
            open: cards,
            ..Self::default()
        }
    }

    pub fn card(&self) -> Option<&Front> {
        self.open.first()
    }

    /// The back is up.
    pub fn is_turned(&self) -> bool {
        self.is_turned
    }

    pub fn can_be_judged(&self) -> bool {
        self.was_turned
    }

    /// Which card, of how many: those that are done with, and one.
    pub fn place(&self) -> (usize, usize) {
        ((self.n - self.open.len() + 1).min(self.n), self.n)
    }

    pub fn is_over(&self) -> bool {
        self.n > 0 && self.open.is_empty()
    }

    pub fn n_known_at_once(&self) -> usize {
        self.n_known_at_once
    }

    pub fn turn(&mut self) {
        if self.card().is_some() {
            self.is_turned = !self.is_turned;
            self.was_turned = true;
        }
    }

    /// Says which card was judged: none whose back was not seen.
    pub fn judge(&mut self, was_known: bool) -> Option<Front> {
        if !self.was_turned || self.open.is_empty() {
            return None;
        }
        let card = self.open.remove(0);
        let key = card.key();
        match was_known {
            true if !self.missed.contains(&key) => self.n_known_at_once += 1,
            true => {}
            false => {
                self.open.push(card.clone());
                self.missed.push(key);
            }
        }
        (self.is_turned, self.was_turned) = (false, false);
        Some(card)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: u32 = 20_000;

    fn small() -> Vec<Front> {
        vec![
            Front::Curve("elu"),
            Front::Formula("elu"),
            Front::Curve("relu"),
        ]
    }

    #[test]
    fn each_function_has_two_cards_and_each_card_a_key_of_its_own() {
        let deck = deck(&[("relu-dies".into(), 2), ("none".into(), 0)]);
        assert_eq!(deck.len(), 2 * catalogue().len() + 2);
        assert_eq!(deck[1].key(), "lesson:relu-dies:1");
        let mut keys: Vec<String> = deck.iter().map(Front::key).collect();
        assert!(keys.iter().all(|key| !key.contains(char::is_whitespace)));
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), deck.len());
    }

    #[test]
    fn a_session_takes_what_is_due_and_some_that_are_new() {
        let deck = deck(&[]);
        let mut progress = Progress::default();
        assert_eq!(todays(&deck, &progress, TODAY).len(), MOST_NEW);
        progress.meet_card("curve:elu", true, TODAY - 2);
        progress.meet_card("curve:relu", true, TODAY - 3);
        progress.meet_card("curve:tanh", true, TODAY);
        let cards = todays(&deck, &progress, TODAY);
        assert_eq!(cards[..2], [Front::Curve("relu"), Front::Curve("elu")]);
        assert_eq!(cards.len(), 2 + MOST_NEW);
        assert!(!cards.contains(&Front::Curve("tanh")));
        assert_ne!(
            cards[2..],
            todays(&deck, &progress, TODAY + 1)[2..22],
            "another day, others"
        );
        let standing = Standing::of(&deck, &progress, TODAY);
        assert_eq!(
            (standing.n_met, standing.n_due, standing.n_new()),
            (3, 2, deck.len() - 3)
        );
        assert_eq!(standing.next_in, Some(0));
    }

    #[test]
    fn when_none_is_due_it_is_known_when_the_next_is_and_one_can_go_ahead() {
        let mut progress = Progress::default();
        let standing = |progress: &Progress| Standing::of(&small(), progress, TODAY);
        assert_eq!(standing(&progress).next_in, None);
        progress.meet_card("curve:relu", true, TODAY);
        progress.meet_card("curve:elu", true, TODAY);
        progress.meet_card("curve:elu", true, TODAY);
        assert!(!standing(&progress).is_learnt_for_now(), "one is new");
        progress.meet_card("formula:elu", true, TODAY + 1);
        assert!(standing(&progress).is_learnt_for_now());
        assert_eq!(standing(&progress).next_in, Some(2));
        assert!(todays(&small(), &progress, TODAY).is_empty());
        let next = ahead(&small(), &progress, TODAY);
        assert_eq!(
            next,
            [
                Front::Curve("relu"),
                Front::Formula("elu"),
                Front::Curve("elu")
            ]
        );
    }

    #[test]
    fn a_card_is_turned_before_it_is_judged_and_comes_again_when_it_was_not_known() {
        let mut session = Session::begin(small());
        assert_eq!(session.judge(true), None, "its back was not seen");
        session.turn();
        session.turn();
        assert!(!session.is_turned() && session.can_be_judged());
        assert_eq!(session.judge(false), Some(Front::Curve("elu")));
        assert!(!session.is_turned() && !session.can_be_judged());
        assert_eq!(session.place(), (1, 3));
        for expected in [
            Front::Formula("elu"),
            Front::Curve("relu"),
            Front::Curve("elu"),
        ] {
            session.turn();
            assert!(session.is_turned());
            assert_eq!(session.judge(true), Some(expected));
        }
        assert!(session.is_over() && session.card().is_none());
        assert_eq!((session.n_known_at_once(), session.place()), (2, (3, 3)));
        session.turn();
        assert_eq!(session.judge(true), None);
        assert!(!Session::default().is_over());
    }
}
