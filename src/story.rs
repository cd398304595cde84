//! What happened to a unit, a layer or the run, as a sentence. Pure, so that it is tested natively.

use actiscope_core::health::{Cause, Health, HealthEvent, What};

use crate::text::number;

/// A sentence whose first part is emphasised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    pub subject: String,
    pub rest: String,
}

/// How an event is drawn: by shape as well as by colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Died,
    Revived,
    Saturated,
    Trouble,
    Edit,
}

impl Mark {
    pub fn class(self) -> &'static str {
        match self {
            Self::Died => "mark died",
            Self::Revived => "mark revived",
            Self::Saturated => "mark saturated",
            Self::Trouble => "mark trouble",
            Self::Edit => "mark edit",
        }
    }
}

pub fn mark(what: &What) -> Mark {
    match what {
        What::Unit { to, .. } => match to {
            Health::Dead => Mark::Died,
            Health::Saturated => Mark::Saturated,
            Health::Alive => Mark::Revived,
        },
        What::BornDead { .. } | What::Diverged { .. } => Mark::Trouble,
        What::Edited { .. } => Mark::Edit,
    }
}

/// "Layer 2 unit 7 died." and why. `n_hidden` tells the output layer from a hidden one.
pub fn story(event: &HealthEvent, n_hidden: usize) -> Story {
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
    Story { subject, rest }
}

pub fn unit_name(layer: usize, unit: usize) -> String {
    format!("Layer {} unit {}", layer + 1, unit + 1)
}

/// Hidden layers by number; what comes after them is the output layer.
pub fn layer_name(layer: usize, n_hidden: usize) -> String {
    if layer < n_hidden {
        format!("layer {}", layer + 1)
    } else {
        "the output layer".into()
    }
}

/// What moved the unit's z: its own parameters, or what feeds it.
fn mover(cause: Option<&Cause>, layer: usize) -> String {
    let Some(cause) = cause else {
        return "Your change did it.".into();
    };
    let Cause {
        learning_rate,
        gradient_norm,
        bias_change,
        weight_change_norm,
    } = *cause;
    if bias_change == 0.0 && weight_change_norm == 0.0 {
        return if layer == 0 {
            "Nothing of its own moved.".into()
        } else {
            format!("Its own weights stood still: layer {layer} moved under it.")
        };
    }
    let moved = if bias_change.abs() >= 0.25 * weight_change_norm {
        format!("moved its bias by {}", number(bias_change, 2))
    } else {
        format!(
            "moved its weights by {} (norm)",
            number(weight_change_norm, 2)
        )
    };
    format!(
        "One update {moved} (learning rate {}, gradient norm {}).",
        number(learning_rate, 2),
        number(gradient_norm, 2)
    )
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(step: u64, what: What, cause: Option<Cause>, expect: Expect) {
        let Story { subject, rest } = story(&HealthEvent { step, what, cause }, 3);
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
                "Layer 2 unit 7 died. One update moved its weights by 0.4 (norm) (learning rate 1.2, gradient norm 0.55)."
            ],
        );
        check(
            182,
            unit(Dead, Alive),
            cause(0.0, 0.0),
            expect!["Layer 2 unit 7 revived. Its own weights stood still: layer 1 moved under it."],
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
}
