//! Text with `**emphasis**`, `[words](panel)` that speak of a panel, and `{dead in layer 3}`, which is measured.

use super::quantity::Quantity;

/// A text, in its parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prose {
    pub spans: Vec<Span>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Span {
    Plain(String),
    Strong(String),
    /// Words that speak of a panel of the page.
    Mark {
        words: String,
        panel: String,
    },
    /// A number that is measured of the run on show.
    Value(Quantity),
    /// Between paragraphs.
    Break,
}

impl Prose {
    /// # Errors
    /// What is not closed, or is no quantity.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut spans = Vec::new();
        let paragraphs = text.split("\n\n").map(str::trim);
        for (at, paragraph) in paragraphs.filter(|text| !text.is_empty()).enumerate() {
            if at > 0 {
                spans.push(Span::Break);
            }
            let words: Vec<&str> = paragraph.split_whitespace().collect();
            read_paragraph(&words.join(" "), &mut spans)?;
        }
        Ok(Self { spans })
    }

    /// Words as one reads them; a value counts as one.
    pub fn n_words(&self) -> usize {
        self.plain(|_| "1".to_owned()).split_whitespace().count()
    }

    /// The text alone, values as `say` has them, with a full stop's space between paragraphs.
    pub fn plain(&self, say: impl Fn(&Quantity) -> String) -> String {
        let part = |span: &Span| match span {
            Span::Plain(text) | Span::Strong(text) | Span::Mark { words: text, .. } => text.clone(),
            Span::Value(quantity) => say(quantity),
            Span::Break => " ".to_owned(),
        };
        self.spans.iter().map(part).collect()
    }

    /// In the order of the text, each as often as it is named.
    pub fn panels(&self) -> impl Iterator<Item = &str> {
        self.spans.iter().filter_map(|span| match span {
            Span::Mark { panel, .. } => Some(&**panel),
            _ => None,
        })
    }

    pub fn quantities(&self) -> impl Iterator<Item = &Quantity> {
        self.spans.iter().filter_map(|span| match span {
            Span::Value(quantity) => Some(quantity),
            _ => None,
        })
    }
}

fn read_paragraph(text: &str, spans: &mut Vec<Span>) -> Result<(), String> {
    let mut rest = text;
    while !rest.is_empty() {
        let next = ["**", "[", "{"]
            .into_iter()
            .filter_map(|mark| rest.find(mark).map(|at| (at, mark)))
            .min();
        let Some((at, mark)) = next else {
            spans.push(Span::Plain(rest.to_owned()));
            return Ok(());
        };
        if at > 0 {
            spans.push(Span::Plain(rest[..at].to_owned()));
        }
        rest = &rest[at + mark.len()..];
        let closed_by = match mark {
            "**" => "**",
            "[" => "](",
            _ => "}",
        };
        let Some((inner, after)) = rest.split_once(closed_by) else {
            return Err(format!("'{mark}' is not closed by '{closed_by}'"));
        };
        rest = after;
        spans.push(match mark {
            // A value is set apart by itself.
            "**" if inner.contains('{') => {
                return Err(format!("no value within emphasis: **{inner}**"));
            }
            "**" => Span::Strong(inner.to_owned()),
            "[" => {
                let Some((panel, after)) = rest.split_once(')') else {
                    return Err(format!("[{inner}]( is not closed by ')'"));
                };
                rest = after;
                Span::Mark {
                    words: inner.to_owned(),
                    panel: panel.to_owned(),
                }
            }
            _ => {
                let quantity = Quantity::new(inner);
                Span::Value(quantity.map_err(|error| format!("{{{inner}}}: {error}"))?)
            }
        });
    }
    Ok(())
}
