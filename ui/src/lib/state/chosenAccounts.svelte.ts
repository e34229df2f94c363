/** Accounts that were chosen one by one, on their way from the list to the page that changes many. */
class ChosenAccounts {
  ids = $state.raw<string[]>([]);
}

export const chosenAccounts = new ChosenAccounts();

/** Of Central: more are taken from a list. */
export const MOST_CHOSEN = 5_000;
