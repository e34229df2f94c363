import { describe, expect, it } from "vitest";

import { errorWords, KNOWN_CODES, reasonWords } from "./errors";

/** Every code the core may answer. */
const CODES =
  `insufficient_lease insufficient_credit lease_expired no_lease quantity_out_of_range invalid_email
plan_unknown not_permitted not_granted not_signed_in invalid_credentials second_factor_needed second_factor_wrong second_factor_not_set_up password_change_needed last_super_admin locked_out rate_limited server_unreachable server_error
server_untrusted server_incompatible not_found conflict validation_failed already_activated already_voided disk_full
storage_failed vault_unavailable vault_wrong_passphrase passphrase_too_short key_missing device_forked
device_quarantined lease_revoked lease_limit held clock_implausible username_taken email_taken mac_taken account_limit trial_limit api_key_limit payout_too_small body_too_large portal_unavailable portal_not_set_up sent_not_logged internal
no_answer`.split(/\s+/);

const unknown = reasonWords("a_code_of_the_future");

describe("errorWords", () => {
  it.each(CODES)("has words of its own for %s", (code) => {
    const words = reasonWords(code);
    expect(words.what).not.toBe(unknown.what);
    expect(words.what.length).toBeGreaterThan(10);
    expect(words.remedy.length).toBeGreaterThan(10);
    // A missing message would show its key.
    expect(words.what + words.remedy).not.toContain("error_");
  });

  it.each(["order_unknown", "order_moved", "fulfilment_refused"])(
    "has words of its own for a delivery that was refused: %s",
    (code) => {
      const words = reasonWords(code);
      expect(words.what).not.toBe(unknown.what);
      expect(words.remedy.length).toBeGreaterThan(10);
      expect(words.what + words.remedy).not.toContain("error_");
    },
  );

  it("has words of its own for an account that Central does not have on the portal", () => {
    const words = reasonWords("account_unknown");
    expect(words.what).not.toBe(unknown.what);
    expect(words.what).toContain("did not take this");
    expect(words.remedy).toContain("Portals page");
  });

  it("knows no code that the core does not have", () => {
    expect(KNOWN_CODES.filter((code) => !CODES.includes(code))).toEqual([]);
  });

  it("says what is needed, what there is and what to do", () => {
    const { what, remedy } = errorWords({
      code: "insufficient_lease",
      detail: "",
      needed: { value: 90, unit: "credits" },
      available: { value: 60, unit: "credits" },
    });
    expect(what).toMatch(/90.credits/);
    expect(what).toMatch(/60.credits/);
    expect(remedy).toMatch(/lease/);
    expect(remedy).toMatch(/top-up/);
  });

  it("never shows an empty amount when the figures are missing", () => {
    expect(errorWords({ code: "insufficient_credit", detail: "" }).what).not.toContain("undefined");
  });

  it("still says something for a code it does not know", () => {
    expect(unknown.what).not.toBe("");
    expect(unknown.remedy).not.toBe("");
  });
});
