//! `cargo driver inf check`: findings with their lines and carets, or as JSON.

use super::{Check, read};
use crate::exit::{Exit, Result};
use annotate_snippets::{Annotation, AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use wdk_build::inf::{self, Finding, Inf, Options, Severity, Span};

/// The report. Its fields are those of `--json`, which `docs/cli.md` describes.
#[derive(Debug, Serialize)]
struct Report {
    mode: &'static str,
    files: Vec<File>,
    exit_code: u8,
}

#[derive(Debug, Serialize)]
struct File {
    file: String,
    encoding: String,
    errors: usize,
    warnings: usize,
    findings: Vec<Found>,
}

#[derive(Debug, Serialize)]
struct Found {
    rule: String,
    number: u16,
    severity: String,
    title: &'static str,
    message: String,
    #[serde(flatten)]
    place: Place,
    help: &'static str,
    related: Option<Related>,
}

#[derive(Debug, Serialize)]
struct Related {
    message: String,
    #[serde(flatten)]
    place: Place,
}

#[derive(Debug, Serialize)]
struct Place {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

pub fn check(options: &Check) -> Result<Exit> {
    let mode = options.mode();
    // All files are read before anything is printed: a file that is not there gives one message and no report.
    let files =
        options.files.iter().map(|path| Ok((path.as_path(), read(path)?))).collect::<Result<Vec<_>>>()?;
    let mut report = Report { mode: mode.name(), files: Vec::new(), exit_code: 0 };
    let mut out = std::io::stdout().lock();
    let colour = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut failed = false;
    for (path, inf) in files {
        let is_inx = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("inx"));
        let findings = inf::check(&inf, &Options { mode, unstamped: options.unstamped || is_inx });
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        failed |= errors > 0 || options.deny_warnings && warnings > 0;
        if options.json {
            report.files.push(File {
                file: path.display().to_string(),
                encoding: inf.text().encoding().to_string(),
                errors,
                warnings,
                findings: findings.iter().map(|finding| found(&inf, finding)).collect(),
            });
            continue;
        }
        // A reader that has gone away does not want the rest.
        for finding in &findings {
            let _ = writeln!(out, "{}\n", shown(&renderer, path, &inf, finding));
        }
        let _ = writeln!(out, "{}: {} ({mode})", path.display(), summary(errors, warnings));
    }
    let exit = if failed { Exit::Inf } else { Exit::Ok };
    if options.json {
        report.exit_code = exit.code();
        let _ = serde_json::to_writer_pretty(&mut out, &report);
        let _ = writeln!(out);
    }
    Ok(exit)
}

fn summary(errors: usize, warnings: usize) -> String {
    let count = |number: usize, what: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {what}{plural}")
    };
    match (errors, warnings) {
        (0, 0) => "clean".to_owned(),
        (0, warnings) => count(warnings, "warning"),
        (errors, 0) => count(errors, "error"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

fn place(inf: &Inf, span: Span) -> Place {
    let (start, end) = (inf.position(span.start), inf.position(span.end));
    Place { line: start.line, column: start.column, end_line: end.line, end_column: end.column }
}

fn found(inf: &Inf, finding: &Finding) -> Found {
    let related = finding.related.as_ref();
    Found {
        rule: finding.rule.name(),
        number: finding.rule.number,
        severity: finding.severity.to_string(),
        title: finding.rule.title,
        message: finding.message.clone(),
        place: place(inf, finding.span),
        help: finding.rule.mend,
        related: related
            .map(|(span, message)| Related { message: message.clone(), place: place(inf, *span) }),
    }
}

/// A finding as people read it.
pub fn shown(renderer: &Renderer, path: &Path, inf: &Inf, finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let name = finding.rule.name();
    let path = path.display().to_string();
    let mut group = level.primary_title(finding.message.as_str()).id(name.as_str()).element(snippet(
        inf,
        &path,
        finding.span,
        AnnotationKind::Primary,
        "",
    ));
    if let Some((span, message)) = &finding.related {
        group = group.element(snippet(inf, &path, *span, AnnotationKind::Context, message));
    }
    let group = group.element(Level::HELP.message(finding.rule.mend));
    renderer.render(&[group])
}

/// The lines of a span. The rest of the file is left out, so that a large one with many findings takes no longer.
fn snippet<'a>(
    inf: &'a Inf,
    path: &str,
    span: Span,
    kind: AnnotationKind,
    label: &'a str,
) -> Snippet<'a, Annotation<'a>> {
    let content = inf.text().content();
    let start = content[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = content[span.end..].find('\n').map_or(content.len(), |newline| span.end + newline);
    let lines = content[start..end].trim_end_matches('\r');
    let here = (span.start - start).min(lines.len())..(span.end - start).min(lines.len());
    let annotation = kind.span(here);
    let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
    Snippet::source(lines)
        .line_start(inf.position(span.start).line)
        .path(path.to_owned())
        .annotation(annotation)
}
