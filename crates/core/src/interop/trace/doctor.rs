//! Cause, evidence and what may mend it. A trace holds no weights and no samples: nothing was tried, and it is said.

use super::compared::Tried;
use super::events::MASS_SHARE;
use super::words::{are, percent, short, units};
use super::{Event, EventKind, Layer, LayerAbout, Trace, code};
use crate::number::parse_f64;
use crate::observe::Health;
use crate::text::number;

/// Of a layer, so many that are dead at the start are told: with a framework's usual first weights some are.
const BORN_SHARE: f64 = 0.25;
/// RMS of one update over RMS of the weights: far over the usual 1e-3.
const LARGE_UPDATE: f32 = 0.02;
/// Above this a lower learning rate is worth a try.
const BRISK_UPDATE: f32 = 5e-3;
/// Records before a death whose updates may have brought it about.
const BEFORE: usize = 3;
/// What is left of the first loss where a model has learnt.
const LEARNT: f32 = 0.2;
/// Of a layer's units, so many that are saturated are told.
const SATURATED_SHARE: f64 = 0.3;
/// Times that the gradient has shrunk from the output to the first layer where it has vanished.
const VANISHED: f32 = 1e3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceCause {
    /// Something became NaN or infinite.
    NotFinite,
    /// Updates so large that they threw units off the data.
    LearningRateHigh,
    /// Dead by the first weights.
    BornDead,
    /// Dead, and no large update is seen.
    Died,
    Saturated,
    /// The gradient dies out on its way down.
    Vanishing,
    /// Nothing is amiss.
    Healthy,
}

impl TraceCause {
    /// Stable, for the shell.
    pub fn id(self) -> &'static str {
        match self {
            Self::NotFinite => "not_finite",
            Self::LearningRateHigh => "learning_rate_high",
            Self::BornDead => "born_dead",
            Self::Died => "died",
            Self::Saturated => "saturated",
            Self::Vanishing => "vanishing",
            Self::Healthy => "healthy",
        }
    }
}

/// A sentence in three parts, of which the middle one matters most, with its evidence and what may mend it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub cause: TraceCause,
    pub before: String,
    pub emphasis: String,
    pub after: String,
    /// Sentences.
    pub evidence: Vec<String>,
    /// The one that fits best first.
    pub remedies: Vec<Remedy>,
    /// The model learnt all the same.
    pub is_harmless: bool,
    /// The record that shows it.
    pub record: usize,
}

impl Finding {
    pub fn sentence(&self) -> String {
        [&*self.before, &*self.emphasis, &*self.after].concat()
    }
}

/// One change of the code.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// "lr=0.03".
    pub label: String,
    /// "in place of 0.3", "in net.1, net.3".
    pub place: String,
    /// What is copied: a line, or several.
    pub code: String,
    /// What came of it in another trace; none where it was not tried.
    pub tried: Option<Tried>,
}

impl Remedy {
    /// What stands beside it.
    pub fn said(&self) -> String {
        match &self.tried {
            Some(tried) => tried.outcome.clone(),
            None => "not tried".into(),
        }
    }

    fn new(label: impl Into<String>, place: impl Into<String>, code: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            place: place.into(),
            code: code.into(),
            tried: None,
        }
    }
}

impl Trace {
    /// All that there is to say, the most urgent first; never empty.
    pub fn findings(&self) -> Vec<Finding> {
        let events = self.events();
        let found = [
            self.is_ruined(),
            self.thrown_off(&events),
            self.born_dead(),
            self.died(&events),
            self.saturated_layers(),
            self.vanishing(),
        ];
        let mut findings: Vec<Finding> = found.into_iter().flatten().collect();
        // What does no harm is said last.
        findings.sort_by_key(|finding| finding.is_harmless);
        if findings.is_empty() {
            findings.push(self.well());
        }
        findings
    }

    /// The first time that many of a layer died in one go; of the layers that lost units then, the one that lost most.
    pub(super) fn mass_death<'a>(&self, events: &'a [Event]) -> Option<&'a Event> {
        let deaths = || events.iter().filter(|event| event.kind == EventKind::Died);
        let mass = deaths().filter(|event| self.share_of(event) >= MASS_SHARE);
        let first = mass.min_by_key(|event| event.first)?;
        let then = deaths().filter(|event| event.first <= first.last && first.first <= event.last);
        then.max_by_key(|event| (event.n, std::cmp::Reverse(event.layer)))
    }

    fn is_ruined(&self) -> Option<Finding> {
        let (record, layer) = self.not_finite()?;
        let when = self.when(record, record);
        let after = match layer {
            Some(layer) => format!(" {when}: first in {}.", self.layer_name(layer)),
            None => format!(" {when}: the loss alone, and no pre-activation."),
        };
        let updates = self.updates(record.saturating_sub(BEFORE), record);
        let mut evidence = Vec::new();
        evidence.extend(self.loss_row(record));
        evidence.extend(updates.as_ref().map(|updates| updates.said.clone()));
        let rate = self.rate(record);
        let mut remedies = rate.map_or(Vec::new(), |rate| {
            vec![self.lower(rate, 10.0), self.clip(rate)]
        });
        remedies.extend(self.normalized(layer.into_iter().collect()));
        Some(Finding {
            cause: TraceCause::NotFinite,
            before: "Numbers are ".into(),
            emphasis: "not finite".into(),
            after,
            evidence,
            remedies,
            is_harmless: false,
            record,
        })
    }

    /// Many died at once where one update moved the weights far.
    fn thrown_off(&self, events: &[Event]) -> Option<Finding> {
        let death = self.mass_death(events)?;
        let updates = self.updates(death.first.saturating_sub(BEFORE), death.last)?;
        if updates.largest < LARGE_UPDATE {
            return None;
        }
        let rate = self.rate(death.first)?;
        let layer = death.layer?;
        let of = self.layers.get(layer)?.about.n_units;
        let mut evidence = vec![updates.said];
        evidence.extend(self.peak_row());
        evidence.extend(self.dead_layers());
        let is_harmless = self.is_harmless();
        let harm = self.harm(&mut evidence);
        let factor = if updates.largest > 2.5 * LARGE_UPDATE {
            10.0
        } else {
            3.0
        };
        let mut remedies = vec![self.lower(rate, factor)];
        let (label, code) = code::warm_up(self.about.framework, rate);
        remedies.push(Remedy::new(label, "a linear warm-up", code));
        remedies.extend(self.leaky());
        remedies.push(self.clip(rate));
        Some(Finding {
            cause: TraceCause::LearningRateHigh,
            before: format!(
                "Learning rate {} threw units off the data: ",
                number(rate, 3)
            ),
            emphasis: format!("{} of {of}", death.n),
            after: format!(
                " in {} died {}{harm}.",
                self.layer_name(layer),
                self.when(death.first, death.last)
            ),
            evidence,
            remedies: if is_harmless { Vec::new() } else { remedies },
            is_harmless,
            record: (death.first + death.last) / 2,
        })
    }

    fn born_dead(&self) -> Option<Finding> {
        let dead = |layer: &Layer| layer.dead.first().copied().unwrap_or_default() as usize;
        let n: usize = self.hidden().map(|(_, layer)| dead(layer)).sum();
        let told: Vec<usize> = self
            .hidden()
            .filter(|(_, layer)| dead(layer) as f64 >= BORN_SHARE * layer.about.n_units as f64)
            .map(|(layer, _)| layer)
            .collect();
        let first = *told.first()?;
        let all_dead = told
            .iter()
            .find(|&&layer| self.layers[layer].is_all_dead(0));
        let mut evidence: Vec<String> = told.iter().map(|&layer| self.born_row(layer)).collect();
        let harm = self.harm(&mut evidence);
        let is_harmless = self.is_harmless();
        let mut remedies = self.initializers(&told);
        if first == 0 {
            remedies.push(Remedy::new(
                "standardize the inputs",
                "before the model",
                code::standardize(),
            ));
        }
        remedies.extend(self.normalized(told.clone()));
        remedies.extend(self.leaky());
        let (emphasis, after) = match all_dead {
            Some(&layer) => (
                format!("All of {}", self.layer_name(layer)),
                ": the output is the same for every input.".to_owned(),
            ),
            None => (
                format!("{n} of {} units", self.n_units()),
                format!("{harm}."),
            ),
        };
        let before = match all_dead {
            Some(_) => "Born dead: ",
            None => "Born dead, by the first weights: ",
        };
        Some(Finding {
            cause: TraceCause::BornDead,
            before: before.into(),
            emphasis,
            after,
            evidence,
            remedies: if is_harmless { Vec::new() } else { remedies },
            is_harmless,
            record: 0,
        })
    }

    /// Units that are dead at the end and were not at the start, where no large update is seen.
    fn died(&self, events: &[Event]) -> Option<Finding> {
        let last = self.last();
        let died = |layer: usize, of: &Layer| {
            let is_new = |&unit: &usize| {
                of.health(last, unit) == Health::Dead && self.since(layer, last, unit) > 0
            };
            (0..of.about.n_units).filter(is_new).count()
        };
        let by_layer: Vec<(usize, usize)> = self
            .hidden()
            .map(|(layer, of)| (layer, died(layer, of)))
            .collect();
        let n: usize = by_layer.iter().map(|(_, n)| n).sum();
        let (worst, of_worst) = by_layer
            .iter()
            .copied()
            .max_by_key(|&(layer, n)| (n, std::cmp::Reverse(layer)))?;
        let is_harmless = self.is_harmless();
        // Some that die and do no harm are not worth a word.
        let n_told = match is_harmless {
            true => MASS_SHARE * self.layers[worst].about.n_units as f64,
            false => 1.0,
        };
        if (of_worst as f64) < n_told || self.thrown_off(events).is_some() {
            return None;
        }
        let mut evidence: Vec<String> = Vec::new();
        let deaths = events.iter().filter(|event| event.kind == EventKind::Died);
        let largest = deaths.max_by(|a, b| self.share_of(a).total_cmp(&self.share_of(b)));
        let record = largest.map_or(last, |event| event.last);
        let updates = largest.and_then(|event| {
            evidence.push(format!(
                "{}, {}.",
                event.said.trim_end_matches('.'),
                self.when(event.first, event.last)
            ));
            self.updates(event.first.saturating_sub(BEFORE), event.last)
        });
        evidence.extend(updates.iter().map(|updates| updates.said.clone()));
        evidence.extend(self.dead_layers());
        let harm = self.harm(&mut evidence);
        let mut remedies: Vec<Remedy> = self.leaky().into_iter().collect();
        if updates.is_some_and(|updates| updates.largest > BRISK_UPDATE) {
            remedies.extend(self.rate(record).map(|rate| self.lower(rate, 3.0)));
        }
        remedies.extend(self.normalized(vec![worst]));
        let mostly = match self.hidden().count() {
            1 => String::new(),
            _ if of_worst == n => format!(" in {}", self.layer_name(worst)),
            _ => format!(", {of_worst} of them in {}", self.layer_name(worst)),
        };
        Some(Finding {
            cause: TraceCause::Died,
            before: String::new(),
            emphasis: format!("{n} of {} units", self.n_units()),
            after: format!("{mostly} died while it trained{harm}."),
            evidence,
            remedies: if is_harmless { Vec::new() } else { remedies },
            is_harmless,
            record,
        })
    }

    fn saturated_layers(&self) -> Option<Finding> {
        let last = self.last();
        let saturated =
            |layer: &Layer| layer.saturated.get(last).copied().unwrap_or_default() as usize;
        let told: Vec<usize> = self
            .hidden()
            .filter(|(_, layer)| {
                saturated(layer) as f64 >= SATURATED_SHARE * layer.about.n_units as f64
                    && saturated(layer) > 1
            })
            .map(|(layer, _)| layer)
            .collect();
        let worst = *told
            .iter()
            .max_by_key(|&&layer| saturated(&self.layers[layer]))?;
        let of = &self.layers[worst];
        let mut evidence: Vec<String> = told
            .iter()
            .map(|&layer| {
                let n = saturated(&self.layers[layer]);
                format!(
                    "{}: {n} of {} are saturated.",
                    self.titled(layer),
                    self.layers[layer].about.n_units
                )
            })
            .collect();
        evidence.push(format!(
            "Its z spreads by {}.",
            short(of.z_spread.get(last).copied().unwrap_or(f32::NAN))
        ));
        let harm = self.harm(&mut evidence);
        let is_harmless = self.is_harmless();
        let mut remedies: Vec<Remedy> = self.normalized(told.clone()).into_iter().collect();
        remedies.extend(self.initializers(&told));
        remedies.extend(self.rate(last).map(|rate| self.lower(rate, 3.0)));
        Some(Finding {
            cause: TraceCause::Saturated,
            before: String::new(),
            emphasis: format!("{} of {} units", saturated(of), of.about.n_units),
            after: format!(
                " in {} are saturated at the end: their slope is next to nothing on nearly all samples{harm}.",
                self.layer_name(worst)
            ),
            evidence,
            remedies: if is_harmless { Vec::new() } else { remedies },
            is_harmless,
            record: last,
        })
    }

    fn vanishing(&self) -> Option<Finding> {
        let last = self.last();
        let gradient = |layer: &Layer| layer.z_gradient_rms.get(last).copied().filter(|g| *g > 0.0);
        let (_, first) = self.hidden().next()?;
        let top = self.layers.last()?;
        let (low, high) = (gradient(first)?, gradient(top)?);
        // Where many are dead that is the reason.
        let is_dying = self.n_dead(last) as f64 > BORN_SHARE * self.n_units() as f64;
        if self.layers.len() < 3 || high < VANISHED * low || self.has_learnt() || is_dying {
            return None;
        }
        let evidence = self.layers.iter().enumerate().filter_map(|(i, layer)| {
            Some(format!(
                "{}: gradient {} (RMS of ∂L/∂z).",
                self.titled(i),
                short(gradient(layer)?)
            ))
        });
        let evidence: Vec<String> = evidence.collect();
        let all: Vec<usize> = self.hidden().map(|(layer, _)| layer).collect();
        let remedies = self
            .normalized(all.clone())
            .into_iter()
            .chain(self.initializers(&all));
        Some(Finding {
            cause: TraceCause::Vanishing,
            before: "The gradient ".into(),
            emphasis: format!("shrinks to {} in layer 1", short(low)),
            after: format!(
                ", from {} in {}: the first layers do not learn.",
                short(high),
                self.layer_name(self.layers.len() - 1)
            ),
            evidence,
            remedies: remedies.collect(),
            is_harmless: false,
            record: last,
        })
    }

    fn well(&self) -> Finding {
        let (n, n_dead) = (self.n_units(), self.n_dead(self.last()));
        let (from, to) = self.losses();
        let after = match self.has_learnt() {
            true => format!(
                " at the end, and the loss fell from {} to {}.",
                short(from),
                short(to)
            ),
            false => format!(
                " at the end; the loss went from {} to {}.",
                short(from),
                short(to)
            ),
        };
        Finding {
            cause: TraceCause::Healthy,
            before: if n_dead == 0 {
                "All ".into()
            } else {
                String::new()
            },
            emphasis: match n_dead {
                0 => format!("{n} {} {} alive", units(n), are(n)),
                _ => format!("{} of {n} units are alive", n - n_dead),
            },
            after,
            evidence: self.peak_row().into_iter().collect(),
            remedies: Vec::new(),
            is_harmless: true,
            record: self.last(),
        }
    }

    /// First and last loss over the probe.
    fn losses(&self) -> (f32, f32) {
        let told = |loss: Option<&f32>| loss.copied().unwrap_or(f32::NAN);
        (told(self.loss.first()), told(self.loss.last()))
    }

    fn has_learnt(&self) -> bool {
        let (from, to) = self.losses();
        to <= LEARNT * from
    }

    /// The model learnt, and no layer is all dead.
    fn is_harmless(&self) -> bool {
        let last = self.last();
        self.has_learnt() && !self.hidden().any(|(_, layer)| layer.is_all_dead(last))
    }

    /// The end of a sentence on what did no harm.
    fn harm(&self, evidence: &mut Vec<String>) -> String {
        if !self.is_harmless() {
            return String::new();
        }
        let (from, to) = self.losses();
        evidence.push(format!(
            "The loss fell from {} to {} all the same.",
            short(from),
            short(to)
        ));
        ", and did no harm".into()
    }

    /// At a record, or what the optimizer was made with.
    fn rate(&self, record: usize) -> Option<f64> {
        // Told in f32: the shortest text is what was meant.
        let told = self.learning_rate.get(record).filter(|rate| **rate > 0.0);
        let told = told.and_then(|rate| parse_f64(&rate.to_string()));
        let highest = self
            .about
            .optimizer
            .as_ref()
            .and_then(|optimizer| optimizer.learning_rate());
        told.or(highest)
    }

    fn lower(&self, rate: f64, factor: f64) -> Remedy {
        let lower = format!("{:.0e}", rate / factor);
        let lower = parse_f64(&lower).unwrap_or(rate / factor);
        let was = code::python(rate);
        Remedy::new(
            code::rate_label(self.about.framework, lower),
            format!("in place of {was}"),
            format!("{}  # was {was}", code::optimizer(&self.about, lower, "")),
        )
    }

    fn clip(&self, rate: f64) -> Remedy {
        let (label, code) = code::clip(&self.about, rate);
        let place = match self.about.framework {
            super::Framework::PyTorch => "before optimizer.step()",
            super::Framework::Keras => "in the optimizer",
        };
        Remedy::new(label, place, code)
    }

    /// A leaky function wherever a function that is flat below 0 has dead units.
    fn leaky(&self) -> Option<Remedy> {
        let is_flat =
            |layer: &LayerAbout| matches!(layer.function.as_str(), "relu" | "relu6" | "threshold");
        let has_dead = |layer: &Layer| layer.dead.iter().any(|&n| n > 0);
        let layers = self
            .hidden()
            .filter(|(_, layer)| is_flat(&layer.about) && has_dead(layer));
        let layers: Vec<&LayerAbout> = layers.map(|(_, layer)| &layer.about).collect();
        let label = match self.about.framework {
            super::Framework::PyTorch => "nn.LeakyReLU(0.01)",
            super::Framework::Keras => "LeakyReLU(negative_slope=0.01)",
        };
        self.by_layer(label, &layers, code::leaky)
    }

    fn normalized(&self, layers: Vec<usize>) -> Option<Remedy> {
        let layers = layers.iter().filter_map(|&layer| self.layers.get(layer));
        let layers = layers
            .map(|layer| &layer.about)
            .filter(|of| of.normalized.is_empty() && !of.weights.is_empty());
        let layers: Vec<&LayerAbout> = layers.collect();
        let label = match self.about.framework {
            super::Framework::PyTorch => "nn.BatchNorm",
            super::Framework::Keras => "BatchNormalization()",
        };
        self.by_layer(label, &layers, code::normalize)
    }

    fn initializers(&self, layers: &[usize]) -> Vec<Remedy> {
        let layers = layers.iter().filter_map(|&layer| self.layers.get(layer));
        let layers: Vec<&LayerAbout> = layers
            .map(|layer| &layer.about)
            .filter(|of| !of.weights.is_empty())
            .collect();
        self.by_layer(
            "first weights that suit the function",
            &layers,
            code::initializer,
        )
        .into_iter()
        .collect()
    }

    /// One line for each layer.
    fn by_layer(
        &self,
        label: &str,
        layers: &[&LayerAbout],
        line: fn(super::Framework, &LayerAbout) -> String,
    ) -> Option<Remedy> {
        let names: Vec<String> = layers.iter().map(|layer| layer.name()).collect();
        let lines: Vec<String> = layers
            .iter()
            .map(|layer| line(self.about.framework, layer))
            .collect();
        (!lines.is_empty())
            .then(|| Remedy::new(label, format!("in {}", names.join(", ")), lines.join("\n")))
    }

    /// The largest updates from one record to another, by layer.
    fn updates(&self, from: usize, to: usize) -> Option<Updates> {
        let largest = |layer: &Layer| {
            let records = from..=to.min(self.last());
            let known =
                records.filter_map(|record| Some((record, *layer.update_ratio.get(record)?)));
            known
                .filter(|(_, ratio)| ratio.is_finite())
                .max_by(|a, b| a.1.total_cmp(&b.1))
        };
        let by_layer: Vec<(usize, usize, f32)> = self
            .layers
            .iter()
            .enumerate()
            .filter_map(|(layer, of)| largest(of).map(|(record, ratio)| (layer, record, ratio)))
            .collect();
        let &(layer, record, ratio) = by_layer.iter().max_by(|a, b| a.2.total_cmp(&b.2))?;
        let mut said = format!(
            "At step {} one update was {} of {}'s weights",
            self.step(record),
            percent(ratio),
            self.layer_name(layer)
        );
        // The first layer beside it, where units die first.
        let other = by_layer.first().filter(|&&(other, ..)| other != layer);
        if let Some(&(other, at, ratio)) = other {
            let at = match at == record {
                true => String::new(),
                false => format!(" at step {}", self.step(at)),
            };
            said.push_str(&format!(
                ", and {} of {}'s{at}",
                percent(ratio),
                self.layer_name(other)
            ));
        }
        said.push_str("; some 0.1 % is usual.");
        Some(Updates {
            largest: ratio,
            said,
        })
    }

    fn peak_row(&self) -> Option<String> {
        let peak = self.loss_peak()?;
        let (from, _) = self.losses();
        let loss = self.loss.get(peak)?;
        Some(format!(
            "The loss rose to {} at step {}, from {} at the start.",
            short(*loss),
            self.step(peak),
            short(from)
        ))
    }

    fn loss_row(&self, record: usize) -> Option<String> {
        let before = self.loss.get(record.checked_sub(1)?)?;
        Some(format!(
            "The loss at the record before, step {}, was {}.",
            self.step(record - 1),
            short(*before)
        ))
    }

    fn born_row(&self, layer: usize) -> String {
        let of = &self.layers[layer];
        let n = of.dead.first().copied().unwrap_or_default();
        let spread = of.z_spread.first().copied().unwrap_or(f32::NAN);
        format!(
            "{}: {n} of {} at step {}; z spreads by {}.",
            self.titled(layer),
            of.about.n_units,
            self.step(0),
            short(spread)
        )
    }

    /// Layers that are all dead, and since when.
    fn dead_layers(&self) -> Vec<String> {
        let last = self.last();
        let dead = self.hidden().filter(|(_, layer)| layer.is_all_dead(last));
        dead.map(|(layer, of)| {
            let since = (0..=last)
                .rev()
                .take_while(|&record| of.is_all_dead(record))
                .last()
                .unwrap_or(last);
            format!(
                "{} is all dead since step {}.",
                self.titled(layer),
                self.step(since)
            )
        })
        .collect()
    }

    fn titled(&self, layer: usize) -> String {
        super::words::sentence(&self.layer_name(layer))
    }
}

struct Updates {
    /// RMS of an update over RMS of the weights.
    largest: f32,
    said: String,
}
