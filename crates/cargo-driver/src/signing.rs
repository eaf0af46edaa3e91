//! What `cargo driver sign`, `cert` and `catalog` share: where a key comes from, and how things are read and said.

use crate::exit::{Exit, Failure, Result};
use clap::Args;
use serde::Serialize;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use wdk_build::certificate::{Certificate, Identity};
use wdk_build::files;
use wdk_build::sign::{FILE_LIMIT, verify};
use wdk_build::time;

/// The longest file with a key or a certificate.
pub const KEY_LIMIT: u64 = 16 << 20;

/// Where the key is.
#[derive(Debug, Args)]
pub struct KeyOptions {
    /// A PFX (PKCS#12) file with key and certificate.
    #[arg(long, value_name = "FILE", group = "key-source", help_heading = "Key")]
    pub pfx: Option<PathBuf>,

    /// A private key in PEM.
    #[arg(long, value_name = "FILE", group = "key-source", requires = "cert", help_heading = "Key")]
    pub key: Option<PathBuf>,

    /// The key's certificate, DER or PEM, and those above it; may be given more than once.
    #[arg(long, value_name = "FILE", help_heading = "Key")]
    pub cert: Vec<PathBuf>,

    /// The label of a private key on a PKCS#11 token.
    #[cfg(feature = "pkcs11")]
    #[arg(
        long,
        value_name = "LABEL",
        group = "key-source",
        requires = "pkcs11_module",
        help_heading = "Key"
    )]
    pub pkcs11_key: Option<String>,

    /// The library of the token's maker.
    #[cfg(feature = "pkcs11")]
    #[arg(long, value_name = "FILE", requires = "pkcs11_key", help_heading = "Key")]
    pub pkcs11_module: Option<PathBuf>,

    /// The label of the token, if there are several.
    #[cfg(feature = "pkcs11")]
    #[arg(long, value_name = "LABEL", requires = "pkcs11_key", help_heading = "Key")]
    pub pkcs11_token: Option<String>,

    /// The password of the PFX file or of the key; the PIN of a token. Other users may see it while the command runs.
    #[arg(long, value_name = "TEXT", conflicts_with = "password_file", help_heading = "Key")]
    pub password: Option<String>,

    /// A file whose first line is the password; `-` for stdin.
    #[arg(long, value_name = "FILE", help_heading = "Key")]
    pub password_file: Option<PathBuf>,
}

impl KeyOptions {
    /// Whether any key was named.
    pub fn is_given(&self) -> bool {
        #[cfg(feature = "pkcs11")]
        if self.pkcs11_key.is_some() {
            return true;
        }
        self.pfx.is_some() || self.key.is_some()
    }

    /// The key with its certificate, which has to be valid at a time.
    pub fn identity(&self, at: SystemTime) -> Result<Identity> {
        let password = password(self.password.as_deref(), self.password_file.as_deref())?;
        let refused = |path: &Path| {
            let path = path.to_owned();
            move |error| refused(&path, error)
        };
        let mut certificates = Vec::new();
        for path in &self.cert {
            let read = Certificate::read_all(&read(path, KEY_LIMIT)?);
            certificates.extend(read.map_err(refused(path))?);
        }
        #[cfg(feature = "pkcs11")]
        if let (Some(label), Some(module)) = (&self.pkcs11_key, &self.pkcs11_module) {
            use wdk_build::certificate::TokenKey;
            let (token, pin) = (self.pkcs11_token.as_deref(), password.as_deref());
            let identity = Identity::from_token(TokenKey { module, token, label, pin }, certificates, at);
            return identity.map_err(|error| Failure::new(Exit::Signature, error.to_string()));
        }
        if let Some(path) = &self.pfx {
            let pfx = read(path, KEY_LIMIT)?;
            let identity = Identity::from_pfx(&pfx, password.as_deref().unwrap_or_default(), at);
            return identity.map_err(refused(path));
        }
        let Some(path) = &self.key else {
            return Err(Failure::new(Exit::Usage, "no key is given (--pfx FILE, or --key FILE --cert FILE)"));
        };
        let key = wdk_build::certificate::Key::from_pem(&read(path, KEY_LIMIT)?, password.as_deref());
        let key = key.map_err(refused(path))?;
        Identity::new(key, certificates, at).map_err(refused(path))
    }
}

/// A password from the command line, or from a file.
pub fn password(text: Option<&str>, file: Option<&Path>) -> Result<Option<String>> {
    let Some(path) = file else { return Ok(text.map(str::to_owned)) };
    let content = if path == Path::new("-") {
        let mut content = Vec::new();
        let read = std::io::stdin().lock().take(KEY_LIMIT).read_to_end(&mut content);
        read.map_err(|error| Failure::new(Exit::File, format!("cannot read the password: {error}")))?;
        content
    } else {
        read(path, KEY_LIMIT)?
    };
    let line = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = std::str::from_utf8(line).map_err(|_| {
        Failure::new(Exit::File, format!("the password in `{}` is not UTF-8", path.display()))
    })?;
    Ok(Some(line.to_owned()))
}

/// Reads a file.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
    files::read(path, limit).map_err(|error| Failure::new(Exit::File, error.to_string()))
}

/// Reads a file that is signed, or has a signature.
pub fn read_signable(path: &Path) -> Result<Vec<u8>> {
    read(path, FILE_LIMIT)
}

/// Replaces a file.
pub fn replace(path: &Path, content: &[u8]) -> Result {
    files::replace(path, content, files::Access::Usual)
        .map_err(|error| Failure::new(Exit::File, error.to_string()))
}

/// What is wrong with a file.
pub fn refused(path: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Signature, format!("`{}`: {error}", path.display()))
}

/// Certificates that are trusted.
pub fn trusted(paths: &[PathBuf]) -> Result<Vec<Certificate>> {
    let mut trusted = Vec::new();
    for path in paths {
        let read = Certificate::read_all(&read(path, KEY_LIMIT)?);
        trusted.extend(read.map_err(|error| refused(path, error))?);
    }
    Ok(trusted)
}

/// For clap: a time.
pub fn parse_time(text: &str) -> std::result::Result<SystemTime, time::Error> {
    time::parse(text)
}

/// The time given, else `SOURCE_DATE_EPOCH` if `reproducible`, else now.
pub fn time_or_now(time: Option<SystemTime>, reproducible: bool) -> Result<SystemTime> {
    if let Some(time) = time {
        return Ok(time);
    }
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) if reproducible => time::parse(&text)
            .map_err(|error| Failure::new(Exit::Usage, format!("SOURCE_DATE_EPOCH: {error}"))),
        _ => Ok(SystemTime::now()),
    }
}

/// A signature that holds, in `--json`.
#[derive(Debug, Serialize)]
pub struct SignatureReport {
    signer: String,
    thumbprint: String,
    signing_time: Option<String>,
    timestamp: Option<String>,
    timestamp_signer: Option<String>,
    trusted_root: Option<String>,
}

impl SignatureReport {
    /// Puts together what is known.
    pub fn new(report: &verify::Report) -> Self {
        Self {
            signer: report.signer.subject(),
            thumbprint: report.signer.thumbprint(),
            signing_time: report.signing_time.map(time::text),
            timestamp: report.timestamp.as_ref().map(|timestamp| time::text(timestamp.time)),
            timestamp_signer: report.timestamp.as_ref().map(|timestamp| timestamp.signer.subject()),
            trusted_root: report.root.as_ref().map(Certificate::subject),
        }
    }

    /// The same for people, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("signer      {} ({})", self.signer, self.thumbprint)];
        lines.extend(self.signing_time.iter().map(|time| format!("signed      {time}, by its own word")));
        if let (Some(time), Some(signer)) = (&self.timestamp, &self.timestamp_signer) {
            lines.push(format!("timestamp   {time}, by {signer}"));
        }
        lines.push(match &self.trusted_root {
            Some(root) => format!("trusted     through {root}"),
            None => "trusted     not checked (give trusted certificates with --ca)".to_owned(),
        });
        lines
    }
}

/// Prints lines to stdout; a reader that has gone away does not want the rest.
pub fn print(lines: impl IntoIterator<Item = String>) {
    let mut out = std::io::stdout().lock();
    for line in lines {
        if writeln!(out, "{line}").is_err() {
            return;
        }
    }
}

/// Prints JSON to stdout.
pub fn print_json(value: &impl Serialize) {
    let mut out = std::io::stdout().lock();
    let _ = serde_json::to_writer_pretty(&mut out, value).map_err(Into::into).and_then(|()| writeln!(out));
}
