package org.picket.runtime.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final Screen screen = new Screen(new PrintStream(seen, true, StandardCharsets.UTF_8));

    @Test
    void secondPictureIsPaintedOverTheFirst() {
        Screen.Size size = new Screen.Size(20, 10);
        screen.paint(List.of("one", "two", "three"), size);
        seen.reset();
        screen.paint(List.of("four"), size);
        assertEquals("\u001b[3A\rfour\u001b[K\n\u001b[J", seen.toString(StandardCharsets.UTF_8));
    }

    @Test
    void nothingIsPaintedBeyondTheTerminal() {
        screen.paint(List.of("abcdefgh", "2", "3", "4"), new Screen.Size(5, 3));
        assertEquals("abcd…\u001b[K\n2\u001b[K\n\u001b[J", seen.toString(StandardCharsets.UTF_8));
    }

    /// A name, a key or a reason that means to draw a line of its own.
    @Test
    void nobodyForgesALine() {
        screen.paint(
                List.of("agent \u001b[2J\u001b[1;1Hall is well\r\nLEASES\u2028none\u0085x\u202ey\u009b5A\ud800"),
                new Screen.Size(100, 10));
        assertEquals(
                "agent ?[2J?[1;1Hall is well??LEASES?none?x?y?5A?\u001b[K\n\u001b[J",
                seen.toString(StandardCharsets.UTF_8));
        assertEquals("日本 é 🌲", Screen.printable("日本 é 🌲"));
    }

    @Test
    void sizeIsReadAsSttyTellsIt() {
        assertEquals(Optional.of(new Screen.Size(120, 40)), Screen.read("40 120\n"));
        assertEquals(Optional.empty(), Screen.read("0 0\n"));
        assertEquals(Optional.empty(), Screen.read("stty: standard input: Inappropriate ioctl for device"));
    }

    @Test
    void amountsHaveTheirUnits() {
        assertEquals("3.5 views/s", Amounts.rate(3.54, "views"));
        assertEquals("1,235 views/s", Amounts.rate(1_234.6, "views"));
        assertEquals("1.5 MB/s", Amounts.byteRate(1_500_000));
    }
}
