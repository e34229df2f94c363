/**
 * The core writes an absent value as null; in the generated types it is a missing property. Makes what came
 * fit the types: properties that are null are taken away, all the way down. A bare null stays null.
 */
export function dropNulls<T>(value: T): T {
  if (Array.isArray(value)) {
    value.forEach(dropNulls);
  } else if (typeof value === "object" && value !== null) {
    const record = value as Record<string, unknown>;
    for (const key of Object.keys(record)) {
      if (record[key] === null) delete record[key];
      else dropNulls(record[key]);
    }
  }
  return value;
}
