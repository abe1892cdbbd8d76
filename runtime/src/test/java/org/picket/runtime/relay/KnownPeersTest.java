package org.picket.runtime.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.SigningKey;
import org.picket.runtime.identity.Party;

class KnownPeersTest {
    private static final Party AGENT = new Party(Party.Kind.AGENT, 7);

    @TempDir
    private Path folder;

    private static KeyId key() {
        return SigningKey.generate(new SecureRandom()).verifyingKey().id();
    }

    @Test
    void memberKeepsTheKeyThatItWasMetWith() throws IOException {
        Path file = folder.resolve("known");
        KeyId key = key();
        KnownPeers known = KnownPeers.open(file);
        assertTrue(known.is(AGENT, key));
        assertTrue(known.is(AGENT, key));
        assertFalse(known.is(AGENT, key()));
        assertTrue(known.is(new Party(Party.Kind.AGENT, 8), key()));
        assertEquals(2, Files.readAllLines(file).size());
        KnownPeers later = KnownPeers.open(file);
        assertFalse(later.is(AGENT, key()));
        assertTrue(later.is(AGENT, key));
    }

    @Test
    void damagedLinesAreNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("known"), "picket://agent/7 is somebody\n");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> KnownPeers.open(file))
                .getMessage()
                .contains("is somebody"));
    }
}
