// The wallet's pages for Jetpack Compose: app.tillsight:tillsight-compose.
plugins {
    id("com.android.library") version "8.13.2"
    id("org.jetbrains.kotlin.android") version "2.3.21"
    id("org.jetbrains.kotlin.plugin.compose") version "2.3.21"
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
    namespace = "app.tillsight.ui"
    compileSdk = 36
    defaultConfig { minSdk = 26 }
    buildFeatures { compose = true }
    sourceSets["main"].kotlin.srcDirs("src/main/kotlin")
}

dependencies {
    api("app.tillsight:tillsight:$version")
    api(platform("androidx.compose:compose-bom:2025.12.00"))
    api("androidx.compose.material3:material3")
}

// Where the project lives: the workflow that publishes knows it, and Maven Central asks for it.
val home = providers.environmentVariable("GITHUB_REPOSITORY").map { "https://github.com/$it" }

mavenPublishing {
    coordinates(group.toString(), "tillsight-compose", version.toString())
    publishToMavenCentral()
    signAllPublications()
    pom {
        name = "Tillsight for Jetpack Compose"
        description = "The pages of a Tillsight wallet: settlement screen, payment and forms"
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
