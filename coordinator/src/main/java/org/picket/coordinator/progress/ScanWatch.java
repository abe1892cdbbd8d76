package org.picket.coordinator.progress;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.finding.FindingCounts;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.removal.Removals;
import org.picket.proto.id.ListingId;
import org.picket.proto.v1.ScanProgress;

/// Puts the state of a scan together: what listings and shards tell, what became of findings, what is still
/// ordered.
final class ScanWatch {
    private final Database database;
    private final ScanCounts scans;
    private final Findings findings;
    private final Removals removals;

    ScanWatch(Database database, ScanCounts scans, Findings findings, Removals removals) {
        this.database = database;
        this.scans = scans;
        this.findings = findings;
        this.removals = removals;
    }

    Optional<Scan> scan(ListingId listing) {
        return scans.countsOf(listing);
    }

    /// The scan's counts come first: what they say is over has written its findings before.
    ScanProgress look(ListingId listing, Scan scan) {
        return database.read(handle -> progress(handle, listing, scan));
    }

    private ScanProgress progress(Handle handle, ListingId listing, Scan scan) {
        FindingCounts counts = findings.countsOf(handle, listing);
        long open = removals.openOrders(handle, scan.storage());
        ScanProgress.Builder progress = scan.counts().toBuilder()
                .setQuarantined(counts.quarantined())
                .setPurged(counts.purged())
                .setRefused(counts.refused())
                .setFailed(counts.failed())
                .setHeld(counts.held())
                .setOrdersOpen(open)
                .setComplete(scan.over() && open == 0);
        findings.tripped(handle, scan.storage())
                .ifPresent(
                        reason -> progress.addStuck(
                                "removals are held back: " + reason
                                        + ". Look at the findings; `picket findings enforce` carries them out and sets the fuse anew."));
        return progress.build();
    }
}
