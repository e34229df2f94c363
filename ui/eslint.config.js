import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

export default ts.config(
  {
    ignores: [
      "dist/",
      "node_modules/",
      "project.inlang/",
      "src/lib/paraglide/",
      "src/lib/api/bindings/",
      "src/lib/api/commands.ts",
      "src/lib/api/limits.ts",
    ],
  },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      "max-lines": ["error", 400],
      "no-console": "error",
      // Hash links are this program's own; there is no SvelteKit router to resolve them.
      "svelte/no-navigation-without-resolve": "off",
      // A space at the edge of a block survives only as {" "}.
      "svelte/no-useless-mustaches": "off",
      // Ours are read once and replaced whole, never mutated in place.
      "svelte/prefer-svelte-reactivity": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: { "no-undef": "off", "prefer-const": "off" },
  },
  { files: ["**/*.ts"], rules: { "no-undef": "off" } },
);
