use expect_test::{Expect, expect};

use super::*;
use crate::observe::Health;
use crate::scenario::Scenario;

#[test]
fn quantities_have_names() {
    let check = |text: &str, expect: Result<Quantity, &str>| {
        let read = Quantity::new(text).map_err(|error| error.to_string());
        match (read, expect) {
            (Ok(read), Ok(expect)) => assert_eq!(read, expect, "{text}"),
            (Err(told), Err(begin)) => assert!(told.starts_with(begin), "{text}: {told}"),
            (read, expect) => panic!("{text}: {read:?}, not {expect:?}"),
        }
    };
    check("loss", Ok(Quantity::Loss));
    check("dead", Ok(Quantity::Units(Health::Dead, None)));
    check(
        "dead in layer 3",
        Ok(Quantity::Units(Health::Dead, Some(3))),
    );
    check("slope at -2.5", Ok(Quantity::SlopeAt(-2.5)));
    check("steps to loss 0.1", Ok(Quantity::StepsToLoss(0.1)));
    check("gradient", Err("'gradient' is of a layer"));
    check("loss in layer 1", Err("'loss' is of no layer"));
    check("dead in layer 0", Err("'0' is no number"));
    check("slope at all", Err("'all' is no number"));
    check(
        "happiness",
        Err("there is no quantity 'happiness'. Choose among loss,"),
    );
}

#[test]
fn conditions_are_read() {
    let check = |text: &str, expect: Expect| {
        let base = Scenario::default();
        let told = match Condition::new(text, &base, 60) {
            Err(error) => format!("! {error}"),
            Ok(c) => {
                let against = c
                    .against
                    .map(|(how, other)| (how, other.training.learning_rate));
                format!(
                    "{:?} {} to {} share {} step {} lr {} against {against:?} seeds {:?}",
                    c.quantity,
                    c.least,
                    c.most,
                    c.is_of_share,
                    c.step,
                    c.with.training.learning_rate,
                    c.seeds,
                )
            }
        };
        expect.assert_eq(&told);
    };
    check(
        "dead 5 to 9",
        expect!["Units(Dead, None) 5 to 9 share false step 60 lr 1.6 against None seeds (1, 1)"],
    );
    check(
        "dead in layer 2 >= 80 % at step 200 with lr=1.6 on 4 of 5 seeds",
        expect![
            "Units(Dead, Some(2)) 0.8 to inf share true step 200 lr 1.6 against None seeds (4, 5)"
        ],
    );
    check(
        "accuracy 40 % to 60 %",
        expect!["Accuracy 0.4 to 0.6 share false step 60 lr 1.6 against None seeds (1, 1)"],
    );
    check(
        "loss <= 0.5 times with lr=0.3 against lr=0.01",
        expect![
            "Loss -inf to 0.5 share false step 60 lr 0.3 against Some((Times, 0.01)) seeds (1, 1)"
        ],
    );
    check(
        "slope at 0 = 0.25",
        expect!["SlopeAt(0.0) 0.25 to 0.25 share false step 60 lr 1.6 against None seeds (1, 1)"],
    );
    check(
        "steps to loss 0.1 <= 1,000",
        expect!["! '1,000' is no number"],
    );
    check(
        "loss",
        expect!["! write a quantity and a bound: dead in layer 2 >= 80 % at step 200"],
    );
    check(
        "loss <= 0.5 times",
        expect![
            "! 'times' and 'more' hold a network against another: say which with 'against lr=0.1'"
        ],
    );
    check(
        "loss <= 1 soon",
        expect!["! 'soon' is not understood. Clauses: at step, with, times, more, against, on"],
    );
    check(
        "loss <= 1 with sofa=1",
        expect![
            "! with sofa=1: sofa: there is no such setting: choose s, d, n, nz, t, vs, im, rs, std, stdy, h, a, f, p, as, pr, bn, i, iw, g, l, cw, o, lr, lrs, sch, wu, b, or, l1, l2, clip, dr, width, depth, lr1, lr2, lr3, lr4"
        ],
    );
    check(
        "loss <= 1 on 6 of 5 seeds",
        expect!["! on 6 of 5 seeds: there are 1 to 50"],
    );
}

#[test]
fn a_false_condition_does_not_hold() {
    let base = Scenario::default();
    let measured = |value: f64, of: usize| {
        Some(Measured {
            value,
            of: (of > 0).then_some(of),
        })
    };
    let check = |text: &str, own, other, expect: bool| {
        let condition = Condition::new(text, &base, 0).expect(text);
        assert_eq!(
            condition.judge(own, other).holds,
            expect,
            "{text}: {own:?} {other:?}"
        );
    };
    check("dead 5 to 9", measured(7.0, 24), None, true);
    check("dead 5 to 9", measured(10.0, 24), None, false);
    check("dead >= 50 %", measured(12.0, 24), None, true);
    check("dead >= 50 %", measured(11.0, 24), None, false);
    check("dead 5 to 9", None, None, false);
    check(
        "loss <= 0.5 times against lr=1",
        measured(0.1, 0),
        measured(0.3, 0),
        true,
    );
    check(
        "loss <= 0.5 times against lr=1",
        measured(0.2, 0),
        measured(0.3, 0),
        false,
    );
    check(
        "loss <= 0.5 times against lr=1",
        measured(0.2, 0),
        None,
        false,
    );
    check(
        "mean logit >= 2 more against lr=1",
        measured(1.0, 0),
        measured(-1.5, 0),
        true,
    );
    check(
        "mean logit >= 2 more against lr=1",
        measured(1.0, 0),
        measured(-0.5, 0),
        false,
    );
}

#[test]
fn prose_has_marks_and_values() {
    let prose = Prose::new("**{dead} are** dead in\nthe [network](network).\n\nSo be it.");
    let Err(problem) = prose else {
        panic!("values do not stand within emphasis");
    };
    assert!(problem.contains("{dead"), "{problem}");
    let prose = Prose::new("{dead} are **dead** in\nthe [network](network).\n\nSo be it.")
        .expect("it is well formed");
    assert_eq!(
        prose.plain(|_| "7".into()),
        "7 are dead in the network. So be it."
    );
    assert_eq!(prose.n_words(), 9);
    assert_eq!(prose.panels().collect::<Vec<_>>(), ["network"]);
    assert!(
        Prose::new("{dead").is_err() && Prose::new("[so](").is_err() && Prose::new("**so").is_err()
    );
}

/// A lesson of one step, as small as can be.
const SMALL: &str = r##"
title = "T"
tagline = "t"
about = "a"
[[step]]
title = "S"
text = "Look at the [curve](curve)."
link = "#v=1&lr=0.3&at=12&w=map&mp=relu"
happened = "{dead}"
[step.question]
ask = "q"
answers = ["a", "b", "c"]
right = 3
train = 60
[[step.claim]]
says = "c"
holds = ["dead = 0"]
"##;

#[test]
fn a_lesson_is_read() {
    let lesson = read_lesson(SMALL).expect("it is well formed");
    let step = &lesson.steps[0];
    assert_eq!((step.place.at, step.end_step()), (12, 72));
    assert_eq!(step.place.page.view.as_deref(), Some("map"));
    assert_eq!(step.place.page.chosen, [("mp".into(), "relu".into())]);
    assert_eq!(step.place.scenario.training.learning_rate, 0.3);
    assert_eq!(step.question.as_ref().map(|q| q.right), Some(2));
    assert_eq!(step.claims[0].conditions[0].step, 72);
    assert_eq!((step.marks(false), lesson.n_claims()), (vec!["curve"], 1));
}

#[test]
fn what_is_wrong_is_told_by_its_line() {
    let check = |from: &str, to: &str, expect: Expect| {
        assert!(SMALL.contains(from), "{from}");
        let told = match read_lesson(&SMALL.replacen(from, to, 1)) {
            Ok(_) => "nothing".to_owned(),
            Err(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                lines.join("\n")
            }
        };
        expect.assert_eq(&told);
    };
    check("title = \"T\"\n", "", expect!["line 1: 'title' is missing"]);
    check(
        "right = 3",
        "right = 4",
        expect!["line 10: 'right' is 1, 2 or 3"],
    );
    check(
        "\"c\"]",
        "]",
        expect!["line 10: 'answers' are three, not 2"],
    );
    check(
        "lr=0.3",
        "lr=fast",
        expect!["line 8: link: lr=fast: choose 0.0001 to 10; 1.6 is used"],
    );
    check(
        "{dead}",
        "{happy}",
        expect![
            "line 9: happened: {happy}: there is no quantity 'happy'. Choose among loss, test loss, accuracy, test accuracy, alive, saturated, dead, peak dead, zero slopes, gradient ratio, spread ratio, diverged, majority, recall, precision, specificity, F1, AUC, log loss, ECE, Brier, mean logit, temperature, calibrated ECE, calibrated log loss, max slope, matrix gap, alive in layer 1, saturated in layer 1, dead in layer 1, zero slopes in layer 1, z mean in layer 1, z spread in layer 1, gradient in layer 1, update ratio in layer 1, alpha in layer 1, steps to loss 0.1, f at 0.1, slope at 0.1."
        ],
    );
    check(
        "dead = 0",
        "dead == 0",
        expect![
            "line 17: dead == 0: write a quantity and a bound: dead in layer 2 >= 80 % at step 200"
        ],
    );
    check(
        "train = 60",
        "trian = 60",
        expect![[r#"
        line 10: a question has either 'train', a number of steps, or 'show', a link
        line 14: there is no such key: did you mean train?"#]],
    );
    check(
        "train = 60",
        "train = \"x\"",
        expect![[r#"
        line 10: a question has either 'train', a number of steps, or 'show', a link
        line 14: 'train' is to be a whole number"#]],
    );
    check(
        "ask = \"q\"",
        "ask = 3",
        expect!["line 11: 'ask' is to be a text; here is: integer"],
    );
    check(
        "ask = \"q\"",
        "ask = \"q",
        expect![[r#"line 11: invalid character in string: `\n`"#]],
    );
}
