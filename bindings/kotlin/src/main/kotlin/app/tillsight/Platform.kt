package app.tillsight

import java.io.IOException
import java.net.SocketTimeoutException
import java.time.Clock

/**
 * Seals and opens small secrets with a key that never leaves the platform. Called from any thread,
 * one secret of 32 bytes at a time.
 */
public interface KeyStore {
    /**
     * Encrypts and authenticates [secret] for this app on this phone.
     *
     * @throws KeyStoreLockedException until the phone is unlocked.
     */
    public fun seal(secret: ByteArray): ByteArray

    /**
     * The reverse of [seal]. Any exception but [KeyStoreLockedException] says that the key is gone
     * (restored backup, changed lock screen); the member logs in again then.
     *
     * @throws KeyStoreLockedException until the phone is unlocked.
     */
    public fun open(sealed: ByteArray): ByteArray

    /**
     * Deletes the platform's key: nothing it sealed opens ever again, and the next [seal] makes
     * another. Called at log-out. A key that is gone already is no failure.
     *
     * @throws KeyStoreLockedException until the phone is unlocked.
     */
    public fun forget()
}

/** The key store is locked until the phone is unlocked; the same call may work later. */
public class KeyStoreLockedException(cause: Throwable? = null) : Exception("key store is locked", cause)

/** An event of the core's log; its text (`toString`) is fixed words and references safe to keep. */
public typealias LogEvent = app.tillsight.core.LogEvent

/** Where the core's log lines go. */
public fun interface Log {
    /** One line: an event of a closed list, safe to keep and to send. */
    public fun log(level: LogLevel, event: LogEvent)
}

/**
 * Carries calls to the wallet server, for an app that would rather use the platform's HTTP client: with
 * its proxy and its trust. [OkHttpTransport] is one.
 */
public fun interface HttpTransport {
    /**
     * Sends [request] with its header fields as they are and waits for the whole answer, 8 seconds
     * at most, and for its head as long as the request says. Every status is an answer, not a failure;
     * redirects are not followed. The reply has all header fields, at most 64 of 16 KiB together.
     * Several calls may be under way at once, each on a thread of its own.
     *
     * @throws SocketTimeoutException no complete answer in time.
     * @throws IOException no connection, or it broke.
     */
    @Throws(IOException::class)
    public fun send(request: HttpRequest): HttpReply
}

internal class KeyStoreAdapter(private val delegate: KeyStore) : app.tillsight.core.KeyStore {
    override fun seal(secret: ByteArray) = guarded { delegate.seal(secret) }

    override fun unseal(sealed: ByteArray) = guarded { delegate.open(sealed) }

    override fun forget() = guarded { delegate.forget() }

    private inline fun <T> guarded(call: () -> T): T = try {
        call()
    } catch (_: KeyStoreLockedException) {
        throw app.tillsight.core.KeyStoreException.Locked()
    } catch (_: Exception) {
        throw app.tillsight.core.KeyStoreException.Lost()
    }
}

internal class ClockAdapter(private val delegate: Clock) : app.tillsight.core.Clock {
    override fun nowMs() = delegate.millis()
}

internal class LogAdapter(private val delegate: Log) : app.tillsight.core.Log {
    override fun log(level: LogLevel, event: LogEvent) = delegate.log(level, event)
}

internal class TransportAdapter(private val delegate: HttpTransport) : app.tillsight.core.HttpTransport {
    override fun send(request: HttpRequest): HttpReply = try {
        delegate.send(request)
    } catch (_: SocketTimeoutException) {
        throw app.tillsight.core.HttpFailure.Timeout()
    } catch (_: Exception) {
        throw app.tillsight.core.HttpFailure.Unreachable()
    }
}
