//! The operator's staff, passwords, locked names and blocked devices.

use counterfoil_domain::permission::StaffRole;
use counterfoil_wire::sessions::Audience;
use counterfoil_wire::{devices, sessions, staff};

use super::{AT, id};

pub(crate) fn staff_member() -> staff::StaffMember {
    staff::StaffMember {
        staff_id: id(45),
        version: 3,
        username: "nina".into(),
        full_name: "Nina Sample".into(),
        email: "nina@example.org".into(),
        role: StaffRole::Finance,
        active: true,
        must_change_password: false,
        created_at: AT,
        last_login_at: Some(AT),
    }
}

pub(crate) fn create_staff() -> staff::CreateStaff {
    staff::CreateStaff {
        staff_id: id(45),
        username: "nina".into(),
        full_name: "Nina Sample".into(),
        email: "nina@example.org".into(),
        role: StaffRole::Finance,
        password: Some("correct horse".into()),
    }
}

pub(crate) fn save_staff() -> staff::SaveStaff {
    staff::SaveStaff {
        version: 3,
        full_name: "Nina Sample".into(),
        email: "nina@example.org".into(),
        role: StaffRole::Admin,
    }
}

pub(crate) fn staff_version() -> staff::StaffVersion {
    staff::StaffVersion { version: 3 }
}

pub(crate) fn staff_with_password() -> staff::StaffWithPassword {
    staff::StaffWithPassword { staff: staff_member(), password: Some("correct horse".into()) }
}

pub(crate) fn change_password() -> sessions::ChangePassword {
    sessions::ChangePassword { current_password: "correct horse".into(), new_password: "correct horse battery".into() }
}

pub(crate) fn locked_name() -> sessions::LockedName {
    sessions::LockedName {
        audience: Audience::Reseller,
        username: "corner-shop".into(),
        reseller_name: Some("Corner Shop".into()),
        since: AT,
        until: AT.plus_ms(900_000),
        tries: 10,
    }
}

pub(crate) fn block_device() -> devices::BlockDevice {
    devices::BlockDevice { reason: "stolen from the counter".into() }
}
