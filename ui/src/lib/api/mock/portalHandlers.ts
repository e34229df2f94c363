import type { Commands } from "../commands";
import type { MockPortals } from "./portals";

/** Portals, what differs there, the jobs at them, boxes and messages. */
export function portalHandlers(portals: () => MockPortals) {
  const job = (id: string) => portals().withJob(id).job(id)!;

  return {
    portals_list: () => portals().list(),
    save_portal: (form: Commands["save_portal"]["args"]) => portals().save(form),
    probe_portal: ({ portal_id }: Commands["probe_portal"]["args"]) => portals().probe(portal_id),
    portal_choices: ({ portal_id }: Commands["portal_choices"]["args"]) => portals().choices(portal_id),
    portal_accounts: (request: Commands["portal_accounts"]["args"]) =>
      portals().accounts(request.portal_id).page(request),
    retry_portal_accounts: ({ portal_id, which }: Commands["retry_portal_accounts"]["args"]) => ({
      accounts: portals()
        .accounts(portal_id)
        .retry(which === "all" ? undefined : which.these),
    }),
    adopt_portal_account: ({ portal_id, account_id }: Commands["adopt_portal_account"]["args"]) =>
      portals().accounts(portal_id).adopt(account_id),
    portal_drift: ({ portal_id }: Commands["portal_drift"]["args"]) => portals().drift(portal_id).report(),
    drift_rows: (request: Commands["drift_rows"]["args"]) => portals().drift(request.portal_id).rows(request),
    portal_jobs: ({ portal_id }: Commands["portal_jobs"]["args"]) => portals().drift(portal_id).jobs(),
    portal_job: ({ job_id }: Commands["portal_job"]["args"]) => job(job_id).view(),
    sync_portal: ({ portal_id, job_id, everything }: Commands["sync_portal"]["args"]) =>
      portals().drift(portal_id).sync(job_id, everything),
    push_assignments: ({ portal_id, job_id }: Commands["push_assignments"]["args"]) =>
      portals().drift(portal_id).push(job_id),
    cancel_job: ({ job_id }: Commands["cancel_job"]["args"]) => job(job_id).cancel(),
    resume_job: ({ job_id }: Commands["resume_job"]["args"]) => job(job_id).resume(),
    confirm_job: ({ job_id }: Commands["confirm_job"]["args"]) => job(job_id).confirm(),
    undo_job: ({ job_id, undo_id }: Commands["undo_job"]["args"]) =>
      portals().withJob(job_id).undo(job(job_id), undo_id),
    preview_repair: (request: Commands["preview_repair"]["args"]) =>
      portals().drift(request.portal_id).preview(request),
    repair_drift: (request: Commands["repair_drift"]["args"]) =>
      portals().drift(request.portal_id).repair(request),
    portal_box: ({ portal_id, account_id }: Commands["portal_box"]["args"]) =>
      portals().box(portal_id, account_id),
    act_on_box: (asked: Commands["act_on_box"]["args"]) => portals().act(asked),
    portal_reach: ({ portal_id, to }: Commands["portal_reach"]["args"]) =>
      portals().sendings(portal_id, true).reach(to),
    start_sending: (asked: Commands["start_sending"]["args"]) =>
      portals().sendings(asked.portal_id, true).start(asked),
    portal_sendings: ({ portal_id }: Commands["portal_sendings"]["args"]) =>
      portals().sendings(portal_id).page(),
    sending: ({ sending_id }: Commands["sending"]["args"]) =>
      portals().sendingsWith(sending_id).one(sending_id),
    cancel_sending: ({ sending_id }: Commands["cancel_sending"]["args"]) =>
      portals().sendingsWith(sending_id).cancel(sending_id),
  };
}
