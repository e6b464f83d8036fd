// swift-tools-version: 6.0
import Foundation
import PackageDescription

// On Apple platforms the core comes as the XCFramework that `cargo xtask package ios` builds; on
// Linux, where the package is tested, as the library that cargo built (given to the linker by
// `cargo xtask swift`).
#if os(Linux)
    let ffi: Target = .systemLibrary(name: "TillsightCoreFFI", path: "Sources/TillsightCoreFFI")
#else
    let ffi: Target = .binaryTarget(name: "TillsightCoreFFI", path: "TillsightCore.xcframework")
#endif

let package = Package(
    name: "Tillsight",
    defaultLocalization: "en",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "Tillsight", targets: ["Tillsight"])],
    targets: [
        ffi,
        .target(name: "TillsightCore", dependencies: ["TillsightCoreFFI"]),
        .target(name: "Tillsight", dependencies: ["TillsightCore"]),
        .testTarget(name: "TillsightTests", dependencies: ["Tillsight"]),
    ],
    swiftLanguageModes: [.v6]
)
