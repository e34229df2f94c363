import { defineConfig } from "@playwright/test";

// The browser is the distribution's own: a test must not fetch one. It is the shell without a window: the whole browser
// draws its bars and buttons for each page, seen or not, and takes half of the time for it.
export default defineConfig({
  testDir: "specs",
  outputDir: "../../target/ui-tests",
  globalTeardown: "./support/tidy.ts",
  // Generous: a machine that builds something else at the same time takes several times as long for a page.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  // Each has a Central of its own; half of a test is waiting.
  workers: 2,
  forbidOnly: true,
  // Where nobody watches, a page that was too slow once does not stop everything: it is tried again, and named at the end.
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"], ["./support/reasons.ts"]],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.COUNTERFOIL_CHROMIUM ?? "/usr/bin/chromium-headless-shell",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
