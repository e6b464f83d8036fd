package app.tillsight

import java.nio.ByteBuffer
import java.util.UUID

/** What the radio is told to listen for. */
public object Network {
    /** The proximity UUID that every store beacon of the network sends; major and minor say which. */
    public val beaconUuid: UUID = UUID.fromString("5af1e0de-0000-4000-8000-77616c6c6574")

    /** The Bluetooth company identifier under which iBeacon frames are sent. */
    public const val BEACON_COMPANY: Int = 0x004C

    /** How the manufacturer data of every store beacon begins: iBeacon's type, length and the UUID. */
    public val beaconPrefix: ByteArray
        get() = ByteBuffer.allocate(18)
            .put(0x02)
            .put(0x15)
            .putLong(beaconUuid.mostSignificantBits)
            .putLong(beaconUuid.leastSignificantBits)
            .array()
}
