//! Why a file is not signed, or its signature does not hold.

use crate::certificate;
use std::fmt;

/// A result of this module.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// Why a file is not signed, or its signature does not hold.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It is no PE image, or a damaged one.
    Image(String),
    /// It is an image whose hash differs from tool to tool.
    IrregularImage(String),
    /// The certificate or the key is refused.
    Certificate(certificate::Error),
    /// A structure in it is not of its form.
    Malformed(&'static str, String),
    /// It has no signature.
    NotSigned,
    /// The signature uses something that is not supported.
    Unsupported(String),
    /// The file is not what was signed.
    Changed {
        /// The hash that was signed.
        signed: String,
        /// The hash that the file has.
        is: String,
    },
    /// The pages of an image are not what was signed.
    PagesChanged,
    /// The signature was not made with the key of its certificate, or over other content.
    BadSignature(&'static str),
    /// No trusted certificate stands at the end of the chain.
    NotTrusted {
        /// Where the chain ends.
        subject: String,
    },
    /// The timestamp could not be had.
    Timestamp(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(why) => write!(f, "this is no PE image that can be signed: {why}"),
            Self::IrregularImage(why) => {
                write!(
                    f,
                    "the image cannot be signed: {why} (tools hash such images differently; link it anew)"
                )
            }
            Self::Certificate(error) => error.fmt(f),
            Self::Malformed(what, why) => write!(f, "the {what} is damaged: {why}"),
            Self::NotSigned => f.write_str("it has no signature"),
            Self::Unsupported(what) => write!(f, "not supported: {what}"),
            Self::Changed { signed, is } => write!(
                f,
                "it was changed after it was signed: its SHA-256 Authenticode hash is {is}, and {signed} was signed"
            ),
            Self::PagesChanged => f.write_str("its page hashes are not those that were signed"),
            Self::BadSignature(why) => write!(f, "the signature is not genuine: {why}"),
            Self::NotTrusted { subject } => {
                write!(f, "the signature is intact, but nothing that is trusted vouches for `{subject}`")
            }
            Self::Timestamp(why) => write!(f, "no timestamp: {why}"),
        }
    }
}

impl std::error::Error for Error {}
