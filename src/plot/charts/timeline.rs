//! The strip that one scrubs: where steps lie, and ticks for what happened.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use crate::plot::kit::geometry::{Point, Rect, Scale, Size, point};
use crate::plot::kit::marks::{Mark, MarkGroup, MarkKind, group_at, grouped};
use crate::plot::kit::pen::{Pen, TextLook};
use crate::plot::kit::record::{Drawn, record};
use crate::plot::kit::scene::{Align, Scene, Stroke};
use crate::plot::kit::text;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::count;

/// What the timeline shows.
#[derive(Clone, Copy, Debug)]
pub struct TimelineData<'a> {
    /// The step that the page shows.
    pub step: u64,
    /// The last step that was reached: one can go back and come here again.
    pub last_step: u64,
    pub marks: &'a [Mark],
}

/// Where everything on the timeline lies, CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineGeometry {
    pub x: Scale,
    /// Height of the track's middle.
    pub track_y: f64,
    pub thumb: Point,
    pub thumb_radius: f64,
    /// Ticks, thinned.
    pub groups: Vec<MarkGroup>,
}

/// Ticks this far apart can still be told apart.
const TICK_DISTANCE_PX: f64 = 3.0;
/// How far from a tick a pointer still means it.
const REACH_PX: f64 = 6.0;

impl TimelineGeometry {
    pub fn new(size: Size, theme: &Theme, data: &TimelineData) -> Self {
        let thumb_radius = 8.0 * theme.scale;
        let last = data.last_step.max(1) as f64;
        let right = (size.width - thumb_radius).max(thumb_radius + 1.0);
        let x = Scale::linear((0.0, last), (thumb_radius, right));
        let track_y = (size.height * 0.5).round();
        Self {
            thumb: point(x.px_clamped(data.step as f64), track_y),
            thumb_radius,
            track_y,
            groups: grouped(data.marks, &x, TICK_DISTANCE_PX * theme.scale),
            x,
        }
    }

    /// The step under a pointer, wherever it is.
    pub fn step_at(&self, px: Point) -> u64 {
        self.x.data_clamped(px.x).round() as u64
    }

    /// What happened near a pointer.
    pub fn group_at(&self, px: Point) -> Option<&MarkGroup> {
        group_at(&self.groups, px.x, REACH_PX)
    }
}

/// The timeline as a picture.
pub fn timeline_scene(size: Size, theme: &Theme, data: &TimelineData) -> Scene {
    record(size, |area| draw_timeline(area, size, theme, data))
}

pub fn draw_timeline<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    size: Size,
    theme: &Theme,
    data: &TimelineData,
) -> Drawn<DB> {
    let g = TimelineGeometry::new(size, theme, data);
    let pen = Pen::new(area, size);
    let s = theme.scale;
    let (left, right) = g.x.range();
    let track = |from: f64, to: f64| Rect::new(from, g.track_y - s, to - from, 2.0 * s);
    pen.fill(track(left, right), theme.line)?;
    pen.fill(track(left, g.thumb.x), theme.ink)?;

    for group in &g.groups {
        let color = group.kind.color(theme);
        let top = g.track_y - 16.0 * s;
        match group.kind {
            MarkKind::Revival => {
                pen.disc(point(group.px, top + 5.0 * s), 2.0 * s, color)?;
            }
            MarkKind::Edit => {
                let (x, y) = (group.px, top + 10.0 * s);
                let flag = [
                    point(x - 3.0 * s, y - 6.0 * s),
                    point(x + 3.0 * s, y - 6.0 * s),
                    point(x, y),
                ];
                pen.polygon(&flag, color)?;
            }
            // Several in one place stand taller.
            MarkKind::Death | MarkKind::Saturation | MarkKind::Diverged => {
                let height = if group.n > 1 { 12.0 } else { 9.0 } * s;
                let foot = top + 11.0 * s;
                pen.fill(
                    Rect::new(group.px - s, foot - height, 2.0 * s, height),
                    color,
                )?;
            }
        }
    }

    pen.disc(g.thumb, g.thumb_radius, theme.bg)?;
    let ring = Stroke::solid(theme.ink, 2.0 * s);
    pen.ring(g.thumb, g.thumb_radius - s, ring)?;

    let y = g.track_y + 8.0 * s + 0.7 * theme.tick_px();
    if y + 0.6 * theme.tick_px() > size.height {
        return Ok(());
    }
    let look = TextLook::new(theme.tick_px(), theme.ink3);
    let last = format!("step {}", count(data.last_step));
    let width = |label: &str| text::width(label, look.font_px, false);
    if width(&last) <= size.width {
        let at = point(size.width, y);
        pen.text(&last, at, look.align(Align::Right))?;
    }
    if width(&last) + width("step 0") + 12.0 <= size.width {
        pen.text("step 0", point(0.0, y), look)?;
    }
    Ok(())
}

/// The timeline in words.
pub fn describe_timeline(data: &TimelineData) -> String {
    let n = |kind| data.marks.iter().filter(|mark| mark.kind == kind).count();
    let mut text = format!(
        "Step {} of {}.",
        count(data.step),
        count(data.last_step.max(data.step))
    );
    let parts: Vec<String> = [
        (MarkKind::Death, "death", "deaths"),
        (MarkKind::Revival, "revival", "revivals"),
        (MarkKind::Saturation, "saturation", "saturations"),
        (MarkKind::Edit, "change", "changes"),
    ]
    .into_iter()
    .filter_map(|(kind, one, many)| match n(kind) {
        0 => None,
        1 => Some(format!("1 {one}")),
        k => Some(format!("{} {many}", count(k as u64))),
    })
    .collect();
    if !parts.is_empty() {
        text += &format!(" Recorded: {}.", parts.join(", "));
    }
    if let Some(diverged) = data.marks.iter().find(|m| m.kind == MarkKind::Diverged) {
        text += &format!(" Diverged at step {}.", count(diverged.step));
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;
    use crate::plot::kit::check::texts_are_apart_and_inside;
    use crate::plot::kit::geometry::size;

    const MARKS: [Mark; 4] = [
        Mark {
            step: 40,
            kind: MarkKind::Death,
        },
        Mark {
            step: 41,
            kind: MarkKind::Death,
        },
        Mark {
            step: 90,
            kind: MarkKind::Edit,
        },
        Mark {
            step: 120,
            kind: MarkKind::Diverged,
        },
    ];

    proptest! {
        #[test]
        fn scrubbing_round_trips(
            width in 60.0..1500.0f64, last_step in 1..10_000_000u64, t in 0.0..1.0f64,
        ) {
            let step = (t * last_step as f64) as u64;
            let data = TimelineData { step, last_step, marks: &MARKS };
            let g = TimelineGeometry::new(size(width, 48.0), &Theme::LIGHT, &data);
            prop_assert_eq!(g.step_at(g.thumb), step);
            prop_assert_eq!(g.step_at(point(-50.0, 0.0)), 0);
            prop_assert_eq!(g.step_at(point(width + 50.0, 0.0)), last_step);
            let scene = timeline_scene(size(width, 48.0), &Theme::LIGHT, &data);
            texts_are_apart_and_inside(&scene);
        }
    }

    #[test]
    fn a_pointer_near_a_tick_finds_it() {
        let data = TimelineData {
            step: 120,
            last_step: 120,
            marks: &MARKS,
        };
        let g = TimelineGeometry::new(size(500.0, 48.0), &Theme::LIGHT, &data);
        let px = g.x.px_from_data(90.0);
        assert_eq!(
            g.group_at(point(px + 2.0, 10.0)).map(|g| g.kind),
            Some(MarkKind::Edit)
        );
        assert_eq!(g.group_at(point(px - 60.0, 10.0)), None);
    }

    #[test]
    fn words_say_what_the_picture_shows() {
        let check = |data: &TimelineData, expect: Expect| {
            expect.assert_eq(&describe_timeline(data).replace(". ", ".\n"));
        };
        let data = TimelineData {
            step: 60,
            last_step: 1200,
            marks: &MARKS,
        };
        check(
            &data,
            expect![[r#"
            Step 60 of 1,200.
            Recorded: 2 deaths, 1 change.
            Diverged at step 120."#]],
        );
        check(
            &TimelineData { marks: &[], ..data },
            expect!["Step 60 of 1,200."],
        );
    }
}
