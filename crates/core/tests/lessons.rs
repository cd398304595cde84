//! The lessons that come with the page: their language, their length, and what they speak of.

use std::path::{Path, PathBuf};

use actiscope_core::lessons::{Course, Lesson, Prose, Step, Then, read_lesson};

/// Words of a step before its question is answered, and of what is told after it.
const STEP_WORDS: std::ops::RangeInclusive<usize> = 60..=120;
const MOST_TOLD_WORDS: usize = 80;
const MOST_WORDS_OF_A_SENTENCE: usize = 30;
/// Words a minute of somebody who reads to understand.
const WORDS_A_MINUTE: f64 = 130.0;

/// The panels that each view has, as the page names them.
const PANELS: [(&str, &[&str]); 5] = [
    (
        "scope",
        &["curve", "network", "boundary", "loss", "gradient", "events"],
    ),
    ("compare", &["losses", "results", "lanes"]),
    ("map", &["map-picture", "map-cell"]),
    ("atlas", &["curves", "atlas-strip"]),
    (
        "classify",
        &[
            "threshold",
            "confusion",
            "regions",
            "ranking",
            "reliability",
            "by-class",
            "misreads",
            "pad",
            "chosen",
            "units",
        ],
    ),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/lessons")
}

fn read(id: &str) -> Lesson {
    let text = std::fs::read_to_string(folder().join(format!("{id}.toml")));
    let text = text.unwrap_or_else(|error| panic!("{id}: {error}"));
    read_lesson(&text).unwrap_or_else(|errors| panic!("{id}: {errors:?}"))
}

fn lessons() -> Vec<(String, Lesson)> {
    let text = std::fs::read_to_string(folder().join("course.toml")).expect("it is there");
    let course = Course::read(&text).expect("it can be read");
    course
        .lessons
        .into_iter()
        .map(|node| (node.id.clone(), read(&node.id)))
        .collect()
}

fn words(prose: &Option<Prose>) -> usize {
    prose.as_ref().map_or(0, Prose::n_words)
}

/// Sentences end with a full stop, a question mark or a colon before a space.
fn longest_sentence(text: &str) -> (usize, String) {
    let mut longest = (0, String::new());
    let mut sentence: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        sentence.push(word);
        if word.ends_with(['.', '?', ':']) && sentence.len() > longest.0 {
            longest = (sentence.len(), sentence.join(" "));
        }
        if word.ends_with(['.', '?', ':']) {
            sentence.clear();
        }
    }
    longest
}

#[test]
fn every_file_is_of_the_course() {
    let ids: Vec<String> = lessons().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 13);
    for entry in std::fs::read_dir(folder()).expect("it is there") {
        let name = entry.expect("it can be listed").file_name();
        let name = name.to_string_lossy().replace(".toml", "");
        assert!(
            name == "course" || ids.contains(&name),
            "{name} is in no course"
        );
    }
}

#[test]
fn a_lesson_needs_only_what_comes_before_it() {
    let mut before: Vec<String> = Vec::new();
    for (id, lesson) in lessons() {
        for need in &lesson.needs {
            assert!(before.contains(need), "{id} needs {need}");
        }
        before.push(id);
    }
}

#[test]
fn prose_is_short_and_plain() {
    let mut wrong = Vec::new();
    for (id, lesson) in lessons() {
        let n_questions = lesson
            .steps
            .iter()
            .filter(|step| step.question.is_some())
            .count();
        println!(
            "{id}: {} words, {} minutes, {} steps, {n_questions} questions, {} claims",
            lesson.n_words(),
            lesson.minutes,
            lesson.steps.len(),
            lesson.n_claims()
        );
        for (at, step) in lesson.steps.iter().enumerate() {
            let place = format!("{id}, step {}", at + 1);
            let n = step.text.n_words() + words(&step.todo);
            if !STEP_WORDS.contains(&n) {
                wrong.push(format!("{place}: {n} words"));
            }
            let n = words(&step.happened) + words(&step.why);
            if n > MOST_TOLD_WORDS {
                wrong.push(format!("{place}: {n} words are told"));
            }
            for text in all_texts(step) {
                let (n, sentence) = longest_sentence(&text);
                if n > MOST_WORDS_OF_A_SENTENCE {
                    wrong.push(format!("{place}: {n} words: {sentence}"));
                }
                for unloved in ["neuron", "dying", "!", "—", "delve", "let's"] {
                    if text.to_ascii_lowercase().contains(unloved) {
                        wrong.push(format!("{place}: '{unloved}' in: {text}"));
                    }
                }
            }
        }
        let reading = lesson.n_words() as f64 / WORDS_A_MINUTE;
        if f64::from(lesson.minutes) < reading || f64::from(lesson.minutes) > reading + 8.0 {
            wrong.push(format!(
                "{id}: {} minutes for {reading:.1} of reading",
                lesson.minutes
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn all_texts(step: &Step) -> Vec<String> {
    let prose = [
        Some(&step.text),
        step.todo.as_ref(),
        step.happened.as_ref(),
        step.why.as_ref(),
    ];
    let mut texts: Vec<String> = prose
        .into_iter()
        .flatten()
        .map(|p| p.plain(|_| "7".into()))
        .collect();
    texts.extend(step.question.iter().map(|question| question.ask.clone()));
    texts.extend(step.claims.iter().map(|claim| claim.says.clone()));
    texts
}

#[test]
fn a_step_speaks_of_panels_that_its_view_has() {
    for (id, lesson) in lessons() {
        for (at, step) in lesson.steps.iter().enumerate() {
            let mut views = vec![step.place.page.view.as_deref().unwrap_or("scope")];
            if let Some(Then::Show(place)) = step.question.as_ref().map(|question| &question.then) {
                views.push(place.page.view.as_deref().unwrap_or("scope"));
            }
            for mark in step.marks(true) {
                let has = |view: &&str| {
                    PANELS
                        .iter()
                        .any(|(known, panels)| known == view && panels.contains(&mark))
                };
                assert!(
                    views.iter().any(has),
                    "{id}, step {}: no {mark} in {views:?}",
                    at + 1
                );
            }
        }
    }
}

#[test]
fn every_lesson_asks_and_claims() {
    for (id, lesson) in lessons() {
        let n_questions = lesson
            .steps
            .iter()
            .filter(|step| step.question.is_some())
            .count();
        assert!(
            n_questions >= 2 && lesson.n_claims() >= 3,
            "{id}: {n_questions} questions, {} claims",
            lesson.n_claims()
        );
        assert_eq!(lesson.quiz.len(), 2, "{id}");
        assert!(lesson.cards.len() >= 2, "{id}");
        let notes = &lesson.teacher;
        let has_all = [&notes.show, &notes.ask, &notes.replies]
            .iter()
            .all(|list| list.len() >= 2);
        assert!(has_all, "{id} says too little to a teacher");
    }
}

/// Of the right answers none is always in the same place.
#[test]
fn right_answers_are_spread() {
    let mut counts = [0; 3];
    for (_, lesson) in lessons() {
        for question in lesson
            .steps
            .iter()
            .filter_map(|step| step.question.as_ref())
        {
            counts[question.right] += 1;
        }
    }
    let n: usize = counts.iter().sum();
    assert!(counts.iter().all(|count| count * 6 >= n), "{counts:?}");
}
