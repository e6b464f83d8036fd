package app.tillsight

import app.tillsight.core.BeaconReport as Core
import java.time.Instant

/** What the radio heard, in the form the platform gives it. */
public sealed interface BeaconReport {
    /**
     * A whole advertisement, as Android's scan record holds it.
     *
     * @property bytes length-type-value structures, 1,650 bytes at most.
     * @property rssiDbm received strength; 127 when unknown.
     */
    public class Advertisement(
        public val bytes: ByteArray,
        public val rssiDbm: Int,
        public val heardAt: Instant,
    ) : BeaconReport

    /**
     * The value of one manufacturer-specific structure, as desktops give it.
     *
     * @property company Bluetooth company identifier, 0 to 65535.
     */
    public class ManufacturerData(
        public val company: Int,
        public val bytes: ByteArray,
        public val rssiDbm: Int,
        public val heardAt: Instant,
    ) : BeaconReport

    /**
     * The value of one service data structure, as desktops give it; Eddystone's is 0xFEAA.
     *
     * @property service the 16-bit service, 0 to 65535.
     */
    public class ServiceData(
        public val service: Int,
        public val bytes: ByteArray,
        public val rssiDbm: Int,
        public val heardAt: Instant,
    ) : BeaconReport
}

internal fun BeaconReport.toCore(): Core = when (this) {
    is BeaconReport.Advertisement ->
        Core.Advertisement(bytes, rssiDbm.toShort(), heardAt.toEpochMilli())
    is BeaconReport.ManufacturerData ->
        Core.ManufacturerData(company.toUShort(), bytes, rssiDbm.toShort(), heardAt.toEpochMilli())
    is BeaconReport.ServiceData ->
        Core.ServiceData(service.toUShort(), bytes, rssiDbm.toShort(), heardAt.toEpochMilli())
}
