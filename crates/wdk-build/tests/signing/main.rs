//! Certificates, signatures and catalogs, judged by other tools where they are there.

mod catalog;
mod certificate;
mod corpus;
mod image;
mod mutation;
mod package;
mod support;
mod timestamp;
