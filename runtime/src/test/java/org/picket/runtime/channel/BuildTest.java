package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Metadata;
import org.junit.jupiter.api.Test;
import org.picket.runtime.Version;

class BuildTest {
    private static String read(String told) {
        Metadata headers = new Metadata();
        headers.put(Build.KEY, told);
        return Build.read(headers).release();
    }

    @Test
    void releaseIsReadAsItWasTold() {
        assertEquals(Version.PICKET, read(Version.PICKET));
        assertEquals("1.2.0-rc.1+a1b2", read("1.2.0-rc.1+a1b2"));
        assertEquals(new Build(ContractVersion.UNTOLD, ""), Build.read(new Metadata()));
    }

    /// It is shown to people, so it draws nothing of its own and fits in a line.
    @Test
    void whatIsNoReleaseIsNone() {
        for (String none : new String[] {"", " ", "1.0 beta", "\u001b[2J", ".1", "1".repeat(33), "<b>"}) {
            assertEquals("", read(none), none);
        }
        assertEquals(32, read("1".repeat(32)).length());
    }
}
