import type { AllocateCodes } from "../bindings/AllocateCodes";
import type { AllocatedLots } from "../bindings/AllocatedLots";
import type { AllocationPreview } from "../bindings/AllocationPreview";
import type { ChangeCodeRange } from "../bindings/ChangeCodeRange";
import type { CodeRangeJobs } from "../bindings/CodeRangeJobs";
import type { CodeRangePreview } from "../bindings/CodeRangePreview";
import type { Lot } from "../bindings/Lot";
import type { PreviewAllocation } from "../bindings/PreviewAllocation";
import type { PreviewCodeRange } from "../bindings/PreviewCodeRange";
import type { ResellerView } from "../bindings/ResellerView";
import { CallError } from "../error";
import type { MockLots } from "./lots";

interface Serials {
  serial_from: string;
  serial_to: string;
}

/** What lots have of a range, as Central tells it. */
function pieces(lots: MockLots, { serial_from, serial_to }: Serials, kept: boolean | undefined) {
  const [first, last] = [serial_from, serial_to].map((serial) => serial.split("-").map(Number)) as [
    [number, number],
    [number, number],
  ];
  const found = lots
    .numbered(first[0], last[0])
    .filter(
      (lot) =>
        (kept ?? lot.reseller_id === undefined) === (lot.reseller_id === undefined) && lot.last_seq > 0,
    )
    .map((lot: Lot) => ({
      lot,
      seq_from: Number(lot.number) === first[0] ? first[1] : 1,
      seq_to: Number(lot.number) === last[0] ? Math.min(last[1], lot.last_seq) : lot.last_seq,
    }))
    .filter((piece) => piece.seq_from <= piece.seq_to);
  if (found.length > 0) return found;
  const message = kept
    ? "the operator keeps no codes with these serials"
    : "no lot of a reseller has codes with these serials";
  throw new CallError({
    code: "validation_failed",
    detail: message,
    fields: [{ field: "serial_from", message }],
  });
}

export function previewAllocation(
  lots: MockLots,
  asked: PreviewAllocation,
  reseller: ResellerView,
): AllocationPreview {
  const found = pieces(lots, asked, true);
  const { unit, value } = reseller.balance;
  const amount = (sum: number) => ({ value: sum, unit });
  const parts = found.map(({ lot, seq_from, seq_to }) => {
    const codes = Math.min(lots.free(lot.lot_id), seq_to - seq_from + 1);
    return {
      stock_id: lot.lot_id,
      number: lot.number,
      seq_from,
      seq_to,
      codes,
      taken: seq_to - seq_from + 1 - codes,
      cost: amount(lot.term_days),
    };
  });
  const sum = parts.reduce((total, part) => total + part.codes * part.cost.value, 0);
  const available = value + reseller.credit_limit.value;
  return {
    plan_id: found[0]!.lot.plan_id,
    plan_name: found[0]!.lot.plan_name,
    codes: parts.reduce((all, part) => all + part.codes, 0),
    taken: parts.reduce((all, part) => all + part.taken, 0),
    total: amount(sum),
    balance: reseller.balance,
    available: amount(available),
    after: amount(value - sum),
    parts,
    ...(sum > available
      ? { refusal: { code: "insufficient_credit", detail: "You need more credits." } }
      : {}),
  };
}

export function allocate(lots: MockLots, asked: AllocateCodes, reseller: ResellerView): AllocatedLots {
  return {
    lots: asked.parts.map(({ stock_id, lot_id, job_id, codes }) =>
      lots.give(stock_id, lot_id, job_id, codes, reseller),
    ),
  };
}

export function previewRange(lots: MockLots, asked: PreviewCodeRange): CodeRangePreview {
  const parts = pieces(lots, asked, asked.change === "revoke" ? undefined : false).map(
    ({ lot, seq_from, seq_to }) => {
      const dry = lots.previewChange({ lot_id: lot.lot_id, change: asked.change, seq_from, seq_to });
      const { codes, changed, refused, gives_back } = dry;
      const { lot_id, number, company } = lot;
      return { lot_id, number, company, seq_from, seq_to, codes, changed, refused, gives_back };
    },
  );
  const back = parts.reduce((sum, part) => sum + part.gives_back.value, 0);
  return {
    codes: parts.reduce((all, part) => all + part.codes, 0),
    changed: parts.reduce((all, part) => all + part.changed, 0),
    gives_back: back > 0 ? [{ value: back, unit: parts[0]!.gives_back.unit }] : [],
    undoable: asked.change === "hold" || asked.change === "release",
    parts,
  };
}

export function changeRange(lots: MockLots, { change, parts, reason }: ChangeCodeRange): CodeRangeJobs {
  return { jobs: parts.map((part) => lots.change({ ...part, change, reason })) };
}
