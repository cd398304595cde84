//! A table without the rows that cannot be read.

use std::collections::BTreeMap;

use super::csv::{self, Row};

/// What is left of a CSV text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoodRows {
    /// The header, if there is one, and the rows that can be read, as CSV text.
    pub text: String,
    pub n_good: usize,
    pub n_bad: usize,
}

/// The rows of a CSV text that can be used without the others: as many fields as most rows have, numbers for
/// inputs, a target of the kind that most targets are of. `None` where none is bad, or what is left is no
/// data set either.
pub fn good_rows(text: &str) -> Option<GoodRows> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = csv::separator_of(text);
    let mut rows = csv::split_rows(text, separator).ok()?;
    let header = match rows.first() {
        Some(first) if csv::is_header(&first.fields) => Some(rows.remove(0)),
        _ => None,
    };
    let n_columns = match &header {
        Some(header) => header.fields.len(),
        None => usual_length(&rows)?,
    };
    let names = header.as_ref().map(|header| header.fields.clone());
    let target = csv::target_column(&names.unwrap_or_else(|| vec![String::new(); n_columns]));
    let is_whole = |row: &&Row| {
        let inputs = row.fields.iter().enumerate().filter(|(i, _)| *i != target);
        let are_numbers = inputs.fold(true, |good, (_, field)| good && csv::number(field).is_ok());
        row.fields.len() == n_columns && are_numbers && !row.fields[target].is_empty()
    };
    let whole: Vec<&Row> = rows.iter().filter(is_whole).collect();
    let is_number = |row: &&&Row| csv::number(&row.fields[target]).is_ok();
    let are_numbers = 2 * whole.iter().filter(is_number).count() > whole.len();
    let is_good = |row: &&Row| !are_numbers || csv::number(&row.fields[target]).is_ok();
    let good: Vec<&Row> = whole.into_iter().filter(is_good).collect();
    let (n_good, n_bad) = (good.len(), rows.len() - good.len());
    if n_bad == 0 {
        return None;
    }
    let mut left = String::new();
    for row in header.iter().chain(good) {
        let fields: Vec<String> = row.fields.iter().map(|f| quoted(f, separator)).collect();
        left.push_str(&fields.join(&separator.to_string()));
        left.push('\n');
    }
    csv::read(&left).is_ok().then_some(GoodRows {
        text: left,
        n_good,
        n_bad,
    })
}

/// Fields of most rows.
fn usual_length(rows: &[Row]) -> Option<usize> {
    let mut n_rows_of = BTreeMap::new();
    for row in rows {
        *n_rows_of.entry(row.fields.len()).or_insert(0) += 1;
    }
    let most = n_rows_of.into_iter().max_by_key(|(_, n_rows)| *n_rows);
    most.map(|(length, _)| length)
}

fn quoted(field: &str, separator: char) -> String {
    if field.contains([separator, '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<(&str, usize, usize)>) {
        let found = good_rows(text);
        let found = found
            .as_ref()
            .map(|good| (&*good.text, good.n_good, good.n_bad));
        assert_eq!(found, expect, "{text:?}");
    }

    #[test]
    fn bad_rows_are_left_out() {
        check(
            "a,b,label\n1,2,x\n1,oops,y\n3,4\n,5,x\n5,6,\n7,8,y\n",
            Some(("a,b,label\n1,2,x\n7,8,y\n", 2, 4)),
        );
        check(
            "1;2;0.5\n3;4;many\n5;6;0.7\n7;8;0.9\n",
            Some(("1;2;0.5\n5;6;0.7\n7;8;0.9\n", 3, 1)),
        );
        check(
            "\"a, b\",c,label\n1,2,\"x, y\"\nz,2,w\n3,4,w\n",
            Some(("\"a, b\",c,label\n1,2,\"x, y\"\n3,4,w\n", 2, 1)),
        );
    }

    #[test]
    fn where_all_or_none_is_good_there_is_nothing_to_offer() {
        check("a,b,label\n1,2,x\n3,4,y\n", None);
        check("a,b,label\n1,2,x\n3,oops,y\n", None);
        check("", None);
        check("\"never closed", None);
        check("1,2\n", None);
    }
}
