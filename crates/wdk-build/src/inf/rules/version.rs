//! The rules of [Version], [Manufacturer] and the models sections.

use super::{E, Rule, W, rules};

rules! {
    LIST = VERSION_RULES;
    NO_VERSION = 9101, "no [Version]", [E, E, E, E],
        "Windows does not accept the file as an INF.",
        "Add [Version] with Signature, Class, ClassGuid, Provider, CatalogFile, DriverVer and PnpLockdown.";
    BAD_SIGNATURE = 9102, "Signature is missing or wrong", [E, E, E, E],
        "Windows accepts a file as an INF only with the signature \"$Windows NT$\" (or \"$Chicago$\").",
        "Write `Signature = \"$Windows NT$\"`.";
    NO_PROVIDER = 9103, "Provider is missing", [E, E, E, E],
        "Plug and play requires a provider.",
        "Add `Provider = %Provider%`, and the string to [Strings].";
    NO_CLASS = 9104, "Class or ClassGuid is missing", [E, E, E, E],
        "Plug and play installs a device into a setup class. It requires the name and the GUID of the class.",
        "Add both, such as `Class = System` and `ClassGuid = {4d36e97d-e325-11ce-bfc1-08002be10318}`.";
    BAD_CLASS_GUID = 9105, "ClassGuid is no GUID", [E, E, E, E],
        "A GUID has 32 hexadecimal digits in braces: {xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}.",
        "Correct it.";
    CLASS_MISMATCH = 9106, "Class and ClassGuid do not belong together", [E, E, E, E],
        "The GUID decides, so the device lands in another class than the name says.",
        "Use the name and the GUID of one class. A class of your own needs a name and a GUID that are new.";
    NO_DRIVER_VERSION = 9107, "DriverVer is missing", [E, E, E, E],
        "Windows ranks drivers by date and version. The directive is required.",
        "Add `DriverVer = mm/dd/yyyy,w.x.y.z`, or let `cargo driver inf stamp` do it.";
    BAD_DRIVER_DATE = 9108, "date in DriverVer is wrong", [E, E, E, E],
        "The date is month, day and year: mm/dd/yyyy. In another order it is another day, or none.",
        "Write it as mm/dd/yyyy, with four digits for the year.";
    BAD_DRIVER_VERSION = 9109, "version in DriverVer is missing or wrong", [E, E, E, E],
        "The version is w.x.y.z; each number is 65535 at most.",
        "Write it as w.x.y.z.";
    BAD_CATALOG_NAME = 9111, "CatalogFile is no name of a catalog", [E, E, E, E],
        "The catalog lies beside the INF. Its name ends with .cat and has no directory.",
        "Write `CatalogFile = name.cat`.";
    GIVEN_TWICE = 9112, "directive is given twice", [W, W, W, W],
        "Windows uses the first one. The values differ.",
        "Remove one of them.";
    NOT_STAMPED = 9113, "placeholder is not stamped", [E, E, E, E],
        "Windows does not know placeholders: this is an INX file, not an INF file.",
        "Stamp the file with `cargo driver inf stamp`.";
    LONG_CLASS_NAME = 9114, "class name is too long", [E, E, E, E],
        "The name of a setup class can have 32 characters.",
        "Shorten it.";
    NO_CLASS_INSTALL = 9115, "class is not installed", [W, W, W, W],
        "The class is none of the system's, and the file does not install it. On a computer that does not have the class, the device is not installed into it as meant.",
        "Add [ClassInstall32] with an AddReg of the class's name, or use a class of the system's.";
    NOTHING_TO_INSTALL = 9201, "file installs nothing", [E, E, E, E],
        "There is neither [Manufacturer] nor [DefaultInstall] nor [ClassInstall32].",
        "Add [Manufacturer] and a models section for devices.";
    BAD_DECORATION = 9202, "decoration is malformed", [E, E, E, E],
        "The form is NT[architecture][.[major][.[minor][.[product type][.[suite mask][.[build]]]]]]. Windows ignores what it does not understand.",
        "Correct it, such as NTamd64.10.0...16299.";
    EARLY_BUILD = 9203, "build is older than the decoration", [E, E, E, E],
        "Windows understands build numbers in decorations since build 14310. An older one never matches.",
        "Use build 14310 or later, or leave the build out.";
    NO_HARDWARE_ID = 9204, "device without a hardware ID", [E, E, E, E],
        "A line of a models section is `description = install section, hardware ID`. Without an ID Windows never picks it.",
        "Add the hardware ID.";
    BAD_HARDWARE_ID = 9205, "hardware ID is malformed", [E, E, E, E],
        "A hardware ID has printable ASCII characters, no blanks, no empty part between backslashes, and 199 characters at most. Windows never reports another, so the device is never found.",
        "Correct it.";
    SUSPICIOUS_HARDWARE_ID = 9206, "hardware ID does not have its bus's form", [W, W, W, W],
        "PCI has VEN_ and DEV_, USB has VID_ and PID_, each with four hexadecimal digits. Another ID is never reported by that bus.",
        "Correct it.";
    SAME_HARDWARE_ID = 9207, "hardware ID is listed twice", [W, W, W, W],
        "Both lines match the device; which one is used is not defined.",
        "Remove one of them.";
    TOO_MUCH = 9301, "too much to judge", [W, W, W, W],
        "An installation needs more than 64 sections, or there are more than 10000 findings. The rest is not judged.",
        "Mend what is found, and check again; or join sections.";
}
