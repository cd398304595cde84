//! Earlier runs that stay in view as pale curves: what was abandoned when a run went back and was
//! changed, or begun anew on the same data.

use actiscope_core::protocol::HistoryPoint;
use actiscope_core::scenario::{Scenario, differences};

/// Earlier runs kept; the oldest goes first.
const MAX_GHOSTS: usize = 3;
/// Points kept of each.
const MAX_POINTS: usize = 1_000;
/// Differences that a label names.
const MAX_NAMED: usize = 2;

/// The settings of a run, looked at in whatever way.
#[derive(Clone, Debug)]
pub struct Course(Scenario);

impl PartialEq for Course {
    fn eq(&self, other: &Self) -> bool {
        self.is_of(&other.0)
    }
}

impl Course {
    pub fn of(scenario: &Scenario) -> Self {
        Self(scenario.clone())
    }

    pub fn is_of(&self, scenario: &Scenario) -> bool {
        self.0.is_same_run(scenario)
    }

    pub fn n_units(&self) -> usize {
        self.0.network.hidden.iter().sum()
    }

    /// What this one has that the other has not, in words: `ReLU, learning rate 1.6`; empty where there is
    /// no difference.
    fn words_against(&self, other: &Self) -> String {
        let differing = differences(&other.0, &self.0);
        let named: Vec<&str> = differing
            .iter()
            .take(MAX_NAMED)
            .map(|text| text.strip_prefix("activation ").unwrap_or(text))
            .collect();
        match differing.len().saturating_sub(MAX_NAMED) {
            0 => named.join(", "),
            n => format!("{} and {n} more", named.join(", ")),
        }
    }
}

/// An earlier run, or the end of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    course: Course,
    /// From where it was left on; in order of step.
    pub points: Vec<HistoryPoint>,
}

/// A ghost that differs from the run on show.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown<'a> {
    pub points: &'a [HistoryPoint],
    pub n_units: usize,
    /// `ReLU`: what was different.
    pub label: String,
    /// `Leaky ReLU, alpha 0.01`: what the run on show has instead.
    pub instead: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ghosts(Vec<Ghost>);

impl Ghosts {
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Keeps the abandoned `points` of a run. One that says no more than another of the same course is
    /// left out.
    pub fn keep(&mut self, course: Course, points: &[HistoryPoint]) {
        let [first, .., last] = points else {
            return;
        };
        if last.step <= first.step {
            return;
        }
        let reach = |ghost: &Ghost| ghost.points.last().map_or(0, |point| point.step);
        let same = self.0.iter().position(|ghost| ghost.course == course);
        if let Some(same) = same {
            if reach(&self.0[same]) >= last.step {
                return;
            }
            self.0.remove(same);
        }
        let every = points.len().div_ceil(MAX_POINTS).max(1);
        let mut points: Vec<HistoryPoint> = points.iter().step_by(every).copied().collect();
        if points.last().is_none_or(|point| point.step < last.step) {
            points.push(*last);
        }
        self.0.push(Ghost { course, points });
        if self.0.len() > MAX_GHOSTS {
            self.0.remove(0);
        }
    }

    /// Those that differ from the run on show, the oldest first.
    pub fn shown<'a>(
        &'a self,
        now: Option<&'a Course>,
        history: &'a [HistoryPoint],
    ) -> impl Iterator<Item = Shown<'a>> {
        let differing = self.0.iter().filter_map(move |ghost| {
            let now = now?;
            let is_other = ghost.course != *now || diverges(&ghost.points, history);
            is_other.then_some((ghost, now))
        });
        differing.map(|(ghost, now)| {
            let label = ghost.course.words_against(now);
            Shown {
                points: &ghost.points,
                n_units: ghost.course.n_units(),
                label: if label.is_empty() {
                    "earlier run".into()
                } else {
                    label
                },
                instead: now.words_against(&ghost.course),
            }
        })
    }
}

/// Whether two curves differ at the last step that both have.
fn diverges(a: &[HistoryPoint], b: &[HistoryPoint]) -> bool {
    let common = a.iter().rev().find_map(|point| {
        let at = b
            .binary_search_by_key(&point.step, |other| other.step)
            .ok()?;
        Some((point, &b[at]))
    });
    common.is_some_and(|(a, b)| a.loss.to_bits() != b.loss.to_bits())
}

#[cfg(test)]
mod tests {
    use actiscope_core::activation::ActivationSpec;
    use actiscope_core::scenario::{Edit, Setting};
    use expect_test::{Expect, expect};

    use super::*;

    fn points(steps: std::ops::RangeInclusive<u64>, loss: f32) -> Vec<HistoryPoint> {
        steps
            .map(|step| HistoryPoint {
                step,
                batch_loss: loss,
                loss,
                dead: 0,
                saturated: 0,
            })
            .collect()
    }

    fn course(edits: &[Edit]) -> Course {
        let mut scenario = Scenario::default();
        for edit in edits {
            edit.apply(&mut scenario);
        }
        Course::of(&scenario)
    }

    fn leaky() -> Edit {
        Edit::Activation(ActivationSpec::new("leaky_relu"))
    }

    fn check(ghosts: &Ghosts, now: &Course, history: &[HistoryPoint], expect: Expect) {
        let shown = ghosts.shown(Some(now), history).map(|shown| {
            let steps = [
                shown.points[0].step,
                shown.points[shown.points.len() - 1].step,
            ];
            format!("{} | {} | {steps:?}", shown.label, shown.instead)
        });
        expect.assert_eq(&shown.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn a_ghost_is_labelled_with_what_was_different() {
        let mut ghosts = Ghosts::default();
        ghosts.keep(course(&[]), &points(60..=300, 0.5));
        check(
            &ghosts,
            &course(&[leaky()]),
            &[],
            expect!["ReLU | Leaky ReLU, alpha 0.01 | [60, 300]"],
        );
        let now = course(&[
            leaky(),
            Edit::Set(Setting::LearningRate, 0.1),
            Edit::Set(Setting::BatchNorm, 1.0),
        ]);
        check(
            &ghosts,
            &now,
            &[],
            expect![
                "ReLU, BatchNorm off and 1 more | Leaky ReLU, alpha 0.01, BatchNorm on and 1 more | [60, 300]"
            ],
        );
    }

    #[test]
    fn every_setting_that_makes_another_run_is_named() {
        let mut ghosts = Ghosts::default();
        ghosts.keep(course(&[]), &points(60..=300, 0.5));
        check(
            &ghosts,
            &course(&[Edit::Set(Setting::TestShare, 0.2), Edit::Unit(Some(1))]),
            &[],
            expect!["test share 0 | test share 0.2 | [60, 300]"],
        );
        // Whatever is only looked at is no difference.
        check(&ghosts, &course(&[Edit::Unit(Some(1))]), &[], expect![""]);
    }

    #[test]
    fn the_same_run_again_is_no_ghost_until_it_parts() {
        let mut ghosts = Ghosts::default();
        ghosts.keep(course(&[]), &points(0..=300, 0.5));
        check(&ghosts, &course(&[]), &points(0..=40, 0.5), expect![""]);
        check(
            &ghosts,
            &course(&[]),
            &points(0..=40, 0.4),
            expect!["earlier run |  | [0, 300]"],
        );
    }

    #[test]
    fn three_are_kept_and_of_the_same_course_the_longer_one() {
        let mut ghosts = Ghosts::default();
        for rate in [0.1, 0.2, 0.3, 0.4] {
            ghosts.keep(
                course(&[Edit::Set(Setting::LearningRate, rate)]),
                &points(0..=50, 0.5),
            );
        }
        ghosts.keep(
            course(&[Edit::Set(Setting::LearningRate, 0.4)]),
            &points(10..=20, 0.5),
        );
        ghosts.keep(
            course(&[Edit::Set(Setting::LearningRate, 0.3)]),
            &points(10..=90, 0.5),
        );
        // A single point is no curve.
        ghosts.keep(course(&[]), &points(7..=7, 0.5));
        check(
            &ghosts,
            &course(&[]),
            &[],
            expect![[r#"
            learning rate 0.2 | learning rate 1.6 | [0, 50]
            learning rate 0.4 | learning rate 1.6 | [0, 50]
            learning rate 0.3 | learning rate 1.6 | [10, 90]"#]],
        );
        ghosts.keep(course(&[leaky()]), &points(0..=9_999, 0.5));
        let last = ghosts.0.last().map(|ghost| ghost.points.len());
        assert!(last <= Some(MAX_POINTS + 1), "{last:?}");
    }
}
