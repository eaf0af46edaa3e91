//! What an INF file says of its package: its files, its catalog, the devices that it is for.

use super::decoration::{Architecture, Decoration};
use super::number::number;
use super::tree::{Field, Inf, Merged};
use std::collections::{HashMap, HashSet};

/// A file that `[SourceDisksFiles]` lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The name.
    pub name: String,
    /// The directories in the package, from the top; none for the package's own.
    pub directories: Vec<String>,
}

/// A service that an INF file adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// The file name of its image.
    pub image: String,
}

/// What the package of an INF file has on one architecture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The file name in `CatalogFile`, if there is that directive.
    pub catalog: Option<String>,
    /// The files, each once, in the order of the INF file.
    pub files: Vec<SourceFile>,
    /// Hardware IDs and compatible IDs of all devices, each once, in the order of the INF file.
    pub hardware_ids: Vec<String>,
    /// The services that any section adds, each once, in the order of the INF file.
    pub services: Vec<Service>,
    /// Whether there is anything to install: a device, or a `[DefaultInstall]`.
    pub installs: bool,
}

impl Contents {
    /// Reads it out of an INF file that is stamped. What is not well-formed is left out; [`check`](super::check())
    /// says what that is.
    pub fn of(inf: &Inf, architecture: Architecture) -> Self {
        let reader = Reader { inf, architecture };
        let (hardware_ids, has_devices) = reader.devices();
        Self {
            catalog: reader.catalog(),
            files: reader.files(),
            hardware_ids,
            services: reader.services(),
            installs: has_devices || reader.has_defaults(),
        }
    }
}

struct Reader<'a> {
    inf: &'a Inf,
    architecture: Architecture,
}

impl<'a> Reader<'a> {
    fn text(&self, field: Option<&Field>) -> String {
        field.map(|field| self.inf.expand(field)).unwrap_or_default()
    }

    /// `base.amd64` and `base`, those that are there; the first counts.
    fn by_architecture(&self, base: &str) -> impl Iterator<Item = Merged<'a>> {
        let names = [format!("{base}.{}", self.architecture), base.to_owned()];
        let inf = self.inf;
        names.into_iter().filter_map(move |name| inf.section(&name))
    }

    fn catalog(&self) -> Option<String> {
        let version = self.inf.section("Version")?;
        let keys =
            [format!("CatalogFile.NT{}", self.architecture), "CatalogFile.NT".into(), "CatalogFile".into()];
        let name = keys.iter().find_map(|key| version.directive(key)?.value(0))?;
        Some(self.inf.expand(name))
    }

    fn files(&self) -> Vec<SourceFile> {
        let mut disks = HashMap::new();
        for line in self.by_architecture("SourceDisksNames").flat_map(|section| section.lines()) {
            let directory = self.text(line.value(3));
            disks.entry(disk(&self.inf.expand(line.first()))).or_insert(directory);
        }
        let mut seen = HashSet::new();
        let mut files = Vec::new();
        for line in self.by_architecture("SourceDisksFiles").flat_map(|section| section.lines()) {
            let Some(key) = &line.key else { continue };
            let name = self.inf.expand(key);
            if !seen.insert(name.to_ascii_lowercase()) {
                continue;
            }
            let of_disk = disks.get(&disk(&self.text(line.value(0)))).cloned().unwrap_or_default();
            let path = format!("{of_disk}\\{}", self.text(line.value(1)));
            let directories = path.split(['\\', '/']).filter(|part| !part.is_empty() && *part != ".");
            files.push(SourceFile { name, directories: directories.map(str::to_owned).collect() });
        }
        files
    }

    fn devices(&self) -> (Vec<String>, bool) {
        let (mut ids, mut any, mut seen) = (Vec::new(), false, HashSet::new());
        for models in self.models() {
            for line in models.lines().filter(|line| line.key.is_some()) {
                any = true;
                for field in line.values.iter().skip(1) {
                    let id = self.inf.expand(field);
                    if !id.is_empty() && seen.insert(id.to_ascii_lowercase()) {
                        ids.push(id);
                    }
                }
            }
        }
        (ids, any)
    }

    /// The models sections that Windows looks at on this architecture.
    fn models(&self) -> Vec<Merged<'a>> {
        let mut models = Vec::new();
        for line in self.inf.section("Manufacturer").iter().flat_map(Merged::lines) {
            let base = self.text(line.value(0));
            let decorations: Vec<_> = line
                .values
                .iter()
                .skip(1)
                .map(|field| self.inf.expand(field))
                .filter(|text| !text.is_empty())
                .collect();
            if decorations.is_empty() && self.architecture == Architecture::X86 {
                models.extend(self.inf.section(&base));
            }
            for text in decorations {
                // Without an architecture it counts for 32-bit x86 only.
                let own = Decoration::parse(&text).map(|own| own.architecture.unwrap_or(Architecture::X86));
                if own == Some(self.architecture) {
                    models.extend(self.inf.section(&format!("{base}.{text}")));
                }
            }
        }
        models
    }

    fn services(&self) -> Vec<Service> {
        let mut services: Vec<Service> = Vec::new();
        for line in self.inf.sections().iter().flat_map(|section| &section.lines) {
            if !line.is("AddService") {
                continue;
            }
            let name = self.text(line.value(0));
            let section = self.inf.section(&self.text(line.value(2)));
            let Some(binary) = section.and_then(|section| section.directive("ServiceBinary")) else {
                continue;
            };
            let binary = self.text(binary.value(0));
            let image = binary.rsplit(['\\', '/']).next().unwrap_or_default().to_owned();
            if !name.is_empty() && !services.iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
                services.push(Service { name, image });
            }
        }
        services
    }

    fn has_defaults(&self) -> bool {
        self.inf.sections().iter().any(|section| {
            let (base, decoration) = Decoration::split(&section.name);
            base.eq_ignore_ascii_case("DefaultInstall")
                && decoration.unwrap_or_default().covers(self.architecture)
        })
    }
}

/// The same number for the same disk, however it is written.
fn disk(id: &str) -> String {
    number(id).map_or_else(|| id.to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: &str = "[Version]\nCatalogFile=a.cat\nCatalogFile.NTarm64=%c%.cat\n\
        [Manufacturer]\n%m%=Dev,NTamd64,NTarm64.10.0\n\
        [Dev.NTamd64]\n%d%=I,ROOT\\A,*PNP1\n%e%=I,root\\a\n\
        [Dev.NTarm64.10.0]\n%d%=I,ROOT\\B\n\
        [SourceDisksNames]\n1=%d%,,,sub\n0x2=%d%\n\
        [SourceDisksFiles]\na.sys=1\nb.dat=2,deep\\er\n[SourceDisksFiles.arm64]\na.sys=2\n\
        [Strings]\nm=M\nd=D\ne=E\nc=arm";

    fn of(text: &str, architecture: Architecture) -> Contents {
        Contents::of(&Inf::read(text.as_bytes()).unwrap(), architecture)
    }

    fn file(name: &str, directories: &[&str]) -> SourceFile {
        SourceFile { name: name.into(), directories: directories.iter().map(|&part| part.into()).collect() }
    }

    #[test]
    fn each_architecture_has_its_own() {
        let amd64 = of(INF, Architecture::Amd64);
        assert_eq!(amd64.catalog.as_deref(), Some("a.cat"));
        assert_eq!(amd64.hardware_ids, ["ROOT\\A", "*PNP1"]);
        assert_eq!(amd64.files, [file("a.sys", &["sub"]), file("b.dat", &["deep", "er"])]);
        let arm64 = of(INF, Architecture::Arm64);
        assert_eq!(arm64.catalog.as_deref(), Some("arm.cat"));
        assert_eq!(arm64.hardware_ids, ["ROOT\\B"]);
        assert_eq!(arm64.files, [file("a.sys", &[]), file("b.dat", &["deep", "er"])]);
        assert!(amd64.installs && arm64.installs);
        assert!(!of(INF, Architecture::X86).installs);
    }

    #[test]
    fn services_are_named_with_their_images() {
        let inf = "[I.NT.Services]\nAddService=%n%,2,Add\nAddService=,2\naddservice=drv,,Add\n[J.Services]\nAddService=x,,none\n\
            [Add]\nServiceBinary=%13%\\sub\\a.sys\n[Strings]\nn=Drv\n";
        let service = Service { name: "Drv".into(), image: "a.sys".into() };
        assert_eq!(of(inf, Architecture::Amd64).services, [service]);
    }

    #[test]
    fn what_installs_itself_has_no_devices() {
        let inf = "[DefaultInstall.NTamd64]\nCopyFiles=@a\n";
        assert!(of(inf, Architecture::Amd64).installs);
        assert!(!of(inf, Architecture::Arm64).installs);
        assert_eq!(of(inf, Architecture::Amd64).hardware_ids, [""; 0]);
        assert_eq!(of("[Version]\n", Architecture::Amd64).catalog, None);
    }
}
