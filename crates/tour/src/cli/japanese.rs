//! The help in Japanese. A template and headings stand for the words that clap has in English only.

use crate::screen::wrap;
use anstyle::Style;
use clap::{Arg, ArgAction, Command};

const HEADING: Style = Style::new().bold().underline();
/// The columns that are left beside the names of commands, and of arguments, on 80 columns.
const BESIDE_COMMAND: usize = 64;
const BESIDE_ARGUMENT: usize = 50;
const LINE: usize = 80;
/// The arguments that every command has stand behind its own.
const LAST: usize = 100;

/// By command, or by command and argument.
const HELP: &[(&str, &str)] = &[
    ("tour", "両文書の地図。節は番号で実行でき、スニペットはパッケージになる"),
    ("tour lang", "表示する言語。省略するとロケールに従う"),
    ("guide", "ガイドの節を実行する。`4.1`、または章全体なら `4`"),
    ("guide section", "文書の節番号。複数なら指定した順に実行する"),
    ("deep-dive", "Deep Dive の節を実行する。`4.1`、または章全体なら `4`"),
    ("deep-dive section", "文書の節番号。複数なら指定した順に実行する"),
    ("map", "章の一覧、またはある章の節を表示する。`map 4`"),
    ("map part", "両文書の `4` や `4.1`、文書名 `guide`・`deep-dive`、または `guide 4`"),
    ("timeline", "プログラムを実行し、タスクの poll・待機・wake を図にする"),
    ("timeline words", "クレート名とそのファイル名、または `guide`・`deep-dive` と節番号"),
    ("timeline html", "実行を一歩ずつたどれるページを書き出す"),
    ("timeline svg", "図を書き出す"),
    ("timeline json", "ui.perfetto.dev で開けるトレースを書き出す"),
    ("timeline for", "実行をこの時間で打ち切る。`5s`、`500ms`、`2m`"),
    (
        "copy",
        "レシピを自分のパッケージに入れる。またはレシピやスニペットから新しいパッケージを作る",
    ),
    ("copy name", "レシピ名、またはスニペットのファイル名(FILE か CRATE/FILE)"),
    ("copy folder", "自分のパッケージのフォルダ、またはまだ無いか空のフォルダ"),
    ("copy as", "モジュールを別名にする"),
    ("copy apply", "`mod` 行と、`cargo add` による依存も追加する"),
    ("copy with-tests", "レシピのテストも残す"),
    ("find", "困りごとから探す。`find retry with backoff`、`find デッドロック`"),
    ("find words", "やりたいこと、起きている問題、またはエラーメッセージ"),
    ("statements", "文書の記述ごとに、正しいかどうかと、その根拠を示す"),
    ("statements document", "その文書の全記述。何も付けなければ章ごとの件数"),
    ("statements section", "両文書の節 `6.2`、または章 `6`"),
    ("statements id", "1 件だけ。`G-4.1-1`、`D-6-3`"),
    ("statements verdict", "その判定の記述だけ"),
    ("statements wrong", "成り立たない記述。--verdict wrong と同じ"),
    ("statements json", "プログラム用の出力"),
    ("quiz", "Deep Dive 19 などの問題を出し、進み具合を記録する"),
    ("quiz question", "`--list` が示す名前。省略すると、まだ正解していない問題"),
    ("quiz list", "問題の一覧と進み具合を表示する"),
    ("quiz reset", "進み具合を消す"),
    ("quiz seed", "選択肢の順序。同じ数なら同じ順序、省略すると毎回変わる"),
    ("cheatsheet", "Deep Dive 18 を、対応するプログラムとともに表示する"),
    ("roadmap", "Deep Dive 17 を表示する"),
    ("dev", "データから作られるものを書き出し、検査する。スニペットを書き始める。`dev --help`"),
    ("dev words", ""),
    ("completions", "シェル用のスクリプト(関数 `tour` とその補完)を出力する"),
    ("completions shell", "使っているシェル"),
];

/// The lines below the arguments.
const AFTER: &[(&str, &str)] = &[
    ("tour", "コマンドなしでは地図を表示する。Tab 補完については `completions --help` を参照。"),
    (
        "timeline",
        "  timeline join-select try_join       クレートとファイル。ファイルを省けばすべて
  timeline guide 4.5 --html run.html  節

ファイルを指定しなければ、図はテキストで出力の後に続く。Ctrl+C を押すと、そこまでを図にする。",
    ),
    (
        "copy",
        "レシピは、既存のパッケージにはモジュールとして、新しいフォルダにはライブラリとして入る。\
         パッケージに足りないものは表示され、`--apply` を付けると追加される。スニペットは\
         プログラムなので、新しいフォルダに入る。",
    ),
    (
        "completions",
        "スクリプトは、どのフォルダからでもここの `cargo run --` と同じことをする関数 `tour` を定義し、\
         その語を補完する。いまのシェルで使うには:

  bash, zsh   source <(cargo run -q -- completions bash)
  fish        cargo run -q -- completions fish | source
  PowerShell  cargo run -q -- completions powershell | Out-String | iex
  elvish      eval (cargo run -q -- completions elvish | slurp)

すべてのシェルで使うには、スクリプトを保存し、起動時に読み込まれる `~/.bashrc` などから source する。\
         zsh では `compinit` の後に置く。",
    ),
];

fn named(list: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    list.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

fn wrapped(text: &str, width: usize) -> String {
    wrap(text, width).join("\n")
}

/// `command` and its subcommands, with their help in Japanese.
pub fn translated(command: Command) -> Command {
    let name = command.get_name().to_string();
    let command = command.mut_subcommands(translated);
    let mut place = 0;
    let command = command.mut_args(|arg| {
        place += 1;
        argument(&name, arg, place)
    });
    let width = if name == "tour" { LINE } else { BESIDE_COMMAND };
    let about = named(HELP, &name).map(|text| wrapped(text, width));
    let after = named(AFTER, &name).map(|text| wrapped(text, LINE));
    let usage = format!("{HEADING}使い方:{HEADING:#} {{usage}}");
    let command = command
        .help_template(format!("{{about-with-newline}}\n{usage}\n\n{{all-args}}{{after-help}}"))
        .subcommand_help_heading("コマンド");
    let command = match about {
        Some(about) => command.about(about),
        None => command,
    };
    let command = match after {
        Some(after) => command.after_help(after),
        None => command,
    };
    // The package `dev` has a help of its own.
    match command.is_disable_help_flag_set() {
        true => command,
        false => with_flags(command, name == "tour"),
    }
}

/// `--help`, and `--version` for the tour itself.
fn with_flags(command: Command, is_tour: bool) -> Command {
    let flag = |name: &'static str, letter, action, help: &'static str| {
        let flag = Arg::new(name).short(letter).long(name).action(action).help(help);
        flag.help_heading("オプション").display_order(LAST)
    };
    let help = flag("help", 'h', ArgAction::Help, "この説明を表示する");
    let command = command.disable_help_flag(true).arg(help);
    if !is_tour {
        return command;
    }
    let version = flag("version", 'V', ArgAction::Version, "バージョンを表示する");
    command.disable_version_flag(true).arg(version)
}

/// Below its heading, in the order in which the command has it.
fn argument(command: &str, argument: Arg, place: usize) -> Arg {
    let heading = if argument.is_positional() { "引数" } else { "オプション" };
    let help = named(HELP, &format!("{command} {}", argument.get_id())).unwrap_or_default();
    let values = argument.get_possible_values();
    let names: Vec<_> = values.iter().map(|value| value.get_name()).collect();
    let place = if argument.get_id() == "lang" { LAST - 1 } else { place };
    let argument = argument.help_heading(heading).display_order(place);
    match names.is_empty() || argument.is_hide_possible_values_set() {
        true => argument.help(wrapped(help, BESIDE_ARGUMENT)),
        false => {
            let help = format!("{help} [{}]", names.join(", "));
            argument.help(wrapped(&help, BESIDE_ARGUMENT)).hide_possible_values(true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::command;
    use super::*;
    use crate::map::documents;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn every_command_and_argument_is_translated_and_nothing_else() {
        let tour = command(documents());
        let all: Vec<&Command> = [&tour].into_iter().chain(tour.get_subcommands()).collect();
        let mut names = Vec::new();
        for command in &all {
            let name = command.get_name();
            names.push(name.to_string());
            names.extend(command.get_arguments().map(|it| format!("{name} {}", it.get_id())));
        }
        let lacks: Vec<_> = names.iter().filter(|name| named(HELP, name).is_none()).collect();
        let stale: Vec<_> =
            HELP.iter().filter(|(name, _)| !names.iter().any(|it| it == name)).collect();
        assert!(lacks.is_empty() && stale.is_empty(), "{lacks:?} {stale:?}");
        for command in all {
            let name = command.get_name();
            assert_eq!(command.get_after_help().is_some(), named(AFTER, name).is_some(), "{name}");
        }
    }

    #[test]
    fn no_help_is_wider_than_80_columns_or_has_a_word_of_claps() {
        let mut all = translated(command(documents()));
        all.build();
        let mut helps = vec![all.render_long_help().to_string()];
        helps.extend(all.get_subcommands_mut().map(|it| it.render_long_help().to_string()));
        for line in helps.iter().flat_map(|help| help.lines()) {
            assert!(line.width() <= 80, "{line}");
            for word in ["Usage:", "Options:", "Commands:", "Arguments:", "Print ", "possible"] {
                assert!(!line.contains(word), "{line}");
            }
        }
    }
}
