//! Evidence as a chain in the order of time: what was so of the data, with the first weights, after the first updates,
//! and now.

use super::{Finding, Row};
use crate::number::parse_f64;

/// What the row is called that others are held against; see [`super::signs`].
pub(super) const BASE: &str = "loss of the best single answer";

/// One measurement, at its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// "data", "step 0"; "set" of what the user has chosen.
    pub when: String,
    /// One can go there.
    pub step: Option<u64>,
    /// Hidden layer that it is of, from 0.
    pub layer: Option<usize>,
    pub what: String,
    pub value: String,
    /// What it is to be held against.
    pub beside: Option<String>,
}

impl Finding {
    /// The evidence by time, the origin first, in so many lines at most; what is said of the end is always there.
    pub fn chain(&self, most: usize) -> Vec<Link> {
        let base = self.evidence.iter().find(|row| row.what == BASE);
        let rows = self.evidence.iter().filter(|row| row.what != BASE);
        let mut links: Vec<(u64, Link)> = rows.map(link).collect();
        links.sort_by_key(|(time, _)| *time);
        if let (Some((_, last)), Some(base)) = (links.last_mut(), base) {
            last.beside = Some(format!("one answer costs {}", base.value));
        }
        while links.len() > most.max(1) {
            links.remove(links.len().min(most.max(2)) - 1);
        }
        links.into_iter().map(|(_, link)| link).collect()
    }
}

/// With a number that rises with time.
fn link(row: &Row) -> (u64, Link) {
    let mut parts = row.place.split(", ");
    let first = parts.next().unwrap_or_default();
    let layer_of = |part: &str| {
        let number = part.strip_prefix("layer ")?.split(' ').next()?;
        number.parse::<usize>().ok()?.checked_sub(1)
    };
    let layer = layer_of(first).or_else(|| parts.next().and_then(layer_of));
    let step = first.strip_prefix("step ").and_then(|step| {
        let digits: String = step.chars().filter(char::is_ascii_digit).collect();
        parse_f64(&digits).map(|step| step as u64)
    });
    let (time, when) = match (first, step) {
        ("data", _) => (0, "data".to_owned()),
        (_, Some(0)) => (2, "step 0".to_owned()),
        ("first updates", _) => (3, "first steps".to_owned()),
        (_, Some(step)) => (step.saturating_add(4), first.to_owned()),
        // Of the units as they stand, by layer.
        _ if layer.is_some() => (u64::MAX, "now".to_owned()),
        _ => (1, "set".to_owned()),
    };
    let link = Link {
        when,
        step,
        layer,
        what: row.what.clone(),
        value: row.value.clone(),
        beside: None,
    };
    (time, link)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::diagnosis::Verdict;

    #[test]
    fn it_goes_from_the_origin_to_the_end() {
        let row = |what: &str, value: &str, place: &str| Row {
            what: what.into(),
            value: value.into(),
            place: place.into(),
        };
        let mut finding = Finding::new(Verdict::LayerDead, "", "", "");
        finding.evidence = vec![
            row("x1", "mean 30, deviation 1", "data"),
            row("born dead", "8 of 16 units", "step 0, layer 1"),
            row("largest change by an update", "0.4", "first updates"),
            row("loss", "5.2", "step 0"),
            row("loss, as of one answer", "0.69", "step 1,500"),
            row(BASE, "0.69", ""),
            row("learning rate", "0.2, SGD", ""),
        ];
        let chain = finding.chain(4);
        let whens: Vec<&str> = chain.iter().map(|link| &*link.when).collect();
        assert_eq!(whens, ["data", "set", "step 0", "step 1,500"]);
        assert_eq!((chain[2].step, chain[2].layer), (Some(0), Some(0)));
        assert_eq!(chain[3].step, Some(1_500));
        assert_eq!(chain[3].beside.as_deref(), Some("one answer costs 0.69"));
        assert_eq!(chain[0].beside, None);
    }
}
