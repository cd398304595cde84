//! Headings of a table that sort it: once rising, again falling, a third time back to its own order.

use leptos::prelude::*;

/// What a table is sorted by, and whether falling; `None` for its own order.
pub type Sorting<Column> = Option<(Column, bool)>;

/// The sorting after a press on a heading.
pub fn pressed<Column: PartialEq + Copy>(now: Sorting<Column>, column: Column) -> Sorting<Column> {
    match now {
        Some((by, false)) if by == column => Some((column, true)),
        Some((by, true)) if by == column => None,
        _ => Some((column, false)),
    }
}

/// Whether it is sorted by this column, and falling.
pub fn order_of<Column: PartialEq>(now: Sorting<Column>, column: Column) -> Option<bool> {
    now.filter(|(by, _)| *by == column)
        .map(|(_, is_falling)| is_falling)
}

/// A heading with its arrow.
#[component]
pub fn SortHeading(
    label: &'static str,
    #[prop(optional)] title: Option<String>,
    /// Of [`order_of`].
    #[prop(into)]
    order: Signal<Option<bool>>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <th
            scope="col"
            aria-sort=move || match order.get() {
                Some(false) => "ascending",
                Some(true) => "descending",
                None => "none",
            }
        >
            <button type="button" title=title on:click=move |_| on_press.run(())>
                {label}
                <i aria-hidden="true">
                    {move || match order.get() {
                        Some(false) => "↑",
                        Some(true) => "↓",
                        None => "",
                    }}
                </i>
            </button>
        </th>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_sorts_both_ways_and_lets_go() {
        let first = pressed(None, 'a');
        assert_eq!(first, Some(('a', false)));
        assert_eq!(pressed(first, 'a'), Some(('a', true)));
        assert_eq!(pressed(Some(('a', true)), 'a'), None);
        assert_eq!(pressed(Some(('a', true)), 'b'), Some(('b', false)));
        assert_eq!(order_of(first, 'a'), Some(false));
        assert_eq!(order_of(first, 'b'), None);
    }
}
