package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}
