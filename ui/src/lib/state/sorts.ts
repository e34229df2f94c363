/** What a list is sorted by, and which way round. */
export interface Sort<By extends string> {
  by: By;
  descending: boolean;
}

/** A sort as the address has it: `created`, or `-created` the other way round. */
export function sortText({ by, descending }: Sort<string>): string {
  return descending ? `-${by}` : by;
}

/** Undefined where the address says nothing that this list can be sorted by. */
export function sortAmong<By extends string>(
  text: string | null,
  names: readonly By[],
): Sort<By> | undefined {
  const by = names.find((one) => one === text?.replace(/^-/, ""));
  return by === undefined ? undefined : { by, descending: text?.startsWith("-") ?? false };
}
