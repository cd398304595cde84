use super::super::{Deed, SEEDS_APART, Size};
use super::*;
use crate::health::Health;
use crate::observe::{HistoryPoint, LayerSnapshot, Snapshot, UnitSnapshot};
use crate::protocol::{FleetNews, Measure, Part};
use crate::scenario::link::from_link;
use crate::scenario::{Edit, Setting};

/// A run of a link's scenario after 1,000 steps, at this share of the loss of the best single answer.
struct Made {
    scenario: Scenario,
    start: Start,
    snapshot: Snapshot,
    history: Vec<HistoryPoint>,
}

fn made(link: &str, relative_loss: f64, accuracy: f32) -> Made {
    let (scenario, problems) = from_link(link);
    assert!(problems.is_empty(), "{link}: {problems:?}");
    let start = Start::of(&scenario).expect("there are samples");
    let unit = UnitSnapshot::default();
    let hidden = scenario.network.hidden.iter().map(|&n| LayerSnapshot {
        units: vec![unit; n],
        ..LayerSnapshot::default()
    });
    let layers = hidden.chain([LayerSnapshot::default()]).collect();
    let loss = (relative_loss * start.base_loss) as f32;
    let point = |step| HistoryPoint {
        step,
        batch_loss: f32::NAN,
        loss,
        dead: 0,
        saturated: 0,
    };
    let is_class = start.targets.is_none();
    let snapshot = Snapshot {
        run: 1,
        step: 1_000,
        epoch: 0.0,
        is_training: false,
        has_diverged: !relative_loss.is_finite(),
        loss,
        accuracy: is_class.then_some(accuracy),
        test_loss: None,
        test_accuracy: None,
        layers,
        unit_weights: None,
        history: Vec::new(),
        history_is_whole: false,
        field: Vec::new(),
        answers: None,
        steps_per_second: 0.0,
        last_step: 1_000,
    };
    Made {
        start,
        scenario,
        snapshot,
        history: (0..=40).map(|i| point(25 * i)).collect(),
    }
}

impl Made {
    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            scenario: &self.scenario,
            snapshot: &self.snapshot,
            events: &[],
            history: &self.history,
        }
    }

    fn examination(&self) -> Examination {
        Examination::new(self.evidence(), &self.start)
    }
}

/// Two classes around a centre, in numbers of this size.
fn ring(centre: f64, size: f64) -> String {
    let mut csv = String::from("csv=a,b,y");
    for i in 0..60 {
        let angle = f64::from(i) * 2.4;
        let radius = if i % 2 == 0 { 0.5 } else { 1.5 };
        let (a, b) = (radius * libm::cos(angle), radius * libm::sin(angle));
        csv.push_str(&format!(
            "%0A{},{},{}",
            centre + size * a,
            centre + size * b,
            i % 2
        ));
    }
    format!("#v=1&d=csv&std=0&t=0&{csv}")
}

/// A wave in two inputs.
fn wave(offset: f64, size: f64) -> String {
    let mut csv = String::from("csv=a,b,y");
    for i in 0..60 {
        let x = f64::from(i) * 0.1 - 3.0;
        let (cos, sin) = (libm::cos(x), libm::sin(x));
        csv.push_str(&format!("%0A{x},{cos},{}", offset + size * sin));
    }
    format!("#v=1&d=csv&std=0&t=0&l=mse&{csv}")
}

#[test]
fn each_cause_is_told_by_its_own_sign() {
    let check = |link: &str, expect: Cause| {
        let made = made(link, 1.0, 0.5);
        let findings = made.examination().findings();
        let told = link.split("&csv").next().unwrap_or(link);
        assert_eq!(
            findings[0].cause,
            expect,
            "{told}: {}",
            findings[0].sentence()
        );
        assert!(findings[0].evidence.len() >= 3, "{told}");
        assert!(!findings[0].remedies.is_empty(), "{told}");
        assert!(
            findings[0].remedies.iter().all(|r| r.trial.is_none()),
            "{told}"
        );
    };
    let usual = "h=8-8&a=relu&i=he_normal&o=sgd&lr=0.2&b=32";
    let on = |data: String, rest: &str| format!("{data}&{rest}");
    check(&on(ring(30.0, 1.0), usual), Cause::InputsOffset);
    check(&on(ring(0.0, 500.0), usual), Cause::InputsScale);
    check(&on(ring(0.0, 0.001), usual), Cause::InputsScale);
    check(&on(wave(0.0, 300.0), usual), Cause::TargetsScale);
    check(&on(wave(500.0, 1.0), usual), Cause::TargetsScale);
    let moons = |rest: &str| format!("#v=1&d=moons&nz=0.05&h=8-8&b=32&{rest}");
    check(&moons("a=tanh&i=zeros&lr=0.2"), Cause::WeightsEqual);
    check(
        &moons("a=tanh&i=glorot_normal&g=0.02&lr=0.2"),
        Cause::WeightsSmall,
    );
    check(
        &moons("a=tanh&i=uniform,a:0.001&lr=0.2"),
        Cause::WeightsSmall,
    );
    check(
        &moons("a=tanh&i=glorot_normal&g=8&lr=0.2"),
        Cause::WeightsLarge,
    );
    check(&moons("a=relu&lr=0.1&l2=0.3"), Cause::WeightDecay);
    check(&moons("a=relu&lr=0.1&l1=0.1"), Cause::WeightDecay);
    check(&moons("a=relu&lr=0.1&clip=0.001"), Cause::ClipTight);
    check(&moons("a=relu&o=adam&lr=0.6"), Cause::LearningRateHigh);
    check(&moons("a=relu&lr=0.0001"), Cause::LearningRateLow);
    let deep =
        "#v=1&d=moons&nz=0.05&h=8-8-8-8-8-8-8-8&a=sigmoid&i=glorot_normal&o=adam&lr=0.01&b=32";
    check(deep, Cause::DepthVanishing);
    check(
        "#v=1&d=xor&h=1&a=relu&o=adam&lr=0.01&b=32",
        Cause::TooFewUnits,
    );
}

#[test]
fn of_two_causes_the_earlier_comes_first() {
    let link = format!(
        "{}&h=8-8&a=relu&o=sgd&lr=0.0001&b=32&l2=0.5",
        ring(30.0, 1.0)
    );
    let findings = made(&link, 1.0, 0.5).examination().findings();
    let causes: Vec<Cause> = findings.iter().map(|finding| finding.cause).collect();
    assert_eq!(causes[0], Cause::InputsOffset);
    assert!(causes.contains(&Cause::LearningRateLow), "{causes:?}");
    assert!(causes.is_sorted(), "{causes:?}");
}

#[test]
fn decay_that_overshoots_is_not_put_down_to_the_learning_rate() {
    let made = made(
        "#v=1&d=moons&nz=0.05&h=8-8&a=relu&b=32&lr=3&l2=1",
        f64::INFINITY,
        0.5,
    );
    let first = &made.examination().findings()[0];
    assert_eq!(first.cause, Cause::WeightDecay);
    assert!(
        first.sentence().contains("learning rate times decay is 3"),
        "{}",
        first.sentence()
    );
    assert!(!first.blames_learning_rate);
    assert_eq!(first.remedies[0].edits().count(), 1);
}

#[test]
fn the_healthy_get_no_remedy() {
    let check = |link: &str, relative_loss, accuracy| {
        let made = made(link, relative_loss, accuracy);
        let examination = made.examination();
        let findings = examination.findings();
        assert_eq!(findings[0].cause, Cause::Healthy, "{link}");
        assert!(
            findings.iter().all(|finding| finding.remedies.is_empty()),
            "{link}"
        );
        assert!(examination.trials(500).is_none());
    };
    check("#v=1&d=moons&h=8-8&a=tanh&lr=0.1&b=32", 0.02, 0.99);
    // Whatever is unusual of it.
    check("#v=1&d=moons&h=2&a=tanh&lr=2&g=4&b=32&l2=0.05", 0.1, 0.97);
    check(
        &format!("{}&h=8-8&a=tanh&o=adam&lr=0.01", wave(0.0, 1.0)),
        0.02,
        0.0,
    );
}

#[test]
fn dead_units_do_not_matter_where_it_learns() {
    let mut made = made("#v=1&d=moons&h=8-8&a=relu&lr=0.1&b=32", 0.05, 0.99);
    made.snapshot.layers[0].units[..3]
        .iter_mut()
        .for_each(|unit| unit.health = Health::Dead);
    let findings = made.examination().findings();
    assert_eq!(findings[0].cause, Cause::Healthy);
    let dead = findings
        .iter()
        .find(|finding| finding.verdict == Verdict::Dying);
    let sentence = dead.map(Finding::sentence).unwrap_or_default();
    assert!(
        sentence.contains("3 of 16") && sentence.contains("it does not matter"),
        "{sentence}"
    );
    assert!(findings.iter().all(|finding| finding.remedies.is_empty()));
}

#[test]
fn a_collapse_is_told_by_its_loss() {
    let check = |relative_loss, expect: &str| {
        let made = made(
            "#v=1&d=xor&h=2&a=relu&o=adam&lr=0.01&b=32",
            relative_loss,
            0.75,
        );
        let case = Case::new(made.evidence());
        let rows = loss_rows(&case, &made.start);
        assert!(rows.iter().any(|row| row.what == expect), "{rows:?}");
        assert_eq!(made.examination().standing, Standing::Sick);
    };
    check(1.0, "loss, as of one answer to everything");
    check(0.5, "loss, as of half of the samples given one answer");
    check(0.6888, "loss, as of three parts in four given one answer");
}

/// Results of a fleet in which the networks of a lane end as told.
fn results(trials: &Trials, ends: impl Fn(&Candidate) -> (f32, f32)) -> FleetResults {
    let mut results = FleetResults::new(&trials.spec);
    let n_seeds = trials.spec.seeds as usize;
    let measures = trials
        .candidates
        .iter()
        .enumerate()
        .flat_map(|(lane, candidate)| {
            let (loss, accuracy) = ends(candidate);
            (0..n_seeds).map(move |k| Measure {
                network: (lane * n_seeds + k) as u32,
                step: 500,
                loss,
                accuracy: Some(accuracy),
                test_loss: None,
                test_accuracy: None,
                recall: None,
                precision: None,
                gradient_ratio: None,
                n_units: 16,
                n_dead: 0,
                n_saturated: 0,
                first_death: None,
                diverged_at: (!loss.is_finite()).then_some(7),
            })
        });
    let news = FleetNews {
        measures: measures.collect(),
        ..FleetNews::default()
    };
    results.take(Part::WHOLE, true, &news);
    results
}

#[test]
fn the_smallest_change_that_cures_comes_first() {
    let link = format!("{}&h=8-8&a=relu&o=sgd&lr=0.2&b=32", ring(30.0, 1.0));
    let examination = made(&link, 1.0, 0.5).examination();
    let trials = examination.trials(500).expect("it is sick");
    // None of them is the run's.
    assert_eq!(
        trials.spec.base.seed,
        examination.scenario.seed + SEEDS_APART
    );
    let results = results(&trials, |candidate| match candidate.remedy.size() {
        Size::Data if candidate.mends(Cause::InputsOffset) => (0.03, 0.99),
        Size::Switch => (0.01, 1.0),
        _ => (0.69, 0.5),
    });
    let findings = examination.conclude(&trials, &results);
    let first = &findings[0];
    assert_eq!(first.cause, Cause::InputsOffset);
    assert_eq!(first.remedies[0].label, "Standardize the inputs");
    assert_eq!(first.remedies[1].label, "Add batch normalization");
    let trial = first.remedies[0].trial.expect("it was tried");
    assert_eq!((trial.cured, trial.seeds, trial.steps), (3, 3, 500));
    assert!(first.remedies.iter().all(|remedy| remedy.trial.is_some()));
}

#[test]
fn another_draw_that_learns_was_the_only_thing_amiss() {
    let examination = made("#v=1&d=xor&h=4&a=relu&o=adam&lr=0.01&b=32", 0.5, 0.75).examination();
    let trials = examination.trials(500).expect("it is sick");
    let learns = |_: &Candidate| (0.01, 1.0);
    let findings = examination.conclude(&trials, &results(&trials, learns));
    assert_eq!(findings[0].cause, Cause::UnluckyDraw);
    let deeds = &findings[0].remedies[0].deeds;
    assert!(
        matches!(deeds[..], [Deed::Edit(Edit::Set(Setting::Seed, _))]),
        "{deeds:?}"
    );
}

#[test]
fn where_nothing_helps_it_is_said() {
    let examination = made("#v=1&d=moons&h=8-8&a=tanh&o=adam&lr=0.01&b=32", 1.0, 0.5).examination();
    let trials = examination.trials(500).expect("it is sick");
    let findings = examination.conclude(&trials, &results(&trials, |_| (f32::INFINITY, 0.5)));
    assert_eq!(findings[0].cause, Cause::Unexplained);
    assert!(
        findings[0].sentence().contains("that were tried helps"),
        "{}",
        findings[0].sentence()
    );
}

#[test]
fn a_run_that_learns_gets_what_brings_much_or_nothing() {
    let check = |ends: (f32, f32), expect: Cause| {
        let link = "#v=1&d=moons&h=8-8&a=tanh&o=adam&lr=0.01&b=32";
        let examination = made(link, 0.4, 0.88).examination();
        assert_eq!(examination.standing, Standing::Doubtful);
        let trials = examination.trials(500).expect("it may be");
        let findings = examination.conclude(&trials, &results(&trials, |_| ends));
        assert_eq!(findings[0].cause, expect, "{}", findings[0].sentence());
    };
    check((0.25, 0.9), Cause::Healthy);
    check((0.01, 1.0), Cause::UnluckyDraw);
}

#[test]
fn what_is_tried_can_be_run() {
    let link = format!(
        "{}&h=8-8-8&a=sigmoid&i=zeros&o=adamw&lr=0.5&clip=0.01&l2=0.3",
        wave(9.0, 40.0)
    );
    let examination = made(&link, 1.0, 0.0).examination();
    let trials = examination.trials(500).expect("it is sick");
    for lane in 0..trials.spec.lanes.len() {
        let mut scenario = trials.spec.base.clone();
        for edit in trials.spec.lanes.edits(lane) {
            edit.apply(&mut scenario);
        }
        assert_eq!(scenario.check(), Ok(()), "{:?}", trials.candidates[lane]);
    }
    assert!(trials.candidates.len() >= 10);
}

#[test]
fn a_run_whose_loss_still_falls_is_given_time() {
    let check = |before: f64, expect: Standing| {
        let link = "#v=1&d=moons&h=8-8&a=tanh&o=adam&lr=0.01&b=32";
        let mut made = made(link, 0.3, 0.9);
        let loss = (before * made.start.base_loss) as f32;
        let before_the_last = made.history.iter_mut().filter(|point| point.step <= 900);
        before_the_last.for_each(|point| point.loss = loss);
        let examination = made.examination();
        assert_eq!(examination.standing, expect, "{before}");
        let is_tried = examination.trials(500).is_some();
        assert_eq!(is_tried, expect == Standing::Doubtful, "{before}");
    };
    // A plateau, left in the last tenth of its steps.
    check(0.33, Standing::Learning);
    check(0.305, Standing::Doubtful);
    // It was better before.
    check(0.2, Standing::Doubtful);
}

#[test]
fn what_cures_where_most_other_draws_do_names_no_cause() {
    let link = "#v=1&d=moons&h=8-8&a=tanh&i=glorot_normal&o=adam&lr=0.01&b=32";
    let examination = made(link, 0.3, 0.9).examination();
    assert!(examination.suspicions.iter().all(|s| !s.is_strong));
    let trials = examination.trials(500).expect("it may be");
    let mut results = results(&trials, |_| (0.003, 1.0));
    let of_draws = trials
        .candidates
        .iter()
        .position(|candidate| candidate.mends(Cause::UnluckyDraw));
    let network = 3 * of_draws.expect("other draws are tried");
    for measure in &mut results.curves[network] {
        (measure.loss, measure.accuracy) = (0.2, Some(0.9));
    }
    let first = &examination.conclude(&trials, &results)[0];
    assert_eq!(first.cause, Cause::UnluckyDraw, "{}", first.sentence());
}

#[test]
fn what_is_tried_one_by_one_is_concluded_as_tried_together() {
    let examination = made("#v=1&d=xor&h=4&a=relu&o=adam&lr=0.01&b=32", 1.0, 0.5).examination();
    let trials = examination.trials(500).expect("it is sick");
    let results = results(&trials, |candidate| match candidate.remedy.size() {
        Size::Shape => (0.03, 0.99),
        _ => (0.69, 0.5),
    });
    let all: Vec<usize> = (0..trials.candidates.len()).collect();
    let (same, of_same) = trials.among(&all, &results);
    assert_eq!(
        examination.conclude(&same, &of_same),
        examination.conclude(&trials, &results)
    );
    let (some, of_some) = trials.among(&[0, 2], &results);
    let told = &examination.conclude(&some, &of_some)[0];
    assert_eq!(told.remedies.len(), 2);
    assert_eq!(some.spec.lanes.edits(1), trials.spec.lanes.edits(2));
    assert_eq!(trials.fleet_of(2).scenario(0), trials.spec.scenario(2));
}

#[test]
fn trials_of_large_networks_make_fewer_steps() {
    let steps = |link: &str| super::super::trial_steps(&from_link(link).0);
    assert_eq!(steps("#v=1&h=16-16&b=32"), 500);
    let wide = steps("#v=1&h=128-128-128-128-128-128-128-128&b=2000");
    assert!((50..500).contains(&wide), "{wide}");
}
