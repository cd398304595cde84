//! A picture as a PNG file.

use super::picture::Picture;
use crate::failure::Failure;

/// 8 bits a channel, RGB.
pub fn encode(picture: &Picture) -> Result<Vec<u8>, Failure> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let failure = |error: png::EncodingError| Failure::new(error.to_string()).at("--png");
    let mut writer = encoder.write_header().map_err(failure)?;
    writer.write_image_data(&picture.rgb).map_err(failure)?;
    writer.finish().map_err(failure)?;
    Ok(file)
}
