//! Labels that keep out of each other's way.

use crate::plot::kit::geometry::{Point, Rect, point};
use crate::plot::kit::scene::{Align, Text};
use crate::plot::kit::text;

/// The box of one line of text whose capitals are centred on `at.y`.
pub fn label_box(text: &str, at: Point, font_px: f64, is_bold: bool, align: Align) -> Rect {
    Text {
        at: point(at.x, at.y + text::middle_to_baseline(font_px)),
        text: text.to_owned(),
        font_px,
        is_bold,
        align,
        color: crate::plot::kit::color::Color::hex(0),
    }
    .bounds()
}

/// Segments of a polyline that may run through a box: those whose own boxes meet it.
pub fn n_crossing(line: &[Point], space: &Rect) -> usize {
    line.windows(2)
        .filter(|w| Rect::from_corners(w[0], w[1]).inset(-1.0).overlaps(space))
        .count()
}

/// Moves `wanted` (centres along one axis) as little as it can so that neighbours are at least
/// `distance` apart and all lie in `low..=high`. Keeps the order of the values. Where there is not
/// room for all, they are spread evenly and overlap.
pub fn spread(wanted: &[f64], distance: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let n = order.len();
    let distance = if n > 1 {
        distance.min((high - low).max(0.0) / (n - 1) as f64)
    } else {
        distance
    };
    // Blocks of touching labels, each at the mean of what its members want (pool adjacent violators).
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (rank, &i) in order.iter().enumerate() {
        // Positions less the room that labels before it take: then "apart" becomes "not less".
        let mut block = (wanted[i].clamp(low, high) - rank as f64 * distance, 1);
        while let Some(&(mean, count)) = blocks.last() {
            if mean <= block.0 {
                break;
            }
            blocks.pop();
            let both = count + block.1;
            block = (
                (mean * count as f64 + block.0 * block.1 as f64) / both as f64,
                both,
            );
        }
        blocks.push(block);
    }
    let mut placed = vec![0.0; n];
    let (floor, ceiling) = (low, high - (n.max(1) - 1) as f64 * distance);
    let mut rank = 0;
    for (mean, count) in blocks {
        for _ in 0..count {
            placed[order[rank]] = mean.clamp(floor, ceiling.max(floor)) + rank as f64 * distance;
            rank += 1;
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn spread_labels_are_apart_and_inside(
            wanted in prop::collection::vec(-50.0..350.0f64, 0..12), distance in 1.0..20.0f64,
        ) {
            let placed = spread(&wanted, distance, 0.0, 300.0);
            let mut sorted = placed.clone();
            sorted.sort_by(f64::total_cmp);
            prop_assert!(sorted.iter().all(|p| (-1e-9..=300.0 + 1e-9).contains(p)));
            prop_assert!(sorted.windows(2).all(|w| w[1] - w[0] >= distance - 1e-9), "{sorted:?}");
        }
    }

    #[test]
    fn what_does_not_collide_stays() {
        assert_eq!(spread(&[80.0, 10.0], 12.0, 0.0, 100.0), [80.0, 10.0]);
        assert_eq!(spread(&[50.0, 50.0], 12.0, 0.0, 100.0), [44.0, 56.0]);
    }
}
