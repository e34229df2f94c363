// The screens with an invented core in place of the real one: for states that no sample data has, such as a portal that
// runs out of memory or one with a certificate nobody vouches for.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { Page } from "@playwright/test";

import { test as base } from "./app";

const ui = join(dirname(fileURLToPath(import.meta.url)), "../../../ui");
const vite = join(ui, "node_modules/vite/bin/vite.js");

/** The built screens behind a loopback page. */
class Invented {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<Invented> {
    const folder = mkdtempSync(join(tmpdir(), "counterfoil-invented-"));
    const arguments_ = ["--mode", "mock", "--outDir", folder, "--logLevel", "info"];
    execFileSync(process.execPath, [vite, "build", ...arguments_, "--emptyOutDir"], { cwd: ui, stdio: "ignore" });
    const served = ["preview", ...arguments_, "--host", "127.0.0.1", "--port", "0"];
    const child = spawn(process.execPath, [vite, ...served], { cwd: ui, stdio: ["ignore", "pipe", "inherit"] });
    const url = await new Promise<string>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the preview ended with ${code}`)));
      createInterface({ input: child.stdout! }).on("line", (line) => {
        // The address is written in colours.
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line.replace(/\u001b\[\d+m/g, ""));
        if (found) resolve(found[0]);
      });
    });
    return new Invented(folder, child, url);
  }

  async end(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.process.once("exit", () => resolve()));
    this.process.kill("SIGTERM");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const test = base.extend<{ invented: string }, { screens: Invented }>({
  screens: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const screens = await Invented.start();
      await use(screens);
      await screens.end();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  invented: async ({ screens }, use) => use(screens.url),
});

/** Opens a page as the operator's staff; `show` chooses what the invented core does. */
export async function openAdmin(page: Page, invented: string, at: string, show = "normal"): Promise<void> {
  await page.goto(`${invented}/?role=admin&show=${show}#/${at}`);
}
