import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PortalView } from "$lib/api/bindings/PortalView";
import type { SavePortal } from "$lib/api/bindings/SavePortal";
import type { Status } from "$lib/api/bindings/Status";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";
import { status } from "$lib/state/status.svelte";

import PortalEditor from "./PortalEditor.svelte";

const portal: PortalView = {
  portal_id: "p1",
  version: 3,
  name: "Main portal",
  address: "portal.example",
  user: "stalker",
  time_zone: "UTC",
  status: "active",
  plans: [],
  resellers: [{ reseller_id: "r1", remote_id: 7 }],
  accounts: { waiting: 0, agreed: 0, attention: 0 },
  look_every_hours: 24,
};
const untrusted = { der: "AAAA", sha256: "9f2c" };

let saves: SavePortal[];
let failure: CallError | undefined;
const onsaved = vi.fn();
const onreload = vi.fn();

beforeEach(() => {
  saves = [];
  failure = undefined;
  onsaved.mockReset();
  onreload.mockReset();
  dropAllDrafts();
  status.current = undefined;
  useTransport({
    call: async (command, args) => {
      if (command === "plans_list") return [];
      if (command !== "save_portal") throw new CallError({ code: "not_found", detail: command });
      saves.push(args as SavePortal);
      if (failure) throw failure;
      return { ...portal, version: 4 };
    },
    listen: () => () => undefined,
  });
});
afterEach(cleanup);

const show = (look = {}) =>
  render(PortalEditor, {
    portal,
    now: portal,
    look: { busy: false, ...look },
    others: [],
    onsaved,
    onreload,
    onlook: () => undefined,
  });

describe("PortalEditor", () => {
  it("sends no password unless one was typed, and keeps numbers it does not show", async () => {
    show();
    await userEvent.type(screen.getByTestId("portal-name"), " two");
    await userEvent.click(screen.getByTestId("save-portal"));
    await waitFor(() =>
      expect(onsaved).toHaveBeenCalledWith(expect.objectContaining({ version: 4 }), false, false),
    );
    expect(saves[0]).toMatchObject({ version: 3, name: "Main portal two", resellers: portal.resellers });
    expect(saves[0]).not.toHaveProperty("password");
  });

  it("keeps what was typed when it is closed, but no password", async () => {
    const { unmount } = show();
    await userEvent.type(screen.getByTestId("portal-name"), " two");
    await userEvent.type(screen.getByTestId("portal-password"), "another one");
    unmount();
    show();
    expect(screen.getByTestId("portal-name")).toHaveValue("Main portal two");
    expect(screen.getByTestId("portal-password")).toHaveValue("");
  });

  it("says that the way to the portal changed when a password was typed", async () => {
    show();
    await userEvent.type(screen.getByTestId("portal-password"), "another one");
    await userEvent.click(screen.getByTestId("save-portal"));
    await waitFor(() => expect(onsaved).toHaveBeenCalledWith(expect.anything(), true, false));
    expect(saves[0]?.password).toBe("another one");
  });

  it("says why it cannot be saved or looked at while Central is away, and keeps what is typed", async () => {
    status.current = { connection: { state: "offline", since: 0 } } as Status;
    show();
    await userEvent.type(screen.getByTestId("portal-name"), " two");
    for (const button of ["save-portal", "look-in-editor"]) {
      expect(screen.getByTestId(button)).toBeDisabled();
      expect(screen.getByTestId(button)).toHaveAttribute(
        "title",
        expect.stringContaining("needs the server"),
      );
    }
    status.current = { connection: { state: "online" } } as Status;
    await waitFor(() => expect(screen.getByTestId("save-portal")).toBeEnabled());
    expect(screen.getByTestId("portal-name")).toHaveValue("Main portal two");
  });

  it("offers the newer version after a conflict and keeps what was typed", async () => {
    failure = new CallError({ code: "conflict", detail: "version 4" });
    show();
    await userEvent.type(screen.getByTestId("portal-name"), " two");
    await userEvent.click(screen.getByTestId("save-portal"));
    await userEvent.click(await screen.findByRole("button", { name: "Load the newer version" }));
    expect(onreload).toHaveBeenCalledOnce();
    expect(screen.getByTestId("portal-name")).toHaveValue("Main portal two");
    expect(onsaved).not.toHaveBeenCalled();
  });

  it("says why the newer version could not be read", async () => {
    failure = new CallError({ code: "conflict", detail: "version 4" });
    onreload.mockRejectedValue(new CallError({ code: "server_unreachable", detail: "" }));
    const { container } = show();
    await userEvent.click(screen.getByTestId("save-portal"));
    await userEvent.click(await screen.findByRole("button", { name: "Load the newer version" }));
    await waitFor(() =>
      expect(
        container.querySelector("[data-testid=error-message][data-code=server_unreachable]"),
      ).not.toBeNull(),
    );
  });

  it("sends a new one again as it is while nobody knows whether it is there", async () => {
    const props = { portal: undefined, now: undefined, look: { busy: false }, others: [] };
    failure = new CallError({ code: "server_unreachable", detail: "" });
    render(PortalEditor, { ...props, onsaved, onreload, onlook: () => undefined });
    await userEvent.type(screen.getByTestId("portal-name"), "Main");
    await userEvent.type(screen.getByTestId("portal-address"), "portal.example");
    await userEvent.click(screen.getByTestId("save-portal"));
    await waitFor(() => expect(screen.getByTestId("save-portal-unknown")).toBeInTheDocument());
    expect(screen.getByTestId("portal-name")).toBeDisabled();
    failure = undefined;
    await userEvent.click(screen.getByTestId("save-portal"));
    await waitFor(() => expect(onsaved).toHaveBeenCalledWith(expect.anything(), true, true));
    expect(saves[1]).toEqual(saves[0]);
  });

  it("shows what Central says of a field beside the field", async () => {
    const fields = [{ field: "address", message: "it begins with ssh://" }];
    failure = new CallError({ code: "validation_failed", detail: "", fields });
    show();
    await userEvent.click(screen.getByTestId("save-portal"));
    await waitFor(() => expect(screen.getByTestId("portal-address")).toHaveAttribute("aria-invalid", "true"));
  });

  it("trusts a certificate only after a question, and not when saving fails", async () => {
    show({ untrusted });
    await userEvent.click(screen.getByTestId("trust-certificate"));
    expect(saves).toHaveLength(0);
    failure = new CallError({ code: "server_unreachable", detail: "" });
    const question = await screen.findByRole("alertdialog");
    const trust = Array.from(question.querySelectorAll("button")).at(-1)!;
    await userEvent.click(trust);
    await waitFor(() => expect(saves).toHaveLength(1));
    expect(saves[0]?.certificate).toBe("AAAA");
    await waitFor(() => expect(trust).toBeEnabled());
    expect(screen.queryByTestId("pinned-certificate")).toBeNull();
    failure = undefined;
    await userEvent.click(trust);
    await waitFor(() => expect(onsaved).toHaveBeenCalledWith(expect.anything(), true, false));
  });
});
