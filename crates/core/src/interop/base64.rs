//! Bytes as text of 64 letters (RFC 4648), as scripts and links carry weights.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Three bytes are four letters; what is missing at the end is filled with `=`.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place > chunk.len() {
                '='
            } else {
                letter as char
            });
        }
    }
    text
}

/// The bytes of a text of [`encode`]; `None` for what is none.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let letters = text.as_bytes();
    if !letters.len().is_multiple_of(4) {
        return None;
    }
    let n_filled = letters
        .iter()
        .rev()
        .take_while(|&&letter| letter == b'=')
        .count();
    if n_filled > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3);
    let (mut bits, mut n_bits) = (0_u32, 0);
    for &letter in &letters[..letters.len() - n_filled] {
        bits = bits << 6 | value(letter)?;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push((bits >> n_bits) as u8);
            bits &= (1 << n_bits) - 1;
        }
    }
    // What is left over is nobody's.
    (bits == 0).then_some(bytes)
}

fn value(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// Numbers as the bytes of [`encode`], little-endian.
pub fn encode_f32(values: &[f32]) -> String {
    let bytes: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    encode(&bytes)
}

/// The numbers of a text of [`encode_f32`].
pub fn decode_f32(text: &str) -> Option<Vec<f32>> {
    let bytes = decode(text)?;
    let (values, rest) = bytes.as_chunks::<4>();
    rest.is_empty().then(|| {
        values
            .iter()
            .map(|&value| f32::from_le_bytes(value))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 4648, section 10.
    #[test]
    fn the_vectors_of_the_standard() {
        let check = |bytes: &str, text: &str| {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        };
        check("", "");
        check("f", "Zg==");
        check("fo", "Zm8=");
        check("foo", "Zm9v");
        check("foob", "Zm9vYg==");
        check("fooba", "Zm9vYmE=");
        check("foobar", "Zm9vYmFy");
    }

    #[test]
    fn what_is_no_such_text_is_refused() {
        for text in ["A", "AAA", "A===", "====", "Zh==", "Zm9=v", "Zm\n8", "Zm9é"] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn numbers_come_back_bit_by_bit(bits in prop::collection::vec(any::<u32>(), 0..40)) {
            let values: Vec<f32> = bits.iter().map(|&bits| f32::from_bits(bits)).collect();
            let read = decode_f32(&encode_f32(&values)).expect("it was just written");
            let read: Vec<u32> = read.iter().map(|value| value.to_bits()).collect();
            prop_assert_eq!(read, bits);
        }
    }
}
