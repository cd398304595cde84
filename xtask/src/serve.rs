//! `cargo xtask serve`.

use crate::{page, setup};
use anyhow::{Context, Result, bail};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::{CommandExt, parent_id};
use std::process::Command;
use std::time::Duration;

const DEFAULT_PORT: u16 = 8080;

pub struct Options {
    release: bool,
    open: bool,
    port: Option<u16>,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            release: false,
            open: false,
            port: None,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--release" => options.release = true,
                "--open" => options.open = true,
                "--port" => {
                    let text = crate::value_of(argument, &mut arguments)?;
                    let port = text.parse().ok().filter(|port| *port > 0);
                    options.port =
                        Some(port.with_context(|| format!("`{text}` is not a port (1 to 65535)"))?);
                }
                _ => return Err(crate::unknown_option(argument)),
            }
        }
        Ok(options)
    }
}

pub fn serve(options: &Options) -> Result<()> {
    let pieces = if options.release {
        setup::PAGE
    } else {
        setup::SERVE_DEBUG
    };
    let tools = setup::prepare(pieces)?;
    let port = match options.port {
        Some(port) if is_free(port) => port,
        Some(port) => bail!("port {port} is taken by another program"),
        None => (DEFAULT_PORT..DEFAULT_PORT + 50)
            .find(|port| is_free(*port))
            .context("no port from 8080 to 8129 is free; name one with --port")?,
    };
    println!("serve: building the page (1 to 4 minutes the first time, then seconds)");
    let this = std::env::current_exe().context("xtask cannot find itself")?;
    Command::new(this)
        .args(["announce", &port.to_string()])
        .spawn()
        .context("xtask cannot start itself")?;
    let mut trunk = if options.release {
        page::release(&tools)?
    } else {
        page::debug(&tools)?
    };
    trunk
        .args(["serve", "--address", "127.0.0.1", "--port"])
        .arg(port.to_string())
        .args(options.release.then_some("--release"))
        .args(options.open.then_some("--open"));
    // In xtask's place, so that whoever ends this process ends the server.
    Err(trunk.exec()).context("trunk cannot be started")
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Prints the address once the server answers, for Trunk says much before and after. It runs in a
/// process of its own, and ends with the one that started it.
pub fn announce(arguments: &[String]) -> Result<()> {
    let port = match arguments {
        [port] => port.parse().context("announce: the port is no number")?,
        _ => bail!("announce takes a port"),
    };
    let server = parent_id();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if parent_id() != server {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    println!("\n    Actiscope is at http://127.0.0.1:{port}/   (Ctrl-C ends)\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn parse(text: &str) -> Result<Options, String> {
        let arguments: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        Options::parse(&arguments).map_err(|error| error.to_string())
    }

    #[test]
    fn options_are_read() {
        let options = parse("--release --port 9000").unwrap();
        assert!(options.release && !options.open);
        assert_eq!(options.port, Some(9000));
        assert!(parse("").unwrap().port.is_none());
    }

    #[test]
    fn wrong_options_are_named() {
        for (text, part) in [
            ("--port", "--port needs a value"),
            ("--port 70000", "`70000` is not a port"),
            ("--port 0", "`0` is not a port"),
            ("--relese", "unknown option `--relese`"),
        ] {
            let error = parse(text).err().unwrap();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
