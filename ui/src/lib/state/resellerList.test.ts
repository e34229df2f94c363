import { beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ResellersRequest } from "$lib/api/bindings/ResellersRequest";
import type { ResellerView } from "$lib/api/bindings/ResellerView";

import { ResellerList } from "./resellerList.svelte";

const reseller = (reseller_id: string, version: number) =>
  ({ reseller_id, version, username: `name-of-${reseller_id}` }) as ResellerView;

let rows: ResellerView[];
let asked: ResellersRequest[];

beforeEach(() => {
  rows = [];
  asked = [];
  useTransport({
    call: async (_command, args) => {
      asked.push(args as ResellersRequest);
      return { rows };
    },
    listen: () => () => undefined,
  });
});

it("shows what was saved, and leaves another one that is open", () => {
  const list = new ResellerList();
  list.count = 0;
  list.put(reseller("r1", 1));
  expect(list.open?.reseller_id).toBe("r1");
  expect(list.count).toBeUndefined();
  expect(list.revision).toBe(1);
  list.put(reseller("r2", 1));
  expect(list.open?.reseller_id).toBe("r1");
  list.put(reseller("r1", 2));
  expect(list.open?.version).toBe(2);
});

it("reads the open one again, and keeps it where it is gone", async () => {
  const list = new ResellerList();
  await list.reload();
  expect(asked).toEqual([]);
  list.open = reseller("r1", 1);
  rows = [reseller("r2", 1), reseller("r1", 5)];
  await list.reload();
  expect(asked[0]?.search).toBe("name-of-r1");
  expect(list.open.version).toBe(5);
  rows = [];
  await list.reload();
  expect(list.open.version).toBe(5);
});
