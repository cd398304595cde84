use actiscope_core::activation::softmax;
use actiscope_core::classify::Squash;
use leptos::prelude::*;

use super::side;
use crate::held::Held;
use crate::memo::Memo;
use crate::plot::charts::classify::{PictureKind, picture_scene, share_text};
use crate::plot::kit::geometry::{Point, Rect, Size, point};
use crate::plot::kit::scene::{Paint, Scene, Shape};
use crate::plot::kit::theme::Theme;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::panel::Panel;
use crate::views::classify::store::Classify;

/// Dots of a pixel, a side: the data set's pictures were made so.
const DOTS: usize = 4;
/// What a pixel counts whose dots are all set.
const FULL: f32 = 16.0;
/// Half the width of a stroke, dots.
const BRUSH: f64 = 1.55;

/// What is drawn, as dots, and where the pen of the arrow keys is.
#[derive(Clone, Debug, Default, PartialEq)]
struct Drawing {
    /// Dots a side.
    n: usize,
    dots: Vec<bool>,
    pen: Option<(usize, usize)>,
}

impl Drawing {
    fn blank(n: usize) -> Self {
        Self {
            n,
            dots: vec![false; n * n],
            pen: None,
        }
    }

    fn is_blank(&self) -> bool {
        self.dots.iter().all(|is_set| !is_set)
    }

    /// Sets the dots near a line, in dots.
    fn stroke(&mut self, from: Point, to: Point) {
        let n_steps = (2.0 * (to.x - from.x).hypot(to.y - from.y)).ceil().max(1.0);
        for step in 0..=n_steps as usize {
            let share = step as f64 / n_steps;
            let at = point(
                from.x + share * (to.x - from.x),
                from.y + share * (to.y - from.y),
            );
            self.dab(at);
        }
    }

    fn dab(&mut self, at: Point) {
        for row in 0..self.n {
            for column in 0..self.n {
                let (dx, dy) = (column as f64 + 0.5 - at.x, row as f64 + 0.5 - at.y);
                if dx.hypot(dy) <= BRUSH {
                    self.dots[row * self.n + column] = true;
                }
            }
        }
    }

    /// Each pixel as its dots that are set, 0 to [`FULL`].
    fn pixels(&self) -> Vec<f32> {
        let side = self.n / DOTS;
        let pixel = |i: usize| {
            let (row, column) = (DOTS * (i / side), DOTS * (i % side));
            let dots = (0..DOTS * DOTS)
                .filter(|k| self.dots[(row + k / DOTS) * self.n + column + k % DOTS]);
            dots.count() as f32 * FULL / (DOTS * DOTS) as f32
        };
        (0..side * side).map(pixel).collect()
    }
}

/// A picture drawn by hand, and what the network says of it while it is drawn, and while the network trains.
#[component]
pub fn Pad() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let run = classify.run;
    let pixels_a_side = untrack(|| side(classify)).unwrap_or(8);
    let drawing = Held::new(Drawing::blank(DOTS * pixels_a_side));
    let size = RwSignal::new(Size::default());
    let last = StoredValue::new(None::<Point>);
    // The engine answers with each snapshot, and anew at every stroke.
    Effect::new(move |_| {
        let asked = drawing.with(|drawing| match drawing.is_blank() {
            true => Vec::new(),
            false => drawing.pixels(),
        });
        let scaled = run.loaded.with(|loaded| {
            let loaded = loaded.as_ref()?;
            (asked.len() == loaded.n_inputs).then(|| loaded.scaled(&asked))
        });
        run.ask(scaled.unwrap_or_default());
    });
    on_cleanup(move || run.ask(Vec::new()));
    let shares = Memo::new(move |_| {
        let temperature = classify.state.with(|state| state.temperature);
        let loss = run.scenario.with(|scenario| scenario.training.loss);
        run.snapshot.with(|snapshot| {
            let asked = &snapshot.as_ref()?.answers.as_ref()?.asked;
            let row: Vec<f64> = asked.iter().map(|&z| f64::from(z)).collect();
            if row.is_empty() || row.iter().any(|z| !z.is_finite()) {
                return None;
            }
            Some(match Squash::of(loss, row.len()) {
                Squash::Softmax => softmax(&row, temperature),
                squash => squash.shares(&row, temperature),
            })
        })
    });
    let shares = move || {
        let is_blank = drawing.with(Drawing::is_blank);
        shares.get().filter(|_| !is_blank)
    };
    let names = Memo::new(move |_| {
        classify
            .with_judged(|judged| judged.names.clone())
            .unwrap_or_default()
    });
    let said = move || {
        let shares = shares()?;
        let best =
            (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b]).then(b.cmp(a)))?;
        let name = names
            .with(|names| names.get(best).cloned())
            .unwrap_or_default();
        Some((best, name, share_text(shares[best])))
    };
    let draw = move |size: Size, theme: &Theme| {
        drawing.with_untracked(|drawing| {
            let values: Vec<f32> = drawing
                .dots
                .iter()
                .map(|&d| f32::from(u8::from(d)))
                .collect();
            let mut scene = picture_scene(
                size,
                theme,
                &values,
                drawing.n,
                PictureKind::Ink { darkest: 1.0 },
            );
            let g = Grid::new(size, drawing.n);
            g.rules(&mut scene, theme);
            if let Some(pen) = drawing.pen {
                g.pen(&mut scene, theme, pen);
            }
            scene
        })
    };
    let seen = move |size: Size, theme: &Theme| {
        let pixels = drawing.with_untracked(Drawing::pixels);
        picture_scene(
            size,
            theme,
            &pixels,
            pixels_a_side,
            PictureKind::Ink { darkest: FULL },
        )
    };
    let at = move |event: &web_sys::PointerEvent| {
        let n = drawing.with_untracked(|drawing| drawing.n);
        let grid = Grid::new(size.get_untracked(), n);
        grid.dot_of_px(point(
            f64::from(event.offset_x()),
            f64::from(event.offset_y()),
        ))
    };
    let stroke = move |to: Point| {
        let from = last.get_value().unwrap_or(to);
        last.set_value(Some(to));
        drawing.update(|drawing| drawing.stroke(from, to));
    };
    let clear = move || drawing.update(|drawing| *drawing = Drawing::blank(drawing.n));
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let (dx, dy) = match &*event.key() {
            "ArrowLeft" => (-1, 0),
            "ArrowRight" => (1, 0),
            "ArrowUp" => (0, -1),
            "ArrowDown" => (0, 1),
            " " => (0, 0),
            "Delete" | "Backspace" => {
                event.prevent_default();
                clear();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let draws = event.shift_key() || (dx, dy) == (0, 0);
        drawing.update(|drawing| {
            let n = drawing.n;
            let from = drawing.pen.unwrap_or((n / 2, n / 2));
            let to = (
                from.0.saturating_add_signed(dx).min(n - 1),
                from.1.saturating_add_signed(dy).min(n - 1),
            );
            if draws {
                let centre = |(x, y): (usize, usize)| point(x as f64 + 0.5, y as f64 + 0.5);
                drawing.stroke(centre(from), centre(to));
            }
            drawing.pen = Some(to);
        });
    };
    let words = move || {
        match said() {
        None => "Empty. Arrow keys move the pen, with Shift they draw, Space makes a dot, Delete clears.".to_owned(),
        Some((_, name, sure)) => format!("The network says {name}, {sure} sure."),
    }
    };
    let bar = move |class: usize| {
        let share = move || shares().map_or(0.0, |s| s.get(class).copied().unwrap_or(0.0));
        let is_said = move || said().is_some_and(|(best, ..)| best == class);
        view! {
            <li class:said=is_said>
                <i style:--share=move || format!("{:.4}", share()) aria-hidden="true"></i>
                <span>{move || names.with(|names| names.get(class).cloned())}</span>
            </li>
        }
    };
    view! {
        <Panel
            name="pad"
            title=Signal::derive(|| "Draw a digit".to_owned())
            aside=Signal::derive(|| "4 × 4 dots make a pixel".to_owned())
        >
            <div class="pad-row">
                <div class="picture drawn">
                    <Canvas
                        label=Signal::derive(String::new)
                        depends=move || drawing.track()
                        draw=draw
                        size=size
                    />
                    <div
                        class="crosshair"
                        role="application"
                        tabindex="0"
                        aria-label="Pad"
                        aria-roledescription="drawing pad"
                        aria-describedby="pad-words"
                        on:pointerdown=move |event: web_sys::PointerEvent| {
                            event.prevent_default();
                            super::super::threshold::capture(&event);
                            last.set_value(None);
                            stroke(at(&event));
                        }
                        on:pointermove=move |event: web_sys::PointerEvent| {
                            if event.buttons() != 0 && last.get_value().is_some() {
                                stroke(at(&event));
                            }
                        }
                        on:pointerup=move |_| last.set_value(None)
                        on:pointercancel=move |_| last.set_value(None)
                        on:keydown=on_key
                    ></div>
                </div>
                <div class="seen">
                    <span>"what the network sees"</span>
                    <div class="picture thumb">
                        <Canvas label="" depends=move || drawing.track() draw=seen />
                    </div>
                    <p class="said">
                        <b>{move || said().map_or_else(|| "–".to_owned(), |(_, name, _)| name)}</b>
                        <span>{move || said().map(|(_, _, sure)| format!("{sure} sure"))}</span>
                    </p>
                    <button type="button" class="quiet" on:click=move |_| clear()>
                        "Clear"
                    </button>
                </div>
            </div>
            <p class="unseen" id="pad-words" role="status">{words}</p>
            <ol class="shares" aria-hidden="true">
                {move || (0..names.with(Vec::len)).map(bar).collect_view()}
            </ol>
        </Panel>
    }
}

/// Dots over the largest square of a canvas.
struct Grid {
    square: Rect,
    n: usize,
}

impl Grid {
    fn new(size: Size, n: usize) -> Self {
        let side = size.width.min(size.height);
        let (x, y) = ((size.width - side) / 2.0, (size.height - side) / 2.0);
        Self {
            square: Rect::new(x, y, side, side),
            n,
        }
    }

    fn dot_px(&self) -> f64 {
        self.square.width / self.n as f64
    }

    fn dot_of_px(&self, px: Point) -> Point {
        let dot_px = self.dot_px().max(1e-6);
        point(
            (px.x - self.square.x) / dot_px,
            (px.y - self.square.y) / dot_px,
        )
    }

    /// A hairline around each pixel.
    fn rules(&self, scene: &mut Scene, theme: &Theme) {
        let step = DOTS as f64 * self.dot_px();
        let r = self.square;
        for i in 0..=self.n / DOTS {
            let along = i as f64 * step;
            let lines = [
                [point(r.x + along, r.y), point(r.x + along, r.bottom())],
                [point(r.x, r.y + along), point(r.right(), r.y + along)],
            ];
            for line in lines {
                scene.shapes.push(Shape::Path {
                    points: line.to_vec(),
                    is_closed: false,
                    paint: Paint::stroke(theme.line2, 1.0),
                });
            }
        }
    }

    fn pen(&self, scene: &mut Scene, theme: &Theme, (x, y): (usize, usize)) {
        let dot_px = self.dot_px();
        let center = point(
            self.square.x + (x as f64 + 0.5) * dot_px,
            self.square.y + (y as f64 + 0.5) * dot_px,
        );
        scene.shapes.push(Shape::Circle {
            center,
            radius: BRUSH * dot_px,
            paint: Paint::stroke(theme.accent, 1.5),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_counts_its_dots() {
        let mut drawing = Drawing::blank(32);
        assert!(drawing.is_blank());
        assert_eq!(drawing.pixels(), vec![0.0; 64]);
        drawing.dots[0] = true;
        drawing.dots[33] = true;
        drawing.dots[4] = true;
        let pixels = drawing.pixels();
        assert_eq!((pixels[0], pixels[1], pixels[8]), (2.0, 1.0, 0.0));
        drawing.dots = vec![true; 32 * 32];
        assert_eq!(drawing.pixels(), vec![FULL; 64]);
    }

    #[test]
    fn a_stroke_leaves_no_gap_however_fast_it_is() {
        let mut drawing = Drawing::blank(32);
        drawing.stroke(point(2.0, 16.0), point(30.0, 16.0));
        let row: Vec<bool> = drawing.dots[16 * 32 + 2..16 * 32 + 30].to_vec();
        assert!(row.iter().all(|is_set| *is_set), "{row:?}");
        // What leaves the pad is cut, not wrapped.
        drawing.stroke(point(-50.0, -50.0), point(-40.0, -3.0));
        assert!(!drawing.dots[0]);
    }

    #[test]
    fn dots_lie_in_the_middle_of_what_room_there_is() {
        let grid = Grid::new(
            Size {
                width: 200.0,
                height: 100.0,
            },
            32,
        );
        assert_eq!(grid.dot_of_px(point(50.0, 0.0)), point(0.0, 0.0));
        assert_eq!(grid.dot_of_px(point(150.0, 100.0)), point(32.0, 32.0));
    }
}
