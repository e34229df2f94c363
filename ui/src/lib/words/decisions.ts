import type { CodeDecision } from "$lib/api/bindings/CodeDecision";
import { m } from "$lib/paraglide/messages";

interface Words {
  /** On the button that asks for it. */
  word: () => string;
  title: (serial: { serial: string }) => string;
  text: () => string;
  confirm: () => string;
  done: (serial: { serial: string }) => string;
  /** It cannot be taken back. */
  final: boolean;
}

export const DECISION_WORDS: Record<CodeDecision, Words> = {
  hold: {
    word: m.decide_hold,
    title: m.decide_hold_title,
    text: m.decide_hold_text,
    confirm: m.decide_hold_confirm,
    done: m.decide_hold_done,
    final: false,
  },
  approve: {
    word: m.decide_approve,
    title: m.decide_approve_title,
    text: m.decide_approve_text,
    confirm: m.decide_approve_confirm,
    done: m.decide_approve_done,
    final: false,
  },
  revoke: {
    word: m.decide_revoke,
    title: m.decide_revoke_title,
    text: m.decide_revoke_text,
    confirm: m.decide_revoke_confirm,
    done: m.decide_revoke_done,
    final: true,
  },
};
