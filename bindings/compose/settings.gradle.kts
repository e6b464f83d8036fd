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

rootProject.name = "tillsight-compose"
// The library as it stands in this tree, in place of the published one.
includeBuild("../kotlin") {
    dependencySubstitution {
        substitute(module("app.tillsight:tillsight")).using(project(":"))
    }
}
