#!/bin/sh
# Makes TillsightCore.xcframework out of the static libraries that cargo built:
# build-xcframework.sh TARGET_FOLDER PROFILE. Called by `cargo xtask package ios`, on a Mac.
set -eu

target=$1
profile=$2
here=$(cd "$(dirname "$0")" && pwd)
headers=$here/Sources/TillsightCoreFFI
out=$here/TillsightCore.xcframework

rm -rf "$out"
xcodebuild -create-xcframework \
    -library "$target/aarch64-apple-ios/$profile/libtillsight.a" -headers "$headers" \
    -library "$target/aarch64-apple-ios-sim/$profile/libtillsight.a" -headers "$headers" \
    -output "$out"

# What a release names beside the download address.
cd "$here"
zip -qry TillsightCore.xcframework.zip TillsightCore.xcframework
swift package compute-checksum TillsightCore.xcframework.zip
