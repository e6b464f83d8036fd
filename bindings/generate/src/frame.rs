//! A cheaper way into the core from Kotlin, for the calls that give a record: through memory of the
//! thread's own (`frame.kt`) instead of structures that JNA fills field by field.
//!
//! The generated sources are rewritten where they make those calls; whatever does not look as this
//! release of the generator writes it is refused, never passed over.

use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};
use uniffi_bindgen::{
    ComponentInterface,
    interface::{Method, Object, Type},
};

/// Rewrites the calls in the Kotlin sources of the core.
///
/// # Errors
/// When a call is not written as expected.
pub fn rewrite(core: &ComponentInterface, source: &str) -> Result<String> {
    let mut text = source.to_owned();
    let mut externals = String::new();
    for object in core.object_definitions().iter().filter(|it| !it.has_callback_interface()) {
        clone(object, &mut text, &mut externals)?;
        for method in object.methods().iter().filter(|it| gives_a_record(it)) {
            call(method, &mut text, &mut externals)
                .with_context(|| format!("the Kotlin call of {}", method.name()))?;
        }
    }
    strings(&mut text)?;
    // `values()` makes an array at each call.
    text = text.replace(".values()[buf.getInt() - 1]", ".entries[buf.getInt() - 1]");
    text.push_str(&include_str!("frame.kt").replace("@EXTERNALS@", externals.trim_end()));
    Ok(text)
}

/// Strings are read where they lie when they lie in an array.
fn strings(text: &mut String) -> Result<()> {
    let was = "        val byteArr = ByteArray(len)\n        buf.get(byteArr)\n        \
               return byteArr.toString(Charsets.UTF_8)\n";
    let is = "        if (buf.hasArray()) {\n            val start = buf.position()\n            \
              buf.position(start + len)\n            return String(buf.array(), \
              buf.arrayOffset() + start, len, Charsets.UTF_8)\n        }\n";
    replace_once(text, was, &format!("{is}{was}"))
}

fn gives_a_record(method: &Method) -> bool {
    !method.is_async() && matches!(method.return_type(), Some(Type::Record { .. }))
}

/// The handle of the object, which every call hands over anew.
fn clone(object: &Object, text: &mut String, externals: &mut String) -> Result<()> {
    let name = object.ffi_object_clone().name();
    let was = format!(
        "return uniffiRustCall() {{ status ->\n            UniffiLib.{name}(handle, status)\n        }}"
    );
    let is = format!(
        "return UniffiFrame.current().cloned {{ status ->\n            UniffiFrames.{name}(handle, \
         status)\n        }}"
    );
    replace_once(text, &was, &is)?;
    Ok(writeln!(externals, "    external fun {name}(handle: Long, status: Pointer): Long")?)
}

fn call(method: &Method, text: &mut String, externals: &mut String) -> Result<()> {
    let name = method.ffi_func().name();
    let at = text.find(&format!("UniffiLib.{name}(\n        it,")).context("is not there")?;
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind("return FfiConverter").context("gives nothing")?;
    let head = before.get(start..).unwrap_or_default();
    let (converter, checks) = head
        .strip_prefix("return ")
        .and_then(|rest| rest.split_once(".lift(\n    callWithHandle {\n    uniffiRustCall"))
        .context("begins otherwise")?;
    let errors = match checks.trim().strip_suffix("{ _status ->").map(str::trim) {
        Some("()") => "UniffiNullRustCallStatusErrorHandler",
        Some(with) => {
            let inner = with.strip_prefix("WithError(").and_then(|rest| rest.strip_suffix(')'));
            inner.context("checks otherwise")?
        }
        None => anyhow::bail!("begins otherwise"),
    };
    let rest = text.get(at..).unwrap_or_default();
    let end = "_status)\n}\n    }\n    )";
    let (arguments, _) = rest.split_once(end).context("ends otherwise")?;
    let length = arguments.len() + end.len();
    let arguments = arguments.split_once("it,").map_or("", |(_, rest)| rest);
    let name = name.strip_prefix("uniffi_").unwrap_or(name);
    let name = format!("uniffi_ffibuffer_{name}");
    let mut is = String::from(
        "return callWithHandle { handle ->\n        val frame = UniffiFrame.current()\n        \
         frame.start(handle)\n",
    );
    for argument in arguments.split(',').map(str::trim).filter(|it| !it.is_empty()) {
        let (converter, value) = argument
            .strip_suffix(')')
            .and_then(|it| it.split_once(".lower("))
            .context("has an argument written otherwise")?;
        writeln!(is, "        frame.argument({converter}, {value})")?;
    }
    write!(
        is,
        "        UniffiFrames.{name}(frame.arguments, frame.results)\n        \
         frame.returned({errors}, {converter})\n    }}"
    )?;
    text.replace_range(start..at + length, &is);
    Ok(writeln!(externals, "    external fun {name}(arguments: Pointer, results: Pointer)")?)
}

/// Replaces what must be there exactly once.
pub fn replace_once(text: &mut String, was: &str, is: &str) -> Result<()> {
    ensure!(text.matches(was).count() == 1, "the generated source has not exactly one: {was}");
    *text = text.replacen(was, is, 1);
    Ok(())
}
