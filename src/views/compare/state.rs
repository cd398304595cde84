//! What is compared: the setting that differs, perhaps a second, their values, seeds, steps, target. Plain data with its rules, and its
//! form in the address.

use actiscope_core::activation::catalogue;
use actiscope_core::compare::vary::{product, values_of, with_own_initializers};
use actiscope_core::compare::{PRESETS, Preset, VaryError, lane_name, vary};
use actiscope_core::nn::spec::{Initializer, Optimizer};
use actiscope_core::number::parse_f64;
use actiscope_core::scenario::{Chosen, Edit, Scenario};

use crate::plot::kit::look::N_SLOTS;
use crate::views::kept::Choices;

/// The keys of the address: what differs, own initializers, seeds, steps, target, what differs besides.
pub const KEYS: [&str; 6] = ["cv", "ci", "cs", "cn", "ct", "ca"];

pub const MAX_SEEDS: u32 = 64;
pub const MAX_STEPS: u64 = 100_000;
/// Networks of all lanes together.
pub const MAX_NETWORKS: usize = 4_096;

#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// As [`vary()`] takes it: `a=sigmoid,tanh,relu`.
    pub vary: String,
    /// A second setting, in the same form; every pair is a lane. Empty where there is none.
    pub and: String,
    /// Each function has the initializer that it is paired with, instead of the base's.
    pub own_initializers: bool,
    pub seeds: u32,
    /// Updates of each network.
    pub n_steps: u64,
    /// A loss.
    pub target: f64,
}

impl Default for State {
    fn default() -> Self {
        let first = &PRESETS[0];
        Self {
            vary: first.vary.to_owned(),
            and: String::new(),
            own_initializers: first.own_initializers,
            seeds: 16,
            n_steps: 600,
            target: 0.1,
        }
    }
}

/// One of the settings that lanes differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    First,
    Second,
}

/// A setting that lanes can differ in, and the values that one begins with.
pub struct Differing {
    pub key: &'static str,
    pub label: &'static str,
    pub usual: &'static str,
}

/// In the order of the menu.
pub const DIFFERING: [Differing; 10] = [
    row("a", "Activation", "a=sigmoid,tanh,relu"),
    row(
        "i",
        "Initializer",
        "i=he_normal,glorot_normal,lecun_normal,orthogonal",
    ),
    row("o", "Optimizer", "o=sgd,momentum,rmsprop,adam"),
    row("lr", "Learning rate", "lr=0.01,0.03,0.1,0.3,1"),
    row("b", "Batch size", "b=1,8,32,128"),
    row("bn", "BatchNorm", "bn=0,1"),
    row("depth", "Layers", "depth=1,2,4,8"),
    row("width", "Units a layer", "width=2,4,8,16,32"),
    row("l2", "L2", "l2=0,0.001,0.01,0.1"),
    row("g", "Gain", "g=0.5,1,2,4"),
];

const fn row(key: &'static str, label: &'static str, usual: &'static str) -> Differing {
    Differing { key, label, usual }
}

impl State {
    fn text(&self, place: Place) -> &str {
        match place {
            Place::First => &self.vary,
            Place::Second => &self.and,
        }
    }

    fn set_text(&mut self, place: Place, text: String) {
        match place {
            Place::First => self.vary = text,
            Place::Second => self.and = text,
        }
    }

    /// The key of a setting that differs; empty where there is no second.
    pub fn key(&self, place: Place) -> &str {
        self.text(place).split_once('=').map_or("", |(key, _)| key)
    }

    /// Its values, as links have them.
    pub fn values(&self, place: Place) -> Vec<String> {
        let text = self.text(place).split_once('=');
        text.map_or_else(Vec::new, |(_, values)| values_of(values))
    }

    /// Lanes for each value of the first setting.
    pub fn n_second(&self) -> usize {
        self.values(Place::Second).len().max(1)
    }

    /// Values of one setting for which there is room beside those of the other.
    pub fn room(&self, place: Place) -> usize {
        let other = match place {
            Place::First => self.n_second(),
            Place::Second => self.values(Place::First).len(),
        };
        N_SLOTS / other.max(1)
    }

    /// The lanes differ in their functions.
    pub fn is_of_functions(&self) -> bool {
        [Place::First, Place::Second]
            .map(|place| self.key(place))
            .contains(&"a")
    }

    pub fn preset(&self) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| {
            let same =
                (preset.vary, preset.own_initializers) == (&*self.vary, self.own_initializers);
            same && self.and.is_empty()
        })
    }

    pub fn take_preset(&mut self, preset: &Preset) {
        preset.vary.clone_into(&mut self.vary);
        self.and.clear();
        self.own_initializers = preset.own_initializers;
    }

    /// The usual values of another setting, as many as there is room for. No second setting where there is no room, or
    /// where it is the first one now.
    ///
    /// # Errors
    /// If there is no room for a second one.
    pub fn differ_in(&mut self, place: Place, key: &str) -> Result<(), String> {
        let was_of_functions = self.is_of_functions();
        let usual = DIFFERING
            .iter()
            .find(|row| row.key == key)
            .map(|row| row.usual);
        match (place, usual) {
            (Place::First, Some(usual)) => {
                usual.clone_into(&mut self.vary);
                if self.key(Place::Second) == key
                    || self.values(Place::First).len() > self.room(Place::First)
                {
                    self.and.clear();
                }
            }
            (Place::Second, Some(_)) if self.key(Place::First) == key => {
                return Err("The lanes differ in that already".into());
            }
            (Place::Second, Some(usual)) => {
                let room = self.room(Place::Second);
                if room < 2 {
                    let n = self.values(Place::First).len();
                    return Err(format!(
                        "Eight lanes at most: with {n} values there is no room for pairs"
                    ));
                }
                let values = values_of(usual.split_once('=').map_or("", |(_, values)| values));
                self.and = text_of(key, &values[..room.min(values.len())]);
            }
            (Place::Second, None) => self.and.clear(),
            (Place::First, None) => {}
        }
        if self.is_of_functions() != was_of_functions {
            self.own_initializers = self.is_of_functions();
        }
        Ok(())
    }

    /// One more value of a setting.
    ///
    /// # Errors
    /// If there is no such value, or no room for it.
    pub fn add(&mut self, base: &Scenario, place: Place, value: &str) -> Result<(), String> {
        let mut values = self.values(place);
        if values.len() >= self.room(place) {
            return Err("Eight lanes at most: drop one first".into());
        }
        if values.iter().any(|known| known == value) {
            return Err(format!("{value} is there already"));
        }
        values.push(value.to_owned());
        let text = text_of(self.key(place), &values);
        vary(base, &text).map_err(|error| error.to_string())?;
        self.set_text(place, text);
        Ok(())
    }

    /// Without the value at a place among a setting's; two stay.
    pub fn drop_value(&mut self, place: Place, at: usize) {
        let mut values = self.values(place);
        if values.len() > 2 && at < values.len() {
            values.remove(at);
            let text = text_of(self.key(place), &values);
            self.set_text(place, text);
        }
    }

    /// Each pair of a value of one setting and one of the other; with one setting each value.
    fn pairs(&self, base: &Scenario) -> Result<Vec<Vec<Edit>>, VaryError> {
        let lanes = vary(base, &self.vary)?;
        Ok(match self.and.is_empty() {
            true => lanes,
            false => product(&lanes, &vary(base, &self.and)?),
        })
    }

    /// What each lane changes of the base.
    ///
    /// # Errors
    /// If the text tells no lanes, or more than are drawn, or of more networks than are trained.
    pub fn lanes(&self, base: &Scenario) -> Result<Vec<Vec<Edit>>, String> {
        let lanes = self.pairs(base).map_err(|error| error.to_string())?;
        if lanes.len() > N_SLOTS {
            return Err(format!("Eight lanes at most: these are {}", lanes.len()));
        }
        if lanes.len() * self.seeds as usize > MAX_NETWORKS {
            return Err(format!(
                "{} networks at most: choose fewer seeds",
                crate::text::count(MAX_NETWORKS as u64)
            ));
        }
        Ok(match self.own_initializers && self.is_of_functions() {
            true => with_own_initializers(base, &lanes),
            false => lanes,
        })
    }

    /// What each lane is called: what it differs in.
    pub fn names(&self, base: &Scenario) -> Vec<String> {
        let lanes = self.pairs(base).unwrap_or_default();
        let names = lanes.iter().map(|lane| lane_name(base, lane));
        names.collect()
    }

    /// What the values of a setting are called; what cannot be run is still there, as it is written.
    pub fn value_names(&self, base: &Scenario, place: Place) -> Vec<String> {
        match vary(base, self.text(place)) {
            Ok(lanes) => lanes.iter().map(|lane| lane_name(base, lane)).collect(),
            Err(_) => self.values(place),
        }
    }

    /// Values that one may add, where there is a list of them: id and name.
    pub fn offered(&self, place: Place) -> Vec<(String, String)> {
        let all: Vec<(&str, &str)> = match self.key(place) {
            "a" => catalogue().iter().map(|e| (e.id, e.name)).collect(),
            "i" => Initializer::table()
                .iter()
                .map(|e| (e.id, e.label))
                .collect(),
            "o" => Optimizer::table().iter().map(|e| (e.id, e.label)).collect(),
            _ => Vec::new(),
        };
        let known = self.values(place);
        let left = all
            .into_iter()
            .filter(|(id, _)| !known.iter().any(|k| k == id));
        left.map(|(id, name)| (id.to_owned(), name.to_owned()))
            .collect()
    }
}

impl Choices for State {
    const KEYS: &'static [&'static str] = &KEYS;

    fn to_keys(&self) -> Vec<Option<String>> {
        let usual = Self::default();
        let is_own = |own: bool| if own { "own" } else { "same" };
        let of_key = self.is_of_functions();
        vec![
            (self.vary != usual.vary).then(|| self.vary.clone()),
            (self.own_initializers != of_key).then(|| is_own(self.own_initializers).to_owned()),
            (self.seeds != usual.seeds).then(|| self.seeds.to_string()),
            (self.n_steps != usual.n_steps).then(|| self.n_steps.to_string()),
            (self.target != usual.target).then(|| self.target.to_string()),
            (!self.and.is_empty()).then(|| self.and.clone()),
        ]
    }

    fn of_keys(text: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut state = Self::default();
        if let Some(vary) = text(KEYS[0]) {
            state.vary = vary;
        }
        state.and = text(KEYS[5]).unwrap_or_default();
        state.own_initializers = match text(KEYS[1]).as_deref() {
            Some("own") => true,
            Some("same") => false,
            _ => state.is_of_functions(),
        };
        let whole = |key: &str| text(key)?.parse::<u64>().ok();
        if let Some(seeds) = whole(KEYS[2]) {
            state.seeds = seeds.clamp(1, u64::from(MAX_SEEDS)) as u32;
        }
        if let Some(n_steps) = whole(KEYS[3]) {
            state.n_steps = n_steps.clamp(1, MAX_STEPS);
        }
        let target = text(KEYS[4]).and_then(|text| parse_f64(&text));
        if let Some(target) = target.filter(|target| (1e-6..=1e3).contains(target)) {
            state.target = target;
        }
        state
    }
}

fn text_of(key: &str, values: &[String]) -> String {
    format!("{key}={}", values.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::kept::read_back;

    fn differ_in(state: &mut State, key: &str) {
        state.differ_in(Place::First, key).expect("there is room");
    }

    #[test]
    fn the_address_holds_all_of_it_and_nothing_of_what_is_usual() {
        let mut state = State::default();
        assert_eq!(state.to_keys(), [const { None }; 6]);
        for row in &DIFFERING {
            differ_in(&mut state, row.key);
            assert_eq!(read_back(&state), state, "{}", row.key);
        }
        differ_in(&mut state, "a");
        state.own_initializers = false;
        (state.seeds, state.n_steps, state.target) = (3, 1_000, 0.02);
        assert_eq!(read_back(&state), state);
        for preset in &PRESETS {
            state.take_preset(preset);
            assert_eq!(read_back(&state).preset(), Some(preset), "{}", preset.id);
        }
    }

    #[test]
    fn nonsense_in_the_address_is_brought_into_range() {
        let state = State::of_keys(&|key| {
            let text = match key {
                "cs" => "1000",
                "cn" => "0",
                "ct" => "-1",
                "ci" => "both",
                _ => return None,
            };
            Some(text.to_owned())
        });
        let usual = State::default();
        assert_eq!((state.seeds, state.n_steps), (MAX_SEEDS, 1));
        assert_eq!(
            (state.target, state.own_initializers),
            (usual.target, usual.own_initializers)
        );
    }

    #[test]
    fn every_lane_that_is_offered_or_usual_can_be_trained() {
        let base = Scenario::default();
        let mut state = State::default();
        for row in &DIFFERING {
            differ_in(&mut state, row.key);
            let lanes = state.lanes(&base).expect("they are usual");
            assert_eq!(lanes.len(), state.values(Place::First).len(), "{}", row.key);
            assert_eq!(state.names(&base).len(), lanes.len());
            while let Some((id, _)) = state.offered(Place::First).first() {
                if state.add(&base, Place::First, id).is_err() {
                    break;
                }
            }
            assert!(state.lanes(&base).is_ok(), "{}", row.key);
        }
        for preset in &PRESETS {
            state.take_preset(preset);
            assert!(state.lanes(&base).is_ok(), "{}", preset.id);
        }
    }

    #[test]
    fn what_cannot_be_a_lane_is_refused_in_words() {
        let base = Scenario::default();
        let mut state = State::default();
        let refused = |state: &mut State, value: &str, expect: &str| {
            let why = state
                .add(&base, Place::First, value)
                .expect_err("it cannot be");
            assert!(why.contains(expect), "{why}");
        };
        refused(&mut state, "tanh", "there already");
        refused(&mut state, "tahn", "a=tahn");
        differ_in(&mut state, "lr");
        refused(&mut state, "-1", "lr=-1");
        for rate in ["2", "3", "4"] {
            state.add(&base, Place::First, rate).expect("there is room");
        }
        refused(&mut state, "5", "Eight lanes");
        (state.vary, state.seeds) = ("lr=0.1,0.2".into(), 4_000);
        assert!(
            state
                .lanes(&base)
                .is_err_and(|why| why.contains("fewer seeds"))
        );
    }

    #[test]
    fn a_second_setting_makes_pairs_as_far_as_there_is_room() {
        let base = Scenario::default();
        let mut state = State::default();
        let second = |state: &mut State, key: &str| state.differ_in(Place::Second, key);
        second(&mut state, "bn").expect("there is room");
        assert_eq!((state.n_second(), read_back(&state)), (2, state.clone()));
        assert_eq!(
            state.names(&base)[..3],
            [
                "Sigmoid, BatchNorm off",
                "Sigmoid, BatchNorm on",
                "Tanh, BatchNorm off"
            ]
        );
        assert_eq!(state.lanes(&base).map(|lanes| lanes.len()), Ok(6));
        assert!(state.preset().is_none() && state.own_initializers);
        // As many values as fit.
        second(&mut state, "lr").expect("there is room");
        assert_eq!(state.values(Place::Second), ["0.01", "0.03"]);
        assert!(
            second(&mut state, "a").is_err(),
            "they differ in that already"
        );
        state
            .add(&base, Place::First, "elu")
            .expect("there is room");
        assert!(state.add(&base, Place::First, "gelu").is_err());
        assert!(state.add(&base, Place::Second, "0.1").is_err());
        second(&mut state, "").expect("nothing else");
        assert_eq!((state.n_second(), state.names(&base).len()), (1, 4));
        // What has no room for pairs is refused in words, and what leaves none has none.
        differ_in(&mut state, "lr");
        assert!(second(&mut state, "bn").is_err_and(|why| why.contains("no room")));
        differ_in(&mut state, "a");
        second(&mut state, "bn").expect("there is room");
        differ_in(&mut state, "bn");
        assert_eq!(state.key(Place::Second), "");
    }

    #[test]
    fn lanes_are_called_by_what_differs_and_two_stay() {
        let base = Scenario::default();
        let mut state = State::default();
        assert_eq!(state.names(&base), ["Sigmoid", "Tanh", "ReLU"]);
        state.drop_value(Place::First, 1);
        assert_eq!(state.vary, "a=sigmoid,relu");
        state.drop_value(Place::First, 0);
        assert_eq!(state.names(&base), ["Sigmoid", "ReLU"]);
        differ_in(&mut state, "bn");
        assert_eq!(state.names(&base), ["BatchNorm off", "BatchNorm on"]);
    }
}
