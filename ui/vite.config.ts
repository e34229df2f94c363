import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  plugins: [
    // The tests find the messages compiled; the compiler's watcher would keep their process alive.
    mode !== "test" &&
      paraglideVitePlugin({
        project: "./project.inlang",
        outdir: "./src/lib/paraglide",
        strategy: ["localStorage", "preferredLanguage", "baseLocale"],
      }),
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
  },
}));
