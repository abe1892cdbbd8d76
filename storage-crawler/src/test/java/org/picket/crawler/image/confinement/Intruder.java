package org.picket.crawler.image.confinement;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.picket.crawler.image.Vectors;
import org.picket.crawler.image.picture.Natives;
import org.picket.crawler.image.picture.PictureDecoder;
import org.picket.crawler.image.structure.Octets;

/// A program that enters the lockdown as a child does and then tries what an object that had taken it over
/// would: one line an attempt, with what came of it.
final class Intruder {

    private static final int EPERM = 1;
    private static final int SIGCHLD = 17;

    /// Calls of the kernel that no decoder needs, by their numbers on x86-64 and on arm64. All are made with
    /// arguments of 0: let through, they fail with other errors.
    private static final Map<String, int[]> FORBIDDEN = Map.ofEntries(
            Map.entry("socket", new int[] {41, 198}),
            Map.entry("connect", new int[] {42, 203}),
            Map.entry("socketpair", new int[] {53, 199}),
            Map.entry("sendto", new int[] {44, 206}),
            Map.entry("execve", new int[] {59, 221}),
            Map.entry("execveat", new int[] {322, 281}),
            Map.entry("kill", new int[] {62, 129}),
            Map.entry("ptrace", new int[] {101, 117}),
            Map.entry("process_vm_readv", new int[] {310, 270}),
            Map.entry("process_vm_writev", new int[] {311, 271}),
            Map.entry("pidfd_open", new int[] {434, 434}),
            Map.entry("mount", new int[] {165, 40}),
            Map.entry("unshare", new int[] {272, 97}),
            Map.entry("setns", new int[] {308, 268}),
            Map.entry("open_by_handle_at", new int[] {304, 265}),
            Map.entry("openat2", new int[] {437, 437}),
            Map.entry("io_uring_setup", new int[] {425, 425}),
            Map.entry("bpf", new int[] {321, 280}),
            Map.entry("keyctl", new int[] {250, 219}),
            Map.entry("add_key", new int[] {248, 217}),
            Map.entry("userfaultfd", new int[] {323, 282}),
            Map.entry("perf_event_open", new int[] {298, 241}),
            Map.entry("memfd_create", new int[] {319, 279}),
            Map.entry("unlinkat", new int[] {263, 35}),
            Map.entry("renameat2", new int[] {316, 276}),
            Map.entry("mkdirat", new int[] {258, 34}),
            Map.entry("linkat", new int[] {265, 37}),
            Map.entry("symlinkat", new int[] {266, 36}),
            Map.entry("fchmodat", new int[] {268, 53}),
            Map.entry("truncate", new int[] {76, 45}),
            Map.entry("ftruncate", new int[] {77, 46}),
            Map.entry("chdir", new int[] {80, 49}),
            Map.entry("prctl", new int[] {157, 167}),
            Map.entry("init_module", new int[] {175, 105}),
            Map.entry("a call of the year 2100", new int[] {4000, 4000}));

    private interface Attempt {
        void make() throws IOException;
    }

    private Intruder() {}

    /// @param arguments the two of a child, a port of this machine, a file of the storage, a folder to write to,
    ///     the parent's process id, `locked` or `free`
    public static void main(String[] arguments) throws Exception {
        PictureDecoder decoder = new PictureDecoder(Long.parseLong(arguments[1]));
        Natives.load();
        boolean listed = arguments[6].equals("locked") && Lockdown.enter();
        System.out.println("listed\t" + listed);
        int port = Integer.parseInt(arguments[2]);
        Path storage = Path.of(arguments[3]);
        Path folder = Path.of(arguments[4]);
        long parent = Long.parseLong(arguments[5]);
        Map<String, Attempt> attempts = new LinkedHashMap<>();
        attempts.put("network", () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
        attempts.put("write", () -> Files.writeString(folder.resolve("intruder"), "here"));
        attempts.put("write-natives", () -> Files.writeString(Path.of(cache()).resolve("intruder"), "here"));
        attempts.put("delete-natives", () -> Files.delete(Path.of(cache()).resolve("bait")));
        attempts.put("read-storage", () -> Files.readAllBytes(storage));
        attempts.put("list-storage", () -> Files.list(storage.getParent()).close());
        attempts.put("read-accounts", () -> Files.readAllBytes(Path.of("/etc/passwd")));
        attempts.put("read-parent", () -> Files.readAllBytes(Path.of("/proc/" + parent + "/environ")));
        attempts.put(
                "read-own-class",
                () -> Intruder.class.getResourceAsStream("Intruder.class").close());
        // The last: where it is refused, the JDK closes more than it opened, and a file that is opened next is taken
        // for a standard stream, which cannot be closed without writing.
        attempts.put("program", () -> new ProcessBuilder("/bin/true").start());
        for (Map.Entry<String, Attempt> attempt : attempts.entrySet()) {
            System.out.println(attempt.getKey() + "\t" + outcome(attempt.getValue()));
        }
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        if (listed) {
            for (Map.Entry<String, int[]> call : FORBIDDEN.entrySet()) {
                long result = SystemCall.make(call.getValue()[arm ? 1 : 0]);
                System.out.println("call:" + call.getKey() + "\t" + (result == -EPERM ? "refused" : "made " + result));
            }
            int fork = CallNumbers.ofThisMachine().orElseThrow().of(CallNumbers.Call.CLONE);
            System.out.println("call:fork\t" + (SystemCall.make(fork, SIGCHLD) == -EPERM ? "refused" : "made"));
        }
        Thread thread = new Thread(() -> System.out.println("thread\tmade"));
        thread.start();
        thread.join();
        for (String name : List.of("420.jpg", "rgba.png", "lossy.webp", "animated-keep.gif")) {
            byte[] object = Vectors.read(name);
            decoder.decode(new Octets(object, object.length), 32);
        }
        decoder.release();
        System.out.println("decode\tmade");
    }

    private static String cache() {
        return System.getProperty("org.bytedeco.javacpp.cachedir");
    }

    private static String outcome(Attempt attempt) {
        try {
            attempt.make();
            return "made";
        } catch (IOException | RuntimeException | LinkageError refused) {
            return "refused " + refused.getClass().getSimpleName();
        }
    }
}
