package org.picket.crawler.image.structure;

/// Matrix coefficients and range of colours, as a container tells them (ITU-T H.273).
public record ToldColours(int matrix, boolean fullRange) {

    /// Whether a `colr` box tells them, and not by a profile.
    static boolean isListed(Octets octets, IsoBox colr) {
        return colr.four(octets, 0).equals("nclx");
    }

    static ToldColours of(Octets octets, IsoBox colr) {
        return new ToldColours(colr.u16(octets, 8), (colr.u8(octets, 10) & 0x80) != 0);
    }

    /// Fails where a `colr` box would have viewers show quite another picture: see [Shades].
    static void check(Octets octets, IsoBox colr) {
        switch (colr.four(octets, 0)) {
            case "nclx", "nclc" -> Shades.checkTransfer(colr.u16(octets, 6));
            case "prof", "rICC" -> Shades.checkProfile(colr.body(octets, 4));
            default -> {}
        }
    }
}
