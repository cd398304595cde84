//! What is compared: the setting that differs, its values, seeds, steps, target. Plain data with its rules, and its
//! form in the address.

use actiscope_core::activation::catalogue;
use actiscope_core::compare::vary::{values_of, with_own_initializers};
use actiscope_core::compare::{PRESETS, Preset, VaryError, lane_name, vary};
use actiscope_core::nn::spec::{Initializer, Optimizer};
use actiscope_core::number::parse_f64;
use actiscope_core::scenario::{Chosen, Edit, Scenario};

use crate::plot::kit::look::N_SLOTS;

/// The keys of the address: what differs, own initializers, seeds, steps, target.
pub const KEYS: [&str; 5] = ["cv", "ci", "cs", "cn", "ct"];

pub const MAX_SEEDS: u32 = 64;
pub const MAX_STEPS: u64 = 100_000;
/// Networks of all lanes together.
pub const MAX_NETWORKS: usize = 4_096;

#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// As [`vary()`] takes it: `a=sigmoid,tanh,relu`.
    pub vary: String,
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
            own_initializers: first.own_initializers,
            seeds: 16,
            n_steps: 600,
            target: 0.1,
        }
    }
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
    /// The key of the setting that differs.
    pub fn key(&self) -> &str {
        self.vary.split_once('=').map_or("", |(key, _)| key)
    }

    /// Its values, as links have them.
    pub fn values(&self) -> Vec<String> {
        let values = self.vary.split_once('=').map_or("", |(_, values)| values);
        values_of(values)
    }

    pub fn preset(&self) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| {
            (preset.vary, preset.own_initializers) == (&*self.vary, self.own_initializers)
        })
    }

    pub fn take_preset(&mut self, preset: &Preset) {
        preset.vary.clone_into(&mut self.vary);
        self.own_initializers = preset.own_initializers;
    }

    /// Other values of another setting.
    pub fn differ_in(&mut self, key: &str) {
        if let Some(row) = DIFFERING.iter().find(|row| row.key == key) {
            row.usual.clone_into(&mut self.vary);
            self.own_initializers = key == "a";
        }
    }

    /// One more lane.
    ///
    /// # Errors
    /// If there is no such value, or no room for it.
    pub fn add(&mut self, base: &Scenario, value: &str) -> Result<(), String> {
        let mut values = self.values();
        if values.len() >= N_SLOTS {
            return Err("Eight lanes at most: drop one first".into());
        }
        if values.iter().any(|known| known == value) {
            return Err(format!("{value} is there already"));
        }
        values.push(value.to_owned());
        let text = text_of(self.key(), &values);
        vary(base, &text).map_err(|error| error.to_string())?;
        self.vary = text;
        Ok(())
    }

    /// Without the lane at a place; two stay.
    pub fn drop_lane(&mut self, at: usize) {
        let mut values = self.values();
        if values.len() > 2 && at < values.len() {
            values.remove(at);
            self.vary = text_of(self.key(), &values);
        }
    }

    /// What each lane changes of the base.
    ///
    /// # Errors
    /// If the text tells no lanes, or more than are drawn, or of more networks than are trained.
    pub fn lanes(&self, base: &Scenario) -> Result<Vec<Vec<Edit>>, String> {
        let lanes = vary(base, &self.vary).map_err(|error: VaryError| error.to_string())?;
        if lanes.len() > N_SLOTS {
            return Err(format!("Eight lanes at most: these are {}", lanes.len()));
        }
        if lanes.len() * self.seeds as usize > MAX_NETWORKS {
            return Err(format!(
                "{} networks at most: choose fewer seeds",
                crate::text::count(MAX_NETWORKS as u64)
            ));
        }
        Ok(match self.own_initializers && self.key() == "a" {
            true => with_own_initializers(base, &lanes),
            false => lanes,
        })
    }

    /// What each lane is called: the value that it differs in.
    pub fn names(&self, base: &Scenario) -> Vec<String> {
        let lanes = vary(base, &self.vary).unwrap_or_default();
        let names = lanes.iter().map(|lane| lane_name(base, lane));
        names.collect()
    }

    /// Values that one may add, where there is a list of them: id and name.
    pub fn offered(&self) -> Vec<(String, String)> {
        let all: Vec<(&str, &str)> = match self.key() {
            "a" => catalogue().iter().map(|e| (e.id, e.name)).collect(),
            "i" => Initializer::table()
                .iter()
                .map(|e| (e.id, e.label))
                .collect(),
            "o" => Optimizer::table().iter().map(|e| (e.id, e.label)).collect(),
            _ => Vec::new(),
        };
        let known = self.values();
        let left = all
            .into_iter()
            .filter(|(id, _)| !known.iter().any(|k| k == id));
        left.map(|(id, name)| (id.to_owned(), name.to_owned()))
            .collect()
    }

    /// The texts of [`KEYS`]; `None` for what is as usual.
    pub fn to_keys(&self) -> [Option<String>; 5] {
        let usual = Self::default();
        let is_own = |own: bool| if own { "own" } else { "same" };
        let of_key = usual_initializers(self.key());
        [
            (self.vary != usual.vary).then(|| self.vary.clone()),
            (self.own_initializers != of_key).then(|| is_own(self.own_initializers).to_owned()),
            (self.seeds != usual.seeds).then(|| self.seeds.to_string()),
            (self.n_steps != usual.n_steps).then(|| self.n_steps.to_string()),
            (self.target != usual.target).then(|| self.target.to_string()),
        ]
    }

    /// What the texts of [`KEYS`] say; what cannot be read is left as usual.
    pub fn of_keys(text: impl Fn(&str) -> Option<String>) -> Self {
        let mut state = Self::default();
        if let Some(vary) = text(KEYS[0]) {
            state.vary = vary;
        }
        state.own_initializers = match text(KEYS[1]).as_deref() {
            Some("own") => true,
            Some("same") => false,
            _ => usual_initializers(state.key()),
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

/// Functions have their own pairs, if nothing else is said.
fn usual_initializers(key: &str) -> bool {
    key == "a"
}

fn text_of(key: &str, values: &[String]) -> String {
    format!("{key}={}", values.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(state: &State) -> State {
        let texts = state.to_keys();
        State::of_keys(|key| {
            let at = KEYS.iter().position(|known| *known == key)?;
            texts[at].clone()
        })
    }

    #[test]
    fn the_address_holds_all_of_it_and_nothing_of_what_is_usual() {
        let mut state = State::default();
        assert_eq!(state.to_keys(), [const { None }; 5]);
        for row in &DIFFERING {
            state.differ_in(row.key);
            assert_eq!(read_back(&state), state, "{}", row.key);
        }
        state.differ_in("a");
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
        let state = State::of_keys(|key| {
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
            state.differ_in(row.key);
            let lanes = state.lanes(&base).expect("they are usual");
            assert_eq!(lanes.len(), state.values().len(), "{}", row.key);
            assert_eq!(state.names(&base).len(), lanes.len());
            while let Some((id, _)) = state.offered().first() {
                if state.add(&base, id).is_err() {
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
            let why = state.add(&base, value).expect_err("it cannot be");
            assert!(why.contains(expect), "{why}");
        };
        refused(&mut state, "tanh", "there already");
        refused(&mut state, "tahn", "a=tahn");
        state.differ_in("lr");
        refused(&mut state, "-1", "lr=-1");
        for rate in ["2", "3", "4"] {
            state.add(&base, rate).expect("there is room");
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
    fn lanes_are_called_by_what_differs_and_two_stay() {
        let base = Scenario::default();
        let mut state = State::default();
        assert_eq!(state.names(&base), ["Sigmoid", "Tanh", "ReLU"]);
        state.drop_lane(1);
        assert_eq!(state.vary, "a=sigmoid,relu");
        state.drop_lane(0);
        assert_eq!(state.names(&base), ["Sigmoid", "ReLU"]);
        state.differ_in("bn");
        assert_eq!(state.names(&base), ["BatchNorm off", "BatchNorm on"]);
    }
}
