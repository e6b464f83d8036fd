#!/bin/sh
# Makes TillsightCore.xcframework out of the static libraries that cargo built:
# build-xcframework.sh TARGET_FOLDER PROFILE. Called by `cargo xtask package ios`, on a Mac.
set -eu

target=$1
profile=$2
here=$(cd "$(dirname "$0")" && pwd)
headers=$target/xcframework-headers
out=$here/TillsightCore.xcframework

# In a folder of the module's own: Xcode puts the headers of all frameworks into one, where a second
# module map at the top would be in the way. The framework names the library, so the map need not.
rm -rf "$out" "$headers"
mkdir -p "$headers/TillsightCoreFFI"
cp "$here/Sources/TillsightCoreFFI/TillsightCoreFFI.h" "$headers/TillsightCoreFFI"
sed '/link "tillsight"/d' "$here/Sources/TillsightCoreFFI/module.modulemap" \
    >"$headers/TillsightCoreFFI/module.modulemap"
xcodebuild -create-xcframework \
    -library "$target/aarch64-apple-ios/$profile/libtillsight.a" -headers "$headers" \
    -library "$target/aarch64-apple-ios-sim/$profile/libtillsight.a" -headers "$headers" \
    -output "$out"
