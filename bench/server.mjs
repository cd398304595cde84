// Serves what the bench's page is made of, on a port of its own, to this machine only.

import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { brotliCompressSync } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
};

/**
 * @param {Record<string, string>} folders from the first part of a path to the folder that it stands for
 * @param {boolean} isCompressed whether files are sent as a host sends them: compressed with brotli, each once
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serve(folders, isCompressed = false) {
  const compressed = new Map();
  const compress = (path) => {
    if (!compressed.has(path)) {
      compressed.set(path, brotliCompressSync(readFileSync(path)));
    }
    return compressed.get(path);
  };
  const server = createServer((request, response) => {
    const path = fileOf(request.url, folders);
    if (path === null) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return;
    }
    response
      .writeHead(200, {
        "content-type": TYPES[extname(path)] ?? "application/octet-stream",
        // They open the fine clock and shared memory.
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        ...(isCompressed && { "content-encoding": "br" }),
      })
      .end(isCompressed ? compress(path) : readFileSync(path));
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function fileOf(url, folders) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return null;
  }
  const [, first, ...rest] = path.split("/");
  const folder = Object.hasOwn(folders, first) ? normalize(folders[first] + sep) : null;
  const file = folder && normalize(join(folder, ...rest));
  const isFile = file?.startsWith(folder) && statSync(file, { throwIfNoEntry: false })?.isFile();
  return isFile ? file : null;
}
