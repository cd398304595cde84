//! What a reader has seen, predicted and learnt: kept in this browser alone, as lines of text that can be taken along.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// Days between two meetings with a card, by how often it was known.
pub const BOX_DAYS: [u32; 5] = [1, 2, 4, 8, 16];

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Steps that were open, by lesson.
    seen: BTreeMap<String, BTreeSet<usize>>,
    given: BTreeMap<(String, usize), Given>,
    /// Of a lesson's quiz questions: whether the last answer was right.
    quiz: BTreeMap<(String, usize), bool>,
    cards: BTreeMap<String, Known>,
    /// Right answers of each timed round.
    pub rounds: Vec<u32>,
}

/// What was done about a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// The answer of this index.
    Answer(usize),
    /// Shown without a prediction: never counted as wrong.
    Shown,
}

/// How well a card is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Index of [`BOX_DAYS`].
    pub level: usize,
    /// The day, since 1970, from which on it is asked again.
    pub due_day: u32,
}

impl Progress {
    /// Says whether that is news.
    pub fn see(&mut self, lesson: &str, step: usize) -> bool {
        self.seen.entry(lesson.to_owned()).or_default().insert(step)
    }

    pub fn has_seen(&self, lesson: &str, step: usize) -> bool {
        self.seen
            .get(lesson)
            .is_some_and(|seen| seen.contains(&step))
    }

    /// All of so many steps were open.
    pub fn is_done(&self, lesson: &str, n_steps: usize) -> bool {
        (0..n_steps).all(|step| self.has_seen(lesson, step))
    }

    /// The last step that was open; none of a lesson that was not begun.
    pub fn last_step(&self, lesson: &str) -> Option<usize> {
        self.seen.get(lesson)?.last().copied()
    }

    pub fn given(&self, lesson: &str, step: usize) -> Option<Given> {
        self.given.get(&(lesson.to_owned(), step)).copied()
    }

    pub fn give(&mut self, lesson: &str, step: usize, given: Given) {
        self.given.insert((lesson.to_owned(), step), given);
    }

    /// Begins a lesson again.
    pub fn forget(&mut self, lesson: &str) {
        self.seen.remove(lesson);
        self.given.retain(|(of, _), _| of != lesson);
        self.quiz.retain(|(of, _), _| of != lesson);
    }

    pub fn quiz(&self, lesson: &str, question: usize) -> Option<bool> {
        self.quiz.get(&(lesson.to_owned(), question)).copied()
    }

    pub fn answer_quiz(&mut self, lesson: &str, question: usize, is_right: bool) {
        self.quiz.insert((lesson.to_owned(), question), is_right);
    }

    pub fn card(&self, key: &str) -> Option<Known> {
        self.cards.get(key).copied()
    }

    /// A card that was never met is due.
    pub fn is_due(&self, key: &str, today: u32) -> bool {
        self.card(key).is_none_or(|known| known.due_day <= today)
    }

    /// One box up if it was known, back to the first if it was not.
    pub fn meet_card(&mut self, key: &str, was_known: bool, today: u32) {
        let level = match (was_known, self.card(key)) {
            (false, _) => 0,
            (true, None) => 1,
            (true, Some(known)) => (known.level + 1).min(BOX_DAYS.len() - 1),
        };
        let days = if was_known { BOX_DAYS[level] } else { 0 };
        let due_day = today + days;
        self.cards.insert(key.to_owned(), Known { level, due_day });
    }

    /// Cards in each box.
    pub fn boxes(&self) -> [usize; BOX_DAYS.len()] {
        let mut boxes = [0; BOX_DAYS.len()];
        for known in self.cards.values() {
            boxes[known.level] += 1;
        }
        boxes
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A line for each thing that is known.
    pub fn to_text(&self) -> String {
        let mut lines = Vec::new();
        for (lesson, steps) in &self.seen {
            let steps: Vec<String> = steps.iter().map(usize::to_string).collect();
            lines.push(format!("seen {lesson} {}", steps.join(",")));
        }
        for ((lesson, step), given) in &self.given {
            let given = match given {
                Given::Answer(index) => index.to_string(),
                Given::Shown => "shown".to_owned(),
            };
            lines.push(format!("given {lesson} {step} {given}"));
        }
        for ((lesson, question), is_right) in &self.quiz {
            lines.push(format!("quiz {lesson} {question} {is_right}"));
        }
        for (key, known) in &self.cards {
            lines.push(format!("card {key} {} {}", known.level, known.due_day));
        }
        for n_right in &self.rounds {
            lines.push(format!("round {n_right}"));
        }
        lines.join("\n")
    }

    /// What of a text can be read, and whether all of it could. Lines may also be separated by `;`, as in a code.
    pub fn of_text(text: &str) -> (Self, bool) {
        let mut progress = Self::default();
        let mut is_whole = true;
        for line in text.split(['\n', ';']).map(str::trim) {
            is_whole &= line.is_empty() || progress.read(line).is_some();
        }
        (progress, is_whole)
    }

    fn read(&mut self, line: &str) -> Option<()> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["seen", lesson, steps] => {
                let steps: Option<BTreeSet<usize>> = steps.split(',').map(number).collect();
                self.seen
                    .entry(lesson.to_owned())
                    .or_default()
                    .extend(steps?);
            }
            ["given", lesson, step, given] => {
                let given = match given {
                    "shown" => Given::Shown,
                    index => Given::Answer(number(index).filter(|index| *index < 3)?),
                };
                self.give(lesson, number(step)?, given);
            }
            ["quiz", lesson, question, is_right] => {
                self.answer_quiz(lesson, number(question)?, number(is_right)?);
            }
            ["card", key, level, due_day] => {
                let level = number(level).filter(|level| *level < BOX_DAYS.len())?;
                let due_day = number(due_day)?;
                self.cards.insert(key.to_owned(), Known { level, due_day });
            }
            ["round", n_right] => self.rounds.push(number(n_right)?),
            _ => return None,
        }
        Some(())
    }
}

fn number<N: FromStr>(text: &str) -> Option<N> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_kept_and_read_back() {
        let mut progress = Progress::default();
        assert!(
            progress.is_empty() && progress.see("relu-dies", 0) && !progress.see("relu-dies", 0)
        );
        progress.see("relu-dies", 2);
        progress.give("relu-dies", 2, Given::Answer(1));
        progress.give("relu-dies", 4, Given::Shown);
        progress.answer_quiz("relu-dies", 0, false);
        progress.meet_card("curve:elu", true, 20_000);
        progress.meet_card("word:dead", false, 20_000);
        progress.rounds = vec![7, 11];
        let (again, is_whole) = Progress::of_text(&progress.to_text());
        assert!(is_whole);
        assert_eq!(again, progress);
        assert_eq!(
            Progress::of_text(&progress.to_text().replace('\n', ";")).0,
            progress
        );
        assert!(!progress.is_done("relu-dies", 2) && progress.is_done("relu-dies", 1));
        assert_eq!(progress.last_step("relu-dies"), Some(2));
        progress.forget("relu-dies");
        assert_eq!(progress.last_step("relu-dies"), None);
        assert!(
            progress.quiz("relu-dies", 0).is_none() && progress.given("relu-dies", 2).is_none()
        );
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let text = "seen relu-dies 0,1\nseen\ncard x 9 1\ngiven a 0 7\nround many\ngibberish";
        let (progress, is_whole) = Progress::of_text(text);
        assert!(!is_whole);
        assert_eq!(progress.to_text(), "seen relu-dies 0,1");
    }

    #[test]
    fn cards_come_back_later_the_better_they_are_known() {
        let mut progress = Progress::default();
        let mut today = 100;
        let mut waits = Vec::new();
        for _ in 0..6 {
            assert!(progress.is_due("c", today));
            progress.meet_card("c", true, today);
            let due = progress.card("c").expect("it was met").due_day;
            assert!(!progress.is_due("c", due - 1));
            waits.push(due - today);
            today = due;
        }
        assert_eq!(waits, [2, 4, 8, 16, 16, 16]);
        progress.meet_card("c", false, today);
        assert!(progress.is_due("c", today));
        assert_eq!(progress.boxes(), [1, 0, 0, 0, 0]);
    }
}
