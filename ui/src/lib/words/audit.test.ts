import { expect, test } from "vitest";

import { actionOptions, actionWord, actorWord, isHidden, logOptions } from "./audit";

test("an action is told in words, one of a newer Central as well", () => {
  expect(actionWord("account.reset_token")).toBe("Account: reset token");
  expect(actionWord("account.take_from_portal")).toBe("Account: take from portal");
  expect(actionWord("top_up.approve")).toBe("Credit request: approve");
  expect(actionWord("loyalty_card.print")).toBe("loyalty card: print");
});

test("a family can be chosen as a whole where it has more than one action", () => {
  const values = actionOptions(["plan.create", "plan.edit", "account.edit"]).map((option) => option.value);
  expect(values).toEqual(["", "account.edit", "plan", "plan.create", "plan.edit"]);
});

test("who has no name is called by what he is", () => {
  expect(actorWord("staff", "m.azadi")).toBe("m.azadi");
  expect(actorWord("system", undefined)).toBe("The program");
  expect(actorWord("api_key", "Webshop")).toBe("API key Webshop");
  expect(actorWord("api_key", undefined)).toBe("API key");
});

test("a reseller is told of the operator, and narrows its log to what can be in it", () => {
  expect(actorWord("operator", undefined)).toBe("The operator");
  expect(actorWord("reseller", undefined)).toBe("Another reseller");
  const labels = logOptions().map((option) => option.label);
  expect(labels[0]).toBe("Everything");
  expect(labels).toEqual(expect.arrayContaining(["Second factor", "Sign-in"]));
  expect(labels).not.toContain("Staff");
  expect(labels.every((label) => !label.includes("_"))).toBe(true);
});

test("what others changed is not there to be shown, and what nobody changed is no secret", () => {
  expect(isHidden({ actor: "operator", changes: [] })).toBe(true);
  expect(isHidden({ actor: "member", changes: [] })).toBe(false);
  expect(isHidden({ actor: "operator", changes: [{ field: "notes", after: "Moved" }] })).toBe(false);
});
