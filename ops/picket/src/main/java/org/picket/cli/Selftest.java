package org.picket.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.DecoderTraining;
import org.picket.model.samples.SampleWriter;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.ReleaseRequest;
import org.picket.proto.v1.RemovalAction;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// The whole chain on samples of its own: flag, quarantine, release, purge, verify. Each step is checked by
/// what lies on the disk afterwards.
final class Selftest {
    private static final int SAMPLES = 60;
    private static final long SEED = 20_261_101;

    private final Path folder;
    private final PrintStream out;
    private final Path samples;
    private final List<String> faults = new ArrayList<>();

    Selftest(Path folder, PrintStream out) {
        this.folder = folder;
        this.out = out;
        this.samples = folder.resolve("samples");
    }

    int run() throws IOException {
        SampleWriter.Written written = SampleWriter.write(samples, SAMPLES, SEED, (done, all) -> {});
        Setting setting = Setting.forSelftest(folder.resolve("data"));
        try (Lifecycle process = new Lifecycle("selftest", TimeSource.system())) {
            DecoderPool decoders = Solo.decoders(setting, process);
            Solo solo = Solo.open(setting, process, Meters.none());
            process.ready();
            ScanOutcome observed = solo.scan(
                    samples.toString(),
                    setting,
                    ScanMode.OBSERVE,
                    new ScanRun.Tools(Means.of(setting), decoders),
                    progress -> true);
            List<Finding> findings = findings(solo);
            check(
                    "flag",
                    observed.complete() && findings.size() == written.flagged(),
                    findings.size() + " of " + written.flagged() + " expected findings");
            if (findings.size() >= 2) {
                quarantineAndRelease(solo, findings.get(0));
                purge(solo, findings.get(1));
            }
            check("verify", solo.verify(out) == Exit.COMPLETE, "the ledger");
        }
        keepClasses(setting);
        out.println(faults.isEmpty() ? "selftest: all is well" : "selftest: FAILED: " + String.join(", ", faults));
        return faults.isEmpty() ? Exit.COMPLETE : Exit.INCOMPLETE;
    }

    /// The launcher asks for it after a build. Without it all works too, so no more than a word is said.
    private void keepClasses(Setting setting) {
        Optional<Path> cache = Setting.decoderClasses().filter(Files::notExists);
        try {
            if (cache.isPresent()) {
                DecoderTraining.write(setting.decoding(), samples, cache.get());
            }
        } catch (IOException e) {
            out.println("classes    not kept: " + e.getMessage() + "; decoders start slower");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void quarantineAndRelease(Solo solo, Finding finding) throws IOException {
        Path object = samples.resolve(finding.getKey());
        byte[] before = Files.readAllBytes(object);
        enforce(solo, finding, RemovalAction.QUARANTINE);
        check("quarantine", !Files.exists(object), "finding " + finding.getId());
        solo.findings()
                .release(ReleaseRequest.newBuilder()
                        .setFindingId(finding.getId())
                        .setAuthorisedBy(Solo.person())
                        .build());
        solo.carryOutOrders(1);
        check(
                "release",
                Files.exists(object) && Arrays.equals(before, Files.readAllBytes(object)),
                "finding " + finding.getId() + ", byte for byte");
    }

    private void purge(Solo solo, Finding finding) {
        enforce(solo, finding, RemovalAction.PURGE);
        check("purge", !Files.exists(samples.resolve(finding.getKey())), "finding " + finding.getId());
    }

    private void enforce(Solo solo, Finding finding, RemovalAction action) {
        solo.findings()
                .enforce(EnforceRequest.newBuilder()
                        .addFindingIds(finding.getId())
                        .setAction(action)
                        .setAuthorisedBy(Solo.person())
                        .build());
        solo.carryOutOrders(1);
    }

    private static List<Finding> findings(Solo solo) {
        return solo.findings().list(ListFindingsRequest.getDefaultInstance()).getFindingsList();
    }

    private void check(String step, boolean holds, String what) {
        out.println(String.format(Locale.ROOT, "%-10s %s: %s", step, holds ? "ok" : "FAILED", what));
        if (!holds) {
            faults.add(step);
        }
    }

    /// Removes a temporary folder; links are removed, not followed.
    static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
