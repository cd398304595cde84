//! What the answers of one step amount to.

use actiscope_core::classify::{
    Fitted, ManyClasses, Outputs, Situation, TwoClasses, Verdict, fit_temperature, judge_many,
    judge_two,
};
use actiscope_core::health::Health;
use actiscope_core::protocol::{Loaded, Snapshot};
use actiscope_core::scenario::Scenario;

/// Outputs that are judged without being asked for, for each painting; more are when the run rests.
const QUICK: usize = 20_000;

/// All that is known of one step's answers.
#[derive(Clone, Debug)]
pub struct Judged {
    pub run: u32,
    pub step: u64,
    pub classes: Classes,
    /// Of the classes.
    pub names: Vec<String>,
    /// By the test set; else by the training set.
    pub are_of_test: bool,
    /// Answers that are no probability: below 0, and above 1.
    pub n_outside: (usize, usize),
    /// As the validation set asks for it, where there is one.
    pub fitted: Option<Fitted>,
}

#[derive(Clone, Debug)]
pub enum Classes {
    Two(TwoClasses),
    Many(ManyClasses),
}

impl Judged {
    /// `None` where there are no answers, or none that are numbers.
    pub fn new(scenario: &Scenario, loaded: &Loaded, snapshot: &Snapshot) -> Option<Self> {
        let answers = snapshot.answers.as_ref()?;
        if snapshot.run != loaded.run {
            return None;
        }
        let loss = scenario.training.loss;
        let judges = &loaded.judges;
        let n_outputs = answers.judged.len() / judges.y.len().max(1);
        let outputs = Outputs::new(loss, n_outputs, &answers.judged, &judges.y)?;
        let validation = Outputs::new(loss, n_outputs, &answers.validation, &loaded.y_validation);
        let is_quick = answers.validation.len() <= QUICK || !snapshot.is_training;
        let fitted = validation.as_ref().filter(|_| is_quick);
        Some(Self {
            run: snapshot.run,
            step: snapshot.step,
            n_outside: outputs.n_outside(),
            classes: match loaded.n_classes {
                2 => Classes::Two(TwoClasses::new(&outputs).ok()?),
                _ => Classes::Many(ManyClasses::new(outputs)),
            },
            names: names_of(loaded),
            are_of_test: judges.are_of_test,
            fitted: fitted.and_then(fit_temperature),
        })
    }

    pub fn n(&self) -> usize {
        match &self.classes {
            Classes::Two(two) => two.n(),
            Classes::Many(many) => many.n(),
        }
    }

    pub fn two(&self) -> Option<&TwoClasses> {
        match &self.classes {
            Classes::Two(two) => Some(two),
            Classes::Many(_) => None,
        }
    }

    pub fn many(&self) -> Option<&ManyClasses> {
        match &self.classes {
            Classes::Two(_) => None,
            Classes::Many(many) => Some(many),
        }
    }

    /// What to say first.
    pub fn verdict(&self, situation: &Situation) -> Verdict {
        match &self.classes {
            Classes::Two(two) => judge_two(two, situation),
            Classes::Many(many) => judge_many(many, situation),
        }
    }

    /// "test", "training".
    pub fn split(&self) -> &'static str {
        if self.are_of_test { "test" } else { "training" }
    }
}

/// Two snapshots of one step have the same answers.
impl PartialEq for Judged {
    fn eq(&self, other: &Self) -> bool {
        (
            self.run,
            self.step,
            &self.names,
            self.are_of_test,
            self.fitted,
        ) == (
            other.run,
            other.step,
            &other.names,
            other.are_of_test,
            other.fitted,
        ) && match (&self.classes, &other.classes) {
            (Classes::Two(a), Classes::Two(b)) => a.logits == b.logits,
            (Classes::Many(a), Classes::Many(b)) => a == b,
            _ => false,
        }
    }
}

/// What the data call them. Two that are only numbered are the common and the rare one, where one is made rare.
pub fn names_of(loaded: &Loaded) -> Vec<String> {
    let n = loaded.n_classes;
    let is_numbered = |(class, name): (usize, &String)| *name == class.to_string();
    let given = &loaded.class_names;
    let are_numbered = given.iter().enumerate().all(is_numbered);
    if given.len() == n && !(n == 2 && are_numbered) {
        return given.clone();
    }
    match loaded.class_sizes[..] {
        [zero, one] if 2 * one < zero => vec!["common".to_owned(), "rare".to_owned()],
        _ => (0..n).map(|class| format!("class {class}")).collect(),
    }
}

/// The first hidden layer without a living unit.
pub fn dead_layer(snapshot: &Snapshot) -> Option<usize> {
    snapshot.layers.iter().position(|layer| {
        let is_dead = |health: Health| health == Health::Dead;
        !layer.units.is_empty() && layer.units.iter().all(|unit| is_dead(unit.health))
    })
}
