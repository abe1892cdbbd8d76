package org.picket.crawler.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.confinement.KnownMachine;
import org.picket.crawler.image.structure.Reason;

/// Children that die, hang, lie or outlive their use.
class DecoderPoolIT {

    private static final int PATIENCE_SECONDS = 60;

    private static Decoded decode(DecoderPool pool, String name) throws Exception {
        byte[] object = Vectors.read(name);
        return pool.decode(object, object.length, 32);
    }

    private static byte[] firstView(Decoded decoded) {
        return assertInstanceOf(Decoded.Views.class, decoded).views().getFirst().pixels();
    }

    private static Reason reason(Decoded decoded) {
        return assertInstanceOf(Decoded.Undecodable.class, decoded).reason();
    }

    private static Set<Long> children() {
        return ProcessHandle.current().descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    @Test
    void childIsConfinedAsThePoolSays() throws Exception {
        Set<Long> before = children();
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS)) {
            firstView(decode(pool, "420.jpg"));
            Path process = Path.of("/proc", Long.toString(childSince(before).pid()));
            List<String> status = Files.readAllLines(process.resolve("status"));
            String said = pool.confinement();
            boolean listed = said.contains("short list");
            assertEquals(KnownMachine.isKnown(), listed, said);
            assertEquals(listed, status.contains("Seccomp:\t2"), said);
            assertEquals(listed || said.contains("no new privileges"), status.contains("NoNewPrivs:\t1"), said);
            if (said.contains("no capabilities")) {
                assertTrue(status.contains("CapEff:\t0000000000000000"), said);
            }
            Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
            assertEquals(
                    said.startsWith("bubblewrap") || said.startsWith("no network"),
                    !Files.readSymbolicLink(process.resolve("ns/net")).equals(own),
                    said);
        }
    }

    /// The one child that came up since `before`; not what may stand around it.
    private static ProcessHandle childSince(Set<Long> before) {
        List<ProcessHandle> now = decodersSince(before);
        assertEquals(1, now.size());
        return now.getFirst();
    }

    private static List<ProcessHandle> decodersSince(Set<Long> before) {
        return ProcessHandle.current()
                .descendants()
                .filter(child -> !before.contains(child.pid()))
                .filter(child -> child.children().findAny().isEmpty())
                .toList();
    }

    private static void signal(String name, ProcessHandle child) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(child.pid())).start();
        assertEquals(0, kill.waitFor());
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (name.equals("STOP") && !isStopped(child)) {
            // A busy system takes its time until the last thread has stopped.
            assertTrue(System.nanoTime() < limit, "the child does not stop");
            Thread.onSpinWait();
        }
    }

    private static boolean isStopped(ProcessHandle child) throws Exception {
        return Files.readAllLines(Path.of("/proc", Long.toString(child.pid()), "status")).stream()
                .anyMatch(line -> line.startsWith("State:\tT"));
    }

    private static void awaitEnd(ProcessHandle child) throws Exception {
        child.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void furtherChildrenStartWhereObjectsWaitForThem() throws Exception {
        Set<Long> before = children();
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS.withChildren(2));
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 100; i++) {
                decode(pool, "420.jpg");
            }
            childSince(before);
            Callable<Decoded> task = () -> decode(pool, "420.jpg");
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (decodersSince(before).size() < 2) {
                assertTrue(System.nanoTime() < limit, "no further child starts");
                for (Future<Decoded> each : threads.invokeAll(List.of(task, task, task, task))) {
                    firstView(each.get());
                }
            }
        }
    }

    @Test
    void objectThatHoldsUpTheOnlyChildDoesNotHoldUpOthers() throws Exception {
        Set<Long> before = children();
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS.withChildren(2));
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            decode(pool, "420.jpg");
            ProcessHandle held = childSince(before);
            signal("STOP", held);
            Callable<Decoded> task = () -> decode(pool, "420.jpg");
            // Two of them stand in line at the held one.
            firstView(threads.invokeAny(List.of(task, task, task), PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertTrue(held.isAlive(), "it was ended before another one was asked");
            signal("CONT", held);
        }
    }

    @Test
    void objectWhoseChildDiesUnderItIsDecodedInAFreshOne() throws Exception {
        Set<Long> before = children();
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            byte[] expected = firstView(decode(pool, "420.jpg"));
            ProcessHandle child = childSince(before);
            signal("STOP", child);
            Callable<Decoded> task = () -> decode(pool, "420.jpg");
            Future<Decoded> underWay = threads.submit(task);
            signal("KILL", child);
            assertArrayEquals(expected, firstView(underWay.get(PATIENCE_SECONDS, TimeUnit.SECONDS)));
            assertNotEquals(child.pid(), childSince(before).pid());
        }
    }

    @Test
    void idleChildThatDiesIsReplaced() throws Exception {
        Set<Long> before = children();
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS)) {
            decode(pool, "420.jpg");
            ProcessHandle child = childSince(before);
            signal("KILL", child);
            awaitEnd(child);
            assertInstanceOf(Decoded.Views.class, decode(pool, "420.jpg"));
        }
    }

    @Test
    void hangingChildCostsOneObjectAndIsReplaced() throws Exception {
        Set<Long> before = children();
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS.withDeadline(Duration.ofMillis(1500)))) {
            decode(pool, "420.jpg");
            ProcessHandle child = childSince(before);
            signal("STOP", child);
            assertEquals(Reason.DECODER_TIMED_OUT, reason(decode(pool, "420.jpg")));
            awaitEnd(child);
            assertInstanceOf(Decoded.Views.class, decode(pool, "420.jpg"));
        }
    }

    @Test
    void childThatLiesOrDiesTwiceIsACrash() throws Exception {
        List<String> lies = List.of(
                "die",
                "other magic",
                "other sequence",
                "other kind",
                "no such format",
                "format not decoded",
                "no such flaw",
                "no views",
                "too many views",
                "negative views",
                "huge views",
                "half a view",
                "other count of complaints");
        for (String lie : lies) {
            try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS, () -> TreacherousChild.command(lie))) {
                assertEquals(Reason.DECODER_CRASHED, reason(decode(pool, "420.jpg")), lie);
            }
        }
    }

    @Test
    void childThatPrintsMuchIsHeard() throws Exception {
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS, () -> TreacherousChild.command("much ado"))) {
            assertEquals(Reason.EMPTY, reason(decode(pool, "420.jpg")));
            assertEquals(Reason.EMPTY, reason(decode(pool, "420.jpg")));
        }
    }

    @Test
    void poolWhoseChildrenDoNotStartSaysSoAndBlamesNoObject() {
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS, () -> new ProcessBuilder("/no/such/program"))) {
            IllegalStateException failure = assertThrows(IllegalStateException.class, () -> decode(pool, "420.jpg"));
            assertTrue(failure.getMessage().contains("do not start"), failure.getMessage());
        }
    }

    @Test
    void hostileObjectsAmongThousandsChangeNothingForTheOthers() throws Exception {
        List<byte[]> hostile = List.of(
                Bombs.png(60_000, 60_000),
                Bombs.jpeg(65_500, 65_500),
                Bombs.webp(16_383, 16_383),
                HandMadeGif.frames(60_000, 60_000, 1, 10),
                java.util.Arrays.copyOf(Vectors.read("progressive.jpg"), 5000),
                new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 0});
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS.withChildren(2));
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            byte[] expected = firstView(decode(pool, "420.jpg"));
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                int number = i;
                tasks.add(() -> {
                    if (number % 100 == 50) {
                        byte[] object = hostile.get(number / 100 % hostile.size());
                        return pool.decode(object, object.length, 32) instanceof Decoded.Undecodable;
                    }
                    return java.util.Arrays.equals(expected, firstView(decode(pool, "420.jpg")));
                });
            }
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertTrue(result.get());
            }
        }
    }

    @Test
    void wornChildIsReplacedWithoutAGap() throws Exception {
        Set<Long> before = children();
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS.withObjectsPerChild(5))) {
            decode(pool, "420.jpg");
            ProcessHandle first = childSince(before);
            for (int i = 0; first.isAlive() && i < 100_000; i++) {
                assertInstanceOf(Decoded.Views.class, decode(pool, "420.jpg"));
            }
            assertFalse(first.isAlive());
        }
    }

    @Test
    void closedPoolLeavesNoProcess() throws Exception {
        Set<Long> before = children();
        DecoderPool pool = new DecoderPool(Vectors.SETTINGS.withChildren(2));
        decode(pool, "420.jpg");
        pool.close();
        for (ProcessHandle child : ProcessHandle.current().descendants().toList()) {
            if (!before.contains(child.pid())) {
                awaitEnd(child);
            }
        }
        assertThrows(IllegalStateException.class, () -> decode(pool, "420.jpg"));
    }

    @Test
    void killedParentLeavesNoOrphan() throws Exception {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PoolOwner.class.getName(),
                        Vectors.SETTINGS.natives().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<ProcessHandle> orphans = new ArrayList<>();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null && !line.equals("ready"); line = output.readLine()) {
                if (line.chars().allMatch(Character::isDigit)) {
                    ProcessHandle.of(Long.parseLong(line)).ifPresent(orphans::add);
                }
            }
            assertFalse(orphans.isEmpty());
            owner.destroyForcibly().waitFor();
            for (ProcessHandle orphan : orphans) {
                awaitEnd(orphan);
            }
        }
    }

    @Test
    void childKnowsNothingOfTheParentsEnvironment() throws Exception {
        ProcessBuilder command = new DecoderLaunch(Vectors.SETTINGS).get();
        Set<String> allowed = Set.of(
                "LANG",
                "LC_ALL",
                "LC_CTYPE",
                "SystemRoot",
                "TEMP",
                "TMPDIR",
                "OPENCV_IO_MAX_IMAGE_PIXELS",
                "OPENCV_LOG_LEVEL",
                "OPENCV_FOR_THREADS_NUM",
                "OPENBLAS_NUM_THREADS",
                "OMP_NUM_THREADS",
                "MALLOC_MMAP_THRESHOLD_",
                "MALLOC_TRIM_THRESHOLD_");
        assertTrue(
                allowed.containsAll(command.environment().keySet()),
                command.environment().keySet()::toString);
        assertFalse(command.command().stream().anyMatch(part -> part.contains("awssdk")));
        assertTrue(Files.isDirectory(Vectors.SETTINGS.natives().getParent()));
    }
}
