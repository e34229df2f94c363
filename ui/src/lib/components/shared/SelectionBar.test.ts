import { cleanup, render, screen } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { afterEach, expect, it } from "vitest";

import SelectionBar from "./SelectionBar.svelte";

afterEach(cleanup);

it("writes how many are chosen as every other number", () => {
  const children = createRawSnippet(() => ({ render: () => "<span></span>" }));
  render(SelectionBar, { count: 1_200, onclear: () => undefined, children });
  expect(screen.getByRole("status")).toHaveTextContent("1,200 selected");
});
