//! Names and source lines of an image's code, out of its PDB.

use super::prepare::Debug;
use pdb2::{FallibleIterator, PDB, SymbolData};
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// Largest PDB that is read.
const LIMIT: u64 = 1 << 30;

/// The PDB of an image, as bytes: it is looked into only when a run stops.
pub(super) enum Symbols {
    /// The image names none, or none is there.
    None,
    /// One is there and is not this image's; why.
    Wrong(String),
    Pdb(Vec<u8>),
}

/// Where an address is in the source.
pub(super) struct Place {
    pub(super) function: String,
    pub(super) offset: u32,
    /// File and line.
    pub(super) line: Option<(String, u32)>,
}

impl Symbols {
    /// Looks for the PDB beside the image, by its recorded name and by the image's, and at its recorded path.
    pub(super) fn find(image: &Path, debug: Option<&Debug>) -> Self {
        let Some(debug) = debug else { return Self::None };
        let recorded = debug.path.rsplit(['\\', '/']).next().unwrap_or_default();
        let places =
            [image.with_file_name(recorded), image.with_extension("pdb"), PathBuf::from(&debug.path)];
        let mut wrong = None;
        for place in places {
            match std::fs::metadata(&place) {
                Ok(there) if there.is_file() && there.len() <= LIMIT => {}
                _ => continue,
            }
            let Ok(bytes) = std::fs::read(&place) else { continue };
            match checked(|| matches(&bytes, debug)) {
                Some(true) => return Self::Pdb(bytes),
                Some(false) => wrong = Some(format!("{} belongs to another build", place.display())),
                None => wrong = Some(format!("{} is damaged", place.display())),
            }
        }
        wrong.map_or(Self::None, Self::Wrong)
    }

    /// The place of an address of the image.
    pub(super) fn place(&self, address: u32) -> Option<Place> {
        let Self::Pdb(bytes) = self else { return None };
        checked(|| find(bytes, address)).flatten()
    }

    /// Why there are no symbols although there is a PDB.
    pub(super) fn complaint(&self) -> Option<&str> {
        match self {
            Self::Wrong(why) => Some(why),
            _ => None,
        }
    }
}

/// Runs a reader over bytes that may be damaged: an error and a panic of the parser are both "nothing found".
fn checked<T>(read: impl FnOnce() -> pdb2::Result<T> + std::panic::UnwindSafe) -> Option<T> {
    std::panic::catch_unwind(read).ok()?.ok()
}

fn matches(bytes: &[u8], debug: &Debug) -> pdb2::Result<bool> {
    let mut pdb = PDB::open(Cursor::new(bytes))?;
    let guid = pdb.pdb_information()?.guid;
    let age = pdb.debug_information()?.age();
    Ok(guid.to_bytes_le() == debug.guid && age.is_none_or(|age| age == debug.age))
}

fn find(bytes: &[u8], address: u32) -> pdb2::Result<Option<Place>> {
    let mut pdb = PDB::open(Cursor::new(bytes))?;
    let map = pdb.address_map()?;
    let names = pdb.string_table()?;
    let information = pdb.debug_information()?;
    let mut modules = information.modules()?;
    while let Some(module) = modules.next()? {
        let Some(contents) = pdb.module_info(&module)? else { continue };
        let mut symbols = contents.symbols()?;
        while let Some(symbol) = symbols.next()? {
            let Ok(SymbolData::Procedure(procedure)) = symbol.parse() else { continue };
            let Some(start) = procedure.offset.to_rva(&map) else { continue };
            let Some(offset) = address.checked_sub(start.0).filter(|&offset| offset < procedure.len) else {
                continue;
            };
            let program = contents.line_program()?;
            let mut lines = program.lines_for_symbol(procedure.offset);
            let mut best: Option<(u32, String, u32)> = None;
            while let Some(line) = lines.next()? {
                let Some(at) = line.offset.to_rva(&map).filter(|at| at.0 <= address) else { continue };
                if best.as_ref().is_none_or(|&(before, ..)| at.0 >= before) && line.line_start != 0 {
                    let file = program.get_file_info(line.file_index)?;
                    let name = file.name.to_string_lossy(&names)?.into_owned();
                    best = Some((at.0, name, line.line_start));
                }
            }
            return Ok(Some(Place {
                function: procedure.name.to_string().into_owned(),
                offset,
                line: best.map(|(_, file, line)| (file, line)),
            }));
        }
    }
    Ok(None)
}
