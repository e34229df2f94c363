import { beforeEach, describe, expect, it } from "vitest";

import type { ArchiveStatus } from "$lib/api/bindings/ArchiveStatus";
import { CallError } from "$lib/api/error";

import { Archiving } from "./archiving.svelte";
import { Resource } from "./resource.svelte";
import { toasts } from "./toasts.svelte";

interface Row {
  version: number;
  status: ArchiveStatus;
}

const ROW: Row = { version: 1, status: "active" };

let saves: [version: number, status: ArchiveStatus][];
let failure: CallError | undefined;
let archiving: Archiving<Row>;

beforeEach(() => {
  saves = [];
  failure = undefined;
  toasts.list = [];
  archiving = new Archiving(
    new Resource<Row[]>(async () => []),
    async ({ version }, status) => {
      saves.push([version, status]);
      if (failure) throw failure;
      return { version: version + 1, status };
    },
    ({ status }) => status,
  );
});

describe("archiving", () => {
  it("is done once when it is pressed twice", async () => {
    await Promise.all([archiving.toggle(ROW), archiving.toggle(ROW)]);
    expect(saves).toEqual([[1, "archived"]]);
    expect(archiving.error).toBeUndefined();
  });

  it("is taken back as it was saved, and says on whichever page that it could not be", async () => {
    await archiving.toggle(ROW);
    failure = new CallError({ code: "conflict", detail: "" });
    toasts.list[0]!.action!.run();
    await new Promise((done) => setTimeout(done, 0));
    expect(saves[1]).toEqual([2, "active"]);
    expect(toasts.list.at(-1)?.tone).toBe("red");
  });

  it("lets go of what went wrong when the list is read again", async () => {
    failure = new CallError({ code: "conflict", detail: "" });
    await archiving.toggle(ROW);
    expect(archiving.error?.code).toBe("conflict");
    await archiving.again();
    expect(archiving.error).toBeUndefined();
  });
});
