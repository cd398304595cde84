//! Two classes, judged at every threshold: what each would find, miss and cost.
//!
//! Samples are ranked by a score that rises with the probability of the rare class. Of a network that is its logit:
//! probabilities in floating point are 1 from a logit of 37 on, where logits still tell samples apart.

use core::ops::Range;

use serde::Serialize;

use super::MetricsError;

/// Samples of two classes in the order of their scores.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// (score, is rare), highest first.
    samples: Vec<(f64, bool)>,
    /// Of the first `i` samples so many are rare; one more than there are samples.
    n_rare_of_first: Vec<usize>,
}

/// What became of the samples at a threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rare, said to be rare.
    pub hits: usize,
    /// Rare, said to be common.
    pub misses: usize,
    /// Common, said to be rare.
    pub false_alarms: usize,
    /// Common, said to be common.
    pub rejections: usize,
}

/// The threshold of least cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Cheapest {
    pub threshold_logit: f64,
    pub counts: Counts,
}

/// What [`Ranked::curves`] shows at one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ThresholdPoint {
    pub logit: f64,
    /// `None` where nothing is said to be rare.
    pub precision: Option<f64>,
    /// `None` where nothing is rare.
    pub recall: Option<f64>,
    /// `None` where nothing is common.
    pub specificity: Option<f64>,
    pub f1: f64,
    pub cost: f64,
}

/// A sample counts as rare if its score is at least `threshold`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RocPoint {
    pub threshold: f64,
    /// Share of the common samples that count as rare.
    pub false_positive_rate: f64,
    /// Share of the rare samples that count as rare.
    pub true_positive_rate: f64,
}

/// A sample counts as rare if its score is at least `threshold`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PrPoint {
    pub threshold: f64,
    pub precision: f64,
    pub recall: f64,
}

/// How many samples of each class lie in each of some ranges of scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassHistograms {
    pub common: Vec<SplitBin>,
    pub rare: Vec<SplitBin>,
}

/// Samples of one class in one range, by what is said of them. Where the threshold lies within the range, rare ones over
/// it are right and common ones over it are wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SplitBin {
    pub n_right: usize,
    pub n_wrong: usize,
}

impl Counts {
    /// Of the samples said to be rare, the share that are. `None` where none is said to be.
    pub fn precision(&self) -> Option<f64> {
        share(self.hits, self.hits + self.false_alarms)
    }

    /// Of the rare samples, the share said to be. `None` where there are none.
    pub fn recall(&self) -> Option<f64> {
        share(self.hits, self.n_rare())
    }

    /// Of the common samples, the share said to be. `None` where there are none.
    pub fn specificity(&self) -> Option<f64> {
        share(self.rejections, self.n_common())
    }

    /// Harmonic mean of precision and recall, 2 hits / (2 hits + misses + false alarms); 0 where all three are 0.
    pub fn f1(&self) -> f64 {
        let all = 2 * self.hits + self.misses + self.false_alarms;
        share(2 * self.hits, all).unwrap_or(0.0)
    }

    /// Share of all samples whose class is said; 0 where there are none.
    pub fn accuracy(&self) -> f64 {
        share(self.hits + self.rejections, self.n()).unwrap_or(0.0)
    }

    /// False alarms + `miss_cost` * misses.
    pub fn cost(&self, miss_cost: f64) -> f64 {
        self.false_alarms as f64 + miss_cost * self.misses as f64
    }

    pub const fn n_rare(&self) -> usize {
        self.hits + self.misses
    }

    pub const fn n_common(&self) -> usize {
        self.false_alarms + self.rejections
    }

    pub const fn n(&self) -> usize {
        self.n_rare() + self.n_common()
    }
}

impl SplitBin {
    pub const fn n(&self) -> usize {
        self.n_right + self.n_wrong
    }
}

impl Ranked {
    /// `logits[i]`: of sample `i` being rare, ln p / (1 - p); `is_rare[i]`: whether it is.
    ///
    /// # Errors
    /// No samples, unequal lengths, or a logit that is not finite.
    pub fn new(logits: &[f64], is_rare: &[bool]) -> Result<Self, MetricsError> {
        if is_rare.len() != logits.len() {
            let (n_y, n_predictions) = (is_rare.len(), logits.len());
            return Err(MetricsError::Lengths { n_y, n_predictions });
        }
        if is_rare.is_empty() {
            return Err(MetricsError::Empty);
        }
        if let Some(sample) = logits.iter().position(|logit| !logit.is_finite()) {
            let value = logits[sample];
            return Err(MetricsError::RareLogit { sample, value });
        }
        let pairs = logits.iter().copied().zip(is_rare.iter().copied());
        Ok(Self::of_finite(pairs.collect()))
    }

    /// Of finite scores, with whether the sample is rare.
    pub(super) fn of_finite(mut samples: Vec<(f64, bool)>) -> Self {
        // -0 and 0 are one threshold: adding 0 makes both 0.
        samples.iter_mut().for_each(|(score, _)| *score += 0.0);
        samples.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut n_rare = 0;
        let running = samples.iter().map(|(_, is_rare)| {
            n_rare += usize::from(*is_rare);
            n_rare
        });
        let n_rare_of_first = core::iter::once(0).chain(running).collect();
        Self {
            samples,
            n_rare_of_first,
        }
    }

    pub fn n(&self) -> usize {
        self.samples.len()
    }

    pub fn n_rare(&self) -> usize {
        self.n_rare_of_first[self.n()]
    }

    pub fn n_common(&self) -> usize {
        self.n() - self.n_rare()
    }

    /// (score, is rare), highest score first.
    pub(super) fn samples(&self) -> &[(f64, bool)] {
        &self.samples
    }

    /// A sample counts as rare if its logit is at least `threshold_logit`.
    pub fn at(&self, threshold_logit: f64) -> Counts {
        self.counts_of_first(self.n_at_least(threshold_logit))
    }

    /// The threshold at which false alarms + `miss_cost` * misses are fewest, for a `miss_cost` over 0: in the middle of
    /// the gap between two neighbouring samples, or one logit beyond the last. Of several the one nearest to
    /// -ln `miss_cost`, which is the best where the probabilities are right (Elkan 2001, "The foundations of
    /// cost-sensitive learning").
    pub fn cheapest(&self, miss_cost: f64) -> Cheapest {
        let bayes = -libm::log(miss_cost);
        let mut cheapest = self.between(0);
        for n_said in self.steps().map(|step| step.end) {
            let other = self.between(n_said);
            let [cost, least] = [other, cheapest].map(|c| c.counts.cost(miss_cost));
            let [distance, nearest] = [other, cheapest].map(|c| (c.threshold_logit - bayes).abs());
            if cost < least || (cost == least && distance < nearest) {
                cheapest = other;
            }
        }
        cheapest
    }

    /// Precision, recall, specificity, F1 and cost over thresholds from `range.0` to `range.1`, lowest first: at both ends of the range,
    /// and before and after each step between them. Where more than one step falls into one of `n_columns` equal parts
    /// of the range, all of them are one, from before the first to after the last, so that there are no more than
    /// 2 `n_columns` + 2 points, and each is true of its threshold.
    pub fn curves(
        &self,
        range: (f64, f64),
        n_columns: usize,
        miss_cost: f64,
    ) -> Vec<ThresholdPoint> {
        let (low, high) = range;
        let point = |logit: f64, n_said: usize| {
            let counts = self.counts_of_first(n_said);
            ThresholdPoint {
                logit,
                precision: counts.precision(),
                recall: counts.recall(),
                specificity: counts.specificity(),
                f1: counts.f1(),
                cost: counts.cost(miss_cost),
            }
        };
        let n_over = |logit: f64| self.samples.partition_point(|sample| sample.0 > logit);
        let width = (high - low) / n_columns.max(1) as f64;
        let mut points = vec![point(low, self.n_at_least(low))];
        // Of samples in [from, to): the steps at the lowest and at the highest of them.
        let mut column = |from: f64, to: f64| {
            let (first, end) = (self.n_at_least(to), self.n_at_least(from));
            let within = &self.samples[first..end];
            if let (Some(highest), Some(lowest)) = (within.first(), within.last()) {
                points.push(point(lowest.0, end));
                points.push(point(highest.0, n_over(highest.0)));
            }
        };
        for i in 0..n_columns {
            let to = match i + 1 == n_columns {
                true => high,
                false => low + width * (i + 1) as f64,
            };
            column(low + width * i as f64, to);
        }
        points.push(point(high, self.n_at_least(high)));
        points
    }

    /// The samples of each class in bins between ascending `edges` of logits: `edges[i] <= logit < edges[i + 1]`, but the
    /// first bin has what lies below it, too, and the last what lies above. Each bin is split by `threshold_logit`.
    ///
    /// # Panics
    /// If edges do not ascend.
    pub fn histograms(&self, edges: &[f64], threshold_logit: f64) -> ClassHistograms {
        let n_bins = edges.len().saturating_sub(1);
        let (mut common, mut rare) = (vec![], vec![]);
        for i in 0..n_bins {
            let low = if i == 0 { f64::NEG_INFINITY } else { edges[i] };
            let is_last = i + 1 == n_bins;
            let high = if is_last { f64::INFINITY } else { edges[i + 1] };
            // (all, rare) in the bin, at or over the threshold and below it.
            let within = |low: f64, high: f64| {
                let (first, end) = (self.n_at_least(high), self.n_at_least(low));
                let n_rare = self.n_rare_of_first[end] - self.n_rare_of_first[first];
                (end - first - n_rare, n_rare)
            };
            let middle = threshold_logit.clamp(low, high);
            let (below, above) = (within(low, middle), within(middle, high));
            common.push(SplitBin {
                n_right: below.0,
                n_wrong: above.0,
            });
            rare.push(SplitBin {
                n_right: above.1,
                n_wrong: below.1,
            });
        }
        ClassHistograms { common, rare }
    }

    /// From (0, 0), where no sample counts as rare (threshold infinity), to (1, 1), one point a distinct score. `None`
    /// where one of the classes does not occur.
    pub fn roc(&self) -> Option<Vec<RocPoint>> {
        if self.n_rare() == 0 || self.n_common() == 0 {
            return None;
        }
        let point = |threshold: f64, n_said: usize| {
            let counts = self.counts_of_first(n_said);
            RocPoint {
                threshold,
                false_positive_rate: counts.false_alarms as f64 / self.n_common() as f64,
                true_positive_rate: counts.hits as f64 / self.n_rare() as f64,
            }
        };
        let steps = self.steps();
        let steps = steps.map(|step| point(self.samples[step.start].0, step.end));
        Some(
            core::iter::once(point(f64::INFINITY, 0))
                .chain(steps)
                .collect(),
        )
    }

    /// Area under the ROC curve by the trapezoidal rule: the probability that a rare sample ranks above a common one,
    /// ties counting half. `None` where one of the classes does not occur.
    pub fn roc_auc(&self) -> Option<f64> {
        let area = |pair: &[RocPoint]| {
            let width = pair[1].false_positive_rate - pair[0].false_positive_rate;
            width * (pair[0].true_positive_rate + pair[1].true_positive_rate) / 2.0
        };
        Some(self.roc()?.windows(2).map(area).sum())
    }

    /// One point a distinct score, highest threshold first. `None` where no sample is rare.
    pub fn pr(&self) -> Option<Vec<PrPoint>> {
        let point = |step: Range<usize>| PrPoint {
            threshold: self.samples[step.start].0,
            precision: self.n_rare_of_first[step.end] as f64 / step.end as f64,
            recall: self.n_rare_of_first[step.end] as f64 / self.n_rare() as f64,
        };
        (self.n_rare() > 0).then(|| self.steps().map(point).collect())
    }

    /// Sum over thresholds of (rise in recall) * precision, without interpolation. `None` where no sample is rare.
    pub fn average_precision(&self) -> Option<f64> {
        let mut recall_before = 0.0;
        let mut area = 0.0;
        for point in self.pr()? {
            area += (point.recall - recall_before) * point.precision;
            recall_before = point.recall;
        }
        Some(area)
    }

    /// The samples of each distinct score, highest first.
    fn steps(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut start = 0;
        let runs = self.samples.chunk_by(|a, b| a.0 == b.0);
        runs.map(move |run| {
            let step = start..start + run.len();
            start = step.end;
            step
        })
    }

    fn n_at_least(&self, threshold: f64) -> usize {
        self.samples.partition_point(|sample| sample.0 >= threshold)
    }

    /// The first `n_said` samples are said to be rare.
    fn counts_of_first(&self, n_said: usize) -> Counts {
        let hits = self.n_rare_of_first[n_said];
        let false_alarms = n_said - hits;
        Counts {
            hits,
            misses: self.n_rare() - hits,
            false_alarms,
            rejections: self.n_common() - false_alarms,
        }
    }

    /// A threshold that says the first `n_said` samples to be rare, as far from the samples as can be.
    fn between(&self, n_said: usize) -> Cheapest {
        let above = n_said.checked_sub(1).map(|i| self.samples[i].0);
        let below = self.samples.get(n_said).map(|sample| sample.0);
        let threshold_logit = match (above, below) {
            (Some(above), Some(below)) => {
                let middle = f64::midpoint(above, below);
                // Between neighbouring numbers there is no other: the higher one counts as rare itself.
                if middle > below { middle } else { above }
            }
            (Some(above), None) => above - 1.0,
            (None, Some(below)) => below + 1.0,
            (None, None) => 0.0,
        };
        Cheapest {
            threshold_logit,
            counts: self.counts_of_first(n_said),
        }
    }
}

fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;
    use crate::metrics::Binary;
    use crate::random::{Random, Stream};

    /// A tenth is rare, and lies higher; logits of one decimal, so that some are equal.
    fn random_case(seed: u64, n: usize) -> (Vec<f64>, Vec<bool>) {
        let random = Random::new(seed, Stream::Test, 0);
        let sample = |i: usize| {
            let is_rare = random.uniform(3 * i as u64 + 100_000) < 0.1;
            let centre = if is_rare { 1.0 } else { -4.0 };
            let logit = centre + 3.0 * random.normal(i as u64);
            (libm::round(10.0 * logit) / 10.0, is_rare)
        };
        (0..n).map(sample).unzip()
    }

    fn ranked(logits: &[f64], is_rare: &[bool]) -> Ranked {
        Ranked::new(logits, is_rare).expect("sound")
    }

    fn sigmoid(logit: f64) -> f64 {
        1.0 / (1.0 + libm::exp(-logit))
    }

    #[test]
    fn a_probability_and_its_logit_are_judged_alike() {
        for seed in 0..8 {
            let (logits, is_rare) = random_case(seed, 400);
            let p: Vec<f64> = logits.iter().map(|&logit| sigmoid(logit)).collect();
            let ranked = ranked(&logits, &is_rare);
            let binary = Binary::new(&is_rare, &p).expect("sound");
            for &logit in &logits {
                let counts = ranked.at(logit);
                let matrix = binary.at(sigmoid(logit));
                let rows = [
                    [counts.rejections, counts.false_alarms],
                    [counts.misses, counts.hits],
                ];
                assert_eq!(matrix.counts, rows.map(|row| row.map(|n| n as u64)));
                assert_eq!(counts.f1(), matrix.f1(1));
                assert_eq!(counts.accuracy(), matrix.accuracy());
                assert_eq!(counts.precision(), Some(matrix.precision(1)));
                assert_eq!(counts.recall(), Some(matrix.recall(1)));
                assert_eq!(counts.specificity(), Some(matrix.recall(0)));
            }
            assert_eq!(ranked.roc_auc(), binary.roc_auc());
            assert_eq!(ranked.average_precision(), binary.average_precision());
        }
    }

    #[test]
    fn what_saturates_as_a_probability_is_told_apart() {
        let ranked = ranked(&[50.0, 60.0, -800.0, 70.0], &[false, true, false, true]);
        assert_eq!(sigmoid(50.0), sigmoid(60.0));
        assert_eq!(ranked.roc_auc(), Some(1.0));
        assert_eq!(ranked.at(55.0).false_alarms, 0);
        assert_eq!(ranked.cheapest(1.0).threshold_logit, 55.0);
    }

    #[test]
    fn the_cheapest_lies_between_samples() {
        fn check(samples: &[(f64, bool)], miss_cost: f64, expect: Expect) {
            let (logits, is_rare): (Vec<f64>, Vec<bool>) = samples.iter().copied().unzip();
            let Cheapest {
                threshold_logit,
                counts,
            } = ranked(&logits, &is_rare).cheapest(miss_cost);
            expect.assert_eq(&format!(
                "{threshold_logit}: {} hits, {} misses, {} false alarms",
                counts.hits, counts.misses, counts.false_alarms
            ));
        }
        let apart = [(-2.0, false), (-1.0, false), (3.0, true), (4.0, true)];
        check(&apart, 1.0, expect!["1: 2 hits, 0 misses, 0 false alarms"]);
        let mixed = [(-2.0, false), (0.0, true), (1.0, false), (2.0, true)];
        check(
            &mixed,
            10.0,
            expect!["-1: 2 hits, 0 misses, 1 false alarms"],
        );
        check(
            &mixed,
            0.1,
            expect!["1.5: 1 hits, 1 misses, 0 false alarms"],
        );
        // A miss as dear as a false alarm: 1.5 and -1 cost the same, and -1 is nearer to 0.
        check(&mixed, 1.0, expect!["-1: 2 hits, 0 misses, 1 false alarms"]);
        check(
            &[(-3.0, false), (-2.0, false)],
            10.0,
            expect!["-1: 0 hits, 0 misses, 0 false alarms"],
        );
        check(
            &[(3.0, true), (2.0, true)],
            10.0,
            expect!["1: 2 hits, 0 misses, 0 false alarms"],
        );
        // Equal logits cannot be told apart.
        check(
            &[(0.0, true), (0.0, false)],
            10.0,
            expect!["-1: 1 hits, 0 misses, 1 false alarms"],
        );
        let next = 1.0 + f64::EPSILON;
        check(
            &[(1.0, false), (next, true)],
            1.0,
            expect!["1.0000000000000002: 1 hits, 0 misses, 0 false alarms"],
        );
    }

    #[test]
    fn curves_are_true_at_every_point_and_few() {
        for (n, n_columns) in [(5, 400), (400, 400), (10_000, 400), (10_000, 1)] {
            let (logits, is_rare) = random_case(n as u64, n);
            let ranked = ranked(&logits, &is_rare);
            let points = ranked.curves((-8.5, 8.5), n_columns, 10.0);
            assert!(points.len() <= 2 * n_columns + 2, "{}", points.len());
            assert!(points.is_sorted_by(|a, b| a.logit <= b.logit));
            assert_eq!(
                (points[0].logit, points[points.len() - 1].logit),
                (-8.5, 8.5)
            );
            for point in points {
                // At the threshold, or right over it.
                let sides = [point.logit, point.logit.next_up()].map(|logit| ranked.at(logit));
                let is_true = |counts: Counts| {
                    point.cost == counts.cost(10.0)
                        && point.precision == counts.precision()
                        && point.recall == counts.recall()
                        && point.f1 == counts.f1()
                };
                assert!(sides.into_iter().any(is_true), "{point:?}");
            }
        }
    }

    #[test]
    fn few_samples_have_every_step() {
        let ranked = ranked(&[-1.0, 0.5, 2.0], &[false, true, true]);
        let text: Vec<String> = (ranked.curves((-3.0, 3.0), 60, 10.0).iter())
            .map(|p| format!("{} {:?} {:?} {}", p.logit, p.precision, p.recall, p.cost))
            .collect();
        expect![[r#"
            -3 Some(0.6666666666666666) Some(1.0) 1
            -1 Some(0.6666666666666666) Some(1.0) 1
            -1 Some(1.0) Some(1.0) 0
            0.5 Some(1.0) Some(1.0) 0
            0.5 Some(1.0) Some(0.5) 10
            2 Some(1.0) Some(0.5) 10
            2 None Some(0.0) 20
            3 None Some(0.0) 20"#]]
        .assert_eq(&text.join("\n"));
    }

    #[test]
    fn bins_hold_all_samples_and_are_split_by_the_threshold() {
        let ranked = ranked(
            &[-9.0, -1.5, -1.0, -0.5, 0.0, 0.5, 9.0],
            &[false, false, true, false, true, true, true],
        );
        let histograms = ranked.histograms(&[-2.0, -1.0, 0.0, 1.0], -0.25);
        let pairs = |bins: &[SplitBin]| -> Vec<(usize, usize)> {
            bins.iter().map(|bin| (bin.n_right, bin.n_wrong)).collect()
        };
        assert_eq!(pairs(&histograms.common), [(2, 0), (1, 0), (0, 0)]);
        assert_eq!(pairs(&histograms.rare), [(0, 0), (0, 1), (3, 0)]);
        let lower = ranked.histograms(&[-2.0, -1.0, 0.0, 1.0], -0.75);
        assert_eq!(pairs(&lower.common), [(2, 0), (0, 1), (0, 0)]);
        let beyond = ranked.histograms(&[-2.0, -1.0, 0.0, 1.0], -20.0);
        assert_eq!(pairs(&beyond.common), [(0, 2), (0, 1), (0, 0)]);
    }

    #[test]
    fn unsound_input_is_refused_and_one_class_has_no_curve() {
        let check = |logits: &[f64], is_rare: &[bool], expect: Expect| {
            let error = Ranked::new(logits, is_rare).expect_err("unsound");
            expect.assert_eq(&error.to_string());
        };
        check(&[], &[], expect!["no samples: give one at least"]);
        check(
            &[0.0],
            &[],
            expect!["0 targets but 1 predictions: give one of each a sample"],
        );
        check(
            &[0.0, f64::NAN],
            &[true, false],
            expect!["logits[1] is NaN: give a finite number"],
        );
        let common = ranked(&[1.0, -1.0], &[false, false]);
        assert!(common.roc().is_none() && common.pr().is_none());
        assert_eq!(common.at(0.0).recall(), None);
        assert_eq!(common.at(2.0).precision(), None);
        let rare = ranked(&[1.0, -1.0], &[true, true]);
        assert_eq!((rare.roc_auc(), rare.at(0.0).specificity()), (None, None));
        assert_eq!(rare.average_precision(), Some(1.0));
    }

    proptest! {
        /// Nothing on a fine grid costs less than the cheapest, which has the counts of its own threshold.
        #[test]
        fn nothing_costs_less_than_the_cheapest(seed in 0..1000u64, n in 1..80usize, log_cost in -4.6..4.6f64) {
            let (logits, is_rare) = random_case(seed, n);
            let ranked = ranked(&logits, &is_rare);
            let miss_cost = libm::exp(log_cost);
            let cheapest = ranked.cheapest(miss_cost);
            prop_assert_eq!(ranked.at(cheapest.threshold_logit), cheapest.counts);
            for i in -400..400 {
                let other = ranked.at(0.05 * f64::from(i) + 0.025).cost(miss_cost);
                prop_assert!(cheapest.counts.cost(miss_cost) <= other);
            }
        }

        #[test]
        fn histograms_lose_no_sample(seed in 0..1000u64, n in 1..200usize, threshold in -20.0..20.0f64) {
            let (logits, is_rare) = random_case(seed, n);
            let ranked = ranked(&logits, &is_rare);
            let edges: Vec<f64> = (0..=34).map(|i| -8.5 + 0.5 * f64::from(i)).collect();
            let histograms = ranked.histograms(&edges, threshold);
            let sum = |bins: &[SplitBin], of: fn(&SplitBin) -> usize| bins.iter().map(of).sum::<usize>();
            let counts = ranked.at(threshold);
            prop_assert_eq!(sum(&histograms.rare, |bin| bin.n_right), counts.hits);
            prop_assert_eq!(sum(&histograms.rare, |bin| bin.n_wrong), counts.misses);
            prop_assert_eq!(sum(&histograms.common, |bin| bin.n_right), counts.rejections);
            prop_assert_eq!(sum(&histograms.common, |bin| bin.n_wrong), counts.false_alarms);
        }
    }
}
