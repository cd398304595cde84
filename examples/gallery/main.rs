//! Every panel of the page as an SVG file, in several themes and sizes, to look at and to compare:
//! `cargo run --example gallery --features gallery -- OUT_DIR`.

mod classify;
mod pictures;
mod trained;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use actiscope_page::plot::kit::geometry::{Size, size};
use actiscope_page::plot::kit::svg::svg;
use actiscope_page::plot::kit::theme::Theme;

const THEMES: [(&str, Theme); 4] = [
    ("light", Theme::LIGHT),
    ("dark", Theme::DARK),
    ("contrast", Theme::DARK_CONTRAST),
    ("projector", Theme::LIGHT.at_scale(1.6)),
];
const SIZES: [(&str, Size); 3] = [
    ("small", size(300.0, 220.0)),
    ("panel", size(400.0, 360.0)),
    ("large", size(1200.0, 700.0)),
];

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: cargo run --example gallery --features gallery -- OUT_DIR");
        return ExitCode::from(2);
    };
    match write_all(&folder) {
        Ok(n) => {
            println!("{n} pictures in {}", folder.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::from(2)
        }
    }
}

fn write_all(folder: &Path) -> std::io::Result<usize> {
    std::fs::create_dir_all(folder)?;
    let mut n = 0;
    for picture in pictures::pictures() {
        for (size_name, size) in SIZES {
            for (theme_name, theme) in THEMES {
                // A projector shows large panels.
                if theme.scale > 1.0 && size_name != "large" {
                    continue;
                }
                let file = format!("{}-{size_name}-{theme_name}.svg", picture.name);
                let scene = (picture.draw)(size, &theme);
                std::fs::write(folder.join(file), svg(&scene, Some(theme.bg)))?;
                n += 1;
            }
        }
    }
    Ok(n)
}
