import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { OperatorSettings } from "$lib/api/bindings/OperatorSettings";
import type { SaveOperatorSettings } from "$lib/api/bindings/SaveOperatorSettings";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";

import SettingsEditor from "./SettingsEditor.svelte";

const settings: OperatorSettings = {
  version: 3,
  operator_name: "Lumen Networks",
  time_zone: "Europe/Berlin",
  currency: "EUR",
  code_prefix: "PM2D",
  redeem_days: 365,
  support_email: "",
  support_phone: "",
  public_address: "",
  staff_second_factor: false,
};

let saves: SaveOperatorSettings[];
let failure: CallError | undefined;
const onsaved = vi.fn();
const onreload = vi.fn();

beforeEach(() => {
  saves = [];
  failure = undefined;
  onsaved.mockReset();
  onreload.mockReset();
  dropAllDrafts();
  useTransport({
    call: async (command, args) => {
      if (command !== "save_operator_settings") throw new CallError({ code: "not_found", detail: command });
      saves.push(args as SaveOperatorSettings);
      if (failure) throw failure;
      return { ...settings, version: 4 };
    },
    listen: () => () => undefined,
  });
});
afterEach(cleanup);

const show = () => render(SettingsEditor, { settings, onsaved, onreload });
const press = () => userEvent.click(screen.getByTestId("save-settings"));

async function type(testid: string, text: string) {
  const field = screen.getByTestId(testid);
  await userEvent.clear(field);
  if (text) await userEvent.type(field, text);
}

describe("the settings of the operator", () => {
  it("go back as they were read, with what was changed", async () => {
    show();
    await type("settings-days", "90");
    await type("settings-email", "help@lumen.example");
    await press();
    await waitFor(() => expect(onsaved).toHaveBeenCalledWith({ ...settings, version: 4 }));
    expect(saves).toEqual([
      expect.objectContaining({ version: 3, redeem_days: 90, support_email: "help@lumen.example" }),
    ]);
  });

  it("are not sent while a field is wrong", async () => {
    show();
    await type("settings-days", "7");
    await press();
    expect(await screen.findByText(/A whole number from 60 to 3,660/)).toBeTruthy();
    expect(saves).toEqual([]);
  });

  it("show the currency and say why it stays", () => {
    show();
    const currency = screen.getByTestId("settings-currency");
    expect(currency.textContent).toContain("EUR");
    expect(currency.textContent).toContain("cannot be changed");
  });

  it("offer the newer version where somebody else was first", async () => {
    failure = new CallError({ code: "conflict", detail: "Somebody changed the settings meanwhile." });
    show();
    await press();
    await userEvent.click(await screen.findByTestId("load-newer"));
    expect(onreload).toHaveBeenCalledOnce();
    expect(onsaved).not.toHaveBeenCalled();
  });
});
