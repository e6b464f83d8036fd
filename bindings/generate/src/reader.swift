// Added by bindings/generate: reads where the bytes lie. `Data` copies each number on its own.
#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct UniffiReader {
    fileprivate let bytes: UnsafeRawBufferPointer
    fileprivate var offset = 0

    fileprivate init(_ buffer: RustBuffer) {
        bytes = UnsafeRawBufferPointer(start: buffer.data, count: Int(buffer.len))
    }

    @inline(__always)
    fileprivate mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - offset else { throw UniffiInternalError.bufferOverflow }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }
}

@inline(__always)
fileprivate func readInt<T: FixedWidthInteger>(_ reader: inout UniffiReader) throws -> T {
    T(bigEndian: try reader.take(MemoryLayout<T>.size).loadUnaligned(as: T.self))
}

@inline(__always)
fileprivate func readBytes(_ reader: inout UniffiReader, count: Int) throws -> UnsafeRawBufferPointer {
    try reader.take(count)
}

fileprivate func readFloat(_ reader: inout UniffiReader) throws -> Float {
    Float(bitPattern: try readInt(&reader))
}

fileprivate func readDouble(_ reader: inout UniffiReader) throws -> Double {
    Double(bitPattern: try readInt(&reader))
}

fileprivate func hasRemaining(_ reader: UniffiReader) -> Bool {
    reader.offset < reader.bytes.count
}

