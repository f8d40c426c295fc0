//! The rules, applied to this workspace.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use portique_architecture::{dependencies, sources};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn crates_know_only_those_that_they_may_know() -> Result<(), Box<dyn Error>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()?;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: dependencies::Metadata = serde_json::from_slice(&output.stdout)?;
    assert_eq!(dependencies::violations(&metadata), Vec::<String>::new());
    Ok(())
}

#[test]
fn source_files_say_only_what_their_folder_may_say() -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    for folder in ["shared/src", "backend", "frontend/src"] {
        rust_files(&root().join(folder), &mut files)?;
    }
    assert!(files.len() > 20, "only {} files were looked at", files.len());
    let mut found = Vec::new();
    for file in files {
        let path = file.strip_prefix(root())?.to_string_lossy().replace('\\', "/");
        found.extend(sources::violations(&path, &fs::read_to_string(&file)?));
    }
    assert_eq!(found, Vec::<String>::new());
    Ok(())
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            rust_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
