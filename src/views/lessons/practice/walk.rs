//! The way through the questions of a quiz, one at a time.

use super::shuffle::three;

/// A question of a lesson's quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub lesson: String,
    /// Of the lesson's questions.
    pub index: usize,
    /// The right one of its answers.
    pub right: usize,
}

/// A question, and whether it was answered rightly.
pub type Outcome = (Asked, bool);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    questions: Vec<Asked>,
    at: usize,
    /// Another one has the answers in another order.
    attempt: u32,
    /// Answers given, by their index in the lesson's file.
    given: Vec<usize>,
}

impl Walk {
    pub fn begin(questions: Vec<Asked>, attempt: u32) -> Self {
        Self {
            questions,
            attempt,
            ..Self::default()
        }
    }

    /// The question on show; none after the last one.
    pub fn question(&self) -> Option<&Asked> {
        self.questions.get(self.at)
    }

    /// The index, in the lesson's file, of the answer at each place.
    pub fn order(&self) -> [usize; 3] {
        let key = self
            .question()
            .map(|asked| format!("{}:{}", asked.lesson, asked.index));
        three(&key.unwrap_or_default(), self.attempt)
    }

    /// The place of the right answer.
    pub fn right_place(&self) -> Option<usize> {
        let right = self.question()?.right;
        self.order().iter().position(|index| *index == right)
    }

    /// The place of the answer that was given to the question on show.
    pub fn given_place(&self) -> Option<usize> {
        let given = self.given.get(self.at)?;
        self.order().iter().position(|index| index == given)
    }

    /// Answers the question on show by the answer at a place, once; says which question that was and whether it was right.
    pub fn answer(&mut self, place: usize) -> Option<Outcome> {
        let asked = self.question()?.clone();
        let index = *self.order().get(place)?;
        if self.given.len() > self.at {
            return None;
        }
        self.given.push(index);
        let is_right = index == asked.right;
        Some((asked, is_right))
    }

    /// To the next question, once this one is answered.
    pub fn go_on(&mut self) -> bool {
        let may = self.given_place().is_some();
        self.at += usize::from(may);
        may
    }

    pub fn is_last(&self) -> bool {
        self.at + 1 == self.questions.len()
    }

    pub fn is_over(&self) -> bool {
        !self.questions.is_empty() && self.at == self.questions.len()
    }

    /// Which question is on show, from 1, and of how many.
    pub fn place(&self) -> (usize, usize) {
        let n = self.questions.len();
        ((self.at + 1).min(n), n)
    }

    /// Questions that were answered.
    pub fn outcomes(&self) -> Vec<Outcome> {
        let answered = self.questions.iter().zip(&self.given);
        let outcome = |(asked, given): (&Asked, &usize)| (asked.clone(), *given == asked.right);
        answered.map(outcome).collect()
    }

    pub fn n_right(&self) -> usize {
        self.outcomes()
            .iter()
            .filter(|(_, is_right)| *is_right)
            .count()
    }
}

/// What is asked of all questions: those that were not answered rightly yet or, where all were, all of them.
pub fn open_first(all: &[Asked], is_known: impl Fn(&Asked) -> bool) -> Vec<Asked> {
    let open: Vec<Asked> = all
        .iter()
        .filter(|asked| !is_known(asked))
        .cloned()
        .collect();
    if open.is_empty() { all.to_vec() } else { open }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(lesson: &str, index: usize) -> Asked {
        Asked {
            lesson: lesson.into(),
            index,
            right: index,
        }
    }

    fn two() -> Vec<Asked> {
        vec![asked("relu-dies", 0), asked("relu-dies", 1)]
    }

    #[test]
    fn questions_come_one_at_a_time_and_are_answered_once() {
        let mut walk = Walk::begin(two(), 0);
        assert!(!walk.go_on(), "it is not answered yet");
        assert_eq!((walk.place(), walk.is_last()), ((1, 2), false));
        let right = walk.right_place().expect("one is right");
        assert_eq!(walk.answer(3), None);
        assert_eq!(walk.answer(right), Some((asked("relu-dies", 0), true)));
        assert_eq!(walk.answer(right), None, "it is answered");
        assert_eq!(walk.given_place(), Some(right));
        assert!(walk.go_on() && walk.is_last() && walk.given_place().is_none());
        let wrong = (walk.right_place().expect("one is right") + 1) % 3;
        assert_eq!(walk.answer(wrong), Some((asked("relu-dies", 1), false)));
        assert!(walk.go_on() && walk.is_over() && !walk.go_on());
        assert_eq!((walk.place(), walk.n_right()), ((2, 2), 1));
        assert_eq!(walk.answer(0), None);
        assert_eq!(
            walk.outcomes(),
            [
                (asked("relu-dies", 0), true),
                (asked("relu-dies", 1), false)
            ]
        );
    }

    #[test]
    fn the_right_answer_is_not_always_in_the_same_place() {
        let places: Vec<_> = (0..12)
            .map(|attempt| Walk::begin(two(), attempt).right_place())
            .collect();
        for place in 0..3 {
            assert!(places.contains(&Some(place)), "{places:?}");
        }
    }

    #[test]
    fn a_quiz_without_questions_is_no_quiz() {
        let mut none = Walk::default();
        assert!(!none.is_over() && !none.is_last() && !none.go_on());
        assert_eq!(
            (none.answer(0), none.right_place(), none.place()),
            (None, None, (0, 0))
        );
    }

    #[test]
    fn what_is_not_known_yet_is_asked() {
        let ids = |asked: Vec<Asked>| asked.iter().map(|asked| asked.index).collect::<Vec<_>>();
        assert_eq!(ids(open_first(&two(), |asked| asked.index == 0)), [1]);
        assert_eq!(ids(open_first(&two(), |_| true)), [0, 1]);
        assert_eq!(ids(open_first(&two(), |_| false)), [0, 1]);
    }
}
