//! The rules whose numbers Microsoft documents for InfVerif.

use super::{E, Rule, W, rules};

rules! {
    LIST = INFVERIF_RULES;
    COPIED_ELSEWHERE = 1100, "driver store file is copied elsewhere", [E, E, E, E],
        "A file with the destination DIRID 13 stays where the driver store put it: in the directory and under the name that it has in the package. An installation that moves or renames it there does not do what the INF says.",
        "Give the file the same name and the same subdirectory in [SourceDisksFiles], in [DestinationDirs] and in the CopyFiles section.";
    TOO_NEW_FOR_ITS_WINDOWS = 1199, "syntax is newer than the Windows that the section installs on", [W, W, E, E],
        "The section can be used by a Windows that does not know this syntax, where the driver then does not work. DIRID 13 came with build 16299, DDInstall.Components with 15063, DDInstall.Events with 17763.",
        "Add the build to the decoration in [Manufacturer] and to the name of the models section, such as NTamd64.10.0...16299.";
    SECTION_NOT_FOUND = 1203, "section not found", [E, E, E, E],
        "A directive names a section that the file does not have. Windows skips the directive.",
        "Add the section, or correct its name. A file name after CopyFiles needs an `@` in front of it.";
    PROVIDER_IS_MICROSOFT = 1204, "Provider cannot be Microsoft", [E, E, E, E],
        "Provider names whoever wrote the INF. Packages that name Microsoft are not accepted from others.",
        "Name your own organisation.";
    REFERENCED_BY_TWO_DIRECTIVES = 1205, "section is referenced by different directives", [W, W, W, W],
        "Two kinds of directives name one section, such as CopyFiles and DelFiles. Its lines then mean different things.",
        "Give each directive a section of its own, unless this is meant.";
    DEFAULT_INSTALL_WITH_MANUFACTURER = 1212, "both [DefaultInstall] and [Manufacturer]", [E, E, E, E],
        "A file installs either devices or itself.",
        "Remove one of the two, or make two INF files.";
    DEFINED_ELSEWHERE = 1220, "section of an included INF is referenced directly", [W, W, W, W],
        "The section is not in this file. A section of an included file can be reached by Needs only.",
        "Reach it with Needs, or add the section to this file.";
    SERVICES_KEY = 1221, "services key is written by its absolute path", [E, E, E, E],
        "The registry key of a service belongs to the service control manager. Values that are written there directly exist before the service and stay after it.",
        "Use HKR in an AddReg section of the service-install section.";
    FILE_NOT_IN_SOURCE = 1230, "file is missing in [SourceDisksFiles]", [E, E, E, E],
        "The file is copied, but nothing says where it is in the package. Sections such as [SourceDisksFiles.amd64] count for their architecture only.",
        "Add it: `name = diskid` in [SourceDisksFiles].";
    NO_CATALOG = 1233, "CatalogFile is missing", [W, W, E, E],
        "Without a catalog the package cannot be signed. Windows does not install unsigned drivers.",
        "Add `CatalogFile = name.cat` to [Version].";
    UNDEFINED_STRING = 1235, "string token is not defined in [Strings]", [E, E, E, E],
        "What stands between percent signs is the name of a string. Without one, the text is used as it stands.",
        "Define the token in [Strings]; for a percent sign write %%, as in %%SystemRoot%%.";
    CLASS_INSTALL_OF_MICROSOFT = 1285, "[ClassInstall32] for a class of Microsoft's", [E, E, E, E],
        "The system's own setup classes are installed. Since Windows 10 other packages may not change them.",
        "Remove [ClassInstall32] and its sections.";
    NO_SERVICE = 1296, "hardware has no service", [E, E, E, E],
        "Every DDInstall section of a device has to say which service drives the device, in its Services section.",
        "Add the Services section with `AddService = name, 2, section`; Include and Needs of the INF that has the service; or `AddService = , 2` for a device without a function driver.";
    INSTALLS_ON_NOTHING = 1297, "device driver installs on no device", [W, W, W, W],
        "There is no hardware ID in the file, so Windows never picks it for a device.",
        "Add a device with a hardware ID to a models section.";
    LEGACY_SECTION = 1300, "legacy section", [W, E, E, E],
        "The section runs code during the installation, or depends on the computer that it runs on. A universal INF does neither.",
        "Remove it: co-installers become components or services, and logical configurations are found by plug and play.";
    LEGACY_DIRECTIVE = 1301, "legacy directive", [W, E, E, E],
        "The directive depends on the state of the computer that it runs on. A universal INF only adds.",
        "Remove it.";
    LEGACY_OPERATION = 1302, "legacy operation on something outside of the package", [W, E, E, E],
        "The directive takes away something that the package may not own: a file, a registry value or a service.",
        "Remove it. Windows takes away what a package brought when the package is removed.";
    CO_INSTALLER_VALUE = 1303, "co-installer is registered", [W, E, E, E],
        "CoInstallers32 registers a DLL that runs during installations. A universal INF runs no code.",
        "Remove the value and its DLL.";
    NOT_RELATIVE = 1304, "registry root is not HKR", [W, E, E, E],
        "A universal INF writes below the keys of its own devices and services only. COM classes and media foundation transforms are the exceptions.",
        "Use HKR, in the section of the device or of the service.";
    APPENDS = 1305, "value is appended to a REG_MULTI_SZ value, or taken from it", [W, E, E, E],
        "What comes of it depends on what was there before.",
        "Write the whole value, below HKR.";
    OUTSIDE_OF_WINDOWS = 1306, "file is copied outside of %SystemRoot%", [W, E, E, E],
        "A universal INF brings files into Windows' own directories only.",
        "Leave the file in the driver store: DIRID 13.";
    NEEDS_OTHER_KIND = 1310, "Needs names a section of another kind", [W, E, E, E],
        "Needs puts the lines of the other section in its place: a Services section can need only another Services section.",
        "Name the section with the same extension, such as `Needs = NAME.Services` in a Services section.";
    NEEDS_WITHOUT_INCLUDE = 1313, "Needs without Include", [W, E, E, E],
        "The section is not in this file, and no Include of the same section says in which INF it is.",
        "Add `Include = name.inf` to the same section.";
    KEY_NOT_ISOLATED = 1320, "registry key is not isolated to HKR", [None, None, E, E],
        "An isolated package touches no key outside of those of its devices and services.",
        "Use HKR, in the section of the device or of the service.";
    VALUE_NOT_ISOLATED = 1321, "registry value is not isolated to HKR", [None, None, E, E],
        "An isolated package writes no value outside of the keys of its devices and services.",
        "Use HKR, in the section of the device or of the service.";
    FILE_NOT_ISOLATED = 1322, "destination is not isolated to DIRID 13", [None, None, E, E],
        "The files of an isolated package stay in the driver store and run from there.",
        "Write `DefaultDestDir = 13` and `ServiceBinary = %13%\\name.sys`.";
    NOT_UNDER_PARAMETERS = 1323, "service value is not under the Parameters subkey", [None, None, E, W],
        "The state of a service belongs under its Parameters subkey; the other values of its key are Windows'.",
        "Write `HKR, Parameters, name, …`.";
    NO_LOCKDOWN = 1324, "PnpLockdown = 1 is missing", [W, W, E, E],
        "Without it, programs can change the files that the package installed.",
        "Add `PnpLockdown = 1` to [Version].";
    CONFLICTING_SERVICES = 1330, "one service is configured in different ways", [W, W, W, W],
        "Services exist once in a system. What the service is depends on which section was installed last.",
        "Use one service-install section, or services of different names.";
    NO_ARCHITECTURE = 1421, "[DefaultInstall] without an architecture", [W, E, E, E],
        "A universal INF that installs itself says for which architecture each of its sections is.",
        "Write [DefaultInstall.NTamd64], and the same for the sections that belong to it.";
    NOT_USED = 2083, "section is not used", [W, W, W, W],
        "No directive names the section. Windows ignores it.",
        "Remove it, or correct the directive that should name it.";
    IGNORED_DIRECTIVE = 2222, "legacy directive is ignored", [W, W, W, W],
        "Windows does not read this directive any more.",
        "Remove it.";
    UNDECORATED_MODELS = 2223, "models section without an architecture", [W, W, W, W],
        "Without a decoration in [Manufacturer] the models section counts for 32-bit x86 only.",
        "Name the architectures: `%Name% = Models, NTamd64`, and call the section [Models.NTamd64].";
}
