package app.tillsight

import java.io.IOException
import java.io.InterruptedIOException
import java.net.SocketTimeoutException
import java.util.concurrent.TimeUnit
import okhttp3.CookieJar
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody

/**
 * Carries calls to the wallet server by OkHttp, which asks the system for its proxy and takes the
 * certificates that the app's network security configuration allows. The library without its own HTTP
 * client is a third smaller.
 *
 * The app brings OkHttp: `com.squareup.okhttp3:okhttp`, version 5.
 *
 * @param client of the app, whose connections, interceptors and trust are used; its time limits,
 *   redirections, cookies and cache are not.
 */
public class OkHttpTransport(client: OkHttpClient = OkHttpClient()) : HttpTransport {
    private val client = client.newBuilder()
        .followRedirects(false)
        .followSslRedirects(false)
        .cookieJar(CookieJar.NO_COOKIES)
        .cache(null)
        .connectTimeout(CONNECT_S, TimeUnit.SECONDS)
        .callTimeout(WHOLE_CALL_S, TimeUnit.SECONDS)
        .build()

    @Throws(IOException::class)
    override fun send(request: HttpRequest): HttpReply = try {
        val within = request.answerWithinMs.toLong()
        val patient = client.newBuilder().readTimeout(within, TimeUnit.MILLISECONDS).build()
        patient.newCall(asked(request)).execute().use { response ->
            val headers = response.headers.map { (name, value) -> HttpHeader(name, value) }
            val source = response.body.source()
            if (source.request(MOST_BYTES + 1)) throw IOException("the answer is too large")
            HttpReply(response.code.toUShort(), headers, source.readByteArray())
        }
    } catch (late: InterruptedIOException) {
        throw late as? SocketTimeoutException ?: SocketTimeoutException().apply { initCause(late) }
    }

    private fun asked(request: HttpRequest): Request {
        val asked = Request.Builder().url(request.url)
        request.headers.forEach { asked.addHeader(it.name, it.value) }
        val hasBody = request.body.isNotEmpty() || request.method in setOf("POST", "PUT", "PATCH")
        return asked.method(request.method, if (hasBody) request.body.toRequestBody() else null).build()
    }

    private companion object {
        const val CONNECT_S = 3L
        const val WHOLE_CALL_S = 8L
        const val MOST_BYTES = 8L shl 20
    }
}
