import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

import { messages } from "./messages.config.js";

export default defineConfig(({ mode }) => ({
  plugins: [
    // The tests find the messages compiled; the compiler's watcher would keep their process alive.
    mode !== "test" && paraglideVitePlugin(messages),
    tailwindcss(),
    svelte(),
  ],
  resolve: {
    alias: { $lib: fileURLToPath(new URL("./src/lib", import.meta.url)) },
    // Component tests need the browser half of Svelte.
    conditions: mode === "test" ? ["browser"] : undefined,
  },
  build: { target: ["es2022", "safari17.5", "chrome123"], assetsInlineLimit: 0, chunkSizeWarningLimit: 1200 },
  server: { strictPort: true, port: 5273 },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["./src/test-setup.ts"],
    // Loading everything anew for each file takes many times as long as the tests; none of them leaves anything behind.
    isolate: false,
  },
}));
