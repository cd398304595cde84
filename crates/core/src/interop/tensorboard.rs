//! Event files of TensorBoard, whose names must contain `tfevents`.
//!
//! A file is a row of records: length (u64), its checksum, an `Event` in Protocol Buffers, its checksum, all
//! little-endian (`tensorflow/core/lib/io/record_writer.h`, `event.proto` and `summary.proto` of TensorFlow). The first
//! event tells the version. Tags are grouped by what stands before their first `/`.

use thiserror::Error;

use super::protobuf::{Fields, Message, WireError};
use crate::observe::{Health, Histogram, HistoryPoint, LayerSnapshot, Snapshot};

mod event {
    pub const WALL_TIME: u32 = 1;
    pub const STEP: u32 = 2;
    pub const FILE_VERSION: u32 = 3;
    pub const SUMMARY: u32 = 5;
}

mod summary {
    pub const VALUE: u32 = 1;
    pub const TAG: u32 = 1;
    pub const NUMBER: u32 = 2;
    pub const HISTOGRAM: u32 = 5;
}

mod histogram {
    pub const MIN: u32 = 1;
    pub const MAX: u32 = 2;
    pub const N: u32 = 3;
    pub const SUM: u32 = 4;
    pub const SUM_OF_SQUARES: u32 = 5;
    pub const RIGHT_EDGES: u32 = 6;
    pub const COUNTS: u32 = 7;
}

const VERSION: &str = "brain.Event:2";
/// Bins that values are counted in.
const N_BINS: usize = 64;

/// A run's events.
#[derive(Clone, Debug)]
pub struct Events {
    /// Seconds since 1970.
    wall_time: f64,
    /// Steps, and values of summaries.
    events: Vec<(u64, Message)>,
    n_left_out: usize,
}

/// Values in bins. The first bin begins at `min`, the last ends at `max`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bins {
    pub min: f64,
    pub max: f64,
    /// Right edges, rising, and how many values lie up to each.
    pub edges: Vec<f64>,
    pub counts: Vec<f64>,
    pub sum: f64,
    pub sum_of_squares: f64,
}

/// A distribution at a step.
#[derive(Clone, Copy, Debug)]
pub struct HistogramAt<'a> {
    pub step: u64,
    pub tag: &'a str,
    pub values: &'a [f32],
}

/// What an event says.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    Version(String),
    Scalar { step: u64, tag: String, value: f32 },
    Histogram { step: u64, tag: String, bins: Bins },
}

/// Why bytes are no event file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EventsError {
    #[error("at byte {at}, the file ends in the middle of a record")]
    Truncated { at: usize },
    #[error(
        "at byte {at}, the checksum of a record is not that of its bytes: the file is damaged, or no event file"
    )]
    Checksum { at: usize },
    #[error("in the record at byte {at}, {error}")]
    Wire { at: usize, error: WireError },
}

impl Bins {
    /// Of numbers, and how many were left out because they are not finite.
    pub fn of(values: &[f32]) -> (Self, usize) {
        let finite = || {
            let values = values.iter().filter(|value| value.is_finite());
            values.map(|&value| f64::from(value))
        };
        let n = finite().count();
        let (min, max) = (
            finite().fold(f64::INFINITY, f64::min),
            finite().fold(f64::NEG_INFINITY, f64::max),
        );
        if n == 0 {
            return (Self::default(), values.len());
        }
        // Equal values have one bin.
        let n_bins = if max > min { N_BINS } else { 1 };
        let width = (max - min) / n_bins as f64;
        let mut counts = vec![0.0; n_bins];
        for value in finite() {
            let bin = if width > 0.0 {
                ((value - min) / width) as usize
            } else {
                0
            };
            counts[bin.min(n_bins - 1)] += 1.0;
        }
        let edges = (1..=n_bins).map(|i| {
            if i == n_bins {
                max
            } else {
                min + width * i as f64
            }
        });
        let bins = Self {
            min,
            max,
            edges: edges.collect(),
            counts,
            sum: finite().sum(),
            sum_of_squares: finite().map(|value| value * value).sum(),
        };
        (bins, values.len() - n)
    }

    /// Of values that were counted before: each is taken for the middle of its bin.
    pub fn counted(of: &Histogram) -> Self {
        let n = of.counts.len();
        let (low, high) = (f64::from(of.low), f64::from(of.high));
        let width = (high - low) / n.max(1) as f64;
        let counts: Vec<f64> = of.counts.iter().map(|&count| f64::from(count)).collect();
        let middles = || (0..n).map(|i| low + width * (i as f64 + 0.5)).zip(&counts);
        let sum = middles().map(|(middle, count)| middle * count).sum();
        let sum_of_squares = middles()
            .map(|(middle, count)| middle * middle * count)
            .sum();
        Self {
            min: low,
            max: high,
            edges: (1..=n).map(|i| low + width * i as f64).collect(),
            sum,
            sum_of_squares,
            counts,
        }
    }
}

impl Events {
    /// Of a run that began at `wall_time`, in seconds since 1970: all its events have this time.
    pub fn new(wall_time: f64) -> Self {
        Self {
            wall_time,
            events: Vec::new(),
            n_left_out: 0,
        }
    }

    /// A number; NaN is left out, and counted.
    pub fn scalar(&mut self, step: u64, tag: &str, value: f32) {
        if value.is_nan() {
            self.n_left_out += 1;
            return;
        }
        let mut said = Message::new();
        said.text(summary::TAG, tag);
        said.float(summary::NUMBER, value);
        self.events.push((step, said));
    }

    /// A distribution; nothing where it holds nothing.
    pub fn histogram(&mut self, step: u64, tag: &str, bins: &Bins) {
        let n: f64 = bins.counts.iter().sum();
        if n == 0.0 || !(bins.min.is_finite() && bins.max.is_finite()) {
            return;
        }
        let mut histo = Message::new();
        histo.double(histogram::MIN, bins.min);
        histo.double(histogram::MAX, bins.max);
        histo.double(histogram::N, n);
        histo.double(histogram::SUM, bins.sum);
        histo.double(histogram::SUM_OF_SQUARES, bins.sum_of_squares);
        histo.doubles(histogram::RIGHT_EDGES, &bins.edges);
        histo.doubles(histogram::COUNTS, &bins.counts);
        let mut said = Message::new();
        said.text(summary::TAG, tag);
        said.message(summary::HISTOGRAM, &histo);
        self.events.push((step, said));
    }

    /// The distribution of these values; those that are not finite are left out, and counted.
    pub fn values(&mut self, of: HistogramAt<'_>) {
        let (bins, n_left_out) = Bins::of(of.values);
        self.n_left_out += n_left_out;
        self.histogram(of.step, of.tag, &bins);
    }

    /// What the curves over time hold: `loss/train` (over the probe set), `loss/batch`, and counts of all hidden units.
    pub fn point(&mut self, point: &HistoryPoint) {
        let step = point.step;
        self.scalar(step, "loss/train", point.loss);
        // NaN says that there was no update.
        if !point.batch_loss.is_nan() {
            self.scalar(step, "loss/batch", point.batch_loss);
        }
        self.scalar(step, "units/dead", point.dead.into());
        self.scalar(step, "units/saturated", point.saturated.into());
    }

    /// What was measured at one step, layer by layer: quantities first, so that layers stand side by side.
    pub fn snapshot(&mut self, of: &Snapshot) {
        let step = of.step;
        for (tag, value) in [
            ("loss/test", of.test_loss),
            ("accuracy/train", of.accuracy),
            ("accuracy/test", of.test_accuracy),
        ] {
            if let Some(value) = value {
                self.scalar(step, tag, value);
            }
        }
        let n_hidden = of.layers.len().saturating_sub(1);
        for (l, layer) in of.layers.iter().enumerate() {
            if l < n_hidden {
                self.hidden(step, &format!("hidden_{}", l + 1), layer);
            } else {
                self.weights(step, "output", layer);
            }
        }
    }

    fn hidden(&mut self, step: u64, name: &str, layer: &LayerSnapshot) {
        let count = |health| {
            let units = layer.units.iter().filter(|unit| unit.health == health);
            units.count() as f32
        };
        for (quantity, value) in [
            ("dead_units", count(Health::Dead)),
            ("saturated_units", count(Health::Saturated)),
            ("z_mean", layer.z_mean),
            ("z_std", layer.z_std),
            ("zero_slope_share", layer.zero_slope_share),
            ("gradient_rms", layer.z_gradient_rms),
        ] {
            self.scalar(step, &format!("{quantity}/{name}"), value);
        }
        self.histogram(step, &format!("z/{name}"), &Bins::counted(&layer.z));
        self.weights(step, name, layer);
    }

    fn weights(&mut self, step: u64, name: &str, layer: &LayerSnapshot) {
        self.scalar(
            step,
            &format!("weight_gradient_rms/{name}"),
            layer.weight_gradient_rms,
        );
        self.scalar(step, &format!("update_ratio/{name}"), layer.update_ratio);
        for (quantity, values) in [("weight", &layer.weights), ("bias", &layer.biases)] {
            let tag = format!("{quantity}/{name}");
            self.values(HistogramAt {
                step,
                tag: &tag,
                values,
            });
        }
    }

    /// Numbers that were left out so far.
    pub fn n_left_out(&self) -> usize {
        self.n_left_out
    }

    /// The file, events in the order of their steps: TensorBoard draws them as they stand.
    pub fn into_bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut first = Message::new();
        first.double(event::WALL_TIME, self.wall_time);
        first.text(event::FILE_VERSION, VERSION);
        record(&mut bytes, &first.into_bytes());
        self.events.sort_by_key(|(step, _)| *step);
        for (step, said) in &self.events {
            let mut values = Message::new();
            values.message(summary::VALUE, said);
            let mut message = Message::new();
            message.double(event::WALL_TIME, self.wall_time);
            message.int(event::STEP, i64::try_from(*step).unwrap_or(i64::MAX));
            message.message(event::SUMMARY, &values);
            record(&mut bytes, &message.into_bytes());
        }
        bytes
    }
}

/// A run's curves, what was measured at some of its steps, and distributions that neither has: a file, and how many
/// numbers were left out because they are none.
pub fn of_history(
    wall_time: f64,
    points: &[HistoryPoint],
    snapshots: &[Snapshot],
    histograms: &[HistogramAt<'_>],
) -> (Vec<u8>, usize) {
    let mut events = Events::new(wall_time);
    points.iter().for_each(|point| events.point(point));
    snapshots
        .iter()
        .for_each(|snapshot| events.snapshot(snapshot));
    histograms
        .iter()
        .for_each(|&histogram| events.values(histogram));
    let n_left_out = events.n_left_out();
    (events.into_bytes(), n_left_out)
}

/// All that a file says, in its order.
///
/// # Errors
/// If it is cut off or damaged.
pub fn read(bytes: &[u8]) -> Result<Vec<Said>, EventsError> {
    let mut all = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let at = bytes.len() - rest.len();
        let (head, behind) =
            (rest.split_first_chunk::<12>()).ok_or(EventsError::Truncated { at })?;
        let (length, checksum) = head.split_at(8);
        let wrong = EventsError::Checksum { at };
        check(length, checksum).ok_or(wrong)?;
        let n = length
            .iter()
            .rev()
            .fold(0_u64, |n, &byte| n << 8 | u64::from(byte));
        let n = usize::try_from(n)
            .ok()
            .and_then(|n| Some((n, n.checked_add(4)?)));
        let record = n.and_then(|(n, whole)| Some((n, behind.split_at_checked(whole)?)));
        let (n, (record, behind)) = record.ok_or(EventsError::Truncated { at })?;
        let (data, checksum) = record.split_at(n);
        check(data, checksum).ok_or(wrong)?;
        read_event(data, &mut all).map_err(|error| EventsError::Wire { at, error })?;
        rest = behind;
    }
    Ok(all)
}

fn read_event(data: &[u8], all: &mut Vec<Said>) -> Result<(), WireError> {
    let mut step = 0;
    let mut values = Vec::new();
    for field in Fields::new(data) {
        let field = field?;
        match field.number {
            event::STEP => step = field.int()? as u64,
            event::FILE_VERSION => all.push(Said::Version(field.text()?.to_owned())),
            event::SUMMARY => {
                for field in field.message()? {
                    let field = field?;
                    if field.number == summary::VALUE {
                        values.push(field.message()?);
                    }
                }
            }
            _ => {}
        }
    }
    for value in values {
        let (mut tag, mut number, mut bins) = (String::new(), None, None);
        for field in value {
            let field = field?;
            match field.number {
                summary::TAG => tag = field.text()?.to_owned(),
                summary::NUMBER => number = Some(field.float()?),
                summary::HISTOGRAM => bins = Some(read_bins(field.message()?)?),
                _ => {}
            }
        }
        match (number, bins) {
            (Some(value), _) => all.push(Said::Scalar { step, tag, value }),
            (None, Some(bins)) => all.push(Said::Histogram { step, tag, bins }),
            (None, None) => {}
        }
    }
    Ok(())
}

fn read_bins(fields: Fields<'_>) -> Result<Bins, WireError> {
    let mut bins = Bins::default();
    for field in fields {
        let field = field?;
        match field.number {
            histogram::MIN => bins.min = field.double()?,
            histogram::MAX => bins.max = field.double()?,
            histogram::SUM => bins.sum = field.double()?,
            histogram::SUM_OF_SQUARES => bins.sum_of_squares = field.double()?,
            histogram::RIGHT_EDGES => field.doubles(&mut bins.edges)?,
            histogram::COUNTS => field.doubles(&mut bins.counts)?,
            _ => {}
        }
    }
    Ok(bins)
}

fn record(bytes: &mut Vec<u8>, data: &[u8]) {
    let length = (data.len() as u64).to_le_bytes();
    bytes.extend(length);
    bytes.extend(masked_crc32c(&length).to_le_bytes());
    bytes.extend(data);
    bytes.extend(masked_crc32c(data).to_le_bytes());
}

fn check(data: &[u8], checksum: &[u8]) -> Option<()> {
    (masked_crc32c(data).to_le_bytes() == *checksum).then_some(())
}

/// A checksum of bytes that hold checksums of their own would be weak: it is turned and moved (`crc32c.h` of TensorFlow).
fn masked_crc32c(data: &[u8]) -> u32 {
    crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// CRC-32C (Castagnoli; RFC 3720, section 12.1), its polynomial read backwards.
fn crc32c(data: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut i = 0;
        while i < 256 {
            let mut crc = i as u32;
            let mut bit = 0;
            while bit < 8 {
                crc = crc >> 1 ^ if crc & 1 == 1 { 0x82f6_3b78 } else { 0 };
                bit += 1;
            }
            table[i] = crc;
            i += 1;
        }
        table
    };
    let step = |crc: u32, &byte: &u8| TABLE[usize::from(crc as u8 ^ byte)] ^ crc >> 8;
    !data.iter().fold(!0, step)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_checksum_is_that_of_its_specification() {
        // RFC 3720, appendix B.4, and the usual check of nine digits.
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
        assert_eq!(crc32c(b""), 0);
    }

    #[test]
    fn what_was_written_is_read() -> Result<(), EventsError> {
        let point = |step, loss| HistoryPoint {
            step,
            batch_loss: f32::NAN,
            loss,
            dead: 3,
            saturated: 0,
        };
        let values = [0.0, 1.0, f32::NAN, 1.0, 4.0, f32::INFINITY];
        let histogram = HistogramAt {
            step: 5,
            tag: "weight/hidden_1",
            values: &values,
        };
        let points = [point(0, 0.5), point(10, f32::NAN)];
        let (bytes, n_left_out) = of_history(1e9, &points, &[], &[histogram]);
        assert_eq!(n_left_out, 3);
        let said = read(&bytes)?;
        let tags: Vec<(u64, &str)> = (said.iter())
            .filter_map(|said| match said {
                Said::Version(_) => None,
                Said::Scalar { step, tag, .. } | Said::Histogram { step, tag, .. } => {
                    Some((*step, &**tag))
                }
            })
            .collect();
        let expected = [
            (0, "loss/train"),
            (0, "units/dead"),
            (0, "units/saturated"),
            (5, "weight/hidden_1"),
            (10, "units/dead"),
            (10, "units/saturated"),
        ];
        assert_eq!(tags, expected);
        assert_eq!(said[0], Said::Version(VERSION.to_owned()));
        let (bins, _) = Bins::of(&values);
        assert_eq!(
            (bins.min, bins.max, bins.sum, bins.sum_of_squares),
            (0.0, 4.0, 6.0, 18.0)
        );
        assert_eq!(bins.counts.iter().sum::<f64>(), 4.0);
        let found = said
            .iter()
            .any(|said| matches!(said, Said::Histogram { bins: read, .. } if *read == bins));
        assert!(found);
        Ok(())
    }

    #[test]
    fn a_layer_is_told_by_quantity() -> Result<(), EventsError> {
        let layer = LayerSnapshot {
            units: vec![Default::default(); 4],
            z: Histogram {
                low: -1.0,
                high: 1.0,
                counts: vec![1, 3],
            },
            z_std: 2.0,
            weights: vec![0.5, 0.5],
            ..Default::default()
        };
        let mut events = Events::new(0.0);
        events.hidden(7, "hidden_1", &layer);
        let said = read(&events.into_bytes())?;
        let z_std = Said::Scalar {
            step: 7,
            tag: "z_std/hidden_1".to_owned(),
            value: 2.0,
        };
        assert!(said.contains(&z_std));
        let z = said.iter().find_map(|said| match said {
            Said::Histogram { tag, bins, .. } if tag == "z/hidden_1" => Some(bins),
            _ => None,
        });
        assert_eq!(
            z.map(|bins| (bins.edges.clone(), bins.sum)),
            Some((vec![0.0, 1.0], 1.0))
        );
        Ok(())
    }

    #[test]
    fn damage_is_told() {
        let mut events = Events::new(0.0);
        events.scalar(1, "loss/train", 0.25);
        let bytes = events.into_bytes();
        let n = bytes.len();
        assert_eq!(
            read(&bytes[..n - 1]).err(),
            Some(EventsError::Truncated { at: 40 })
        );
        let mut other = bytes;
        other[n - 6] ^= 1;
        assert_eq!(read(&other).err(), Some(EventsError::Checksum { at: 40 }));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = read(&bytes);
        }
    }
}
