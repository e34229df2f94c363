// The built screens with an invented core in place of the real one, behind a loopback page.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ui = join(dirname(fileURLToPath(import.meta.url)), "../../../ui");
const vite = join(ui, "node_modules/vite/bin/vite.js");

const inMock = (folder: string) => ["--mode", "mock", "--outDir", folder, "--logLevel", "info"];

/** Where the workers of a run find what the first of them built. */
export const folderOf = (run: number) => join(tmpdir(), `counterfoil-invented-${run}`);

/** Builds them, or waits for the worker that does. Building takes longer than most tests. */
async function built(): Promise<string> {
  const folder = folderOf(process.ppid);
  const done = join(folder, "index.html");
  const making = `${folder}.making`;
  while (!existsSync(done)) {
    try {
      mkdirSync(making);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    try {
      if (existsSync(done)) break;
      // It takes its name when it is whole.
      const partial = `${folder}.partial`;
      execFileSync(process.execPath, [vite, "build", ...inMock(partial), "--emptyOutDir"], {
        cwd: ui,
        stdio: "ignore",
      });
      renameSync(partial, folder);
    } finally {
      rmSync(making, { recursive: true, force: true });
    }
  }
  return folder;
}

export class Screens {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<Screens> {
    const served = ["preview", ...inMock(await built()), "--host", "127.0.0.1", "--port", "0"];
    const child = spawn(process.execPath, [vite, ...served], {
      cwd: ui,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the preview ended with ${code}`)));
      createInterface({ input: child.stdout! }).on("line", (line) => {
        // The address is written in colours.
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line.replace(/\u001b\[\d+m/g, ""));
        if (found) resolve(found[0]);
      });
    });
    return new Screens(child, url);
  }

  async end(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.process.once("exit", () => resolve()));
    this.process.kill("SIGTERM");
    await ended;
  }
}
