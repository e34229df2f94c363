import { afterEach, expect, it } from "vitest";

import { keepFocus } from "./focus";

afterEach(() => document.body.replaceChildren());

it("goes into the page when what had it is gone, and stays where it is otherwise", async () => {
  document.body.innerHTML = `<main id="main" tabindex="-1"><button id="archive"></button><button id="edit"></button></main>`;
  const press = document.getElementById("archive")!;
  press.focus();
  press.remove();
  await keepFocus();
  expect(document.activeElement?.id).toBe("main");
  document.getElementById("edit")!.focus();
  await keepFocus();
  expect(document.activeElement?.id).toBe("edit");
});
