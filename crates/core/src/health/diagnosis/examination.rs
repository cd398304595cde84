//! A run, examined: how it stands, what is suspected and why, what could be tried, and what the trials say.

use super::candidates::{Candidate, candidates};
use super::case::Case;
use super::signs::{Suspicion, loss_rows, suspicions, verdict};
use super::trials::{LEARNT, Reached, Trial, Trials, trial_steps};
use super::words::short;
use super::{Cause, Evidence, Finding, Neighbours, Remedy, Row, Start, Verdict, examine, learning};
use crate::protocol::FleetResults;
use crate::scenario::Scenario;
use crate::text::count;

/// Steps after which a run can be said not to learn.
const ENOUGH_STEPS: u64 = 300;
/// Steps after which a strong suspicion can be told of a run that has learnt nothing yet.
const SOME_STEPS: u64 = 30;
/// Share of right answers that is well.
const WELL: f64 = 0.95;
/// Share of the loss of the best single answer, for numbers, that is well.
const WELL_EXPLAINED: f64 = 0.05;
/// Where this much is left and something is strongly suspected, the run could do better.
const DOUBTFUL: f64 = 0.1;
/// What the loss of a run that still learns is at most, of its least before the last tenth of its steps. The least of
/// many is low by chance already where losses are noisy.
const FALLING: f64 = 0.95;
/// Share of the loss of the best single answer from which on nothing has been learnt yet.
const NOTHING: f64 = 0.9;
/// What a remedy of a run that learns has to bring: so many more right answers, or so much less loss.
const BETTER: (f64, f64) = (0.05, 3.0);

/// Times the steps of other trials that a longer one makes.
const LONGER: u64 = 10;

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Too few steps to say.
    Early,
    /// What it is there for, it does.
    Well,
    /// It has learnt something, and its loss still falls: what it needs is time.
    Learning,
    /// It has learnt something, and could stop there.
    Doubtful,
    /// It has diverged, or is hardly better than the best single answer.
    Sick,
}

/// A run at a step.
#[derive(Clone, Debug)]
pub struct Examination {
    pub standing: Standing,
    /// In the order of time.
    pub suspicions: Vec<Suspicion>,
    scenario: Scenario,
    step: u64,
    reached: Reached,
    candidates: Vec<Candidate>,
    /// What [`examine`] says.
    symptoms: Vec<Finding>,
    unexplained: Finding,
    neighbours: Option<Neighbours>,
}

impl Examination {
    /// `start` is of the evidence's scenario.
    pub fn new(evidence: Evidence, start: &Start) -> Self {
        let case = Case::new(evidence);
        let reached = Reached {
            relative_loss: f64::from(case.snapshot.loss) / start.base_loss,
            accuracy: case.snapshot.accuracy.map(f64::from),
            has_diverged: case.snapshot.has_diverged,
        };
        let standing = standing(&case, &reached);
        let suspicions = match standing {
            Standing::Well | Standing::Learning => Vec::new(),
            _ => suspicions(&case, start),
        };
        let unexplained = Finding {
            cause: Cause::Unexplained,
            ..Finding::new(
                verdict(&case),
                "",
                "It does not learn",
                format!(
                    ": after {} steps the loss is {}, and always giving the best single answer costs {}.",
                    count(case.step()),
                    short(f64::from(case.snapshot.loss)),
                    short(start.base_loss)
                ),
            )
        };
        let well = matches!(standing, Standing::Well | Standing::Learning)
            .then(|| learning::learning(&case));
        let mut symptoms = examine(evidence);
        if symptoms.is_empty() {
            symptoms.extend(well);
        }
        Self {
            candidates: candidates(case.scenario, &suspicions),
            unexplained: unexplained.seen(loss_rows(&case, start)),
            scenario: case.scenario.clone(),
            step: case.step(),
            symptoms,
            suspicions,
            standing,
            reached,
            neighbours: start.neighbours,
        }
    }

    /// What can be said before anything was tried, the first cause first. What it offers is not tried yet.
    pub fn findings(&self) -> Vec<Finding> {
        let is_told = |suspicion: &&Suspicion| {
            suspicion.is_strong
                && match self.standing {
                    Standing::Early => self.is_lost_so_far(),
                    Standing::Well | Standing::Learning => false,
                    Standing::Doubtful => self.reached.relative_loss > DOUBTFUL,
                    Standing::Sick => true,
                }
        };
        let told = self.suspicions.iter().filter(is_told);
        let mut findings: Vec<Finding> = told
            .map(|suspicion| self.with_candidates(&suspicion.finding))
            .collect();
        if findings.is_empty() && self.standing == Standing::Sick {
            let has_trouble = self.symptoms.iter().any(|f| f.verdict.is_trouble());
            if !has_trouble {
                findings.push(self.with_candidates(&self.unexplained));
            }
        }
        self.and_symptoms(findings)
    }

    /// What is to be tried first: where something is strongly suspected, what would mend a suspicion, and what helps
    /// widely; else all there is. `None` where nothing has to be tried.
    pub fn trials(&self, n_steps: u64) -> Option<Trials> {
        let is_any_strong = self.suspicions.iter().any(|s| s.is_strong);
        let is_asked = match self.standing {
            Standing::Well | Standing::Learning => false,
            Standing::Early => self.is_lost_so_far() && is_any_strong,
            Standing::Doubtful | Standing::Sick => true,
        };
        let is_fit = |candidate: &&Candidate| {
            let mends = |s: &Suspicion| candidate.mends(s.cause());
            !is_any_strong
                || candidate.helps_widely()
                || candidate.is_joint
                || self.suspicions.iter().any(mends)
        };
        let first: Vec<Candidate> = self.candidates.iter().filter(is_fit).cloned().collect();
        let is_any = is_asked && !first.is_empty();
        is_any.then(|| Trials::plan(&self.scenario, first, n_steps))
    }

    /// All there is to try, where nothing that was tried first cures; `None` where something does, or nothing is left.
    pub fn more_trials(&self, tried: &Trials, results: &FleetResults) -> Option<Trials> {
        let outcomes = tried.judge(results).0;
        let mut outcomes = tried.candidates.iter().zip(outcomes);
        let is_settled = outcomes.any(|(candidate, trial)| {
            trial.cured == trial.seeds
                && (!candidate.helps_widely() || candidate.mends(Cause::UnluckyDraw))
        });
        let is_left = tried.candidates.len() < self.candidates.len();
        let all = || self.candidates.clone();
        (is_left && !is_settled).then(|| Trials::plan(&self.scenario, all(), tried.spec.n_steps))
    }

    /// What would mend a cause and was not tried yet, beside what was: for a finding that somebody asks about. `None`
    /// where nothing is left.
    pub fn trials_for(&self, cause: Cause, tried: &Trials) -> Option<Trials> {
        let was_tried = |remedy: &Remedy| tried.candidates.iter().any(|c| c.remedy == *remedy);
        let left = self
            .candidates
            .iter()
            .filter(|candidate| candidate.mends(cause) && !was_tried(&candidate.remedy));
        let mut all = tried.candidates.clone();
        all.extend(left.cloned());
        (all.len() > tried.candidates.len())
            .then(|| Trials::plan(&self.scenario, all, tried.spec.n_steps))
    }

    /// Where nothing that was tried helps: the network with most units, for much longer. More units are what a hard
    /// problem needs, and time is what they need.
    pub fn longer_trials(&self) -> Option<Trials> {
        let widest = |c: &&Candidate| c.mends(Cause::TooFewUnits);
        let wider = self.candidates.iter().rev().find(widest);
        let candidate = wider.or(self.candidates.first())?.clone();
        let mut scenario = self.scenario.clone();
        candidate.remedy.edits().for_each(|edit| {
            edit.apply(&mut scenario);
        });
        let n_steps = LONGER * trial_steps(&scenario);
        Some(Trials::plan(&self.scenario, vec![candidate], n_steps))
    }

    /// Of what was found, the causes: what is no mere symptom.
    pub fn causes_among(&self, findings: &[Finding]) -> Vec<Finding> {
        let is_symptom = |finding: &Finding| {
            let same = |symptom: &Finding| {
                (symptom.verdict, symptom.sentence()) == (finding.verdict, finding.sentence())
            };
            self.symptoms.iter().any(same) || finding.cause == Cause::Healthy
        };
        let causes = findings.iter().filter(|finding| !is_symptom(finding));
        causes.cloned().collect()
    }

    /// What can be said when the trials are in.
    pub fn conclude(&self, trials: &Trials, results: &FleetResults) -> Vec<Finding> {
        let (tried, standard) = trials.judge(results);
        let tried: Vec<(&Candidate, Trial)> = trials.candidates.iter().zip(tried).collect();
        if matches!(self.standing, Standing::Well | Standing::Learning)
            || self.is_good_enough(&tried)
            || (self.standing != Standing::Sick && self.reached.meets(standard))
        {
            return self.softened();
        }
        let cause = self.cause(&tried);
        let suspected = self.suspicions.iter().find(|s| s.cause() == cause);
        let mut first = match suspected {
            Some(suspicion) => suspicion.finding.clone(),
            None => self.confirmed_by_trial(cause, &tried),
        };
        let n_cured = tried.iter().filter(|(_, trial)| trial.cured > 0).count();
        if n_cured == 0 {
            let n = count(tried.len() as u64);
            first
                .after
                .push_str(&format!(" None of {n} changes that were tried helps."));
            if let Some(neighbours) = self.neighbours {
                first.after.push_str(neighbours.says());
                if !neighbours.tell() {
                    first.evidence.push(neighbours.row());
                }
            }
        }
        first.remedies = ranked(cause, &tried);
        let told = self
            .suspicions
            .iter()
            .filter(|s| s.is_strong && s.cause() != cause);
        let others = told.map(|suspicion| suspicion.finding.clone());
        let all = [first].into_iter().chain(others).collect();
        let mut all = self.and_symptoms(all);
        // What is offered beside the first was not tried for them.
        all[1..]
            .iter_mut()
            .for_each(|finding| finding.remedies.clear());
        all
    }

    /// The cause whose own remedy cures, the earliest that is strongly suspected first; then those that are weakly;
    /// then the smallest change that cures whatever was measured.
    fn cause(&self, tried: &[(&Candidate, Trial)]) -> Cause {
        let cures = |cause: Cause, all: bool| {
            let is_own = |candidate: &Candidate| candidate.mends(cause) && !candidate.is_joint;
            let mine = tried.iter().filter(|(candidate, _)| is_own(candidate));
            mine.map(|(_, trial)| trial).any(|trial| match all {
                true => trial.cured == trial.seeds,
                false => 2 * trial.cured > trial.seeds,
            })
        };
        if cures(Cause::UnluckyDraw, true) {
            return Cause::UnluckyDraw;
        }
        let of = |is_strong: bool| {
            let mine = self
                .suspicions
                .iter()
                .filter(move |s| s.is_strong == is_strong);
            mine.map(Suspicion::cause)
        };
        let smallest = |is_meant: &dyn Fn(&Candidate) -> bool| {
            let cured = tried
                .iter()
                .filter(|(candidate, trial)| trial.cured == trial.seeds && is_meant(candidate));
            let smallest = cured.min_by_key(|(candidate, _)| candidate.remedy.size());
            smallest.and_then(|(candidate, _)| candidate.causes.first().copied())
        };
        of(true)
            .find(|&cause| cures(cause, true))
            .or_else(|| of(false).find(|&cause| cures(cause, true)))
            .or_else(|| smallest(&|candidate| candidate.is_joint))
            .or_else(|| of(true).find(|&cause| cures(cause, false)))
            .or_else(|| self.draw_is_to_blame(cures(Cause::UnluckyDraw, false)))
            .or_else(|| smallest(&|candidate| !candidate.helps_widely()))
            .or_else(|| of(false).find(|&cause| cures(cause, false)))
            .or_else(|| of(true).next())
            .or_else(|| smallest(&|_| true))
            .unwrap_or(Cause::Unexplained)
    }

    /// Where nothing was measured that speaks for a cause and most other draws of the very same network learn, no
    /// change that cures as well is the cause.
    fn draw_is_to_blame(&self, most_draws_learn: bool) -> Option<Cause> {
        let is_any = self.suspicions.iter().any(|s| s.is_strong);
        (most_draws_learn && !is_any).then_some(Cause::UnluckyDraw)
    }

    /// A run that learns gets a remedy only where one brings much.
    fn is_good_enough(&self, tried: &[(&Candidate, Trial)]) -> bool {
        if self.standing != Standing::Doubtful {
            return false;
        }
        let is_much_better = |trial: &Trial| {
            let is_lower = trial.relative_loss * BETTER.1 < self.reached.relative_loss;
            let is_righter = match (trial.accuracy, self.reached.accuracy) {
                (Some(tried), Some(now)) => tried >= now + BETTER.0,
                _ => true,
            };
            trial.cured == trial.seeds && is_lower && is_righter
        };
        !tried.iter().any(|(_, trial)| is_much_better(trial))
    }

    fn is_lost_so_far(&self) -> bool {
        let relative_loss = self.reached.relative_loss;
        self.step >= SOME_STEPS && (relative_loss.is_nan() || relative_loss >= NOTHING)
    }

    /// A cause that no measurement spoke for, but what cured did.
    fn confirmed_by_trial(&self, cause: Cause, tried: &[(&Candidate, Trial)]) -> Finding {
        let mut finding = Finding {
            cause,
            blames_learning_rate: cause == Cause::LearningRateHigh,
            ..self.unexplained.clone()
        };
        let cured = tried
            .iter()
            .filter(|(candidate, trial)| candidate.mends(cause) && trial.cured > 0);
        let cured = cured
            .min_by_key(|(candidate, trial)| (u32::MAX - trial.cured, candidate.remedy.size()));
        if let Some((candidate, trial)) = cured {
            let (cured, seeds) = (trial.cured, trial.seeds);
            let label = &candidate.remedy.label;
            if cause == Cause::UnluckyDraw {
                finding.emphasis = "The first weights were an unlucky draw".into();
                finding.after = format!(
                    ": with other seeds {cured} of {seeds} networks like this one learn, with nothing else changed."
                );
            } else {
                finding.evidence.push(Row::new(
                    "the smallest change that cures",
                    label.clone(),
                    format!("{cured} of {seeds}"),
                ));
            }
        }
        finding
    }

    fn with_candidates(&self, finding: &Finding) -> Finding {
        let mine = self.candidates.iter().filter(|candidate| {
            finding.cause == Cause::Unexplained || candidate.mends(finding.cause)
        });
        let mut remedies: Vec<Remedy> = mine.map(|candidate| candidate.remedy.clone()).collect();
        remedies.sort_by_key(Remedy::size);
        Finding {
            remedies,
            ..finding.clone()
        }
    }

    /// Causes first, then symptoms; of the latter nothing that contradicts them.
    fn and_symptoms(&self, causes: Vec<Finding>) -> Vec<Finding> {
        if causes.is_empty() {
            return match self.standing {
                Standing::Early | Standing::Sick => self.symptoms.clone(),
                Standing::Well | Standing::Learning | Standing::Doubtful => self.softened(),
            };
        }
        let symptoms = self
            .symptoms
            .iter()
            .filter(|finding| finding.verdict.is_trouble());
        causes.into_iter().chain(symptoms.cloned()).collect()
    }

    /// Of a run that learns: what is amiss does no harm, and gets no remedy.
    fn softened(&self) -> Vec<Finding> {
        let soften = |finding: &Finding| {
            let mut finding = finding.clone();
            finding.remedies.clear();
            finding.blames_learning_rate = false;
            if matches!(
                finding.verdict,
                Verdict::Dying | Verdict::LayerDead | Verdict::Saturated
            ) {
                finding.cause = Cause::Healthy;
                let after = finding.after.trim_end_matches('.');
                finding.after =
                    format!("{after}; it does not matter: the loss falls all the same.");
            }
            finding
        };
        let (trouble, well): (Vec<Finding>, Vec<Finding>) = self
            .symptoms
            .iter()
            .map(soften)
            .partition(|finding| finding.verdict.is_trouble());
        let mut all = well;
        if all.is_empty() {
            let relative = short(self.reached.relative_loss);
            let emphasis = "It learns";
            let after = format!(": the loss is {relative} of what the best single answer costs.");
            all.push(Finding::new(Verdict::Learning, "", emphasis, after));
        }
        let is_kept = |finding: &Finding| {
            finding.cause == Cause::Healthy || finding.verdict == Verdict::Overconfident
        };
        all.extend(trouble.into_iter().filter(is_kept));
        all
    }
}

fn standing(case: &Case, reached: &Reached) -> Standing {
    if reached.has_diverged {
        return Standing::Sick;
    }
    let is_well = match reached.accuracy {
        Some(accuracy) => accuracy >= WELL && reached.relative_loss < LEARNT,
        None => reached.relative_loss <= WELL_EXPLAINED,
    };
    if is_well {
        Standing::Well
    } else if case.step() < ENOUGH_STEPS {
        Standing::Early
    } else if reached.relative_loss < NOTHING && is_falling(case) {
        Standing::Learning
    } else if reached.relative_loss < 0.9 * LEARNT {
        Standing::Doubtful
    } else {
        Standing::Sick
    }
}

/// The loss is clearly below all that it was before the last tenth of the steps.
fn is_falling(case: &Case) -> bool {
    let before = case.step() - case.step() / 10;
    let n_before = case.history.partition_point(|point| point.step <= before);
    let losses = case.history[..n_before].iter().map(|point| point.loss);
    let least = losses.fold(f32::INFINITY, f32::min);
    least.is_finite() && f64::from(case.snapshot.loss) < FALLING * f64::from(least)
}

/// The most cures first, then what fits the cause, then the smallest change, then the least loss.
fn ranked(cause: Cause, tried: &[(&Candidate, Trial)]) -> Vec<Remedy> {
    let mut order: Vec<&(&Candidate, Trial)> = tried.iter().collect();
    order.sort_by(|(a, of_a), (b, of_b)| {
        let fits = |candidate: &Candidate| !candidate.mends(cause);
        let cured = of_b.cured.cmp(&of_a.cured);
        cured
            .then(a.is_joint.cmp(&b.is_joint))
            .then(fits(a).cmp(&fits(b)))
            .then(a.remedy.size().cmp(&b.remedy.size()))
            .then(of_a.relative_loss.total_cmp(&of_b.relative_loss))
    });
    let with_trial = |(candidate, trial): &(&Candidate, Trial)| Remedy {
        trial: Some(*trial),
        ..candidate.remedy.clone()
    };
    order.into_iter().map(with_trial).collect()
}

#[cfg(test)]
mod tests;
