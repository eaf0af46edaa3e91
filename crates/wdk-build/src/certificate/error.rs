//! Why a certificate or a key is refused.

use std::fmt;

/// A result of this module.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// Why a certificate or a key is refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It is not of the form that it should have; what it was taken for, and why it is not.
    Malformed(&'static str, String),
    /// The password does not open it.
    WrongPassword(&'static str),
    /// It is encrypted, and no password was given.
    PasswordNeeded,
    /// There is no certificate in the file.
    NoCertificate,
    /// There is no private key in the file, or there are several.
    KeyCount(usize),
    /// The key is not one that signs drivers.
    UnsupportedKey(String),
    /// The key is too short.
    ShortKey {
        /// Its length.
        bits: usize,
    },
    /// No certificate is that of the key.
    KeyMismatch {
        /// Of the certificate.
        subject: String,
    },
    /// The certificate is not valid any more.
    Expired {
        /// Of the certificate.
        subject: String,
        /// Its last moment, UTC.
        since: String,
    },
    /// The certificate is not valid yet.
    NotYetValid {
        /// Of the certificate.
        subject: String,
        /// Its first moment, UTC.
        until: String,
    },
    /// The certificate lacks the extended key usage "code signing".
    NotForCodeSigning {
        /// Of the certificate.
        subject: String,
    },
    /// The certificate's key usage lacks `digitalSignature`: it may sign certificates only.
    NotForSignatures {
        /// Of the certificate.
        subject: String,
    },
    /// The name or the lifetime of a certificate to be made is impossible.
    Parameter(String),
    /// The key did not sign, or could not be made.
    Key(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what, why) => write!(f, "this is no {what}: {why}"),
            Self::WrongPassword(what) => write!(f, "the password does not open the {what}"),
            Self::PasswordNeeded => f.write_str("the private key is encrypted (give its password)"),
            Self::NoCertificate => {
                f.write_str("there is no certificate (expected DER, or PEM with `BEGIN CERTIFICATE`)")
            }
            Self::KeyCount(0) => f.write_str("there is no private key in it"),
            Self::KeyCount(count) => {
                write!(f, "there are {count} private keys in it, and nothing says which one is meant")
            }
            Self::UnsupportedKey(what) => write!(f, "the key is {what} (Windows takes RSA keys for drivers)"),
            Self::ShortKey { bits } => write!(f, "the RSA key has {bits} bits (2048 are the least)"),
            Self::KeyMismatch { subject } => {
                write!(f, "the private key does not belong to the certificate of `{subject}`")
            }
            Self::Expired { subject, since } => {
                write!(f, "the certificate of `{subject}` expired on {since}")
            }
            Self::NotYetValid { subject, until } => {
                write!(f, "the certificate of `{subject}` is not valid before {until}")
            }
            Self::NotForCodeSigning { subject } => write!(
                f,
                "the certificate of `{subject}` is not for code signing (its extended key usage lacks 1.3.6.1.5.5.7.3.3)"
            ),
            Self::NotForSignatures { subject } => write!(
                f,
                "the certificate of `{subject}` may not sign files (its key usage lacks digitalSignature, as that of a \
                 certification authority)"
            ),
            Self::Parameter(what) | Self::Key(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {}
