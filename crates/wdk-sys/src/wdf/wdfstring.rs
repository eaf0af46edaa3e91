//! String objects.
//!
//! DDI header: `wdfstring.h`.

#[allow(unused_imports)]
use super::*;

/// The functions of `wdfstring.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfstring_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfstring;
        fn WdfStringCreate(
            UnicodeString: PCUNICODE_STRING,
            StringAttributes: PWDF_OBJECT_ATTRIBUTES,
            String: *mut WDFSTRING,
        ) -> NTSTATUS {
            kmdf: 308, 1.0; umdf: 188, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: UnicodeString, StringAttributes; must_use;
        }
        fn WdfStringGetUnicodeString(String: WDFSTRING, UnicodeString: PUNICODE_STRING) -> () {
            kmdf: 309, 1.0; umdf: 189, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
    } };
}
wdfstring_functions!(crate::wdf::declare_functions);

