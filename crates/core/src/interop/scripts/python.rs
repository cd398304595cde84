//! How Python is laid out: literals, blocks, and lines no longer than PEP 8 has them where that can be.

use crate::interop::base64;

/// Letters in a line.
const WIDTH: usize = 79;
/// Letters of base64 in a line.
const BLOB_WIDTH: usize = 76;
const INDENT: &str = "    ";

/// A string, whatever it holds: what is no letter or sign that one can see is escaped.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // Rust escapes for a debugger what cannot be seen, and leaves all else as it is.
            c if c == '\'' || c.escape_debug().count() == 1 => quoted.push(c),
            c => match u32::from(c) {
                code @ 0..=0xff => quoted.push_str(&format!("\\x{code:02x}")),
                code @ 0..=0xffff => quoted.push_str(&format!("\\u{code:04x}")),
                code => quoted.push_str(&format!("\\U{code:08x}")),
            },
        }
    }
    quoted.push('"');
    quoted
}

/// A float that is read back as the same number.
pub fn float(value: f64) -> String {
    number(format!("{value:?}"))
}

/// The shortest text that is this number in 32 bits.
pub fn float32(value: f32) -> String {
    number(format!("{value:?}"))
}

fn number(text: String) -> String {
    match &*text {
        "NaN" | "inf" | "-inf" => format!("float(\"{}\")", text.to_ascii_lowercase()),
        _ => text,
    }
}

/// `name = [a, b]`, in several lines where it is long. `open`: what stands before the first item, its bracket included.
pub fn list(indent: usize, open: &str, items: &[String], close: &str) -> String {
    let margin = INDENT.repeat(indent);
    let short = format!("{margin}{open}{}{close}", items.join(", "));
    if width(&short) <= WIDTH {
        return short;
    }
    let mut text = format!("{margin}{open}\n");
    let inner = INDENT.repeat(indent + 1);
    let mut line = inner.clone();
    for item in items {
        let is_first = line.len() == inner.len();
        if !is_first && width(&line) + width(item) + 2 > WIDTH {
            text += &format!("{}\n", line.trim_end());
            line.clone_from(&inner);
        }
        line += &format!("{item}, ");
    }
    format!("{text}{}\n{margin}{close}", line.trim_end())
}

/// The same with a line for each item.
pub fn column(indent: usize, open: &str, items: &[String], close: &str) -> String {
    let (margin, inner) = (INDENT.repeat(indent), INDENT.repeat(indent + 1));
    let lines: String = items
        .iter()
        .map(|item| format!("{inner}{item},\n"))
        .collect();
    format!("{margin}{open}\n{lines}{margin}{close}")
}

/// Base64 as a string, broken into lines where it is long.
pub fn blob(text: &str) -> String {
    if text.len() <= BLOB_WIDTH - INDENT.len() {
        return format!("\"{text}\"");
    }
    // Letters of base64 are a byte each.
    let lines = text.as_bytes().chunks(BLOB_WIDTH);
    let lines: Vec<String> = lines
        .map(|l| String::from_utf8_lossy(l).into_owned())
        .collect();
    format!("\"\"\"\n{}\n\"\"\"", lines.join("\n"))
}

/// [`blob`] of numbers of 32 bits.
pub fn blob_f32(values: &[f32]) -> String {
    blob(&base64::encode_f32(values))
}

/// Words in lines, each after `margin`.
pub fn wrapped(text: &str, margin: &str) -> String {
    let mut lines = vec![margin.to_owned()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let is_first = lines[last].len() == margin.len();
        if !is_first && width(&lines[last]) + 1 + width(word) > WIDTH {
            lines.push(format!("{margin}{word}"));
        } else {
            let space = if is_first { "" } else { " " };
            lines[last] += &format!("{space}{word}");
        }
    }
    lines.join("\n")
}

/// `"""text"""`, indented once, in several lines where it is long.
pub fn docstring(text: &str) -> String {
    let short = format!("{INDENT}\"\"\"{text}\"\"\"");
    if width(&short) <= WIDTH {
        return short;
    }
    let lines = wrapped(&format!("\"\"\"{text}"), INDENT);
    format!("{lines}\n{INDENT}\"\"\"")
}

/// `start expression`, indented once. What is too long is broken before its outermost operators, in brackets.
pub fn statement(start: &str, expression: &str) -> String {
    let short = format!("{INDENT}{start}{expression}");
    if width(&short) <= WIDTH {
        return short;
    }
    let inner = INDENT.repeat(2);
    let terms = broken(expression, &[" + ", " - "]);
    let terms = match terms.len() {
        1 => broken(expression, &[" * ", " / "]),
        _ => terms,
    };
    let lines: String = terms
        .iter()
        .map(|term| format!("{inner}{term}\n"))
        .collect();
    format!("{INDENT}{start}(\n{lines}{INDENT})")
}

/// Splits before each of these operators that stands in no bracket.
fn broken(expression: &str, operators: &[&str]) -> Vec<String> {
    let (mut terms, mut start, mut depth) = (Vec::new(), 0, 0);
    for (i, c) in expression.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        let rest = &expression[i..];
        if depth == 0 && operators.iter().any(|operator| rest.starts_with(operator)) {
            terms.push(expression[start..i].to_owned());
            start = i + 1;
        }
    }
    terms.push(expression[start..].to_owned());
    terms
}

/// "3 units", "1 unit".
pub fn count(n: usize, what: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {what}{plural}")
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strings_hold_anything() {
        let check = |text: &str, expected: &str| assert_eq!(quoted(text), expected);
        check("plain é 数 'x'", "\"plain é 数 'x'\"");
        check("a\"b\\c\nd\r\t", r#""a\"b\\c\nd\r\t""#);
        check("\"\"\"", r#""\"\"\"""#);
        check("\0\u{7f}\u{85}\u{ad}", r#""\x00\x7f\x85\xad""#);
        check("\u{2028}\u{202e}\u{feff}", r#""\u2028\u202e\ufeff""#);
        check("\u{e0041}", r#""\U000e0041""#);
    }

    /// What Python makes of a string of ours.
    fn read(quoted: &str) -> String {
        let inner = quoted
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let mut chars = inner.expect("quotes around it").chars();
        let mut text = String::new();
        while let Some(c) = chars.next() {
            assert!(c != '"' && !c.is_control(), "{quoted}");
            if c != '\\' {
                text.push(c);
                continue;
            }
            let n_digits = match chars.next().expect("something is escaped") {
                'n' => {
                    text.push('\n');
                    continue;
                }
                'r' => {
                    text.push('\r');
                    continue;
                }
                't' => {
                    text.push('\t');
                    continue;
                }
                'x' => 2,
                'u' => 4,
                'U' => 8,
                itself => {
                    text.push(itself);
                    continue;
                }
            };
            let digits: String = chars.by_ref().take(n_digits).collect();
            let code = u32::from_str_radix(&digits, 16).expect("hexadecimal");
            text.push(char::from_u32(code).expect("a character"));
        }
        text
    }

    proptest! {
        #[test]
        fn strings_come_back(text in any::<String>()) {
            let quoted = quoted(&text);
            prop_assert_eq!(quoted.lines().count(), 1);
            prop_assert_eq!(read(&quoted), text);
        }
    }

    #[test]
    fn numbers_are_floats() {
        let numbers = [0.1, 1.0, -0.0, 1e-7, 1e300, f64::NAN, f64::NEG_INFINITY];
        let texts = numbers.map(float).join(" ");
        assert_eq!(
            texts,
            "0.1 1.0 -0.0 1e-7 1e300 float(\"nan\") float(\"-inf\")"
        );
        assert_eq!(float32(0.1), "0.1");
    }

    #[test]
    fn what_is_long_is_broken() {
        let items: Vec<String> = (0..30).map(|i| format!("{}.25", i * 10)).collect();
        expect![[r#"
            NAMES = [
                0.25, 10.25, 20.25, 30.25, 40.25, 50.25, 60.25, 70.25, 80.25, 90.25,
                100.25, 110.25, 120.25, 130.25, 140.25, 150.25, 160.25, 170.25, 180.25,
                190.25, 200.25, 210.25, 220.25, 230.25, 240.25, 250.25, 260.25, 270.25,
                280.25, 290.25,
            ]"#]]
        .assert_eq(&list(0, "NAMES = [", &items, "]"));
        let sum = "torch.sigmoid(1.5 * z) * (1 + 2 * z) - torch.tanh(z) + z * torch.exp(-z**2 / 2)";
        expect![[r#"
            return (
                    torch.sigmoid(1.5 * z) * (1 + 2 * z)
                    - torch.tanh(z)
                    + z * torch.exp(-z**2 / 2)
                )"#]]
        .assert_eq(statement("return ", sum).trim_start());
        expect![[r#"
            """
            AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4
            OTo7
            """"#]]
        .assert_eq(&blob(&base64::encode(&(0..60).collect::<Vec<u8>>())));
    }
}
