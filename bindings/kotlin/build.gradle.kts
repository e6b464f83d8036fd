// The Android library that apps import: app.tillsight:tillsight. `cargo xtask package android` puts
// the native libraries and the generated sources where this build finds them, and runs it.
plugins {
    id("com.android.library") version "8.13.2"
    id("org.jetbrains.kotlin.android") version "2.3.21"
    id("com.vanniktech.maven.publish") version "0.34.0"
}

group = "app.tillsight"
// The version of the workspace's Cargo.toml is the only one written down.
version = file("../../Cargo.toml").readLines()
    .first { it.startsWith("version = ") }
    .substringAfter('"').substringBefore('"')

kotlin {
    jvmToolchain(17)
}

android {
    namespace = "app.tillsight"
    compileSdk = 36
    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
        ndk { abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64") }
    }
    sourceSets["main"].kotlin.srcDirs("src/main/kotlin", "src/android/kotlin", "generated")
}

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
    // Only for apps that lend it: they bring it themselves.
    compileOnly("com.squareup.okhttp3:okhttp:5.5.1")
}

// Where the project lives: the workflow that publishes knows it, and Maven Central asks for it.
val home = providers.environmentVariable("GITHUB_REPOSITORY").map { "https://github.com/$it" }

mavenPublishing {
    coordinates(group.toString(), "tillsight", version.toString())
    publishToMavenCentral()
    signAllPublications()
    pom {
        name = "Tillsight"
        description = "Which of my payment methods work in this store, what is left on each, and why the others do not"
        url = home
        scm {
            url = home
            connection = home.map { "scm:git:$it.git" }
        }
        developers {
            developer { name = "The Tillsight maintainers" }
        }
        licenses {
            license { name = "MIT"; url = "https://opensource.org/license/mit" }
            license { name = "Apache-2.0"; url = "https://www.apache.org/licenses/LICENSE-2.0" }
        }
    }
}
