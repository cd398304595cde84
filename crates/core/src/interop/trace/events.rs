//! What happened, by layer: hundreds of units that die one after the other are one event.

use super::Trace;
use super::words::{sentence, short, were};
use crate::text::count;

/// Of a layer's units, so many that die or come back in one go are told.
const TOLD_SHARE: f64 = 0.04;
/// Of a layer, so many that die in one go are a mass death.
pub(super) const MASS_SHARE: f64 = 0.1;
/// Records without a change that do not end an event.
const PAUSE: usize = 2;
/// A loss over this many times the lowest before it, and over the first, is a peak.
const PEAK_RATIO: f32 = 1.5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Dead at the first record.
    BornDead,
    Died,
    /// No longer dead.
    CameBack,
    /// The largest loss.
    LossPeak,
    /// A pre-activation or the loss is not finite.
    NotFinite,
    End,
}

impl EventKind {
    /// Stable, for the shell.
    pub fn id(self) -> &'static str {
        match self {
            Self::BornDead => "born_dead",
            Self::Died => "died",
            Self::CameBack => "came_back",
            Self::LossPeak => "loss_peak",
            Self::NotFinite => "not_finite",
            Self::End => "end",
        }
    }
}

/// Something that happened, first seen at record `first`, and going on to record `last`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: EventKind,
    /// None of the whole run.
    pub layer: Option<usize>,
    pub first: usize,
    /// Where a click leads.
    pub last: usize,
    /// Units that died or came back, net.
    pub n: usize,
    /// "19–42": it is known to lie between two records.
    pub steps: String,
    /// "Layer 1: 184 of 256 died."
    pub said: String,
    /// What it means; may be empty.
    pub note: String,
}

impl Event {
    /// Whether it is going on at a record.
    pub fn is_at(&self, record: usize) -> bool {
        (self.first..=self.last).contains(&record)
    }
}

impl Trace {
    /// In the order of time, of what ends at one record the lower layer first.
    pub fn events(&self) -> Vec<Event> {
        let mut events: Vec<Event> = self
            .hidden()
            .flat_map(|(layer, _)| self.events_of(layer))
            .collect();
        events.extend(self.loss_peak().map(|at| self.peak(at)));
        events.extend(self.not_finite().map(|(at, layer)| self.ruin(at, layer)));
        events.extend((self.n_records() > 1).then(|| self.end()));
        events.sort_by_key(|event| (event.last, event.kind == EventKind::End, event.layer));
        events
    }

    /// The record with the largest loss over the probe, where that stands out.
    pub fn loss_peak(&self) -> Option<usize> {
        let first = *self.loss.first()?;
        let mut lowest = first;
        let mut peak: Option<usize> = None;
        for (record, &loss) in self
            .loss
            .iter()
            .enumerate()
            .filter(|(_, loss)| loss.is_finite())
        {
            let is_larger = peak.is_none_or(|peak| loss > self.loss[peak]);
            if is_larger && loss > first && loss > PEAK_RATIO * lowest {
                peak = Some(record);
            }
            lowest = lowest.min(loss);
        }
        peak
    }

    /// The first record with something that is not finite, and the first layer in which it stands; none if that is the loss alone.
    pub fn not_finite(&self) -> Option<(usize, Option<usize>)> {
        (0..self.n_records()).find_map(|record| {
            let is_wrong = |layer: &super::Layer| layer.is_finite.get(record) == Some(&false);
            let layer = self.layers.iter().position(is_wrong);
            let is_lost = self.loss.get(record).is_some_and(|loss| !loss.is_finite());
            (layer.is_some() || is_lost).then_some((record, layer))
        })
    }

    fn events_of(&self, layer: usize) -> Vec<Event> {
        let Some(of) = self.layers.get(layer) else {
            return Vec::new();
        };
        let n_told = libm::ceil(TOLD_SHARE * of.about.n_units as f64).max(1.0) as i64;
        let n_dead = |record: usize| i64::from(of.dead.get(record).copied().unwrap_or_default());
        let mut events = Vec::new();
        if n_dead(0) >= n_told {
            events.push(self.deaths(EventKind::BornDead, layer, 0, 0, n_dead(0)));
        }
        // The one that goes on: its first and last record, and the net number so far.
        let mut going: Option<(usize, usize, i64)> = None;
        for record in 1..=self.n_records() {
            let change = match record < self.n_records() {
                true => n_dead(record) - n_dead(record - 1),
                false => 0,
            };
            let is_over = |&(_, last, n): &(usize, usize, i64)| {
                record == self.n_records() || n * change < 0 || record - last > PAUSE
            };
            if let Some((first, last, n)) = going.take_if(|going| is_over(going))
                && n.abs() >= n_told
            {
                let kind = if n > 0 {
                    EventKind::Died
                } else {
                    EventKind::CameBack
                };
                events.push(self.deaths(kind, layer, first, last, n.abs()));
            }
            if change != 0 {
                let (first, n) = going.map_or((record, 0), |(first, _, n)| (first, n));
                going = Some((first, record, n + change));
            }
        }
        self.note_first(layer, &mut events);
        events
    }

    fn deaths(&self, kind: EventKind, layer: usize, first: usize, last: usize, n: i64) -> Event {
        let n = n as usize;
        let of = self
            .layers
            .get(layer)
            .map_or(0, |layer| layer.about.n_units);
        let dead = |record: usize| {
            let layer = self.layers.get(layer);
            layer
                .and_then(|layer| layer.dead.get(record))
                .map_or(0, |&n| n as usize)
        };
        let (before, after) = (dead(first.saturating_sub(1)), dead(last));
        let said = match kind {
            EventKind::BornDead if n == of => "all of it was born dead".to_owned(),
            EventKind::BornDead => format!("{n} of {of} {} born dead", were(n)),
            EventKind::CameBack => format!("{n} came back"),
            _ if n == of => "all of it died".to_owned(),
            _ if after == of && n == 1 => "its last one died".to_owned(),
            _ if after == of => format!("its last {n} died"),
            _ if before == 0 => format!("{n} of {of} died"),
            _ => format!("{n} more died"),
        };
        let note = match kind {
            EventKind::CameBack if layer > 0 => format!(
                "No gradient reaches a dead unit: {} moved under {}.",
                self.layer_name(layer - 1),
                if n == 1 { "it" } else { "them" }
            ),
            EventKind::CameBack => String::new(),
            _ if after == of => "No gradient passes from here on.".to_owned(),
            _ => String::new(),
        };
        Event {
            kind,
            layer: Some(layer),
            first,
            last,
            n,
            steps: self.steps_of(first, last),
            said: format!("{}: {said}.", sentence(&self.layer_name(layer))),
            note,
        }
    }

    /// Of the first layer, where many died: what its units look at stands still.
    fn note_first(&self, layer: usize, events: &mut [Event]) {
        let is_many = |event: &Event| event.note.is_empty() && self.share_of(event) >= MASS_SHARE;
        let death = events
            .iter_mut()
            .find(|event| event.kind == EventKind::Died && is_many(event));
        if let Some(event) = death.filter(|_| layer == 0) {
            event.note =
                "Under it is only the data, which does not move: hardly one comes back.".into();
        }
    }

    /// Of its layer.
    pub(super) fn share_of(&self, event: &Event) -> f64 {
        let layer = event.layer.and_then(|layer| self.layers.get(layer));
        layer.map_or(0.0, |layer| event.n as f64 / layer.about.n_units as f64)
    }

    fn peak(&self, at: usize) -> Event {
        let loss = self.loss.get(at).copied().unwrap_or(f32::NAN);
        let before = self.loss.get(..at).unwrap_or_default();
        let lowest = before.iter().copied().fold(f32::INFINITY, f32::min);
        self.of_run(
            EventKind::LossPeak,
            at,
            format!("Loss {}, after {} before it.", short(loss), short(lowest)),
        )
    }

    fn ruin(&self, at: usize, layer: Option<usize>) -> Event {
        let said = match layer {
            Some(layer) => format!("Not finite: first in {}.", self.layer_name(layer)),
            None => "The loss is not finite.".to_owned(),
        };
        Event {
            layer,
            ..self.of_run(EventKind::NotFinite, at, said)
        }
    }

    fn end(&self) -> Event {
        let at = self.last();
        let loss = self.loss.get(at).copied().unwrap_or(f32::NAN);
        let mut said = format!("End: loss {}", short(loss));
        for (name, values) in &self.metrics {
            if let Some((record, value)) = last_told(values) {
                let since = match record == at {
                    true => String::new(),
                    false => format!(" at step {}", self.step(record)),
                };
                said.push_str(&format!(", {name} {}{since}", short(value)));
            }
        }
        let is_cut = self.hidden().any(|(_, layer)| layer.is_all_dead(at));
        let note = match is_cut {
            true => "One answer for all: a whole layer is dead.".to_owned(),
            false => String::new(),
        };
        Event {
            steps: count(self.steps.last().copied().unwrap_or_default()),
            note,
            ..self.of_run(EventKind::End, at, format!("{said}."))
        }
    }

    fn of_run(&self, kind: EventKind, at: usize, said: String) -> Event {
        Event {
            kind,
            layer: None,
            first: at,
            last: at,
            n: 0,
            steps: count(self.steps.get(at).copied().unwrap_or_default()),
            said,
            note: String::new(),
        }
    }
}

/// The last value that is there, and its record.
pub(super) fn last_told(values: &[f32]) -> Option<(usize, f32)> {
    let mut told = values.iter().copied().enumerate().rev();
    told.find(|(_, value)| !value.is_nan())
}
