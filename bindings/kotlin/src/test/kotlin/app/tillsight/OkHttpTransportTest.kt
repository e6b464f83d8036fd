package app.tillsight

import com.sun.net.httpserver.HttpServer
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.SocketTimeoutException
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

/** What OkHttp does with the answers of a server that is none of ours. */
class OkHttpTransportTest {
    private val told = CountDownLatch(1)
    private val threads = Executors.newCachedThreadPool()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).apply {
        executor = threads
        createContext("/moved") { call ->
            call.responseHeaders.add("Location", "/elsewhere")
            call.responseHeaders.add("Set-Cookie", "a=b")
            call.sendResponseHeaders(302, -1)
        }
        createContext("/heard") { call ->
            val heard = "${call.requestMethod} ${call.requestHeaders.getFirst("DPoP")} " +
                "${call.requestHeaders.getFirst("Cookie")} ${call.requestBody.readBytes().decodeToString()}"
            call.sendResponseHeaders(200, 0)
            call.responseBody.use { it.write(heard.toByteArray()) }
        }
        createContext("/silent") { told.await() }
        createContext("/endless") { call ->
            call.sendResponseHeaders(200, 0)
            runCatching { call.responseBody.use { body -> repeat(9) { body.write(ByteArray(1 shl 20)) } } }
        }
        start()
    }
    private val transport = OkHttpTransport()

    private fun send(method: String, path: String, body: String = "", within: UInt = 4_000u): HttpReply {
        val fields = listOf(HttpHeader("DPoP", "proof"))
        val address = "http://127.0.0.1:${server.address.port}$path"
        return transport.send(HttpRequest(method, address, fields, body.toByteArray(), within))
    }

    @AfterEach
    fun stop() {
        told.countDown()
        server.stop(0)
        threads.shutdownNow()
    }

    @Test
    fun `a redirection is an answer, and no cookie is kept`() {
        assertEquals(302, send("GET", "/moved").status.toInt())
        assertEquals("PUT proof null {}", send("PUT", "/heard", "{}").body.decodeToString())
        assertEquals("DELETE proof null ", send("DELETE", "/heard").body.decodeToString())
        assertEquals("POST proof null ", send("POST", "/heard").body.decodeToString())
    }

    @Test
    fun `a server that says nothing is given up when the request says so`() {
        assertThrows(SocketTimeoutException::class.java) { send("GET", "/silent", within = 50u) }
    }

    @Test
    fun `an answer that is too large is refused`() {
        assertThrows(IOException::class.java) { send("GET", "/endless", within = 60_000u) }
    }
}
