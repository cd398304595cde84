//! What is chosen in the Atlas: functions, their parameters, z. Plain data with its rules, and its form in the address.

use actiscope_core::activation::{ActivationSpec, catalogue, entry};
use actiscope_core::expr::Expr;
use actiscope_core::number::parse_f64;

use crate::plot::kit::look::N_SLOTS;
use crate::views::kept::Choices;

/// A function of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Id {
    /// Of the catalogue.
    Known(&'static str),
    /// The user's own, by its place in [`State::own`].
    Own(usize),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    Table,
    #[default]
    Depth,
    Softmax,
    Cost,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Table, Self::Depth, Self::Softmax, Self::Cost];

    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "Table",
            Self::Depth => "Depth",
            Self::Softmax => "Softmax",
            Self::Cost => "Cost",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The user's own functions, in the order in which they were added.
    pub own: Vec<ActivationSpec>,
    /// Parameters that are not as usual.
    params: Vec<(&'static str, Vec<f64>)>,
    /// The chosen functions. Each keeps its slot, and with it its look, until it is dropped.
    pub slots: [Option<Id>; N_SLOTS],
    pub focused: Option<Id>,
    /// Of the crosshair.
    pub z: f64,
    pub z_range: (f64, f64),
    pub tab: Tab,
}

/// What is said to a ninth.
pub const FULL: &str = "Eight at most: drop one first";
/// The keys of the address: chosen, focused, the user's own, z, its range, the tab.
pub const KEYS: [&str; 6] = ["fx", "ff", "fo", "fz", "fr", "ft"];
/// z is not looked at beyond this.
pub const MAX_REACH: f64 = 64.0;
const MAX_OWN: usize = 16;

impl Default for State {
    fn default() -> Self {
        let chosen = ["relu", "leaky_relu", "elu", "gelu", "sigmoid", "tanh"];
        let mut slots = [None; N_SLOTS];
        for (slot, id) in slots.iter_mut().zip(chosen) {
            *slot = Some(Id::Known(id));
        }
        Self {
            own: Vec::new(),
            params: Vec::new(),
            slots,
            focused: Some(Id::Known("elu")),
            z: -1.5,
            z_range: (-4.0, 4.0),
            tab: Tab::default(),
        }
    }
}

impl State {
    /// What is to be evaluated.
    pub fn spec(&self, id: Id) -> ActivationSpec {
        match id {
            Id::Known(known) => {
                let mut spec = ActivationSpec::new(known);
                if let Some(params) = self.params_of(known) {
                    spec.params.clone_from(params);
                }
                spec
            }
            // A formula that there is not is none that resolves.
            Id::Own(i) => (self.own.get(i).cloned()).unwrap_or_else(|| ActivationSpec::new("")),
        }
    }

    /// Parameters of a function of the catalogue that are not as usual.
    fn params_of(&self, id: &str) -> Option<&Vec<f64>> {
        let known = self.params.iter().find(|(known, _)| *known == id);
        known.map(|(_, params)| params)
    }

    pub fn name(&self, id: Id) -> String {
        match id {
            Id::Known(known) => entry(known).map_or(known, |entry| entry.name).to_owned(),
            Id::Own(i) => format!("Own {}", i + 1),
        }
    }

    pub fn slot_of(&self, id: Id) -> Option<usize> {
        self.slots.iter().position(|slot| *slot == Some(id))
    }

    pub fn chosen(&self) -> impl Iterator<Item = (usize, Id)> {
        let slots = self.slots.iter().enumerate();
        slots.filter_map(|(i, slot)| slot.map(|id| (i, id)))
    }

    /// # Errors
    /// If eight are chosen already.
    pub fn choose(&mut self, id: Id) -> Result<(), &'static str> {
        if self.slot_of(id).is_some() {
            return Ok(());
        }
        match self.slots.iter_mut().find(|slot| slot.is_none()) {
            Some(slot) => *slot = Some(id),
            None => return Err(FULL),
        }
        Ok(())
    }

    pub fn drop_chosen(&mut self, id: Id) {
        if let Some(slot) = self.slot_of(id) {
            self.slots[slot] = None;
        }
        if self.focused == Some(id) {
            let first = self.chosen().map(|(_, id)| id).next();
            self.focused = first;
        }
    }

    /// # Errors
    /// If eight are chosen already and this is none of them.
    pub fn toggle(&mut self, id: Id) -> Result<(), &'static str> {
        if self.slot_of(id).is_some() {
            self.drop_chosen(id);
            return Ok(());
        }
        self.choose(id)?;
        self.focused.get_or_insert(id);
        Ok(())
    }

    /// Makes it the one of the card; what is looked at is drawn too.
    ///
    /// # Errors
    /// If eight are chosen already and this is none of them.
    pub fn focus(&mut self, id: Id) -> Result<(), &'static str> {
        self.choose(id)?;
        self.focused = Some(id);
        Ok(())
    }

    pub fn set_param(&mut self, id: Id, index: usize, value: f64) {
        let mut spec = self.spec(id);
        let Some(param) = spec.params.get_mut(index) else {
            return;
        };
        *param = value;
        match id {
            Id::Known(known) => {
                self.params.retain(|(other, _)| *other != known);
                if spec != ActivationSpec::new(known) {
                    self.params.push((known, spec.params));
                }
            }
            Id::Own(i) => self.own[i] = spec,
        }
    }

    /// Adds a formula to the list and looks at it.
    ///
    /// # Errors
    /// If there is no room for it.
    pub fn add_own(&mut self, spec: ActivationSpec) -> Result<(), &'static str> {
        if self.own.len() >= MAX_OWN {
            return Err("Sixteen formulas of your own at most");
        }
        if self.slots.iter().all(Option::is_some) {
            return Err(FULL);
        }
        self.own.push(spec);
        self.focus(Id::Own(self.own.len() - 1))
    }

    /// Takes the crosshair to z, kept within the axis.
    pub fn go_to(&mut self, z: f64) {
        self.z = z.clamp(self.z_range.0, self.z_range.1);
    }

    /// Shows so many times as much of z, `about` staying where it is.
    pub fn zoom(&mut self, about: f64, factor: f64) {
        let (low, high) = self.z_range;
        let width = ((high - low) * factor).clamp(0.5, 2.0 * MAX_REACH);
        let factor = width / (high - low);
        let low = about - (about - low) * factor;
        let low = low.clamp(-MAX_REACH, MAX_REACH - width);
        let rounded = |v: f64| (v * 1e3).round() / 1e3;
        self.z_range = (rounded(low), rounded(low + width));
        self.go_to(self.z);
    }

    pub fn set_reach(&mut self, reach: f64) {
        self.z_range = (-reach, reach);
        self.go_to(self.z);
    }

    fn id_text(&self, id: Id, with_params: bool) -> String {
        match id {
            Id::Own(i) => format!("u{}", i + 1),
            Id::Known(known) => match self.params_of(known).filter(|_| with_params) {
                Some(params) => format!("{known}{}", params_text(params)),
                None => known.to_owned(),
            },
        }
    }

    fn id_of(&self, text: &str) -> Option<Id> {
        let own = text.strip_prefix('u').and_then(|n| n.parse::<usize>().ok());
        match own {
            Some(n) => (1..=self.own.len()).contains(&n).then(|| Id::Own(n - 1)),
            None => catalogue()
                .iter()
                .find(|known| known.id == text)
                .map(|known| Id::Known(known.id)),
        }
    }

    fn set_param_within(&mut self, id: Id, index: usize, value: f64) {
        let range = match id {
            Id::Known(known) => entry(known).and_then(|known| known.params.get(index)),
            Id::Own(_) => None,
        };
        if value.is_finite() && range.is_none_or(|p| (p.min..=p.max).contains(&value)) {
            self.set_param(id, index, value);
        }
    }
}

impl Choices for State {
    const KEYS: &'static [&'static str] = &KEYS;

    fn to_keys(&self) -> Vec<Option<String>> {
        let usual = Self::default();
        let slots: Vec<String> = (self.slots.iter())
            .map(|slot| slot.map_or_else(String::new, |id| self.id_text(id, true)))
            .collect();
        let slots = slots.join(";").trim_end_matches(';').to_owned();
        let own: Vec<String> = self.own.iter().map(own_text).collect();
        let (low, high) = self.z_range;
        vec![
            (self.slots != usual.slots || !self.params.is_empty()).then_some(slots),
            (self.focused != usual.focused).then(|| {
                self.focused
                    .map_or_else(String::new, |id| self.id_text(id, false))
            }),
            (!own.is_empty()).then(|| own.join(";")),
            (self.z != usual.z).then(|| self.z.to_string()),
            (self.z_range != usual.z_range).then(|| format!("{low}~{high}")),
            (self.tab != usual.tab).then(|| self.tab.name().to_ascii_lowercase()),
        ]
    }

    fn of_keys(text: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut state = Self::default();
        if let Some(own) = text(KEYS[2]) {
            state.own = own.split(';').filter_map(own_of).take(MAX_OWN).collect();
        }
        if let Some(chosen) = text(KEYS[0]) {
            state.slots = [None; N_SLOTS];
            for (i, part) in chosen.split(';').enumerate().take(N_SLOTS) {
                let mut parts = part.split('~');
                let id = state.id_of(parts.next().unwrap_or_default());
                if state.slots.contains(&id) {
                    continue;
                }
                state.slots[i] = id;
                for (index, value) in parts.enumerate() {
                    if let (Some(id), Some(value)) = (id, parse_f64(value)) {
                        state.set_param_within(id, index, value);
                    }
                }
            }
        }
        state.focused = match text(KEYS[1]) {
            Some(focused) => state.id_of(&focused),
            None => state.focused,
        };
        state.focused = state.focused.filter(|id| state.slot_of(*id).is_some());
        if let Some((low, high)) = text(KEYS[4]).as_deref().and_then(range_of) {
            state.z_range = (low, high);
        }
        let z = text(KEYS[3]).and_then(|z| parse_f64(&z));
        state.go_to(z.filter(|z| z.is_finite()).unwrap_or(state.z));
        if let Some(tab) = text(KEYS[5]) {
            let known = Tab::ALL.into_iter();
            let mut found = known.filter(|known| known.name().eq_ignore_ascii_case(&tab));
            state.tab = found.next().unwrap_or_default();
        }
        state
    }
}

fn params_text(params: &[f64]) -> String {
    params.iter().map(|value| format!("~{value}")).collect()
}

fn own_text(spec: &ActivationSpec) -> String {
    let formula = match &spec.function {
        actiscope_core::activation::Function::Formula(formula) => formula,
        actiscope_core::activation::Function::Catalogue(id) => id,
    };
    format!("{formula}{}", params_text(&spec.params))
}

fn own_of(text: &str) -> Option<ActivationSpec> {
    let mut parts = text.split('~');
    let formula = parts.next()?;
    Expr::parse(formula).ok()?;
    let mut spec = ActivationSpec::formula(formula);
    for (param, given) in spec.params.iter_mut().zip(parts) {
        if let Some(given) = parse_f64(given).filter(|given| given.is_finite()) {
            *param = given;
        }
    }
    Some(spec)
}

fn range_of(text: &str) -> Option<(f64, f64)> {
    let (low, high) = text.split_once('~')?;
    let (low, high) = (parse_f64(low)?, parse_f64(high)?);
    let is_good = low >= -MAX_REACH && high <= MAX_REACH && high - low >= 0.5;
    is_good.then_some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::kept::read_back;

    const MISH: Id = Id::Known("mish");

    #[test]
    fn a_slot_is_kept_until_it_is_dropped_and_then_used_again() {
        let mut state = State::default();
        let gelu = state.slot_of(Id::Known("gelu"));
        state.drop_chosen(Id::Known("relu"));
        state.toggle(MISH).expect("there is room");
        assert_eq!(
            (state.slot_of(MISH), state.slot_of(Id::Known("gelu"))),
            (Some(0), gelu)
        );
        state.choose(Id::Known("silu")).expect("room");
        state.choose(Id::Known("sine")).expect("room");
        assert_eq!(state.toggle(Id::Known("identity")), Err(FULL));
        assert_eq!(state.focus(Id::Known("identity")), Err(FULL));
        assert_eq!(state.focus(MISH), Ok(()));
    }

    #[test]
    fn what_is_dropped_is_looked_at_no_more() {
        let mut state = State::default();
        state.toggle(Id::Known("elu")).expect("dropped");
        assert_eq!(state.focused, Some(Id::Known("relu")));
        for (_, id) in state.clone().chosen() {
            state.drop_chosen(id);
        }
        assert_eq!(state.focused, None);
        state.toggle(MISH).expect("room");
        assert_eq!(state.focused, Some(MISH));
    }

    #[test]
    fn the_address_holds_all_of_it_and_nothing_of_what_is_usual() {
        let usual = State::default();
        assert_eq!(usual.to_keys(), [const { None }; 6]);
        let mut state = State::default();
        state.drop_chosen(Id::Known("leaky_relu"));
        state
            .add_own(ActivationSpec::formula("z * sigmoid(beta * z)"))
            .expect("room");
        state.set_param(Id::Own(0), 0, 1.5);
        state.set_param(Id::Known("elu"), 0, 0.4);
        state.set_reach(8.0);
        state.go_to(-5.25);
        state.tab = Tab::Softmax;
        assert_eq!(read_back(&state), state);
        let texts = state.to_keys();
        assert_eq!(
            texts[0].as_deref(),
            Some("relu;u1;elu~0.4;gelu;sigmoid;tanh")
        );
        for (_, id) in state.clone().chosen() {
            state.drop_chosen(id);
        }
        assert_eq!(read_back(&state).slots, [None; N_SLOTS]);
    }

    #[test]
    fn nonsense_in_the_address_is_as_usual() {
        for (key, text) in [
            ("fx", "relu;relu;nothing;u7;elu~99~x"),
            ("ff", "u2"),
            ("fo", "where(;z z"),
            ("fz", "1e999"),
            ("fr", "3~2"),
            ("ft", "lunch"),
        ] {
            let state = State::of_keys(&|k| (k == key).then(|| text.to_owned()));
            assert!(state.z.is_finite() && state.z_range == (-4.0, 4.0), "{key}");
            assert!(state.own.is_empty() && state.tab == Tab::Depth);
            assert!(state.spec(Id::Known("elu")).params == [1.0]);
        }
    }

    #[test]
    fn zooming_keeps_what_is_pointed_at_and_stays_within_bounds() {
        let mut state = State::default();
        state.zoom(2.0, 0.5);
        assert_eq!(state.z_range, (-1.0, 3.0));
        assert_eq!(state.z, -1.0);
        for _ in 0..20 {
            state.zoom(3.0, 2.0);
        }
        assert_eq!(state.z_range, (-MAX_REACH, MAX_REACH));
    }
}
