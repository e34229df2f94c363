//! JSON bodies that Central reads.

use std::fmt::Debug;

use counterfoil_central_platform::http::JsonBody;
use counterfoil_wire::problem::Code;
use counterfoil_wire::{codes, credits, devices, leases, plans, public, push, resellers, sessions};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) fn run(bytes: &[u8]) {
    read::<sessions::LoginRequest>(bytes);
    read::<sessions::RefreshRequest>(bytes);
    read::<devices::EnrolDevice>(bytes);
    read::<leases::RequestLease>(bytes);
    read::<leases::RevokeLease>(bytes);
    read::<push::PushRequest>(bytes);
    read::<plans::SavePlan>(bytes);
    read::<resellers::SaveReseller>(bytes);
    read::<credits::MoveCredits>(bytes);
    read::<codes::CreateCode>(bytes);
    read::<codes::AdminCreateCode>(bytes);
    read::<codes::CodeReason>(bytes);
    read::<public::ActivationRequest>(bytes);
}

fn read<T: DeserializeOwned + Serialize + PartialEq>(bytes: &[u8]) {
    match JsonBody::<T>::from_bytes(bytes) {
        Ok(request) => {
            let written = serde_json::to_vec(&request).expect("plain data");
            let read = JsonBody::<T>::from_bytes(&written).unwrap_or_else(|_| panic!("its own bytes are refused"));
            assert!(read == request, "it reads back as something else");
            nothing_unread(bytes, &written);
            no_zero_byte(&serde_json::from_slice(&written).expect("its own bytes"));
        }
        Err(failure) => {
            assert!(matches!(failure.code(), Code::Malformed | Code::ValidationFailed), "{:?}", failure.code());
            crate::says_why(&failure.problem().detail);
        }
    }
}

/// What was sent and not understood would be silently dropped: every name that came in goes out again, or was null.
fn nothing_unread(sent: &[u8], written: &[u8]) {
    let (Ok(Value::Object(sent)), Ok(Value::Object(written))) =
        (serde_json::from_slice(sent), serde_json::from_slice(written))
    else {
        return;
    };
    for (name, value) in sent {
        assert!(value.is_null() || written.contains_key(&name), "{name} was dropped");
    }
}

/// No database is asked to keep one. The operations of a push are JSON in JSON, and looked at one by one.
fn no_zero_byte(value: &Value) {
    match value {
        Value::String(text) => assert!(!text.contains('\0'), "a zero byte came in"),
        Value::Array(items) => items.iter().for_each(no_zero_byte),
        Value::Object(members) => {
            assert!(!members.keys().any(|name| name.contains('\0')), "a zero byte came in");
            members.values().for_each(no_zero_byte);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// For [`crate::answers`], whose reader is the device.
pub(crate) fn reads_back<T: DeserializeOwned + Serialize + PartialEq + Debug>(bytes: &[u8]) {
    match serde_json::from_slice::<T>(bytes) {
        Ok(answer) => {
            let written = serde_json::to_vec(&answer).expect("plain data");
            assert_eq!(serde_json::from_slice::<T>(&written).expect("its own bytes"), answer);
        }
        Err(reason) => assert!(!reason.to_string().is_empty()),
    }
}
