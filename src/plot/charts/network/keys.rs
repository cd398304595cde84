//! Moving through the network by keyboard.

use super::layout::UnitAt;

/// A key of the keyboard within the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Left,
    Right,
    Up,
    Down,
    /// First and last unit of the layer.
    Home,
    End,
}

/// Where a key leads from a unit: up and down within the layer, left and right to the neighbour layer
/// at about the same height. At the border it stays.
pub fn neighbour(hidden: &[usize], at: UnitAt, key: Move) -> UnitAt {
    let n_units = |layer: usize| hidden.get(layer).copied().unwrap_or(0);
    let last = n_units(at.layer).saturating_sub(1);
    let unit = |unit: usize| UnitAt { unit, ..at };
    let across = |layer: usize| {
        let n = n_units(layer);
        if n == 0 {
            return at;
        }
        // The same share of the way down.
        let share = (at.unit as f64 + 0.5) / (last + 1) as f64;
        UnitAt {
            layer,
            unit: ((share * n as f64) as usize).min(n - 1),
        }
    };
    match key {
        Move::Up => unit(at.unit.saturating_sub(1)),
        Move::Down => unit((at.unit + 1).min(last)),
        Move::Home => unit(0),
        Move::End => unit(last),
        Move::Left if at.layer > 0 => across(at.layer - 1),
        Move::Right if at.layer + 1 < hidden.len() => across(at.layer + 1),
        Move::Left | Move::Right => at,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_never_leave_the_network(
            hidden in prop::collection::vec(1..=128usize, 1..=32), keys in prop::collection::vec(0..6usize, 0..200),
        ) {
            let all = [Move::Left, Move::Right, Move::Up, Move::Down, Move::Home, Move::End];
            let mut at = UnitAt { layer: 0, unit: 0 };
            for key in keys {
                at = neighbour(&hidden, at, all[key]);
                prop_assert!(at.layer < hidden.len() && at.unit < hidden[at.layer], "{at:?}");
            }
        }
    }

    #[test]
    fn keys_lead_where_one_looks() {
        let hidden = [8, 4, 8];
        let from = |layer, unit, key| neighbour(&hidden, UnitAt { layer, unit }, key);
        assert_eq!(from(0, 7, Move::Right), UnitAt { layer: 1, unit: 3 });
        assert_eq!(from(1, 0, Move::Left), UnitAt { layer: 0, unit: 1 });
        assert_eq!(from(2, 0, Move::Up), UnitAt { layer: 2, unit: 0 });
        assert_eq!(from(2, 3, Move::End), UnitAt { layer: 2, unit: 7 });
        assert_eq!(from(2, 3, Move::Right), UnitAt { layer: 2, unit: 3 });
    }
}
