package org.picket.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.picket.crawler.Crawler;
import org.picket.crawler.listing.Listed;
import org.picket.crawler.source.SourceException;
import org.picket.proto.v1.CheckpointRequest;
import org.picket.proto.v1.LedgerGrpc;
import org.picket.proto.v1.RegisterStorageResponse;
import org.picket.proto.v1.ScanProgress;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.WatchScanRequest;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.FailedCall;
import org.picket.runtime.terminal.Amounts;
import org.picket.runtime.time.BackOff;

/// Scans of one storage of a collective, again and again. Where the coordinator or the storage is away, they wait
/// for it.
final class StorageScans {
    private static final Duration LOOK = Duration.ofSeconds(1);
    /// So often in a row a listing is begun anew that the coordinator knows no more.
    private static final int MOST_ANEW = 20;

    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(15));

    private final AskedStorage asked;
    private final Premises premises;
    private final Crawler crawler;
    private final Registration registration;
    private final Consumer<String> said;
    /// Whether the coordinator is to be told of the storage again.
    private boolean forgotten;
    /// Times in a row that a listing was begun anew.
    private int anew;

    /// @param crawler lists the storage
    /// @param registration under which it is scanned
    /// @param said told what a person may want to know
    StorageScans(
            AskedStorage asked, Premises premises, Crawler crawler, Registration registration, Consumer<String> said) {
        this.asked = asked;
        this.premises = premises;
        this.crawler = crawler;
        this.registration = registration;
        this.said = said;
    }

    /// Scans until the work is to end, or once.
    ///
    /// @return the exit status
    int run() throws InterruptedException {
        int failures = 0;
        while (premises.goesOn()) {
            Duration pause;
            try {
                Optional<ScanOutcome> outcome = scan();
                failures = 0;
                anew = 0;
                outcome.ifPresent(this::tell);
                if (premises.manner().once() && outcome.isPresent()) {
                    return outcome.get().complete() ? Exit.COMPLETE : Exit.INCOMPLETE;
                }
                pause = outcome.isPresent() ? asked.every() : LOOK;
            } catch (StatusRuntimeException e) {
                if (!premises.goesOn()) {
                    return Exit.INCOMPLETE;
                }
                failures++;
                if (Attempts.passing(e.getStatus().getCode())) {
                    away(e.getStatus().getCode());
                } else if (begunAnew(e.getStatus().getCode())) {
                    said.accept("the coordinator knows no more what was listed, as after it was put back from a backup,"
                            + " or while another crawler lists the same storage ("
                            + FailedCall.why(e.getStatus()) + "); it is listed anew");
                } else {
                    throw e;
                }
                pause = BACK_OFF.jittered(failures);
            } catch (SourceException e) {
                if (premises.manner().once()) {
                    throw e;
                }
                // Another process would open whatever stands at its place, and take what is not in there for gone. So
                // only a person starts it anew.
                failures++;
                said.accept(e.getMessage()
                        + " It is tried again. Where the storage was exchanged on purpose, start this crawler anew");
                pause = BACK_OFF.jittered(failures);
            }
            pause(pause);
        }
        return Exit.INCOMPLETE;
    }

    /// Whether the storage is to be listed anew, as the coordinator knows no more what it has said before. Where it
    /// does not know the storage either, that is registered again first: never else, since of two crawlers with
    /// unlike settings each would undo the other's.
    private boolean begunAnew(Status.Code code) {
        if (code != Status.Code.FAILED_PRECONDITION && code != Status.Code.NOT_FOUND) {
            return false;
        }
        forgotten |= code == Status.Code.NOT_FOUND;
        anew++;
        return anew <= MOST_ANEW;
    }

    /// Waits until the next scan is due. Where the coordinator turns out to have forgotten the storage meanwhile, it
    /// is told of it at once: another one may get its number.
    private void pause(Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        boolean told = false;
        for (long left = longest.toNanos(); left > 0 && premises.goesOn(); left = until - System.nanoTime()) {
            premises.ending().pause(Duration.ofNanos(Math.min(left, LOOK.toNanos())));
            if (!told && crawler.forgotten() && premises.goesOn()) {
                told = toldAgain();
            }
        }
    }

    /// @return whether the coordinator was told
    private boolean toldAgain() {
        try {
            registration.again();
            forgotten = false;
            return true;
        } catch (StatusRuntimeException e) {
            if (!Attempts.passing(e.getStatus().getCode())) {
                throw e;
            }
            away(e.getStatus().getCode());
            return false;
        }
    }

    private void tell(ScanOutcome outcome) {
        System.out.println(premises.manner().json() ? outcome.json().toString() : outcome.text());
    }

    private void away(Status.Code code) {
        said.accept("the coordinator does not answer (" + code + "); the scan goes on when it does");
    }

    private SitesGrpc.SitesBlockingStub sites() {
        return SitesGrpc.newBlockingStub(premises.member().coordinator());
    }

    /// Watches until the scan is over, or the work is to end. Where the coordinator goes away meanwhile, the
    /// same listing is watched at the next one that answers: what is listed need not be listed again.
    private ScanProgress watch(Listed listed) throws InterruptedException {
        int failures = 0;
        while (true) {
            AtomicBoolean heard = new AtomicBoolean();
            try {
                return premises.ending().calling(() -> watchOnce(listed, heard));
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                if (!premises.goesOn() || !Attempts.passing(code)) {
                    throw e;
                }
                failures = heard.get() ? 1 : failures + 1;
                if (failures > 1) {
                    away(code);
                }
                premises.ending().pause(BACK_OFF.jittered(failures));
            }
        }
    }

    /// @param heard set once something was told
    private ScanProgress watchOnce(Listed listed, AtomicBoolean heard) {
        ScanProgress last = ScanProgress.getDefaultInstance();
        Iterator<ScanProgress> progress = sites().watch(WatchScanRequest.newBuilder()
                .setListingId(listed.listing().value())
                .build());
        while (progress.hasNext()) {
            last = progress.next();
            heard.set(true);
        }
        return last;
    }

    /// @return what came of it; empty where the site pauses
    private Optional<ScanOutcome> scan() throws InterruptedException {
        if (premises.paused().isOn()) {
            return Optional.empty();
        }
        long started = System.nanoTime();
        if (forgotten) {
            registration.again();
            forgotten = false;
        }
        RegisterStorageResponse terms = registration.present();
        Listed listed = crawler.list(
                asked.setting().since(),
                _ -> {},
                () -> !premises.goesOn() || premises.paused().isOn());
        if (!listed.finished() && premises.goesOn()) {
            return Optional.empty();
        }
        said.accept("listed " + Amounts.count(listed.objects()) + " objects; they are scanned as agents come");
        ScanProgress last = watch(listed);
        return Optional.of(new ScanOutcome(
                asked.identity(),
                asked.mode(),
                HexFormat.of().formatHex(terms.getPolicyEpoch().toByteArray()),
                asked.declared().named(),
                last,
                Duration.ofNanos(System.nanoTime() - started),
                LedgerGrpc.newBlockingStub(premises.member().coordinator())
                        .checkpoint(CheckpointRequest.getDefaultInstance())));
    }
}
