import "./app.css";

import { mount } from "svelte";

import { directionOf } from "$lib/format/locale";
import { getLocale } from "$lib/paraglide/runtime";
import { theme } from "$lib/state/theme.svelte";

import App from "./App.svelte";

async function start(): Promise<void> {
  const locale = getLocale();
  document.documentElement.lang = locale;
  document.documentElement.dir = directionOf(locale);
  theme.start();
  // A whole branch of the production build falls away here.
  if (import.meta.env.MODE === "mock") await (await import("$lib/api/mock/install")).install();
  mount(App, { target: document.getElementById("app")! });
}

void start();
