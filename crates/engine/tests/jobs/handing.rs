//! What leaves: a run as bytes and as a file, and what goes on from them; a run recorded for TensorBoard.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::health::diagnosis::{Examination, Start};
use actiscope_core::interop::adopt::adopt;
use actiscope_core::interop::onnx;
use actiscope_core::interop::run_file::{RunFile, RunFileError, save};
use actiscope_core::interop::safetensors::File;
use actiscope_core::interop::tensorboard::{Said, read};
use actiscope_core::protocol::{
    Event, FleetSpec, HandedOver, JobId, JobSpec, Lanes, Look, Part, Recorded, RunCommand,
    RunEvent, ToEngine,
};
use actiscope_core::scenario::link::from_link;
use actiscope_core::scenario::{Axis, AxisScale, Edit, Scenario, Setting};
use actiscope_engine::doctor::{observe, train};

use super::desk::{Desk, FAST, RUN, SLOW, assert_same};
use super::scenarios;

const RECORDING: JobId = JobId(7);

fn hand_over(desk: &mut Desk) -> HandedOver {
    desk.send(RunCommand::HandOver);
    let is_handed = |event: &Event| matches!(event, Event::Run(_, RunEvent::HandedOver(_)));
    // One that is on a journey arrives first.
    while !desk.events.iter().any(|told| is_handed(&told.event)) {
        desk.advance();
    }
    let told = desk.take(is_handed);
    match told.into_iter().next() {
        Some(Event::Run(RUN, RunEvent::HandedOver(run))) => *run,
        other => panic!("a run was due, not {other:?}"),
    }
}

/// Through a live edit, by way of a file: what goes on is the run that was saved, bit by bit, and so is its past.
#[test]
fn a_saved_run_goes_on_exactly() {
    for scenario in scenarios() {
        let mut desk = Desk::new(&scenario, FAST);
        desk.step(300);
        desk.edit(Edit::Set(Setting::LearningRate, 0.05));
        desk.step(257);
        let handed = hand_over(&mut desk);
        assert_eq!(handed.step, 557);
        let file = save(&handed, &[]).expect("one network");
        let file = RunFile::read(&file).expect("it was just written");
        assert_eq!(file.step, 557);
        assert_eq!(from_link(&file.link).0.training, handed.scenario.training);

        // In an engine that is at something else.
        let mut other = Desk::new(&Scenario::default(), SLOW);
        other.step(20);
        other.send(RunCommand::Resume(file.run.expect("of this version")));
        other.settle();
        assert_eq!(other.take_problems(), [""; 0]);
        let told = other.take(|event| matches!(event, Event::Run(_, RunEvent::Scenario(_))));
        match &told[..] {
            [Event::Run(_, RunEvent::Scenario(told))] => assert_eq!(**told, handed.scenario),
            other => panic!("{other:?}"),
        }
        for n in [100, 400] {
            desk.step(n);
            other.step(n);
            assert_same("trained on", &other.state(), &desk.state());
        }
        desk.seek(123);
        other.seek(123);
        assert_same("gone back before the edit", &other.state(), &desk.state());
    }
}

#[test]
fn to_be_asked_changes_nothing() {
    let mut asked = Desk::new(&Scenario::default(), SLOW);
    let mut undisturbed = Desk::new(&Scenario::default(), SLOW);
    for desk in [&mut asked, &mut undisturbed] {
        desk.send(RunCommand::Step(400));
        desk.advance();
    }
    assert!((1..400).contains(&hand_over(&mut asked).step));
    asked.settle();
    undisturbed.settle();
    assert_same(
        "as if nobody had asked",
        &asked.state(),
        &undisturbed.state(),
    );
}

/// Whoever scrubs and then saves, saves where the timeline was left.
#[test]
fn a_run_on_its_way_hands_over_where_it_arrives() {
    let mut desk = Desk::new(&Scenario::default(), SLOW);
    desk.step(2_000);
    desk.send(RunCommand::Seek(1_234));
    assert_eq!(hand_over(&mut desk).step, 1_234);
}

#[test]
fn a_file_that_cannot_be_read_leaves_all_as_it_was() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.step(50);
    let before = desk.state();
    let mut run = hand_over(&mut desk).run;
    let n = run.len();
    for bytes in [Vec::new(), run[..n / 2].to_vec(), vec![7; 100]] {
        desk.send(RunCommand::Resume(bytes));
        let problems = desk.take_problems();
        assert!(
            problems[0].contains("damaged or of another version"),
            "{problems:?}"
        );
        assert_same("as it was", &desk.state(), &before);
    }
    // Any byte, changed: refused, or another run, but nothing breaks.
    for at in (0..n).step_by(n / 97) {
        run[at] ^= 0x55;
        desk.send(RunCommand::Resume(run.clone()));
        desk.take_problems();
        run[at] ^= 0x55;
    }
}

#[test]
fn a_file_tells_what_is_wrong_with_it() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.step(50);
    let file = save(&hand_over(&mut desk), &[]).expect("one network");
    assert!(RunFile::is_one(&File::read(&file).expect("just written")));

    let at = file.len() - 40;
    let mut damaged = file.clone();
    damaged[at] ^= 1;
    assert_eq!(RunFile::read(&damaged), Err(RunFileError::Damaged));
    assert!(matches!(
        RunFile::read(&file[..at]),
        Err(RunFileError::Container(_))
    ));

    // Another version: what it says is read, and its run is not.
    let text = b"\"actiscope_run\":\"2\"";
    let at = file.windows(text.len()).position(|bytes| bytes == text);
    let mut later = file.clone();
    later[at.expect("the version") + text.len() - 2] = b'9';
    let later = RunFile::read(&later).expect("readable");
    assert_eq!((later.run, later.step), (None, 50));
}

fn record(desk: &mut Desk, run: Vec<u8>) -> (Vec<f32>, Vec<Said>, usize) {
    desk.tell(ToEngine::Open {
        job: RECORDING,
        spec: JobSpec::Recording {
            run,
            wall_time_s: 1.8e9,
        },
    });
    desk.settle();
    let mut shares = Vec::new();
    let mut done = None;
    for event in desk.take(|event| matches!(event, Event::Recorded(..))) {
        match event {
            Event::Recorded(RECORDING, Recorded::Progress { share }) => shares.push(share),
            Event::Recorded(RECORDING, Recorded::Done { bytes, n_left_out }) => {
                done = Some((read(&bytes).expect("an event file"), n_left_out));
            }
            other => panic!("{other:?}"),
        }
    }
    let (said, n_left_out) = done.expect("it comes to its end");
    desk.tell(ToEngine::Close(RECORDING));
    (shares, said, n_left_out)
}

/// The value of a scalar at a step.
fn scalar(said: &[Said], tag: &str, at: u64) -> Option<f32> {
    said.iter().find_map(|said| match said {
        Said::Scalar {
            step,
            tag: of,
            value,
        } if of == tag && *step == at => Some(*value),
        _ => None,
    })
}

/// What is recorded is what the run was, through an edit in its midst.
#[test]
fn a_run_is_recorded_as_it_was() {
    let mut desk = Desk::new(&Scenario::default(), SLOW);
    desk.step(60);
    let early = desk.snapshot();
    desk.edit(Edit::Set(Setting::LearningRate, 0.01));
    desk.step(340);
    let late = desk.snapshot();
    let run = hand_over(&mut desk).run;
    let (shares, said, n_left_out) = record(&mut desk, run);
    assert_eq!(n_left_out, 0);
    assert!(shares.is_sorted() && shares.len() > 1, "{shares:?}");

    let steps: std::collections::BTreeSet<u64> = said
        .iter()
        .filter_map(|said| match said {
            Said::Histogram { step, tag, .. } if tag == "a/hidden_1" => Some(*step),
            _ => None,
        })
        .collect();
    assert!(steps.len() <= 100 && steps.contains(&0) && steps.contains(&400));
    for (step, snapshot) in [(60, &early), (400, &late)] {
        assert!(steps.contains(&step), "{steps:?}");
        assert_eq!(scalar(&said, "loss/train", step), Some(snapshot.loss));
        let z_std = scalar(&said, "z_std/hidden_2", step);
        assert_eq!(z_std, Some(snapshot.layers[1].z_std));
    }
    for kind in ["z", "a", "weight", "gradient"] {
        let tag = format!("{kind}/hidden_3");
        let has = said
            .iter()
            .any(|said| matches!(said, Said::Histogram { tag: of, .. } if *of == tag));
        assert!(has, "{tag}");
    }
    // The run on show was at rest, and is where it was.
    assert_same("undisturbed", &desk.state().loss, &late.loss);
}

/// A run that diverged has numbers that are none: they are left out, and counted.
#[test]
fn what_is_no_number_is_left_out_and_told() {
    let mut scenario = Scenario::default();
    // No number for what is below 0.
    scenario.network.activation = ActivationSpec::formula("log(z)");
    let mut desk = Desk::new(&scenario, FAST);
    desk.step(200);
    let run = hand_over(&mut desk).run;
    let (_, said, n_left_out) = record(&mut desk, run);
    assert!(n_left_out > 0);
    assert!(
        said.iter()
            .all(|said| !matches!(said, Said::Scalar { value, .. } if value.is_nan()))
    );
}

/// A network of another tool's, with normalization, opened as a run.
fn opened() -> Scenario {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/interop/data/torch_new_normed.onnx"
    );
    let bytes = std::fs::read(path).expect("the file is there");
    let incoming = onnx::read(&bytes, None).expect("a network");
    let adopted = adopt(incoming, "normed.onnx", &Scenario::default()).expect("it fits");
    assert!(adopted.scenario.network.given.is_some());
    adopted.scenario
}

/// Whatever the axes and whichever the seed: what differs at step 0 is which samples there are.
#[test]
fn a_map_around_an_opened_network_begins_with_its_weights() {
    let base = opened();
    let begun = |scenario: &Scenario| {
        let mut desk = Desk::new(scenario, FAST);
        let state = desk.state();
        assert_eq!(state.step, 0);
        state.loss.to_bits()
    };
    let axis = |setting, from, to| Axis {
        setting,
        from,
        to,
        scale: AxisScale::Log,
        n: 2,
    };
    let spec = FleetSpec {
        lanes: Lanes::Grid {
            x: axis(Setting::LearningRate, 0.001, 0.1),
            y: axis(Setting::L2, 0.0001, 0.01),
        },
        base: base.clone(),
        seeds: 2,
        n_steps: 20,
        n_looks: 2,
        keeps_curves: true,
        part: Part::WHOLE,
    };
    let results = train(spec.clone(), &mut || 0.0).expect("it can be run");
    for (network, curve) in results.curves.iter().enumerate() {
        let mut scenario = spec.scenario(network / 2);
        scenario.seed += network as u32 % 2;
        assert_eq!(curve[0].loss.to_bits(), begun(&scenario), "{network}");
        assert_ne!(curve[0].loss.to_bits(), curve[2].loss.to_bits());
    }
    // Drawn weights are others.
    let mut drawn = base;
    drawn.network.given = None;
    assert_ne!(begun(&drawn), begun(&spec.base));
}

/// Its remedies are tried on what was opened, and one that draws new weights says so by what it changes.
#[test]
fn the_doctor_tries_remedies_on_the_opened_network() {
    let mut sick = opened();
    sick.training.learning_rate = 10.0;
    let seen = observe(&sick, 200, Look::NOTHING, &mut || 0.0).expect("it can be run");
    let start = Start::of(&sick).expect("there are samples");
    let examination = Examination::new(seen.evidence(&sick), &start);
    let trials = examination.trials(50).expect("it is sick");
    assert_eq!(trials.spec.base.network.given, sick.network.given);
    let results = train(trials.spec.clone(), &mut || 0.0).expect("they can be run");
    assert!((0..results.curves.len()).all(|network| results.newest(network).is_some()));
}
