//! What happened to one unit at one step, in sentences and numbers.

use super::{deed, health_name, unit_name};
use crate::health::story::{By, Moment, UnitStory};
use crate::health::{Cause, Health};
use crate::text::{count, number};

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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::activation::ActivationSpec;
    use crate::health::story::{DriftPoint, Parts};
    use crate::observe::Histogram;

    fn cause(bias_change: f64, weight_change_norm: f64) -> Option<Cause> {
        Some(Cause {
            learning_rate: 1.2,
            gradient_norm: 0.55,
            bias_change,
            weight_change_norm,
            ..Cause::default()
        })
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
}
