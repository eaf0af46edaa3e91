//! The version resource of an image, as the `.res` file that linkers take.

use std::path::Path;
use toml::{Table, Value};

/// What `VS_VERSION_INFO` says: Explorer, crash dumps and `verifier` show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionInfo {
    /// Major, minor and patch version, and a fourth number that Windows has and Rust has not.
    pub version: [u16; 4],
    /// The version as text.
    pub version_text: String,
    /// `FileDescription`.
    pub description: String,
    /// `CompanyName`; nothing leaves it out.
    pub company: String,
    /// `ProductName`.
    pub product: String,
    /// `OriginalFilename`.
    pub file_name: String,
    /// `LegalCopyright`; nothing leaves it out.
    pub copyright: String,
    /// Whether it is a kernel-mode driver; else it is a library.
    pub driver: bool,
}

/// The language of the strings: US English, in UTF-16.
const LANGUAGE: u16 = 0x0409;
const CODE_PAGE: u16 = 1200;

impl VersionInfo {
    /// The version of a package, from its manifest and that of its workspace.
    ///
    /// `CompanyName` is the first of `authors` without its address, `LegalCopyright` is
    /// `package.metadata.wdk.copyright`.
    pub fn of_manifest(manifest: &Table, workspace: Option<&Table>, file_name: &str, driver: bool) -> Self {
        let inherited = workspace.and_then(|table| table.get("workspace")?.get("package"));
        let package = manifest.get("package");
        let field = |name: &str| -> Option<&Value> {
            let value = package?.get(name)?;
            match value.get("workspace") {
                Some(_) => inherited?.get(name),
                None => Some(value),
            }
        };
        let text = |name: &str| field(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let version_text = match text("version") {
            none if none.is_empty() => "0.0.0".to_owned(),
            version => version,
        };
        let author = field("authors").and_then(|authors| authors.get(0)?.as_str()).unwrap_or_default();
        let copyright = package.and_then(|package| package.get("metadata")?.get("wdk")?.get("copyright"));
        let name = text("name");
        let description = match text("description") {
            none if none.is_empty() => name.clone(),
            description => description,
        };
        Self {
            version: numbers(&version_text),
            version_text,
            description,
            company: author.split('<').next().unwrap_or_default().trim().to_owned(),
            product: name,
            file_name: file_name.to_owned(),
            copyright: copyright.and_then(Value::as_str).unwrap_or_default().to_owned(),
            driver,
        }
    }

    /// Reads the manifests; see [`of_manifest`](Self::of_manifest).
    pub(crate) fn read(
        manifest: &Path,
        workspace: Option<&Path>,
        file_name: &str,
        driver: bool,
    ) -> Option<Self> {
        let table = |path: &Path| std::fs::read_to_string(path).ok()?.parse::<Table>().ok();
        Some(Self::of_manifest(&table(manifest)?, workspace.and_then(table).as_ref(), file_name, driver))
    }

    /// The resource itself: a `VS_VERSIONINFO` block.
    fn block(&self) -> Vec<u8> {
        let strings = [
            ("CompanyName", &self.company),
            ("FileDescription", &self.description),
            ("FileVersion", &self.version_text),
            ("LegalCopyright", &self.copyright),
            ("OriginalFilename", &self.file_name),
            ("ProductName", &self.product),
            ("ProductVersion", &self.version_text),
        ];
        let strings = strings.iter().filter(|(_, text)| !text.is_empty());
        let strings: Vec<_> = strings
            .map(|(name, text)| {
                let value: Vec<u16> = text.encode_utf16().chain([0]).collect();
                let bytes = value.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>();
                block(name, Kind::Text, value.len(), &bytes, &[])
            })
            .collect();
        let table = block(&format!("{LANGUAGE:04x}{CODE_PAGE:04x}"), Kind::Text, 0, &[], &strings);
        let strings = block("StringFileInfo", Kind::Text, 0, &[], &[table]);
        let translation = [LANGUAGE.to_le_bytes(), CODE_PAGE.to_le_bytes()].concat();
        let variable = block("Translation", Kind::Binary, 4, &translation, &[]);
        let variables = block("VarFileInfo", Kind::Text, 0, &[], &[variable]);
        let fixed = self.fixed();
        block("VS_VERSION_INFO", Kind::Binary, fixed.len(), &fixed, &[strings, variables])
    }

    /// `VS_FIXEDFILEINFO`.
    fn fixed(&self) -> Vec<u8> {
        let [major, minor, patch, build] = self.version.map(u32::from);
        let (high, low) = (major << 16 | minor, patch << 16 | build);
        // VFT_DRV and VFT2_DRV_SYSTEM, or VFT_DLL.
        let (kind, subkind) = if self.driver { (3, 7) } else { (2, 0) };
        // VOS_NT_WINDOWS32.
        let system = 0x0004_0004;
        let fields =
            [0xFEEF_04BD, 0x0001_0000, high, low, high, low, 0x3F, 0, system, kind, subkind, 0_u32, 0];
        fields.iter().flat_map(|field| field.to_le_bytes()).collect()
    }

    /// A `.res` file with this one resource.
    pub fn to_res(&self) -> Vec<u8> {
        // The empty entry that marks the file as one with 32-bit headers.
        let mut file = entry(0, 0, 0, &[]);
        // RT_VERSION, VS_VERSION_INFO.
        file.extend(entry(16, 1, LANGUAGE, &self.block()));
        file
    }
}

/// The numbers in front of a version's text: `1.2.3-beta` is 1, 2, 3, 0.
fn numbers(version: &str) -> [u16; 4] {
    let mut numbers = [0; 4];
    let release = version.split(['-', '+']).next().unwrap_or_default();
    for (number, text) in numbers.iter_mut().zip(release.split('.')) {
        *number = text.parse().unwrap_or(u16::MAX);
    }
    numbers
}

/// Whether a block's value is text.
#[derive(Clone, Copy)]
enum Kind {
    Binary = 0,
    Text = 1,
}

/// A block: length, length of the value (in units of text, or bytes), kind, key, value, children; each part aligned to
/// four bytes. The last padding is the parent's.
fn block(key: &str, kind: Kind, value_length: usize, value: &[u8], children: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0; 2];
    bytes.extend((value_length as u16).to_le_bytes());
    bytes.extend((kind as u16).to_le_bytes());
    bytes.extend(key.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
    if !value.is_empty() {
        align(&mut bytes);
        bytes.extend(value);
    }
    for child in children {
        align(&mut bytes);
        bytes.extend(child);
    }
    let length = bytes.len() as u16;
    bytes[..2].copy_from_slice(&length.to_le_bytes());
    bytes
}

fn align(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

/// An entry of a `.res` file, whose type and name are numbers.
fn entry(kind: u16, name: u16, language: u16, data: &[u8]) -> Vec<u8> {
    // MOVEABLE | PURE, as resource compilers write it for versions; nothing reads it.
    let memory_flags: u16 = if kind == 0 { 0 } else { 0x30 };
    let mut bytes = Vec::new();
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(32_u32.to_le_bytes());
    for number in [kind, name] {
        bytes.extend([0xFF, 0xFF]);
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(0_u32.to_le_bytes());
    bytes.extend(memory_flags.to_le_bytes());
    bytes.extend(language.to_le_bytes());
    bytes.extend([0; 8]);
    bytes.extend(data);
    align(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info() -> VersionInfo {
        let workspace = "[workspace.package]\nversion = \"1.2.3-rc.1\"".parse().unwrap();
        let manifest = "[package]\nname = \"echo\"\nversion.workspace = true\ndescription = \"An echo\"\n\
                        authors = [\"Contoso <a@b.example>\"]"
            .parse()
            .unwrap();
        VersionInfo::of_manifest(&manifest, Some(&workspace), "echo.sys", true)
    }

    #[test]
    fn the_manifest_says_it_all() {
        let info = info();
        assert_eq!(info.version, [1, 2, 3, 0]);
        assert_eq!(info.version_text, "1.2.3-rc.1");
        assert_eq!((info.company.as_str(), info.description.as_str()), ("Contoso", "An echo"));
        let nothing = VersionInfo::of_manifest(&Table::new(), None, "x.sys", true);
        assert_eq!((nothing.version, nothing.company.as_str()), ([0; 4], ""));
    }

    #[test]
    fn blocks_nest_and_their_lengths_are_right() {
        let block = info().block();
        assert_eq!(usize::from(u16::from_le_bytes([block[0], block[1]])), block.len());
        let fixed = 40;
        assert_eq!(block[fixed..fixed + 4], 0xFEEF_04BD_u32.to_le_bytes());
        let text: Vec<u8> = "Contoso".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(block.windows(text.len()).any(|window| window == text));
    }

    #[test]
    fn the_file_starts_with_the_empty_entry() {
        let file = info().to_res();
        assert_eq!(file[..8], [0, 0, 0, 0, 32, 0, 0, 0]);
        assert_eq!(file.len() % 4, 0);
        assert_eq!(u32::from_le_bytes(file[32..36].try_into().unwrap()) as usize, info().block().len());
    }
}
