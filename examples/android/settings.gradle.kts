pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "tillsight-example"
include(":app", ":smoke")
// The library as it stands in this tree, in place of the published one.
includeBuild("../../bindings/kotlin") {
    dependencySubstitution {
        substitute(module("app.tillsight:tillsight")).using(project(":"))
    }
}
