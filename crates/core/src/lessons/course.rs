//! Which lessons there are, in their order, and where each stands on the map: `www/lessons/course.toml`.

use super::table::{File, FileError};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    pub lessons: Vec<Node>,
    pub headings: Vec<Heading>,
}

/// A lesson on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The name of its file, without `.toml`.
    pub id: String,
    /// From 1.
    pub column: u32,
    pub row: u32,
}

/// A question that the lessons of a row answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    pub text: String,
    pub column: u32,
    pub row: u32,
}

impl Course {
    /// # Errors
    /// All that is wrong, in the order of its lines.
    pub fn read(text: &str) -> Result<Self, Vec<FileError>> {
        let (mut file, mut table) = File::parse(text).map_err(|error| vec![error])?;
        let mut course = Self::default();
        for mut table in file.tables(&mut table, "lesson") {
            course.lessons.push(Node {
                id: file.text(&mut table, "id"),
                column: file.number(&mut table, "column").unwrap_or(1).max(1),
                row: file.number(&mut table, "row").unwrap_or(1).max(1),
            });
            file.close(table);
        }
        for mut table in file.tables(&mut table, "heading") {
            course.headings.push(Heading {
                text: file.text(&mut table, "text"),
                column: file.number(&mut table, "column").unwrap_or(1).max(1),
                row: file.number(&mut table, "row").unwrap_or(1).max(1),
            });
            file.close(table);
        }
        file.close(table);
        match file.errors.is_empty() {
            true => Ok(course),
            false => Err(file.errors),
        }
    }
}
