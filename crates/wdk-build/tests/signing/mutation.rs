//! Damaged files: an error, never a panic, and never a signature that holds for another content.

use crate::support::{PASSWORD, certificate, echo, options};
use std::time::SystemTime;
use wdk_build::catalog::{self, Builder, Catalog, Os};
use wdk_build::certificate::{Certificate, Identity, Key};
use wdk_build::sign::{self, Image, verify};

/// The same numbers each time (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) % limit as u64) as usize
    }

    /// Changes, cuts, repeats: a few of them at once, mostly where headers and lengths are.
    fn mutate(&mut self, file: &[u8], hot: usize) -> Vec<u8> {
        let mut file = file.to_vec();
        for _ in 0..1 + self.below(4) {
            if file.is_empty() {
                break;
            }
            let limit = if self.below(4) > 0 { hot.min(file.len()) } else { file.len() };
            let at = self.below(limit);
            match self.below(8) {
                0 => file.truncate(at),
                1 => file[at] = [0, 1, 0x7F, 0x80, 0xFF][self.below(5)],
                2 => {
                    let end = (at + 1 + self.below(16)).min(file.len());
                    file.copy_within(at..end, at / 2);
                }
                3 => {
                    let end = (at + 4).min(file.len());
                    file[at..end].fill(0xFF);
                }
                4 => drop(file.drain(at..(at + 1 + self.below(8)).min(file.len()))),
                5 => file.insert(at, self.below(256) as u8),
                _ => file[at] ^= 1 << self.below(8),
            }
        }
        file
    }
}

/// How often; more for whoever wants it to run for long.
fn rounds() -> usize {
    std::env::var("WDK_MUTATION_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3_000)
}

#[test]
fn damaged_images() {
    let mut random = Random(1);
    let signed = sign::image(&echo(), certificate().identity(), &options()).unwrap();
    let original = Image::parse(&signed).unwrap();
    let now = SystemTime::now();
    let mut parsed = 0;
    for _ in 0..rounds() {
        let file = random.mutate(&signed, 0x400);
        let Ok(image) = Image::parse(&file) else { continue };
        parsed += 1;
        if verify::image(&file, &[], now).is_ok() {
            assert_eq!(image.digest(), original.digest(), "a signature held for another content");
        }
    }
    assert!(parsed > 0, "nothing got through the first checks");
}

#[test]
fn damaged_messages() {
    let mut random = Random(2);
    let signed = sign::image(&echo(), certificate().identity(), &options()).unwrap();
    let end = Image::parse(&signed).unwrap().content().len();
    let now = SystemTime::now();
    for _ in 0..rounds() {
        // In the message only: the image stays what was signed.
        let table = random.mutate(&signed[end..], 0x200);
        let mut file = [&signed[..end], &table].concat();
        let security = u32::from_le_bytes(*file[0x3C..].first_chunk().unwrap()) as usize + 24 + 112 + 32;
        file[security + 4..][..4].copy_from_slice(&(table.len() as u32).to_le_bytes());
        // It may hold: what is beside the signature (padding) may change. It may not panic.
        let _ = verify::image(&file, &[], now);
    }
}

#[test]
fn damaged_catalogs() {
    let mut random = Random(3);
    let mut builder = Builder::new([Os::X64], options().time);
    let catalog = builder.file("echo.sys", &echo()).unwrap().hardware_id("root\\echo").build().unwrap();
    let catalog = catalog::sign(&catalog, certificate().identity(), &options()).unwrap();
    let members = Catalog::parse(&catalog).unwrap().members;
    let mut parsed = 0;
    for _ in 0..rounds() {
        let file = random.mutate(&catalog, 0x300);
        let Ok(damaged) = Catalog::parse(&file) else { continue };
        parsed += 1;
        if catalog::verify(&file, &[], SystemTime::now()).is_ok() {
            assert_eq!(damaged.members, members, "a signature held for other members");
        }
    }
    assert!(parsed > 0, "nothing got through the first checks");
}

#[test]
fn damaged_certificates_and_keys() {
    let mut random = Random(4);
    let der = certificate().identity().certificate().der();
    let pem = certificate().key_pem().unwrap();
    let pfx = certificate().pfx(PASSWORD).unwrap();
    let now = SystemTime::now();
    for _ in 0..rounds() {
        if let Ok(certificates) = Certificate::read_all(&random.mutate(der, 0x400)) {
            let _ = certificates[0].check(now);
        }
        let _ = Key::from_pem(&random.mutate(pem.as_bytes(), 0x40), None);
    }
    // Deriving keys takes its time.
    for _ in 0..rounds() / 100 {
        let _ = Identity::from_pfx(&random.mutate(&pfx, 0x40), PASSWORD, now);
    }
}

#[test]
fn every_truncation_of_an_image() {
    let signed = sign::image(&echo(), certificate().identity(), &options()).unwrap();
    for length in (0..signed.len()).step_by(3).chain(0..0x200) {
        let error =
            sign::image(&signed[..length], certificate().identity(), &options()).map(drop).unwrap_err();
        assert!(!error.to_string().is_empty());
    }
}
