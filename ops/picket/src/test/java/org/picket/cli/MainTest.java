package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    private Path folder;

    @Test
    void usageThatCannotBeIsStatusTwo() {
        String data = folder.resolve("data").toString();
        assertEquals(Exit.USAGE, Main.run());
        assertEquals(Exit.USAGE, Main.run("scan"));
        assertEquals(Exit.USAGE, Main.run("scan", "--mode", "burn", "/x", "--data", data));
        assertEquals(Exit.USAGE, Main.run("scan", "--no-such-flag"));
        assertEquals(Exit.USAGE, Main.run("findings", "--json", "--csv", "--data", data));
        assertEquals(Exit.USAGE, Main.run("findings", "--data", data));
        assertEquals(Exit.USAGE, Main.run("findings", "enforce", "--action", "burn", "1", "--data", data));
        assertEquals(Exit.USAGE, Main.run("findings", "enforce", "--action", "purge", "--data", data));
        assertEquals(Exit.USAGE, Main.run("verify", "--data", data));
        assertEquals(Exit.USAGE, Main.run("samples", folder.toString(), "--count", "0"));
        assertEquals(
                Exit.USAGE, Main.run("bundle", "inspect", folder.resolve("none").toString()));
        assertEquals(false, Files.exists(folder.resolve("data")), "a mistyped command made a data folder");
    }

    @Test
    void allThatIsWrongWithAScanIsSaidAtOnceAndBeforeAnythingIsMade() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy"), "rule {");
        String said = said(() -> assertEquals(
                Exit.USAGE,
                Main.run(
                        "scan",
                        "/no/such/folder",
                        "s3://",
                        "--bundle",
                        folder.resolve("no.bundle").toString(),
                        "--policy",
                        policy.toString(),
                        "--data",
                        folder.resolve("data").toString())));
        assertTrue(said.contains("/no/such/folder is no folder"), said);
        assertTrue(said.contains("s3://"), said);
        assertTrue(said.contains("scan.bundle: "), said);
        assertTrue(said.contains("scan.policy: "), said);
        assertFalse(Files.exists(folder.resolve("data")), "a data folder was made");
    }

    /// Whoever keeps services running tries again after status one, and gives up after two.
    @Test
    void aTakenPortIsStatusOneAndNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BindException why = assertThrows(BindException.class, () -> {
                new ServerSocket(taken.getLocalPort(), 1, InetAddress.getLoopbackAddress()).close();
            });
            UncheckedIOException met = new UncheckedIOException(
                    "cannot listen on 127.0.0.1:" + taken.getLocalPort(), new IOException("failed to bind", why));
            assertEquals(Exit.INCOMPLETE, Main.report(met));
            String said = said(() -> Main.report(met));
            assertTrue(said.contains("127.0.0.1:" + taken.getLocalPort()), said);
            assertTrue(said.contains("another process listens there"), said);
            assertFalse(said.contains("unforeseen"), said);
        }
    }

    private static String said(Runnable talk) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            talk.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void helpAndVersionAreStatusZero() {
        assertEquals(Exit.COMPLETE, Main.run("--help"));
        assertEquals(Exit.COMPLETE, Main.run("scan", "--help"));
        assertEquals(Exit.COMPLETE, Main.run("--version"));
    }
}
