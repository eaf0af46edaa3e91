//! The rules of services, frameworks, interfaces, the registry and strings.

use super::{E, I, Rule, W, rules};

rules! {
    LIST = INSTALL_RULES;
    BAD_SERVICE_FLAGS = 9501, "flags of AddService are wrong", [E, E, E, E],
        "The flags are a number of SPSVCINST_… bits: 0x2 for the service of the device.",
        "Write 0x00000002 for a function driver, and nothing for a filter driver.";
    BAD_SERVICE_TYPE = 9502, "ServiceType is missing or wrong", [E, E, E, E],
        "The service control manager requires it: 1 for a kernel driver, 2 for a file system driver, 0x10 or 0x20 for a program.",
        "Write `ServiceType = 1`.";
    BAD_START_TYPE = 9503, "StartType is missing or wrong", [E, E, E, E],
        "The service control manager requires it: 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled. Drivers of devices start on demand.",
        "Write `StartType = 3`.";
    BAD_ERROR_CONTROL = 9504, "ErrorControl is missing or wrong", [E, E, E, E],
        "The service control manager requires it: 0 ignore, 1 normal, 2 severe, 3 critical.",
        "Write `ErrorControl = 1`.";
    NO_SERVICE_BINARY = 9505, "ServiceBinary is missing or wrong", [E, E, E, E],
        "It is the path of the program, with a DIRID for its directory.",
        "Write `ServiceBinary = %13%\\name.sys`.";
    BINARY_NOT_COPIED = 9506, "ServiceBinary is not what is copied", [E, E, E, E],
        "The service starts a file that the package does not put there.",
        "Copy the file, and use its directory: %13% for files whose destination is DIRID 13.";
    TWO_SERVICES = 9507, "two services for one device", [E, E, E, E],
        "One service only can be the one of the device (SPSVCINST_ASSOCSERVICE, 0x2).",
        "Leave the flag away from the others.";
    NO_SERVICE_NAME = 9508, "AddService is incomplete", [E, E, E, E],
        "The form is `AddService = name, flags, service-install section`. Without a name the flag has to be 2, which means no function driver.",
        "Add what is missing.";
    UNKNOWN_SERVICE_DIRECTIVE = 9509, "unknown directive in a service-install section", [W, W, W, W],
        "Windows ignores it.",
        "Correct its name.";
    UNKNOWN_KMDF_SERVICE = 9601, "KmdfService names no service of the section", [E, E, E, E],
        "The framework library is bound to the service of this name. The Services section of the same DDInstall section has to add it.",
        "Use the name that stands in AddService.";
    BAD_LIBRARY_VERSION = 9602, "library version is missing or wrong", [E, E, E, E],
        "KmdfLibraryVersion is major.minor (1.15), UmdfLibraryVersion is major.minor.0 (2.15.0).",
        "Write the version that the driver is made for, or the placeholder $KMDFVERSION$ or $UMDFVERSION$.";
    NO_SERVICE_ORDER = 9603, "UmdfServiceOrder is missing or wrong", [E, E, E, E],
        "It lists the UmdfService names of the section from the lowest driver up, once, even for a single driver.",
        "Add `UmdfServiceOrder = name`.";
    INCOMPLETE_WDF_SERVICE = 9604, "KmdfService or UmdfService is incomplete", [E, E, E, E],
        "The form is `KmdfService = name, section`.",
        "Add what is missing.";
    NO_REFLECTOR = 9605, "UMDF driver without the reflector", [W, W, W, W],
        "A UMDF driver is reached through WUDFRd. The Services section of the device has to install it.",
        "Add `Include = WUDFRD.inf` and `Needs = WUDFRD.NT.Services` to the Services section.";
    BAD_UMDF_VALUE = 9606, "UMDF directive has an unknown value", [E, E, E, E],
        "The framework knows certain words for this directive, and ignores others.",
        "Use one of the words that the message lists.";
    BAD_REGISTRY_ROOT = 9701, "registry root is unknown", [E, E, E, E],
        "The roots are HKR, HKLM, HKCR, HKCU and HKU. Windows skips the line.",
        "Use HKR.";
    BAD_REGISTRY_FLAGS = 9702, "registry flags are no number", [E, E, E, E],
        "The flags are a number of FLG_ADDREG_… or FLG_DELREG_… bits: 0x00010001 for a DWORD, nothing for a string.",
        "Write the number.";
    BAD_DWORD = 9703, "value is no DWORD", [E, E, E, E],
        "The flags say REG_DWORD (0x00010001). Its value is one number of 32 bits, or four bytes.",
        "Write a number, or correct the flags.";
    BAD_INTERFACE_GUID = 9801, "interface class is no GUID", [E, E, E, E],
        "AddInterface takes the GUID of a device interface class, in braces.",
        "Correct it.";
    UNUSED_STRING = 9901, "string is not used", [I, I, I, I],
        "No %token% of the file names the string.",
        "Remove it.";
    DEFINED_TWICE = 9902, "string is defined twice", [W, W, W, W],
        "Windows uses the first one. The values differ.",
        "Remove one of them.";
    BAD_LANGUAGE = 9903, "language of a strings section is wrong", [W, W, W, W],
        "The section is called [Strings.LanguageID], with four hexadecimal digits: [Strings.0407] for German. Windows ignores another.",
        "Correct the number.";
    NOT_IN_DEFAULT_STRINGS = 9904, "string is missing in [Strings]", [W, W, W, W],
        "A language has the string, but [Strings] has not. In other languages the token stays as it stands.",
        "Add it to [Strings].";
}
