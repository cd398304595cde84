//! Serves a folder to this machine, as it is at the moment, and tells open pages when it has changed.

use anyhow::Result;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Longer heads of a request are not a browser's.
const MAX_HEAD_BYTES: u64 = 64 * 1024;

const RELOAD_SCRIPT: &str = include_str!("reload.js");
const RELOAD_TAG: &str = "<script type=\"module\" src=\"./reload.js\"></script></head>";

pub struct Server {
    listeners: Arc<Mutex<Vec<TcpStream>>>,
}

impl Server {
    pub fn start(listener: TcpListener, folder: PathBuf) -> Result<Self> {
        let listeners = Arc::new(Mutex::new(Vec::new()));
        let waiting = Arc::clone(&listeners);
        std::thread::Builder::new().spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, waiting) = (folder.clone(), Arc::clone(&waiting));
                // A browser that breaks off in the middle is none of our business.
                std::thread::spawn(move || answer(stream, &folder, &waiting).ok());
            }
        })?;
        Ok(Self { listeners })
    }

    /// Has all open pages load themselves again.
    pub fn tell(&self) {
        let mut listeners = self.listeners.lock().expect("no thread panics with it");
        listeners.retain_mut(|stream| stream.write_all(b"data: changed\n\n").is_ok());
    }
}

fn answer(
    mut stream: TcpStream,
    folder: &Path,
    waiting: &Mutex<Vec<TcpStream>>,
) -> std::io::Result<()> {
    let mut head = BufReader::new(stream.try_clone()?).take(MAX_HEAD_BYTES);
    let mut request = String::new();
    head.read_line(&mut request)?;
    let mut line = String::new();
    while head.read_line(&mut line)? > 0 && !line.trim().is_empty() {
        line.clear();
    }
    let mut words = request.split(' ');
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    let path = target.split(['?', '#']).next().unwrap_or_default();
    if !matches!(method, Some("GET" | "HEAD")) {
        return send(&mut stream, "405 Method Not Allowed", "text/plain", b"");
    }
    match path {
        "/reload" => {
            stream.write_all(
                b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-store\r\n\r\n",
            )?;
            waiting
                .lock()
                .expect("no thread panics with it")
                .push(stream);
            Ok(())
        }
        "/reload.js" => send(
            &mut stream,
            "200 OK",
            type_of("a.js"),
            RELOAD_SCRIPT.as_bytes(),
        ),
        _ => match read(folder, path) {
            Some((name, mut content)) => {
                if name == "index.html" {
                    let html = String::from_utf8_lossy(&content).replacen("</head>", RELOAD_TAG, 1);
                    content = html.into_bytes();
                }
                let body = if method == Some("HEAD") {
                    &[]
                } else {
                    &content[..]
                };
                send(&mut stream, "200 OK", type_of(&name), body)
            }
            None => send(&mut stream, "404 Not Found", "text/plain", b"not found\n"),
        },
    }
}

/// Name and content of the file that a path means, if it lies in the folder.
fn read(folder: &Path, path: &str) -> Option<(String, Vec<u8>)> {
    let relative = match path.strip_prefix('/')? {
        "" => "index.html",
        relative => relative,
    };
    let is_plain = |part: Component| matches!(part, Component::Normal(_));
    if !Path::new(relative).components().all(is_plain) {
        return None;
    }
    let content = std::fs::read(folder.join(relative)).ok()?;
    Some((relative.to_owned(), content))
}

fn send(stream: &mut TcpStream, status: &str, kind: &str, body: &[u8]) -> std::io::Result<()> {
    // The names of a debug page have no hash: nothing is to be kept.
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nconnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)
}

fn type_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::Server;
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

    fn ask(address: SocketAddr, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        stream
    }

    fn get(address: SocketAddr, path: &str) -> String {
        let mut answer = String::new();
        ask(address, path).read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_folder_is_served_and_nothing_beside_it() {
        let parent = std::env::temp_dir().join(format!("xtask-server-{}", std::process::id()));
        let folder = parent.join("served");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(parent.join("secret"), "secret").unwrap();
        std::fs::write(folder.join("index.html"), "<head></head>").unwrap();
        std::fs::write(folder.join("page_bg.wasm"), "code").unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::start(listener, folder).unwrap();

        let page = get(address, "/?embed=1");
        assert!(
            page.contains("text/html") && page.contains("./reload.js"),
            "{page}"
        );
        let module = get(address, "/page_bg.wasm");
        assert!(
            module.contains("application/wasm") && module.ends_with("code"),
            "{module}"
        );
        for path in ["/none", "/../secret", "//etc/passwd", "/."] {
            assert!(get(address, path).starts_with("HTTP/1.1 404"), "{path}");
        }

        let mut events = ask(address, "/reload");
        let mut head = [0; 12];
        events.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 200");
        // The page is told once it is known to wait.
        while server.listeners.lock().unwrap().is_empty() {
            std::thread::yield_now();
        }
        server.tell();
        drop(server.listeners.lock().unwrap().drain(..));
        let mut rest = String::new();
        events.read_to_string(&mut rest).unwrap();
        assert!(rest.ends_with("data: changed\n\n"), "{rest}");
        std::fs::remove_dir_all(&parent).unwrap();
    }
}
