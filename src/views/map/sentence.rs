//! The sentence on top: what the map shows, by the rule of its preset or by the one that all maps have. Computed, and
//! tested natively.

use actiscope_core::map::{MapValue, Preset};
use actiscope_core::text::number;

use super::store::Shown;
use crate::plot::charts::map::lower;
use crate::text::count;
use crate::ui::kit::words::{Tone, Word, word};

/// What came of a map.
pub fn sentence(shown: &Shown, preset: Option<&Preset>, is_training: bool) -> Vec<Word> {
    let (n_networks, n_diverged) = shown.cells.counts();
    if !shown.is_done && is_training {
        return of_training(shown);
    }
    if n_networks == 0 {
        return vec![word(Tone::Plain, "Choose two settings, then Compute.")];
    }
    if n_diverged == n_networks {
        let [x_name, _] = &shown.names;
        return vec![
            word(Tone::Bad, "Every network diverged"),
            word(
                Tone::Plain,
                format!(": take lower values of {}.", lower(x_name)),
            ),
        ];
    }
    let of_preset = match preset.map(|preset| preset.id) {
        Some("relu" | "gain") => where_half_fail(shown, preset),
        Some("chaos") => how_deep(shown),
        _ => None,
    };
    of_preset.unwrap_or_else(|| of_any(shown, n_networks, n_diverged))
}

fn of_training(shown: &Shown) -> Vec<Word> {
    let n_networks = shown.cells.seeds * shown.cells.x.n * shown.cells.y.n;
    let between = |name: &str, axis: &actiscope_core::scenario::Axis| {
        let (from, to) = (number(axis.from, 3), number(axis.to, 3));
        format!("{} {from} and {to}", lower(name))
    };
    let [x_name, y_name] = &shown.names;
    vec![
        word(Tone::Plain, "Training "),
        word(Tone::Strong, count(u64::from(n_networks))),
        word(
            Tone::Plain,
            format!(
                " networks between {}, {}.",
                between(x_name, &shown.cells.x),
                between(y_name, &shown.cells.y)
            ),
        ),
    ]
}

/// Where along the lowest row, or the row of a preset's first line, half of the units die.
fn where_half_fail(shown: &Shown, preset: Option<&Preset>) -> Option<Vec<Word>> {
    let cells = &shown.cells;
    let row = match preset?.id {
        "relu" => 0,
        _ => nearest_row(shown, preset?.lines.first()?.y)?,
    };
    let half = (0..cells.x.n).find(|&ix| {
        let dead = cells.value(ix, row, MapValue::Dead);
        dead.is_some_and(|dead| dead >= 0.5)
    });
    let [x_name, y_name] = &shown.names;
    let here = format!("{} {}", lower(y_name), number(cells.y.value(row), 2));
    let mut words = match half {
        Some(ix) => vec![
            word(Tone::Plain, format!("With {here} ")),
            word(Tone::Bad, "half of the units die"),
            word(
                Tone::Plain,
                format!(
                    " from {} {} up",
                    lower(x_name),
                    number(cells.x.value(ix), 2)
                ),
            ),
        ],
        None => vec![
            word(Tone::Plain, format!("With {here} ")),
            word(Tone::Good, "fewer than half of the units die"),
            word(Tone::Plain, format!(" at any {}", lower(x_name))),
        ],
    };
    // The lowest row from which on no unit is lost, up to where networks diverge.
    let safe = (0..cells.y.n).find(|&iy| {
        let mut n_shown = 0;
        let all_live =
            (0..cells.x.n).all(|ix| match cells.value(ix, iy, MapValue::DeadOrSaturated) {
                Some(share) => {
                    n_shown += 1;
                    share < 0.02
                }
                None => true,
            });
        all_live && n_shown > 0
    });
    if let Some(iy) = safe.filter(|iy| *iy != row) {
        words.push(word(Tone::Plain, "; none even "));
        words.push(word(Tone::Good, "saturates"));
        words.push(word(
            Tone::Plain,
            format!(
                " from {} {} up",
                lower(y_name),
                number(cells.y.value(iy), 2)
            ),
        ));
    }
    words.push(word(Tone::Plain, "."));
    Some(words)
}

/// The deepest network that learns, and at which value of the other axis.
fn how_deep(shown: &Shown) -> Option<Vec<Word>> {
    const LEARNS: f64 = 0.9;
    let cells = &shown.cells;
    let is_depth_across = cells.x.setting == actiscope_core::scenario::Setting::Depth;
    let deepest = (0..cells.x.n).rev().find_map(|ix| {
        let rows = (0..cells.y.n).filter_map(|iy| {
            let accuracy = cells.value(ix, iy, MapValue::Accuracy)?;
            (accuracy >= LEARNS).then_some((accuracy, iy))
        });
        let best = rows.max_by(|a, b| a.0.total_cmp(&b.0));
        best.map(|(accuracy, iy)| (ix, iy, accuracy))
    });
    let (ix, iy, accuracy) = deepest.filter(|_| is_depth_across)?;
    let [_, y_name] = &shown.names;
    Some(vec![
        word(Tone::Plain, "The deepest that learns has "),
        word(
            Tone::Good,
            format!("{} layers", number(cells.x.value(ix), 3)),
        ),
        word(
            Tone::Plain,
            format!(
                ", at {} {} ({:.0} % right after {} steps).",
                lower(y_name),
                number(cells.y.value(iy), 2),
                100.0 * accuracy,
                count(shown.spec.n_steps)
            ),
        ),
    ])
}

/// Lowest loss, where, and how many diverged.
fn of_any(shown: &Shown, n_networks: usize, n_diverged: usize) -> Vec<Word> {
    let cells = &shown.cells;
    let Some((ix, iy)) = shown.best else {
        return vec![word(
            Tone::Bad,
            "No cell has half of its networks left: all the others diverged.",
        )];
    };
    let loss = cells.value(ix, iy, MapValue::Loss).unwrap_or_default();
    let [x_name, y_name] = &shown.names;
    let mut words = vec![
        word(Tone::Plain, "The lowest loss is "),
        word(Tone::Good, number(loss, 2)),
        word(
            Tone::Plain,
            format!(
                ", at {} {}, {} {}",
                lower(x_name),
                number(cells.x.value(ix), 2),
                lower(y_name),
                number(cells.y.value(iy), 2)
            ),
        ),
    ];
    if n_diverged > 0 {
        words.push(word(Tone::Plain, "; "));
        words.push(word(
            Tone::Bad,
            format!(
                "{} of {}",
                count(n_diverged as u64),
                count(n_networks as u64)
            ),
        ));
        words.push(word(Tone::Plain, " networks diverged"));
    }
    words.push(word(Tone::Plain, "."));
    words
}

fn nearest_row(shown: &Shown, y: f64) -> Option<u32> {
    let axis = &shown.cells.y;
    let distance = |iy: &u32| (axis.value(*iy) / y).max(y / axis.value(*iy));
    (0..axis.n).min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

#[cfg(test)]
mod tests {
    use actiscope_core::map::PRESETS;
    use actiscope_core::protocol::{FleetNews, FleetProgress, FleetResults, Measure, Part};
    use actiscope_core::scenario::Scenario;

    use super::*;
    use crate::views::map::state::State;
    use crate::views::map::store::shown;

    /// The map of a preset, 16 by 16, of which each cell is what `measure` makes of its column and row.
    fn map_of(id: &str, is_done: bool, measure: impl Fn(u32, u32, &mut Measure)) -> Shown {
        let preset = Preset::of_id(id).expect(id);
        let mut state = State {
            grid: 16,
            ..State::default()
        };
        state.take_preset(preset);
        let base = state.base(&Scenario::default()).expect(id);
        let spec = state.fleet(&base).expect(id);
        let mut results = FleetResults::new(&spec);
        let measures = (0..spec.lanes.len() as u32).map(|network| {
            let mut of_cell = Measure {
                network,
                step: 300,
                loss: 0.5,
                accuracy: Some(0.5),
                test_loss: None,
                test_accuracy: None,
                recall: None,
                precision: None,
                gradient_ratio: None,
                n_units: 20,
                n_dead: 0,
                n_saturated: 0,
                first_death: None,
                diverged_at: None,
            };
            measure(network % 16, network / 16, &mut of_cell);
            of_cell
        });
        let news = FleetNews {
            measures: measures.collect(),
            progress: FleetProgress {
                is_done,
                ..FleetProgress::default()
            },
        };
        results.take(Part::WHOLE, false, &news);
        let names = ["Learning rate".to_owned(), "Alpha".to_owned()];
        shown(&spec, &results, names).expect("it is a grid")
    }

    fn check(shown: &Shown, id: Option<&str>, expect: &str) {
        let preset = id.and_then(Preset::of_id);
        let words = sentence(shown, preset, !shown.is_done);
        let text: String = words.into_iter().map(|word| word.text).collect();
        assert_eq!(text, expect);
    }

    #[test]
    fn a_preset_is_told_by_its_rule() {
        let relu = map_of("relu", true, |ix, iy, m| {
            m.n_dead = if iy == 0 && ix >= 12 { 11 } else { 0 };
            m.n_saturated = if iy < 8 { 5 } else { 0 };
            m.diverged_at = (iy > 8 && ix == 15).then_some(20);
        });
        check(
            &relu,
            Some("relu"),
            "With alpha 0 half of the units die from learning rate 2.5 up; none even saturates from alpha 0.032 up.",
        );
        let alive = map_of("relu", true, |_, _, _| {});
        let expect = "With alpha 0 fewer than half of the units die at any learning rate.";
        check(&alive, Some("relu"), expect);
        let mut deep = map_of("chaos", true, |ix, iy, m| {
            m.accuracy = Some(if ix <= 9 && iy == 8 { 0.95 } else { 0.6 });
        });
        deep.names = ["Layers".to_owned(), "Gain".to_owned()];
        let expect =
            "The deepest that learns has 10 layers, at gain 1.1 (95 % right after 300 steps).";
        check(&deep, Some("chaos"), expect);
    }

    #[test]
    fn any_map_has_its_lowest_loss_and_what_diverged() {
        let some = map_of("relu", true, |ix, iy, m| {
            m.loss = if (ix, iy) == (3, 15) { 0.012 } else { 0.5 };
            m.diverged_at = (ix == 15).then_some(10);
        });
        check(
            &some,
            None,
            "The lowest loss is 0.012, at learning rate 0.04, alpha 1; 16 of 256 networks diverged.",
        );
        let none = map_of("relu", true, |_, _, m| m.diverged_at = Some(3));
        let expect = "Every network diverged: take lower values of learning rate.";
        check(&none, None, expect);
    }

    #[test]
    fn while_it_trains_it_says_what() {
        let begun = map_of("relu", false, |_, _, _| {});
        let expect = "Training 256 networks between learning rate 0.01 and 10, alpha 0 and 1.";
        for preset in PRESETS.iter().map(|preset| Some(preset.id)).chain([None]) {
            check(&begun, preset, expect);
        }
    }
}
