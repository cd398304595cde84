//! What is mapped: the two axes, the grid, seeds, steps, the colour. Plain data with its rules, and its form in the
//! address.

use actiscope_core::map::{self, MapValue, Preset};
use actiscope_core::number::parse_f64;
use actiscope_core::protocol::FleetSpec;
use actiscope_core::scenario::{Axis, AxisScale, Scenario, Setting, shortest};

use crate::views::kept::Choices;

/// The keys of the address: preset, the axes, grid, seeds, steps, colour.
pub const KEYS: [&str; 7] = ["mp", "mx", "my", "mg", "ms", "mn", "mc"];

/// Cells a side.
pub const GRIDS: [u32; 4] = [16, 32, 64, 128];
/// Networks of a cell.
pub const SEEDS: [u32; 4] = [1, 2, 4, 8];
pub const MAX_STEPS: u64 = 10_000;

#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What the map has beside what the Scope has.
    pub preset: Option<&'static Preset>,
    pub x: Ends,
    pub y: Ends,
    /// Cells a side; fewer along a setting of fewer whole numbers.
    pub grid: u32,
    pub seeds: u32,
    /// Updates of each network.
    pub n_steps: u64,
    pub value: MapValue,
}

/// An axis as it is chosen: a setting by its name, and from where to where.
#[derive(Clone, Debug, PartialEq)]
pub struct Ends {
    /// As [`Setting::named`] takes it.
    pub name: String,
    pub from: f64,
    pub to: f64,
    pub scale: AxisScale,
}

/// Which of the two axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// From left to right.
    Across,
    /// From the bottom to the top.
    Up,
}

impl Default for State {
    fn default() -> Self {
        let mut state = Self {
            preset: None,
            x: Ends::of_text(map::PRESETS[0].x),
            y: Ends::of_text(map::PRESETS[0].y),
            grid: 32,
            seeds: 1,
            n_steps: 300,
            value: map::PRESETS[0].value,
        };
        state.take_preset(&map::PRESETS[0]);
        state
    }
}

impl Ends {
    /// `lr:0.01:10:log`. What cannot be read of it is the opening map's.
    fn of_text(text: &str) -> Self {
        let mut parts = text.split(':');
        let name = parts.next().unwrap_or_default().to_owned();
        let mut number = || parts.next().and_then(parse_f64).filter(|n| n.is_finite());
        let (from, to) = (number().unwrap_or(0.0), number().unwrap_or(1.0));
        let scale = match parts.next() {
            Some("log") => AxisScale::Log,
            _ => AxisScale::Linear,
        };
        Self {
            name,
            from,
            to,
            scale,
        }
    }

    fn text(&self) -> String {
        let (from, to) = (shortest(self.from), shortest(self.to));
        let scale = match self.scale {
            AxisScale::Linear => "",
            AxisScale::Log => ":log",
        };
        format!("{}:{from}:{to}{scale}", self.name)
    }

    /// The axis of at most `n` values.
    ///
    /// # Errors
    /// If the base has no such number, or not in this range.
    pub fn axis(&self, base: &Scenario, n: u32) -> Result<Axis, String> {
        let Some(setting) = Setting::named(&self.name, base) else {
            return Err(format!(
                "{} is no number of this network: choose another axis",
                self.name
            ));
        };
        let n_values = match setting.range().is_whole() {
            // No value stands twice.
            true => n.min(((self.to - self.from).abs() as u32).saturating_add(1)),
            false => n,
        };
        let axis = Axis {
            setting,
            from: self.from,
            to: self.to,
            n: n_values,
            scale: self.scale,
        };
        axis.check(base).map_err(|error| error.to_string())?;
        Ok(axis)
    }
}

impl State {
    pub fn take_preset(&mut self, preset: &'static Preset) {
        self.preset = Some(preset);
        self.x = Ends::of_text(preset.x);
        self.y = Ends::of_text(preset.y);
        self.value = preset.value;
    }

    pub fn ends(&self, side: Side) -> &Ends {
        match side {
            Side::Across => &self.x,
            Side::Up => &self.y,
        }
    }

    pub fn ends_mut(&mut self, side: Side) -> &mut Ends {
        match side {
            Side::Across => &mut self.x,
            Side::Up => &mut self.y,
        }
    }

    /// Another setting along an axis, through all of its range; one that is the other axis' changes places with it.
    pub fn choose(&mut self, side: Side, name: &str, base: &Scenario) {
        let (mine, other) = match side {
            Side::Across => (&mut self.x, &mut self.y),
            Side::Up => (&mut self.y, &mut self.x),
        };
        if other.name == name {
            std::mem::swap(mine, other);
        } else if let Some(setting) = Setting::named(name, base) {
            *mine = usual_ends(setting, name, base);
        }
    }

    /// What all networks have in common.
    ///
    /// # Errors
    /// If the Scope's scenario cannot have what the preset asks for.
    pub fn base(&self, scope: &Scenario) -> Result<Scenario, String> {
        let mut base = scope.clone();
        base.view = Default::default();
        if let Some(preset) = self.preset {
            let edits = preset.edits(scope).map_err(|error| error.to_string())?;
            edits.iter().for_each(|edit| _ = edit.apply(&mut base));
        }
        Ok(base)
    }

    /// What is trained.
    ///
    /// # Errors
    /// If a base has no such axes.
    pub fn fleet(&self, base: &Scenario) -> Result<FleetSpec, String> {
        let (x, y) = (self.x.axis(base, self.grid)?, self.y.axis(base, self.grid)?);
        if x.setting == y.setting {
            return Err("Both axes are the same setting: choose two".into());
        }
        Ok(map::fleet(base.clone(), x, y, self.seeds, self.n_steps))
    }
}

impl Choices for State {
    const KEYS: &'static [&'static str] = &KEYS;

    fn to_keys(&self) -> Vec<Option<String>> {
        let usual = Self::default();
        let of_preset = self.preset.map_or_else(
            || usual.clone(),
            |preset| {
                let mut state = usual.clone();
                state.take_preset(preset);
                state
            },
        );
        let preset_id = |state: &Self| state.preset.map_or("none", |preset| preset.id);
        let text = |is_usual: bool, text: String| (!is_usual).then_some(text);
        vec![
            text(
                preset_id(self) == preset_id(&usual),
                preset_id(self).to_owned(),
            ),
            text(self.x == of_preset.x, self.x.text()),
            text(self.y == of_preset.y, self.y.text()),
            text(self.grid == usual.grid, self.grid.to_string()),
            text(self.seeds == usual.seeds, self.seeds.to_string()),
            text(self.n_steps == usual.n_steps, self.n_steps.to_string()),
            text(self.value == of_preset.value, self.value.id().to_owned()),
        ]
    }

    fn of_keys(text: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut state = Self::default();
        match text(KEYS[0]).as_deref() {
            Some("none") => state.preset = None,
            Some(id) => {
                if let Some(preset) = Preset::of_id(id) {
                    state.take_preset(preset);
                }
            }
            None => {}
        }
        for (side, key) in [(Side::Across, KEYS[1]), (Side::Up, KEYS[2])] {
            if let Some(text) = text(key) {
                *state.ends_mut(side) = Ends::of_text(&text);
            }
        }
        let whole = |key: &str| text(key)?.parse::<u64>().ok();
        let among = |key: &str, choices: &[u32]| {
            let number = u32::try_from(whole(key)?).ok()?;
            choices.contains(&number).then_some(number)
        };
        state.grid = among(KEYS[3], &GRIDS).unwrap_or(state.grid);
        state.seeds = among(KEYS[4], &SEEDS).unwrap_or(state.seeds);
        if let Some(n_steps) = whole(KEYS[5]) {
            state.n_steps = n_steps.clamp(1, MAX_STEPS);
        }
        let value = text(KEYS[6]).and_then(|id| MapValue::from_id(&id));
        state.value = value.unwrap_or(state.value);
        state
    }
}

/// All of a setting's range, but not so wide that the map is empty for the most part.
fn usual_ends(setting: Setting, name: &str, base: &Scenario) -> Ends {
    let range = setting.range_in(base);
    let (from, to, scale) = match setting {
        Setting::LearningRate => (0.01, 10.0, AxisScale::Log),
        Setting::Gain => (0.1, 10.0, AxisScale::Log),
        Setting::L1 | Setting::L2 | Setting::WeightDecay => (0.0, 1.0, AxisScale::Log),
        Setting::Width => (1.0, 32.0, AxisScale::Linear),
        Setting::Depth => (1.0, 16.0, AxisScale::Linear),
        Setting::Seed => {
            let first = f64::from(base.seed);
            (first, first + 31.0, AxisScale::Linear)
        }
        Setting::Samples => (10.0, 1_000.0, AxisScale::Log),
        Setting::BatchSize => (1.0, 128.0, AxisScale::Log),
        _ if range.low > 0.0 && range.high / range.low >= 100.0 => {
            (range.low, range.high, AxisScale::Log)
        }
        _ => (range.low, range.high, AxisScale::Linear),
    };
    Ends {
        name: name.to_owned(),
        from,
        to,
        scale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::kept::read_back;

    #[test]
    fn the_address_holds_all_of_it_and_nothing_of_what_is_usual() {
        let mut state = State::default();
        assert_eq!(state.to_keys(), [const { None }; 7]);
        for preset in &map::PRESETS {
            state.take_preset(preset);
            assert_eq!(read_back(&state), state, "{}", preset.id);
        }
        (state.grid, state.seeds, state.n_steps) = (64, 4, 1_000);
        state.value = MapValue::Diverged;
        state.x.to = 8.0;
        assert_eq!(read_back(&state), state);
        state.preset = None;
        assert_eq!(read_back(&state), state);
    }

    #[test]
    fn nonsense_in_the_address_is_brought_into_range() {
        let state = State::of_keys(&|key| {
            let text = match key {
                "mp" => "nothing",
                "mg" => "33",
                "ms" => "0",
                "mn" => "99999999",
                "mc" => "red",
                _ => return None,
            };
            Some(text.to_owned())
        });
        let n_steps = MAX_STEPS;
        assert_eq!(
            state,
            State {
                n_steps,
                ..State::default()
            }
        );
    }

    #[test]
    fn every_number_of_a_scenario_can_be_an_axis() {
        let scope = Scenario::default();
        let mut state = State::default();
        for preset in &map::PRESETS {
            state.take_preset(preset);
            let base = state.base(&scope).expect(preset.id);
            for setting in Setting::numbers_of(&base) {
                let name = setting.name_in(&base);
                for side in [Side::Across, Side::Up] {
                    state.choose(side, &name, &base);
                    let spec = state.fleet(&base);
                    assert!(spec.is_ok(), "{} along {name}: {spec:?}", preset.id);
                }
            }
        }
    }

    #[test]
    fn one_setting_is_never_both_axes() {
        let base = State::default()
            .base(&Scenario::default())
            .expect("it can be");
        let mut state = State::default();
        let before = state.clone();
        state.choose(Side::Across, "alpha", &base);
        assert_eq!((&state.x, &state.y), (&before.y, &before.x));
        state.y = state.x.clone();
        assert!(state.fleet(&base).is_err_and(|why| why.contains("Both")));
        state.y.name = "nothing".into();
        assert!(
            state
                .fleet(&base)
                .is_err_and(|why| why.contains("another axis"))
        );
    }

    #[test]
    fn whole_numbers_do_not_stand_twice() {
        let base = Scenario::default();
        let ends = Ends::of_text("depth:1:5");
        assert_eq!(ends.axis(&base, 32).map(|axis| axis.n), Ok(5));
        assert_eq!(
            Ends::of_text("lr:1:5").axis(&base, 32).map(|axis| axis.n),
            Ok(32)
        );
    }
}
