//! A bitmap as a PNG (RFC 2083) in a data URL (RFC 2397). The pixels are stored and not compressed:
//! the bitmaps here are thumbnails, and a compressor would weigh more than they do.

use crate::plot::kit::scene::Bitmap;

/// `data:image/png;base64,...`
pub fn data_url(bitmap: &Bitmap) -> String {
    format!("data:image/png;base64,{}", base64(&encode(bitmap)))
}

/// The bytes of a PNG file, 8-bit RGBA.
pub fn encode(bitmap: &Bitmap) -> Vec<u8> {
    let mut header = Vec::with_capacity(13);
    header.extend((bitmap.width as u32).to_be_bytes());
    header.extend((bitmap.height as u32).to_be_bytes());
    // 8 bits a channel, RGBA, deflate, adaptive filters, not interlaced.
    header.extend([8, 6, 0, 0, 0]);

    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"IDAT", &zlib_stored(&scanlines(bitmap)));
    chunk(&mut file, b"IEND", &[]);
    file
}

/// Each row after the number of its filter (0: none).
fn scanlines(bitmap: &Bitmap) -> Vec<u8> {
    let row_bytes = bitmap.width * 4;
    let mut lines = Vec::with_capacity((row_bytes + 1) * bitmap.height);
    for y in 0..bitmap.height {
        lines.push(0);
        lines.extend(&bitmap.rgba[y * row_bytes..(y + 1) * row_bytes]);
    }
    lines
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let sum = crc32(&file[start..]);
    file.extend(sum.to_be_bytes());
}

/// RFC 1950 around stored blocks of RFC 1951.
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    const MAX_BLOCK: usize = 65_535;
    let mut out = vec![0x78, 0x01];
    let n_blocks = data.len().div_ceil(MAX_BLOCK).max(1);
    for i in 0..n_blocks {
        let block = &data[i * MAX_BLOCK..data.len().min((i + 1) * MAX_BLOCK)];
        let length = block.len() as u16;
        out.push(u8::from(i + 1 == n_blocks));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(adler32(data).to_be_bytes());
    out
}

fn crc32(data: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for &byte in data {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

fn adler32(data: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in data {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    (b << 16) | a
}

fn base64(data: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(data.len().div_ceil(3) * 4);
    for group in data.chunks(3) {
        let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for i in 0..4 {
            if i <= group.len() {
                let digit = (bits >> (18 - 6 * i)) & 63;
                text.push(char::from(DIGITS[digit as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_rfc_4648s() {
        let text: Vec<_> = ["", "f", "fo", "foo", "foob", "fooba", "foobar"]
            .map(|s| base64(s.as_bytes()))
            .into();
        assert_eq!(
            text,
            [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"
            ]
        );
    }

    #[test]
    fn checksums_are_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn large_bitmaps_take_several_blocks() {
        let bitmap = Bitmap::new(200, 200);
        let stored = zlib_stored(&scanlines(&bitmap));
        let n_bytes = 200 * (200 * 4 + 1);
        assert_eq!(stored.len(), 2 + 3 * 5 + n_bytes + 4);
        assert_eq!(stored[2], 0, "more blocks follow");
        assert_eq!(stored[2 + 2 * (5 + 65_535)], 1, "the last block");
    }
}
