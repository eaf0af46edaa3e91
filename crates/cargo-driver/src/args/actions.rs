//! What `cargo driver run` does with the device, in the order of the command line.

use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Args, Command, Error, FromArgMatches};
pub use wdk_exerciser::action::{Action, Input, MAX_BUFFER};

/// The actions, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actions(pub Vec<Action>);

/// The name of the group, for options that exclude actions.
pub const GROUP: &str = "actions";

impl FromArgMatches for Actions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut placed = Vec::new();
        for id in ["write", "read", "ioctl"] {
            let actions = matches.get_many::<Action>(id).into_iter().flatten().cloned();
            placed.extend(matches.indices_of(id).into_iter().flatten().zip(actions));
        }
        placed.sort_by_key(|(place, _)| *place);
        Ok(Self(placed.into_iter().map(|(_, action)| action).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Actions {
    fn augment_args(command: Command) -> Command {
        let action = |id: &'static str, value: &'static str, help: &'static str| {
            Arg::new(id).long(id).value_name(value).help(help).action(ArgAction::Append).group(GROUP)
        };
        command
            .group(ArgGroup::new(GROUP).multiple(true).args(["write", "read", "ioctl"]))
            .arg(
                action("write", "DATA", "Writes a text, the content of @FILE, or hex:0102")
                    .value_parser(Action::write),
            )
            .arg(action("read", "BYTES", "Reads up to so many bytes").value_parser(Action::read))
            .arg(
                action(
                    "ioctl",
                    "CODE[:INPUT[:LENGTH]]",
                    "Sends a device control: input in hex, output length",
                )
                .value_parser(Action::ioctl),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(words: &[&str]) -> Result<Vec<Action>, String> {
        let command = Actions::augment_args(Command::new("test"));
        let matches = command.try_get_matches_from(std::iter::once(&"test").chain(words));
        Ok(Actions::from_arg_matches(&matches.map_err(|error| error.to_string())?).unwrap().0)
    }

    #[test]
    fn the_order_is_that_of_the_command_line() {
        let given =
            ["--read", "3", "--write", "a", "--ioctl", "0x222000:0aFF:16", "--read=4", "--write", "hex:00"];
        let expected = [
            Action::Read(3),
            Action::Write(Input::Bytes(b"a".to_vec())),
            Action::Ioctl { code: 0x22_2000, input: vec![10, 255], output: 16 },
            Action::Read(4),
            Action::Write(Input::Bytes(vec![0])),
        ];
        assert_eq!(actions(&given).unwrap(), expected);
    }

    #[test]
    fn input_may_be_left_out() {
        let ioctl = |code, input: &[u8], output| vec![Action::Ioctl { code, input: input.to_vec(), output }];
        assert_eq!(actions(&["--ioctl", "17"]).unwrap(), ioctl(17, &[], 0));
        assert_eq!(actions(&["--ioctl", "0x11::0x20"]).unwrap(), ioctl(17, &[], 32));
        assert_eq!(actions(&["--ioctl", "17:2a"]).unwrap(), ioctl(17, &[42], 0));
        assert_eq!(actions(&["--write", "@a b"]).unwrap(), [Action::Write(Input::File("a b".into()))]);
        assert_eq!(actions(&["--write", ""]).unwrap(), [Action::Write(Input::Bytes(Vec::new()))]);
    }

    #[test]
    fn what_is_no_number_is_named() {
        let cases = [
            (["--write", "hex:0"], "two digits"),
            (["--write", "hex:0g"], "two digits"),
            (["--write", "@"], "name of a file"),
            (["--write=x", "--read=-1"], "`-1` is no number"),
            (["--read", "many"], "`many` is no number"),
            (["--read", "16777217"], "more than a buffer may have"),
            (["--ioctl", "0x+1"], "no number of 32 bits"),
            (["--ioctl", "0x100000000"], "no number of 32 bits"),
            (["--ioctl", "1:2"], "two digits"),
            (["--ioctl", "1:02:x"], "`x` is no number"),
            (["--ioctl", "1:02:3:4"], "CODE:INPUT:LENGTH"),
        ];
        for (words, expected) in cases {
            let error = actions(&words).expect_err(words[1]);
            assert!(error.contains(expected), "{words:?}: {error}");
        }
    }
}
