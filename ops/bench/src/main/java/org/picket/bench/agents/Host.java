package org.picket.bench.agents;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.InviteRequest;
import org.picket.proto.v1.MembersGrpc;
import org.picket.proto.v1.Role;
import org.picket.runtime.identity.InviteCode;
import org.picket.runtime.membership.MemberRecord;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.time.TimeSource;

/// `picket coordinator` as a process, started as the command starts it, and its steward.
final class Host implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("listens at (127\\.0\\.0\\.1:\\d+)");
    private static final Pattern METRICS = Pattern.compile("metrics at (http://[^/]+)/metrics");
    private static final long STARTS_WITHIN_NANOS = 120_000_000_000L;
    private static final long LOOK_MILLIS = 50;
    private static final long ENDS_WITHIN_SECONDS = 30;
    private static final double KIBIS_A_MEBI = 1_024;
    private static final double MEBI = 1_024 * 1_024;

    private final Process process;
    private final Path out;
    private final Path err;
    private final RemoteMember steward;
    private final HttpClient client = HttpClient.newHttpClient();

    private Host(Process process, Path out, Path err, RemoteMember steward) {
        this.process = process;
        this.out = out;
        this.err = err;
        this.steward = steward;
    }

    /// Starts it, and waits until it listens.
    ///
    /// @param folder for its data
    static Host start(Path folder) throws IOException, InterruptedException {
        Path data = folder.resolve("coordinator");
        Path out = folder.resolve("coordinator.out");
        Path err = folder.resolve("coordinator.err");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xms768m",
                "-Xmx768m",
                "-XX:SurvivorRatio=2",
                "-XX:-UsePerfData"));
        // For whoever looks into it: a recording, say.
        Optional.ofNullable(System.getProperty("picket.bench.coordinator")).ifPresent(command::add);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "org.picket.cli.Main",
                "coordinator",
                "--data",
                data.toString(),
                "--listen",
                "127.0.0.1:0",
                "--metrics",
                "127.0.0.1:0"));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            await(process, out, err, LISTENS);
            RemoteMember steward = RemoteMember.start(
                    MemberRecord.parse(Files.readString(data.resolve("steward.member"))),
                    SigningKey.ofSeed(Files.readAllBytes(data.resolve("keys").resolve("steward.key"))),
                    TimeSource.system());
            steward.await(process::isAlive);
            return new Host(process, out, err, steward);
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static String await(Process process, Path out, Path err, Pattern words)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + STARTS_WITHIN_NANOS;
        while (true) {
            Matcher said = words.matcher(Files.readString(out) + Files.readString(err));
            if (said.find()) {
                return said.group(1);
            }
            if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                throw new IOException("the coordinator did not start: " + Files.readString(err));
            }
        }
    }

    /// An invite for one.
    InviteCode invite(Role role, String owner) {
        try {
            return InviteCode.parse(MembersGrpc.newBlockingStub(steward.coordinator())
                    .invite(InviteRequest.newBuilder()
                            .setRole(role)
                            .setOwner(owner)
                            .build())
                    .getCode());
        } catch (StatusRuntimeException e) {
            throw new IllegalStateException("no invite: " + e.getStatus(), e);
        }
    }

    /// Mebibytes of it that are in memory.
    double resident() throws IOException {
        return told("VmRSS:") / KIBIS_A_MEBI;
    }

    /// Threads of the system that it has.
    double threads() throws IOException {
        return told("Threads:");
    }

    private double told(String what) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith(what)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("the system does not tell " + what);
    }

    /// Sockets that it has open.
    double sockets() throws IOException {
        int sockets = 0;
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            for (Path file : files) {
                // One that was closed meanwhile is none.
                sockets += Files.isSymbolicLink(file)
                                && Files.readSymbolicLink(file).toString().startsWith("socket:")
                        ? 1
                        : 0;
            }
        }
        return sockets;
    }

    /// Mebibytes of its heap that live after a collection.
    double liveHeap() throws IOException, InterruptedException {
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.run")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        String scrape = client.send(
                        HttpRequest.newBuilder(URI.create(await(process, out, err, METRICS) + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\"[^}]*} (\\S+)$")
                        .matcher(scrape)
                        .results()
                        .mapToDouble(line -> Double.parseDouble(line.group(1)))
                        .sum()
                / MEBI;
    }

    /// Seconds of processors.
    ///
    /// @param coordinator its process
    /// @param database its server's processes that live
    /// @param clients this process: agents and crawler
    record Processors(double coordinator, double database, double clients) {
        /// What was used since.
        Processors since(Processors before) {
            return new Processors(
                    coordinator - before.coordinator, database - before.database, clients - before.clients);
        }
    }

    /// Seconds of processors that all parts have used.
    Processors processors() {
        return new Processors(
                seconds(process.toHandle()),
                process.descendants().mapToDouble(Host::seconds).sum(),
                seconds(ProcessHandle.current()));
    }

    private static double seconds(ProcessHandle of) {
        return of.info().totalCpuDuration().map(used -> used.toMillis() / 1e3).orElse(0.0);
    }

    @Override
    public void close() {
        steward.close();
        client.close();
        process.destroy();
        try {
            if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
