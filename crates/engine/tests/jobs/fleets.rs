//! Fleets: many networks trained, watched, shared out and given up, on either engine.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::health::Health;
use actiscope_core::observe::gradient_ratio;
use actiscope_core::protocol::{
    EngineChoice, EngineKind, Event, Fault, FleetCommand, FleetEvent, FleetNews, FleetPlan,
    FleetResults, FleetSpec, JobId, JobSpec, Lanes, Measure, Part, ToEngine,
};
use actiscope_core::scenario::{Axis, AxisScale, Edit, Scenario, Setting};
use actiscope_engine::Progress;
use actiscope_engine::gpu::GpuDevice;
use actiscope_engine::wait::wait;

use super::desk::{Desk, FAST, Pace, RUN, SLOW};

const FLEET: JobId = JobId(2);

/// A network and data that are quickly trained.
fn base() -> Scenario {
    let mut base = Scenario::default();
    base.network.hidden = vec![4];
    base.data.n_samples = 64;
    base
}

/// The base with learning rates from 0.01 on, by equal factors.
fn by_learning_rate(n_lanes: usize) -> Lanes {
    let lane = |i: usize| {
        vec![Edit::Set(
            Setting::LearningRate,
            0.01 * 1.006_f64.powi(i as i32),
        )]
    };
    Lanes::List((0..n_lanes).map(lane).collect())
}

fn spec(lanes: Lanes, n_steps: u64, n_looks: u32) -> FleetSpec {
    FleetSpec {
        base: base(),
        lanes,
        seeds: 1,
        n_steps,
        n_looks,
        keeps_curves: true,
        part: Part::WHOLE,
    }
}

/// Whoever watches a fleet.
struct Watcher {
    desk: Desk,
    spec: FleetSpec,
    results: FleetResults,
    plan: FleetPlan,
    n_told: usize,
}

impl Watcher {
    fn new(spec: FleetSpec, pace: Pace, choice: EngineChoice) -> Self {
        let mut desk = Desk::empty(pace);
        desk.tell(ToEngine::Use(choice));
        desk.tell(ToEngine::Open {
            job: FLEET,
            spec: JobSpec::Fleet(Box::new(spec.clone())),
        });
        let told = desk.take(|event| matches!(event, Event::Fleet(FLEET, FleetEvent::Begun(_))));
        let Some(Event::Fleet(_, FleetEvent::Begun(plan))) = told.into_iter().next() else {
            panic!("a fleet begins: {:?}", desk.events);
        };
        Self {
            desk,
            results: FleetResults::new(&spec),
            spec,
            plan,
            n_told: 0,
        }
    }

    /// A turn; what is told is taken in and shown.
    fn watch(&mut self) -> Progress {
        let progress = self.desk.advance();
        for told in self.desk.take(|event| matches!(event, Event::Fleet(..))) {
            match told {
                Event::Fleet(FLEET, FleetEvent::News(news)) => self.take(&news),
                Event::Fleet(FLEET, FleetEvent::Restarted { networks }) => {
                    self.results.forget(&networks);
                }
                other => panic!("{other:?}"),
            }
        }
        progress
    }

    fn take(&mut self, news: &FleetNews) {
        self.n_told += 1;
        let spec = &self.spec;
        self.results.take(spec.part, spec.keeps_curves, news);
        self.desk.tell(ToEngine::Fleet(FLEET, FleetCommand::Shown));
    }

    /// Watches until all is done and told.
    fn finish(mut self) -> FleetResults {
        while !self.results.progress().is_done {
            self.watch();
        }
        self.watch();
        let rests = self.desk.take_told(|event| matches!(event, Event::Idle));
        assert_eq!(rests.last().map(|told| told.heard), Some(self.desk.n_sent));
        self.results
    }
}

fn finished(spec: FleetSpec) -> FleetResults {
    Watcher::new(spec, FAST, EngineChoice::Cpu).finish()
}

/// As bits, so that NaN is equal to itself.
fn same(a: &Measure, b: &Measure) -> bool {
    let rest = |m: &Measure| Measure {
        loss: 0.0,
        test_loss: None,
        ..*m
    };
    let bits = |m: &Measure| (m.loss.to_bits(), m.test_loss.map(f32::to_bits));
    bits(a) == bits(b) && rest(a) == rest(b)
}

#[test]
fn a_network_of_a_fleet_is_the_run_of_its_scenario() {
    let activation = |id: &str| Edit::Activation(ActivationSpec::new(id));
    let lanes = vec![
        vec![],
        vec![Edit::Set(Setting::LearningRate, 1.5)],
        vec![activation("prelu"), Edit::Set(Setting::LearningRate, 0.3)],
        vec![activation("tanh"), Edit::Hidden(vec![3, 5])],
        vec![
            Edit::Set(Setting::BatchNorm, 1.0),
            Edit::Set(Setting::BatchSize, 7.0),
        ],
        // Decay that turns every weight round and doubles it: it diverges.
        vec![
            Edit::Set(Setting::LearningRate, 3.0),
            Edit::Set(Setting::L2, 1.0),
        ],
        vec![Edit::Set(Setting::Seed, 12.0)],
    ];
    let mut spec = FleetSpec {
        seeds: 2,
        ..spec(Lanes::List(lanes.clone()), 60, 6)
    };
    spec.base.data.test_share = 0.25;
    let results = finished(spec.clone());
    let (mut n_diverged, mut n_ratios) = (0, 0);
    for (lane, edits) in lanes.iter().enumerate() {
        for seed in 0..2 {
            let mut scenario = spec.base.clone();
            for edit in edits {
                edit.apply(&mut scenario);
            }
            scenario.seed += seed;
            let mut desk = Desk::new(&scenario, FAST);
            desk.step(60);
            let run = desk.state();
            let curve = &results.curves[2 * lane + seed as usize];
            let newest = curve.last().expect("it was measured");
            assert_eq!(newest.step, run.step, "lane {lane}, seed {seed}");
            assert_eq!(
                newest.loss.to_bits(),
                run.loss.to_bits(),
                "lane {lane}, seed {seed}"
            );
            assert_eq!(newest.accuracy, run.accuracy);
            let bits = |value: Option<f32>| value.map(f32::to_bits);
            assert_eq!(bits(newest.test_loss), bits(run.test_loss));
            assert_eq!(newest.test_accuracy, run.test_accuracy);
            assert!(run.test_loss.is_some());
            let (_output, hidden) = run.layers.split_last().expect("an output layer");
            let gradients: Vec<f32> = hidden.iter().map(|layer| layer.z_gradient_rms).collect();
            assert_eq!(
                bits(newest.gradient_ratio),
                bits(gradient_ratio(&gradients))
            );
            n_ratios += usize::from(newest.gradient_ratio.is_some());
            assert_eq!(newest.diverged_at, run.has_diverged.then_some(run.step));
            n_diverged += usize::from(run.has_diverged);
            let count = |health| {
                let units = run.layers.iter().flat_map(|layer| &layer.units);
                units.filter(|unit| unit.health == health).count() as u16
            };
            assert_eq!(newest.n_dead, count(Health::Dead));
            assert_eq!(newest.n_saturated, count(Health::Saturated));
            assert_eq!(
                usize::from(newest.n_units),
                scenario.network.hidden.iter().sum::<usize>()
            );
            assert!(curve.is_sorted_by(|a, b| a.step < b.step));
            assert_eq!(curve[0].step, 0);
        }
    }
    assert!(n_diverged > 0 && n_ratios > 0);
}

#[test]
fn a_fleet_does_not_depend_on_how_it_is_shared_out_or_paced() {
    let whole = FleetSpec {
        seeds: 3,
        ..spec(by_learning_rate(20), 30, 4)
    };
    let expected = finished(whole.clone());
    let n_parts = 4;
    let mut merged = FleetResults::new(&FleetSpec {
        part: Part {
            index: 0,
            of: n_parts,
        },
        ..whole.clone()
    });
    for index in 0..n_parts {
        let part = Part { index, of: n_parts };
        let mut watcher = Watcher::new(
            FleetSpec {
                part,
                ..whole.clone()
            },
            SLOW,
            EngineChoice::Cpu,
        );
        assert_eq!(watcher.plan.n_networks, 15);
        assert!(!merged.progress().is_done);
        while !watcher.results.progress_of(part).is_done {
            watcher.watch();
        }
        for (network, curve) in watcher.results.curves.iter().enumerate() {
            assert_eq!(curve.is_empty(), !part.holds(network));
            merged.curves[network].extend(curve);
        }
        let news = FleetNews {
            measures: Vec::new(),
            progress: watcher.results.progress_of(part),
        };
        merged.take(part, true, &news);
    }
    let progress = merged.progress();
    assert!(progress.is_done);
    assert_eq!((progress.lane_steps, progress.n_lane_steps), (1_800, 1_800));
    for (a, b) in merged.curves.iter().zip(&expected.curves) {
        assert!(a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)));
    }
}

/// A thousand networks are begun, seen on their way, and given up.
fn check_watched_and_cancelled(choice: EngineChoice, kind: EngineKind) {
    let spec = FleetSpec {
        keeps_curves: false,
        ..spec(by_learning_rate(1_024), 100_000, 40)
    };
    let mut watcher = Watcher::new(spec, SLOW, choice);
    assert_eq!((watcher.plan.n_networks, watcher.plan.n_groups), (1_024, 1));
    let mut seen = 0;
    while watcher.n_told < 3 || watcher.results.newest(1_023).is_none_or(|m| m.step < 3) {
        assert_eq!(watcher.watch(), Progress::Busy);
        let progress = watcher.results.progress();
        assert!(progress.lane_steps >= seen && !progress.is_done);
        seen = progress.lane_steps;
    }
    let newest = watcher.results.newest(0).expect("it was measured");
    assert!(newest.loss.is_finite() && newest.accuracy.is_some());
    let mut desk = watcher.desk;
    let engines = desk.take(|event| matches!(event, Event::Engine(_)));
    let Some(Event::Engine(engine)) = engines.last() else {
        panic!("what trains is told");
    };
    assert_eq!((engine.kind, engine.n_lanes), (kind, 1_024));

    desk.tell(ToEngine::Close(FLEET));
    assert_eq!(desk.advance(), Progress::Idle);
    assert_eq!(desk.take(|event| matches!(event, Event::Idle)).len(), 1);
    assert!(
        desk.take(|event| matches!(event, Event::Fleet(..)))
            .is_empty()
    );
}

#[test]
fn a_thousand_networks_are_watched_and_cancelled_on_the_cpu() {
    check_watched_and_cancelled(EngineChoice::Cpu, EngineKind::Cpu);
}

fn with_gpu(test: impl FnOnce()) {
    match wait(GpuDevice::open()) {
        Ok(_) => test(),
        Err(error) if std::env::var_os("CI").is_some() => panic!("{error}"),
        Err(error) => eprintln!("SKIPPED, for this machine has no adapter: {error}"),
    }
}

#[test]
fn a_thousand_networks_are_watched_and_cancelled_on_the_gpu() {
    with_gpu(|| check_watched_and_cancelled(EngineChoice::Gpu, EngineKind::Gpu));
}

/// Loss and health of both engines, and that a lost GPU costs nothing but time.
#[test]
fn a_fleet_on_the_gpu_is_that_on_the_cpu_and_outlives_its_gpu() {
    with_gpu(|| {
        let mut spec = spec(by_learning_rate(24), 20, 4);
        spec.base.network.hidden = vec![4, 4];
        spec.base.data.test_share = 0.25;
        let cpu = finished(spec.clone());
        let gpu = Watcher::new(spec.clone(), FAST, EngineChoice::Gpu).finish();
        let mut n_in_full = 0;
        for (a, b) in cpu.curves.iter().flatten().zip(gpu.curves.iter().flatten()) {
            assert_eq!((a.network, a.step, a.n_dead), (b.network, b.step, b.n_dead));
            assert!(
                (a.loss - b.loss).abs() < 1e-4 * a.loss.max(0.01),
                "{a:?} {b:?}"
            );
            let close = |a: Option<f32>, b: Option<f32>| match (a, b) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-3 * a.max(0.01),
                (a, b) => a.is_none() && b.is_none(),
            };
            assert!(close(a.test_loss, b.test_loss), "{a:?} {b:?}");
            assert!(close(a.gradient_ratio, b.gradient_ratio), "{a:?} {b:?}");
            n_in_full += usize::from(b.test_accuracy.is_some() && b.gradient_ratio.is_some());
        }
        assert!(n_in_full >= 24, "{n_in_full}");

        let mut watcher = Watcher::new(spec, SLOW, EngineChoice::Gpu);
        while watcher
            .results
            .newest(0)
            .is_none_or(|newest| newest.step < 1)
        {
            watcher.watch();
        }
        watcher.desk.tell(ToEngine::Fault(Fault::DeviceLost));
        let results = watcher.finish();
        for (a, b) in cpu.curves.iter().zip(&results.curves) {
            assert!(a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)));
        }
    });
}

#[test]
fn news_waits_until_the_last_was_shown_and_a_pause_is_rest() {
    let mut desk = Desk::empty(SLOW);
    let spec = spec(by_learning_rate(4), 10_000, 4);
    desk.tell(ToEngine::Open {
        job: FLEET,
        spec: JobSpec::Fleet(Box::new(spec)),
    });
    let n_news = |desk: &mut Desk| {
        let is_news = |event: &Event| matches!(event, Event::Fleet(_, FleetEvent::News(_)));
        desk.take(is_news).len()
    };
    for _ in 0..20 {
        desk.advance();
    }
    assert_eq!(n_news(&mut desk), 1);
    desk.tell(ToEngine::Fleet(FLEET, FleetCommand::Pause));
    assert_eq!(desk.advance(), Progress::Idle);
    assert_eq!(n_news(&mut desk), 0);
    desk.tell(ToEngine::Fleet(FLEET, FleetCommand::Shown));
    desk.advance();
    assert_eq!(n_news(&mut desk), 1);
    let rests = desk.take_told(|event| matches!(event, Event::Idle));
    assert_eq!(rests.last().map(|told| told.heard), Some(desk.n_sent));
    desk.tell(ToEngine::Fleet(FLEET, FleetCommand::Train));
    assert_eq!(desk.advance(), Progress::Busy);
}

#[test]
fn what_cannot_be_trained_is_told() {
    let check = |spec: FleetSpec, expected: &str| {
        let mut desk = Desk::empty(FAST);
        desk.tell(ToEngine::Open {
            job: FLEET,
            spec: JobSpec::Fleet(Box::new(spec)),
        });
        let problems = desk.take_problems();
        assert!(
            problems.len() == 1 && problems[0].contains(expected),
            "{problems:?}"
        );
    };
    let hidden = |widths: Vec<usize>| Lanes::List(vec![vec![Edit::Hidden(widths)]]);
    check(spec(Lanes::List(vec![]), 10, 1), "nothing to train");
    check(spec(by_learning_rate(1), 0, 1), "nothing to train");
    check(spec(by_learning_rate(5_000), 10, 1), "4096 at most");
    check(
        spec(hidden(vec![0]), 10, 1),
        "no lane of the fleet can be run",
    );
    let wide = Lanes::List(vec![vec![Edit::Hidden(vec![128; 32])]; 200]);
    check(spec(wide, 10, 1), "MB");

    // Others of the fleet are not kept from it.
    let lanes = Lanes::List(vec![
        vec![],
        vec![Edit::Set(Setting::LearningRate, -1.0)],
        vec![],
    ]);
    let watcher = Watcher::new(spec(lanes, 5, 1), FAST, EngineChoice::Cpu);
    let (plan, results) = (watcher.plan.clone(), watcher.finish());
    assert_eq!(
        (plan.n_networks, plan.refused.len(), plan.refused[0].0),
        (2, 1, 1)
    );
    assert!(results.newest(1).is_none() && results.newest(2).is_some());
}

/// Row by row, from the low ends to the high ones.
#[test]
fn a_grid_is_a_lane_for_each_pair_of_values() {
    let axis = |setting, from, to, n| Axis {
        setting,
        from,
        to,
        n,
        scale: AxisScale::Log,
    };
    let grid = Lanes::Grid {
        x: axis(Setting::LearningRate, 0.01, 1.0, 3),
        y: axis(Setting::Width, 2.0, 8.0, 2),
    };
    let set = |setting, value| Edit::Set(setting, value);
    let pairs = [2.0, 8.0].map(|width| [0.01, 0.1, 1.0].map(|rate| (rate, width)));
    let lanes = pairs
        .as_flattened()
        .iter()
        .map(|&(rate, width)| vec![set(Setting::LearningRate, rate), set(Setting::Width, width)]);
    let (of_grid, of_list) = (
        finished(spec(grid, 20, 2)),
        finished(spec(Lanes::List(lanes.collect()), 20, 2)),
    );
    for (a, b) in of_grid.curves.iter().zip(&of_list.curves) {
        assert!(a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)));
    }
    assert_eq!(of_grid.newest(3).map(|newest| newest.n_units), Some(8));

    let bad = Lanes::Grid {
        x: axis(Setting::LearningRate, 0.0, 1.0, 3),
        y: axis(Setting::Width, 2.0, 8.0, 2),
    };
    let mut desk = Desk::empty(FAST);
    desk.tell(ToEngine::Open {
        job: FLEET,
        spec: JobSpec::Fleet(Box::new(spec(bad, 20, 2))),
    });
    assert_eq!(desk.take_problems().len(), 1);
}

/// A map: every eighth cell of every eighth row is done before any other begins, then every fourth, and so on; what comes
/// of each is what comes of it in any other fleet.
#[test]
fn a_grid_without_curves_is_trained_coarse_first() {
    let axis = |setting, from, to| Axis {
        setting,
        from,
        to,
        n: 9,
        scale: AxisScale::Log,
    };
    let grid = FleetSpec {
        keeps_curves: false,
        seeds: 2,
        ..spec(
            Lanes::Grid {
                x: axis(Setting::LearningRate, 0.01, 1.0),
                y: axis(Setting::Gain, 0.5, 2.0),
            },
            20,
            3,
        )
    };
    let passes = |results: &FleetResults| {
        let n_done = (0..4).map(|pass| {
            let lanes = (0..81).filter(|&lane| grid.lanes.pass(lane) == pass);
            let networks = lanes.flat_map(|lane| [2 * lane, 2 * lane + 1]);
            let done: Vec<bool> = networks
                .map(|network| results.newest(network).is_some())
                .collect();
            (done.iter().filter(|is_done| **is_done).count(), done.len())
        });
        n_done.collect::<Vec<_>>()
    };
    let mut watcher = Watcher::new(grid.clone(), SLOW, EngineChoice::Cpu);
    let mut n_partly = 0;
    while !watcher.results.progress().is_done {
        watcher.watch();
        let told = passes(&watcher.results);
        let begun = told.iter().filter(|(n_done, _)| *n_done > 0).count();
        let finished = told.iter().take_while(|(n_done, n)| n_done == n).count();
        assert!(begun <= finished + 1, "{told:?}");
        n_partly += usize::from(finished < 4 && begun > 0);
        for curve in &watcher.results.curves {
            assert!(curve.iter().all(|measure| measure.step == 20));
        }
    }
    assert!(n_partly > 0, "it was seen while it trained");
    assert_eq!(
        passes(&watcher.results),
        [(8, 8), (10, 10), (32, 32), (112, 112)]
    );
    let progress = watcher.results.progress();
    assert_eq!((progress.lane_steps, progress.n_lane_steps), (3_240, 3_240));
    let together = finished(FleetSpec {
        keeps_curves: true,
        ..grid.clone()
    });
    for network in 0..162 {
        let (a, b) = (watcher.results.newest(network), together.newest(network));
        let (a, b) = (a.expect("measured"), b.expect("measured"));
        // Coarse first, no network is measured in full.
        let b = Measure {
            test_loss: None,
            test_accuracy: None,
            recall: None,
            precision: None,
            gradient_ratio: None,
            ..*b
        };
        assert!(same(a, &b), "{a:?} {b:?}");
    }
}

/// Trials beside a run: the run keeps most of the time.
#[test]
fn a_fleet_behind_a_run_leaves_it_the_time() {
    let mut scenario = base();
    scenario.view.steps_per_second = None;
    let mut desk = Desk::new(&scenario, SLOW);
    desk.tell(ToEngine::Open {
        job: FLEET,
        spec: JobSpec::Fleet(Box::new(spec(by_learning_rate(4), 50, 2))),
    });
    desk.send(actiscope_core::protocol::RunCommand::Train);
    let is_done = |event: &Event| matches!(event, Event::Fleet(_, FleetEvent::News(news)) if news.progress.is_done);
    let mut n_turns = 0;
    while desk.take(is_done).is_empty() {
        desk.advance();
        desk.tell(ToEngine::Fleet(FLEET, FleetCommand::Shown));
        n_turns += 1;
        assert!(n_turns < 100_000, "the fleet gets its share");
    }
    assert!(desk.engine.run(RUN).is_some_and(|run| run.step() > 200));
}
