// The anchor of the row `initial-sync-pouchdb`: the same rows as documents, from one local database to another.
//
//   node replicate.mjs fill DATABASE ROWS       ROWS: a JSON object a line, with its _id
//   node replicate.mjs replicate FROM TO        prints the seconds it took and the documents that came
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import PouchDB from "pouchdb";

const BATCH = 1_000;
const [command, first, second] = process.argv.slice(2);

if (command === "fill") {
  const database = new PouchDB(first);
  let batch = [];
  const put = async () => {
    const failed = (await database.bulkDocs(batch)).find((answer) => answer.error);
    if (failed) throw new Error(JSON.stringify(failed));
    batch = [];
  };
  for await (const line of createInterface({ input: createReadStream(second) })) {
    batch.push(JSON.parse(line));
    if (batch.length === BATCH) await put();
  }
  if (batch.length > 0) await put();
  await database.close();
} else if (command === "replicate") {
  const [from, to] = [new PouchDB(first), new PouchDB(second)];
  const started = performance.now();
  // Larger batches than it takes when nothing is said are no quicker.
  const { docs_written: documents } = await PouchDB.replicate(from, to);
  console.log(JSON.stringify({ seconds: (performance.now() - started) / 1_000, documents }));
  await Promise.all([from.close(), to.close()]);
} else {
  console.error("usage: replicate.mjs fill DATABASE ROWS | replicate FROM TO");
  process.exitCode = 2;
}
