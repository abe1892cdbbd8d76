package org.picket.agent.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackStoreTest {
    private static final Platform LINUX = new Platform("linux-x64");
    private static final int MOST_ENTRIES = 64;
    /// The largest size that needs no further fields.
    private static final long LARGEST = 0xffff_fffeL;

    // The end of a zip file, and an entry of its directory (APPNOTE.TXT, 4.3.12 and 4.3.16).
    private static final int END_BYTES = 22;
    private static final int END_DIRECTORY = 16;
    private static final int ENTRY_BYTES = 46;
    private static final int ENTRY_SIZE = 24;
    private static final int ENTRY_NAME = 28;
    private static final int ENTRY_EXTRA = 30;

    @TempDir
    private Path folder;

    private PackStore store;

    @BeforeEach
    void emptyStore() throws IOException {
        store = new PackStore(Files.createDirectory(folder.resolve("providers")));
    }

    private Path pack(String name, String note, String library) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("pack.properties"));
            zip.write(note.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry(library));
            zip.write(new byte[] {1, 2, 3});
        }
        return file;
    }

    private static String note(String platform, String provider) {
        return "platform = " + platform + "\nprovider = " + provider + "\nonnxruntime = 1.29.0\n";
    }

    private String refusal(Path file) {
        return assertInstanceOf(PackStore.Install.Refused.class, store.install(file, LINUX))
                .inWords();
    }

    @Test
    void packIsUnpackedOnceAndFoundAgain() throws IOException {
        Path file = pack("cpu.zip", note("linux-x64", "cpu"), "libonnxruntime.so");
        var first = assertInstanceOf(PackStore.Install.Installed.class, store.install(file, LINUX));
        assertEquals(3, Files.size(first.pack().folder().resolve("libonnxruntime.so")));
        assertEquals(first, store.install(file, LINUX));
        assertEquals(List.of(first.pack()), store.installed());
        store.install(pack("cuda.zip", note("linux-x64", "cuda"), "libonnxruntime.so"), LINUX);
        assertEquals(
                List.of("cuda", "cpu"),
                store.installed().stream().map(ProviderPack::provider).toList());
    }

    @Test
    void packOfAnotherPlatformIsRefused() throws IOException {
        assertTrue(refusal(pack("mac.zip", note("osx-aarch64", "cpu"), "libonnxruntime.dylib"))
                .contains("for osx-aarch64, and this machine is linux-x64"));
    }

    @Test
    void nativesOfAnotherVersionThanTheClassesAreRefused() throws IOException {
        assertEquals(ai.onnxruntime.OrtEnvironment.class.getPackage().getImplementationVersion(), ProviderPack.RUNTIME);
        String other = note("linux-x64", "cpu").replace("1.29.0", "1.29.01");
        assertTrue(refusal(pack("other.zip", other, "libonnxruntime.so"))
                .contains("of ONNX Runtime 1.29.01, and this program goes with 1.29.0 alone"));
        assertEquals(List.of(), store.installed());
    }

    @Test
    void unpackedFolderIsItsOwnersAlone() throws IOException {
        var pack = assertInstanceOf(
                PackStore.Install.Installed.class,
                store.install(pack("cpu.zip", note("linux-x64", "cpu"), "libonnxruntime.so"), LINUX));
        assertEquals(
                PosixFilePermissions.fromString("rwx------"),
                Files.getPosixFilePermissions(pack.pack().folder()));
    }

    @Test
    void filesBesideTheFolderAreNeverWritten() throws IOException {
        for (String name : List.of("../out.so", "/tmp/out.so", "a/b.so", "..", "lib\nname.so")) {
            assertTrue(refusal(pack("bad.zip", note("linux-x64", "cpu"), name)).contains("must not be used"), name);
        }
        assertEquals(List.of(), store.installed());
    }

    @Test
    void whatIsNoPackIsToldPlainly() throws IOException {
        assertTrue(refusal(Files.write(folder.resolve("x.zip"), new byte[] {1})).contains("cannot be read"));
        assertTrue(refusal(pack("y.zip", "platform = \n", "lib.so")).contains("no provider pack"));
        assertTrue(refusal(folder.resolve("absent.zip")).contains("absent.zip"));
    }

    /// Its directory says how large each file is once it is unpacked.
    @Test
    void packThatDoesNotFitOntoTheDiskIsRefusedBeforeAnythingIsUnpacked() throws IOException {
        Path file = folder.resolve("huge.zip");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("pack.properties"));
            zip.write(note("linux-x64", "cpu").getBytes(StandardCharsets.UTF_8));
            for (int i = 1; i < MOST_ENTRIES; i++) {
                zip.putNextEntry(new ZipEntry("lib%02d.so".formatted(i)));
                zip.write(new byte[] {1, 2, 3});
            }
        }
        long announced = (MOST_ENTRIES - 1) * LARGEST;
        Files.write(file, announcing(Files.readAllBytes(file)));
        PackStore full = new PackStore(store.folder(), _ -> announced);
        String why = assertInstanceOf(PackStore.Install.Refused.class, full.install(file, LINUX))
                .inWords();
        assertTrue(why.contains("unpacked it takes 270.6 GB, and 270.6 GB are free"), why);
        try (var unpacked = Files.list(store.folder())) {
            assertEquals(List.of(), unpacked.toList());
        }
    }

    /// Has a zip file announce libraries that are as large as may be.
    private static byte[] announcing(byte[] zip) {
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int entry = bytes.getInt(zip.length - END_BYTES + END_DIRECTORY);
        for (int i = 0; i < MOST_ENTRIES; i++) {
            if (i > 0) {
                bytes.putInt(entry + ENTRY_SIZE, (int) LARGEST);
            }
            entry += ENTRY_BYTES + bytes.getShort(entry + ENTRY_NAME) + bytes.getShort(entry + ENTRY_EXTRA);
        }
        return zip;
    }

    @Test
    void sumsBesideTheFileMustAgree() throws IOException {
        Path file = pack("cpu.zip", note("linux-x64", "cpu"), "libonnxruntime.so");
        String sum = PackStore.digest(file).hex();
        Files.writeString(folder.resolve("SHA256SUMS"), "0".repeat(64) + "  cpu.zip\n");
        assertTrue(refusal(file).contains("is not the pack that SHA256SUMS"));
        Files.writeString(folder.resolve("SHA256SUMS"), sum + "  cpu.zip\n");
        assertInstanceOf(PackStore.Install.Installed.class, store.install(file, LINUX));
    }

    @Test
    void whatWasLeftOfAnAttemptThatBrokeOffIsNoPackAndInNobodysWay() throws IOException {
        Path file = pack("cpu.zip", note("linux-x64", "cpu"), "libonnxruntime.so");
        Path left = Files.createDirectory(
                store.folder().resolve(PackStore.digest(file).hex() + ".new"));
        Files.writeString(left.resolve("pack.properties"), note("linux-x64", "cpu"));
        assertEquals(List.of(), store.installed());
        assertInstanceOf(PackStore.Install.Installed.class, store.install(file, LINUX));
    }
}
