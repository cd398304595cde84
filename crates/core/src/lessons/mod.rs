//! Lessons: prose beside the live instrument, questions before the reveal, and claims that are measured. All of a lesson is
//! data, a TOML file each (`www/lessons`); nothing here knows one of them.
//!
//! | file | does |
//! |---|---|
//! | this one | what a lesson is |
//! | [`read`] | a file to a lesson, or what is wrong in which line |
//! | [`course`] | which lessons there are, and how they stand on the map |
//! | [`prose`] | text with marked words and measured values |
//! | [`quantity`] | what can be measured of a network, by name |
//! | [`condition`] | what a claim says of a quantity: `dead in layer 2 >= 80 % at step 200` |
//! | [`place`] | the address that a step puts the page to |

pub mod condition;
pub mod course;
pub mod place;
pub mod prose;
pub mod quantity;
pub mod read;
mod table;
#[cfg(test)]
mod tests;

pub use condition::{Condition, ConditionError, Held};
pub use course::{Course, Heading, Node};
pub use place::{Page, Place};
pub use prose::{Prose, Span};
pub use quantity::{Measured, Quantity, QuantityError, Seen};
pub use read::read_lesson;
pub use table::FileError;

/// A lesson, as its file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    pub title: String,
    /// Under the title on the map: one short sentence.
    pub tagline: String,
    /// What one will do: some sentences.
    pub about: String,
    pub minutes: u32,
    /// On the map.
    pub picture: Option<Picture>,
    /// Ids of the lessons that it builds on.
    pub needs: Vec<String>,
    /// Terms that it introduces.
    pub words: Vec<String>,
    pub steps: Vec<Step>,
    pub quiz: Vec<Quiz>,
    pub cards: Vec<Card>,
    pub teacher: Teacher,
}

/// One screen of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub title: String,
    pub text: Prose,
    /// What the page is put to.
    pub place: Place,
    /// One thing to do.
    pub todo: Option<Prose>,
    pub question: Option<Question>,
    /// Told after the question or, where there is none, at once.
    pub happened: Option<Prose>,
    pub why: Option<Prose>,
    pub claims: Vec<Claim>,
}

/// A prediction, made before the page shows what happens.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub ask: String,
    pub answers: [String; 3],
    /// Index of the right one.
    pub right: usize,
    pub then: Then,
}

/// What the page does when a prediction was made.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    /// Makes so many updates before the reader's eyes.
    Train(u32),
    /// Is put elsewhere: `Compare`, say, where the lanes are.
    Show(Box<Place>),
}

/// A sentence that is true, and what makes it so.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    pub says: String,
    /// All of them hold.
    pub conditions: Vec<Condition>,
}

/// A question at the end of a lesson, with one picture that the page draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Quiz {
    pub ask: String,
    pub picture: Option<Picture>,
    pub answers: [String; 3],
    pub right: usize,
    /// Told after the answer.
    pub why: String,
}

/// A card to learn by: what is asked, and what is behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub front: String,
    pub picture: Option<Picture>,
    pub back: String,
}

/// A small picture that the page draws.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// f and f' of the function that a scenario's first layer has.
    Curve(Place),
    /// The loss over a run's steps, and the shares of its units that are dead and saturated.
    Run(Place),
}

/// For the sheet that a teacher prints.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Teacher {
    /// What to show.
    pub show: Vec<String>,
    /// What to ask.
    pub ask: Vec<String>,
    /// What they will say, and what is to be said then.
    pub replies: Vec<String>,
}

impl Lesson {
    pub fn n_claims(&self) -> usize {
        self.steps.iter().map(|step| step.claims.len()).sum()
    }

    /// Words of the prose of all steps.
    pub fn n_words(&self) -> usize {
        self.steps.iter().map(Step::n_words).sum()
    }
}

impl Step {
    /// Words of its prose: text, what to do, what happened and why.
    pub fn n_words(&self) -> usize {
        let parts = [
            Some(&self.text),
            self.todo.as_ref(),
            self.happened.as_ref(),
            self.why.as_ref(),
        ];
        parts.into_iter().flatten().map(Prose::n_words).sum()
    }

    /// The updates after which its claims are measured where they do not say.
    pub fn end_step(&self) -> u64 {
        let trained = match &self.question {
            Some(Question {
                then: Then::Train(n),
                ..
            }) => u64::from(*n),
            _ => 0,
        };
        self.place.at + trained
    }

    /// Panels that the texts speak of, in the order in which they are first named; their numbers on the page are places in it
    /// plus 1. What is told after a question is not among them before `is_told`.
    pub fn marks(&self, is_told: bool) -> Vec<&str> {
        let told = [self.happened.as_ref(), self.why.as_ref()];
        let told = told.into_iter().flatten().filter(|_| is_told);
        let parts = [Some(&self.text), self.todo.as_ref()];
        let mut marks: Vec<&str> = Vec::new();
        for prose in parts.into_iter().flatten().chain(told) {
            for panel in prose.panels() {
                if !marks.contains(&panel) {
                    marks.push(panel);
                }
            }
        }
        marks
    }
}
