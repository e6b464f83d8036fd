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
// The library and its pages as they stand in this tree, in place of the published ones.
includeBuild("../../bindings/kotlin") {
    dependencySubstitution {
        substitute(module("app.tillsight:tillsight")).using(project(":"))
    }
}
includeBuild("../../bindings/compose") {
    dependencySubstitution {
        substitute(module("app.tillsight:tillsight-compose")).using(project(":"))
    }
}
