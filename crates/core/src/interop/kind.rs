//! What a file is, by its content.

use super::run_file::RunFile;
use super::safetensors::{File, SafetensorsError};

/// What a file may hold that is opened here.
#[derive(Debug)]
pub enum Kind<'a> {
    /// A run that was saved.
    Run,
    /// What a recorder wrote.
    Trace,
    /// Parameters by name.
    Parameters(File<'a>),
    /// A graph of operators.
    Onnx,
    /// A table, a link, a lesson.
    Text,
}

impl<'a> Kind<'a> {
    /// `name`: the file's.
    ///
    /// # Errors
    /// If it is a safetensors file, as its beginning says, that is damaged.
    pub fn of(name: &str, bytes: &'a [u8]) -> Result<Self, SafetensorsError> {
        // A header in braces after its length: nothing else begins so.
        if bytes.get(8) == Some(&b'{') && bytes[6..8] == [0, 0] {
            let (file, cut) = File::read_cut(bytes)?;
            return match cut {
                _ if file.metadata("format") == Some("actiscope-trace") => Ok(Self::Trace),
                Some(error) => Err(error),
                None if RunFile::is_one(&file) => Ok(Self::Run),
                None => Ok(Self::Parameters(file)),
            };
        }
        let is_text = std::str::from_utf8(bytes).is_ok() || is_wide_text(bytes);
        match is_text && !name.ends_with(".onnx") {
            true => Ok(Self::Text),
            false => Ok(Self::Onnx),
        }
    }
}

/// Begins with the mark of UTF-16.
fn is_wide_text(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
}

#[cfg(test)]
mod tests {
    use super::super::safetensors::{Tensor, write};
    use super::*;

    fn check(name: &str, bytes: &[u8], expect: &str) {
        let kind = match Kind::of(name, bytes) {
            Ok(kind) => format!("{kind:?}"),
            Err(error) => error.to_string(),
        };
        assert!(kind.starts_with(expect), "{name}: {kind}");
    }

    #[test]
    fn a_file_is_what_it_begins_with() {
        let tensors = [Tensor::f32("hidden_1.weight", &[1, 2], &[1.0, 2.0])];
        let file = |metadata: &[(&str, &str)]| write(metadata, &tensors);
        check("x", &file(&[]), "Parameters");
        check("x", &file(&[("actiscope_run", "1")]), "Run");
        check("x", &file(&[("format", "actiscope-trace")]), "Trace");
        let cut = file(&[]);
        check("x.onnx", &cut[..cut.len() - 3], "");
        assert!(Kind::of("x", &cut[..cut.len() - 3]).is_err());
        check("x.csv", b"a,b\n1,2\n", "Text");
        check("x.csv", b"\xff\xfea\0,\0", "Text");
        check("x.onnx", b"a,b\n1,2\n", "Onnx");
        check("cat.jpg", b"\xff\xd8\xff\xe0", "Onnx");
        check("empty", b"", "Text");
    }
}
