//! What happened to a unit, a layer or the run, as a sentence.

use super::{deed, layer_name, unit_name};
use crate::health::story::StoryRequest;
use crate::health::{Cause, Health, HealthEvent, What};
use crate::text::{count, number};

/// A sentence whose first part is emphasised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub subject: String,
    pub rest: String,
}

/// "Layer 2 unit 7 died." and why. `n_hidden` tells the output layer from a hidden one.
pub fn sentence(event: &HealthEvent, n_hidden: usize) -> Sentence {
    let (subject, rest) = match &event.what {
        What::Unit {
            layer,
            unit,
            from,
            to,
        } => {
            let name = unit_name(*layer, *unit);
            let cause = event.cause.as_ref();
            match (from, to) {
                (_, Health::Dead) if event.step == 0 => (
                    format!("{name} was born dead."),
                    "Its first weights give it slope 0 on every sample.".into(),
                ),
                (_, Health::Dead) => (format!("{name} died."), mover(cause, *layer)),
                (Health::Dead, Health::Saturated) => (
                    format!("{name} gets gradient again,"),
                    "though little: it is saturated.".into(),
                ),
                (Health::Dead, Health::Alive) => (format!("{name} revived."), mover(cause, *layer)),
                (_, Health::Saturated) => (
                    format!("{name} saturated."),
                    "Its slope is under 5 % of the maximum on 95 % of the samples.".into(),
                ),
                (_, Health::Alive) => (format!("{name} left saturation."), mover(cause, *layer)),
            }
        }
        What::BornDead { layer } => (
            format!("Layer {} was born dead.", layer + 1),
            "The output is the same for every input.".into(),
        ),
        What::Diverged { layer } => (
            "Training diverged.".into(),
            match layer {
                Some(layer) => format!(
                    "The first parameter that is not finite is in {}.",
                    layer_name(*layer, n_hidden)
                ),
                None => "The loss grew to over a million times its first value.".into(),
            },
        ),
        What::Edited { text } => (format!("Changed: {text}."), String::new()),
    };
    Sentence { subject, rest }
}

/// What moved the unit's z: its own parameters, or what feeds it.
fn mover(cause: Option<&Cause>, layer: usize) -> String {
    let Some(cause) = cause else {
        return "Your change did it.".into();
    };
    match (deed(cause), layer) {
        (Ok(deed), _) => format!(
            "One update {deed} (learning rate {}, gradient norm {}).",
            number(cause.learning_rate, 2),
            number(cause.gradient_norm, 2)
        ),
        (Err(_), 0) => "Nothing of its own moved.".into(),
        (Err(how), _) => format!("Its own weights {how}: layer {layer} moved under it."),
    }
}

/// The story that an event begins: of a unit alone.
pub fn request_of(event: &HealthEvent) -> Option<StoryRequest> {
    match event.what {
        What::Unit {
            layer, unit, to, ..
        } => Some(StoryRequest {
            layer,
            unit,
            step: event.step,
            to: Some(to),
        }),
        _ => None,
    }
}

/// Whether a line of the log opens a story.
pub fn has_story(event: &HealthEvent) -> bool {
    matches!(event.what, What::Unit { .. } | What::Diverged { .. })
}

/// How training came to diverge, in one sentence.
pub fn divergence_headline(event: &HealthEvent) -> String {
    let at = count(event.step);
    let Some(cause) = &event.cause else {
        return format!("Training diverged at step {at}: the loss went beyond all bounds.");
    };
    format!(
        "Training diverged at step {at}: at learning rate {} one update followed a gradient of norm {}.",
        number(cause.learning_rate, 2),
        number(cause.gradient_norm, 2)
    )
}

/// The numbers of the update that did it: name and value.
pub fn divergence_rows(event: &HealthEvent) -> Vec<(&'static str, String)> {
    let Some(cause) = &event.cause else {
        return Vec::new();
    };
    vec![
        ("gradient norm", number(cause.gradient_norm, 2)),
        ("learning rate", number(cause.learning_rate, 2)),
        ("|Δ biases|", number(cause.bias_change, 2)),
        ("|Δ weights|", number(cause.weight_change_norm, 2)),
    ]
}

/// What a screen reader is told of new events at once: not each of many.
pub fn announcement(events: &[HealthEvent]) -> Option<String> {
    let named = |event: &HealthEvent| match event.what {
        What::Unit { layer, unit, .. } => unit_name(layer, unit),
        _ => String::new(),
    };
    let told = |is_kind: &dyn Fn(Health, Health) -> bool, verb: &str| {
        let of_kind: Vec<&HealthEvent> = events
            .iter()
            .filter(|event| match event.what {
                What::Unit { from, to, .. } => is_kind(from, to),
                _ => false,
            })
            .collect();
        match &of_kind[..] {
            [] => None,
            [event] => Some(format!(
                "{} {verb} at step {}.",
                named(event),
                count(event.step)
            )),
            [first, .., last] if first.step == last.step => Some(format!(
                "{} units {verb} at step {}.",
                of_kind.len(),
                count(first.step)
            )),
            [first, .., last] => Some(format!(
                "{} units {verb} between steps {} and {}.",
                of_kind.len(),
                count(first.step),
                count(last.step)
            )),
        }
    };
    let diverged = events.iter().find_map(|event| {
        matches!(event.what, What::Diverged { .. })
            .then(|| format!("Training diverged at step {}.", count(event.step)))
    });
    let parts = [
        told(&|_, to| to == Health::Dead, "died"),
        told(
            &|from, to| from == Health::Dead && to != Health::Dead,
            "revived",
        ),
        diverged,
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(step: u64, what: What, cause: Option<Cause>, expect: Expect) {
        let Sentence { subject, rest } = sentence(&HealthEvent { step, what, cause }, 3);
        expect.assert_eq(&format!("{subject} {rest}"));
    }

    fn unit(from: Health, to: Health) -> What {
        What::Unit {
            layer: 1,
            unit: 6,
            from,
            to,
        }
    }

    fn cause(bias_change: f64, weight_change_norm: f64) -> Option<Cause> {
        Some(Cause {
            learning_rate: 1.2,
            gradient_norm: 0.55,
            bias_change,
            weight_change_norm,
            ..Cause::default()
        })
    }

    #[test]
    fn units_have_stories() {
        use Health::{Alive, Dead, Saturated};
        check(
            180,
            unit(Alive, Dead),
            cause(-0.66, 0.4),
            expect![
                "Layer 2 unit 7 died. One update moved its bias by −0.66 (learning rate 1.2, gradient norm 0.55)."
            ],
        );
        check(
            181,
            unit(Alive, Dead),
            cause(-0.01, 0.4),
            expect![
                "Layer 2 unit 7 died. One update moved its weights by 0.4 (learning rate 1.2, gradient norm 0.55)."
            ],
        );
        check(
            182,
            unit(Dead, Alive),
            cause(0.0, 0.0),
            expect!["Layer 2 unit 7 revived. Its own weights stood still: layer 1 moved under it."],
        );
        let moved_below = cause(1.2e-5, 1e-5).map(|cause| Cause {
            below_change: 0.3,
            ..cause
        });
        check(
            182,
            unit(Alive, Dead),
            moved_below,
            expect!["Layer 2 unit 7 died. Its own weights hardly moved: layer 1 moved under it."],
        );
        let shifted = cause(0.0, 0.01).map(|cause| Cause {
            norm_change: 0.4,
            ..cause
        });
        check(
            182,
            unit(Alive, Dead),
            shifted,
            expect![
                "Layer 2 unit 7 died. One update moved its scale and shift by 0.4 (learning rate 1.2, gradient norm 0.55)."
            ],
        );
        check(
            183,
            unit(Dead, Alive),
            None,
            expect!["Layer 2 unit 7 revived. Your change did it."],
        );
        check(
            0,
            unit(Alive, Dead),
            None,
            expect![
                "Layer 2 unit 7 was born dead. Its first weights give it slope 0 on every sample."
            ],
        );
        check(
            9,
            unit(Dead, Saturated),
            None,
            expect!["Layer 2 unit 7 gets gradient again, though little: it is saturated."],
        );
        check(
            9,
            unit(Alive, Saturated),
            cause(0.1, 0.1),
            expect![
                "Layer 2 unit 7 saturated. Its slope is under 5 % of the maximum on 95 % of the samples."
            ],
        );
    }

    #[test]
    fn runs_have_stories() {
        check(
            41,
            What::Diverged { layer: Some(3) },
            None,
            expect![
                "Training diverged. The first parameter that is not finite is in the output layer."
            ],
        );
        check(
            41,
            What::Diverged { layer: None },
            None,
            expect!["Training diverged. The loss grew to over a million times its first value."],
        );
        check(
            0,
            What::BornDead { layer: 0 },
            None,
            expect!["Layer 1 was born dead. The output is the same for every input."],
        );
        check(
            7,
            What::Edited {
                text: "learning rate 0.03".into(),
            },
            None,
            expect!["Changed: learning rate 0.03. "],
        );
    }

    #[test]
    fn a_divergence_names_its_update() {
        let event = |cause| HealthEvent {
            step: 1_041,
            what: What::Diverged { layer: Some(1) },
            cause,
        };
        expect![
            "Training diverged at step 1,041: at learning rate 1.2 one update followed a gradient of norm 0.55."
        ]
        .assert_eq(&divergence_headline(&event(cause(3.0, 40.0))));
        expect!["Training diverged at step 1,041: the loss went beyond all bounds."]
            .assert_eq(&divergence_headline(&event(None)));
        let rows = divergence_rows(&event(cause(3.0, 40.0)));
        let rows: Vec<String> = rows.iter().map(|(n, v)| format!("{n} {v}")).collect();
        expect!["gradient norm 0.55, learning rate 1.2, |Δ biases| 3, |Δ weights| 40"]
            .assert_eq(&rows.join(", "));
    }

    #[test]
    fn many_deaths_are_announced_as_one() {
        use Health::{Alive, Dead};
        let event = |step, from, to| HealthEvent {
            step,
            what: unit(from, to),
            cause: None,
        };
        let check = |events: &[HealthEvent], expect: Expect| {
            expect.assert_eq(&announcement(events).unwrap_or_default());
        };
        check(&[], expect![[""]]);
        check(
            &[event(180, Alive, Dead)],
            expect!["Layer 2 unit 7 died at step 180."],
        );
        let many = [
            event(20, Alive, Dead),
            event(25, Alive, Dead),
            event(60, Dead, Alive),
        ];
        check(
            &many,
            expect!["2 units died between steps 20 and 25. Layer 2 unit 7 revived at step 60."],
        );
        let diverged = HealthEvent {
            step: 41,
            what: What::Diverged { layer: None },
            cause: None,
        };
        check(&[diverged], expect!["Training diverged at step 41."]);
        assert_eq!(
            request_of(&many[0]).map(|r| (r.step, r.to)),
            Some((20, Some(Dead)))
        );
    }
}
