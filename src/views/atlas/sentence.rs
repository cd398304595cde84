//! What the caption says of the functions at the crosshair. Pure, so that it is tested natively.

/// One chosen function at the crosshair's z.
#[derive(Clone, Debug, PartialEq)]
pub struct Passing {
    pub name: String,
    pub slope: f64,
    /// f'(z) is exactly 0 on a stretch about z.
    pub is_dead: bool,
    pub is_focused: bool,
}

/// A sentence with a word that matters most, and how that word is meant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sentence {
    pub before: String,
    pub emphasis: String,
    pub after: String,
    pub tone: &'static str,
}

/// What the focused function passes at z, which of the others passes least, and which pass nothing.
pub fn sentence(z: &str, functions: &[Passing]) -> Sentence {
    let Some(focused) = functions.iter().find(|f| f.is_focused) else {
        return Sentence {
            before: "Choose a function: its value, its slope and its curvature are drawn here."
                .into(),
            tone: "calm",
            ..Sentence::default()
        };
    };
    let others = || functions.iter().filter(|f| !f.is_focused);
    let nothing: Vec<&str> = (others().filter(|f| f.slope == 0.0))
        .map(|f| &*f.name)
        .collect();
    let least = others()
        .filter(|f| f.slope != 0.0 && f.slope.is_finite())
        .min_by(|a, b| a.slope.abs().total_cmp(&b.slope.abs()))
        .map(|f| format!("{} {}", f.name, share(f.slope)));
    let named = |tail: &str| {
        let nothing = (!nothing.is_empty()).then(|| format!("{} nothing", list(&nothing)));
        let parts: Vec<String> = least.clone().into_iter().chain(nothing).collect();
        match parts.is_empty() {
            true => tail.to_owned(),
            false => format!(", {}{tail}", parts.join(", ")),
        }
    };
    let name = &focused.name;
    if !focused.slope.is_finite() {
        return Sentence {
            before: format!("At z = {z} {name} has "),
            emphasis: "no slope".into(),
            after: ": it is not defined there, and a run that comes to it diverges.".into(),
            tone: "bad",
        };
    }
    if focused.slope == 0.0 {
        let tail = match focused.is_dead {
            true => ": a unit that stays there is dead.",
            false => ": flat for a moment, no dead zone.",
        };
        let others = least.map_or_else(String::new, |least| {
            format!(" Of the others {least} at least.")
        });
        return Sentence {
            before: format!("{name} at z = {z} passes "),
            emphasis: "nothing".into(),
            after: format!(" of the gradient{tail}{others}"),
            tone: if focused.is_dead { "bad" } else { "slow" },
        };
    }
    let tail = match functions.iter().any(|f| !f.is_focused && f.is_dead) {
        true => ": a unit that stays there is dead.",
        false => ".",
    };
    Sentence {
        before: format!("At z = {z} {name} passes "),
        emphasis: share(focused.slope),
        after: format!(" of the gradient{}", named(tail)),
        tone: if focused.slope.abs() < 0.05 {
            "slow"
        } else {
            "good"
        },
    }
}

fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// `22.3 %`: a slope as the part of a gradient that it passes.
fn share(slope: f64) -> String {
    let percent = 100.0 * slope.abs();
    let text = match percent {
        p if (99.95..100.0).contains(&p) => "just under 100".to_owned(),
        p if p < 0.05 => "under 0.1".to_owned(),
        _ => {
            let text = format!("{percent:.1}");
            text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
        }
    };
    let sign = if slope < 0.0 { "−" } else { "" };
    format!("{sign}{text} %")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(slopes: &[(&str, f64, bool)], expected: Expect) {
        let functions: Vec<Passing> = (slopes.iter().enumerate())
            .map(|(i, (name, slope, is_dead))| Passing {
                name: (*name).to_owned(),
                slope: *slope,
                is_dead: *is_dead,
                is_focused: i == 0,
            })
            .collect();
        let s = sentence("−1.5", &functions);
        expected.assert_eq(&format!("{}[{}]{}", s.before, s.emphasis, s.after));
    }

    #[test]
    fn it_says_who_passes_what() {
        check(
            &[
                ("ELU", 0.2231, false),
                ("Leaky ReLU", 0.01, false),
                ("ReLU", 0.0, true),
                ("Tanh", 0.18, false),
            ],
            expect![
                "At z = −1.5 ELU passes [22.3 %] of the gradient, Leaky ReLU 1 %, ReLU nothing: a unit that stays there is dead."
            ],
        );
        check(
            &[("Identity", 1.0, false)],
            expect!["At z = −1.5 Identity passes [100 %] of the gradient."],
        );
        check(
            &[("GELU", -0.127, false), ("Sine", 0.0, false)],
            expect!["At z = −1.5 GELU passes [−12.7 %] of the gradient, Sine nothing."],
        );
    }

    #[test]
    fn a_dead_zone_comes_first() {
        check(
            &[("ReLU", 0.0, true), ("ELU", 0.2231, false)],
            expect![
                "ReLU at z = −1.5 passes [nothing] of the gradient: a unit that stays there is dead. Of the others ELU 22.3 % at least."
            ],
        );
        check(
            &[("Sine", 0.0, false)],
            expect![
                "Sine at z = −1.5 passes [nothing] of the gradient: flat for a moment, no dead zone."
            ],
        );
        check(
            &[("Own 1", f64::NAN, false)],
            expect![
                "At z = −1.5 Own 1 has [no slope]: it is not defined there, and a run that comes to it diverges."
            ],
        );
        check(
            &[],
            expect!["Choose a function: its value, its slope and its curvature are drawn here.[]"],
        );
    }
}
