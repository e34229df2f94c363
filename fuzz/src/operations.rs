//! One operation of a device's log.

use counterfoil_domain::oplog::{Op, SCHEMA};

pub(crate) fn run(bytes: &[u8]) {
    match Op::from_bytes(bytes) {
        Ok(op) => {
            assert!(op.schema <= SCHEMA);
            let written = op.to_bytes();
            let read = Op::from_bytes(&written).expect("its own bytes");
            assert_eq!(read, op);
            assert_eq!(read.to_bytes(), written, "two texts for one operation");
        }
        Err(reason) => crate::says_why(&reason),
    }
}
