// swift-tools-version: 6.0
import Foundation
import PackageDescription

// On Apple platforms the core comes as the XCFramework that `cargo xtask package ios` builds; on
// Linux, where the package is tested, as the library that cargo built (given to the linker by
// `cargo xtask swift`).
#if os(Linux)
    let ffi: Target = .systemLibrary(name: "TillsightCoreFFI", path: "Sources/TillsightCoreFFI")
    // Apple's frameworks are not here: declarations in their place let the compiler check the pages.
    let frameworks: [Target] = [
        .target(name: "AVFoundation", dependencies: ["Tillsight", "UIKit"], path: "StandIns/AVFoundation"),
        .target(name: "CoreLocation", path: "StandIns/CoreLocation"),
        .target(name: "SwiftUI", dependencies: ["UIKit"], path: "StandIns/SwiftUI"),
        .target(name: "UIKit", dependencies: ["Tillsight"], path: "StandIns/UIKit"),
    ]
    let guide: [Target] = [
        .target(name: "Guide", dependencies: ["SwiftUI", "TillsightUI"], path: "StandIns/Guide")
    ]
    let libraries: [Product] = []
#else
    let ffi: Target = .binaryTarget(name: "TillsightCoreFFI", path: "TillsightCore.xcframework")
    let frameworks: [Target] = []
    let guide: [Target] = []
    let libraries: [Product] = [.library(name: "TillsightUI", targets: ["TillsightUI"])]
#endif

let package = Package(
    name: "Tillsight",
    defaultLocalization: "en",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: libraries + [
        .library(name: "Tillsight", targets: ["Tillsight"]),
        .library(name: "TillsightWords", targets: ["TillsightWords"]),
    ],
    targets: frameworks + guide + [
        ffi,
        .target(name: "TillsightCore", dependencies: ["TillsightCoreFFI"]),
        .target(name: "Tillsight", dependencies: ["TillsightCore"]),
        // What the pages say and what their forms do, apart from how they are drawn.
        .target(name: "TillsightWords", dependencies: ["Tillsight"]),
        // The pages themselves, for iOS.
        .target(
            name: "TillsightUI",
            dependencies: ["Tillsight", "TillsightWords"] + frameworks.map { .byName(name: $0.name) }),
        .testTarget(name: "TillsightTests", dependencies: ["Tillsight"]),
        .testTarget(name: "TillsightWordsTests", dependencies: ["TillsightWords"]),
    ],
    swiftLanguageModes: [.v6]
)
