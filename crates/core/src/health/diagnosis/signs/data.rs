//! Centre and scale of inputs and targets. LeCun, Bottou, Orr and Müller (1998, "Efficient BackProp", 4.3): inputs
//! centred and scaled to one spread, for a mean far from 0 moves all weights of a unit together, and spreads that
//! differ make the loss a narrow valley.

use super::super::case::Case;
use super::super::start::Column;
use super::super::words::short;
use super::super::{Cause, Row, Start};
use super::{Suspicion, suspect, times};

/// Standard deviations from 0 at which a mean is far off, and at which it may be.
const OFFSET: (f64, f64) = (3.0, 1.5);
/// How much larger or smaller than 1 is too much, and may be.
const SCALE: (f64, f64) = (10.0, 4.0);
/// How far spreads of two inputs may be apart.
const SPREADS: (f64, f64) = (30.0, 8.0);

pub(super) fn inputs_offset(case: &Case, start: &Start) -> Option<Suspicion> {
    let column = greatest(&start.inputs, Column::offset)?;
    let offset = column.offset();
    // Where the scale is off by more the centre is the lesser trouble.
    if offset < OFFSET.1 || size_off(column.std) > offset.max(SCALE.0) {
        return None;
    }
    let words = [
        String::new(),
        "The inputs are off centre".into(),
        format!(
            ": {} lies {} its own spread from 0, so that the first weights see little but its mean. The learning \
             rate is not to blame.",
            column.name,
            times(offset)
        ),
    ];
    let is_strong = offset >= OFFSET.0;
    let first = start.hidden().first().filter(|layer| layer.n_dead > 0);
    let born_dead = first.map(|layer| {
        let value = format!("{} of {} units", layer.n_dead, layer.n_units);
        Row::new("born dead", value, "step 0, layer 1")
    });
    let rows = [column_row(column)].into_iter().chain(born_dead);
    Some(suspect(
        case,
        start,
        is_strong,
        Cause::InputsOffset,
        words,
        rows,
    ))
}

pub(super) fn inputs_scale(case: &Case, start: &Start) -> Option<Suspicion> {
    let varied = start.inputs.iter().filter(|column| column.std > 0.0);
    let varied: Vec<Column> = varied.cloned().collect();
    let column = greatest(&varied, |column| size_off(column.std))?;
    let off = size_off(column.std);
    let widest = greatest(&varied, |column| column.std)?;
    let narrowest = greatest(&varied, |column| 1.0 / column.std)?;
    let apart = widest.std / narrowest.std;
    if off < SCALE.1 && apart < SPREADS.1 {
        return None;
    }
    let is_strong = off >= SCALE.0 || apart >= SPREADS.0;
    let (emphasis, after) = if apart >= SPREADS.0 && apart > off {
        let after = format!(
            ": {} spreads {} as far as {}, and one learning rate cannot serve both.",
            widest.name,
            times(apart),
            narrowest.name
        );
        ("The inputs have scales of their own", after)
    } else if column.std > 1.0 {
        let after = format!(
            ": {} spreads by {} where about 1 is expected, and every update overshoots by its square.",
            column.name,
            short(column.std)
        );
        ("The inputs are far too large", after)
    } else {
        let after = format!(
            ": {} spreads by {} where about 1 is expected, and hardly moves an answer.",
            column.name,
            short(column.std)
        );
        ("The inputs are far too small", after)
    };
    let words = [String::new(), emphasis.into(), after];
    let rows = [column_row(widest)].into_iter();
    let rows = rows.chain((narrowest != widest).then(|| column_row(narrowest)));
    Some(suspect(
        case,
        start,
        is_strong,
        Cause::InputsScale,
        words,
        rows,
    ))
}

pub(super) fn targets_scale(case: &Case, start: &Start) -> Option<Suspicion> {
    let column = start.targets.as_ref()?;
    let off = size_off(column.std).max(column.rms());
    if column.std == 0.0 || off < SCALE.1 {
        return None;
    }
    let words = [
        String::new(),
        "The targets are out of scale".into(),
        format!(
            ": their mean is {} and their spread {}, and the first answers are near 0. The learning rate is not to blame.",
            short(column.mean),
            short(column.std)
        ),
    ];
    let is_strong = off >= SCALE.0;
    let rows = [column_row(column)];
    Some(suspect(
        case,
        start,
        is_strong,
        Cause::TargetsScale,
        words,
        rows,
    ))
}

/// How far from 1, as a factor of 1 or more.
fn size_off(size: f64) -> f64 {
    match size > 0.0 {
        // Inputs between -1 and 1 spread by half or less, which is well.
        true => size.max(0.5 / size),
        false => 1.0,
    }
}

fn greatest(columns: &[Column], by: impl Fn(&Column) -> f64) -> Option<&Column> {
    columns.iter().max_by(|a, b| by(a).total_cmp(&by(b)))
}

fn column_row(column: &Column) -> Row {
    let value = format!(
        "mean {}, deviation {}",
        short(column.mean),
        short(column.std)
    );
    Row::new(column.name.clone(), value, "data")
}
