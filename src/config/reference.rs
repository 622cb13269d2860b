//! `docs/config.md`: every file and key, written from the tables that the readers check against.

use std::fmt::Write;

use super::reader::Field;
use super::theme::Token;
use super::{alerts, catalog, claims, economics, feeds, keys, lexicon, outlets, settings, show, theme};

/// One file of a configuration folder.
struct File {
    name: &'static str,
    about: &'static str,
    tables: &'static [(&'static str, &'static [Field])],
}

const FILES: &[File] = &[
    File {
        name: "gigawatch.toml",
        about: "Settings. Your file needs only the lines that you change.",
        tables: &[
            ("the file", settings::FILE),
            ("[poll]", settings::POLL),
            ("[board]", settings::BOARD),
            ("[ui]", settings::UI),
            ("[[view]]", settings::VIEW),
            ("[[calendar]]", settings::CALENDAR),
        ],
    },
    File {
        name: "feeds.toml",
        about: "What is polled. Your file replaces the built-in list; with `extend = true` it adds to it, and an \
                entry with a built-in id changes only the keys that it names. An empty file is allowed: the board \
                then lives from the catalog and from `gigawatch import`. Secrets are read when they are needed and \
                never shown; a file that holds some belongs to you alone (`chmod 600`).",
        tables: &[("the file", feeds::FILE), ("[[feed]]", feeds::FEED), ("auth", feeds::AUTH)],
    },
    File {
        name: "outlets.toml",
        about: "Who stands behind a host, and how far words of their own can be relied on. Your outlets are added; \
                a host named again is yours.",
        tables: &[("the file", outlets::FILE), ("[[outlet]]", outlets::OUTLET)],
    },
    File {
        name: "deals/SLUG.toml",
        about: "One file a deal, its name being the slug. Yours replace built-in ones of the same name, or are added.",
        tables: &[
            ("the file", catalog::DEAL),
            ("[[leg]]", catalog::LEG),
            ("[[milestone]]", catalog::MILESTONE),
            ("[[claim]]", claims::CLAIM),
            ("facts", claims::FACT),
            ("tickers", catalog::TICKER),
        ],
    },
    File {
        name: "programmes/ID.toml",
        about: "One file a silicon programme. Its claims press on every leg that names it.",
        tables: &[("the file", catalog::PROGRAMME)],
    },
    File {
        name: "lexicon.toml",
        about: "The words that the tagger knows. Yours add to the built-in ones: an entry with a known id adds its \
                names to that entry, and a word written with `-` in front is taken away.",
        tables: &[
            ("the file", lexicon::FILE),
            ("[[company]]", lexicon::COMPANY),
            ("[[silicon]]", lexicon::SILICON),
            ("[[deal-name]]", lexicon::DEAL_NAME),
        ],
    },
    File {
        name: "keys.toml",
        about: "Keys: a table for each layer, of `\"keys\" = \"command\"`. Yours replace built-in ones of the same \
                layer and keys; `\"none\"` takes one away. `docs/keys.md` has the commands.",
        tables: &[("the file", keys::FILE)],
    },
    File {
        name: "themes/NAME.toml",
        about: "One file a theme. A style is `[colour] [on colour] [bold] [dim] [italic] [underline] [reverse]`; a \
                colour is one of the sixteen names such as `green` or `bright-red`, `default`, and in `rich` also \
                a number of xterm's 256 or `#rrggbb`.",
        tables: &[("the file", theme::THEME), ("a token", theme::LOOK)],
    },
    File {
        name: "economics.toml",
        about: "The assumptions behind the margin lever and the exposure, each with bounds, unit, source and date. \
                A table of yours replaces the one of its name.",
        tables: &[
            ("the file", economics::FILE),
            ("an assumption", economics::ASSUMPTION),
            ("[[content]]", economics::CONTENT),
            ("[[holding]]", economics::HOLDING),
        ],
    },
    File {
        name: "alerts.toml",
        about: "What is worth an interruption. A rule of yours with the id of a built-in one replaces it.",
        tables: &[("the file", alerts::FILE), ("[gate]", alerts::GATE), ("[[rule]]", alerts::RULE)],
    },
];

/// The whole page.
pub fn page() -> String {
    let mut page = String::from(
        "# Configuration\n\n\
         Written by `gigawatch docs config`; do not edit.\n\n\
         Every file is TOML and optional: what you leave out is built in, in the same format. Files live in the\n\
         folder that `gigawatch config path` prints; `--config-dir` or `GIGAWATCH_CONFIG_DIR` names another.\n\
         `gigawatch config init` puts commented copies there, `gigawatch config check` finds what is wrong, all of\n\
         it at once, and `gigawatch config show --origin` says where each setting comes from.\n\n\
         Times are written `90s`, `15m`, `6h`, `2d` or `1h30m`; sizes `512KiB` or `16MiB`; dates `2026-02-27`.\n\
         Companies and silicon lines are named by their ids in `lexicon.toml`, deals by their slug.\n",
    );
    let defaults = show::settings(None);
    for file in FILES {
        put(&mut page, format_args!("\n## {}\n\n{}\n", file.name, file.about));
        for (name, fields) in file.tables {
            put(&mut page, format_args!("\n### {}\n\n", heading(name)));
            table(&mut page, fields, |key| {
                let section = name.trim_start_matches('[').trim_end_matches(']');
                let shown = defaults.iter().find(|shown| shown.section == section && shown.key == key)?;
                let long = shown.value.chars().count() > 60;
                (file.name == "gigawatch.toml")
                    .then(|| if long { "…".to_owned() } else { shown.value.clone() })
            });
        }
        if file.name.starts_with("themes") {
            page.push_str("\n### Tokens\n\n| token | what it stands for |\n|---|---|\n");
            for token in Token::ALL {
                put(&mut page, format_args!("| `{}` | {} |\n", token.name(), token.about()));
            }
        }
    }
    page
}

fn heading(name: &str) -> String {
    if name.contains(' ') { name.to_owned() } else { format!("`{name}`") }
}

fn table(page: &mut String, fields: &[Field], default: impl Fn(&str) -> Option<String>) {
    let defaults: Vec<Option<String>> = fields.iter().map(|field| default(field.key)).collect();
    let any = defaults.iter().any(Option::is_some);
    page.push_str(if any {
        "| key | takes | default | |\n|---|---|---|---|\n"
    } else {
        "| key | takes | |\n|---|---|---|\n"
    });
    for (field, default) in fields.iter().zip(defaults) {
        let required = if field.required { " (required)" } else { "" };
        put(page, format_args!("| `{}` | {}{required} |", field.key, cell(field.takes)));
        if any {
            let default = default.map(|default| format!("`{default}`")).unwrap_or_default();
            put(page, format_args!(" {} |", cell(&default)));
        }
        put(page, format_args!(" {} |\n", cell(field.about)));
    }
}

/// A text that does not end a table's cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Writing to a string cannot fail.
fn put(page: &mut String, text: std::fmt::Arguments<'_>) {
    if page.write_fmt(text).is_err() {}
}
