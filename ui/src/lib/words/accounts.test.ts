import { expect, test } from "vitest";

import { eventWord } from "./accounts";

test("what was taken from the portal, and what was put back again, are told apart", () => {
  const word = (action: string) => eventWord({ at: 0, action, by: "staff", changes: [] });
  expect(word("account.take_from_portal")).toBe("Taken from the portal");
  expect(word("account.put_back")).toBe("Put back as it was before the portal's values were taken");
});
