// A contender that is a process: a request is a line, and so is its answer.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** @param {string[]} command program and arguments */
export async function openProcess([program, ...args]) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  let settle = null;
  const end = (error) => {
    child.error = error;
    settle?.reject(error);
  };
  child.on("error", end);
  child.on("exit", (code, signal) => end(new Error(`${program} ended (${signal ?? code})`)));
  child.stdin.on("error", end);
  createInterface({ input: child.stdout }).on("line", (line) => settle?.resolve(JSON.parse(line)));
  return {
    train(request) {
      return new Promise((resolve, reject) => {
        if (child.error) {
          reject(child.error);
          return;
        }
        settle = { resolve, reject };
        child.stdin.write(`${JSON.stringify(request)}\n`);
      });
    },
    async close() {
      child.stdin.end();
      child.kill();
    },
  };
}
