//! Tables as text: RFC 4180, but for line ends, which are LF alone.

/// Writes a table row by row.
#[derive(Clone, Debug)]
pub struct CsvWriter {
    text: String,
}

impl CsvWriter {
    /// A table with these names of columns.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut writer = Self {
            text: String::new(),
        };
        writer.row(names);
        writer
    }

    /// A row. A field with a comma, a quotation mark or a line end is quoted.
    pub fn row<T: AsRef<str>>(&mut self, fields: impl IntoIterator<Item = T>) {
        for (i, field) in fields.into_iter().enumerate() {
            if i > 0 {
                self.text.push(',');
            }
            let field = field.as_ref();
            if field.contains([',', '"', '\n', '\r']) {
                self.text.push('"');
                self.text.push_str(&field.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(field);
            }
        }
        self.text.push('\n');
    }

    pub fn into_text(self) -> String {
        self.text
    }
}

/// The shortest text that reads back as this number; nothing for what is not finite, and for nothing.
pub fn field(value: impl Into<Option<f64>>) -> String {
    let finite = value.into().filter(|value| value.is_finite());
    finite.map_or_else(String::new, crate::scenario::ranges::shortest)
}

/// [`field`] of an f32, whose text is shorter than that of the f64 it is equal to.
pub fn field_f32(value: impl Into<Option<f32>>) -> String {
    let finite = value.into().filter(|value| value.is_finite());
    finite.map_or_else(String::new, |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut writer = CsvWriter::new(["a", "b"]);
        writer.row(["1,5", "he said \"no\""]);
        writer.row(["two\nlines", ""]);
        let expect = "a,b\n\"1,5\",\"he said \"\"no\"\"\"\n\"two\nlines\",\n";
        assert_eq!(writer.into_text(), expect);
    }

    #[test]
    fn numbers_are_the_shortest_that_read_back() {
        let check = |value: f64, expect: &str| assert_eq!(field(value), expect);
        check(0.1, "0.1");
        check(1e-9, "1e-9");
        check(3.0, "3");
        check(f64::NAN, "");
        check(f64::INFINITY, "");
        assert_eq!(field(None::<f64>), "");
        assert_eq!(field_f32(0.1_f32), "0.1");
    }
}
