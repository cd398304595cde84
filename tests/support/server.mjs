// Serves dist/ as a static host would, on a port of its own: what is named by its content is cached for ever.

import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";

// Beside the test, and several files at once.
const toBrotli = promisify(brotliCompress);
/** What was compressed already, by path: that takes seconds, and dist/ stays as it is while tests run. */
const compressed = new Map();

function compress(path, body) {
  if (!compressed.has(path)) {
    compressed.set(path, toBrotli(body));
  }
  return compressed.get(path);
}

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * Starts a server of dist/ on 127.0.0.1.
 * @param {{ folder?: string, brotli?: boolean }} options `folder`: the path dist/ is found under,
 *   with a slash at both ends; `brotli`: compress what is sent, as a published page is
 * @returns {Promise<{ url: string, sent: Map<string, number>, close: () => Promise<void> }>}
 *   `sent`: the bytes sent for each path under `folder`, headers left out
 */
export async function serve({ folder = "/", brotli = false } = {}) {
  if (!existsSync(join(DIST, "index.html"))) {
    throw new Error("There is no page in dist/: `cargo xtask build` makes it.");
  }
  const sent = new Map();
  const server = createServer(async (request, response) => {
    const path = fileOf(request.url, folder);
    if (path === null) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return;
    }
    const headers = { "content-type": TYPES[extname(path)] ?? "application/octet-stream" };
    if (/-[0-9a-f]{12,16}[._]/.test(path)) {
      headers["cache-control"] = "public, max-age=31536000, immutable";
    }
    let body = readFileSync(path);
    if (brotli) {
      headers["content-encoding"] = "br";
      body = await compress(path, body);
    }
    headers["content-length"] = body.length;
    sent.set(relative(DIST, path), body.length);
    response.writeHead(200, headers).end(body);
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}${folder}`,
    sent,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** The file of dist/ that a request's path names, or null. */
function fileOf(url, folder) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return null;
  }
  if (!path.startsWith(folder)) {
    return null;
  }
  const file = normalize(join(DIST, path.slice(folder.length) || "index.html"));
  const inside = file.startsWith(normalize(DIST).replace(/[\\/]$/, "") + sep);
  return inside && existsSync(file) && statSync(file).isFile() ? file : null;
}
