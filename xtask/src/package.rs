//! Packaging for the phones: everything where the platform's tools are, and where they are not,
//! what is missing.

use std::{env, fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    library, pages,
    shipped::{self, PROFILE},
    step::{cargo, has, root, run, target},
};

/// Android's ABIs, and what Rust calls them; the clang of the NDK for the lowest supported API.
const ABIS: [(&str, &str, &str); 3] = [
    ("arm64-v8a", "aarch64-linux-android", "aarch64-linux-android26-clang"),
    ("armeabi-v7a", "armv7-linux-androideabi", "armv7a-linux-androideabi26-clang"),
    ("x86_64", "x86_64-linux-android", "x86_64-linux-android26-clang"),
];

/// Generates the Kotlin sources, and builds `bindings/kotlin` into an archive with the library of
/// every ABI.
///
/// # Errors
/// When something is missing, all of which is said, or a build fails.
pub fn android() -> Result<()> {
    let kotlin = root().join("bindings/kotlin");
    let built = library::build()?;
    library::generate(&built, &["kotlin", "bindings/kotlin/generated"])?;
    let tools = ndk();
    let mut missing: Vec<String> =
        tools.as_ref().err().map(|said| said.to_string()).into_iter().collect();
    if !has("gradle") {
        missing.push(
            "gradle, 8.13 or newer, in PATH: it builds bindings/kotlin into an archive".into(),
        );
    }
    if env::var_os("ANDROID_HOME").is_none() && !kotlin.join("local.properties").is_file() {
        missing.push(
            "ANDROID_HOME: the Android SDK with platforms;android-36, which Gradle reads".into(),
        );
    }
    stop_without(
        "the Kotlin sources are generated, the library and the archive not built",
        &missing,
    )?;
    let tools = tools?;
    for (abi, triple, clang) in ABIS {
        run(Command::new("rustup").args(["target", "add", triple]).current_dir(root()))?;
        let suffix = triple.replace('-', "_");
        let mut build = shipped::alone(triple, PROFILE);
        build.env(format!("CC_{suffix}"), tools.join(clang));
        build.env(format!("AR_{suffix}"), tools.join("llvm-ar"));
        build.env(format!("CARGO_TARGET_{}_LINKER", suffix.to_uppercase()), tools.join(clang));
        shipped::as_for_android(&mut build, triple)?;
        run(&mut build)?;
        let folder = kotlin.join("src/main/jniLibs").join(abi);
        fs::create_dir_all(&folder)?;
        let shipped = folder.join("libtillsight.so");
        fs::copy(target().join(triple).join(PROFILE).join("libtillsight.so"), &shipped)?;
        // The generator has read its metadata from the library above.
        run(Command::new(tools.join("llvm-strip")).arg(&shipped))?;
        pages::check(&shipped)?;
    }
    run(Command::new("gradle").current_dir(&kotlin).args(["assembleRelease"]))
}

/// Where the compilers of Android's NDK are.
fn ndk() -> Result<PathBuf> {
    let asked = "ANDROID_NDK_HOME: an Android NDK, r28 or newer (older ones align to 4 KB)";
    let ndk = env::var_os("ANDROID_NDK_HOME").map(PathBuf::from).context(asked)?;
    let host = if cfg!(target_os = "macos") { "darwin-x86_64" } else { "linux-x86_64" };
    let tools = ndk.join("toolchains/llvm/prebuilt").join(host).join("bin");
    if !tools.is_dir() {
        bail!(
            "{asked}; {} is none for this machine: {} is missing",
            ndk.display(),
            tools.display()
        );
    }
    Ok(tools)
}

/// Ends with the list of what is missing, if anything is.
fn stop_without(done: &str, missing: &[String]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    bail!("{done}; missing:\n- {}", missing.join("\n- "))
}

/// Generates the Swift sources, and builds `bindings/swift/TillsightCore.xcframework` for devices and
/// simulators.
///
/// # Errors
/// When Xcode is missing, or a build fails.
pub fn ios() -> Result<()> {
    let built = library::build()?;
    library::generate(&built, &["swift", "bindings/swift/Sources"])?;
    if !has("xcodebuild") {
        let asked =
            "xcodebuild: Xcode 16 or newer, on a Mac, which makes an XCFramework".to_owned();
        stop_without("the Swift sources are generated, the XCFramework not built", &[asked])?;
    }
    for triple in ["aarch64-apple-ios", "aarch64-apple-ios-sim"] {
        run(Command::new("rustup").args(["target", "add", triple]).current_dir(root()))?;
        // An XCFramework wants the static library, which no other build makes.
        let mut build = cargo(&["rustc", "--package", "tillsight", "--lib", "--profile", PROFILE]);
        build.args(["--crate-type", "staticlib"]);
        // The oldest iOS the package supports; the same number stands in Package.swift.
        run(build.args(["--target", triple]).env("IPHONEOS_DEPLOYMENT_TARGET", "17.0"))?;
    }
    let script = root().join("bindings/swift/build-xcframework.sh");
    run(Command::new(script).arg(target()).arg(PROFILE).current_dir(root()))
}
