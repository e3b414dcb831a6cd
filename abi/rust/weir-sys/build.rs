// SPDX-License-Identifier: BSL-1.0

//! Says where libweir is: the folder in WEIR_LIB (or the library's file), else what pkg-config knows as `weir`,
//! else where the linker looks by itself.

use std::env;
use std::path::PathBuf;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-env-changed=WEIR_LIB");
    println!("cargo:rerun-if-env-changed=PKG_CONFIG_PATH");
    for folder in named().map_or_else(known, |folder| vec![folder]) {
        println!("cargo:rustc-link-search=native={}", folder.display());
        println!("cargo:lib={}", folder.display());
    }
}

fn named() -> Option<PathBuf> {
    let mut path = PathBuf::from(env::var_os("WEIR_LIB")?);
    if path.is_file() {
        path.pop();
    }
    Some(path)
}

fn known() -> Vec<PathBuf> {
    let command = env::var("PKG_CONFIG").unwrap_or_else(|_| "pkg-config".into());
    let said = match Command::new(command).args(["--libs-only-L", "weir"]).output() {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        _ => return Vec::new(),
    };
    said.split_whitespace().filter_map(|flag| flag.strip_prefix("-L")).map(PathBuf::from).collect()
}
