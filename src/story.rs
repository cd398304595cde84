//! What happened to a unit, a layer or the run, as a sentence. Pure, so that it is tested natively.

use actiscope_core::health::story::{By, Moment, StoryRequest, UnitStory};
use actiscope_core::health::{Cause, Health, HealthEvent, Moved, What};

use crate::text::{count, number};

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

/// "moved its bias by −0.66"; where its own moved too little, how: "hardly moved".
fn deed(cause: &Cause) -> Result<String, &'static str> {
    Ok(match cause.moved() {
        Moved::Nothing => return Err("stood still"),
        Moved::NextToNothing => return Err("hardly moved"),
        Moved::Bias(change) => format!("moved its bias by {}", number(change, 2)),
        Moved::Weights(norm) => format!("moved its weights by {}", number(norm, 2)),
        Moved::Norm(norm) => format!("moved its scale and shift by {}", number(norm, 2)),
    })
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

/// Whether a line of the log opens a story.
pub fn has_story(event: &HealthEvent) -> bool {
    matches!(event.what, What::Unit { .. } | What::Diverged { .. })
}

/// A story in one sentence.
pub fn headline(story: &UnitStory) -> String {
    let name = unit_name(story.layer, story.unit);
    let at = format!("at step {}", count(story.step));
    let deed = match (story.from, story.to, &story.by) {
        (_, Health::Dead, By::Start) => "was born dead".into(),
        (_, Health::Saturated, By::Start) => "was born saturated".into(),
        (_, health, By::Nothing(_)) => format!("is {} {at}", health_name(health)),
        (_, Health::Dead, _) => format!("died {at}"),
        (Health::Dead, Health::Alive, _) => format!("revived {at}"),
        (Health::Dead, Health::Saturated, _) => format!("came back {at}, saturated"),
        (_, Health::Saturated, _) => format!("saturated {at}"),
        (_, Health::Alive, _) => format!("left saturation {at}"),
    };
    let why = match &story.by {
        By::Start => "its first weights give it next to no slope".into(),
        By::Nothing(_) => "nothing happened to it then".into(),
        By::Edit { text } => format!("your change did it ({text})"),
        By::Update(cause) => what_did_it(story, cause),
    };
    format!("{name} {deed}: {why}.")
}

/// Which part of the update it was.
fn what_did_it(story: &UnitStory, cause: &Cause) -> String {
    let layer = story.layer;
    let deed = match (deed(cause), layer) {
        (Ok(deed), _) => deed,
        (Err(_), 0) => return "nothing of its own moved".into(),
        (Err(how), _) => return format!("its own weights {how} and layer {layer} moved under it"),
    };
    let did_it = |part| part == story.to;
    match story
        .parts
        .map(|parts| (did_it(parts.own), did_it(parts.below)))
    {
        None | Some((true, false)) => format!("one update {deed}"),
        Some((false, true)) => {
            format!("one update {deed}, yet layer {layer}, moving under it, did it")
        }
        Some((true, true)) => {
            format!("one update {deed} and layer {layer} under it: either was enough")
        }
        Some((false, false)) => {
            format!("one update {deed} and layer {layer} under it: it took both")
        }
    }
}

pub fn health_name(health: Health) -> &'static str {
    match health {
        Health::Alive => "alive",
        Health::Saturated => "saturated",
        Health::Dead => "dead",
    }
}

/// The numbers of the update: name and value.
pub fn update_rows(story: &UnitStory) -> Vec<(&'static str, String)> {
    let (By::Update(cause) | By::Nothing(Some(cause))) = &story.by else {
        return Vec::new();
    };
    let mut rows = vec![
        ("gradient norm", number(cause.gradient_norm, 2)),
        ("learning rate", number(cause.learning_rate, 2)),
        ("Δ bias", number(cause.bias_change, 2)),
        ("|Δ weights|", number(cause.weight_change_norm, 2)),
    ];
    if cause.norm_change > 0.0 {
        rows.push(("|Δ scale, shift|", number(cause.norm_change, 2)));
    }
    if story.layer > 0 {
        rows.push(("|Δ below|", number(cause.below_change, 2)));
    }
    rows
}

/// The two histograms in words.
pub fn describe_z(story: &UnitStory) -> String {
    let range = |moment: &Moment| {
        let ends = [moment.point.z_min, moment.point.z_max];
        let [low, high] = ends.map(|z| number(f64::from(z), 2));
        let share = 100.0 * moment.point.zero_slope_share;
        format!("from {low} to {high}, {share:.0} % of it at slope 0")
    };
    let name = unit_name(story.layer, story.unit).to_ascii_lowercase();
    match &story.before {
        Some(before) => format!(
            "z of {name} before: {}. After: {}.",
            range(before),
            range(&story.after)
        ),
        None => format!("z of {name}: {}.", range(&story.after)),
    }
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
    use actiscope_core::activation::ActivationSpec;
    use actiscope_core::health::story::{DriftPoint, Parts};
    use actiscope_core::protocol::Histogram;
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

    fn told(by: By, from: Health, to: Health) -> UnitStory {
        let point = |step, z_max: f32| DriftPoint {
            step,
            z_min: -2.0,
            z_q1: -1.0,
            z_q3: -0.5,
            z_max,
            z_mean: -0.75,
            zero_slope_share: if z_max > 0.0 { 0.9 } else { 1.0 },
        };
        let moment = |step, z_max| Moment {
            z: Histogram::default(),
            point: point(step, z_max),
            weights: vec![0.5, -0.5],
            bias: -0.4,
            norm_shift: None,
        };
        UnitStory {
            layer: 1,
            unit: 6,
            step: 1_180,
            from,
            to,
            by,
            parts: None,
            activation: ActivationSpec::new("relu"),
            before: Some(moment(1_179, 0.3)),
            after: moment(1_180, -0.1),
            drift: Vec::new(),
            recovery: None,
        }
    }

    #[test]
    fn a_story_has_a_headline() {
        use Health::{Alive, Dead, Saturated};
        let check = |by, from, to, expect: Expect| expect.assert_eq(&headline(&told(by, from, to)));
        let update = |bias, weights| By::Update(cause(bias, weights).expect("a cause"));
        check(
            update(-0.66, 0.4),
            Alive,
            Dead,
            expect!["Layer 2 unit 7 died at step 1,180: one update moved its bias by −0.66."],
        );
        check(
            update(0.0, 0.0),
            Dead,
            Alive,
            expect![
                "Layer 2 unit 7 revived at step 1,180: its own weights stood still and layer 1 moved under it."
            ],
        );
        let of_parts = |own, below| {
            let mut story = told(update(-0.66, 0.4), Alive, Dead);
            story.parts = Some(Parts { own, below });
            headline(&story)
        };
        let heads = [
            of_parts(Dead, Alive),
            of_parts(Alive, Dead),
            of_parts(Dead, Dead),
            of_parts(Alive, Saturated),
        ];
        expect![[r#"
            Layer 2 unit 7 died at step 1,180: one update moved its bias by −0.66.
            Layer 2 unit 7 died at step 1,180: one update moved its bias by −0.66, yet layer 1, moving under it, did it.
            Layer 2 unit 7 died at step 1,180: one update moved its bias by −0.66 and layer 1 under it: either was enough.
            Layer 2 unit 7 died at step 1,180: one update moved its bias by −0.66 and layer 1 under it: it took both."#]]
        .assert_eq(&heads.join("\n"));
        check(
            update(-0.01, 0.4),
            Alive,
            Saturated,
            expect!["Layer 2 unit 7 saturated at step 1,180: one update moved its weights by 0.4."],
        );
        check(
            update(-0.01, 0.4),
            Saturated,
            Alive,
            expect![
                "Layer 2 unit 7 left saturation at step 1,180: one update moved its weights by 0.4."
            ],
        );
        check(
            By::Start,
            Alive,
            Dead,
            expect!["Layer 2 unit 7 was born dead: its first weights give it next to no slope."],
        );
        check(
            By::Nothing(None),
            Alive,
            Alive,
            expect!["Layer 2 unit 7 is alive at step 1,180: nothing happened to it then."],
        );
        let text = "activation Leaky ReLU".into();
        check(
            By::Edit { text },
            Dead,
            Saturated,
            expect![
                "Layer 2 unit 7 came back at step 1,180, saturated: your change did it (activation Leaky ReLU)."
            ],
        );
    }

    #[test]
    fn a_story_has_numbers_in_words() {
        let mut story = told(
            By::Update(cause(-0.66, 0.4).expect("a cause")),
            Health::Alive,
            Health::Dead,
        );
        expect!["z of layer 2 unit 7 before: from −2 to 0.3, 90 % of it at slope 0. After: from −2 to −0.1, 100 % of it at slope 0."].assert_eq(&describe_z(&story));
        let rows: Vec<String> = update_rows(&story)
            .into_iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        expect![
            "gradient norm 0.55, learning rate 1.2, Δ bias −0.66, |Δ weights| 0.4, |Δ below| 0"
        ]
        .assert_eq(&rows.join(", "));
        story.by = By::Start;
        assert!(update_rows(&story).is_empty());
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
