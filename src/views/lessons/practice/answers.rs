use leptos::prelude::*;

use crate::memo::Memo;

/// What is shown of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It can be given.
    Open,
    /// It was given, and is right.
    Right,
    /// It is right, and another one was given.
    WasRight,
    /// It was given, and another one is right.
    Given,
    Other,
}

impl Mark {
    fn class(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Right | Self::WasRight => "right",
            Self::Given => "given",
            Self::Other => "other",
        }
    }

    fn words(self) -> Option<&'static str> {
        match self {
            Self::Right => Some("✓ right"),
            Self::WasRight => Some("it was this"),
            Self::Given => Some("your answer"),
            Self::Open | Self::Other => None,
        }
    }
}

/// Marks of three answers, by the place of the right one and of the one that was given.
pub fn marks(right: Option<usize>, given: Option<usize>) -> [Mark; 3] {
    [0, 1, 2].map(|place| match given {
        None => Mark::Open,
        Some(given) if given == place && right == Some(place) => Mark::Right,
        Some(_) if right == Some(place) => Mark::WasRight,
        Some(given) if given == place => Mark::Given,
        Some(_) => Mark::Other,
    })
}

/// Three answers of which one is given by a press or by its number.
#[component]
pub fn Answers(
    answers: Memo<Option<[String; 3]>>,
    marks: Memo<[Mark; 3]>,
    #[prop(into)] on_answer: Callback<(usize,)>,
) -> impl IntoView {
    let answer = move |place: usize| {
        let text =
            move || answers.with(|answers| answers.as_ref().map(|answers| answers[place].clone()));
        let mark = Memo::new(move |_| marks.with(|marks| marks[place]));
        view! {
            <li>
                <button
                    type="button"
                    class=move || mark.get().class()
                    disabled=move || mark.get() != Mark::Open
                    aria-keyshortcuts=(place + 1).to_string()
                    on:click=move |_| on_answer.run((place,))
                >
                    <kbd>{place + 1}</kbd>
                    " "
                    <span>{text}</span>
                    " "
                    <span class="mark">{move || mark.get().words()}</span>
                </button>
            </li>
        }
    };
    view! { <ol class="answers" role="list" aria-label="Answers">{[0, 1, 2].map(answer).collect_view()}</ol> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_and_what_was_right_are_marked() {
        assert_eq!(marks(Some(1), None), [Mark::Open; 3]);
        assert_eq!(
            marks(Some(1), Some(1)),
            [Mark::Other, Mark::Right, Mark::Other]
        );
        assert_eq!(
            marks(Some(1), Some(2)),
            [Mark::Other, Mark::WasRight, Mark::Given]
        );
    }
}
