package org.picket.crawler.image.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.structure.Flaw;

class DecoderComplaintsTest {

    @Test
    void warningsThatMeanAFilledInPictureAreFlaws() {
        for (String warning : new String[] {
            "Corrupt JPEG data: premature end of data segment",
            "Corrupt JPEG data: bad Huffman code",
            "Corrupt JPEG data: 12 extraneous bytes before marker 0xd4",
            "Premature end of JPEG file",
            "Inconsistent progression sequence for component 0 coefficient 1",
            "Warning: unknown JFIF revision number 2.01",
            "Unknown Adobe color transform code 3",
            "libpng error: Not enough image data"
        }) {
            assertEquals(Optional.of(Flaw.DATA_WARNED), DecoderComplaints.flaw("\n" + warning + "\n"), warning);
        }
    }

    @Test
    void warningsAboutAPictureThatIsWholeAreNot() {
        for (String warning : new String[] {
            "",
            "Corrupt JPEG data: 2 extraneous bytes before marker 0xd9",
            "libpng warning: iCCP: known incorrect sRGB profile"
        }) {
            assertEquals(Optional.empty(), DecoderComplaints.flaw(warning), warning);
        }
    }

    @Test
    void lackOfMemoryIsToldFromDamage() {
        assertEquals(
                Optional.of(Flaw.OUT_OF_MEMORY),
                DecoderComplaints.flaw("error: (-4:Insufficient memory) Failed to allocate 400 bytes"));
    }
}
