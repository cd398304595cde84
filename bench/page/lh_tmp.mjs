import { readdirSync, writeFileSync } from "node:fs";
import * as chromeLauncher from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";
import { serve } from "../server.mjs";
const dist = "/work/main/dist";
const server = await serve({ dist }, true);
for (const file of readdirSync(dist)) await (await fetch(`${server.url}dist/${file}`)).arrayBuffer();
for (let i = 0; i < Number(process.argv[2] ?? 2); i++) {
const chrome = await chromeLauncher.launch({ chromePath: "/usr/bin/chromium", chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", ...process.argv.slice(3)] });
const r = await lighthouse(`${server.url}dist/index.html`, { port: chrome.port, onlyCategories: ["performance"], logLevel: "error" }, desktopConfig);
console.log("CLS", r.lhr.audits["cumulative-layout-shift"].numericValue, "score", r.lhr.categories.performance.score);
const ev = Object.values(r.artifacts).flatMap((a) => a?.traceEvents ?? a?.defaultPass?.traceEvents ?? []);
const t0 = Math.min(...ev.filter((e) => e.name === "navigationStart").map((e) => e.ts));
const seen = new Set();
for (const e of ev.filter((e) => e.name === "LayoutShift")) {
  const d = e.args.data; const k = e.ts + "" + d.score; if (seen.has(k)) continue; seen.add(k);
  console.log(((e.ts - t0) / 1000) | 0, "ms score", d.score.toFixed(5), d.had_recent_input);
  for (const n of d.impacted_nodes ?? []) console.log("     ", n.debug_name, JSON.stringify(n.old_rect), JSON.stringify(n.new_rect));
}
chrome.kill();
}
await server.close();
