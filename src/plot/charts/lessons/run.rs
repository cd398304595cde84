//! The course of a run without its cause: the loss over steps and, under it on the same axis, the shares of units that
//! are dead and, on top of them, saturated.

use actiscope_core::observe::HistoryPoint;

use super::{WORDS_FROM, add};
use crate::plot::kit::ticks::nice_step;
use crate::text::{count, number};

/// Heights of a line of words, and of the gap between both parts where there are none.
const LINE: f64 = 17.0;
const GAP: f64 = 6.0;
/// The loss' share of what words leave.
const LOSS_SHARE: f64 = 0.62;

/// A run as it was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSeen {
    pub history: Vec<HistoryPoint>,
    /// Hidden units.
    pub n_units: usize,
    /// Of the axis: a run that diverged has fewer.
    pub n_steps: u64,
}

#[derive(Debug, PartialEq)]
pub struct RunPaths {
    /// The grounds of both parts.
    pub grounds: String,
    pub loss: String,
    /// Areas, and the lines on top of them.
    pub dead: (String, String),
    pub saturated: (String, String),
    /// The loss at the upper edge.
    pub top: f64,
    /// Where lines of words stand: over the loss, over the shares, under them. `None` where there is no room.
    pub lines: Option<[f64; 3]>,
}

pub fn run_paths(run: &RunSeen, width: f64, height: f64) -> RunPaths {
    let has_words = height >= WORDS_FROM;
    let words = if has_words { LINE } else { 0.0 };
    let gap = if has_words { LINE + 3.0 } else { GAP };
    let body = height - 2.0 * words - gap - 1.0;
    let loss_bottom = words + LOSS_SHARE * body;
    let (share_top, share_bottom) = (loss_bottom + gap, height - words - 1.0);
    let top = loss_top(&run.history);
    let x = |step: u64| 0.5 + (width - 1.0) * step as f64 / run.n_steps.max(1) as f64;
    let loss_y = |loss: f32| {
        let share = match loss.is_finite() {
            true => (f64::from(loss) / top).clamp(0.0, 1.0),
            false => 1.0,
        };
        loss_bottom - share * (loss_bottom - words - 1.0)
    };
    let share_y = |n: u32| {
        let share = f64::from(n) / run.n_units.max(1) as f64;
        share_bottom - share.clamp(0.0, 1.0) * (share_bottom - share_top)
    };
    let shown = thinned(&run.history, width as usize);
    let end = if has_left(&run.history, top) {
        run.n_steps
    } else {
        0
    };
    let line = |y: &dyn Fn(&HistoryPoint) -> f64| {
        let mut path = String::new();
        let mut is_down = false;
        for point in &shown {
            add(&mut path, &mut is_down, x(point.step), y(point));
        }
        // What has diverged is measured no more: it stays where it went.
        if is_down && shown.last().is_some_and(|last| last.step < end) {
            path.push_str(&format!("H{:.1}", x(end)));
        }
        path
    };
    let dead = line(&|point| share_y(u32::from(point.dead)));
    let saturated = line(&|point| share_y(u32::from(point.dead) + u32::from(point.saturated)));
    let down_to_ground = |line: &str| {
        let last = shown.last().map_or(0, |last| last.step.max(end));
        match line.is_empty() {
            true => String::new(),
            false => format!("{line}L{:.1} {share_bottom:.1}H0.5Z", x(last)),
        }
    };
    RunPaths {
        grounds: format!("M0 {loss_bottom:.1}H{width}M0 {share_bottom:.1}H{width}"),
        loss: line(&|point| loss_y(point.loss)),
        dead: (down_to_ground(&dead), dead),
        saturated: (down_to_ground(&saturated), saturated),
        top,
        lines: has_words.then_some([words - 5.0, share_top - 5.0, height - 3.0]),
    }
}

/// What can be read off the picture, without its cause.
pub fn describe_run(run: &RunSeen) -> String {
    let (Some(first), Some(last)) = (run.history.first(), run.history.last()) else {
        return "Nothing was recorded of this run.".to_owned();
    };
    let loss = |point: &HistoryPoint| match point.loss.is_finite() {
        true => number(f64::from(point.loss), 2),
        false => "no number".to_owned(),
    };
    let finite = run
        .history
        .iter()
        .map(|point| point.loss)
        .filter(|loss| loss.is_finite());
    let least = finite.fold(f32::INFINITY, f32::min);
    let least = match least.is_finite() {
        true => format!(", {} at the least", number(f64::from(least), 2)),
        false => String::new(),
    };
    format!(
        "A run over {} steps. Loss {} at first, {} at step {}{least}. Dead units {} of {} at first, {} at the end; \
         saturated {} at first, {} at the end.",
        count(run.n_steps),
        loss(first),
        loss(last),
        count(last.step),
        first.dead,
        run.n_units,
        last.dead,
        first.saturated,
        last.saturated,
    )
}

/// A round number that holds the first loss and nearly every other: one spike must not press the rest flat.
fn loss_top(history: &[HistoryPoint]) -> f64 {
    let finite = history.iter().map(|point| f64::from(point.loss));
    let mut finite: Vec<f64> = finite.filter(|loss| loss.is_finite()).collect();
    let first = finite.first().copied().unwrap_or(0.0);
    finite.sort_by(f64::total_cmp);
    let typical = finite.get(finite.len() * 95 / 100).copied().unwrap_or(1.0);
    // A run that leaves its numbers is to be seen leaving.
    let max = first.max(typical.min(4.0 * first.max(0.25)));
    if max <= 0.0 {
        return 1.0;
    }
    // A loss is an f32: 0.8 is a little more.
    let step = nice_step((1.0 - 1e-6) * max / 4.0);
    (max / step - 1e-6).ceil() * step
}

/// Whether the last loss lies beyond the picture.
fn has_left(history: &[HistoryPoint], top: f64) -> bool {
    let last = history.last();
    last.is_some_and(|last| !last.loss.is_finite() || f64::from(last.loss) > top)
}

/// About so many points of it, the last one among them.
fn thinned(history: &[HistoryPoint], n: usize) -> Vec<&HistoryPoint> {
    let every = history.len().div_ceil(n.max(1)).max(1);
    let last = history.len().saturating_sub(1);
    let shown = history.iter().enumerate();
    let shown = shown.filter(|(i, _)| i % every == 0 || *i == last);
    shown.map(|(_, point)| point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(step: u64, loss: f32, dead: u16, saturated: u16) -> HistoryPoint {
        HistoryPoint {
            step,
            batch_loss: loss,
            loss,
            dead,
            saturated,
        }
    }

    fn run(history: Vec<HistoryPoint>, n_steps: u64) -> RunSeen {
        RunSeen {
            history,
            n_units: 4,
            n_steps,
        }
    }

    #[test]
    fn both_parts_share_the_axis_of_steps() {
        let run = run(
            vec![
                point(0, 0.8, 0, 0),
                point(50, 0.4, 1, 1),
                point(100, 0.0, 2, 2),
            ],
            100,
        );
        let paths = run_paths(&run, 101.0, 76.0);
        assert_eq!(paths.top, 0.8);
        assert_eq!(paths.loss, "M0.5 1.0L50.5 21.9L100.5 42.8");
        assert_eq!(paths.dead.1, "M0.5 75.0L50.5 68.4L100.5 61.9");
        assert_eq!(paths.saturated.1, "M0.5 75.0L50.5 61.9L100.5 48.8");
        assert_eq!(
            paths.dead.0,
            "M0.5 75.0L50.5 68.4L100.5 61.9L100.5 75.0H0.5Z"
        );
        assert_eq!(paths.grounds, "M0 42.8H101M0 75.0H101");
        assert_eq!(paths.lines, None);
    }

    #[test]
    fn words_have_their_lines_where_there_is_room() {
        let run = run(vec![point(0, 0.8, 0, 0), point(100, 0.1, 0, 0)], 100);
        let lines = run_paths(&run, 320.0, 200.0).lines.expect("there is room");
        assert!(
            lines[0] < lines[1] && lines[1] < lines[2] && lines[2] < 200.0,
            "{lines:?}"
        );
    }

    #[test]
    fn what_leaves_the_axis_stays_on_its_edge_to_the_end() {
        let gone = run(
            vec![
                point(0, 0.5, 0, 0),
                point(1, 3e9, 0, 0),
                point(2, f32::NAN, 4, 0),
            ],
            100,
        );
        let paths = run_paths(&gone, 101.0, 76.0);
        assert!(paths.top <= 2.5, "{}", paths.top);
        assert!(paths.loss.ends_with("L2.5 1.0H100.5"), "{}", paths.loss);
        assert!(
            paths.dead.0.ends_with("H100.5L100.5 75.0H0.5Z"),
            "{}",
            paths.dead.0
        );
        let held_up = run(vec![point(0, 0.5, 0, 0), point(50, 0.4, 0, 0)], 100);
        assert!(!run_paths(&held_up, 101.0, 76.0).loss.contains('H'));
    }

    #[test]
    fn a_long_run_has_no_more_points_than_pixels_and_its_end() {
        let history = (0..=5_000).map(|step| point(step, 0.5, 0, 0)).collect();
        let loss = run_paths(&run(history, 5_000), 128.0, 76.0).loss;
        assert!(
            loss.matches('L').count() <= 129,
            "{}",
            loss.matches('L').count()
        );
        assert!(loss.contains("L127.5 "));
    }

    #[test]
    fn a_run_of_which_nothing_was_recorded_is_empty() {
        let paths = run_paths(&run(Vec::new(), 0), 128.0, 76.0);
        assert_eq!((paths.loss.as_str(), paths.dead.0.as_str()), ("", ""));
        assert_eq!(
            describe_run(&run(Vec::new(), 0)),
            "Nothing was recorded of this run."
        );
        let told = run(vec![point(0, 0.69, 0, 1), point(60, f32::NAN, 4, 0)], 60);
        assert_eq!(
            describe_run(&told),
            "A run over 60 steps. Loss 0.69 at first, no number at step 60, 0.69 at the least. Dead units 0 of 4 at first, \
             4 at the end; saturated 1 at first, 0 at the end."
        );
    }
}
