//! Bytes of a file -> text.

use std::borrow::Cow;

/// How a file writes its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
    /// What is neither: one byte a character, as Western Windows writes it.
    Latin1,
}

/// The text of a file, without its byte order mark. Any bytes are a text: what is no UTF-8 and no UTF-16 is taken
/// for Latin-1, of which the caller should tell, for it is a guess.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, Encoding) {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8_or_latin1(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Tables are mostly digits and separators, whose upper byte is 0: none of them begins or ends with one in UTF-8.
        [a, 0, b, 0, ..] if *a > 0 && *b > 0 => utf16(bytes, u16::from_le_bytes),
        [0, a, 0, b, ..] if *a > 0 && *b > 0 => utf16(bytes, u16::from_be_bytes),
        _ => utf8_or_latin1(bytes),
    }
}

fn utf8_or_latin1(bytes: &[u8]) -> (Cow<'_, str>, Encoding) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.into(), Encoding::Utf8),
        Err(_) => {
            let text: String = bytes.iter().map(|&byte| latin1(byte)).collect();
            (text.into(), Encoding::Latin1)
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (Cow<'_, str>, Encoding) {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let chars = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    (chars.collect::<String>().into(), Encoding::Utf16)
}

/// Windows-1252, which is Latin-1 with printable characters in place of controls.
fn latin1(byte: u8) -> char {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => FROM_80[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], text: &str, encoding: Encoding) {
        assert_eq!(decode(bytes), (Cow::from(text), encoding), "{bytes:?}");
    }

    #[test]
    fn files_are_read_as_they_are_written() {
        let text = "größe;y\n1,5;€\n";
        let units = || text.encode_utf16();
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        check(text.as_bytes(), text, Encoding::Utf8);
        check(
            &[b"\xef\xbb\xbf", text.as_bytes()].concat(),
            text,
            Encoding::Utf8,
        );
        check(&[b"\xff\xfe", &little[..]].concat(), text, Encoding::Utf16);
        check(&[b"\xfe\xff", &big[..]].concat(), text, Encoding::Utf16);
        check(&little, text, Encoding::Utf16);
        check(&big, text, Encoding::Utf16);
        check(b"gr\xf6\xdfe;y\n1,5;\x80\n", text, Encoding::Latin1);
        check(b"", "", Encoding::Utf8);
        check(b"\xff\xfe\x41", "", Encoding::Utf16);
    }
}
