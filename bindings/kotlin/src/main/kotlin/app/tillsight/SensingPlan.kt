package app.tillsight

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * What to listen for now. `Sensing` does it; an app with radios of its own does the same.
 *
 * @property id changes exactly when there is something to do.
 * @property fixesEvery precise fixes at this spacing; null: the receiver stays off, and fixes that
 *   other apps ask for are welcome.
 * @property beaconStarts counts scan starts: when it grows, a running scan is stopped and started
 *   again.
 * @property filters what to let through while [beacons] is not [BeaconMode.OFF]; never empty then.
 * @property wifi scan for access points once now, then at the system's pace (4 times in 2 minutes).
 * @property fences circles whose crossing wakes the app, nearest first, 100 at most.
 */
public data class SensingPlan(
    public val id: Long,
    public val fixesEvery: Duration?,
    public val beacons: BeaconMode,
    public val beaconStarts: Int,
    public val filters: List<ScanFilter>,
    public val wifi: Boolean,
    public val fences: List<Fence>,
)

/** Lets an advertisement through whose bytes under [mask] equal [data]; both are equally long. */
public sealed interface ScanFilter {
    public val data: ByteArray
    public val mask: ByteArray

    /** Manufacturer-specific data, from the first byte after the [company] number. */
    public class Manufacturer(
        public val company: Int,
        override val data: ByteArray,
        override val mask: ByteArray,
    ) : ScanFilter

    /** Service data of the 16-bit [service], from its first byte. */
    public class ServiceData(
        public val service: Int,
        override val data: ByteArray,
        override val mask: ByteArray,
    ) : ScanFilter
}

internal fun app.tillsight.core.SensingPlan.toPublic() = SensingPlan(
    id = id.toLong(),
    fixesEvery = fixesEveryMs?.toLong()?.milliseconds,
    beacons = beacons,
    beaconStarts = beaconStarts.toInt(),
    filters = filters.map {
        when (it) {
            is app.tillsight.core.ScanFilter.Manufacturer ->
                ScanFilter.Manufacturer(it.company.toInt(), it.data, it.mask)
            is app.tillsight.core.ScanFilter.ServiceData ->
                ScanFilter.ServiceData(it.service.toInt(), it.data, it.mask)
        }
    },
    wifi = wifi,
    fences = fences,
)
