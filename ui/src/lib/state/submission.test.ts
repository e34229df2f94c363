import { tick } from "svelte";
import { expect, test } from "vitest";

import { CallError } from "$lib/api/error";

import { Submission } from "./submission.svelte";
import { toasts } from "./toasts.svelte";

/** A form with a right and a wrong field, sent by `onsubmit`. */
function sent(onsubmit: (event: SubmitEvent) => Promise<void>) {
  const form = document.createElement("form");
  form.innerHTML = `<input id="right" /><input id="wrong" aria-invalid="true" />`;
  document.body.replaceChildren(form);
  let done: Promise<void> = Promise.resolve();
  form.addEventListener("submit", (event) => {
    done = onsubmit(event);
  });
  return () => {
    form.requestSubmit();
    return done;
  };
}

test("a wrong form is not sent, and the first wrong field takes the focus", async () => {
  const sending = new Submission();
  let calls = 0;
  const submit = sent(
    sending.of(
      () => undefined,
      async () => {
        calls += 1;
      },
    ),
  );
  expect(sending.tried).toBe(false);
  await submit();
  await Promise.resolve();
  expect([calls, sending.tried, sending.busy]).toEqual([0, true, false]);
  expect(document.activeElement?.id).toBe("wrong");
});

test("nothing is sent twice at once", async () => {
  const sending = new Submission();
  const asked: string[] = [];
  let finish = () => {};
  const submit = sent(
    sending.of(
      () => "ten",
      (what) => {
        asked.push(what);
        return new Promise((resolve) => (finish = resolve));
      },
    ),
  );
  const first = submit();
  expect(sending.busy).toBe(true);
  await submit();
  finish();
  await first;
  expect([asked, sending.busy]).toEqual([["ten"], false]);
});

test("what went wrong stays until the next try", async () => {
  const sending = new Submission();
  const heard: string[] = [];
  let fails = true;
  const submit = sent(
    sending.of(
      () => true,
      async () => {
        if (fails) throw new CallError({ code: "conflict", detail: "changed" });
      },
      (error) => heard.push(error.code),
    ),
  );
  toasts.list = [];
  await submit();
  expect([sending.error?.code, heard, sending.busy]).toEqual(["conflict", ["conflict"], false]);
  expect(toasts.list).toEqual([]);
  fails = false;
  await submit();
  expect(sending.error).toBeUndefined();
});

test.each([
  ["conflict", "was not done"],
  ["server_unreachable", "may be done or not"],
] as const)("a form that is closed before it fails with %s is told of all the same", async (code, words) => {
  toasts.list = [];
  const sending = new Submission();
  const submit = sent(
    sending.of(
      () => true,
      async () => {
        document.body.replaceChildren();
        throw new CallError({ code, detail: "" });
      },
    ),
  );
  await submit();
  expect(toasts.list).toMatchObject([{ tone: "red", text: expect.stringContaining(words) }]);
});

test("what is on its way cannot be changed, and the focus comes back", async () => {
  const sending = new Submission();
  let fail = () => {};
  const submit = sent(
    sending.of(
      () => "ten",
      () => new Promise((_, reject) => (fail = () => reject(new Error("the line broke")))),
    ),
  );
  const [form, field] = [document.querySelector("form")!, document.getElementById("right")!];
  field.focus();
  const done = submit();
  expect(form.hasAttribute("inert")).toBe(true);
  // As a browser does with what is inert.
  field.blur();
  fail();
  await done;
  await tick();
  expect([form.hasAttribute("inert"), document.activeElement?.id]).toEqual([false, "right"]);
});
