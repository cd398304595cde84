//! A map as a picture: cells, axes, title, colour key.

use actiscope_core::color::{Color, viridis};
use actiscope_core::map::{Key, Map, MapValue};
use actiscope_core::protocol::FleetSpec;
use actiscope_core::scenario::{Axis, AxisScale, Scenario};
use actiscope_core::text::{count, number};

use super::font::{Align, LINE};

const PAPER: Color = Color::hex(0xffffff);
const INK: Color = Color::hex(0x1f2328);
/// Of a cell that was seen and has no such number: no unit died.
const NONE: Color = Color::hex(0xd8dade);
const HATCH: Color = Color::hex(0xa33a2a);

/// About the sides of the field, in pixels.
const FIELD_PX: u32 = 640;
const LEFT: i32 = 120;
const TOP: i32 = 84;
const RIGHT: i32 = 190;
const BOTTOM: i32 = 76;
const TICK: i32 = 6;

/// Pixels, row by row from the top.
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

impl Picture {
    fn new(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            rgb: vec![255; 3 * (width * height) as usize],
        }
    }

    /// Colours a pixel, if there is such a one.
    pub fn set(&mut self, x: i32, y: i32, color: Color) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
            return;
        };
        if x < self.width && y < self.height {
            let at = 3 * (y * self.width + x) as usize;
            self.rgb[at..at + 3].copy_from_slice(&[color.r, color.g, color.b]);
        }
    }

    fn fill(&mut self, (x, y): (i32, i32), (width, height): (i32, i32), color: Color) {
        for j in y..y + height {
            for i in x..x + width {
                self.set(i, j, color);
            }
        }
    }

    fn hatch(&mut self, (x, y): (i32, i32), (width, height): (i32, i32)) {
        for j in y..y + height {
            for i in x..x + width {
                let is_line = (i + j).rem_euclid(5) == 0;
                self.set(i, j, if is_line { HATCH } else { PAPER });
            }
        }
    }
}

/// More is darker, as it is on light paper of the page.
fn color_at(place: f64) -> Color {
    viridis(1.0 - place)
}

/// The map coloured by a value. The first value of `y` is at the bottom.
pub fn draw(map: &Map, value: MapValue, spec: &FleetSpec) -> Picture {
    let (n_x, n_y) = (map.x.n as i32, map.y.n as i32);
    let cell = |n: u32| (FIELD_PX / n.max(1)).max(1) as i32;
    let (cell_x, cell_y) = (cell(map.x.n), cell(map.y.n));
    let (width, height) = (n_x * cell_x, n_y * cell_y);
    let mut picture = Picture::new(
        (LEFT + width + RIGHT) as u32,
        (TOP + height + BOTTOM) as u32,
    );
    let key = Key::new(map, value, spec.n_steps);
    let mut has_none = false;
    for iy in 0..map.y.n {
        for ix in 0..map.x.n {
            let at = (
                LEFT + ix as i32 * cell_x,
                TOP + (n_y - 1 - iy as i32) * cell_y,
            );
            let size = (cell_x, cell_y);
            let diverged = map.value(ix, iy, MapValue::Diverged);
            match map.value(ix, iy, value) {
                Some(value) => picture.fill(at, size, color_at(key.place(value))),
                None if diverged.is_some_and(|share| share >= 0.5) => picture.hatch(at, size),
                None => {
                    has_none = true;
                    picture.fill(at, size, NONE);
                }
            }
        }
    }
    frame(&mut picture, (LEFT, TOP), (width, height));
    draw_axes(&mut picture, map, &spec.base, (cell_x, cell_y));
    draw_key(&mut picture, &key, (LEFT + width + 36, height));
    draw_legend(
        &mut picture,
        map,
        (LEFT + width + 36, TOP + height),
        has_none,
    );
    let networks = match map.seeds {
        1 => format!(
            "{} networks",
            count(u64::from(map.x.n) * u64::from(map.y.n))
        ),
        seeds => format!(
            "{} cells, {seeds} seeds each",
            count(u64::from(map.x.n) * u64::from(map.y.n))
        ),
    };
    picture.title((LEFT, 24), value.label(), INK);
    let told = format!("after {} steps, {networks}", count(spec.n_steps));
    picture.text((LEFT, 24 + LINE), Align::Left, &told, INK);
    picture
}

fn frame(picture: &mut Picture, (x, y): (i32, i32), (width, height): (i32, i32)) {
    picture.fill((x - 1, y - 1), (width + 2, 1), INK);
    picture.fill((x - 1, y + height), (width + 2, 1), INK);
    picture.fill((x - 1, y - 1), (1, height + 2), INK);
    picture.fill((x + width, y - 1), (1, height + 2), INK);
}

/// Ticks stand at the middles of cells.
fn draw_axes(picture: &mut Picture, map: &Map, base: &Scenario, (cell_x, cell_y): (i32, i32)) {
    let bottom = TOP + map.y.n as i32 * cell_y;
    for i in ticks(map.x.n, cell_x, 84) {
        let x = LEFT + i as i32 * cell_x + cell_x / 2;
        picture.fill((x, bottom), (1, TICK), INK);
        let text = number(map.x.value(i), 3);
        picture.text((x, bottom + TICK + LINE / 2), Align::Center, &text, INK);
    }
    for i in ticks(map.y.n, cell_y, 40) {
        let y = bottom - i as i32 * cell_y - cell_y / 2;
        picture.fill((LEFT - TICK, y), (TICK, 1), INK);
        let text = number(map.y.value(i), 3);
        picture.text((LEFT - TICK - 4, y), Align::Right, &text, INK);
    }
    let middle = LEFT + map.x.n as i32 * cell_x / 2;
    picture.text(
        (middle, bottom + TICK + 2 * LINE),
        Align::Center,
        &name(&map.x, base),
        INK,
    );
    picture.text((8, TOP - LINE), Align::Left, &name(&map.y, base), INK);
}

/// "Learning rate, log", or a function's own parameter by its name.
fn name(axis: &Axis, base: &Scenario) -> String {
    let label = match axis.setting.label() {
        "Parameter" => axis.setting.name_in(base),
        label => label.to_owned(),
    };
    match axis.scale {
        AxisScale::Linear => label,
        AxisScale::Log => format!("{label} (log)"),
    }
}

/// Cells with a tick: the first, the last, and equally far apart as many between as have so many pixels each.
fn ticks(n: u32, cell_px: i32, room_px: i32) -> Vec<u32> {
    let last = n.saturating_sub(1);
    let fitting = (last as i32 * cell_px / room_px).clamp(1, 8) as u32;
    let step = last.div_ceil(fitting).max(1);
    let mut ticks: Vec<u32> = (0..=last).step_by(step as usize).collect();
    if ticks.last().is_some_and(|tick| *tick != last) {
        // One that would stand in the way of the last gives way to it.
        if (last % step) * 4 < step * 3 && ticks.len() > 1 {
            ticks.pop();
        }
        ticks.push(last);
    }
    ticks
}

fn draw_key(picture: &mut Picture, key: &Key, (x, height): (i32, i32)) {
    let height = height.max(2);
    for j in 0..height {
        let place = 1.0 - f64::from(j) / f64::from(height - 1);
        picture.fill((x, TOP + j), (20, 1), color_at(place));
    }
    frame(picture, (x, TOP), (20, height));
    for i in 0..=4 {
        let place = f64::from(i) / 4.0;
        let y = TOP + ((1.0 - place) * f64::from(height - 1)) as i32;
        picture.fill((x + 20, y), (TICK, 1), INK);
        let text = key.text(key.at(place));
        picture.text((x + 20 + TICK + 4, y), Align::Left, &text, INK);
    }
}

/// What has no colour of the key, where there is such.
fn draw_legend(picture: &mut Picture, map: &Map, (x, y): (i32, i32), has_none: bool) {
    let has_diverged = map.counts().1 > 0;
    let mut y = y + 16;
    if has_diverged {
        picture.hatch((x, y), (20, 14));
        frame(picture, (x, y), (20, 14));
        picture.text((x + 30, y + 7), Align::Left, "diverged", INK);
        y += 22;
    }
    if has_none {
        picture.fill((x, y), (20, 14), NONE);
        frame(picture, (x, y), (20, 14));
        picture.text((x + 30, y + 7), Align::Left, "none", INK);
    }
}
