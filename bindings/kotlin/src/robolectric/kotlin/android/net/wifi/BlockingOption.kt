package android.net.wifi

/** Of API 36. Robolectric's Wi-Fi names it in a signature, and runs on API 35 only when it is there. */
class BlockingOption
