//! The sentence on top, for each stage of a step.

use super::{factor, gradient, plain, slope, times};
use crate::classify::Squash;
use crate::terms::Terms;
use crate::terms::path::{Factor, Link, Path, is_low};
use crate::text::decimals;

/// How far a step has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    #[default]
    Forward,
    Loss,
    Backward,
    Update,
}

impl Stage {
    pub const ALL: [Self; 4] = [Self::Forward, Self::Loss, Self::Backward, Self::Update];

    pub fn name(self) -> &'static str {
        match self {
            Self::Forward => "Forward",
            Self::Loss => "Loss",
            Self::Backward => "Backward",
            Self::Update => "Update",
        }
    }

    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    pub fn before(self) -> Option<Self> {
        Self::ALL.get((self as usize).wrapping_sub(1)).copied()
    }
}

/// What the button beside the sentence says.
pub fn next_label(stage: Stage) -> &'static str {
    match stage {
        Stage::Forward => "Next: the loss",
        Stage::Loss => "Next: go back",
        Stage::Backward => "Next: update",
        Stage::Update => "Do it, and start again",
    }
}

/// How a part of a sentence is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Strong,
    /// Trouble: a slope that lets hardly anything through, and what comes of it.
    Low,
}

/// A part of a sentence.
pub type Said = (Tone, String);

/// What happens at a stage. `names`: of the classes; where there are none they have numbers. `moved`: how far one update
/// moves the path's last and its first weight.
pub fn caption(
    stage: Stage,
    terms: &Terms,
    path: &Path,
    names: &[String],
    moved: [f64; 2],
) -> Vec<Said> {
    match stage {
        Stage::Forward => forward(terms, names),
        Stage::Loss => loss(terms, names),
        Stage::Backward => backward(terms, path),
        Stage::Update => update(terms, moved),
    }
}

fn say(text: impl Into<String>) -> Said {
    (Tone::Plain, text.into())
}

fn strong(text: impl Into<String>) -> Said {
    (Tone::Strong, text.into())
}

fn class_name(names: &[String], class: usize) -> String {
    names
        .get(class)
        .cloned()
        .unwrap_or_else(|| class.to_string())
}

/// Of what is compared with the target.
enum Task {
    /// One probability, of class 1.
    Two,
    Many,
    Number,
}

fn task(terms: &Terms) -> Task {
    match (terms.outputs().len(), terms.made_of.squash) {
        (1, Squash::Plain) => Task::Number,
        (1, _) => Task::Two,
        _ => Task::Many,
    }
}

fn forward(terms: &Terms, names: &[String]) -> Vec<Said> {
    let inputs: Vec<String> = terms.x.iter().map(|x| plain(*x)).collect();
    let goes_in = match &inputs[..] {
        [one] => format!("{one} goes in"),
        [few @ .., last] if few.len() < 4 => format!("{} and {last} go in", few.join(", ")),
        many => format!("{} inputs go in", many.len()),
    };
    let made_of = &terms.made_of;
    let truth = class_name(names, terms.y as usize);
    match task(terms) {
        Task::Number => vec![
            say(format!("{goes_in}; the network says ")),
            strong(plain(made_of.answers[0])),
            say(format!(", the target is {}.", plain(terms.y))),
        ],
        Task::Two => vec![
            say(format!("{goes_in}; the network says ")),
            strong(format!(
                "{} = {}",
                made_of.answer_name(),
                decimals(made_of.answers[0], 3)
            )),
            say(format!(", the class is {truth}.")),
        ],
        Task::Many => {
            let said = made_of.said();
            vec![
                say(format!(
                    "{goes_in}; the network says {} with ",
                    class_name(names, said)
                )),
                strong(format!(
                    "{} = {}",
                    made_of.answer_name(),
                    decimals(made_of.answers[said], 3)
                )),
                say(format!(", the class is {truth}.")),
            ]
        }
    }
}

fn loss(terms: &Terms, names: &[String]) -> Vec<Said> {
    let made_of = &terms.made_of;
    let costs = strong(super::loss(terms.loss));
    match task(terms) {
        Task::Number => {
            let error = made_of.answers[0] - terms.y;
            vec![
                say(format!("An error of {} costs ", plain(error))),
                costs,
                say("."),
            ]
        }
        Task::Two => {
            let p = made_of.answers[0];
            let of_true = if terms.y > 0.5 { p } else { 1.0 - p };
            let judged = how_sure(of_true > 0.5, of_true.max(1.0 - of_true));
            vec![
                say(format!(
                    "{} = {} for class {} costs ",
                    made_of.answer_name(),
                    decimals(p, 3),
                    class_name(names, terms.y as usize)
                )),
                costs,
                say(format!(": an answer {judged}.")),
            ]
        }
        Task::Many => {
            let truth = terms.y as usize;
            let said = made_of.said();
            let judged = how_sure(said == truth, made_of.answers[said]);
            vec![
                say(format!(
                    "{} = {} for {}, its class, costs ",
                    made_of.answer_name(),
                    decimals(made_of.answers[truth], 3),
                    class_name(names, truth)
                )),
                costs,
                say(format!(": an answer {judged}.")),
            ]
        }
    }
}

/// `share`: of what is said.
fn how_sure(is_right: bool, share: f64) -> &'static str {
    match (is_right, share >= 0.75) {
        (true, true) => "right, and sure of it",
        (true, false) => "right, and not sure",
        (false, true) => "wrong, and sure of it",
        (false, false) => "wrong, and not sure",
    }
}

fn backward(terms: &Terms, path: &Path) -> Vec<Said> {
    let factors = path.factors(terms);
    let Some(error) = factors.first() else {
        return Vec::new();
    };
    let product: f64 = factors.iter().map(|factor| factor.value).product();
    let mut said = vec![
        say("Along this path an error of "),
        strong(factor(error.value)),
        say(" becomes "),
    ];
    let slopes: Vec<&Factor> = factors.iter().filter(|factor| factor.is_slope()).collect();
    let has_shrunk =
        product.abs() < error.value.abs() && slopes.iter().any(|factor| is_low(factor.value));
    said.push((
        if has_shrunk { Tone::Low } else { Tone::Strong },
        gradient(product),
    ));
    if let Some(end) = factors.iter().find(|factor| factor.value == 0.0) {
        said.push(say(match end.of {
            Link::Slope { layer, unit } => format!(
                ": the slope of {} is 0, and nothing comes through.",
                super::unit_title(terms, layer, unit)
            ),
            Link::SquashSlope => {
                ": the slope at the output is 0, and nothing comes through.".into()
            }
            Link::Input(_) => ": the input is 0, and its weight learns nothing from it.".into(),
            Link::Error => ": there is no error to go back.".into(),
            _ => ": a weight of 0 carries nothing back.".into(),
        }));
        return said;
    }
    let told = |factor: &Factor| {
        let tone = if is_low(factor.value) {
            Tone::Low
        } else {
            Tone::Strong
        };
        (tone, slope(factor.value))
    };
    match &slopes[..] {
        [] => {}
        [one] => said.extend([say(": the slope "), told(one)]),
        [few @ .., last] if few.len() < 3 => {
            said.push(say(": slopes "));
            for (i, factor) in few.iter().enumerate() {
                said.extend((i > 0).then(|| say(", ")));
                said.push(told(factor));
            }
            said.extend([say(" and "), told(last)]);
        }
        many => {
            let smallest = many
                .iter()
                .min_by(|a, b| a.value.abs().total_cmp(&b.value.abs()));
            said.push(say(format!(": {} slopes, the smallest ", many.len())));
            said.extend(smallest.map(|factor| told(factor)));
            said.push(say(","));
        }
    }
    let of_slopes: f64 = slopes.iter().map(|factor| factor.value).product();
    let verb = match (slopes.len(), of_slopes.abs() < 0.9) {
        (0, _) => "",
        (1, true) => " shrinks it",
        (_, true) => " shrink it",
        (1, false) => " lets it through",
        (_, false) => " let it through",
    };
    said.push(say(format!("{verb}.")));
    said
}

fn update(terms: &Terms, [of_output, of_first]: [f64; 2]) -> Vec<Said> {
    if terms.n_hidden() == 0 {
        return vec![
            say("One update moves the weight by "),
            strong(gradient(of_output)),
            say("."),
        ];
    }
    let (output, first) = (of_output.abs(), of_first.abs());
    let text = if output == 0.0 && first == 0.0 {
        "One update moves neither the output's weight nor layer 1's.".to_owned()
    } else if first == 0.0 {
        "One update moves the output's weight, and layer 1's not at all.".to_owned()
    } else if output == 0.0 {
        "One update moves layer 1's weight, and the output's not at all.".to_owned()
    } else {
        match output / first {
            ratio if ratio > 1.15 => format!(
                "One update moves the output's weight {} as far as layer 1's.",
                times(ratio)
            ),
            ratio if ratio < 0.87 => format!(
                "One update moves layer 1's weight {} as far as the output's.",
                times(1.0 / ratio)
            ),
            _ => "One update moves the output's weight about as far as layer 1's.".to_owned(),
        }
    };
    vec![say(text)]
}

/// "10 times as far in the output.", under the path's weights.
pub fn moved([of_output, of_first]: [f64; 2]) -> String {
    match (of_output.abs(), of_first.abs()) {
        (output, first) if first > 0.0 && output >= first => {
            format!("{} as far in the output.", times(output / first))
        }
        (output, first) if output > 0.0 => format!("{} as far in layer 1.", times(first / output)),
        _ => "Not at all.".into(),
    }
}

/// What the slopes of a path do to the gradient.
pub fn story_of_slopes(factors: &[Factor]) -> Vec<Said> {
    let slopes: Vec<f64> = factors
        .iter()
        .filter(|f| f.is_slope())
        .map(|f| f.value)
        .collect();
    let product: f64 = slopes.iter().product::<f64>().abs();
    let alone = match slopes.len() {
        0 => {
            return vec![say(
                "There is no hidden layer on the way: the weight's gradient is the error times the input.",
            )];
        }
        1 => "the slope alone",
        2 => "the two slopes alone",
        _ => "the slopes alone",
    };
    if product == 0.0 {
        return vec![say(
            "A slope of 0 ends the path: nothing comes through, whatever the other factors are.",
        )];
    }
    if product >= 0.995 {
        return vec![say(
            "The slopes of this path do not make the gradient smaller: what is lost or won is the weights'.",
        )];
    }
    let divides = if slopes.len() == 1 {
        "divides"
    } else {
        "divide"
    };
    let by = match 1.0 / product {
        by if by < 9.95 => decimals(by, 1),
        by if by < 1e6 => crate::text::count(by as u64),
        by => crate::text::fixed(by, 3),
    };
    vec![
        say(format!(
            "Each factor under 1 makes the gradient smaller; {alone} {divides} it by "
        )),
        strong(by),
        say(". "),
        strong("That is all “vanishing” means."),
    ]
}
