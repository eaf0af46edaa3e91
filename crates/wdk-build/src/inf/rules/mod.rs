//! The rules: a number that stays, a severity for each mode, what it means and what to do.

mod files;
mod infverif;
mod install;
mod text;
mod version;

pub(super) use files::*;
pub(super) use infverif::*;
pub(super) use install::*;
pub(super) use text::*;
pub(super) use version::*;

use super::check::{Mode, Severity};

/// A rule.
///
/// Numbers below 9000 are those of Microsoft's InfVerif, and mean the same; from 9000 on they are ours.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The number. It stays.
    pub number: u16,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// In the modes default, universal, windows and hardware; none where it is not looked for.
    pub severities: [Option<Severity>; 4],
    /// What it means for an installation.
    pub meaning: &'static str,
    /// What to do.
    pub mend: &'static str,
}

impl Rule {
    /// How severe it is in a mode; none where it is not looked for.
    pub fn severity(&self, mode: Mode) -> Option<Severity> {
        self.severities[mode as usize]
    }

    /// The name under which findings are reported: `INF1203`.
    pub fn name(&self) -> String {
        format!("INF{}", self.number)
    }
}

macro_rules! rules {
    (LIST = $list:ident; $($name:ident = $number:literal, $title:literal, $severities:expr,
        $meaning:literal, $mend:literal;)*) => {
        $(
            #[doc = $title]
            pub static $name: Rule = Rule {
                number: $number,
                title: $title,
                severities: $severities,
                meaning: $meaning,
                mend: $mend,
            };
        )*
        pub(super) static $list: &[&Rule] = &[$(&$name),*];
    };
}
use rules;

const E: Option<Severity> = Some(Severity::Error);
const W: Option<Severity> = Some(Severity::Warning);
const I: Option<Severity> = Some(Severity::Info);

const COUNT: usize =
    INFVERIF_RULES.len() + TEXT_RULES.len() + VERSION_RULES.len() + FILES_RULES.len() + INSTALL_RULES.len();

/// All rules, in the order of their numbers.
pub static ALL: &[&Rule] = &{
    let lists = [INFVERIF_RULES, TEXT_RULES, VERSION_RULES, FILES_RULES, INSTALL_RULES];
    let mut all = [&SECTION_NOT_FOUND; COUNT];
    let (mut filled, mut list) = (0, 0);
    while list < lists.len() {
        let mut place = 0;
        while place < lists[list].len() {
            all[filled] = lists[list][place];
            assert!(filled == 0 || all[filled - 1].number < all[filled].number, "the numbers rise");
            filled += 1;
            place += 1;
        }
        list += 1;
    }
    all
};

/// The rule of a number.
pub fn rule(number: u16) -> Option<&'static Rule> {
    ALL.binary_search_by_key(&number, |rule| rule.number).ok().map(|place| ALL[place])
}
