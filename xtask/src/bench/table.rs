//! The results as tables.

use super::budget::Verdict;
use super::results::{Outcome, Results};
use serde_json::{Value, json};

/// Steps a second of every contender, network by network.
pub fn of_results(results: &Results, networks: &Value) -> String {
    let mut rows = Vec::new();
    for network in networks.as_array().into_iter().flatten() {
        let id = network["id"].as_str().unwrap_or_default();
        let unit = match network["n_lanes"].as_u64() {
            Some(1) => "steps/s",
            _ => "lane-steps/s",
        };
        rows.push([
            network["title"].as_str().unwrap_or(id).to_owned(),
            String::new(),
            unit.to_owned(),
            "median".to_owned(),
            String::new(),
        ]);
        for row in results.rows.iter().filter(|row| row.network == id) {
            let contender = format!("  {}", row.contender);
            rows.push(match &row.outcome {
                Outcome::Rates(rates) => [
                    contender,
                    row.part.clone(),
                    number(rates.best()),
                    number(rates.median()),
                    rates.note.clone(),
                ],
                Outcome::Problem(problem) => [
                    contender,
                    row.part.clone(),
                    "-".to_owned(),
                    "-".to_owned(),
                    problem.clone(),
                ],
            });
        }
    }
    let page = match results.page.as_object() {
        Some(_) => {
            let text = |key: &str| results.page[key].as_str().unwrap_or("unknown").to_owned();
            format!(
                "{}: at most {} GFLOP/s in one thread; WebGPU on {}; WebGL on {}\n",
                text("browser"),
                number(results.page["gflops"].as_f64().unwrap_or(0.0)),
                text("webgpu"),
                text("webgl")
            )
        }
        None => String::new(),
    };
    format!("\n{page}{}", aligned(&rows, &[2, 3]))
}

/// The budgets with what was found.
pub fn of_verdicts(verdicts: &[Verdict]) -> String {
    let mut rows = vec![["budget", "ratio", "in rounds", "must", "aim", ""].map(str::to_owned)];
    for verdict in verdicts {
        let budget = verdict.budget;
        let (ratio, range, word) = match &verdict.outcome {
            Ok(ratio) => (
                number(ratio.best),
                format!("{}-{}", number(ratio.range.0), number(ratio.range.1)),
                format!("{} ({})", verdict.word(), ratio.peer_name),
            ),
            Err(why) => (
                "-".to_owned(),
                "-".to_owned(),
                format!("{}: {why}", verdict.word()),
            ),
        };
        rows.push([
            budget.what.to_owned(),
            ratio,
            range,
            number(budget.must),
            number(budget.aim),
            word,
        ]);
    }
    aligned(&rows, &[1, 2, 3, 4])
}

pub fn verdicts_json(verdicts: &[Verdict]) -> Value {
    let each = verdicts.iter().map(|verdict| {
        let mut value = json!({
            "what": verdict.budget.what,
            "must": verdict.budget.must,
            "aim": verdict.budget.aim,
            "verdict": verdict.word(),
        });
        match &verdict.outcome {
            Ok(ratio) => {
                value["ratio"] = json!(ratio.best);
                value["ratio_in_rounds"] = json!([ratio.range.0, ratio.range.1]);
                value["ours_per_second"] = json!(ratio.ours);
                value["peer_per_second"] = json!(ratio.peer);
                value["peer"] = json!(ratio.peer_name);
            }
            Err(why) => value["problem"] = json!(why),
        }
        value
    });
    each.collect()
}

/// Three digits, whole thousands grouped.
pub fn number(value: f64) -> String {
    if !value.is_finite() || value <= 0.0 {
        return format!("{value}");
    }
    let magnitude = value.log10().floor() as i32;
    let unit = 10_f64.powi(magnitude - 2);
    let rounded = (value / unit).round() * unit;
    if rounded >= 100.0 {
        grouped(rounded.round() as u64)
    } else {
        let n_decimals = (2 - magnitude).clamp(0, 6) as usize;
        let text = format!("{rounded:.n_decimals$}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Columns as wide as their widest cell; those of `right` are set to the right.
pub fn aligned<R: AsRef<[String]>>(rows: &[R], right: &[usize]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row.as_ref()[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.as_ref().iter().enumerate() {
            let width = width(column);
            if right.contains(&column) {
                line.push_str(&format!("{cell:>width$}  "));
            } else {
                line.push_str(&format!("{cell:<width$}  "));
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{aligned, number};

    #[test]
    fn numbers_have_three_digits() {
        for (value, expect) in [
            (1_234_567.0, "1,230,000"),
            (999_999.0, "1,000,000"),
            (12_345.0, "12,300"),
            (345.6, "346"),
            (14.0, "14"),
            (0.5, "0.5"),
            (0.6249, "0.625"),
            (7.456, "7.46"),
            (0.001_234_5, "0.00123"),
            (0.0, "0"),
        ] {
            assert_eq!(number(value), expect, "{value}");
        }
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [["a", "1"], ["long", "20"]].map(|row| row.map(str::to_owned));
        assert_eq!(aligned(&rows, &[1]), "a      1\nlong  20\n");
    }
}
