//! The rules of a round against the clock. The time is given, never asked for.

use super::curves::{Curve, names};
use super::shuffle::{shuffled, three};

pub const LENGTH_MS: f64 = 90_000.0;
/// Each question of so many is a run's, where there are any.
const RUN_EVERY: usize = 4;

/// What can be asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pool {
    pub curves: Vec<Curve>,
    pub runs: Vec<RunAsked>,
}

/// A lesson's question on a run whose picture is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunAsked {
    pub lesson: String,
    /// Of the lesson's questions.
    pub index: usize,
    pub answers: [String; 3],
    pub right: usize,
}

/// What the picture shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A function of the catalogue by its id.
    Curve(&'static str),
    Run {
        lesson: String,
        index: usize,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub subject: Subject,
    pub answers: [String; 3],
    /// The place of the right one.
    pub right: usize,
}

/// How the last question was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last {
    pub is_right: bool,
    pub right: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    seed: u32,
    began_ms: f64,
    /// When it was stopped.
    stopped_ms: Option<f64>,
    is_over: bool,
    pub n_answered: usize,
    pub n_right: u32,
    pub asked: Option<Asked>,
    pub last: Option<Last>,
}

impl Round {
    pub fn begin(seed: u32, now_ms: f64, pool: &Pool) -> Self {
        Self {
            seed,
            began_ms: now_ms,
            stopped_ms: None,
            is_over: false,
            n_answered: 0,
            n_right: 0,
            asked: ask(pool, seed, 0),
            last: None,
        }
    }

    /// Of 90, rounded up.
    pub fn seconds_left(&self, now_ms: f64) -> u32 {
        let left_ms = (self.began_ms + LENGTH_MS - now_ms).clamp(0.0, LENGTH_MS);
        libm::ceil(left_ms / 1_000.0) as u32
    }

    /// Ends it where its time is up; says whether that is news.
    pub fn look_at(&mut self, now_ms: f64) -> bool {
        let is_news = self.is_on() && self.seconds_left(now_ms) == 0;
        self.is_over |= is_news;
        is_news
    }

    /// It runs: neither over nor stopped.
    pub fn is_on(&self) -> bool {
        !self.is_over && self.stopped_ms.is_none()
    }

    /// Seconds after which it was stopped.
    pub fn stopped_after(&self) -> Option<u32> {
        let stopped_ms = self.stopped_ms?;
        Some(libm::round((stopped_ms - self.began_ms) / 1_000.0) as u32)
    }

    pub fn stop(&mut self, now_ms: f64) {
        if self.is_on() {
            self.stopped_ms = Some(now_ms);
        }
    }

    /// Takes the answer at a place in time, and asks the next question at once.
    pub fn answer(&mut self, place: usize, now_ms: f64, pool: &Pool) {
        if !self.is_on() || place > 2 || self.seconds_left(now_ms) == 0 {
            return;
        }
        let Some(asked) = &self.asked else {
            return;
        };
        let is_right = place == asked.right;
        self.last = Some(Last {
            is_right,
            right: asked.answers[asked.right].clone(),
        });
        self.n_answered += 1;
        self.n_right += u32::from(is_right);
        self.asked = ask(pool, self.seed, self.n_answered);
    }
}

fn ask(pool: &Pool, seed: u32, n: usize) -> Option<Asked> {
    let number = seed.wrapping_add(n as u32);
    let of_run = |run: &RunAsked| {
        let order = three(&run.lesson, number);
        Some(Asked {
            subject: Subject::Run {
                lesson: run.lesson.clone(),
                index: run.index,
            },
            answers: order.map(|i| run.answers[i].clone()),
            right: order.iter().position(|i| *i == run.right)?,
        })
    };
    if n % RUN_EVERY == RUN_EVERY - 1
        && let Some(run) = pool
            .runs
            .get(turn("runs", seed, n / RUN_EVERY, pool.runs.len()))
    {
        return of_run(run);
    }
    let at = turn("curves", seed, n, pool.curves.len());
    let (answers, right) = names(&pool.curves, at, n % 2 == 1, number)?;
    Some(Asked {
        subject: Subject::Curve(pool.curves[at].entry.id),
        answers,
        right,
    })
}

/// Whose turn it is of so many: each of them comes once before one comes again.
fn turn(what: &str, seed: u32, n: usize, of: usize) -> usize {
    if of == 0 {
        return 0;
    }
    shuffled(what, seed.wrapping_add((n / of) as u32), of)[n % of]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::lessons::practice::curves::curves;

    fn pool() -> Pool {
        Pool {
            curves: curves(),
            runs: Vec::new(),
        }
    }

    fn right(round: &Round) -> usize {
        round.asked.as_ref().expect("something is asked").right
    }

    #[test]
    fn right_answers_count_and_the_next_question_comes_at_once() {
        let pool = pool();
        let mut round = Round::begin(7, 1_000.0, &pool);
        assert_eq!(round.seconds_left(1_000.0), 90);
        let first = round.asked.clone();
        round.answer(right(&round), 2_000.0, &pool);
        assert_eq!((round.n_answered, round.n_right), (1, 1));
        assert!(round.asked != first && round.last.as_ref().is_some_and(|last| last.is_right));
        let expected = round
            .asked
            .as_ref()
            .map(|asked| asked.answers[asked.right].clone());
        round.answer((right(&round) + 1) % 3, 3_000.0, &pool);
        assert_eq!((round.n_answered, round.n_right), (2, 1));
        let last = round.last.clone().expect("it was answered");
        assert_eq!((last.is_right, Some(last.right)), (false, expected));
        round.answer(3, 3_500.0, &pool);
        assert_eq!(round.n_answered, 2, "there are three places");
    }

    #[test]
    fn it_is_over_after_90_seconds() {
        let pool = pool();
        let mut round = Round::begin(7, 1_000.0, &pool);
        assert!(!round.look_at(90_999.0) && round.is_on());
        assert_eq!(round.seconds_left(90_999.0), 1);
        round.answer(right(&round), 91_000.0, &pool);
        assert_eq!(round.n_answered, 0, "too late");
        assert!(round.look_at(91_000.0) && !round.is_on());
        assert!(!round.look_at(92_000.0), "that is no news");
        round.stop(93_000.0);
        assert_eq!(
            (round.stopped_after(), round.seconds_left(93_000.0)),
            (None, 0)
        );
    }

    #[test]
    fn it_can_be_stopped() {
        let pool = pool();
        let mut round = Round::begin(7, 1_000.0, &pool);
        round.stop(13_400.0);
        assert_eq!((round.is_on(), round.stopped_after()), (false, Some(12)));
        round.answer(0, 14_000.0, &pool);
        assert!(round.n_answered == 0 && !round.look_at(99_000.0));
    }

    #[test]
    fn each_curve_comes_before_one_comes_again() {
        let pool = pool();
        let n = pool.curves.len();
        let mut seen: Vec<usize> = (0..n).map(|i| turn("curves", 3, i, n)).collect();
        assert_ne!(
            seen,
            (0..n).map(|i| turn("curves", 4, i, n)).collect::<Vec<_>>()
        );
        seen.sort_unstable();
        assert_eq!(seen, (0..n).collect::<Vec<_>>());
        assert_eq!(turn("none", 3, 5, 0), 0);
        assert_eq!(Round::begin(7, 0.0, &Pool::default()).asked, None);
    }

    #[test]
    fn a_run_is_asked_about_now_and_then_once_it_is_there() {
        let mut pool = pool();
        let mut round = Round::begin(7, 0.0, &pool);
        pool.runs.push(RunAsked {
            lesson: "batchnorm".into(),
            index: 1,
            answers: ["A larger batch", "A larger learning rate", "More layers"].map(str::to_owned),
            right: 0,
        });
        let mut n_runs = 0;
        for _ in 0..16 {
            if let Some(Asked {
                subject: Subject::Run { lesson, index },
                answers,
                right,
            }) = &round.asked
            {
                assert_eq!((lesson.as_str(), *index), ("batchnorm", 1));
                assert_eq!(answers[*right], "A larger batch");
                n_runs += 1;
            }
            round.answer(0, 10.0, &pool);
        }
        assert_eq!(n_runs, 4);
    }
}
