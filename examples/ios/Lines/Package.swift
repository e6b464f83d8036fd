// swift-tools-version: 6.0
import PackageDescription

// What the screens say and what the forms do, apart from the app, so that it is tested without a device.
let package = Package(
    name: "ExampleLines",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "ExampleLines", targets: ["ExampleLines"])],
    dependencies: [.package(name: "Tillsight", path: "../../../bindings/swift")],
    targets: [
        .target(
            name: "ExampleLines", dependencies: [.product(name: "Tillsight", package: "Tillsight")],
            path: "Sources"),
        .testTarget(name: "LinesTests", dependencies: ["ExampleLines"], path: "Tests"),
    ],
    swiftLanguageModes: [.v6]
)
