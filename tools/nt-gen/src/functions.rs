//! Writing the statement of functions.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};

use crate::convert::Converter;
use crate::emit::header;
use crate::metadata::Metadata;
use crate::model::{Model, Ty};
use crate::overrides::Overrides;
use crate::selection::{Selection, Wanted};

/// One function, resolved.
pub struct Function<'a> {
    wanted: &'a Wanted,
    module: String,
    params: Vec<(String, Ty)>,
    ret: Ty,
    optional: Vec<String>,
}

/// Looks up every wanted function.
pub fn resolve<'a>(
    converter: &mut Converter<'_>,
    metadata: &Metadata<'_>,
    overrides: &'a Overrides,
    selection: &'a Selection,
) -> Result<Vec<Function<'a>>> {
    let mut out = Vec::new();
    for wanted in &selection.functions {
        out.push(one(converter, metadata, overrides, wanted).with_context(|| format!("fn {}", wanted.name))?);
    }
    Ok(out)
}

fn one<'a>(
    converter: &mut Converter<'_>,
    metadata: &Metadata<'_>,
    overrides: &'a Overrides,
    wanted: &'a Wanted,
) -> Result<Function<'a>> {
    let stated = overrides.function(&wanted.name);
    match (metadata.function(&wanted.name), stated) {
        (Some(_), Some(_)) => bail!("has come into the metadata: drop the override"),
        (None, None) => bail!("is neither in the metadata nor in overrides.toml"),
        (None, Some(entry)) => {
            let (params, ret) = converter.signature(&entry.signature)?;
            Ok(Function {
                wanted,
                module: entry.module.clone(),
                params,
                ret,
                optional: entry.optional.clone(),
            })
        }
        (Some(method), None) => {
            let (params, ret, optional) = converter.wanted_method(&wanted.name)?;
            let map = method.impl_map().context("the metadata names no module")?;
            let scope = map.import_scope();
            let module = overrides.module_for(scope.name()).to_string();
            Ok(Function { wanted, module, params, ret, optional })
        }
    }
}

/// The file holding the statement.
pub fn statement(model: &Model, functions: &[Function<'_>], what: &str) -> Result<String> {
    let mut out = header(what, "");
    out.push_str(concat!(
        "\n/// The functions drivers import, once: `nt_functions! { path::to::macro }` expands to that macro\n",
        "/// applied to all of them. `irql` is the range of levels a caller may be at; `optional` names the\n",
        "/// pointers that may be NULL.\n",
        "#[macro_export]\nmacro_rules! nt_functions {\n    ($($then:tt)+) => { $($then)+! {\n        nt;\n",
    ));
    for function in functions {
        let Wanted { name, min, max, doc } = function.wanted;
        let params: Vec<String> =
            function.params.iter().map(|(name, ty)| format!("{name}: {}", model.spell(ty))).collect();
        writeln!(out, "        /// {doc}")?;
        let one_line =
            format!("        fn {name}({}) -> {} {{", params.join(", "), model.spell(&function.ret));
        if one_line.len() <= 100 {
            writeln!(out, "{one_line}")?;
        } else {
            writeln!(out, "        fn {name}(")?;
            for param in &params {
                writeln!(out, "            {param},")?;
            }
            writeln!(out, "        ) -> {} {{", model.spell(&function.ret))?;
        }
        writeln!(out, "            module: \"{}\";", function.module)?;
        writeln!(out, "            irql: {min} ..= {max};")?;
        match &function.optional[..] {
            [] => writeln!(out, "            optional: ;")?,
            some => writeln!(out, "            optional: {};", some.join(", "))?,
        }
        writeln!(out, "        }}")?;
    }
    out.push_str("    } };\n}\n");
    writeln!(out, "\n/// How many functions are stated above.\n#[cfg(test)]")?;
    writeln!(out, "pub(crate) const STATED_FUNCTIONS: usize = {};", functions.len())?;
    Ok(out)
}
