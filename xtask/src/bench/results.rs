//! What `bench/run.mjs` measured.

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// One contender on one network.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    pub part: String,
    pub contender: String,
    pub network: String,
    pub outcome: Outcome,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    Rates(Rates),
    /// Why there are none.
    Problem(String),
}

#[derive(Clone, PartialEq, Debug)]
pub struct Rates {
    /// Steps of all lanes a second, in each round; at least one.
    pub each: Vec<f64>,
    /// How the contender went about it.
    pub note: String,
}

impl Rates {
    /// The fastest round: on a machine that does other things too, the one least disturbed.
    pub fn best(&self) -> f64 {
        self.each.iter().copied().fold(0.0, f64::max)
    }

    /// The middle round, or the mean of the two in the middle.
    pub fn median(&self) -> f64 {
        let mut sorted = self.each.clone();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len();
        (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0
    }
}

pub struct Results {
    pub rows: Vec<Row>,
    /// Browser and adapters, or null where there was no page.
    pub page: Value,
}

impl Results {
    pub fn parse(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text).context("the results are no JSON")?;
        let rows = value["rows"]
            .as_array()
            .context("the results have no rows")?;
        Ok(Self {
            rows: rows.iter().map(Row::parse).collect::<Result<_>>()?,
            page: value["page"].clone(),
        })
    }

    /// The rates of a contender on a network; or why there are none.
    pub fn rates(&self, contender: &str, network: &str) -> Result<&Rates, String> {
        let row = self
            .rows
            .iter()
            .find(|row| row.contender == contender && row.network == network);
        match row.map(|row| &row.outcome) {
            Some(Outcome::Rates(rates)) => Ok(rates),
            Some(Outcome::Problem(problem)) => Err(format!("{contender}: {problem}")),
            None => Err(format!("{contender} was not measured")),
        }
    }

    pub fn json(&self) -> Vec<Value> {
        self.rows.iter().map(Row::json).collect()
    }
}

impl Row {
    fn parse(value: &Value) -> Result<Self> {
        let text = |key: &str| {
            let text = value[key].as_str();
            text.map(str::to_owned)
                .with_context(|| format!("a row has no `{key}`: {value}"))
        };
        let outcome = match value["problem"].as_str() {
            Some(problem) => Outcome::Problem(problem.to_owned()),
            None => {
                let each: Vec<f64> = value["rates"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_f64)
                    .filter(|rate| rate.is_finite() && *rate > 0.0)
                    .collect();
                if each.is_empty() {
                    Outcome::Problem("it gave no rate".to_owned())
                } else {
                    let note = text("note")?;
                    Outcome::Rates(Rates { each, note })
                }
            }
        };
        Ok(Self {
            part: text("part")?,
            contender: text("contender")?,
            network: text("network")?,
            outcome,
        })
    }

    fn json(&self) -> Value {
        let Self {
            part,
            contender,
            network,
            outcome,
        } = self;
        match outcome {
            Outcome::Rates(rates) => json!({
                "part": part, "contender": contender, "network": network,
                "best_per_second": rates.best(), "median_per_second": rates.median(),
                "rates": rates.each, "note": rates.note,
            }),
            Outcome::Problem(problem) => json!({
                "part": part, "contender": contender, "network": network, "problem": problem,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Results};

    const RAW: &str = r#"{
      "page": null,
      "rows": [
        { "part": "web", "contender": "a", "network": "n", "rates": [3, 1, 9], "note": "x", "loss": 1 },
        { "part": "web", "contender": "b", "network": "n", "problem": "no adapter" },
        { "part": "web", "contender": "c", "network": "n", "rates": [], "note": "" }
      ]
    }"#;

    #[test]
    fn best_and_median_of_the_rounds() {
        let results = Results::parse(RAW).unwrap();
        let rates = results.rates("a", "n").unwrap();
        assert_eq!((rates.best(), rates.median()), (9.0, 3.0));
        let mut even = rates.clone();
        even.each.push(5.0);
        assert_eq!(even.median(), 4.0);
    }

    #[test]
    fn a_row_without_rates_says_why() {
        let results = Results::parse(RAW).unwrap();
        for (contender, expect) in [
            ("b", "b: no adapter"),
            ("c", "c: it gave no rate"),
            ("d", "d was not measured"),
        ] {
            assert_eq!(results.rates(contender, "n").unwrap_err(), expect);
        }
        assert_eq!(
            results.rows[1].outcome,
            Outcome::Problem("no adapter".to_owned())
        );
        assert_eq!(results.json()[1]["problem"], "no adapter");
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for text in ["", "{}", r#"{ "rows": [{ "rates": [1], "note": "" }] }"#] {
            assert!(Results::parse(text).is_err(), "{text}");
        }
    }
}
