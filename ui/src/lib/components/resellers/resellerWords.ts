import type { DeviceStatus } from "$lib/api/bindings/DeviceStatus";
import type { ResellerStatus } from "$lib/api/bindings/ResellerStatus";
import type { SettlementMode } from "$lib/api/bindings/SettlementMode";
import { m } from "$lib/paraglide/messages";

export const MODE_WORDS: Record<SettlementMode, { word: () => string; help: () => string }> = {
  wholesale: { word: m.mode_wholesale, help: m.mode_wholesale_help },
  share: { word: m.mode_share, help: m.mode_share_help },
};

export const STATUS_WORDS: Record<ResellerStatus, () => string> = {
  active: m.status_active,
  suspended: m.r_suspended,
  inactive: m.r_inactive,
};

export const DEVICE_WORDS: Record<DeviceStatus, { word: () => string; tone: string }> = {
  active: { word: m.device_active, tone: "text-green" },
  quarantined: { word: m.device_quarantined, tone: "text-red" },
  retired: { word: m.device_retired, tone: "text-ink-3" },
};
