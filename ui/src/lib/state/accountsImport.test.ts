import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { AddBulkLines } from "$lib/api/bindings/AddBulkLines";
import type { BulkRow } from "$lib/api/bindings/BulkRow";
import { CallError } from "$lib/api/error";
import { rowMark, refusalWords } from "$lib/words/bulk";

import { AccountsImport, readAccounts } from "./accountsImport.svelte";
import { CreatedFiles, passwordsFile, refusedFile } from "./createdFiles.svelte";

const backend = { call: vi.fn() };

beforeEach(() => {
  useTransport({
    call: async (command, args) => backend.call(command, args),
    listen: () => () => undefined,
  });
});

const file = (text: string, name = "customers.csv") =>
  ({
    name,
    size: text.length,
    arrayBuffer: async () => new TextEncoder().encode(text).buffer,
  }) as unknown as File;

const content = (base64: string) =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));

describe("a file of accounts", () => {
  it("has its headings in any order and spelling, and the rest is named", () => {
    const read = readAccounts(
      "a.csv",
      'Plan;"E-Mail";Shoe size;User name\r\nMonth;a@b.c;44;anna\r\n\r\nQuarter;;;\r\n',
    );
    expect(read.columns).toEqual(["plan", "email", "username"]);
    expect(read.unread).toEqual(["Shoe size"]);
    expect(
      read.lines.map(({ line, username, plan, email, mac }) => [line, username, plan, email, mac]),
    ).toEqual([
      [2, "anna", "Month", "a@b.c", ""],
      [4, "", "Quarter", "", ""],
    ]);
  });

  it("says why it cannot be used at all", () => {
    expect(() => readAccounts("a.csv", "plan\n")).toThrow("has no accounts");
    expect(() => readAccounts("a.csv", "username\nanna\n")).toThrow("called “plan”");
    expect(() => readAccounts("a.csv", "plan,email,mail\nMonth,a,b\n")).toThrow("“mail”");
    expect(() => readAccounts("a.csv", `plan\n${"Month\n".repeat(100_001)}`)).toThrow("At most 100,000");
  });

  it("comes back as it was when its refused lines were saved", () => {
    const line = {
      line: 7,
      username: "Anna",
      email: "",
      plan: "Month",
      last_day: "2026-12-31",
      gift: "no",
      mac: "",
      max_connections: "2",
      notes: '=1+1, "really"',
      reseller: "",
    };
    const refusal = { code: "validation_failed", detail: "3 to 50 characters", columns: ["username"] };
    const row: BulkRow = { position: 1, account_id: "a", state: "refused", line, refusal };
    const text = content(refusedFile([row]).content);
    expect(text).toContain("'=1+1");
    expect(text).toContain("User name: 3 to 50 characters");
    const again = readAccounts("refused.csv", text);
    expect(again.unread).toEqual([]);
    expect(again.lines).toEqual([{ ...line, line: 2 }]);
  });

  it("keeps what opens the accounts from being a formula", () => {
    const row = { line: 2, account_id: "a", username: "anna", password: "=x", token: "t" };
    expect(content(passwordsFile([row]).content)).toContain("2,anna,'=x,t");
  });
});

describe("sending", () => {
  const lines = 1_201;
  const text = `plan\n${"Month\n".repeat(lines)}`;
  let parts: AddBulkLines[] = [];

  beforeEach(() => {
    parts = [];
    backend.call.mockImplementation(async (command: string, args: AddBulkLines) => {
      if (command === "add_bulk_lines") parts.push(args);
      return { bulk_id: args.bulk_id, state: "planning" };
    });
  });
  afterEach(() => backend.call.mockReset());

  it("goes part by part, and no line is left out", async () => {
    const work = new AccountsImport();
    await work.choose(file(text));
    expect(await work.send()).toMatchObject({ state: "planning" });
    expect(parts.map((part) => [part.first, part.lines.length])).toEqual([
      [1, 500],
      [501, 500],
      [1_001, 201],
    ]);
    expect(new Set(parts.map((part) => part.bulk_id)).size).toBe(1);
    const [, asked] = backend.call.mock.calls[0]!;
    expect(asked).toMatchObject({ operation: { kind: "create", file: "customers.csv", lines, gift: false } });
    await work.stop();
    expect(backend.call).not.toHaveBeenCalledWith("cancel_bulk", expect.anything());
  });

  it("says that it gives service away only where somebody may and a line does", async () => {
    const gift = async (mayGive: boolean, cell: string) => {
      const work = new AccountsImport(mayGive);
      await work.choose(file(`plan,gift\nMonth,${cell}\n`));
      await work.send();
      const [, asked] = backend.call.mock.calls.at(-2)!;
      return asked.operation.gift;
    };
    expect([await gift(true, "Yes"), await gift(true, "no"), await gift(false, "yes")]).toEqual([
      true,
      false,
      false,
    ]);
    expect(parts.map((part) => part.lines[0]!.gift)).toEqual(["Yes", "no", "yes"]);
  });

  it("sends fewer lines at once where they are long", async () => {
    const work = new AccountsImport();
    const long = "x".repeat(1_000);
    await work.choose(file(`plan,notes\n${`Month,${long}\n`.repeat(600)}`));
    await work.send();
    expect(parts.map((part) => part.lines.length)).toEqual([248, 248, 104]);
    expect(parts.map((part) => part.first)).toEqual([1, 249, 497]);
  });

  it("reads what was chosen last, however long the file before it takes", async () => {
    const work = new AccountsImport();
    let answer: (bytes: unknown) => void = () => undefined;
    const slow = { name: "slow.csv", size: 1, arrayBuffer: () => new Promise((done) => (answer = done)) };
    const first = work.choose(slow as unknown as File);
    await work.choose(file("plan\nMonth\n"));
    answer(new TextEncoder().encode("plan\nYear\nYear\n").buffer);
    await first;
    expect(work.file?.lines.map((line) => line.plan)).toEqual(["Month"]);
  });

  it("goes on under the same id where the answer was lost", async () => {
    const work = new AccountsImport();
    await work.choose(file(text));
    const answer = backend.call.getMockImplementation()!;
    backend.call.mockImplementation(async (command: string, args: AddBulkLines) => {
      if (command === "add_bulk_lines" && args.first === 501)
        throw new CallError({ code: "server_unreachable", detail: "away" });
      return answer(command, args);
    });
    expect(await work.send()).toBeUndefined();
    expect([work.error?.code, work.sent]).toEqual(["server_unreachable", 500]);
    backend.call.mockImplementation(answer);
    expect(await work.send()).toBeDefined();
    expect(parts.map((part) => part.first)).toEqual([1, 501, 1_001]);
    expect(new Set(parts.map((part) => part.bulk_id)).size).toBe(1);
  });

  it("leads nowhere when it was stopped while its last part was on its way", async () => {
    const work = new AccountsImport();
    await work.choose(file("plan\nMonth\n"));
    const answer = backend.call.getMockImplementation()!;
    backend.call.mockImplementation(async (command: string, args: AddBulkLines) => {
      if (command === "add_bulk_lines") void work.stop();
      return answer(command, args);
    });
    expect(await work.send()).toBeUndefined();
    expect(backend.call).toHaveBeenCalledWith("cancel_bulk", { bulk_id: parts[0]!.bulk_id });
  });

  it("leaves nothing half sent behind when it is stopped, and reads nothing that is no text", async () => {
    const work = new AccountsImport();
    await work.choose(file(text));
    const answer = backend.call.getMockImplementation()!;
    backend.call.mockImplementation(async (command: string, args: AddBulkLines) => {
      if (command === "add_bulk_lines") void work.stop();
      return answer(command, args);
    });
    expect(await work.send()).toBeUndefined();
    expect(parts.length).toBe(1);
    expect(backend.call).toHaveBeenCalledWith("cancel_bulk", { bulk_id: parts[0]!.bulk_id });
    const odd = { name: "a.csv", size: 1, arrayBuffer: async () => new Uint8Array([0xe4]).buffer };
    await work.choose(odd as unknown as File);
    expect(work.problem).toContain("UTF-8");
    expect(work.file).toBeUndefined();
  });
});

describe("the file of passwords", () => {
  afterEach(() => backend.call.mockReset());

  it("is read no further once whoever asked for it has left", async () => {
    let answer: (page: unknown) => void = () => undefined;
    backend.call.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    const files = new CreatedFiles("b");
    const saving = files.passwords();
    files.stop();
    answer({ rows: [], next: "500" });
    await saving;
    expect(backend.call).toHaveBeenCalledOnce();
    expect([files.busy, files.error]).toEqual([undefined, undefined]);
  });
});

describe("a line that was tried", () => {
  it("names its columns before what is wrong with them", () => {
    const columns = ["plan", "max_connections"];
    expect(refusalWords({ code: "validation_failed", detail: "a; b", columns })).toBe(
      "Plan, Connections: a; b",
    );
  });

  it("would be created, and not changed", () => {
    expect([rowMark("planned", "create").word(), rowMark("done", "create").word()]).toEqual([
      "Would be created",
      "Created",
    ]);
    expect(rowMark("planned", "suspend").word()).toBe("Would be changed");
  });
});
