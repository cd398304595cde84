//! Traces that the real recorders wrote (tests/interop/data) and such as are made here: what is read of them and said.

#[path = "trace/made.rs"]
mod made;

use std::time::Instant;

use actiscope_core::health::Health;
use actiscope_core::interop::trace::{
    Count, EventKind, Order, Trace, TraceCause, TraceError, TraceView, compare, limits,
};
use expect_test::{Expect, expect};
use made::{Made, MadeLayer};
use proptest::prelude::*;

fn bytes(name: &str) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/interop/data/");
    std::fs::read(format!("{path}{name}.trace.safetensors")).expect("the file is there")
}

fn real(name: &str) -> Trace {
    Trace::read(bytes(name)).expect("a trace")
}

const REAL: [&str; 5] = ["planted", "thrown_off", "slower", "odd", "keras"];

/// Everything that is made of a trace, so that nothing of it can fail unseen.
fn look_at_all(trace: &Trace) -> TraceView {
    let view = TraceView::new(trace, &[]);
    assert!(compare(trace, trace).is_some_and(|same| !same.is_better));
    for record in [0, view.opens_at, trace.n_records() - 1, trace.n_records()] {
        for order in [Order::Sorted, Order::Model] {
            let rows = trace.rows(record, order, view.z_end);
            for row in rows
                .rows
                .iter()
                .filter(|row| record < trace.n_records() && !row.is_output)
            {
                let n: usize = row.tiles.iter().map(|tile| tile.units.len()).sum();
                assert_eq!(n, row.n_alive + row.n_dead + row.n_saturated);
            }
        }
        for layer in 0..=trace.layers.len() {
            for unit in [0, 1, 5000] {
                let _ = trace.unit(layer, unit, record);
            }
        }
    }
    view
}

fn said(view: &TraceView) -> String {
    let caption = &view.caption;
    let mut lines = vec![format!(
        "{}[{}]{}",
        caption.before, caption.emphasis, caption.after
    )];
    for finding in &view.findings {
        lines.push(format!("{}:", finding.cause.id()));
        lines.extend(
            finding
                .evidence
                .iter()
                .map(|evidence| format!("  {evidence}")),
        );
        for remedy in &finding.remedies {
            lines.push(format!(
                "  > {} ({}): {}",
                remedy.label,
                remedy.place,
                remedy.said()
            ));
            lines.extend(remedy.code.lines().map(|line| format!("      {line}")));
        }
    }
    for event in view.events.iter().rev() {
        lines.push(
            format!("{} {} {}", event.steps, event.said, event.note)
                .trim_end()
                .to_owned(),
        );
    }
    lines.join("\n") + "\n"
}

fn check(name: &str, expect: Expect) {
    expect.assert_eq(&said(&look_at_all(&real(name))));
}

#[test]
fn a_learning_rate_that_throws_units_off() {
    check(
        "thrown_off",
        expect![[r#"
        Learning rate 2 threw units off the data: [12 of 32] in layer 1 died between steps 2 and 12.
        learning_rate_high:
          At step 6 one update was 113 % of the output layer's weights, and 24 % of layer 1's at step 7; some 0.1 % is usual.
          The loss rose to 1.17 at step 5, from 0.69 at the start.
          Layer 2 is all dead since step 40.
          > lr=0.2 (in place of 2): not tried
              torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)  # was 2
          > LinearLR(optimizer, 1/200, total_iters=200) (a linear warm-up): not tried
              scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1/200, total_iters=200)  # scheduler.step() after each optimizer.step()
          > nn.LeakyReLU(0.01) (in 1, 3): not tried
              model[1] = nn.LeakyReLU(0.01)  # was nn.ReLU()
              model[3] = nn.LeakyReLU(0.01)  # was nn.ReLU()
          > clip_grad_norm_(parameters, 1.0) (before optimizer.step()): not tried
              torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)  # before optimizer.step()
        born_dead:
          Layer 2: 4 of 16 at step 0; z spreads by 0.23.
          > first weights that suit the function (in 3): not tried
              nn.init.kaiming_normal_(model[2].weight, nonlinearity="relu"); nn.init.zeros_(model[2].bias)
          > nn.BatchNorm (in 3): not tried
              nn.BatchNorm1d(16)  # after model[2]
          > nn.LeakyReLU(0.01) (in 1, 3): not tried
              model[1] = nn.LeakyReLU(0.01)  # was nn.ReLU()
              model[3] = nn.LeakyReLU(0.01)  # was nn.ReLU()
        0 Layer 1: 4 of 32 were born dead.
        0 Layer 2: 4 of 16 were born dead.
        5 Loss 1.17, after 0.67 before it.
        0–9 Layer 2: 11 more died.
        2–12 Layer 1: 12 more died. Under it is only the data, which does not move: hardly one comes back.
        15 Layer 2: its last one died. No gradient passes from here on.
        14–19 Layer 1: 7 more died.
        20 Layer 2: 1 came back. No gradient reaches a dead unit: layer 1 moved under it.
        28–32 Layer 2: 1 came back. No gradient reaches a dead unit: layer 1 moved under it.
        32–40 Layer 2: its last 2 died. No gradient passes from here on.
        32–48 Layer 1: 7 more died.
        60 End: loss 0.731. One answer for all: a whole layer is dead.
    "#]],
    );
}

#[test]
fn units_that_were_planted() {
    check(
        "planted",
        expect![[r#"
        [1 of 28 units] in layer 2 died while it trained.
        died:
          Layer 2: 1 more died, at step 90.
          At step 89 one update was 0.1 % of the output layer's weights, and 0.02 % of layer 1's at step 90; some 0.1 % is usual.
          > nn.LeakyReLU(0.01) (in act1, act2): not tried
              self.act1 = nn.LeakyReLU(0.01)  # was nn.ReLU()
              self.act2 = nn.LeakyReLU(0.01)  # was nn.ReLU()
          > nn.BatchNorm (in act2): not tried
              nn.BatchNorm1d(12)  # after self.fc2
        0 Layer 1: 2 of 16 were born dead.
        0 Layer 2: 1 of 12 was born dead.
        90 Layer 2: 1 more died.
        100 End: loss 0.674.
    "#]],
    );
}

#[test]
fn a_model_of_functions_and_convolutions() {
    check(
        "odd",
        expect![[r#"
        All [51 units are alive] at the end; the loss went from 1.33 to 0.635.
        healthy:
        60 End: loss 0.635.
    "#]],
    );
}

#[test]
fn a_model_of_keras() {
    check(
        "keras",
        expect![[r#"
        [1 of 20 units] in layer 1 died while it trained.
        died:
          Layer 1: 1 more died, at step 12.
          At step 9 one update was 7 % of the output layer's weights, and 2 % of layer 1's at step 12; some 0.1 % is usual.
          > LeakyReLU(negative_slope=0.01) (in first): not tried
              activation=keras.layers.LeakyReLU(negative_slope=0.01)  # of "first", was "relu"
          > learning_rate=0.03 (in place of 0.1): not tried
              keras.optimizers.SGD(learning_rate=0.03, momentum=0.9)  # was 0.1
          > BatchNormalization() (in first): not tried
              keras.layers.BatchNormalization()  # between "first" and its activation
        0 Layer 1: 1 of 12 was born dead.
        12 Layer 1: 1 more died.
        50 End: loss 0.411, accuracy 0.73.
    "#]],
    );
}

#[test]
fn facts_stand_beside_it() {
    let view = TraceView::new(&real("odd"), &[]);
    let facts = view
        .facts
        .iter()
        .flat_map(|group| &group.facts)
        .filter(|fact| !matches!(&*fact.what, "Cost" | "Framework"));
    let facts: Vec<String> = facts
        .map(|fact| format!("{}: {}", fact.what, fact.value))
        .collect();
    expect![[r#"
        Size: 112 kB
        Model: Odd, 2,198 parameters
        relu in Odd.forward: 1 → 6, 3 × 3 relu
        prelu: 3 → 5 PReLU
        body.2: 101 → 20 ReLU
        tanh in Odd.forward: 20 units tanh
        out: 20 → 1
        Steps: 60, 19 of them recorded
        Probe batch: 64 samples
        Optimizer: AdamW, lr=0.01"#]]
    .assert_eq(&facts.join("\n"));
    let marks: Vec<&str> = view.marks.iter().map(|(_, text)| &**text).collect();
    assert_eq!(marks, ["0", "1", "10", "60"]);
    assert_eq!(
        view.charts.each_ref().map(|chart| chart.lines.len()),
        [1, 4, 5, 5, 5]
    );
}

#[test]
fn a_second_trace_tells_what_came_of_a_change() {
    let (base, other) = (real("thrown_off"), real("slower"));
    let view = TraceView::new(&base, &[&other, &real("keras")]);
    assert_eq!(view.others.len(), 1, "of the same model alone");
    let [tried] = &view.others[..] else {
        panic!("one");
    };
    expect!["lr=0.1 in place of 2: loss 0.589, 9 dead"].assert_eq(&format!(
        "{} {}: {}, {}",
        tried.change, tried.place, tried.outcome, tried.dead
    ));
    assert!(tried.is_better);
    assert_eq!(tried.loss.len(), other.n_records());
    let first = &view.findings[0].remedies[0];
    assert_eq!(
        first.tried.as_ref(),
        Some(tried),
        "what was tried stands first"
    );
    assert!(compare(&base, &real("planted")).is_none());
}

#[test]
fn a_unit_has_a_story() {
    let trace = real("planted");
    let last = trace.n_records() - 1;
    let story = trace.unit(1, 7, last).expect("a unit");
    let mut lines = vec![story.headline];
    lines.extend(story.told);
    lines.extend(
        story
            .numbers
            .iter()
            .map(|(name, value)| format!("{name}: {value}")),
    );
    expect![[r#"
        Layer 2 unit 8 died at step 90.
        At step 90 its z went from 0.0712 ± 0.0994 to −500 ± 0.1.
        Its bias went from 0.165 to −500.
        The norm of its weights stood still at 0.511.
        No probe sample gives it a gradient: by itself it does not come back.
        passes gradient: 0 %
        z: −500 ± 0.1
        z from, to: −500, −500
        z ≤ 0: 100 %
        mean |slope|: 0
        bias: −500
        weights, norm: 0.511
        their gradient, norm: 0"#]]
    .assert_eq(&lines.join("\n"));
    assert_eq!(story.points.len(), trace.n_records());
    let lines = [4, 0].map(|unit| trace.unit_line(0, unit, last));
    expect!["Layer 1 unit 5 was born dead. Layer 1 unit 1 is alive."].assert_eq(&lines.join(" "));
}

/// Records at steps 0, 1, ... and one layer of 20 whose first `n_dead(record)` units are dead.
fn dying(n_dead: &[usize]) -> Trace {
    let (steps, n_dead) = ((0..n_dead.len() as i64).collect(), n_dead.to_vec());
    let made = Made {
        steps,
        layers: vec![MadeLayer::new("net.1", 20, move |record, unit| {
            match unit < n_dead[record] {
                true => Health::Dead,
                false => Health::Alive,
            }
        })],
        ..Made::default()
    };
    Trace::read(made.bytes()).expect("a trace")
}

fn check_events(n_dead: &[usize], expect: Expect) {
    let events = dying(n_dead).events();
    let told = events.iter().filter(|event| event.kind != EventKind::End);
    let told: Vec<String> = told
        .map(|event| format!("{} {}", event.steps, event.said))
        .collect();
    expect.assert_eq(&told.join(" | "));
}

#[test]
fn deaths_of_consecutive_records_are_one_event() {
    check_events(
        &[0, 0, 5, 9, 12, 12, 12, 12],
        expect!["1–4 Layer 1: 12 of 20 died."],
    );
    check_events(
        &[0, 5, 5, 5, 9, 9],
        expect!["1 Layer 1: 5 of 20 died. | 4 Layer 1: 4 more died."],
    );
    check_events(
        &[0, 5, 5, 5, 5, 9, 9],
        expect!["1 Layer 1: 5 of 20 died. | 5 Layer 1: 4 more died."],
    );
    check_events(
        &[3, 3, 8, 2, 2, 2, 20],
        expect![
            "0 Layer 1: 3 of 20 were born dead. | 2 Layer 1: 5 more died. | 3 Layer 1: 6 came back. | 6 Layer 1: its last 18 died."
        ],
    );
    check_events(
        &[0, 1, 0, 1, 0],
        expect![
            "1 Layer 1: 1 of 20 died. | 2 Layer 1: 1 came back. | 3 Layer 1: 1 of 20 died. | 4 Layer 1: 1 came back."
        ],
    );
    check_events(&[20, 20], expect!["0 Layer 1: all of it was born dead."]);
}

#[test]
fn deaths_lie_between_two_records() {
    let made = Made {
        steps: vec![0, 19, 42, 100],
        layers: vec![MadeLayer::new("net.1", 10, |record, unit| {
            match record >= 2 && unit < 6 {
                true => Health::Dead,
                false => Health::Alive,
            }
        })],
        ..Made::default()
    };
    let trace = Trace::read(made.bytes()).expect("a trace");
    let view = look_at_all(&trace);
    assert_eq!(view.opens_at, 2);
    expect![[r#"
        [6 of 10 units] died while it trained.
        died:
          Layer 1: 6 of 10 died, between steps 19 and 42.
          At step 42 one update was 0.1 % of layer 1's weights; some 0.1 % is usual.
          > nn.LeakyReLU(0.01) (in net.1): not tried
              self.net[1] = nn.LeakyReLU(0.01)  # was nn.ReLU()
          > nn.BatchNorm (in net.1): not tried
              nn.BatchNorm1d(10)  # after self.net[0]
        19–42 Layer 1: 6 of 10 died. Under it is only the data, which does not move: hardly one comes back.
        100 End: loss 1.
    "#]].assert_eq(&said(&view));
    expect!["Layer 1 unit 3 is alive. Layer 1 unit 3 died between steps 19 and 42."]
        .assert_eq(&[1, 3].map(|record| trace.unit_line(0, 2, record)).join(" "));
    assert_eq!((trace.since(0, 3, 2), trace.since(0, 1, 2)), (2, 0));
    let ticks: Vec<(usize, usize)> = view
        .ticks
        .iter()
        .map(|tick| (tick.died, tick.came_back))
        .collect();
    assert_eq!(ticks, [(0, 0), (0, 0), (6, 0), (0, 0)]);
}

#[test]
fn tiles_are_sorted_by_death_then_share() {
    let made = Made {
        steps: vec![0, 1, 2],
        layers: vec![MadeLayer::new("net.1", 6, |record, unit| {
            match (record, unit) {
                (1.., 4) | (2, 1) => Health::Dead,
                (_, 3) => Health::Saturated,
                _ => Health::Alive,
            }
        })],
        ..Made::default()
    };
    let trace = Trace::read(made.bytes()).expect("a trace");
    assert_eq!(trace.ordered(0, 2, Order::Sorted), [4, 1, 3, 0, 2, 5]);
    assert_eq!(trace.ordered(0, 2, Order::Model), [0, 1, 2, 3, 4, 5]);
    assert_eq!(
        (trace.count(0, Count::Zero, 2, 4), trace.passing(0, 2, 4)),
        (made::N_SAMPLES, 0.0)
    );
}

#[test]
fn wide_layers_are_grouped() {
    let made = Made {
        steps: vec![0],
        layers: vec![MadeLayer::new("net.1", 1500, |_, unit| match unit % 3 {
            0 => Health::Dead,
            _ => Health::Alive,
        })],
        ..Made::default()
    };
    let trace = Trace::read(made.bytes()).expect("a trace");
    let rows = trace.rows(0, Order::Sorted, 6.0);
    let row = &rows.rows[0];
    assert_eq!((row.tiles.len(), &*row.note), (375, "each tile is 4 units"));
    let n_dead = row
        .tiles
        .iter()
        .filter(|tile| tile.health == Health::Dead)
        .count();
    assert_eq!((row.n_dead, n_dead), (500, 125));
}

#[test]
fn dead_units_that_do_no_harm_are_said_to_do_none() {
    let made = Made {
        steps: vec![0, 10, 20, 30],
        loss: vec![2.3, 1.0, 0.3, 0.02],
        layers: vec![MadeLayer::new("net.1", 16, |record, unit| {
            match record > 1 && unit < 4 {
                true => Health::Dead,
                false => Health::Alive,
            }
        })],
        ..Made::default()
    };
    let view = look_at_all(&Trace::read(made.bytes()).expect("a trace"));
    assert!(view.fix.is_none() && view.findings[0].is_harmless && !view.caption.is_bad);
    expect![[r#"
        [4 of 16 units] died while it trained, and did no harm.
        died:
          Layer 1: 4 of 16 died, between steps 10 and 20.
          At step 20 one update was 0.1 % of layer 1's weights; some 0.1 % is usual.
          The loss fell from 2.3 to 0.02 all the same.
        10–20 Layer 1: 4 of 16 died. Under it is only the data, which does not move: hardly one comes back.
        30 End: loss 0.02.
    "#]].assert_eq(&said(&view));
}

#[test]
fn what_is_well_is_said_to_be() {
    let made = Made {
        steps: vec![0, 10],
        loss: vec![2.3, 0.02],
        layers: vec![MadeLayer::new("net.1", 16, |_, _| Health::Alive)],
        ..Made::default()
    };
    let view = look_at_all(&Trace::read(made.bytes()).expect("a trace"));
    assert_eq!(view.findings[0].cause, TraceCause::Healthy);
    assert_eq!(
        view.findings[0].sentence(),
        "All 16 units are alive at the end, and the loss fell from 2.3 to 0.02."
    );
}

fn check_error(made: Made, expect: Expect) {
    let error = Trace::read(made.bytes()).expect_err("refused");
    expect.assert_eq(&error.to_string());
}

fn small() -> Made {
    Made {
        steps: vec![0, 1],
        layers: vec![MadeLayer::new("net.1", 4, |_, _| Health::Alive)],
        ..Made::default()
    }
}

#[test]
fn what_is_no_trace_is_told_in_one_sentence() {
    check_error(
        Made {
            format: "other",
            ..small()
        },
        expect![[
            r#"This is no trace of Actiscope's recorders: it is a safetensors file without the word "actiscope-trace" in its metadata."#
        ]],
    );
    check_error(
        Made {
            version: "2",
            ..small()
        },
        expect![
            "This trace has version 2, and version 1 is read here: record with the recorder that the page offers, or take a newer Actiscope."
        ],
    );
    check_error(
        Made {
            framework: "caffe",
            ..small()
        },
        expect![[r#"This trace names the framework "caffe", which is none of pytorch and keras."#]],
    );
    check_error(
        Made {
            steps: vec![],
            ..small()
        },
        expect!["The trace holds no record: nothing was recorded before it was saved."],
    );
    check_error(
        Made {
            steps: vec![3, 3],
            ..small()
        },
        expect!["The trace's steps do not rise: 3 comes after 3."],
    );
    check_error(
        Made {
            without: "layer.1.n_small",
            ..small()
        },
        expect!["The trace lacks the tensor `layer.1.n_small`."],
    );
    check_error(
        Made {
            steps: (0..1001).collect(),
            ..small()
        },
        expect!["The trace has 1001 records, and at most 1000 are opened."],
    );
    let wide = MadeLayer::new("net.1", 4097, |_, _| Health::Alive);
    check_error(
        Made {
            layers: vec![wide],
            ..small()
        },
        expect!["The trace has 4097 units, and at most 4096 are opened."],
    );
    let deep = (0..65).map(|_| MadeLayer::new("net.1", 1, |_, _| Health::Alive));
    check_error(
        Made {
            layers: deep.collect(),
            ..small()
        },
        expect!["The trace has 65 layers, and at most 64 are opened."],
    );
    let text = Trace::read(b"{\"hidden\": []}".to_vec())
        .expect_err("refused")
        .to_string();
    expect!["This is no trace: the header would be 7954874699247788667 bytes long: at most 100000000 are allowed, so this is no safetensors file."].assert_eq(&text);
    let error = Trace::read(vec![0; limits::BYTES + 1]).expect_err("refused");
    assert!(matches!(error, TraceError::TooMany { what: "bytes", .. }));
    assert!(Trace::is_one(&small().bytes()) && !Trace::is_one(b"{}"));
}

#[test]
fn a_file_that_is_cut_off_opens_with_its_whole_layers() {
    let whole = bytes("thrown_off");
    let n_layers = real("thrown_off").layers.len();
    let mut opened = 0;
    for percent in (5..100).step_by(5) {
        match Trace::read(whole[..whole.len() * percent / 100].to_vec()) {
            Ok(trace) => {
                let cut = trace.cut.as_deref().expect("it says so");
                assert!(cut.starts_with("The file is cut off"), "{cut}");
                assert!(trace.layers.len() < n_layers && trace.layers.len() >= opened);
                opened = trace.layers.len();
                look_at_all(&trace);
            }
            Err(error) => {
                let text = error.to_string();
                assert!(
                    opened == 0 && text.contains("cut off") || text.contains("no trace"),
                    "{text}"
                );
            }
        }
    }
    assert_eq!(opened, n_layers - 1);
}

/// A file with some bytes changed or cut is read or refused, and what is read can be shown.
fn survives(mut bytes: Vec<u8>, changes: &[(usize, u8)], cut: Option<usize>) -> bool {
    let length = bytes.len();
    for &(at, byte) in changes {
        // Half of them in the header, where they matter most.
        let at = if at % 2 == 0 {
            at / 2 % 6000.min(length)
        } else {
            at / 2 % length
        };
        bytes[at] = byte;
    }
    if let Some(cut) = cut {
        bytes.truncate(cut % length);
    }
    match Trace::read(bytes) {
        Ok(trace) => {
            look_at_all(&trace);
            true
        }
        Err(error) => error.to_string().is_empty(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn changed_files_are_read_or_refused(
        name in 0..3_usize,
        changes in prop::collection::vec((any::<usize>(), any::<u8>()), 1..5),
        cut in prop::option::weighted(0.2, any::<usize>()),
    ) {
        thread_local! {
            static FILES: Vec<Vec<u8>> = vec![tiny(1), tiny(3), small().bytes()];
        }
        let file = FILES.with(|files| files[name].clone());
        survives(file, &changes, cut);
    }
}

/// A trace of few records, so that much of the file is what decides.
fn tiny(n_layers: usize) -> Vec<u8> {
    let layer = |i: usize| {
        MadeLayer::new(
            if i.is_multiple_of(2) { "net.1" } else { "" },
            3 + i,
            move |record, unit| match (record + unit + i) % 4 {
                0 => Health::Dead,
                1 => Health::Saturated,
                _ => Health::Alive,
            },
        )
    };
    let made = Made {
        steps: vec![0, 1, 5],
        loss: vec![1.0, 30.0, 0.5],
        layers: (0..n_layers).map(layer).collect(),
        ..Made::default()
    };
    made.bytes()
}

#[test]
#[ignore = "a million files take minutes"]
#[expect(clippy::disallowed_methods, reason = "time is what is measured")]
fn a_million_changed_files_are_read_or_refused() {
    let began = Instant::now();
    let mut files: Vec<Vec<u8>> = REAL.map(bytes).to_vec();
    files.extend([tiny(1), tiny(3), small().bytes()]);
    let n = 1_000_000;
    let n_threads = 2;
    let opened: usize = std::thread::scope(|scope| {
        let run = |thread: usize| {
            let files = &files;
            scope.spawn(move || {
                let mut state = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(thread as u64 + 1);
                let mut draw = move || {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    state as usize
                };
                let mut opened = 0;
                for i in 0..n / n_threads {
                    // The real ones are large: one in twenty.
                    let which = if i % 20 == 0 {
                        draw() % 5
                    } else {
                        5 + draw() % 3
                    };
                    let changes: Vec<(usize, u8)> = (0..1 + draw() % 4)
                        .map(|_| (draw(), draw() as u8))
                        .collect();
                    let cut = (draw() % 5 == 0).then(&mut draw);
                    opened += usize::from(survives(files[which].clone(), &changes, cut));
                }
                opened
            })
        };
        let threads: Vec<_> = (0..n_threads).map(run).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .sum()
    });
    println!(
        "{n} files, of which {opened} opened, in {:.0?}",
        began.elapsed()
    );
}

/// Bounds of a release build; core is optimized in tests, too.
#[test]
#[ignore = "measures time, and is to be alone"]
#[expect(clippy::disallowed_methods, reason = "time is what is measured")]
fn large_traces_are_read_in_time() {
    let time = |n_layers: usize, n_units: usize, n_records: i64| {
        let layer = |i: usize| {
            MadeLayer::new("net.1", n_units, move |record, unit| {
                match unit * 7 % n_records as usize <= record && unit % (2 + i) == 0 {
                    true => Health::Dead,
                    false => Health::Alive,
                }
            })
        };
        let made = Made {
            steps: (0..n_records).collect(),
            layers: (0..n_layers).map(layer).collect(),
            ..Made::default()
        };
        let bytes = made.bytes();
        let n_bytes = bytes.len();
        let began = Instant::now();
        let trace = Trace::read(bytes).expect("a trace");
        let read = began.elapsed();
        let view = TraceView::new(&trace, &[]);
        let viewed = began.elapsed();
        let rows = trace.rows(trace.n_records() - 1, Order::Sorted, view.z_end);
        println!(
            "{n_layers} x {n_units} units, {n_records} records, {:.1} MB: read {read:.0?}, viewed {:.0?}, {} rows {:.0?}",
            n_bytes as f64 / 1e6,
            viewed - read,
            rows.rows.len(),
            began.elapsed() - viewed
        );
        viewed.as_millis()
    };
    assert!(time(4, 256, 500) < 300);
    assert!(time(16, 256, 1000) < 2000);
    assert!(time(1, 4096, 1000) < 2000);
}
