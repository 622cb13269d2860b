//! Writes a configuration file so that a crash leaves the old one or the new one, never half of either.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Replaces a file, keeping what it held as `NAME.bak` beside it. Follows a symbolic link, so that a
/// linked file stays linked; keeps the file's permissions. Makes the folder if there is none.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link is resolved even where its target does not exist yet.
    let path = resolved(path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let permissions = fs::metadata(&path).ok().map(|meta| meta.permissions());
    if path.exists() {
        fs::copy(&path, beside(&path, ".bak"))?;
    }
    let temporary = beside(&path, &format!(".{}.tmp", std::process::id()));
    let written = write_whole(&temporary, text, permissions).and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        // What failed is told; a temporary file that cannot be removed either changes nothing.
        drop(fs::remove_file(&temporary));
    }
    written?;
    // The new name is durable only with its folder.
    fs::File::open(folder)?.sync_all()
}

fn write_whole(path: &Path, text: &str, permissions: Option<fs::Permissions>) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn resolved(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // As many links as the kernel would follow.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn the_old_text_is_kept_beside_the_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/feeds.toml");
        replace(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        replace(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_to_string(dir.path().join("deep/feeds.toml.bak")).unwrap(), "one");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 2);
    }

    #[test]
    fn a_linked_file_stays_linked() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real.toml"), dir.path().join("feeds.toml"));
        symlink("real.toml", &link).unwrap();
        replace(&link, "text").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(real).unwrap(), "text");
    }
}
