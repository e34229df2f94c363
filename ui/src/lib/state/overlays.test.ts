import { expect, it } from "vitest";

import { Overlays } from "./overlays.svelte";

it("closes its own sheet, and none that was opened while it was answered", () => {
  const overlays = new Overlays();
  overlays.show("change-password");
  overlays.close("change-password");
  expect(overlays.open).toBeUndefined();
  overlays.show("palette");
  overlays.close("change-password");
  expect(overlays.open).toBe("palette");
  overlays.close();
  expect(overlays.open).toBeUndefined();
});
