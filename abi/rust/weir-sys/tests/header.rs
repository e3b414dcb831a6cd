// SPDX-License-Identifier: BSL-1.0

//! The declarations are those of weir.h: a C compiler says what it makes of the header, and takes every function
//! as it is declared here.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write;
use std::fs;
use std::mem::{size_of, MaybeUninit};
use std::path::PathBuf;
use std::process::Command;
use std::ptr::addr_of;
use weir_sys::*;

const FUNCTIONS: &str = include_str!("../src/functions.rs");
const NUMBERS: &str = include_str!("../src/numbers.rs");

fn include() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../include");
    env::var_os("WEIR_INCLUDE").map_or_else(|| beside.into(), PathBuf::from)
}

/// The header, without its comments.
fn header() -> String {
    let text = fs::read_to_string(include().join("weir/weir.h")).expect("weir.h, by WEIR_INCLUDE");
    let mut pieces = text.split("/*");
    let first = pieces.next().unwrap().to_owned();
    pieces.fold(first, |rest, piece| rest + piece.split_once("*/").unwrap().1)
}

/// What a C program prints that includes the header.
fn probed(name: &str, declarations: &str, body: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (source, program) = (folder.join(format!("{name}.c")), folder.join(name));
    let text = format!(
        "#include <weir/weir.h>\n#include <stddef.h>\n#include <stdio.h>\n{declarations}\nint main(void) {{\n{body}}}\n"
    );
    fs::write(&source, text).unwrap();
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".into());
    let compiled = Command::new(compiler)
        .args(["-std=c11", "-Wall", "-Werror", "-I"])
        .arg(include())
        .arg("-o")
        .args([&program, &source])
        .output()
        .expect("a C compiler");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    String::from_utf8(Command::new(program).output().unwrap().stdout).unwrap()
}

/// Per struct: its name, and what the compiler here makes of it as the probe prints it.
macro_rules! structs {
    ($($name:ident { $($field:ident),* })*) => {
        fn names() -> BTreeSet<&'static str> {
            [$(stringify!($name)),*].into()
        }

        fn fields(of: &str) -> usize {
            match of {
                $(stringify!($name) => [$(stringify!($field)),*].len(),)*
                _ => 0,
            }
        }

        fn layout() -> String {
            let mut said = String::new();
            $(
                writeln!(said, concat!(stringify!($name), " {}"), size_of::<$name>()).unwrap();
                let whole = MaybeUninit::<$name>::uninit();
                let start = whole.as_ptr();
                $(
                    // Safety: only addresses are taken.
                    let place = unsafe { addr_of!((*start).$field) } as usize - start as usize;
                    writeln!(said, concat!(stringify!($name), ".", stringify!($field), " {}"), place).unwrap();
                )*
            )*
            said
        }

        fn probe() -> String {
            let mut body = String::new();
            $(
                body += concat!("printf(\"", stringify!($name), " %zu\\n\", sizeof(", stringify!($name), "));\n");
                $(body += concat!(
                    "printf(\"", stringify!($name), ".", stringify!($field), " %zu\\n\", offsetof(",
                    stringify!($name), ", ", stringify!($field), "));\n"
                );)*
            )*
            body
        }
    };
}

structs! {
    weir_error { struct_size, status, text }
    weir_runtime_options {
        struct_size, flags, workers, stack_size, clock, reserved0, seed, log, log_context, log_level, reserved1
    }
    weir_statistics { struct_size, workers, runs, lanes, lanes_started, timers, stack_bytes, now_ns }
    weir_event {
        seq, t_ns, run, tag, step, kind, outcome, attempt, flags, path, input, json, path_length, input_length,
        json_length, reason, scope, barrier, generation, arrived
    }
    weir_queue_options { struct_size, flags }
    weir_reference {
        struct_size, kind, level, identifier_length, identifier, version, org, project, pipeline, version_length,
        org_length, project_length, pipeline_length
    }
    weir_resolution { struct_size, file_length, text, text_length, file, why, why_length, reserved0 }
    weir_document { struct_size, file_length, text, text_length, file }
    weir_load_options {
        struct_size, flags, adapter, file, variables, adapter_length, file_length, variables_length, input_count,
        inputs, resolve, resolve_context, most_levels, reserved0
    }
    weir_run_options {
        struct_size, flags, tag, grace_ns, id, simulation, id_length, simulation_length, heartbeat_ns
    }
    weir_scope_options { struct_size, name_length, name, parent, tag, flags, reserved0 }
    weir_barrier_options { struct_size, flags, parties, quorum, timeout_ns, tag }
    weir_loop_options { struct_size, flags, most, dialect, file, dialect_length, file_length }
    weir_instance { index, suffix, values, suffix_length, values_length }
}

#[test]
fn structs_lie_as_in_c() {
    assert_eq!(layout(), probed("structs", "", &probe()));
}

#[test]
fn no_struct_and_no_field_is_missing() {
    let text = header();
    let mut found = BTreeSet::new();
    for piece in text.split("typedef struct ").skip(1) {
        let (name, rest) = match piece.split_once(" {") {
            Some(parts) if !parts.0.contains(';') => parts,
            _ => continue,
        };
        let members = rest.split_once('}').unwrap().0.matches(';').count();
        assert_eq!(members, fields(name), "the fields of {name}");
        found.insert(name);
    }
    assert_eq!(found, names());
}

#[test]
fn numbers_are_those_of_the_header() {
    let mut expected = String::new();
    let mut body = String::new();
    let mut here = BTreeSet::new();
    for line in NUMBERS.lines().filter_map(|line| line.strip_prefix("pub const ")) {
        let (name, value) = line.trim_end_matches(';').split_once(" = ").unwrap();
        let name = name.split_once(':').unwrap().0;
        writeln!(expected, "{name} {value}").unwrap();
        writeln!(body, "printf(\"{name} %lld\\n\", (long long)({name}));").unwrap();
        here.insert(name.to_owned());
    }
    assert_eq!(expected, probed("numbers", "", &body));
    let there: BTreeSet<String> = header()
        .lines()
        .filter_map(|line| line.strip_prefix("#define "))
        .filter_map(|line| line.split_once(' '))
        .filter(|(name, _)| name.starts_with("WEIR_") && !["WEIR_API", "WEIR_NOEXCEPT"].contains(name))
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(here, there);
}

/// A type here as C writes it.
fn in_c(rust: &str) -> String {
    if let Some(inner) = rust.strip_prefix("*const ") {
        // `*const T` points at what may not be changed: the word follows the type, so that it may be a pointer itself.
        return format!("{} const *", in_c(inner));
    }
    if let Some(inner) = rust.strip_prefix("*mut ") {
        return format!("{} *", in_c(inner));
    }
    match rust {
        "u32" => "uint32_t",
        "i32" => "int32_t",
        "u64" => "uint64_t",
        "i64" => "int64_t",
        "c_char" => "char",
        "c_void" => "void",
        named => named,
    }
    .to_owned()
}

/// Each function as `name`, and its declaration in C.
fn declared() -> Vec<(String, String)> {
    let flat = FUNCTIONS.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    for piece in flat.split("pub fn ").skip(1) {
        let (signature, _) = piece.split_once(';').unwrap();
        let (name, rest) = signature.split_once('(').unwrap();
        let (arguments, result) = rest.split_once(") -> ").unwrap();
        let arguments: Vec<String> = arguments
            .split(',')
            .map(str::trim)
            .filter(|argument| !argument.is_empty())
            .map(|argument| in_c(argument.split_once(": ").unwrap().1))
            .collect();
        let arguments = if arguments.is_empty() { "void".into() } else { arguments.join(", ") };
        found.push((name.to_owned(), format!("extern {} {name}({arguments});", in_c(result))));
    }
    found
}

#[test]
fn a_c_compiler_takes_every_function_as_it_is_declared_here() {
    let declarations: Vec<String> = declared().into_iter().map(|(_, text)| text).collect();
    assert_eq!(probed("functions", &declarations.join("\n"), "puts(\"ok\");"), "ok\n");
}

#[test]
fn no_function_is_missing() {
    let text = header();
    let there: BTreeSet<String> = text
        .split("WEIR_API ")
        .skip(1)
        .filter_map(|piece| piece.split_once('(').map(|(start, _)| start))
        .filter_map(|start| start.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next())
        .filter(|name| name.starts_with("weir_"))
        .map(str::to_owned)
        .collect();
    let here: BTreeSet<String> = declared().into_iter().map(|(name, _)| name).collect();
    assert_eq!(here, there);
    assert!(here.len() > 50, "the header was not understood");
}

#[test]
fn the_loaded_library_serves_these_declarations() {
    // Safety: it gives a table that lives for ever, or null.
    let table = unsafe { weir_get_api(WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR) };
    assert!(!table.is_null());
    // Safety: it is not null, and functions are no more than numbers here.
    assert_eq!(unsafe { (*table).abi }, unsafe { weir_abi_version() });
}
