import { Once } from "./once.svelte";

/** Credit for a reseller below, or back from it, as it is being written. A closed sheet forgets neither it nor its id. */
export class FundForm {
  text = $state("");
  note = $state("");
  readonly once = new Once();
}
