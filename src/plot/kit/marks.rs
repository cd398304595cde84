//! What happened, as ticks along an axis of steps: thinned where many would merge into a blot.

use actiscope_core::health::{Health, HealthEvent, What};

use crate::plot::kit::geometry::Scale;
use crate::plot::kit::theme::Theme;

/// One event on the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub step: u64,
    pub kind: MarkKind,
}

/// In order of weight: a group is shown as its weightiest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// A unit became alive.
    Revival,
    Saturation,
    /// A unit died, or a layer was born dead.
    Death,
    /// The user changed something.
    Edit,
    Diverged,
}

/// Marks that share a place on the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkGroup {
    pub px: f64,
    pub kind: MarkKind,
    pub n: usize,
    pub first_step: u64,
    pub last_step: u64,
}

impl MarkKind {
    pub fn color(self, theme: &Theme) -> crate::plot::kit::color::Color {
        match self {
            Self::Revival => theme.alive,
            Self::Saturation => theme.saturated,
            Self::Death | Self::Diverged => theme.dead,
            Self::Edit => theme.accent,
        }
    }
}

/// The marks of events, in their order.
pub fn marks(events: &[HealthEvent]) -> Vec<Mark> {
    events
        .iter()
        .map(|event| Mark {
            step: event.step,
            kind: match &event.what {
                What::Unit { to, .. } => match to {
                    Health::Alive => MarkKind::Revival,
                    Health::Saturated => MarkKind::Saturation,
                    Health::Dead => MarkKind::Death,
                },
                What::BornDead { .. } => MarkKind::Death,
                What::Edited { .. } => MarkKind::Edit,
                What::Diverged { .. } => MarkKind::Diverged,
            },
        })
        .collect()
}

/// Groups on a grid of `distance_px` along the axis of steps, from left to right: groups are at least
/// that far apart, and where they stand does not depend on what else happened.
pub fn grouped(marks: &[Mark], x: &Scale, distance_px: f64) -> Vec<MarkGroup> {
    let (left, right) = (x.range().0.min(x.range().1), x.range().0.max(x.range().1));
    let n_cells = ((right - left) / distance_px).floor().max(1.0) as usize;
    let cell_px = (right - left) / n_cells as f64;
    let mut cells: Vec<Option<MarkGroup>> = vec![None; n_cells];
    for mark in marks {
        let px = x.px_from_data(mark.step as f64);
        if !(left..=right).contains(&px) {
            continue;
        }
        let i = (((px - left) / cell_px) as usize).min(n_cells - 1);
        let group = cells[i].get_or_insert(MarkGroup {
            px: left + (i as f64 + 0.5) * cell_px,
            kind: mark.kind,
            n: 0,
            first_step: mark.step,
            last_step: mark.step,
        });
        group.kind = group.kind.max(mark.kind);
        group.n += 1;
        group.first_step = group.first_step.min(mark.step);
        group.last_step = group.last_step.max(mark.step);
    }
    cells.into_iter().flatten().collect()
}

/// The group nearest to a pointer, at most `reach_px` away.
pub fn group_at(groups: &[MarkGroup], px: f64, reach_px: f64) -> Option<&MarkGroup> {
    groups
        .iter()
        .filter(|group| (group.px - px).abs() <= reach_px)
        .min_by(|a, b| (a.px - px).abs().total_cmp(&(b.px - px).abs()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn death(step: u64) -> Mark {
        Mark {
            step,
            kind: MarkKind::Death,
        }
    }

    proptest! {
        #[test]
        fn groups_are_apart_and_hold_every_mark(
            steps in prop::collection::vec(0..5_000u64, 0..400), width in 50.0..1200.0f64,
        ) {
            let marks: Vec<Mark> = steps.iter().map(|&s| death(s)).collect();
            let x = Scale::linear((0.0, 5_000.0), (20.0, 20.0 + width));
            let groups = grouped(&marks, &x, 3.0);
            prop_assert_eq!(groups.iter().map(|g| g.n).sum::<usize>(), steps.len());
            prop_assert!(groups.windows(2).all(|w| w[1].px - w[0].px >= 3.0 - 1e-9));
            for mark in &marks {
                let px = x.px_from_data(mark.step as f64);
                prop_assert!(groups.iter().any(|g| (g.px - px).abs() <= 3.0));
            }
        }
    }

    #[test]
    fn a_group_is_shown_as_its_weightiest() {
        let x = Scale::linear((0.0, 100.0), (0.0, 100.0));
        let marks = [
            Mark {
                step: 10,
                kind: MarkKind::Revival,
            },
            death(11),
            death(50),
        ];
        let groups = grouped(&marks, &x, 5.0);
        assert_eq!(groups.len(), 2);
        assert_eq!((groups[0].kind, groups[0].n), (MarkKind::Death, 2));
        assert_eq!((groups[0].first_step, groups[0].last_step), (10, 11));
        assert_eq!(group_at(&groups, 51.0, 4.0), Some(&groups[1]));
        assert_eq!(group_at(&groups, 30.0, 4.0), None);
    }

    #[test]
    fn events_become_marks() {
        let event = |what| HealthEvent {
            step: 7,
            what,
            cause: None,
        };
        let unit = |to| What::Unit {
            layer: 0,
            unit: 1,
            from: Health::Alive,
            to,
        };
        let kinds: Vec<_> = marks(&[
            event(unit(Health::Dead)),
            event(unit(Health::Saturated)),
            event(What::BornDead { layer: 1 }),
            event(What::Edited {
                text: "learning rate 0.1".into(),
            }),
            event(What::Diverged { layer: None }),
        ])
        .iter()
        .map(|mark| mark.kind)
        .collect();
        assert_eq!(
            kinds,
            [
                MarkKind::Death,
                MarkKind::Saturation,
                MarkKind::Death,
                MarkKind::Edit,
                MarkKind::Diverged
            ]
        );
    }
}
