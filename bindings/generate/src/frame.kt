
// Added by bindings/generate: the way in for the calls that give a screen. They hand their arguments
// over and take their results through memory of the thread's own instead of structures that JNA fills
// field by field, and what the core returned carries the next call's arguments.

internal object UniffiFrames {
    init {
        Native.register(UniffiFrames::class.java, findLibraryName(componentName = "tillsight"))
    }

@EXTERNALS@
}

/** The arguments and the result of one call at a time; a call within a call finds them read already. */
internal class UniffiFrame private constructor() {
    private val memory = com.sun.jna.Memory((ARGUMENTS + RESULTS) * ELEMENT)
    private val bytes = memory.getByteBuffer(0, memory.size()).order(ByteOrder.nativeOrder())
    private var at = 0

    /** Where values are written and read; they cross to and from the core's memory in one piece. */
    private var heap = ByteBuffer.allocate(4_096)

    val arguments: Pointer = memory.share(0)
    val results: Pointer = memory.share(ARGUMENTS * ELEMENT)

    fun start(handle: Long) {
        bytes.putLong(0, handle)
        at = ELEMENT.toInt()
    }

    fun <T> argument(converter: FfiConverterRustBuffer<T>, value: T) {
        val room = room(converter.allocationSize(value).toLong())
        converter.write(value, room)
        put(room.array(), room.position())
    }

    fun argument(converter: FfiConverterString, value: String) {
        val text = converter.toUtf8(value)
        put(text.array(), text.limit())
    }

    fun argument(converter: FfiConverterByRefBytes, value: ByteBuffer) {
        val buffer = converter.lower(value)
        bytes.putInt(at, buffer.len)
        memory.setPointer(at + ELEMENT, buffer.data)
        at += 2 * ELEMENT.toInt()
    }

    private fun put(from: ByteArray, length: Int) {
        val buffer = UniffiSpare.take(length.toLong())
        buffer.data.write(0, from, 0, length)
        bytes.putLong(at, buffer.capacity)
        bytes.putLong(at + ELEMENT.toInt(), length.toLong())
        memory.setPointer(at + 2 * ELEMENT, buffer.data)
        at += 3 * ELEMENT.toInt()
    }

    private fun room(size: Long): ByteBuffer {
        if (size > UniffiSpare.MOST) return ByteBuffer.allocate(Math.toIntExact(size))
        if (size > heap.capacity()) heap = ByteBuffer.allocate(size.toInt())
        heap.clear()
        return heap
    }

    fun <T, E : kotlin.Exception> returned(
        errors: UniffiRustCallStatusErrorHandler<E>,
        converter: FfiConverterRustBuffer<T>,
    ): T {
        val code = bytes.get(STATUS)
        if (code != UNIFFI_CALL_SUCCESS) {
            val status = UniffiRustCallStatus()
            status.code = code
            status.error_buf = RustBuffer.create(
                bytes.getLong(STATUS + ELEMENT.toInt()).toULong(),
                bytes.getLong(STATUS + 2 * ELEMENT.toInt()).toULong(),
                memory.getPointer(STATUS + 3 * ELEMENT),
            )
            uniffiCheckCallStatus(errors, status)
        }
        val length = bytes.getLong(RESULT + ELEMENT.toInt())
        val buffer = UniffiSpare(bytes.getLong(RESULT), memory.getPointer(RESULT + 2 * ELEMENT))
        try {
            val room = room(length)
            buffer.data.read(0, room.array(), 0, length.toInt())
            room.limit(length.toInt())
            val value = converter.read(room)
            if (room.hasRemaining()) throw InternalException("junk remains after a result")
            return value
        } finally {
            buffer.give()
        }
    }

    /** A handle that the core made without being able to fail. */
    fun cloned(clone: (Pointer) -> Long): Long {
        bytes.put(RESULT, UNIFFI_CALL_SUCCESS)
        val handle = clone(results)
        if (bytes.get(RESULT) != UNIFFI_CALL_SUCCESS) throw InternalException("no handle was made")
        return handle
    }

    companion object {
        /** Bytes of each value: the widest there is. */
        private const val ELEMENT = 8L
        private const val ARGUMENTS = 16L
        private const val RESULTS = 8L
        private const val RESULT = (ARGUMENTS * ELEMENT).toInt()
        private const val STATUS = RESULT + 3 * ELEMENT.toInt()

        private val ofThread = ThreadLocal.withInitial { UniffiFrame() }

        fun current(): UniffiFrame = ofThread.get()
    }
}

/** A buffer of the core's that is ours until a call takes it. */
internal class UniffiSpare(val capacity: Long, val data: Pointer) {
    /** Keeps it for a later call, or gives it back to the core. */
    fun give() {
        if (capacity > MOST || !spare.compareAndSet(null, this)) {
            RustBuffer.free(RustBuffer.create(capacity.toULong(), 0UL, data))
        }
    }

    companion object {
        /** One buffer at most is kept, and none larger than a full screen. */
        const val MOST = 65_536L
        private val spare = java.util.concurrent.atomic.AtomicReference<UniffiSpare?>(null)

        fun take(size: Long): UniffiSpare {
            val kept = spare.getAndSet(null)
            if (kept != null && kept.capacity >= size) return kept
            kept?.give()
            val made = RustBuffer.alloc(size.toULong())
            return UniffiSpare(made.capacity, made.data!!)
        }
    }
}
