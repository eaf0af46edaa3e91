//! Files: where they are in the package, and where they go.

use super::install::Scope;
use super::{Checker, Mode};
use crate::inf::decoration::Architecture;
use crate::inf::number::number;
use crate::inf::rules;
use crate::inf::tree::{Merged, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The first build with DIRID 13 for drivers.
const DRIVER_STORE_BUILD: u32 = 16299;
pub(super) const DRIVER_STORE: u32 = 13;

/// DIRIDs below %SystemRoot%.
const IN_WINDOWS: [u32; 18] =
    [10, 11, 12, 13, 17, 18, 20, 21, 23, 50, 51, 52, 55, 16425, 66000, 66001, 66003, 66004];
/// DIRIDs that a signed driver may use besides 13, for now; of 10, certain subdirectories only.
const HARDWARE: [u32; 15] =
    [11, 12, 23, 51, 52, 55, 16422, 16425, 16426, 16427, 16428, 66000, 66001, 66002, 66003];
const HARDWARE_IN_WINDOWS: [&str; 5] = ["provisioning", "sychpe32", "sysarm32", "twain_32", "twain_64"];

/// An entry of `[SourceDisksFiles]`.
#[derive(Debug, Clone)]
struct Source {
    name: String,
    span: Span,
    architecture: Option<Architecture>,
    /// The directory in the package, in lower case.
    directory: String,
}

/// The files of the package, by their names in lower case.
type Sources = HashMap<String, Vec<Source>>;
/// Where each file goes, by its name in lower case.
pub(super) type Targets = HashMap<String, Vec<Destination>>;

/// Where files go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Destination {
    pub(super) directory: u32,
    pub(super) subdirectory: String,
}

impl Destination {
    /// In lower case, with the same form for the same directory.
    pub(super) fn new(directory: u32, subdirectory: &str) -> Self {
        let subdirectory = tidy(subdirectory);
        let below = |parent: &str| {
            let rest = subdirectory.strip_prefix(parent)?;
            (rest.is_empty() || rest.starts_with('\\')).then(|| rest.trim_start_matches('\\').to_owned())
        };
        match directory {
            10 => match (below(r"system32\drivers"), below("system32")) {
                (Some(rest), _) => Self { directory: 12, subdirectory: rest },
                (None, Some(rest)) => Self { directory: 11, subdirectory: rest },
                (None, None) => Self { directory, subdirectory },
            },
            11 => match below("drivers") {
                Some(rest) => Self { directory: 12, subdirectory: rest },
                None => Self { directory, subdirectory },
            },
            _ => Self { directory, subdirectory },
        }
    }
}

fn tidy(directory: &str) -> String {
    let parts = directory.split(['\\', '/']).filter(|part| !part.is_empty() && *part != ".");
    parts.collect::<Vec<_>>().join("\\").to_ascii_lowercase()
}

/// The architecture of `[SourceDisksFiles.amd64]`; none for `[SourceDisksFiles]`.
fn section_architecture(name: &str) -> Option<Architecture> {
    let (_, architecture) = name.split_once('.')?;
    Architecture::parse(architecture)
}

impl<'a> Checker<'a> {
    /// The sections `base` and `base.architecture`.
    fn by_architecture(&self, base: &str) -> Vec<Merged<'a>> {
        let mut seen = HashSet::new();
        let inf = self.inf;
        let is_one = |name: &str| {
            let lower = name.to_ascii_lowercase();
            lower == base || section_architecture(&lower).is_some() && lower.split('.').next() == Some(base)
        };
        inf.sections()
            .iter()
            .filter(|section| is_one(&section.name) && seen.insert(section.name.to_ascii_lowercase()))
            .filter_map(|section| inf.section(&section.name))
            .collect()
    }

    pub(super) fn files(&mut self) {
        let layout = self.inf.section("Version").and_then(|section| section.directive("LayoutFile"));
        self.walk.has_layout = layout.is_some();
        let disks = self.disks();
        let sources = self.sources(&disks);
        let destinations = self.destinations();
        let mut copied = HashSet::new();
        for (file, span, scope) in self.walk.single.clone() {
            self.file_name(&file, span);
            copied.insert(file.to_ascii_lowercase());
            let to = self.destination(&destinations, "", span, &scope);
            self.copied_file(&sources, (&file, &file), span, to.as_ref(), &scope);
        }
        for (name, scope) in self.walk.copied.clone() {
            let Some(section) = self.inf.section(&name) else { continue };
            let to = self.destination(&destinations, &name, section.span(), &scope);
            self.copied_section(&section, &sources, to.as_ref(), &scope, &mut copied);
        }
        self.listed(&sources, &copied);
    }

    fn disks(&mut self) -> BTreeMap<String, (Span, String)> {
        let mut disks = BTreeMap::new();
        for section in self.by_architecture("sourcedisksnames") {
            for line in section.lines() {
                let directory = line.value(3).map(|field| self.text_of(field)).unwrap_or_default();
                let id = self.text_of(line.first());
                let id = number(&id).map_or(id, |number| number.to_string());
                disks.entry(id).or_insert((line.first().span, directory));
            }
        }
        disks
    }

    fn sources(&mut self, disks: &BTreeMap<String, (Span, String)>) -> Sources {
        let mut sources = Sources::new();
        let mut used = BTreeSet::new();
        for section in self.by_architecture("sourcedisksfiles") {
            let architecture = section_architecture(section.name());
            let mut here: HashMap<String, Span> = HashMap::new();
            for line in section.lines() {
                let Some(key) = &line.key else { continue };
                let name = self.text_of(key);
                self.file_name(&name, key.span);
                if let Some(first) = here.get(&name.to_ascii_lowercase()).copied() {
                    let message = format!("`{name}` is listed twice");
                    self.report_with(
                        &rules::LISTED_TWICE,
                        key.span,
                        message,
                        (first, "the first one counts"),
                    );
                    continue;
                }
                here.insert(name.to_ascii_lowercase(), key.span);
                let id = line.value(0).map(|field| self.text_of(field)).unwrap_or_default();
                let id = number(&id).map_or(id, |number| number.to_string());
                let directory = match disks.get(&id) {
                    Some((_, directory)) => directory.clone(),
                    None => {
                        let message = format!("disk `{id}` is missing in [SourceDisksNames]");
                        self.report(&rules::NO_SUCH_DISK, line.span, message);
                        String::new()
                    }
                };
                used.insert(id);
                let subdirectory = line.value(1).map(|field| self.text_of(field)).unwrap_or_default();
                let directory = tidy(&format!("{directory}\\{subdirectory}"));
                let source = Source { name, span: key.span, architecture, directory };
                sources.entry(source.name.to_ascii_lowercase()).or_default().push(source);
            }
        }
        for (id, (span, _)) in disks {
            if !used.contains(id) {
                self.report(&rules::DISK_WITHOUT_FILES, *span, format!("disk `{id}` has no files"));
            }
        }
        sources
    }

    /// By the name of the section in lower case; the default under the empty name.
    fn destinations(&mut self) -> BTreeMap<String, (Destination, Span)> {
        let mut destinations = BTreeMap::new();
        let Some(section) = self.inf.section("DestinationDirs") else { return destinations };
        for line in section.lines() {
            let (Some(key), Some(value)) = (&line.key, line.value(0)) else { continue };
            let text = self.text_of(value);
            let Some(directory) = number(&text) else {
                // -1 stands for an absolute path.
                let (rule, message) = match text.trim() {
                    "-1" => (&rules::ABSOLUTE_PATH, "-1 stands for an absolute path".to_owned()),
                    _ => (&rules::BAD_DIRECTORY, format!("`{text}` is no DIRID")),
                };
                self.report(rule, value.span, message);
                continue;
            };
            let subdirectory = line.value(1).map(|field| self.text_of(field)).unwrap_or_default();
            if subdirectory.contains(':') {
                self.report(
                    &rules::ABSOLUTE_PATH,
                    line.values[1].span,
                    format!("`{subdirectory}` is absolute"),
                );
            }
            let mut name = self.text_of(key).to_ascii_lowercase();
            if name == "defaultdestdir" {
                name.clear();
            } else if !self.walk.copied.contains_key(&name) && !self.walk.file_lists.contains(&name) {
                let message = format!("no file directive names [{}]", self.text_of(key));
                self.report(&rules::UNUSED_DESTINATION, key.span, message);
            }
            destinations.entry(name).or_insert((Destination::new(directory, &subdirectory), value.span));
        }
        destinations
    }

    fn destination(
        &mut self,
        destinations: &BTreeMap<String, (Destination, Span)>,
        section: &str,
        place: Span,
        scope: &Scope,
    ) -> Option<Destination> {
        let Some((to, span)) = destinations.get(section).or_else(|| destinations.get("")).cloned() else {
            self.report(&rules::NO_DESTINATION, place, "[DestinationDirs] does not say where these files go");
            return None;
        };
        if to.directory == DRIVER_STORE {
            self.needs_build(DRIVER_STORE_BUILD, "DIRID 13", span, scope);
        } else {
            self.outside(&to, span);
        }
        Some(to)
    }

    fn outside(&mut self, to: &Destination, span: Span) {
        if !IN_WINDOWS.contains(&to.directory) {
            let message = format!("DIRID {} is not below %SystemRoot%", to.directory);
            self.report(&rules::OUTSIDE_OF_WINDOWS, span, message);
        }
        let first = to.subdirectory.split('\\').next().unwrap_or_default();
        let is_excepted = HARDWARE.contains(&to.directory)
            || to.directory == 66004
            || to.directory == 10 && HARDWARE_IN_WINDOWS.contains(&first);
        if self.options.mode != Mode::Hardware || !is_excepted {
            let message = format!("files go to DIRID {}, which is not isolated to DIRID 13", to.directory);
            self.report(&rules::FILE_NOT_ISOLATED, span, message);
        }
    }

    fn copied_section(
        &mut self,
        section: &Merged<'a>,
        sources: &Sources,
        to: Option<&Destination>,
        scope: &Scope,
        copied: &mut HashSet<String>,
    ) {
        let mut here: HashMap<String, Span> = HashMap::new();
        for line in section.lines() {
            let target = line.first();
            let name = self.text_of(target);
            if name.is_empty() {
                continue;
            }
            self.file_name(&name, target.span);
            let source = line.value(1).map_or_else(|| name.clone(), |field| self.text_of(field));
            copied.insert(name.to_ascii_lowercase());
            copied.insert(source.to_ascii_lowercase());
            if let Some(first) = here.insert(name.to_ascii_lowercase(), target.span) {
                let message = format!("`{name}` is copied twice");
                self.report_with(&rules::COPIED_TWICE, target.span, message, (first, "the first time"));
            }
            self.copied_file(sources, (&name, &source), target.span, to, scope);
        }
    }

    /// Looks for a file, given as its names after and before the copy, in the package.
    fn copied_file(
        &mut self,
        sources: &Sources,
        (name, source): (&str, &str),
        span: Span,
        to: Option<&Destination>,
        scope: &Scope,
    ) {
        if self.walk.has_layout || source.contains('%') {
            return;
        }
        let found = sources.get(&source.to_ascii_lowercase()).map_or(&[][..], Vec::as_slice);
        let counts = |known: &Source, architecture: Architecture| {
            known.architecture.is_none_or(|own| {
                own == architecture || [own, architecture].contains(&Architecture::Placeholder)
            })
        };
        let missing =
            scope.architectures.iter().find(|wanted| !found.iter().any(|known| counts(known, **wanted)));
        match missing {
            _ if found.is_empty() => {
                let message = format!("file `{source}` is missing in [SourceDisksFiles]");
                self.report(&rules::FILE_NOT_IN_SOURCE, span, message);
            }
            Some(architecture) => {
                let message = format!("file `{source}` is missing in [SourceDisksFiles] for {architecture}");
                self.report(&rules::FILE_NOT_IN_SOURCE, span, message);
            }
            None => {}
        }
        let Some(to) = to.filter(|to| to.directory == DRIVER_STORE) else { return };
        if !name.eq_ignore_ascii_case(source) {
            let message = format!("`{source}` becomes `{name}`, but the driver store keeps its name");
            self.report(&rules::COPIED_ELSEWHERE, span, message);
        }
        if let Some(known) = found.iter().find(|known| known.directory != to.subdirectory) {
            let message = format!(
                "`{source}` is in `{}` of the package and goes to `{}`, but the driver store keeps it where it is",
                known.directory, to.subdirectory
            );
            self.report_with(
                &rules::COPIED_ELSEWHERE,
                span,
                message,
                (known.span, "its place in the package"),
            );
        }
    }

    fn file_name(&mut self, name: &str, span: Span) {
        if name.contains(':') {
            self.report(&rules::ABSOLUTE_PATH, span, format!("`{name}` is an absolute path"));
        } else if name.contains(['\\', '/']) {
            self.report(&rules::PATH_FOR_A_NAME, span, format!("`{name}` is a path, not a file name"));
        }
    }

    /// Complains about files that nothing copies.
    fn listed(&mut self, sources: &Sources, copied: &HashSet<String>) {
        let mut mentioned = HashSet::new();
        for section in self.inf.sections() {
            if section.name.to_ascii_lowercase().starts_with("sourcedisks") {
                continue;
            }
            for field in section.lines.iter().flat_map(|line| line.key.iter().chain(&line.values)) {
                let text = self.text_of(field).to_ascii_lowercase();
                mentioned.insert(text.rsplit('\\').next().unwrap_or_default().to_owned());
            }
        }
        let mut all: Vec<_> = sources.values().flatten().collect();
        all.sort_by_key(|source| source.span);
        for source in all {
            let name = source.name.to_ascii_lowercase();
            if !copied.contains(&name) && !mentioned.contains(&name) {
                self.report(&rules::NOT_COPIED, source.span, format!("`{}` is not copied", source.name));
            }
        }
    }
}
