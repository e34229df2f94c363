//! Invented values of the audit.

use counterfoil_wire::{audit, pull};
use uuid::Uuid;

use super::{AT, id};

pub(crate) fn audit_entry() -> audit::AuditEntry {
    audit::AuditEntry {
        audit_id: id(60),
        at: AT,
        actor: "staff".into(),
        actor_id: Some(Uuid::from_u128(8)),
        actor_name: Some("m.azadi".into()),
        action: "plan.edit".into(),
        subject_id: Some(Uuid::from_u128(5)),
        subject_name: Some("Month".into()),
        detail: r#"{"before":{"price":999},"after":{"price":1099}}"#.into(),
        address: "192.0.2.7".into(),
        seal: Some(audit::AuditSeal { seq: 812, previous_hash: "ab".repeat(32), hash: "cd".repeat(32) }),
    }
}

pub(crate) fn audit_chain() -> audit::AuditChain {
    audit::AuditChain {
        head: pull::ChainHead { seq: 812, hash: "cd".repeat(32) },
        waiting: 1,
        actions: vec!["plan.create".into(), "plan.edit".into()],
        contradictions: vec![audit::Contradiction {
            contradiction_id: id(61),
            device_id: id(2),
            device_name: "Till 2".into(),
            company: Some("Corner Shop".into()),
            seq: 640,
            told_hash: "ef".repeat(32),
            held_hash: None,
            at: AT,
        }],
    }
}

pub(crate) fn tell_checkpoints() -> audit::TellCheckpoints {
    let checkpoint = audit::AuditCheckpoint { epoch: id(7), seq: 640, hash: "ef".repeat(32) };
    audit::TellCheckpoints { checkpoints: vec![checkpoint] }
}

pub(crate) fn checkpoints_judged() -> audit::CheckpointsJudged {
    use audit::CheckpointVerdict::{Contradicted, LostInRestore, Same};
    let judged = [(Same, Some("ab".repeat(32))), (LostInRestore, None), (Contradicted, Some("cd".repeat(32)))];
    let judged = judged.map(|(verdict, held_hash)| audit::JudgedCheckpoint { verdict, held_hash });
    audit::CheckpointsJudged { checkpoints: judged.into() }
}
