//! The device setup classes of the system: name and GUID.

/// A class of the system.
#[derive(Debug, Clone, Copy)]
pub(super) struct Class {
    pub(super) name: &'static str,
    pub(super) guid: &'static str,
}

/// The class of a name, whatever its case.
pub(super) fn by_name(name: &str) -> Option<Class> {
    all().find(|class| class.name.eq_ignore_ascii_case(name))
}

/// The class of a GUID in braces, whatever its case.
pub(super) fn by_guid(guid: &str) -> Option<Class> {
    let inside = guid.strip_prefix('{')?.strip_suffix('}')?;
    all().find(|class| class.guid.eq_ignore_ascii_case(inside))
}

fn all() -> impl Iterator<Item = Class> {
    CLASSES.iter().map(|(name, guid)| Class { name, guid })
}

const CLASSES: &[(&str, &str)] = &[
    ("1394", "6bdd1fc1-810f-11d0-bec7-08002be2092f"),
    ("1394Debug", "66f250d6-7801-4a64-b139-eea80a450b24"),
    ("61883", "7ebefbc0-3200-11d2-b4c2-00a0c9697d07"),
    ("AudioEndpoint", "c166523c-fe0c-4a94-a586-f1a80cfbbf3e"),
    ("AudioProcessingObject", "5989fce8-9cd0-467d-8a6a-5419e31529d4"),
    ("AVC", "c06ff265-ae09-48f0-812c-16753d7cba83"),
    ("BarcodeScanner", "c243ffbd-3afc-45e9-b3d3-2ba18bc7ebc5"),
    ("Battery", "72631e54-78a4-11d0-bcf7-00aa00b7b32a"),
    ("Biometric", "53d29ef7-377c-4d14-864b-eb3a85769359"),
    ("Bluetooth", "e0cbf06c-cd8b-4647-bb8a-263b43f0f974"),
    ("Camera", "ca3e7ab9-b4c3-4ae6-8251-579ef933890f"),
    ("CDROM", "4d36e965-e325-11ce-bfc1-08002be10318"),
    ("Computer", "4d36e966-e325-11ce-bfc1-08002be10318"),
    ("ComputeAccelerator", "f01a9d53-3ff6-48d2-9f97-c8a7004be10c"),
    ("DiskDrive", "4d36e967-e325-11ce-bfc1-08002be10318"),
    ("Display", "4d36e968-e325-11ce-bfc1-08002be10318"),
    ("Dot4", "48721b56-6795-11d2-b1a8-0080c72e74a2"),
    ("Dot4Print", "49ce6ac8-6f86-11d2-b1e5-0080c72e74a2"),
    ("Extension", "e2f84ce7-8efa-411c-aa69-97454ca4cb57"),
    ("FDC", "4d36e969-e325-11ce-bfc1-08002be10318"),
    ("Firmware", "f2e7dd72-6468-4e36-b6f1-6488f42c1b52"),
    ("FloppyDisk", "4d36e980-e325-11ce-bfc1-08002be10318"),
    ("Generic", "ff494df1-c4ed-4fac-9b3f-3786f6e91e7e"),
    ("GPS", "6bdd1fc3-810f-11d0-bec7-08002be2092f"),
    ("HDC", "4d36e96a-e325-11ce-bfc1-08002be10318"),
    ("HIDClass", "745a17a0-74d3-11d0-b6fe-00a0c90f57da"),
    ("Image", "6bdd1fc6-810f-11d0-bec7-08002be2092f"),
    ("Infrared", "6bdd1fc5-810f-11d0-bec7-08002be2092f"),
    ("Keyboard", "4d36e96b-e325-11ce-bfc1-08002be10318"),
    ("LegacyDriver", "8ecc055d-047f-11d1-a537-0000f8753ed1"),
    ("Media", "4d36e96c-e325-11ce-bfc1-08002be10318"),
    ("MediumChanger", "ce5939ae-ebde-11d0-b181-0000f8753ec4"),
    ("Memory", "5099944a-f6b9-4057-a056-8c550228544c"),
    ("Modem", "4d36e96d-e325-11ce-bfc1-08002be10318"),
    ("Monitor", "4d36e96e-e325-11ce-bfc1-08002be10318"),
    ("Mouse", "4d36e96f-e325-11ce-bfc1-08002be10318"),
    ("MTD", "4d36e970-e325-11ce-bfc1-08002be10318"),
    ("Multifunction", "4d36e971-e325-11ce-bfc1-08002be10318"),
    ("MultiportSerial", "50906cb8-ba12-11d1-bf5d-0000f805f530"),
    ("Net", "4d36e972-e325-11ce-bfc1-08002be10318"),
    ("NetClient", "4d36e973-e325-11ce-bfc1-08002be10318"),
    ("NetService", "4d36e974-e325-11ce-bfc1-08002be10318"),
    ("NetTrans", "4d36e975-e325-11ce-bfc1-08002be10318"),
    ("NoDriver", "4d36e976-e325-11ce-bfc1-08002be10318"),
    ("PCMCIA", "4d36e977-e325-11ce-bfc1-08002be10318"),
    ("PNPPrinters", "4658ee7e-f050-11d1-b6bd-00c04fa372a7"),
    ("Ports", "4d36e978-e325-11ce-bfc1-08002be10318"),
    ("Printer", "4d36e979-e325-11ce-bfc1-08002be10318"),
    ("Processor", "50127dc3-0f36-415e-a6cc-4cb3be910b65"),
    ("Proximity", "5630831c-06c9-4856-b327-f5d32586e060"),
    ("SBP2", "d48179be-ec20-11d1-b6b8-00c04fa372a7"),
    ("SCSIAdapter", "4d36e97b-e325-11ce-bfc1-08002be10318"),
    ("SDHost", "a0a588a4-c46f-4b37-b7ea-c82fe89870c6"),
    ("SecurityAccelerator", "268c95a1-edfe-11d3-95c3-0010dc4050a5"),
    ("SecurityDevices", "d94ee5d8-d189-4994-83d2-f68d7d41b0e6"),
    ("Sensor", "5175d334-c371-4806-b3ba-71fd53c9258d"),
    ("SideShow", "997b5d8d-c442-4f2e-baf3-9c8e671e9e21"),
    ("SmartCardReader", "50dd5230-ba8a-11d1-bf5d-0000f805f530"),
    ("SoftwareComponent", "5c4c3332-344d-483c-8739-259e934c9cc8"),
    ("SoftwareDevice", "62f9c741-b25a-46ce-b54c-9bccce08b6f2"),
    ("System", "4d36e97d-e325-11ce-bfc1-08002be10318"),
    ("TapeDrive", "6d807884-7d21-11cf-801c-08002be10318"),
    ("UCM", "e6f1aa1c-7f3b-4473-b2e8-c97d8ac71d53"),
    ("Unknown", "4d36e97e-e325-11ce-bfc1-08002be10318"),
    ("USB", "36fc9e60-c465-11cf-8056-444553540000"),
    ("USBDevice", "88bae032-5a81-49f0-bc3d-a4ff138216d6"),
    ("USBFunctionController", "bbbe8734-08fa-4966-b6a6-4e5ad010cdd7"),
    ("Volume", "71a27cdd-812a-11d0-bec7-08002be2092f"),
    ("VolumeSnapshot", "533c5b84-ec70-11d2-9505-00c04f79deaf"),
    ("WCEUSBS", "25dbce51-6c8f-4a72-8a6d-b54c2b4fc835"),
    ("WFPCALLOUTS", "57465043-616c-6c6f-7574-5f636c617373"),
    ("WPD", "eec5ad98-8080-425f-922a-dabf3de3f69a"),
    // The groups of file system filters.
    ("ActivityMonitor", "b86dff51-a31e-4bac-b3cf-e8cfe75c9fc2"),
    ("AntiVirus", "b1d1a169-c54f-4379-81db-bee7d88d7454"),
    ("CFSMetadataServer", "cdcf0939-b75b-4630-bf76-80f7ba655884"),
    ("Compression", "f3586baf-b5aa-49b5-8d6c-0569284c639f"),
    ("ContentScreener", "3e3f0674-c83c-4558-bb26-9820e1eba5c5"),
    ("ContinuousBackup", "71aa14f8-6fad-4622-ad77-92bb9d7e6947"),
    ("CopyProtection", "89786ff1-9c12-402f-9c9e-17753c7f4375"),
    ("Encryption", "a0a701c0-a511-42ff-aa6c-06dc0395576f"),
    ("FSFilterSystem", "5d1b9aaa-01e2-46af-849f-272b3f324c46"),
    ("HSM", "d546500a-2aeb-45f6-9482-f4b1799c3177"),
    ("Infrastructure", "e55fa6f9-128c-4d04-abab-630c74b1453a"),
    ("OpenFileBackup", "f8ecafa6-66d1-41a5-899b-66585d7216b7"),
    ("PhysicalQuotaManagement", "6a0a8e78-bba6-4fc4-a709-1e33cd09d67e"),
    ("QuotaManagement", "8503c911-a6c7-4919-8f79-5028f5866b0c"),
    ("Replication", "48d3ebc4-4cf8-48ff-b869-9c68ad42eb9f"),
    ("SecurityEnhancer", "d02bc3da-0c8e-4945-9bd5-f1883c226c8c"),
    ("SystemRecovery", "2db15374-706e-4131-a0c7-d7c78eb0289a"),
    ("Undelete", "fe8f1572-c67a-48c0-bbac-0b5c6d66cafb"),
    ("Virtualization", "f75a86c0-10d8-4c3a-b233-ed60e4cdfaac"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inf::number::is_guid;
    use std::collections::HashSet;

    #[test]
    fn the_table_is_sound() {
        let mut names = HashSet::new();
        let mut guids = HashSet::new();
        for class in all() {
            assert!(is_guid(&format!("{{{}}}", class.guid)), "{}", class.name);
            assert!(names.insert(class.name.to_ascii_lowercase()), "{}", class.name);
            assert!(guids.insert(class.guid), "{}", class.name);
        }
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(
            by_name("system").unwrap().guid,
            by_guid("{4D36E97D-E325-11CE-BFC1-08002BE10318}").unwrap().guid
        );
        assert!(by_guid("4d36e97d-e325-11ce-bfc1-08002be10318").is_none());
        assert!(by_name("Sample").is_none());
    }
}
