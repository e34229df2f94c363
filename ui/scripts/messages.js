// `npm run messages`: compiles messages/ for whatever runs without Vite's plugin.
import { compile } from "@inlang/paraglide-js";

import { messages } from "../messages.config.js";

await compile(messages);
