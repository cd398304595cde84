//! A lesson's file to a lesson, with what is wrong told by its line.

use super::condition::Condition;
use super::place::Place;
use super::prose::Prose;
use super::table::{File, FileError, Table};
use super::{Card, Claim, Lesson, Picture, Question, Quiz, Step, Teacher, Then};

/// # Errors
/// All that is wrong, in the order of its lines.
pub fn read_lesson(text: &str) -> Result<Lesson, Vec<FileError>> {
    let (mut file, mut table) = File::parse(text).map_err(|error| vec![error])?;
    let lesson = Lesson {
        title: file.text(&mut table, "title"),
        tagline: file.text(&mut table, "tagline"),
        about: file.text(&mut table, "about"),
        minutes: file.number(&mut table, "minutes").unwrap_or(5),
        picture: picture(&mut file, &mut table),
        needs: plain(file.texts(&mut table, "needs")),
        words: plain(file.texts(&mut table, "words")),
        steps: {
            let steps = file.tables(&mut table, "step");
            if steps.is_empty() {
                file.wrong(table.start(), "a lesson has at least one [[step]]");
            }
            steps
                .into_iter()
                .map(|table| step(&mut file, table))
                .collect()
        },
        quiz: {
            let quiz = file.tables(&mut table, "quiz");
            quiz.into_iter()
                .map(|table| quiz_question(&mut file, table))
                .collect()
        },
        cards: {
            let cards = file.tables(&mut table, "card");
            cards
                .into_iter()
                .map(|table| card(&mut file, table))
                .collect()
        },
        teacher: {
            let teacher = file.table_if_any(&mut table, "teacher");
            teacher
                .map(|table| notes(&mut file, table))
                .unwrap_or_default()
        },
    };
    file.close(table);
    file.errors.sort_by_key(|error| error.line);
    match file.errors.is_empty() {
        true => Ok(lesson),
        false => Err(file.errors),
    }
}

fn step<'t>(file: &mut File<'t>, mut table: Table<'t>) -> Step {
    let title = file.text(&mut table, "title");
    let text = prose(file, &mut table, "text");
    if text.is_none() {
        file.wrong(table.start(), "a step has a 'text'");
    }
    let place = place(file, &mut table, "link").unwrap_or_else(|| {
        if file.errors.is_empty() {
            file.wrong(
                table.start(),
                "a step has a 'link': the page's address from # on",
            );
        }
        nowhere()
    });
    let asked = file.table_if_any(&mut table, "question");
    let mut step = Step {
        title,
        text: text.unwrap_or_default(),
        place,
        todo: prose(file, &mut table, "todo"),
        question: asked.map(|table| question(file, table)),
        happened: prose(file, &mut table, "happened"),
        why: prose(file, &mut table, "why"),
        claims: Vec::new(),
    };
    for table in file.tables(&mut table, "claim") {
        let claim = claim(file, table, &step);
        step.claims.push(claim);
    }
    file.close(table);
    step
}

fn question<'t>(file: &mut File<'t>, mut table: Table<'t>) -> Question {
    let ask = file.text(&mut table, "ask");
    let (answers, right) = answers(file, &mut table);
    let train = file.number(&mut table, "train");
    let show = place(file, &mut table, "show");
    let then = match (train, show) {
        (Some(n_steps), None) => Then::Train(n_steps),
        (None, Some(place)) => Then::Show(Box::new(place)),
        _ => {
            let problem = "a question has either 'train', a number of steps, or 'show', a link";
            file.wrong(table.start(), problem);
            Then::Train(1)
        }
    };
    file.close(table);
    Question {
        ask,
        answers,
        right,
        then,
    }
}

/// Three, and which is right.
fn answers<'t>(file: &mut File<'t>, table: &mut Table<'t>) -> ([String; 3], usize) {
    let given = plain(file.texts(table, "answers"));
    let answers = <[String; 3]>::try_from(given).unwrap_or_else(|given| {
        let problem = format!("'answers' are three, not {}", given.len());
        file.wrong(table.start(), problem);
        Default::default()
    });
    let right = file.number(table, "right");
    let index = match right {
        Some(right @ 1..=3) => right as usize - 1,
        _ => {
            file.wrong(table.start(), "'right' is 1, 2 or 3");
            0
        }
    };
    (answers, index)
}

fn claim<'t>(file: &mut File<'t>, mut table: Table<'t>, step: &Step) -> Claim {
    let says = file.text(&mut table, "says");
    let texts = file.texts(&mut table, "holds");
    if texts.is_empty() {
        file.wrong(table.start(), "a claim 'holds' by at least one condition");
    }
    // What a question leads to is what is claimed of.
    let scenario = match step.question.as_ref().map(|question| &question.then) {
        Some(Then::Show(place)) => &place.scenario,
        _ => &step.place.scenario,
    };
    let mut conditions = Vec::new();
    for (text, at) in texts {
        match Condition::new(&text, scenario, step.end_step()) {
            Ok(condition) => conditions.push(condition),
            Err(error) => file.wrong(at, format!("{text}: {error}")),
        }
    }
    file.close(table);
    Claim { says, conditions }
}

fn quiz_question<'t>(file: &mut File<'t>, mut table: Table<'t>) -> Quiz {
    let ask = file.text(&mut table, "ask");
    let picture = picture(file, &mut table);
    let (answers, right) = answers(file, &mut table);
    let why = file.text(&mut table, "why");
    file.close(table);
    Quiz {
        ask,
        picture,
        answers,
        right,
        why,
    }
}

fn card<'t>(file: &mut File<'t>, mut table: Table<'t>) -> Card {
    let front = file.text(&mut table, "front");
    let picture = picture(file, &mut table);
    let back = file.text(&mut table, "back");
    file.close(table);
    Card {
        front,
        picture,
        back,
    }
}

fn picture<'t>(file: &mut File<'t>, table: &mut Table<'t>) -> Option<Picture> {
    let curve = place(file, table, "curve");
    let run = place(file, table, "run");
    match (curve, run) {
        (Some(_), Some(_)) => {
            file.wrong(table.start(), "one picture: 'curve' or 'run'");
            None
        }
        (curve, run) => curve.map(Picture::Curve).or(run.map(Picture::Run)),
    }
}

fn notes<'t>(file: &mut File<'t>, mut table: Table<'t>) -> Teacher {
    let notes = Teacher {
        show: plain(file.texts(&mut table, "show")),
        ask: plain(file.texts(&mut table, "ask")),
        replies: plain(file.texts(&mut table, "replies")),
    };
    file.close(table);
    notes
}

fn prose<'t>(file: &mut File<'t>, table: &mut Table<'t>, key: &'static str) -> Option<Prose> {
    let (text, at) = file.text_if_any(table, key)?;
    match Prose::new(&text) {
        Ok(prose) => Some(prose),
        Err(problem) => {
            file.wrong(at, format!("{key}: {problem}"));
            Some(Prose::default())
        }
    }
}

fn place<'t>(file: &mut File<'t>, table: &mut Table<'t>, key: &'static str) -> Option<Place> {
    let (text, at) = file.text_if_any(table, key)?;
    match Place::new(&text) {
        Ok(place) => Some(place),
        Err(problem) => {
            file.wrong(at, format!("{key}: {problem}"));
            None
        }
    }
}

/// Stands for a link that could not be read: the file is refused.
fn nowhere() -> Place {
    Place {
        link: String::new(),
        scenario: crate::scenario::Scenario::default(),
        at: 0,
        page: super::Page::default(),
    }
}

fn plain(texts: Vec<(String, usize)>) -> Vec<String> {
    texts.into_iter().map(|(text, _)| text).collect()
}
