import Foundation

/// What the radio is told to listen for.
public enum Network {
    /// The proximity UUID that every store beacon of the network sends; major and minor say which.
    public static let beaconUuid = UUID(
        uuid: (
            0x5a, 0xf1, 0xe0, 0xde, 0x00, 0x00, 0x40, 0x00,
            0x80, 0x00, 0x77, 0x61, 0x6c, 0x6c, 0x65, 0x74
        ))
}
