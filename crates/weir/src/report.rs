//! Errors: on stderr, as text or as one line of JSON, and the exit status that goes with them.

use std::process::ExitCode;

use clap::error::ErrorKind;
use weir_core::{Code, Error};
use weir_server::wire::Problem;

use crate::output;

/// The user can do something about it; also what clap exits with.
const USERS_FAULT: u8 = 2;
/// We have to.
const OUR_FAULT: u8 = 1;

/// Reports an error of a command.
pub fn error(error: &Error, json: bool) -> ExitCode {
    output::note(&if json { as_json(error) } else { as_text(error) });
    ExitCode::from(if error.is_users_fault() { USERS_FAULT } else { OUR_FAULT })
}

/// Reports what clap did not understand, or prints the help or the version it was asked for.
pub fn usage(error: &clap::Error) -> ExitCode {
    let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if !asked_for && wants_json() {
        output::note(&as_json(&of_clap(error)));
    } else {
        // Fails only if the pipe is closed.
        let _ = error.print();
    }
    if asked_for { ExitCode::SUCCESS } else { ExitCode::from(USERS_FAULT) }
}

/// The flags could not be read, so this one is looked for by hand.
fn wants_json() -> bool {
    std::env::args_os().skip(1).take_while(|arg| arg != "--").any(|arg| arg == "--json")
}

/// clap renders `error: MESSAGE`, then paragraphs of tips and usage.
fn of_clap(error: &clap::Error) -> Error {
    let text = error.to_string();
    let (message, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let message = message.trim_start_matches("error: ").split_whitespace().collect::<Vec<_>>().join(" ");
    let tip = rest.lines().find_map(|line| line.trim().strip_prefix("tip: "));
    let usage = rest.lines().find(|line| line.starts_with("Usage: "));
    let error = Error::new(Code::InvalidArgument, message);
    match tip.or(usage) {
        Some(help) => error.help(help),
        None => error,
    }
}

fn as_json(error: &Error) -> String {
    // Texts only; this cannot fail.
    serde_json::to_string(&Problem::from(error)).unwrap_or_default()
}

fn as_text(error: &Error) -> String {
    let mut text = format!("error: {}", error.message);
    for (what, line) in [("at", &error.at), ("help", &error.help)] {
        if let Some(line) = line.as_ref().filter(|line| !line.is_empty()) {
            text.push_str(&format!("\n  {what}: {line}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_names_place_and_help() {
        let error = Error::new(Code::UnknownTag, "there is no tag \"gendr\"")
            .at("/tag")
            .help("did you mean \"gender\"?");
        assert_eq!(
            as_text(&error),
            "error: there is no tag \"gendr\"\n  at: /tag\n  help: did you mean \"gender\"?"
        );
        assert_eq!(
            as_text(&Error::new(Code::InvalidJson, "this is not JSON").at("")),
            "error: this is not JSON"
        );
    }
}
