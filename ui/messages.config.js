// How the messages are compiled, whoever does it. One module for each language: as a module for each message they are
// thousands, and every test file would load them all.
/** @type {import("@inlang/paraglide-js").CompilerOptions} */
export const messages = {
  project: "./project.inlang",
  outdir: "./src/lib/paraglide",
  strategy: ["localStorage", "preferredLanguage", "baseLocale"],
  outputStructure: "locale-modules",
};
