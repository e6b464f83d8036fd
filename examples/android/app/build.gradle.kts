plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
    id("org.jetbrains.kotlin.plugin.compose")
}

kotlin {
    jvmToolchain(17)
}

android {
    namespace = "app.tillsight.example"
    compileSdk = 36
    defaultConfig {
        applicationId = "app.tillsight.example"
        minSdk = 26
        targetSdk = 36
        val server = providers.gradleProperty("walletServer").getOrElse("http://127.0.0.1:8080")
        buildConfigField("String", "WALLET_SERVER", "\"$server\"")
        val rootKey = providers.gradleProperty("walletRootKey").getOrElse("")
        buildConfigField("String", "WALLET_ROOT_KEY", "\"$rootKey\"")
    }
    buildFeatures {
        buildConfig = true
        compose = true
    }
    buildTypes {
        release {
            isMinifyEnabled = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"))
        }
        // What is released, signed so that the smoke test can install it: missing keep rules show
        // there and nowhere else.
        create("minified") {
            initWith(getByName("release"))
            signingConfig = signingConfigs["debug"]
            matchingFallbacks += "release"
        }
    }
}

dependencies {
    implementation("app.tillsight:tillsight-compose:0.1.0")
    implementation("androidx.activity:activity-compose:1.12.1")
    implementation("androidx.lifecycle:lifecycle-runtime-compose:2.10.0")
    implementation("androidx.camera:camera-camera2:1.5.2")
    implementation("androidx.camera:camera-lifecycle:1.5.2")
    implementation("androidx.camera:camera-view:1.5.2")
    implementation("com.google.firebase:firebase-messaging:25.0.1")
}
