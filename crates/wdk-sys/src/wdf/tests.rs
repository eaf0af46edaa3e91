//! The statement agrees with itself.

use super::wdffuncenum::{kmdf, umdf};
use super::*;

fn functions() -> impl Iterator<Item = &'static FunctionInfo> {
    FUNCTIONS.iter().flat_map(|header| header.iter())
}

fn minor(version: &str) -> u32 {
    version.split_once('.').and_then(|(_, minor)| minor.parse().ok()).expect("versions are MAJOR.MINOR")
}

/// Each index stands once, and the version that first had it fits the released counts.
fn check_table(
    count: usize,
    releases: &[(u32, u32)],
    index: impl Fn(&FunctionInfo) -> Option<(usize, &'static str)>,
) {
    let mut seen = vec![None; count];
    for function in functions() {
        let Some((index, since)) = index(function) else { continue };
        assert_eq!(seen[index].replace(function.name), None, "{}", function.name);
        let first = releases.iter().find(|&&(_, released)| index < released as usize);
        assert_eq!(first.map(|&(minor, _)| minor), Some(minor(since)), "{} is at {index}", function.name);
    }
    assert!(seen.iter().all(Option::is_some), "every index has a function");
}

#[test]
fn kmdf_has_458_functions_at_their_indices() {
    check_table(458, kmdf::RELEASES, |function| function.kmdf);
}

#[test]
fn umdf_has_274_functions_at_their_indices() {
    check_table(274, umdf::RELEASES, |function| function.umdf);
}

#[test]
fn the_index_enumerations_agree_with_the_statement() {
    let find = |name: &str| functions().find(|function| function.name == name).expect("it is stated");
    let kmdf_index = |name| find(name).kmdf.map(|(index, _)| index as i32);
    let umdf_index = |name| find(name).umdf.map(|(index, _)| index as i32);
    assert_eq!(kmdf_index("WdfRequestComplete"), Some(kmdf::_WDFFUNCENUM::WdfRequestCompleteTableIndex));
    assert_eq!(kmdf_index("WdfIoQueueCreate"), Some(kmdf::_WDFFUNCENUM::WdfIoQueueCreateTableIndex));
    assert_eq!(umdf_index("WdfIoQueueCreate"), Some(umdf::_WDFFUNCENUM::WdfIoQueueCreateTableIndex));
    assert_eq!(kmdf::_WDFFUNCENUM::WdfFunctionTableNumEntries, 458);
    assert_eq!(umdf::_WDFFUNCENUM::WdfFunctionTableNumEntries, 274);
}

#[test]
fn ceilings_are_levels() {
    for function in functions() {
        assert!(function.min_irql <= function.max_irql, "{}", function.name);
        assert!(function.strict_irql.is_none_or(|strict| strict < function.max_irql), "{}", function.name);
    }
}

#[test]
fn layouts_are_proved_in_full() {
    assert_eq!(layout::PROVED, (88, 634));
    assert_eq!((kmdf::STRUCTURES.len(), umdf::STRUCTURES.len()), (81, 78));
}

#[test]
fn initialisers_start_from_zero_and_set_what_c_sets() {
    let mut config =
        WDF_IO_QUEUE_CONFIG { EvtIoRead: None, AllowZeroLengthRequests: 1, ..Default::default() };
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(
        &mut config,
        _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchParallel,
    );
    assert_eq!((config.Size, config.DefaultQueue, config.AllowZeroLengthRequests), (96, 1, 0));
    assert_eq!(config.PowerManaged, _WDF_TRI_STATE::WdfUseDefault);
    // SAFETY: the union has one member.
    assert_eq!(unsafe { config.Settings.Parallel.NumberOfPresentedRequests }, u32::MAX);
    WDF_IO_QUEUE_CONFIG_INIT(&mut config, _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchSequential);
    // SAFETY: as above.
    assert_eq!(unsafe { config.Settings.Parallel.NumberOfPresentedRequests }, 0);

    let mut packet = WDF_USB_CONTROL_SETUP_PACKET::default();
    WDF_USB_CONTROL_SETUP_PACKET_INIT_VENDOR(
        &mut packet,
        _WDF_USB_BMREQUEST_DIRECTION::BmRequestDeviceToHost,
        _WDF_USB_BMREQUEST_RECIPIENT::BmRequestToInterface,
        0x42,
        0x1234,
        1,
    );
    // SAFETY: eight bytes of any value.
    assert_eq!(unsafe { packet.Generic.Bytes }, [0b1100_0001, 0x42, 0x34, 0x12, 1, 0, 0, 0]);
}
