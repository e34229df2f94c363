import { m } from "$lib/paraglide/messages";

const LONGEST_USERNAME = 50;

/** What is wrong with a user name as it is typed; its letters are judged by Central. */
export function usernameProblem(typed: string): string | undefined {
  const username = typed.trim();
  return username === "" || username.length > LONGEST_USERNAME ? m.username_required() : undefined;
}
