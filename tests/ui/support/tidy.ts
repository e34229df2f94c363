// After the last worker: what they shared goes.

import { rmSync } from "node:fs";

import { folderOf } from "./screens";

export default function tidy(): void {
  const shared = folderOf(process.pid);
  // The last two are there only if a build was broken off.
  for (const folder of [shared, `${shared}.making`, `${shared}.partial`]) {
    rmSync(folder, { recursive: true, force: true });
  }
}
