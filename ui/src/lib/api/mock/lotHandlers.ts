import type { CodeJobsPage } from "../bindings/CodeJobsPage";
import type { LotRights } from "../bindings/LotRights";
import type { PlanView } from "../bindings/PlanView";
import type { Commands } from "../commands";
import type { MockResellers } from "./admin";
import { inventId } from "./invent";
import { allocate, changeRange, previewAllocation, previewRange } from "./lotRanges";
import { MockLots } from "./lots";
import type { Switches } from "./switches";

/** The commands of the Lots page. */
export function lotHandlers(world: () => [Switches, PlanView[], MockResellers]) {
  let known: MockLots | undefined;
  const lots = () => {
    const [switches, plans] = world();
    known ??= new MockLots(plans, switches.role === "admin", switches.show === "empty", switches.long);
    return known;
  };
  const reseller = (id: string) => world()[2].rows.find((row) => row.reseller_id === id)!;
  return {
    lots_page: (request: Commands["lots_page"]["args"]) => lots().page(request),
    lot: ({ lot_id }: Commands["lot"]["args"]) => lots().detail(lot_id),
    lot_rights: (): LotRights => {
      const { role, show } = world()[0];
      return {
        role: role !== "clerk",
        granted: role === "admin" || show !== "no_lease",
        ...(role === "admin" ? {} : { reseller_id: inventId(5, 0) }),
        most: 100,
        most_ordered: 1_000_000,
        most_in_a_file: 50_000,
      };
    },
    create_lot: (request: Commands["create_lot"]["args"]) => lots().create(request),
    preview_lot: (request: Commands["preview_lot"]["args"]) =>
      lots().preview(request, reseller(request.reseller_id)),
    order_lot: (request: Commands["order_lot"]["args"]) =>
      lots().order(request, request.reseller_id ? reseller(request.reseller_id) : undefined),
    preview_lot_change: (request: Commands["preview_lot_change"]["args"]) => lots().previewChange(request),
    change_lot: (request: Commands["change_lot"]["args"]) => lots().change(request),
    preview_allocation: (request: Commands["preview_allocation"]["args"]) =>
      previewAllocation(lots(), request, reseller(request.reseller_id)),
    allocate_codes: (request: Commands["allocate_codes"]["args"]) =>
      allocate(lots(), request, reseller(request.reseller_id)),
    preview_code_range: (request: Commands["preview_code_range"]["args"]) => previewRange(lots(), request),
    change_code_range: (request: Commands["change_code_range"]["args"]) => changeRange(lots(), request),
    cancel_code_range: ({ job_ids }: Commands["cancel_code_range"]["args"]) => ({
      jobs: job_ids.map((job_id) => lots().job(job_id).cancel()),
    }),
    undo_code_range: ({ jobs }: Commands["undo_code_range"]["args"]) => ({
      jobs: jobs.map(({ job_id, undo_id }) => lots().undo(job_id, undo_id)),
    }),
    lot_file: ({ lot_id }: Commands["lot_file"]["args"]) => lots().file(lot_id),
    code_jobs_page: ({ after, limit }: Commands["code_jobs_page"]["args"]): CodeJobsPage => {
      const all = lots().jobs();
      all.sort((one, other) => other.started_at - one.started_at);
      const first = Number(after ?? 0);
      const rows = all.slice(first, first + limit);
      return first + limit < all.length ? { rows, next: String(first + limit) } : { rows };
    },
    code_job: ({ job_id }: Commands["code_job"]["args"]) => lots().job(job_id).view(),
    cancel_code_job: ({ job_id }: Commands["cancel_code_job"]["args"]) => lots().job(job_id).cancel(),
    resume_code_job: ({ job_id }: Commands["resume_code_job"]["args"]) => lots().job(job_id).resume(),
    undo_code_job: ({ job_id, undo_id }: Commands["undo_code_job"]["args"]) => lots().undo(job_id, undo_id),
  };
}
