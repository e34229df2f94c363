/** The groups of a code as they are read aloud: "PM2D-ABCD-EFGH-JKMN" is four groups. */
export function codeGroups(code: string): string[] {
  const cleaned = code.trim();
  if (cleaned.includes("-")) return cleaned.split("-").filter((group) => group !== "");
  // A code without hyphens is a prefix and twelve symbols in fours.
  const body = cleaned.slice(-12);
  const prefix = cleaned.slice(0, -12);
  const groups = body.match(/.{1,4}/g) ?? [];
  return prefix ? [prefix, ...groups] : groups;
}

/** What a screen reader should say: symbol by symbol, with a rest between the groups. */
export function spokenCode(code: string): string {
  return codeGroups(code)
    .map((group) => [...group].join(" "))
    .join(", ");
}
