package app.tillsight

import java.math.BigDecimal
import java.text.NumberFormat
import java.time.Instant
import java.util.Currency
import java.util.Locale
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The amount as a person of [locale] writes it; plain text for a currency the platform lacks. */
public fun Amount.formatted(locale: Locale): String {
    val known = runCatching { Currency.getInstance(currency) }.getOrNull() ?: return text
    val format = NumberFormat.getCurrencyInstance(locale)
    format.currency = known
    format.minimumFractionDigits = decimals.toInt()
    format.maximumFractionDigits = decimals.toInt()
    return format.format(BigDecimal.valueOf(minor, decimals.toInt()))
}

/** When the screen was drawn. */
public val SettlementScreen.drawnAt: Instant get() = Instant.ofEpochMilli(drawnAtMs)

/** How old the oldest balance was when the screen was drawn; null when none is known. */
public val Freshness.balancesAge: Duration?
    get() = balancesAgeS?.let { it.toLong().seconds }

/** How old the stores shown are, once the register does not vouch for them any more; null before. */
public val Freshness.storesAge: Duration?
    get() = storesAgeS?.let { it.toLong().seconds }
