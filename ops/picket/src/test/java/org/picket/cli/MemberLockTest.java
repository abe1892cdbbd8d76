package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberLockTest {
    @TempDir
    private Path data;

    @Test
    void secondProcessOfOneMemberIsToldSoBeforeTheCoordinatorNotices() {
        try (MemberLock held = MemberLock.take(data, "agent");
                MemberLock other = MemberLock.take(data, "crawler")) {
            assertTrue(held.channel().isOpen() && other.channel().isOpen());
            UsageFault fault = assertThrows(UsageFault.class, () -> MemberLock.take(data, "agent"));
            assertTrue(fault.getMessage().contains("--data of its own"));
        }
        MemberLock.take(data, "agent").close();
    }

    /// Its membership would be used by two processes for a moment, and both held out. There is none here: whoever
    /// looked for it first would say that.
    @Test
    void lockIsTakenBeforeTheMembershipIsLookedAt() {
        try (MemberLock agent = MemberLock.take(data, "agent");
                MemberLock crawler = MemberLock.take(data, "crawler")) {
            assertTrue(agent.channel().isOpen() && crawler.channel().isOpen());
            assertTrue(said("agent", "run", "--data", data.toString(), "--provider", "cpu")
                    .contains("another process is the agent"));
            assertTrue(said("crawler", "run", "--storage", data.toString(), "--data", data.toString(), "--once")
                    .contains("another process is the crawler"));
        }
    }

    private static String said(String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertEquals(Exit.USAGE, Main.run(arguments), () -> said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
