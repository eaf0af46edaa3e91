//! An image, as the rules look at it.

use crate::image::parse;
use crate::image::{Headers, Section};
use object::LittleEndian as LE;
use object::pe;
use object::read::pe::{ImageOptionalHeader as _, ImageThunkData as _, PeFile64};

/// An image that has headers, at least.
pub(super) struct View<'a> {
    pub(super) image: &'a [u8],
    pub(super) headers: Headers,
    pub(super) file: PeFile64<'a>,
}

impl<'a> View<'a> {
    pub(super) fn new(image: &'a [u8]) -> Result<Self, String> {
        let headers = Headers::read(image)?;
        let file = parse(image)?;
        let view = Self { image, headers, file };
        for section in &view.headers.sections {
            let end = u64::from(section.offset) + u64::from(section.raw_size);
            if section.raw_size != 0 && end > image.len() as u64 {
                return Err(format!(
                    "is truncated: section `{}` ends at {end}, the file at {}",
                    section.name,
                    image.len()
                ));
            }
        }
        Ok(view)
    }

    pub(super) fn optional(&self) -> &pe::ImageOptionalHeader64 {
        &self.file.nt_headers().optional_header
    }

    pub(super) fn machine(&self) -> pe::Machine {
        self.file.nt_headers().file_header.machine.get(LE)
    }

    /// The COFF header's characteristics.
    pub(super) fn characteristics(&self) -> u16 {
        self.file.nt_headers().file_header.characteristics.get(LE).0
    }

    /// The optional header's characteristics.
    pub(super) fn dll_characteristics(&self) -> u16 {
        self.optional().dll_characteristics.get(LE).0
    }

    /// Whether it is for the kernel: subsystem native, or at least no user-mode one.
    pub(super) fn is_kernel(&self) -> bool {
        let user = [pe::IMAGE_SUBSYSTEM_WINDOWS_GUI, pe::IMAGE_SUBSYSTEM_WINDOWS_CUI];
        !user.contains(&self.optional().subsystem())
    }

    pub(super) fn sections(&self) -> &[Section] {
        &self.headers.sections
    }

    /// Address and size of a data directory, if it is there.
    pub(super) fn directory(&self, index: usize) -> Option<(u32, u32)> {
        let directory = self.file.data_directories().get(index)?;
        let (address, size) = (directory.virtual_address.get(LE), directory.size.get(LE));
        (address != 0 && size != 0).then_some((address, size))
    }

    /// The content at an address, as far as the file has it.
    pub(super) fn at(&self, address: u32) -> Option<&'a [u8]> {
        self.image.get(self.headers.offset_of(address)?..)
    }

    /// The section that an address lies in.
    pub(super) fn section_of(&self, address: u32) -> Option<&Section> {
        self.sections().iter().find(|section| {
            let length = section.size.max(section.raw_size);
            address.checked_sub(section.address).is_some_and(|offset| offset < length)
        })
    }

    /// The names in the import table, by module.
    pub(super) fn imports(&self) -> Result<Vec<(String, Vec<String>)>, String> {
        let damaged = |why: object::Error| format!("the import table is damaged: {why}");
        let mut modules = Vec::new();
        let Some(table) = self.file.import_table().map_err(damaged)? else {
            return Ok(modules);
        };
        let mut descriptors = table.descriptors().map_err(damaged)?;
        while let Some(descriptor) = descriptors.next().map_err(damaged)? {
            let module = table.name(descriptor.name.get(LE)).map_err(damaged)?;
            let first = match descriptor.original_first_thunk.get(LE) {
                0 => descriptor.first_thunk.get(LE),
                names => names,
            };
            let mut thunks = table.thunks(first).map_err(damaged)?;
            let mut names = Vec::new();
            while let Some(thunk) = thunks.next::<pe::ImageNtHeaders64>().map_err(damaged)? {
                names.push(match thunk.is_ordinal() {
                    true => format!("#{}", thunk.ordinal()),
                    false => {
                        let (_, name) = table.hint_name(thunk.address()).map_err(damaged)?;
                        String::from_utf8_lossy(name).into_owned()
                    }
                });
            }
            modules.push((String::from_utf8_lossy(module).into_owned(), names));
        }
        Ok(modules)
    }

    /// The functions that the image exports by name.
    pub(super) fn exports(&self) -> Vec<String> {
        let Ok(Some(table)) = self.file.export_table() else {
            return Vec::new();
        };
        let names = table.name_iter().filter_map(|(name, _)| table.name_from_pointer(name).ok());
        names.map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    /// A field of the load configuration, if that is long enough to have it.
    pub(super) fn load_config(&self, offset: usize) -> Option<u64> {
        let (address, _) = self.directory(pe::IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG)?;
        let content = self.at(address)?;
        let size = u32::from_le_bytes(*content.first_chunk()?) as usize;
        if size < offset + 8 {
            return None;
        }
        content.get(offset..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }
}
