//! The rules of files and directories.

use super::{E, I, Rule, W, rules};

rules! {
    LIST = FILES_RULES;
    NO_SUCH_DISK = 9401, "disk is missing in [SourceDisksNames]", [E, E, E, E],
        "The number before the first comma in [SourceDisksFiles] names an entry of [SourceDisksNames].",
        "Add `1 = %Disk%` to [SourceDisksNames].";
    NOT_COPIED = 9402, "file is not copied", [W, W, W, W],
        "The file is listed in [SourceDisksFiles], but no CopyFiles section names it. It is in the package for nothing.",
        "Add it to a CopyFiles section, or remove it.";
    NO_DESTINATION = 9403, "destination is missing in [DestinationDirs]", [W, W, W, W],
        "Neither the section nor DefaultDestDir has a directory. The files go to System32.",
        "Add `DefaultDestDir = 13` to [DestinationDirs].";
    UNUSED_DESTINATION = 9404, "destination of nothing", [W, W, W, W],
        "[DestinationDirs] has a directory for a section that no file directive names.",
        "Remove it, or correct the name.";
    BAD_DIRECTORY = 9405, "directory is no DIRID", [E, E, E, E],
        "A directory is a number (DIRID), such as 13 for the driver store, and after a comma a subdirectory.",
        "Write the number.";
    PATH_FOR_A_NAME = 9406, "path in place of a file name", [E, E, E, E],
        "CopyFiles and [SourceDisksFiles] take names. The directory is said in [DestinationDirs] and after the disk in [SourceDisksFiles].",
        "Write the name without its directory.";
    COPIED_TWICE = 9407, "file is copied twice", [W, W, W, W],
        "One section names the file twice.",
        "Remove one of the lines.";
    LISTED_TWICE = 9408, "file is listed twice", [W, W, W, W],
        "[SourceDisksFiles] has the name twice. Windows uses the first one.",
        "Remove one of the lines. Files of one name in several directories need sections such as [SourceDisksFiles.amd64].";
    ABSOLUTE_PATH = 9409, "absolute path", [W, E, E, E],
        "The drive and the directories of another computer are not known. DIRIDs stand for them.",
        "Use a DIRID, such as %13% for the driver store.";
    DISK_WITHOUT_FILES = 9410, "disk without files", [I, I, I, I],
        "No line of [SourceDisksFiles] names the disk.",
        "Remove it.";
}
