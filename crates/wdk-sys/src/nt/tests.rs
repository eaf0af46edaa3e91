//! That the statements are what they seem.

use super::functions::STATED_FUNCTIONS;
use super::layout::{PROVED_MEMBERS, PROVED_TYPES};
use super::status::STATUS_COUNT;
use super::*;

#[test]
fn every_status_has_a_name() {
    assert!(STATUS_NAMES.len() > 1000 && STATUS_NAMES.len() <= STATUS_COUNT);
}

#[test]
fn status_names_are_the_usual_ones() {
    assert_eq!(status_name(STATUS_SUCCESS), Some("STATUS_SUCCESS"));
    assert_eq!(status_name(STATUS_PENDING), Some("STATUS_PENDING"));
    assert_eq!(status_name(STATUS_INVALID_DEVICE_REQUEST), Some("STATUS_INVALID_DEVICE_REQUEST"));
    assert_eq!(status_name(0xC020_0203_u32.cast_signed()), Some("STATUS_WDF_PAUSED"));
    assert_eq!(status_name(0x7FFF_FFFF), None);
}

#[test]
fn status_severities() {
    assert!(NT_SUCCESS(STATUS_SUCCESS) && NT_SUCCESS(STATUS_PENDING));
    assert!(NT_WARNING(STATUS_BUFFER_OVERFLOW) && !NT_SUCCESS(STATUS_BUFFER_OVERFLOW));
    assert!(NT_ERROR(STATUS_UNSUCCESSFUL) && !NT_ERROR(STATUS_BUFFER_OVERFLOW));
}

#[test]
fn bit_fields_keep_their_neighbours() {
    let mut capabilities = DEVICE_CAPABILITIES::default();
    capabilities.set_Removable(1);
    capabilities.set_SurpriseRemovalOK(1);
    capabilities.set_Reserved(!0);
    assert_eq!((capabilities.Removable(), capabilities.EjectSupported()), (1, 0));
    assert_eq!(capabilities._bitfield_1, 1 << 4 | 1 << 9 | 0x1FF << 23);
    capabilities.set_Removable(0);
    assert_eq!(capabilities._bitfield_1, 1 << 9 | 0x1FF << 23);
}

#[test]
fn control_codes() {
    let code = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_NEITHER, FILE_ANY_ACCESS);
    assert_eq!(code, 0x0022_2003);
    assert_eq!(
        (DEVICE_TYPE_FROM_CTL_CODE(code), METHOD_FROM_CTL_CODE(code)),
        (FILE_DEVICE_UNKNOWN, METHOD_NEITHER)
    );
}

macro_rules! count {
    (nt; $( $(#[$meta:meta])* fn $name:ident ( $($params:tt)* ) -> $ret:ty {
        module: $module:literal; irql: $min:ident ..= $max:ident; optional: $($optional:ident),*;
    } )*) => {
        const STATED: &[(&str, &str, u32, u32)] = &[ $( (stringify!($name), $module, $min, $max) ),* ];
    };
}
crate::nt_functions!(count);

#[test]
fn functions_are_stated_once_and_come_from_the_kernel() {
    assert_eq!(STATED.len(), STATED_FUNCTIONS);
    for (position, (name, module, min, max)) in STATED.iter().enumerate() {
        assert!(["ntoskrnl.exe", "HAL.dll", "WDFLDR.SYS"].contains(module), "{name}: {module}");
        assert!(min <= max, "{name}");
        assert!(!STATED[position + 1..].iter().any(|(other, ..)| other == name), "{name} twice");
    }
}

#[test]
fn layouts_are_proved_for_every_type_and_member_of_the_table() {
    let proofs = include_str!("layout.rs");
    assert_eq!(proofs.matches("assert!(size_of::<").count(), PROVED_TYPES);
    assert_eq!(proofs.matches("assert!(offset_of!(").count(), PROVED_MEMBERS);
    assert_eq!((PROVED_TYPES, PROVED_MEMBERS), (128, 1283));
}
