//! `driver!`.

use crate::metadata::DriverModel;
use proc_macro::{Delimiter, Group, Literal, TokenStream, TokenTree};
use std::path::PathBuf;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    if input.is_empty() {
        return error("expected the type that implements `wdk::Driver`: `wdk::driver!(Counter);`");
    }
    let Some(directory) = std::env::var_os("CARGO_MANIFEST_DIR") else {
        return error("`CARGO_MANIFEST_DIR` is not set: build the driver with cargo");
    };
    let manifest = PathBuf::from(directory).join("Cargo.toml");
    match DriverModel::read(&manifest) {
        Ok(model) => generate(input, &model, manifest.to_str()),
        Err(message) => error(&message),
    }
}

/// `::wdk::__driver! { (Type) 15 15 "/path/Cargo.toml" }`: target and minimum version.
///
/// All that the language calls unsafe is in that macro of `wdk`, so that a driver can forbid unsafe code.
fn generate(driver: TokenStream, model: &DriverModel, manifest: Option<&str>) -> TokenStream {
    let mut arguments = TokenStream::new();
    arguments.extend([
        TokenTree::from(Group::new(Delimiter::Parenthesis, driver)),
        Literal::u32_unsuffixed(model.kmdf_minor).into(),
        Literal::u32_unsuffixed(model.minimum_minor).into(),
    ]);
    // Named so that cargo builds the driver again when it changes.
    arguments.extend(manifest.map(|path| TokenTree::from(Literal::string(path))));
    let mut tokens: TokenStream = "::wdk::__driver!".parse().expect("Rust tokens");
    tokens.extend([TokenTree::from(Group::new(Delimiter::Brace, arguments))]);
    tokens
}

fn error(message: &str) -> TokenStream {
    let mut tokens: TokenStream = "::core::compile_error!".parse().expect("Rust tokens");
    let message = TokenTree::from(Literal::string(message));
    tokens.extend([TokenTree::from(Group::new(Delimiter::Brace, message.into()))]);
    tokens
}
