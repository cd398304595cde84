//! `cargo xtask serve`: builds the page, serves it to this machine, and builds it anew when a file changes.
//!
//! The debug page is put together here, of what cargo and wasm-bindgen make, and needs no other tool; Trunk, which
//! takes minutes to compile, makes the published one.

mod assemble;
mod debug;
mod server;
mod watch;

use crate::command::human;
use crate::{page, setup, workspace};
use anyhow::{Context, Result, bail};
use debug::DebugPage;
use server::Server;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;
use watch::Watch;

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

/// How the page is made.
enum Maker {
    Debug(DebugPage),
    Release(setup::Tools),
}

impl Maker {
    /// Builds the page; returns its folder.
    fn make(&self) -> Result<PathBuf> {
        match self {
            Self::Debug(page) => page.make(),
            Self::Release(tools) => {
                page::run_trunk(tools)?;
                Ok(workspace::root().join("dist"))
            }
        }
    }
}

pub fn serve(options: &Options) -> Result<()> {
    let listener = listen(options.port)?;
    let address = format!("http://{}/", listener.local_addr()?);
    println!("serve: the page will be at {address}");
    let start = Instant::now();
    // Before the build reads the files: what changes from now on is built again.
    let mut watch = Watch::new(workspace::root());
    let maker = if options.release {
        let tools = setup::prepare(setup::PAGE)?;
        println!("serve: building the page (2 to 4 minutes the first time)");
        Maker::Release(tools)
    } else {
        println!("serve: building the page (some minutes the first time, then seconds)");
        Maker::Debug(DebugPage::prepare()?)
    };
    let mut server = None;
    loop {
        match maker.make() {
            Ok(folder) => match &server {
                None => {
                    let started = Server::start(listener.try_clone()?, folder);
                    server = Some(started.context("the page cannot be served")?);
                    println!(
                        "\n    Actiscope is at {address}   (built in {}; Ctrl-C ends)\n",
                        human(start.elapsed())
                    );
                    if options.open {
                        open(&address);
                    }
                }
                Some(server) => {
                    server.tell();
                    println!("serve: built anew");
                }
            },
            Err(error) => eprintln!("\nserve: {error:#}\nserve: waiting for a change"),
        }
        watch.wait();
    }
}

/// The port, taken now so that nobody else takes it during the build.
fn listen(port: Option<u16>) -> Result<TcpListener> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok();
    match port {
        Some(port) => match bind(port) {
            Some(listener) => Ok(listener),
            None => bail!("port {port} is taken by another program"),
        },
        None => (DEFAULT_PORT..DEFAULT_PORT + 50)
            .find_map(bind)
            .context("no port from 8080 to 8129 is free; name one with --port"),
    }
}

/// Shows the page in the user's browser, if the system knows which that is.
fn open(address: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    if let Err(error) = Command::new(opener).arg(address).spawn() {
        eprintln!("serve: {opener} cannot show the page: {error}");
    }
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
