//! The defaults that are part of the program: the files of `config/`, in exactly the format that a user
//! writes. A test holds these lists against the folder.

/// A list of files of `config/`, by their path there.
macro_rules! embed {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../config/", $path)))),*]
    };
}

/// One file a deal, in any order: the board's order is a setting.
pub(super) const DEALS: &[(&str, &str)] = embed![
    "deals/anthropic-amd.toml",
    "deals/anthropic-aws.toml",
    "deals/anthropic-google.toml",
    "deals/anthropic-microsoft-nvidia.toml",
    "deals/anthropic-spacex.toml",
    "deals/aws-cerebras.toml",
    "deals/meta-amd.toml",
    "deals/meta-google.toml",
    "deals/meta-nvidia.toml",
    "deals/nvidia-groq.toml",
    "deals/openai-amd.toml",
    "deals/openai-aws.toml",
    "deals/openai-broadcom.toml",
    "deals/openai-cerebras.toml",
    "deals/openai-coreweave.toml",
    "deals/openai-google.toml",
    "deals/openai-microsoft.toml",
    "deals/openai-nvidia.toml",
    "deals/openai-oracle.toml",
    "deals/oracle-amd.toml",
];

/// One file a programme.
pub(super) const PROGRAMMES: &[(&str, &str)] = embed![
    "programmes/maia.toml",
    "programmes/mtia.toml",
    "programmes/tpu.toml",
    "programmes/trainium.toml",
];

/// One file a theme.
pub(super) const THEMES: &[(&str, &str)] = embed![
    "themes/default.toml",
    "themes/dark.toml",
    "themes/light.toml",
    "themes/high-contrast.toml",
    "themes/mono.toml",
    "themes/colour-blind-safe.toml",
];

/// Single files.
pub(super) const SINGLE: &[(&str, &str)] = embed![
    "gigawatch.toml",
    "feeds.toml",
    "outlets.toml",
    "lexicon.toml",
    "keys.toml",
    "economics.toml",
    "alerts.toml"
];

/// Every embedded file.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    [SINGLE, DEALS, PROGRAMMES, THEMES].into_iter().flatten().copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    fn on_disk(folder: &str) -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return BTreeSet::new() };
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .filter(|name| name.to_lowercase().ends_with(".toml"))
            .map(|name| format!("{folder}/{name}"))
            .collect()
    }

    #[test]
    fn every_file_of_the_folders_is_embedded() {
        for (folder, embedded) in
            [("deals", super::DEALS), ("programmes", super::PROGRAMMES), ("themes", super::THEMES)]
        {
            let listed: BTreeSet<String> = embedded.iter().map(|(path, _)| (*path).to_owned()).collect();
            assert_eq!(listed, on_disk(folder), "add the file to src/config/built_in.rs");
        }
    }
}
