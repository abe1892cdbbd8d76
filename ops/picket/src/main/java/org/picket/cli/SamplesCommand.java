package org.picket.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.picket.model.samples.SampleWriter;
import org.picket.runtime.terminal.Amounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes synthetic pictures.
@Command(
        name = "samples",
        description =
                "writes synthetic pictures, a known share of them showing the stand-in concepts, and a manifest.csv")
final class SamplesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "where to; made if it is not there")
    private Path folder;

    @Option(names = "--count", defaultValue = "200", description = "pictures (default: ${DEFAULT-VALUE})")
    private int count;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "another seed gives other pictures (default: ${DEFAULT-VALUE})")
    private long seed;

    @Override
    public Integer call() {
        if (count < 1 || count > SampleWriter.MAX_COUNT) {
            throw new UsageFault("--count " + count + " is not from 1 to " + SampleWriter.MAX_COUNT);
        }
        AtomicInteger tenths = new AtomicInteger();
        SampleWriter.Written written = SampleWriter.write(folder, count, seed, (done, all) -> {
            int tenth = (int) (10L * done / all);
            if (tenths.getAndAccumulate(tenth, Math::max) < tenth && tenth < 10) {
                System.err.println(tenth * 10 + " % of " + all + " pictures");
            }
        });
        System.out.println(String.format(
                Locale.ROOT,
                "%,d pictures (%s) in %s, %,d of them to be flagged; %s says which",
                written.count(),
                Amounts.bytes(written.bytes()),
                folder,
                written.flagged(),
                SampleWriter.MANIFEST));
        return Exit.COMPLETE;
    }
}
