//! What was learnt so far, small: a square for each question, a bar for each box of cards, a line over rounds.

use super::add;

/// Side of a square, the gap to the next, and what more there is between lessons.
const SIDE: f64 = 8.0;
const GAP: f64 = 1.5;
const BETWEEN: f64 = 4.0;

#[derive(Debug, PartialEq)]
pub struct Squares {
    /// Answered rightly: filled.
    pub right: String,
    /// Not rightly: crossed.
    pub wrong: String,
    /// Outlines of these and of those that are open.
    pub outlines: String,
    pub width: f64,
    pub height: f64,
}

/// A square for each question of each lesson, in rows that are no wider than this.
pub fn squares(lessons: &[Vec<Option<bool>>], most_width: f64) -> Squares {
    let mut squares = Squares {
        right: String::new(),
        wrong: String::new(),
        outlines: String::new(),
        width: 0.0,
        height: SIDE,
    };
    let (mut x, mut y) = (0.0, 0.0);
    for lesson in lessons.iter().filter(|lesson| !lesson.is_empty()) {
        let width = lesson.len() as f64 * (SIDE + GAP) - GAP;
        if x > 0.0 && x + width > most_width {
            (x, y) = (0.0, y + SIDE + BETWEEN);
        }
        for outcome in lesson {
            let inner = SIDE - 1.0;
            let outline = format!("M{:.1} {:.1}h{inner}v{inner}h-{inner}z", x + 0.5, y + 0.5);
            match outcome {
                Some(true) => squares
                    .right
                    .push_str(&format!("M{x:.1} {y:.1}h{SIDE}v{SIDE}h-{SIDE}z")),
                Some(false) => {
                    let (left, right) = (x + 2.0, x + SIDE - 2.0);
                    let (top, bottom) = (y + 2.0, y + SIDE - 2.0);
                    squares.wrong.push_str(&format!(
                        "M{left:.1} {top:.1}L{right:.1} {bottom:.1}M{right:.1} {top:.1}L{left:.1} {bottom:.1}"
                    ));
                    squares.outlines.push_str(&outline);
                }
                None => squares.outlines.push_str(&outline),
            }
            x += SIDE + GAP;
        }
        squares.width = squares.width.max(x - GAP);
        squares.height = y + SIDE;
        x += BETWEEN;
    }
    squares
}

/// A bar for each count, the largest as high as there is room; each stands on a ground of its own.
pub fn bars(counts: &[usize], width: f64, height: f64) -> (String, String) {
    const APART: f64 = 8.0;
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let pitch = (width + APART) / counts.len().max(1) as f64;
    let (mut bars, mut grounds) = (String::new(), String::new());
    for (i, count) in counts.iter().enumerate() {
        let (x, wide) = (i as f64 * pitch, pitch - APART);
        grounds.push_str(&format!("M{x:.1} {:.1}h{wide:.1}", height - 0.5));
        if *count > 0 {
            let high = ((height - 1.0) * *count as f64 / most).max(2.0);
            bars.push_str(&format!(
                "M{x:.1} {:.1}h{wide:.1}v{high:.1}h-{wide:.1}z",
                height - high
            ));
        }
    }
    (bars, grounds)
}

#[derive(Debug, PartialEq)]
pub struct LinePaths {
    pub path: String,
    pub dots: Vec<(f64, f64)>,
    pub ground: String,
}

/// A dot for each number, from 0 at the ground to the largest at the top.
pub fn line(values: &[u32], width: f64, height: f64) -> LinePaths {
    /// Of a dot.
    const RADIUS: f64 = 3.0;
    let most = f64::from(values.iter().copied().max().unwrap_or(0).max(1));
    let last = values.len().saturating_sub(1).max(1) as f64;
    let dot = |(i, value): (usize, &u32)| {
        let x = RADIUS + (width - 2.0 * RADIUS) * i as f64 / last;
        let y = height - RADIUS - (height - 2.0 * RADIUS) * f64::from(*value) / most;
        (x, y)
    };
    let dots: Vec<(f64, f64)> = values.iter().enumerate().map(dot).collect();
    let mut path = String::new();
    let mut is_down = false;
    for (x, y) in &dots {
        add(&mut path, &mut is_down, *x, *y);
    }
    LinePaths {
        path,
        dots,
        ground: format!("M0 {:.1}H{width}", height - 0.5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_are_filled_crossed_or_empty_and_turn_into_rows() {
        let pair = vec![Some(true), Some(false)];
        let one = squares(&[pair.clone(), vec![None, None]], 300.0);
        assert_eq!((one.width, one.height), (40.5, 8.0));
        assert_eq!(one.right, "M0.0 0.0h8v8h-8z");
        assert!(
            one.wrong.starts_with("M11.5 2.0L15.5 6.0M"),
            "{}",
            one.wrong
        );
        assert_eq!(one.outlines.matches('z').count(), 3);
        let two_rows = squares(&[pair.clone(), pair.clone(), Vec::new(), pair], 41.0);
        assert_eq!((two_rows.width, two_rows.height), (40.5, 20.0));
        assert_eq!(squares(&[], 40.0).width, 0.0);
    }

    #[test]
    fn the_fullest_box_is_the_highest_and_an_empty_one_is_a_line() {
        let (bars, grounds) = bars(&[8, 4, 0], 40.0, 9.0);
        assert_eq!(bars, "M0.0 1.0h8.0v8.0h-8.0zM16.0 5.0h8.0v4.0h-8.0z");
        assert_eq!(grounds, "M0.0 8.5h8.0M16.0 8.5h8.0M32.0 8.5h8.0");
    }

    #[test]
    fn rounds_are_a_line_from_the_first_to_the_last() {
        let three = line(&[5, 0, 10], 106.0, 26.0);
        assert_eq!(three.path, "M3.0 13.0L53.0 23.0L103.0 3.0");
        assert_eq!(three.dots.len(), 3);
        assert_eq!(line(&[7], 106.0, 26.0).dots, [(3.0, 3.0)]);
        assert_eq!(line(&[], 106.0, 26.0).path, "");
    }
}
